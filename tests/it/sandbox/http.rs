//! The sandbox as an HTTP server: what any client may do to it, and what only a broken one does.

use std::io::Write;
use std::net::{TcpListener, TcpStream};

use lcrun::sandbox::{Options, Sandbox, Setup};

use super::client::{Client, Scene, assert_api_error, assert_refused, impatient};

const LIST: &str = "/v3.6/agent/action/list_chats";

#[test]
fn it_listens_on_loopback_alone_and_its_inputs_name_the_address() {
    let scene = Scene::new();
    let address = scene.sandbox.address();
    assert!(address.ip().is_loopback());
    assert_eq!(scene.input("accounts_url"), format!("http://{address}"));
    assert_eq!(scene.input("api_url"), format!("http://{address}"));
    assert_eq!(scene.input("client_id"), "81e8a326ec4a63252faa0ae6f660c0c8");
    assert_eq!(scene.input("redirect_uri"), "https://www.livechat.com/");
    assert_eq!(
        scene.input("js_redirect_uri"),
        "https://my-application.com/"
    );
}

#[test]
fn a_taken_port_is_an_error_and_a_dropped_sandbox_frees_its_own() {
    let sandbox = Sandbox::start(&Options::default()).unwrap();
    let options = Options {
        port: sandbox.address().port(),
        ..Options::default()
    };
    assert!(Sandbox::start(&options).is_err());
    let _open = TcpStream::connect(sandbox.address()).unwrap();
    drop(sandbox);
    assert!(TcpStream::connect(("127.0.0.1", options.port)).is_err());
}

#[test]
fn a_stopper_ends_a_sandbox_that_is_waited_for() {
    let sandbox = Sandbox::start(&Options::default()).unwrap();
    let stopper = sandbox.stopper();
    let waiting = std::thread::spawn(move || sandbox.wait());
    stopper.stop();
    waiting.join().unwrap();
}

#[test]
fn secrets_differ_between_sandboxes_unless_a_seed_is_given() {
    let inputs = |seed| {
        let scene = Scene::with(
            &Options {
                seed,
                ..Options::default()
            },
            &Setup::default(),
        );
        (scene.input("client_secret"), scene.input("pat"))
    };
    assert_ne!(inputs(None), inputs(None));
    assert_eq!(inputs(Some(4)), inputs(Some(4)));
    assert_ne!(inputs(Some(4)), inputs(Some(5)));
}

#[test]
fn with_a_seed_equal_requests_get_equal_answers() {
    let run = || {
        let mut scene = Scene::with(
            &Options {
                seed: Some(1),
                ..Options::default()
            },
            &Setup::default(),
        );
        let token = scene.log_in(&[]);
        let failed = scene.exchange("nobody", &[]);
        (token, failed.body)
    };
    assert_eq!(run(), run());
}

#[test]
fn pipelined_requests_are_answered_in_order_on_one_connection() {
    let mut scene = Scene::new();
    let one = "GET /ooops?oauth_exception=invalid_scope HTTP/1.1\r\nHost: x\r\n\r\n";
    let two = "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n";
    scene.client.write([one, two, one].concat().as_bytes());
    let statuses: Vec<u16> = (0..3)
        .map(|_| scene.client.read(false).unwrap().status)
        .collect();
    assert_eq!(statuses, [200, 404, 200]);
}

#[test]
fn head_is_get_without_the_body() {
    let mut scene = Scene::new();
    let reply = scene.send("HEAD", "/ooops?oauth_exception=invalid_scope", &[], "");
    assert_eq!(reply.status, 200);
    assert_ne!(reply.header("content-length"), Some("0"));
    assert_eq!(scene.get("/ooops").status, 200);
}

#[test]
fn http_1_0_gets_an_answer_and_a_close() {
    let mut scene = Scene::new();
    scene.client.write(b"GET /ooops HTTP/1.0\r\n\r\n");
    assert_eq!(scene.client.read(false).unwrap().status, 200);
    assert!(scene.client.is_closed());
}

#[test]
fn a_chunked_body_is_a_body() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    scene.client.write(
        format!(
            "POST {LIST} HTTP/1.1\r\nHost: x\r\nAuthorization: {basic}\r\n\
             Content-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n\
             6;ext=1\r\n{{\"limi\r\n6\r\nt\": 2}}\r\n0\r\nX-Trailer: 1\r\n\r\n"
        )
        .as_bytes(),
    );
    let reply = scene.client.read(false).unwrap();
    assert_eq!(reply.json()["chats_summary"].as_array().unwrap().len(), 2);
    assert_eq!(scene.get("/ooops").status, 200);
}

#[test]
fn a_client_that_waits_for_permission_to_send_gets_it() {
    let mut scene = Scene::new();
    scene.client.write(
        b"POST /v2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
    );
    assert_eq!(scene.client.read(true).unwrap().status, 100);
    scene.client.write(b"scope=all");
    assert_refused(&scene.client.read(false).unwrap(), 422, "invalid_request");
}

