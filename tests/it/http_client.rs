//! The HTTP client against real sockets: good servers, odd ones, and those that break off.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use lcrun::http::client::{
    Client, ClientError, ClientOptions, Phase, ProxySettings, SendError, SendErrorKind, TlsProblem,
};
use lcrun::http::message::{Exchange, Headers, Request};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use url::Url;

use crate::raw_server::{Answer, Heard, RawServer, ok, response};

fn request(method: &str, url: &str) -> Request {
    Request {
        method: method.to_owned(),
        url: Url::parse(url).unwrap(),
        headers: Headers::default(),
        body: None,
        timeout: Some(Duration::from_secs(20)),
        follow_redirects: 0,
    }
}

fn client() -> Client {
    client_with(|_| {})
}

fn client_with(change: impl FnOnce(&mut ClientOptions)) -> Client {
    let mut options = ClientOptions::default();
    change(&mut options);
    Client::new(options).unwrap()
}

fn get(url: &str) -> Result<Exchange, SendError> {
    client().send(&request("GET", url))
}

/// The kind of error that a server's answer leads to.
fn failure(answer: Answer) -> SendErrorKind {
    let answer = std::sync::Mutex::new(Some(answer));
    let server = RawServer::start(move |_| answer.lock().unwrap().take().unwrap());
    get(&server.url("/")).unwrap_err().kind
}

fn text(exchange: &Exchange) -> &str {
    std::str::from_utf8(&exchange.response.body).unwrap()
}

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
fn a_response_to_head_has_no_body_whatever_its_length_and_encoding() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99999999999\r\n\r\n";
    let server = RawServer::always(answer);
    let mut client = client();
    for _ in 0..2 {
        let exchange = client.send(&request("HEAD", &server.url("/"))).unwrap();
        assert_eq!(text(&exchange), "");
        assert_eq!(
            exchange.response.headers.get("content-length"),
            Some("99999999999")
        );
        assert_eq!(server.next().connection, 0);
    }
}

#[test]
fn bodies_come_by_length_in_chunks_or_up_to_the_end_of_the_connection() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                   5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX-Trailer: v\r\n\r\n";
    for answer in [
        Answer::Keep(ok("hello world")),
        Answer::Keep(chunked.into()),
        Answer::Close("HTTP/1.0 200 OK\r\n\r\nhello world".into()),
        Answer::Close("HTTP/1.1 200 OK\nContent-Length: 11\n\nhello world".into()),
    ] {
        let answer = std::sync::Mutex::new(Some(answer));
        let server = RawServer::start(move |_| answer.lock().unwrap().take().unwrap());
        let exchange = get(&server.url("/")).unwrap();
        assert_eq!(text(&exchange), "hello world");
    }
}

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

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `hello` uncompressed within brotli: a meta-block of 5 literal bytes and the empty last one
/// (RFC 7932 §9.2).
const BROTLI_HELLO: [u8; 9] = [0x0b, 0x02, 0x80, b'h', b'e', b'l', b'l', b'o', 0x03];

#[test]
fn encoded_bodies_are_decoded_and_their_size_on_the_wire_is_known() {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(b"hello").unwrap();
    let mut bare = DeflateEncoder::new(Vec::new(), Compression::best());
    bare.write_all(b"hello").unwrap();
    for (coding, bytes) in [
        ("gzip", gzip(b"hello")),
        ("GZip", gzip(b"hello")),
        ("deflate", zlib.finish().unwrap()),
        ("deflate", bare.finish().unwrap()),
        ("br", BROTLI_HELLO.to_vec()),
        ("identity", b"hello".to_vec()),
        ("unheard-of", b"hello".to_vec()),
    ] {
        let field = format!("Content-Encoding: {coding}");
        let server = RawServer::always(response("200 OK", &[&field], &bytes));
        let exchange = get(&server.url("/")).unwrap();
        assert_eq!(text(&exchange), "hello", "{coding}");
        assert_eq!(exchange.response.bytes_received, bytes.len() as u64);
        assert_eq!(
            exchange.response.headers.get("content-encoding"),
            Some(coding)
        );
    }
}

