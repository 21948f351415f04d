//! What goes wrong because somebody asked for it: faults, and a limit of requests.

use serde_json::json;

use super::client::{Scene, assert_api_error, assert_refused, text};

#[test]
fn a_fault_is_met_as_often_as_it_was_asked_for() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let path = "/v3.6/agent/action/list_chats";
    for (error, status) in [
        ("internal", 500),
        ("service_unavailable", 503),
        ("request_timeout", 504),
        ("too_many_requests", 429),
        ("license_expired", 403),
    ] {
        scene.admin(
            "POST",
            "/faults",
            &json!({ "path": path, "error": error, "times": 2 }),
        );
        for _ in 0..2 {
            assert_api_error(
                &scene.agent("list_chats", &basic, &json!({})),
                status,
                error,
            );
        }
        assert_eq!(scene.agent("list_chats", &basic, &json!({})).status, 200);
    }
    let wrong = json!({ "path": path, "error": "misdirected_request", "region": "fra" });
    scene.admin("POST", "/faults", &wrong);
    let reply = scene.agent("list_chats", &basic, &json!({}));
    assert_eq!(reply.json()["error"]["data"], json!({ "region": "fra" }));
}

#[test]
fn a_fault_of_the_authorization_system_has_its_form() {
    let mut scene = Scene::new();
    for (error, status) in [
        ("server_error", 500),
        ("temporarily_unavailable", 429),
        ("traffic_blocked", 429),
        ("invalid_scope", 403),
    ] {
        scene.admin(
            "POST",
            "/faults",
            &json!({ "path": "/v2/token", "error": error }),
        );
        assert_refused(&scene.exchange("any", &[]), status, error);
    }
    scene.admin(
        "POST",
        "/faults",
        &json!({ "path": "/", "error": "server_error" }),
    );
    let reply = scene.authorize(&[]);
    assert_eq!(
        reply.redirect_parameter("oauth_exception").unwrap(),
        "server_error"
    );
    scene.admin(
        "POST",
        "/faults",
        &json!({ "path": "/v2/customer", "error": "server_error" }),
    );
    let reply = scene.json("POST", "/v2/customer/token", "", &json!({}));
    assert_eq!(
        (reply.status, text(&reply.json(), "/oauth_exception")),
        (500, "server_error")
    );
}

#[test]
fn a_fault_can_delay_an_answer_or_close_the_connection() {
    let mut scene = Scene::new();
    scene.admin(
        "POST",
        "/faults",
        &json!({ "path": "/ooops", "delay_ms": 1 }),
    );
    assert_eq!(
        scene
            .admin("GET", "/faults", &json!({}))
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(scene.get("/ooops").status, 200);
    scene.admin(
        "POST",
        "/faults",
        &json!({ "path": "/ooops", "hang_up": true }),
    );
    scene.admin("DELETE", "/faults", &json!({}));
    assert_eq!(scene.get("/ooops").status, 200);
    scene.admin(
        "POST",
        "/faults",
        &json!({ "path": "/ooops", "hang_up": true }),
    );
    scene
        .client
        .write(b"GET /ooops HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(scene.client.read(false).is_none());
}

#[test]
fn a_token_that_is_used_too_often_has_to_wait() {
    let mut scene = Scene::new();
    let (basic, bearer) = (scene.basic(), scene.bearer());
    let rate = json!({ "rate_limit": { "requests": 2, "seconds": 60 } });
    scene.admin("PATCH", "/organization", &rate);
    for _ in 0..2 {
        assert_eq!(scene.agent("list_chats", &basic, &json!({})).status, 200);
    }
    let reply = scene.agent("list_chats", &basic, &json!({}));
    assert_api_error(&reply, 429, "too_many_requests");
    assert!(reply.header("retry-after").is_some());
    assert_eq!(scene.agent("list_chats", &bearer, &json!({})).status, 200);
    scene.advance(60);
    assert_eq!(scene.agent("list_chats", &basic, &json!({})).status, 200);
    scene.admin("PATCH", "/organization", &json!({ "rate_limit": null }));
    for _ in 0..5 {
        assert_eq!(scene.agent("list_chats", &basic, &json!({})).status, 200);
    }
}
