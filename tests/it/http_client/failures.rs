//! Why there is no response, and what is said of it.

use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use lcrun::http::client::{Phase, SendErrorKind};

use super::{BROTLI_HELLO, client, client_with, failure, get, gzip, request};
use crate::raw_server::{Answer, RawServer, response};

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