#[test]
fn a_body_over_the_limit_is_an_error_that_names_the_flag() {
    let bomb = gzip(&vec![0; 1_000_000]);
    assert!(bomb.len() < 2_000);
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                    fff\r\nx\r\n0\r\n\r\n";
    let mut long_chunk = chunked[..chunked.len() - 8].to_vec();
    long_chunk.extend(vec![b'x'; 0xfff]);
    for answer in [
        response("200 OK", &["Content-Encoding: gzip"], bomb.clone()),
        response("200 OK", &["Content-Encoding: GZIP"], bomb),
        response("200 OK", &[], vec![b'x'; 1001]),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec(),
        long_chunk,
    ] {
        let server = RawServer::always(answer);
        let mut client = client_with(|options| options.max_body = 1000);
        let error = client.send(&request("GET", &server.url("/"))).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the response body is larger than 1000 bytes (GET {})",
                server.url("/")
            )
        );
        assert_eq!(error.help(), Some("allow more with `--max-filesize`"));
    }
    let server = RawServer::always(response("200 OK", &[], vec![b'x'; 1000]));
    let mut client = client_with(|options| options.max_body = 1000);
    assert!(client.send(&request("GET", &server.url("/"))).is_ok());
}

#[test]
fn a_server_that_hangs_up_is_told_from_one_that_breaks_off() {
    let hung_up = failure(Answer::Close(Vec::new()));
    assert!(
        matches!(hung_up, SendErrorKind::Closed { .. }),
        "{hung_up:?}"
    );

    let no_body = |received, expected| SendErrorKind::Truncated { received, expected };
    assert_eq!(
        failure(Answer::Close(b"HTTP/1.1 200 OK\r\nX-A: ".to_vec())),
        no_body(None, None)
    );
    assert_eq!(
        failure(Answer::Close(
            b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi".to_vec()
        )),
        no_body(Some(2), Some(20))
    );
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel";
    assert_eq!(
        failure(Answer::Close(chunked.to_vec())),
        no_body(Some(6), None)
    );
    for coding in ["gzip", "br", "deflate"] {
        let mut cut = response(
            "200 OK",
            &[&format!("Content-Encoding: {coding}")],
            if coding == "br" {
                BROTLI_HELLO.to_vec()
            } else {
                gzip(b"hello")
            },
        );
        let length = if coding == "br" {
            9
        } else {
            gzip(b"hello").len() as u64
        };
        cut.truncate(cut.len() - 3);
        assert_eq!(
            failure(Answer::Close(cut)),
            no_body(Some(length - 3), Some(length))
        );
    }
}

#[test]
fn what_is_no_http_is_shown() {
    let garbage = failure(Answer::Close(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec()));
    assert_eq!(
        garbage.to_string(),
        "the response is not valid HTTP: invalid HTTP version: it begins with `SSH-2.0-OpenSSH_9.9`"
    );
    let tls = failure(Answer::Close(b"\x15\x03\x01\x00\x02\x02\x46".to_vec()));
    assert_eq!(
        tls.to_string(),
        "the response is not valid HTTP: the server speaks TLS: use `https://`"
    );
    let lengths = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc";
    assert!(matches!(
        failure(Answer::Close(lengths.to_vec())),
        SendErrorKind::Protocol { .. }
    ));
    let no_gzip = response("200 OK", &["Content-Encoding: gzip"], "this is plain text");
    assert_eq!(
        failure(Answer::Keep(no_gzip)).to_string(),
        "the response body can't be decoded: it is not gzip: invalid gzip header"
    );
}

#[test]
fn a_stalling_server_runs_into_the_limit_of_the_part_that_takes_so_long() {
    let after = Duration::from_millis(30);
    for (said, phase) in [
        ("", Phase::Wait),
        ("HTTP/1.1 200 OK\r\nX-", Phase::Receive),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
            Phase::Receive,
        ),
    ] {
        let server = RawServer::start(|_| Answer::Stall(said.into()));
        let mut of_the_step = request("GET", &server.url("/"));
        of_the_step.timeout = Some(after);
        let error = client().send(&of_the_step).unwrap_err();
        assert_eq!(error.kind, SendErrorKind::Timeout { phase, after });

        let mut of_the_run = client_with(|options| options.max_time = Some(after));
        let error = of_the_run
            .send(&request("GET", &server.url("/")))
            .unwrap_err();
        assert_eq!(error.kind, SendErrorKind::Timeout { phase, after });
    }
}

