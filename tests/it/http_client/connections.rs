//! Connections: made, kept, found closed.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{BROTLI_HELLO, client, get, gzip, request, text};
use crate::raw_server::{Answer, Heard, RawServer, ok, response};

#[test]
fn connections_are_kept_between_requests() {
    let server = RawServer::start(|heard| match heard.method_and_target().1 {
        "/empty" => Answer::Keep(response("204 No Content", &[], "")),
        "/chunked" => Answer::Keep(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n".to_vec(),
        ),
        "/gzip" => Answer::Keep(response("200 OK", &["Content-Encoding: gzip"], gzip(b"ok"))),
        "/br" => Answer::Keep(response("200 OK", &["Content-Encoding: br"], BROTLI_HELLO)),
        _ => Answer::Keep(ok("ok")),
    });
    let mut client = client();
    for path in ["/", "/empty", "/chunked", "/gzip", "/br", "/missing"] {
        let exchange = client.send(&request("GET", &server.url(path))).unwrap();
        assert_eq!(server.next().connection, 0, "{path}");
        assert_eq!(exchange.timings.connect.is_some(), path == "/");
    }
}

#[test]
fn localhost_needs_no_look_up() {
    let server = RawServer::always(ok("here"));
    let url = format!("http://sub.localhost:{}/", server.address.port());
    let exchange = get(&url).unwrap();
    assert_eq!(text(&exchange), "here");
    assert_eq!(exchange.timings.dns, None);
    let host = format!("sub.localhost:{}", server.address.port());
    assert_eq!(server.next().field("Host"), Some(&*host));
}

#[test]
fn an_ipv6_address_is_reached_and_named_in_brackets() {
    // Some machines have no IPv6.
    let Ok(listener) = TcpListener::bind("[::1]:0") else {
        return;
    };
    let address = listener.local_addr().unwrap();
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = vec![0; 1024];
        let length = stream.read(&mut head).unwrap();
        stream.write_all(&ok("six")).unwrap();
        String::from_utf8_lossy(&head[..length]).into_owned()
    });
    assert_eq!(text(&get(&format!("http://{address}/")).unwrap()), "six");
    let head = serving.join().unwrap();
    assert!(head.contains(&format!("\r\nHost: {address}\r\n")), "{head}");
}

#[test]
fn a_request_meets_a_fresh_connection_where_the_kept_one_was_closed() {
    // The server drops each connection when the second request on it arrives, without a byte.
    let seen = AtomicUsize::new(0);
    let server = RawServer::start(move |heard| {
        let first_here = seen.swap(heard.connection + 1, Ordering::SeqCst) != heard.connection + 1;
        if first_here {
            Answer::Keep(ok("ok"))
        } else {
            Answer::Close(Vec::new())
        }
    });
    for method in ["GET", "POST"] {
        let mut client = client();
        let mut request = request(method, &server.url("/"));
        request.body = (method == "POST").then(|| b"once more".as_slice().into());
        client.send(&request).unwrap();
        let first = server.next().connection;
        let exchange = client.send(&request).unwrap();
        assert_eq!(text(&exchange), "ok");
        let attempts = server.heard();
        let connections: Vec<usize> = attempts.iter().map(|heard| heard.connection).collect();
        assert_eq!(connections, [first, first + 1]);
        assert_eq!(attempts[0].body, attempts[1].body);
    }
}

#[test]
fn a_connection_that_the_server_closed_in_time_is_not_used() {
    let server = RawServer::start(|_| Answer::Close(ok("ok")));
    let mut client = client();
    for connection in 0..3 {
        client.send(&request("POST", &server.url("/"))).unwrap();
        assert_eq!(server.next().connection, connection);
    }
}

#[test]
fn a_fresh_connection_that_is_closed_is_not_tried_again() {
    let server = RawServer::start(|_| Answer::Close(Vec::new()));
    let error = get(&server.url("/")).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "`{}` hung up before answering (GET {})",
            server.address,
            server.url("/")
        )
    );
    assert_eq!(server.heard().len(), 1);
}

#[test]
fn a_client_that_is_dropped_closes_its_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(&ok("ok")).unwrap();
        std::io::copy(&mut stream, &mut std::io::sink()).unwrap()
    });
    let mut client = client();
    client.send(&request("GET", &url)).unwrap();
    drop(client);
    assert!(serving.join().unwrap() > 0);
}

#[test]
fn unasked_bytes_between_requests_end_the_connection() {
    let server = RawServer::start(|_: &Heard| {
        let mut twice = ok("one");
        twice.extend(ok("smuggled"));
        Answer::Keep(twice)
    });
    let mut client = client();
    for connection in 0..2 {
        let exchange = client.send(&request("GET", &server.url("/"))).unwrap();
        assert_eq!(text(&exchange), "one");
        assert_eq!(server.next().connection, connection);
    }
}
