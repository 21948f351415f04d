//! Clients that send what nobody should: every call with every field of another shape, and bytes at random.
//! Each gets an answer that is not the sandbox's fault, or a close.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use super::calls;
use super::client::{ADA, Client, Scene, impatient, text};
use lcrun::sandbox::Options;

/// What a field is replaced by.
fn strange_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(0.5),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("x"),
        json!("\u{0}\u{202e}\u{1f600}"),
        json!("a".repeat(20_000)),
        json!([]),
        json!([null, [[]], {}]),
        json!({}),
        json!({ "": { "": null } }),
    ]
}

/// Every way to take one value out of `body` or put a strange one in its place.
fn variants(body: &Value) -> Vec<Value> {
    let mut all = vec![body.clone()];
    for pointer in pointers(body) {
        for strange in strange_values() {
            let mut variant = body.clone();
            *variant.pointer_mut(&pointer).unwrap() = strange;
            all.push(variant);
        }
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut variant = body.clone();
        if let Some(fields) = variant.pointer_mut(parent).unwrap().as_object_mut() {
            fields.remove(name);
            all.push(variant);
        }
    }
    all
}

/// Where the values of `body` stand, at any depth.
fn pointers(body: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match body {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .map(|(index, value)| (index.to_string(), value))
                .collect()
        }
        _ => Vec::new(),
    };
    let below = children.into_iter().flat_map(|(name, value)| {
        let own = format!("/{name}");
        let deeper = pointers(value)
            .into_iter()
            .map(|rest| format!("/{name}{rest}"));
        [own].into_iter().chain(deeper.collect::<Vec<_>>())
    });
    below.collect()
}

/// Sends every variant of a body; each must be answered with JSON, and none with a failure of the server.
fn bombard(scene: &mut Scene, method: &str, path: &str, authorization: &str, body: &Value) {
    for variant in variants(body) {
        let reply = scene.json(method, path, authorization, &variant);
        assert!(reply.status < 500, "{path} {variant}: {}", reply.text());
        reply.json();
    }
}

#[test]
fn no_shape_of_any_field_of_an_agents_call_brings_the_sandbox_down() {
    for call in calls::agent() {
        let mut scene = Scene::new();
        let authorization = scene.everything_of(ADA);
        bombard(
            &mut scene,
            "POST",
            &format!("/v3.6/agent/action/{}", call.action),
            &authorization,
            &call.body,
        );
    }
}

#[test]
fn no_shape_of_any_field_of_a_customers_call_brings_the_sandbox_down() {
    let mut scene = Scene::new();
    let (authorization, _) = scene.new_customer();
    let started = scene.customer_does("start_chat", &authorization, &json!({ "continuous": true }));
    let (chat, thread) = (text(&started, "/chat_id"), text(&started, "/thread_id"));
    let organization = scene.input("organization_id");
    for call in calls::customer(chat, thread) {
        let path = format!(
            "/v3.6/customer/action/{}?organization_id={organization}",
            call.action
        );
        bombard(&mut scene, "POST", &path, &authorization, &call.body);
    }
}

#[test]
fn no_shape_of_any_parameter_of_the_authorization_system_brings_the_sandbox_down() {
    let mut scene = Scene::new();
    let bearer = scene.bearer();
    let (client_id, client_secret) = (scene.input("client_id"), scene.input("client_secret"));
    let redirect_uri = scene.input("redirect_uri");
    let token = json!({
        "grant_type": "authorization_code", "code": "dal:x", "client_id": client_id,
        "client_secret": client_secret, "redirect_uri": redirect_uri, "code_verifier": "v",
    });
    let refresh = json!({
        "grant_type": "refresh_token", "refresh_token": "x", "client_id": client_id,
        "client_secret": client_secret, "scope": "chats--all:ro",
    });
    let customer = json!({
        "grant_type": "agent_token", "client_id": client_id, "response_type": "token",
        "organization_id": scene.input("organization_id"), "redirect_uri": redirect_uri,
        "entity_id": "x", "expires_in": 60,
    });
    let transfer = json!({
        "bearer_type": "agent", "client_id": client_id, "customer_id": "x",
        "code_challenge": "c",
    });
    for (path, body) in [
        ("/v2/token", &token),
        ("/token", &token),
        ("/v2/token", &refresh),
        ("/v2/customer/token", &customer),
        ("/customer/token", &customer),
        ("/customer/", &customer),
        ("/v2/customer/identity_transfer", &transfer),
        (
            "/signin",
            &json!({ "email": "ada@example.com", "request": "a=1" }),
        ),
    ] {
        for authorization in ["", &bearer] {
            for variant in variants(body) {
                let reply = scene.json("POST", path, authorization, &variant);
                assert!(reply.status < 500, "{path} {variant}: {}", reply.text());
            }
        }
    }
}