#[test]
fn a_limit_counts_for_all_redirects_together() {
    let server = RawServer::start(|heard| match heard.method_and_target().1 {
        "/a" => Answer::Keep(response("302 Found", &["Location: /b"], "")),
        _ => Answer::Stall(Vec::new()),
    });
    let mut request = request("GET", &server.url("/a"));
    request.timeout = Some(Duration::from_millis(50));
    request.follow_redirects = 5;
    let error = client().send(&request).unwrap_err();
    assert_eq!(error.url, server.url("/b"));
    assert!(matches!(
        error.kind,
        SendErrorKind::Timeout {
            phase: Phase::Wait,
            ..
        }
    ));
}

#[test]
fn an_unknown_host_and_a_closed_port_are_told_apart() {
    let error = get("http://nowhere.invalid/x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown host `nowhere.invalid`: names in `.invalid` never exist \
         (GET http://nowhere.invalid/x)"
    );
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let error = get(&format!("http://{address}/x")).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("connection refused by `{address}` (GET http://{address}/x)")
    );
    assert_eq!(
        error.help(),
        Some("is the server running, and is the port right?")
    );
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
fn redirects_are_followed_as_far_as_the_request_allows() {
    let server = RawServer::start(|heard| match heard.method_and_target().1 {
        "/1" => Answer::Keep(response(
            "302 Found",
            &["Location: /2", "Set-Cookie: a=1"],
            "bye",
        )),
        "/2" => Answer::Keep(response("307 Again", &["Location: ./3"], "")),
        _ => Answer::Keep(ok("there")),
    });
    let mut post = request("POST", &server.url("/1#part"));
    post.headers.push("Content-Type", "text/plain");
    post.body = Some(b"body".as_slice().into());

    let unfollowed = client().send(&post).unwrap();
    assert_eq!(unfollowed.response.status, 302);
    assert_eq!(unfollowed.location().unwrap().as_str(), server.url("/2"));
    assert_eq!(server.heard().len(), 1);

    post.follow_redirects = 2;
    let exchange = client().send(&post).unwrap();
    assert_eq!(text(&exchange), "there");
    assert_eq!(exchange.request.method, "GET");
    assert_eq!(exchange.request.url.as_str(), server.url("/3#part"));
    let hops: Vec<_> = exchange
        .redirects
        .iter()
        .map(|hop| (hop.status, hop.url.as_str()))
        .collect();
    assert_eq!(
        hops,
        [
            (302, &*server.url("/1#part")),
            (307, &*server.url("/2#part"))
        ]
    );
    assert_eq!(exchange.redirects[0].headers.get("set-cookie"), Some("a=1"));
    let heard = server.heard();
    let methods: Vec<&str> = heard
        .iter()
        .map(|heard| heard.method_and_target().0)
        .collect();
    assert_eq!(methods, ["POST", "GET", "GET"]);
    assert_eq!(heard[0].body, "body");
    assert_eq!(
        (&*heard[1].body, heard[1].field("Content-Type")),
        ("", None)
    );
    assert_eq!(heard[1].field("Cookie"), Some("a=1"));
}

#[test]
fn too_many_redirects_and_circles_are_errors() {
    let server = RawServer::start(|heard| {
        let (_, target) = heard.method_and_target();
        let next = match target {
            "/circle" => "Location: /circle".to_owned(),
            on => format!("Location: {on}x"),
        };
        Answer::Keep(response("301 Moved", &[&next], ""))
    });
    for (path, expected) in [
        ("/circle", "in a circle: redirected more than 3 times"),
        ("/", "redirected more than 3 times"),
    ] {
        let mut request = request("GET", &server.url(path));
        request.follow_redirects = 3;
        let error = client().send(&request).unwrap_err();
        assert_eq!(error.kind.to_string(), expected);
        assert_eq!(server.heard().len(), 4);
    }
}

