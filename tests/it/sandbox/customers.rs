//! Customers' tokens: made and renewed by an agent's, and what agents' tokens are not good for.

use serde_json::{Value, json};

use super::client::{Reply, Scene, text};

/// Makes sure of the error of a customer endpoint.
#[track_caller]
pub fn assert_exception(reply: &Reply, code: &str) {
    let body = reply.json();
    assert_eq!(
        (reply.status, text(&body, "/oauth_exception")),
        (401, code),
        "{body}"
    );
    assert!(!text(&body, "/exception_description").is_empty());
}

pub fn ask(scene: &mut Scene, authorization: &str, changes: Value) -> Reply {
    let body = merged(
        json!({ "grant_type": "agent_token", "client_id": scene.input("client_id") }),
        changes,
    );
    scene.json("POST", "/v2/customer/token", authorization, &body)
}

/// `base` with the members of `changes`, a `null` taking one away.
pub fn merged(mut base: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else {
        panic!("not an object")
    };
    for (name, value) in changes {
        if value.is_null() {
            base.as_object_mut().unwrap().remove(&name);
        } else {
            base[name] = value;
        }
    }
    base
}

#[test]
fn an_agents_token_makes_a_customer_and_renews_its_token() {
    let mut scene = Scene::new();
    let bearer = scene.bearer();
    let first = ask(&mut scene, &bearer, json!({ "response_type": "token" })).json();
    let keys: Vec<&String> = first.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "access_token",
            "client_id",
            "entity_id",
            "expires_in",
            "organization_id",
            "token_type"
        ]
    );
    assert_eq!(first["expires_in"], 28800);
    assert_eq!(
        text(&first, "/organization_id"),
        scene.input("organization_id")
    );
    let entity_id = text(&first, "/entity_id");
    let again = ask(&mut scene, &bearer, json!({ "entity_id": entity_id })).json();
    assert_eq!(again["entity_id"], first["entity_id"]);
    assert_ne!(again["access_token"], first["access_token"]);
    let other = ask(&mut scene, &bearer, json!({})).json();
    assert_ne!(other["entity_id"], first["entity_id"]);
}

#[test]
fn the_troubleshooting_pages_request_renews_a_token_in_the_first_version() {
    let mut scene = Scene::new();
    let bearer = scene.bearer();
    for path in ["/customer/", "/customer"] {
        let body = json!({
            "client_id": scene.input("client_id"),
            "response_type": "token",
            "redirect_uri": scene.input("redirect_uri"),
        });
        let first = scene.json("POST", path, &bearer, &body).json();
        let body = merged(
            body,
            json!({ "entity_id": text(&first, "/entity_id"), "redirect_uri": null }),
        );
        let again = scene.json("POST", path, &bearer, &body).json();
        assert_eq!(again["entity_id"], first["entity_id"]);
        let reply = scene.json(
            "POST",
            path,
            &bearer,
            &merged(body, json!({ "response_type": null })),
        );
        assert_exception(&reply, "invalid_request");
    }
}

#[test]
fn each_check_of_the_agent_token_grant_has_its_error() {
    let mut scene = Scene::new();
    let bearer = scene.bearer();
    let (basic, pat) = (scene.basic(), format!("Bearer {}", scene.input("pat")));
    for authorization in ["", "Bearer nobody", &basic, &pat] {
        assert_exception(
            &ask(&mut scene, authorization, json!({})),
            "unauthorized_client",
        );
    }
    let narrow = scene.log_in(&[("scope", "chats--all:ro")]);
    let narrow = format!("Bearer {}", text(&narrow, "/access_token"));
    assert_exception(&ask(&mut scene, &narrow, json!({})), "access_denied");
    let js = scene.input("js_client_id");
    let rows = [
        (json!({ "grant_type": null }), "invalid_request"),
        (
            json!({ "grant_type": "password" }),
            "unsupported_grant_type",
        ),
        (json!({ "client_id": null }), "unauthorized_client"),
        (json!({ "client_id": "no" }), "unauthorized_client"),
        (json!({ "client_id": js }), "unauthorized_client"),
        (json!({ "response_type": "code" }), "invalid_request"),
        (json!({ "organization_id": "no" }), "invalid_request"),
        (
            json!({ "redirect_uri": "https://elsewhere.example/" }),
            "unauthorized_client",
        ),
        (json!({ "entity_id": "no" }), "resource_not_found"),
        (json!({ "expires_in": 0 }), "invalid_request"),
        (json!({ "expires_in": 28801 }), "invalid_request"),
    ];
    for (changes, code) in rows {
        assert_exception(&ask(&mut scene, &bearer, changes), code);
    }
    let broken = scene.send(
        "POST",
        "/v2/customer/token",
        &[("Content-Type", "application/json")],
        "{",
    );
    assert_exception(&broken, "invalid_request");
    assert_eq!(scene.get("/v2/customer/token").status, 405);
    assert_eq!(scene.get("/v2/customer/nothing").status, 404);
}

