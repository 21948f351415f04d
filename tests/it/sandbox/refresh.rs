//! What becomes of tokens: they are refreshed, narrowed, looked at and ended.

use serde_json::json;

use super::client::{Scene, assert_api_error, assert_refused, text};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

#[test]
fn a_server_side_app_keeps_its_refresh_token() {
    let mut scene = Scene::new();
    let first = scene.log_in(&[]);
    let refresh_token = text(&first, "/refresh_token");
    let second = scene.refresh(refresh_token, &[]).json();
    assert_eq!(second["refresh_token"], first["refresh_token"]);
    assert_ne!(second["access_token"], first["access_token"]);
    let old = scene.agent("list_chats", &bearer(&first), &json!({}));
    assert_api_error(&old, 401, "authentication");
    assert_eq!(
        scene
            .agent("list_chats", &bearer(&second), &json!({}))
            .status,
        200
    );
    assert_eq!(scene.refresh(refresh_token, &[]).status, 200);
}

#[test]
fn a_javascript_app_gets_a_new_refresh_token_each_time() {
    let mut scene = Scene::new();
    let (client_id, redirect_uri) = (scene.input("js_client_id"), scene.input("js_redirect_uri"));
    let app = [
        ("client_id", client_id.as_str()),
        ("redirect_uri", redirect_uri.as_str()),
    ];
    let code = scene.code(&[app[0], app[1], ("code_challenge", VERIFIER)]);
    let no_secret = ("client_secret", "");
    let verifier = ("code_verifier", VERIFIER);
    let first = scene
        .exchange(&code, &[app[0], app[1], no_secret, verifier])
        .json();
    let old = text(&first, "/refresh_token");
    let second = scene.refresh(old, &[app[0], no_secret]).json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_refused(
        &scene.refresh(old, &[app[0], no_secret]),
        401,
        "unauthorized_client",
    );
    assert_eq!(
        scene
            .refresh(text(&second, "/refresh_token"), &[app[0]])
            .status,
        200
    );
}

#[test]
fn a_refresh_may_narrow_the_scopes() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[]);
    let narrow = scene
        .refresh(
            text(&token, "/refresh_token"),
            &[("scope", "customers:own")],
        )
        .json();
    assert_eq!(narrow["scope"], "customers:own");
    let reply = scene.agent("list_chats", &bearer(&narrow), &json!({}));
    assert_api_error(&reply, 403, "authorization");
}

#[test]
fn info_tells_a_tokens_facts_and_its_remaining_time() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[]);
    scene.advance(1000);
    let access_token = text(&token, "/access_token");
    let in_header = scene.get_as("/v2/info", access_token).json();
    let in_query = scene
        .get(&format!(
            "/v2/info?code={}",
            access_token.replace(':', "%3A")
        ))
        .json();
    for info in [in_header, in_query] {
        for key in [
            "access_token",
            "account_id",
            "client_id",
            "refresh_token",
            "scope",
        ] {
            assert_eq!(info[key], token[key]);
        }
        assert!((27000..=27800).contains(&info["expires_in"].as_u64().unwrap()));
    }
}

#[test]
fn info_knows_only_access_tokens_that_live() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[]);
    let (access, refresh) = (
        text(&token, "/access_token"),
        text(&token, "/refresh_token"),
    );
    assert_refused(&scene.get("/v2/info"), 422, "invalid_request");
    assert_refused(
        &scene.get_as("/v2/info", "dal:nobody"),
        422,
        "invalid_request",
    );
    assert_refused(&scene.get_as("/v2/info", refresh), 422, "invalid_request");
    assert_refused(
        &scene.get_as("/v2/info", &scene.input("pat")),
        422,
        "invalid_request",
    );
    scene.advance(28_800);
    assert_refused(&scene.get_as("/v2/info", access), 401, "invalid_grant");
    let reply = scene.agent("list_chats", &bearer(&token), &json!({}));
    assert_api_error(&reply, 401, "authentication");
}

#[test]
fn either_token_ends_both() {
    for key in ["/access_token", "/refresh_token"] {
        let mut scene = Scene::new();
        let token = scene.log_in(&[]);
        let revoked = format!("Bearer {}", text(&token, key));
        let reply = scene.send("DELETE", "/v2/token", &[("Authorization", &revoked)], "");
        assert_eq!((reply.status, reply.json()), (200, json!({})));
        let reply = scene.agent("list_chats", &bearer(&token), &json!({}));
        assert_api_error(&reply, 401, "authentication");
        let reply = scene.refresh(text(&token, "/refresh_token"), &[]);
        assert_refused(&reply, 401, "unauthorized_client");
        let again = scene.send("DELETE", "/v2/token", &[("Authorization", &revoked)], "");
        assert_refused(&again, 404, "resource_not_found");
    }
}

#[test]
fn the_account_behind_a_token_is_told_to_those_with_the_scope() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[]);
    let narrow = scene.log_in(&[("scope", "customers:own")]);
    let account = scene
        .get_as("/v2/accounts/me", text(&token, "/access_token"))
        .json();
    assert_eq!(text(&account, "/account_id"), scene.input("account_id"));
    assert_eq!(account["email"], "ada@example.com");
    let basic = scene.basic();
    let same = scene.send("GET", "/v2/accounts/me", &[("Authorization", &basic)], "");
    assert_eq!(same.json(), account);
    let reply = scene.get_as("/v2/accounts/me", text(&narrow, "/access_token"));
    assert_refused(&reply, 403, "access_denied");
    assert_refused(&scene.get("/v2/accounts/me"), 401, "unauthorized");
}

#[test]
fn the_first_version_refreshes_too_and_has_its_own_errors() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[("scope", "customers:own chats--all:ro")]);
    assert_eq!(token["scope"], "chats--all:ro,customers:own");
    let mut body = json!({
        "grant_type": "refresh_token", "refresh_token": token["refresh_token"],
        "client_id": scene.input("client_id"), "client_secret": scene.input("client_secret"),
    });
    let refreshed = scene.json("POST", "/token", "", &body).json();
    assert_eq!(refreshed["refresh_token"], token["refresh_token"]);
    assert_eq!(refreshed["license_id"], 100_200_300);
    body["refresh_token"] = "nobody".into();
    let refused = scene.json("POST", "/token", "", &body);
    assert_eq!(refused.json()["oauth_exception"], "unauthorized_client");
}

fn bearer(token: &serde_json::Value) -> String {
    format!("Bearer {}", text(token, "/access_token"))
}