#[test]
fn secrets_do_not_follow_a_redirect_to_another_server() {
    let other = RawServer::always(ok("other"));
    let location = format!("Location: {}", other.url("/"));
    let server = RawServer::start(move |_| {
        Answer::Keep(response(
            "307 T",
            &[&location, "Set-Cookie: jar=1; Secure"],
            "",
        ))
    });
    let mut request = request("POST", &server.url("/"));
    request.url.set_username("ann").unwrap();
    request.url.set_password(Some("hunter22")).unwrap();
    request.headers.push("Cookie", "own=2");
    request.headers.push("X-Api-Key", "key");
    request.headers.push("X-Other", "stays");
    request.body = Some(b"body".as_slice().into());
    request.follow_redirects = 1;
    let exchange = client().send(&request).unwrap();
    assert_eq!(text(&exchange), "other");

    let first = server.next();
    assert_eq!(first.field("Authorization"), Some("Basic YW5uOmh1bnRlcjIy"));
    assert_eq!(first.field("Cookie"), Some("own=2"));
    let second = other.next();
    assert_eq!(second.body, "body");
    assert_eq!(second.field("X-Other"), Some("stays"));
    for name in ["Authorization", "X-Api-Key"] {
        assert_eq!(second.field(name), None, "{name}");
    }
    // Cookies don't know ports: the jar's goes to the same host, the request's own does not.
    assert_eq!(second.field("Cookie"), Some("jar=1"));
    assert_eq!(exchange.redirects[0].url.as_str(), server.url("/"));
}

#[test]
fn cookies_come_back_unless_they_are_not_wanted() {
    let server = RawServer::always(response(
        "200 OK",
        &[
            "Set-Cookie: a=1; Secure; HttpOnly; Path=/",
            "Set-Cookie: b=2; Path=/deep",
        ],
        "",
    ));
    let mut with = client();
    with.send(&request("GET", &server.url("/"))).unwrap();
    let mut next = request("GET", &server.url("/deep/er"));
    next.headers.push("cookie", "c=3");
    let exchange = with.send(&next).unwrap();
    server.next();
    assert_eq!(server.next().field("cookie"), Some("c=3; b=2; a=1"));
    assert_eq!(
        exchange.request.headers.get("cookie"),
        Some("c=3; b=2; a=1")
    );
    assert_eq!(with.cookies().matching(&next.url), [("b", "2"), ("a", "1")]);

    let mut without = client_with(|options| options.cookies = false);
    for _ in 0..2 {
        without.send(&request("GET", &server.url("/"))).unwrap();
        assert_eq!(server.next().field("Cookie"), None);
    }
    assert!(without.cookies().is_empty());
}

#[test]
fn an_interrupt_ends_the_request_under_way_and_all_after_it() {
    let server = RawServer::start(|heard| match heard.method_and_target().1 {
        "/body" => Answer::Stall(b"HTTP/1.1 200 OK\r\n\r\nhalf".to_vec()),
        _ => Answer::Stall(Vec::new()),
    });
    let url = server.url("/");
    for path in ["/wait", "/body"] {
        let mut client = client();
        let interrupter = client.interrupter();
        let (said, heard) = mpsc::channel();
        let target = request("GET", &format!("{}{}", &url[..url.len() - 1], path));
        let sending = thread::spawn(move || {
            said.send(client.send(&target).unwrap_err()).unwrap();
            client.send(&target).unwrap_err()
        });
        server.next();
        interrupter.interrupt();
        assert_eq!(
            heard.recv().unwrap().kind,
            SendErrorKind::Interrupted,
            "{path}"
        );
        assert_eq!(sending.join().unwrap().kind, SendErrorKind::Interrupted);
    }
    assert_eq!(
        server.heard().len(),
        0,
        "nothing was sent after the interrupt"
    );
}

fn certificate(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/certificates/");
    PathBuf::from(format!("{folder}{name}.pem"))
}

fn tls_server(name: &str) -> RawServer {
    let key = certificate(name).with_extension("key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_file(certificate(name)).unwrap()],
            PrivateKeyDer::from_pem_file(key).unwrap(),
        )
        .unwrap();
    let config = Arc::new(config);
    RawServer::start_wrapped(
        |heard| match heard.method_and_target().1 {
            "/cut" => Answer::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab".to_vec()),
            "/stall" => Answer::Stall(Vec::new()),
            _ => Answer::Keep(ok("safe")),
        },
        move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            StreamOwned::new(connection, stream)
        },
    )
}

fn tls_problem(server: &RawServer, cacert: Option<&str>) -> TlsProblem {
    let mut client = client_with(|options| options.cacert = cacert.map(certificate));
    let error = client
        .send(&request("GET", &https(server, "/")))
        .unwrap_err();
    match error.kind {
        SendErrorKind::Tls { host, problem } => {
            assert_eq!(host, "127.0.0.1");
            problem
        }
        other => panic!("{other:?}"),
    }
}

fn https(server: &RawServer, path: &str) -> String {
    format!("https://{}{path}", server.address)
}

