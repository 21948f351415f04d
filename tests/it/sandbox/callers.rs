//! Who may call the Web APIs, and whom they refuse.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::client::{Reply, Scene, assert_api_error, text};

#[test]
fn every_bad_token_gets_the_same_answer() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[]);
    let access = text(&token, "/access_token").to_owned();
    let (account_id, pat) = (scene.input("account_id"), scene.input("pat"));
    let basic = |pair: String| format!("Basic {}", STANDARD.encode(pair));
    let bad = [
        String::new(),
        access.clone(),
        "Bearer".to_owned(),
        format!("Bearer {}", access.replace(':', "%3A")),
        format!("Bearer {}", &access[..access.len() - 4]),
        format!("Bearer {}", text(&token, "/refresh_token")),
        format!("Bearer {pat}"),
        format!("Digest {access}"),
        format!("Basic {pat}"),
        basic(pat.clone()),
        basic(format!(":{pat}")),
        basic(format!("ada@example.com:{pat}")),
        basic(format!("{account_id}:{}", &pat[..pat.len() - 4])),
    ];
    for authorization in bad {
        for target in [
            "/v3.6/agent/action/list_chats",
            "/v3.6/configuration/action/list_agents",
        ] {
            let reply = scene.json("POST", target, &authorization, &json!({}));
            assert_eq!(reply.status, 401, "{authorization}");
            let body =
                json!({"error": {"type": "authentication", "message": "Invalid access token"}});
            assert_eq!(reply.json(), body);
        }
    }
}

#[test]
fn two_tokens_at_once_are_none() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let headers = [
        ("Authorization", basic.as_str()),
        ("Authorization", basic.as_str()),
        ("Content-Type", "application/json"),
    ];
    let reply = scene.send("POST", "/v3.6/agent/action/list_chats", &headers, "{}");
    assert_api_error(&reply, 401, "authentication");
}

#[test]
fn the_customer_chat_api_refuses_agents() {
    let mut scene = Scene::new();
    let target = format!(
        "/v3.6/customer/action/list_chats?organization_id={}",
        scene.input("organization_id")
    );
    for authorization in [scene.bearer(), scene.basic(), String::new()] {
        let reply = scene.json("POST", &target, &authorization, &json!({}));
        assert_eq!(reply.status, 401);
        let body = json!({"error": {"type": "authentication", "message": "Invalid access token"}});
        assert_eq!(reply.json(), body);
    }
}

#[test]
fn a_scope_is_needed_and_checked_after_the_arguments() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[("scope", "customers:own")]);
    let bearer = format!("Bearer {}", text(&token, "/access_token"));
    assert_api_error(
        &scene.agent("list_chats", &bearer, &json!({})),
        403,
        "authorization",
    );
    let reply = scene.agent("list_chats", &bearer, &json!({ "limit": 0 }));
    assert_api_error(&reply, 422, "validation");
    let target = "/v3.6/configuration/action/list_agents";
    assert_api_error(
        &scene.json("POST", target, &bearer, &json!({})),
        403,
        "authorization",
    );
}

#[test]
fn access_scopes_show_the_agents_groups_and_own_chats() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[("scope", "chats--access:ro")]);
    let bearer = format!("Bearer {}", text(&token, "/access_token"));
    let reply = scene.agent("list_chats", &bearer, &json!({}));
    assert_eq!(
        listed(&reply),
        ["U1K6BVDR7J", "RBVEFUC88E", "QJ4T7WZK1A", "T8C2YHGQ5F"]
    );
}

fn listed(reply: &Reply) -> Vec<String> {
    let body = reply.json();
    let chats = body["chats_summary"].as_array().unwrap().iter();
    chats.map(|chat| text(chat, "/id").to_owned()).collect()
}