#[test]
fn a_customers_token_expires_and_can_be_ended() {
    let mut scene = Scene::new();
    let bearer = scene.bearer();
    let token = ask(&mut scene, &bearer, json!({ "expires_in": 60 })).json();
    let access = text(&token, "/access_token");
    let info = scene.get_as("/v2/customer/info", access).json();
    assert_eq!(info["entity_id"], token["entity_id"]);
    assert!(info["expires_in"].as_u64().unwrap() <= 60);
    let query = format!("/v2/customer/info?code={}", access.replace(':', "%3A"));
    assert_eq!(scene.get(&query).status, 200);
    scene.advance(60);
    assert_exception(&scene.get_as("/v2/customer/info", access), "invalid_grant");
    let token = ask(&mut scene, &bearer, json!({})).json();
    let authorization = format!("Bearer {}", text(&token, "/access_token"));
    let headers = [("Authorization", authorization.as_str())];
    assert_eq!(
        scene
            .send("DELETE", "/v2/customer/token", &headers, "")
            .status,
        200
    );
    assert_exception(
        &scene.send("DELETE", "/v2/customer/token", &headers, ""),
        "invalid_request",
    );
    let info = scene.get_as("/v2/customer/info", text(&token, "/access_token"));
    assert_exception(&info, "invalid_request");
}

#[test]
fn agents_tokens_and_customers_tokens_are_not_each_others() {
    let mut scene = Scene::new();
    let agent = scene.log_in(&[]);
    let bearer = format!("Bearer {}", text(&agent, "/access_token"));
    let customer = ask(&mut scene, &bearer, json!({})).json();
    let info = scene.get_as("/v2/customer/info", text(&agent, "/access_token"));
    assert_exception(&info, "invalid_request");
    assert_eq!(
        scene
            .get_as("/v2/info", text(&customer, "/access_token"))
            .status,
        422
    );
    let customer = format!("Bearer {}", text(&customer, "/access_token"));
    assert_exception(
        &ask(&mut scene, &customer, json!({})),
        "unauthorized_client",
    );
    for target in [
        "/v3.6/agent/action/list_chats",
        "/v3.6/configuration/action/list_agents",
    ] {
        let reply = scene.json("POST", target, &customer, &json!({}));
        assert_eq!(
            text(&reply.json(), "/error/message"),
            "Invalid access token"
        );
    }
}

#[test]
fn an_agents_token_makes_a_customer_of_one_group() {
    let mut scene = Scene::new();
    let bearer = scene.bearer();
    let apart = json!({ "chat_between_groups": false });
    scene.admin("PATCH", "/organization", &apart);
    let path = format!("/v2/customer/{}/1/token", scene.input("organization_id"));
    let body = json!({ "grant_type": "agent_token", "client_id": scene.input("client_id") });
    let first = scene.json("POST", &path, &bearer, &body).json();
    let again = merged(body, json!({ "entity_id": text(&first, "/entity_id") }));
    let renewed = scene.json("POST", &path, &bearer, &again).json();
    assert_eq!(renewed["entity_id"], first["entity_id"]);
    // The customer is nobody outside of the group.
    let elsewhere = scene.json("POST", "/v2/customer/token", &bearer, &again);
    assert_exception(&elsewhere, "resource_not_found");
}