#[test]
fn a_certificate_is_trusted_by_its_authority_by_itself_or_blindly() {
    for (server, cacert, insecure) in [
        ("server", Some("authority"), false),
        ("self-signed", Some("self-signed"), false),
        ("server", None, true),
        ("expired", None, true),
        ("elsewhere", Some("authority"), true),
    ] {
        let running = tls_server(server);
        let mut client = client_with(|options| {
            options.cacert = cacert.map(certificate);
            options.insecure = insecure;
        });
        for connection_is_new in [true, false] {
            let mut post = request("POST", &https(&running, "/"));
            post.body = Some(b"hello".as_slice().into());
            let exchange = client.send(&post).unwrap();
            assert_eq!(text(&exchange), "safe");
            assert_eq!(
                exchange.timings.tls.is_some(),
                connection_is_new,
                "{server}"
            );
            assert_eq!(running.next().body, "hello");
        }
    }
}

#[test]
fn a_certificate_that_is_not_trusted_is_explained() {
    assert_eq!(
        tls_problem(&tls_server("server"), None),
        TlsProblem::UnknownIssuer
    );
    assert_eq!(
        tls_problem(&tls_server("server"), Some("self-signed")),
        TlsProblem::UnknownIssuer
    );
    assert_eq!(
        tls_problem(&tls_server("self-signed"), None),
        TlsProblem::UnknownIssuer
    );
    assert_eq!(
        tls_problem(&tls_server("expired"), Some("authority")),
        TlsProblem::Expired
    );
    assert_eq!(
        tls_problem(&tls_server("elsewhere"), Some("authority")),
        TlsProblem::OtherName(vec!["example.com".into(), "www.example.com".into()])
    );
}

#[test]
fn a_server_without_tls_is_recognised() {
    let plain = RawServer::start(|_| Answer::Close(Vec::new()));
    let chatty = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = chatty.local_addr().unwrap();
    let greeting = thread::spawn(move || {
        let (mut stream, _) = chatty.accept().unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .unwrap();
        // Until the client has read it and gone.
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let error = get(&format!("https://{address}/")).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "no TLS connection with `127.0.0.1`: what it answers is not TLS (GET https://{address}/)"
        )
    );
    assert_eq!(error.help(), Some("it may speak plain HTTP: try `http://`"));
    greeting.join().unwrap();
    drop(plain);
}

#[test]
fn time_limits_and_cut_bodies_look_the_same_under_tls() {
    let server = tls_server("server");
    let mut client = client_with(|options| options.insecure = true);
    let mut stalled = request("GET", &https(&server, "/stall"));
    stalled.timeout = Some(Duration::from_millis(200));
    assert!(matches!(
        client.send(&stalled).unwrap_err().kind,
        SendErrorKind::Timeout {
            phase: Phase::Wait,
            ..
        }
    ));
    assert_eq!(
        client
            .send(&request("GET", &https(&server, "/cut")))
            .unwrap_err()
            .kind,
        SendErrorKind::Truncated {
            received: Some(2),
            expected: Some(9)
        }
    );
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let after = Duration::from_millis(30);
    let mut client = client_with(|options| options.connect_timeout = after);
    let url = format!("https://{}/", silent.local_addr().unwrap());
    assert_eq!(
        client.send(&request("GET", &url)).unwrap_err().kind,
        SendErrorKind::Timeout {
            phase: Phase::TlsHandshake,
            after
        }
    );
}

#[test]
fn a_file_without_certificates_is_refused_before_anything_is_sent() {
    let new = |file: PathBuf| {
        let options = ClientOptions {
            cacert: Some(file),
            ..ClientOptions::default()
        };
        Client::new(options).unwrap_err()
    };
    assert!(matches!(
        new(certificate("missing")),
        ClientError::UnreadableCertificates { .. }
    ));
    let key = certificate("server").with_extension("key");
    assert!(matches!(new(key), ClientError::NoCertificates { .. }));
}

