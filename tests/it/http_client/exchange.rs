//! What is sent and what comes back: methods, statuses, heads.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use url::Url;

use super::{client, get, request, text};
use crate::raw_server::{Answer, RawServer, ok, response};

#[test]
fn an_exchange_knows_what_was_sent_and_what_came() {
    let server = RawServer::always(response("201 Very Created", &["X-A: 1", "x-a: 2"], "done"));
    let mut post = request("POST", &server.url("/a b?c=d#e"));
    post.headers.push("X-CaSe", "kept");
    post.headers.push("Content-Type", "text/plain");
    post.headers.push("x-case", "twice");
    post.body = Some(b"hello".as_slice().into());
    let exchange = client().send(&post).unwrap();

    let heard = server.next();
    assert_eq!(heard.body, "hello");
    let fields: Vec<String> = exchange
        .request
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    assert_eq!(
        heard.head,
        format!("POST /a%20b?c=d HTTP/1.1\n{}", fields.join("\n")),
        "what is told is what was sent"
    );
    let address = server.address.to_string();
    let expected = [
        ("Host", &*address),
        ("User-Agent", concat!("lcrun/", env!("CARGO_PKG_VERSION"))),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip, br, deflate"),
        ("X-CaSe", "kept"),
        ("Content-Type", "text/plain"),
        ("x-case", "twice"),
        ("Content-Length", "5"),
    ];
    assert_eq!(
        exchange.request.headers.iter().collect::<Vec<_>>(),
        expected
    );

    let response = &exchange.response;
    assert_eq!((response.status, &*response.reason), (201, "Very Created"));
    let fields: Vec<_> = response.headers.iter().collect();
    assert_eq!(
        fields,
        [("X-A", "1"), ("x-a", "2"), ("Content-Length", "4")]
    );
    assert_eq!(text(&exchange), "done");
    assert_eq!(response.bytes_received, 4);
    assert_eq!(exchange.redirects, []);
    let timings = exchange.timings;
    assert!(timings.dns.is_none() && timings.tls.is_none() && timings.connect.is_some());
    assert!(timings.total >= timings.wait.unwrap() + timings.receive.unwrap());
}

#[test]
fn every_status_is_a_response() {
    for status in [
        "204 No Content",
        "304 Not Modified",
        "404 ",
        "500 Oops",
        "799 Odd",
    ] {
        let bytes = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        let exchange = get(&RawServer::always(bytes).url("/")).unwrap();
        assert!(status.starts_with(&exchange.response.status.to_string()));
        assert_eq!(exchange.response.reason, status[4..].trim());
        assert_eq!(text(&exchange), "");
    }
}

#[test]
fn any_method_and_a_body_with_any_method() {
    let server = RawServer::always(ok(""));
    let mut client = client();
    for method in [
        "GET", "DELETE", "OPTIONS", "PATCH", "PURGE", "QUERY", "get", "M-SEARCH",
    ] {
        let mut request = request(method, &server.url("/"));
        request.body = Some(b"body".as_slice().into());
        client.send(&request).unwrap();
        let heard = server.next();
        assert_eq!(heard.method_and_target(), (method, "/"));
        assert_eq!(heard.body, "body");
        assert_eq!(heard.connection, 0);
    }
}

#[test]
fn a_large_body_and_a_chunked_one_arrive_whole() {
    let server = RawServer::always(ok(""));
    let mut put = request("PUT", &server.url("/"));
    let body: String = ('a'..='z').cycle().take(300_000).collect();
    put.body = Some(body.as_bytes().into());
    client().send(&put).unwrap();
    assert!(server.next().body == body);

    // The framing is ours to choose, so the server need not understand it.
    let server = RawServer::start(|_| Answer::Stall(ok("")));
    put.url = Url::parse(&server.url("/")).unwrap();
    put.headers.push("Transfer-Encoding", "chunked");
    put.body = Some(b"hello".as_slice().into());
    let exchange = client().send(&put).unwrap();
    assert!(!exchange.request.headers.contains("content-length"));
    assert_eq!(server.next().field("Transfer-Encoding"), Some("chunked"));
}

#[test]
fn a_server_is_asked_before_the_body_where_the_request_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let serving = thread::spawn(move || {
        let mut heads = Vec::new();
        for said in ["100 Continue", "417 Expectation Failed", ""] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = vec![0; 1024];
            let length = stream.read(&mut head).unwrap();
            heads.push(String::from_utf8_lossy(&head[..length]).into_owned());
            let mut body = [0; 5];
            match said {
                "417 Expectation Failed" => {
                    stream
                        .write_all(&response(said, &["Connection: close"], ""))
                        .unwrap();
                    continue;
                }
                "" => {}
                said => write!(stream, "HTTP/1.1 {said}\r\n\r\n").unwrap(),
            }
            stream.read_exact(&mut body).unwrap();
            stream
                .write_all(&response("200 OK", &["Connection: close"], body))
                .unwrap();
        }
        heads
    });
    let mut put = request("PUT", &url);
    put.headers.push("Expect", "100-continue");
    put.body = Some(b"hello".as_slice().into());
    assert_eq!(text(&client().send(&put).unwrap()), "hello");
    assert_eq!(client().send(&put).unwrap().response.status, 417);
    // A server that does not know of it is given the body after a second.
    assert_eq!(text(&client().send(&put).unwrap()), "hello");
    for head in serving.join().unwrap() {
        assert!(head.ends_with("\r\n\r\n"), "the body waits: {head}");
    }
}

#[test]
fn interim_responses_are_passed_over() {
    let mut bytes = b"HTTP/1.1 100 Continue\r\n\r\n".to_vec();
    bytes.extend(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    bytes.extend(response("200 OK", &["X-Final: yes"], "ok"));
    let exchange = get(&RawServer::always(bytes).url("/")).unwrap();
    assert_eq!(exchange.response.status, 200);
    assert_eq!(exchange.response.headers.get("x-final"), Some("yes"));
    assert!(!exchange.response.headers.contains("link"));
    assert_eq!(text(&exchange), "ok");
    assert_eq!(exchange.response.bytes_received, 2);
}

#[test]
fn a_request_that_can_not_be_sent_says_why() {
    let mut request = request("GET", "http://127.0.0.1:1/");
    request.headers.push("X-A", "b\r\nX-Injected: c");
    assert_eq!(
        client().send(&request).unwrap_err().to_string(),
        "the request can't be sent: the header `X-A` holds a line break (GET http://127.0.0.1:1/)"
    );
}