#[test]
fn no_shape_of_any_setting_of_the_admin_surface_brings_the_sandbox_down() {
    let app = json!({
        "type": "js", "name": "App", "redirect_uris": ["http://127.0.0.1:*"],
        "scopes": ["chats--all:ro"], "author": ADA, "public": true, "installed": true,
        "always_asks": true,
    });
    let account = json!({
        "email": "eve@example.com", "name": "Eve", "role": "normal", "group_ids": [0],
        "routing_status": "offline",
    });
    let organization = json!({
        "region": "fra", "chat_between_groups": false,
        "rate_limit": { "requests": 2, "seconds": 60 },
    });
    let fault = json!({
        "path": "/v2", "times": 2, "error": "server_error", "region": "fra", "delay_ms": 1,
        "hang_up": true,
    });
    for (method, path, body) in [
        ("POST", "/apps", &app),
        ("POST", "/accounts", &account),
        (
            "POST",
            "/pats",
            &json!({ "account_id": ADA, "scopes": ["chats--all:ro"] }),
        ),
        ("POST", "/clock", &json!({ "seconds": 1 })),
        ("POST", "/identity", &json!({ "logged_in": ADA })),
        (
            "POST",
            "/identity",
            &json!({ "exception": "unauthorized", "account_id": ADA }),
        ),
        ("PATCH", "/organization", &organization),
        ("POST", "/faults", &fault),
    ] {
        // One sandbox for all: what one setting has done, the next must bear.
        let mut scene = Scene::new();
        bombard(&mut scene, method, &format!("/_admin{path}"), "", body);
        scene.admin("DELETE", "/faults", &json!({}));
        for path in ["/", "/ooops", "/v2/info", "/v3.6/agent/action/list_chats"] {
            assert!(scene.get(path).status < 500, "{path}");
        }
    }
}

#[test]
fn whatever_bytes_come_the_sandbox_answers_or_closes_and_goes_on() {
    let mut scene = Scene::with(&Options::default(), &impatient());
    let basic = scene.basic();
    let requests = [
        "GET /?response_type=code&client_id=x&redirect_uri=https%3A%2F%2Fx.io HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        "POST /v2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 21\r\n\r\ngrant_type=code&code=".to_owned(),
        format!(
            "POST /v3.6/agent/action/list_chats HTTP/1.1\r\nHost: x\r\nAuthorization: {basic}\r\n\
             Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"
        ),
        "POST /_admin/apps HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}".to_owned(),
        "POST /v3.6/agent/action/upload_file HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\
         Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n\r\n--".to_owned(),
    ];
    let mut random = StdRng::seed_from_u64(7);
    for round in 0..500 {
        let mut bytes = requests[round % requests.len()].clone().into_bytes();
        for _ in 0..random.random_range(1..6) {
            let at = random.random_range(0..bytes.len());
            match random.random_range(0..4) {
                0 => bytes[at] = random.random(),
                1 => bytes.insert(at, random.random()),
                2 => drop(bytes.drain(at..(at + 4).min(bytes.len()))),
                _ => bytes.truncate(at.max(1)),
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        let mut stream = TcpStream::connect(scene.sandbox.address()).unwrap();
        // The server may have closed already, and may reset: both are clean ends of nonsense.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let fine = answer.is_empty() || answer.starts_with("HTTP/1.");
        assert!(
            fine && !answer.contains(" 500 "),
            "{round}: {bytes:?}: {answer}"
        );
    }
    scene.client = Client::connect(scene.sandbox.address());
    assert_eq!(scene.get("/ooops").status, 200);
}