/// A proxy that passes everything on to `upstream` after a `CONNECT`, and answers other requests
/// itself.
fn proxy_to(upstream: std::net::SocketAddr) -> (std::net::SocketAddr, mpsc::Receiver<String>) {
    use std::io::{BufRead, BufReader};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> = lines
                .by_ref()
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .collect();
            let is_connect = head[0].starts_with("CONNECT ");
            tell.send(head.join("\n")).unwrap();
            if !is_connect {
                stream.write_all(&ok("from the proxy")).unwrap();
                continue;
            }
            stream
                .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
                .unwrap();
            let server = std::net::TcpStream::connect(upstream).unwrap();
            for (mut from, mut to) in [
                (stream.try_clone().unwrap(), server.try_clone().unwrap()),
                (server, stream),
            ] {
                thread::spawn(move || std::io::copy(&mut from, &mut to));
            }
        }
    });
    (address, told)
}

#[test]
fn a_proxy_gets_plain_requests_whole_and_tunnels_the_others() {
    let server = tls_server("server");
    let (proxy, told) = proxy_to(server.address);
    let through = |url: &str| {
        let mut client = client_with(|options| {
            let proxy = format!("http://me:pass%20word@{proxy}");
            options.proxy = ProxySettings::explicit(&proxy, None).unwrap();
            options.insecure = true;
        });
        client.send(&request("GET", url)).unwrap()
    };

    let exchange = through("http://nowhere.invalid/x?y");
    assert_eq!(text(&exchange), "from the proxy");
    let head = told.recv().unwrap();
    assert!(head.starts_with("GET http://nowhere.invalid/x?y HTTP/1.1\nHost: nowhere.invalid\n"));
    assert!(head.contains("\nProxy-Authorization: Basic bWU6cGFzcyB3b3Jk"));

    let exchange = through("https://nowhere.invalid/x?y");
    assert_eq!(text(&exchange), "safe");
    assert_eq!(exchange.response.reason, "OK");
    assert!(!exchange.request.headers.contains("proxy-authorization"));
    let head = told.recv().unwrap();
    assert!(
        head.starts_with("CONNECT nowhere.invalid:443 HTTP/1.1\n"),
        "{head}"
    );
    assert!(head.contains("\nProxy-Authorization: Basic bWU6cGFzcyB3b3Jk"));
    let inner = server.next();
    assert_eq!(inner.method_and_target(), ("GET", "/x?y"));
    assert_eq!(inner.field("Proxy-Authorization"), None);
}

#[test]
fn a_proxy_that_is_down_or_refuses_is_blamed() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let down = closed.local_addr().unwrap();
    drop(closed);
    let refusing = RawServer::always(response("403 Forbidden", &[], ""));
    let through = |proxy: std::net::SocketAddr, url: &str| {
        let mut client = client_with(|options| {
            let proxy = format!("http://me:hunter22@{proxy}");
            options.proxy = ProxySettings::explicit(&proxy, None).unwrap();
        });
        client
            .send(&request("GET", url))
            .unwrap_err()
            .kind
            .to_string()
    };
    for url in ["http://a.test/", "https://a.test/"] {
        assert_eq!(
            through(down, url),
            format!("the proxy `http://{down}` failed: connection refused")
        );
    }
    assert_eq!(
        through(refusing.address, "https://a.test/"),
        format!(
            "the proxy `http://{}` failed: it answers `CONNECT` with status 403",
            refusing.address
        )
    );
}

#[test]
fn a_socks_proxy_is_spoken_to_as_rfc_1928_says() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let proxy = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).unwrap();
        stream.write_all(&[5, 0]).unwrap();
        let mut connect = [0; 5 + 15 + 2];
        stream.read_exact(&mut connect).unwrap();
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
        let mut head = [0; 5];
        stream.read_exact(&mut head).unwrap();
        stream.write_all(&ok("by socks")).unwrap();
        (connect.to_vec(), head)
    });
    let mut client = client_with(|options| {
        options.proxy = ProxySettings::explicit(&format!("socks5h://{address}"), None).unwrap();
    });
    let exchange = client
        .send(&request("GET", "http://nowhere.invalid/"))
        .unwrap();
    assert_eq!(text(&exchange), "by socks");
    let (connect, head) = proxy.join().unwrap();
    assert_eq!(connect[..5], [5, 1, 0, 3, 15]);
    assert_eq!(&head, b"GET /");
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
fn a_request_that_can_not_be_sent_says_why() {
    let mut request = request("GET", "http://127.0.0.1:1/");
    request.headers.push("X-A", "b\r\nX-Injected: c");
    assert_eq!(
        client().send(&request).unwrap_err().to_string(),
        "the request can't be sent: the header `X-A` holds a line break (GET http://127.0.0.1:1/)"
    );
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