#[test]
fn a_client_that_closes_its_side_still_gets_its_answer() {
    let scene = Scene::new();
    let mut stream = TcpStream::connect(scene.sandbox.address()).unwrap();
    stream
        .write_all(b"GET /ooops HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
}

#[test]
fn a_huge_body_is_read_off_and_refused() {
    let setup = Setup {
        body_limit: 1000,
        ..Setup::default()
    };
    let mut scene = Scene::with(&Options::default(), &setup);
    let body = "x".repeat(4_000_000);
    assert_refused(
        &scene.send("POST", "/v2/token", &[], &body),
        413,
        "invalid_request",
    );
    let mut scene = Scene::with(&Options::default(), &setup);
    let reply = scene.send("POST", LIST, &[], &body);
    assert_api_error(&reply, 413, "entity_too_large");
    assert!(reply.header("x-debug-id").is_some());
    let mut scene = Scene::with(&Options::default(), &setup);
    let reply = scene.send("POST", "/v2/customer/token", &[], &body);
    assert_eq!(
        (reply.status, &reply.json()["oauth_exception"]),
        (413, &"invalid_request".into())
    );
}

#[test]
fn a_body_that_is_announced_as_absurd_is_refused_at_once() {
    let mut scene = Scene::new();
    scene
        .client
        .write(b"POST /v2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n");
    let reply = scene.client.read(false).unwrap();
    assert_refused(&reply, 413, "invalid_request");
    assert_eq!(reply.header("connection"), Some("close"));
    assert!(scene.client.is_closed());
}

#[test]
fn half_a_head_is_closed_after_a_while() {
    let mut scene = Scene::with(&Options::default(), &impatient());
    scene.client.write(b"GET /ooops HTTP/1.1\r\nHos");
    assert!(scene.client.is_closed());
}

#[test]
fn a_connection_that_says_nothing_is_closed_after_a_while_at_first_and_later() {
    let mut scene = Scene::with(&Options::default(), &impatient());
    assert!(scene.client.is_closed());
    scene.client = Client::connect(scene.sandbox.address());
    assert_eq!(scene.get("/ooops").status, 200);
    assert!(scene.client.is_closed());
}

#[test]
fn a_client_that_gives_up_halfway_disturbs_nobody() {
    let mut scene = Scene::new();
    for half in [
        &b""[..],
        b"G",
        b"GET /ooops HTTP/1.1\r\nHost: x\r\n\r",
        b"POST /v2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\ngrant_type=",
        b"POST /v2/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ngr",
    ] {
        let mut other = TcpStream::connect(scene.sandbox.address()).unwrap();
        other.write_all(half).unwrap();
        drop(other);
    }
    assert_eq!(scene.get("/ooops").status, 200);
}

#[test]
fn half_a_body_is_answered_and_closed_after_a_while() {
    let mut scene = Scene::with(&Options::default(), &impatient());
    let head = format!("POST {LIST} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{");
    scene.client.write(head.as_bytes());
    assert_api_error(&scene.client.read(false).unwrap(), 408, "request_timeout");
    assert!(scene.client.is_closed());
}

#[test]
fn broken_chunks_close_the_connection() {
    let mut scene = Scene::new();
    scene.client.write(
        b"POST /v2/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    );
    let status = scene.client.read(false).map(|reply| reply.status);
    assert!(matches!(status, Some(400) | None), "{status:?}");
    assert!(scene.client.is_closed());
}

#[test]
fn garbage_is_a_bad_request() {
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
        b"SSH-2.0-OpenSSH_9\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /ooops HTTP/1.1\r\nBad Header: 1\r\n\r\n",
        b"POST /v2/token HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ] {
        let mut scene = Scene::new();
        scene.client.write(garbage);
        assert_eq!(scene.client.read(false).unwrap().status, 400);
        assert!(scene.client.is_closed());
    }
}

#[test]
fn a_head_without_end_is_refused() {
    let mut scene = Scene::new();
    let many = "GET /ooops HTTP/1.1\r\n".to_owned() + &"X-Header: 1\r\n".repeat(1000) + "\r\n";
    scene.client.write(many.as_bytes());
    assert_eq!(scene.client.read(false).unwrap().status, 431);
}

#[test]
fn wrong_methods_and_unknown_paths_get_an_answer() {
    let mut scene = Scene::new();
    assert_refused(&scene.get("/nowhere"), 404, "resource_not_found");
    assert_refused(
        &scene.send("OPTIONS", "*", &[], ""),
        404,
        "resource_not_found",
    );
    let reply = scene.send("POST", "/v2/info", &[], "");
    assert_refused(&reply, 405, "invalid_request");
    assert_eq!(reply.header("allow"), Some("GET, HEAD"));
    let reply = scene.get(LIST);
    assert_api_error(&reply, 405, "not_allowed");
    assert_eq!(reply.header("allow"), Some("POST"));
    assert_eq!(scene.get("/_admin/nowhere").status, 404);
    assert_eq!(scene.get("/_admin/apps/x").status, 405);
}

#[test]
fn many_connections_are_served_side_by_side() {
    let scene = Scene::new();
    let address = scene.sandbox.address();
    let mut clients: Vec<Client> = (0..200).map(|_| Client::connect(address)).collect();
    for client in &mut clients {
        client.write(b"GET /ooops HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    for client in clients.iter_mut().rev() {
        assert_eq!(client.read(false).unwrap().status, 200);
    }
}

#[test]
fn idle_connections_do_not_keep_a_sandbox_alive() {
    let scene = Scene::new();
    let mut half = Client::connect(scene.sandbox.address());
    half.write(b"POST /v2/token HTTP/1.1\r\nContent-Length: 5\r\n\r\nx");
    let port = scene.sandbox.address().port();
    drop(scene);
    assert!(half.is_closed());
    TcpListener::bind(("127.0.0.1", port)).unwrap();
}
