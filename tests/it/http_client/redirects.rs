//! Redirects, and the cookies and secrets that go with them.

use std::time::Duration;

use lcrun::http::client::{Phase, SendErrorKind};

use super::{client, client_with, request, text};
use crate::raw_server::{Answer, RawServer, ok, response};

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
