//! How each reason of each code is provoked, and where it is met.

use serde_json::json;

use super::Met;
use crate::sandbox::client::{ALAN, GRACE, Reply, Scene, text};
use crate::sandbox::tables::{More, Provoke};

const PAGE: Met = Met::Ooops(None);

const fn body(status: u16) -> Met {
    Met::Body(status, More::Nothing)
}

/// A code, a reason, how it is provoked, and where it is met.
pub type Row = (&'static str, &'static str, Provoke, Met);

/// Every reason, some more than once.
pub const ROWS: &[Row] = &[
    (
        "invalid_request",
        "wrong HTTP method",
        |scene| scene.get("/v2/token"),
        body(422),
    ),
    (
        "invalid_request",
        "bad body encoding",
        |scene| {
            scene.send(
                "POST",
                "/v2/token",
                &[("Content-Type", "application/json")],
                "{",
            )
        },
        body(422),
    ),
    (
        "invalid_request",
        "response_type of another client type",
        |scene| scene.authorize(&[("response_type", "token")]),
        PAGE,
    ),
    (
        "invalid_request",
        "response_type of another client type",
        |scene| {
            let client_id = scene.input("js_client_id");
            let redirect_uri = scene.input("js_redirect_uri");
            scene.authorize(&[("client_id", &client_id), ("redirect_uri", &redirect_uri)])
        },
        PAGE,
    ),
    (
        "invalid_request",
        "client_id",
        |scene| scene.get("/?client_id=a&client_id=b"),
        PAGE,
    ),
    (
        "invalid_request",
        "redirect_uri or its slash",
        |scene| scene.authorize(&[("redirect_uri", "")]),
        PAGE,
    ),
    (
        "invalid_request",
        "redirect_uri or its slash",
        |scene| scene.authorize(&[("redirect_uri", "https://www.livechat.com")]),
        Met::Ooops(Some("invalid_redirect_uri")),
    ),
    (
        "unauthorized_client",
        "missing client id",
        |scene| scene.exchange("any", &[("client_id", "")]),
        body(401),
    ),
    (
        "unauthorized_client",
        "missing client id",
        |scene| scene.authorize(&[("client_id", "")]),
        Met::Ooops(Some("client_id_not_found")),
    ),
    (
        "unauthorized_client",
        "unknown client id",
        |scene| scene.exchange("any", &[("client_id", "0")]),
        body(401),
    ),
    (
        "unauthorized_client",
        "refresh token not found",
        |scene| scene.refresh("nobody", &[]),
        body(401),
    ),
    (
        "unauthorized_client",
        "wrong secret",
        |scene| exchange(scene, &[("client_secret", "wrong")]),
        body(401),
    ),
    (
        "unauthorized_client",
        "wrong redirect uri",
        |scene| exchange(scene, &[("redirect_uri", "https://elsewhere.example/")]),
        body(401),
    ),
    (
        "unauthorized_client",
        "expired or used code",
        |scene| {
            let code = scene.code(&[]);
            scene.advance(250);
            scene.exchange(&code, &[])
        },
        body(401),
    ),
    (
        "unauthorized_client",
        "expired or used code",
        |scene| {
            let code = scene.code(&[]);
            scene.exchange(&code, &[]);
            scene.exchange(&code, &[])
        },
        body(401),
    ),
    (
        "access_denied",
        "scope not originally granted",
        |scene| refresh(scene, &[("scope", "chats--all:rw")]),
        Met::Body(403, More::InsufficientScope),
    ),
    (
        "access_denied",
        "user presses Cancel",
        |scene| {
            let page = scene.authorize(&[("prompt", "consent")]);
            cancel(scene, &page)
        },
        PAGE,
    ),
    (
        "unsupported_response_type",
        "neither code nor token",
        |scene| scene.authorize(&[("response_type", "id_token")]),
        PAGE,
    ),
    (
        "invalid_scope",
        "scope not found",
        |scene| scene.authorize(&[("scope", "webhooks--all:rw")]),
        PAGE,
    ),
    (
        "invalid_scope",
        "scope name not found",
        |scene| scene.authorize(&[("scope", "nope--all:ro")]),
        PAGE,
    ),
    (
        "invalid_scope",
        "admin scopes, but an agent is logged in",
        |scene| {
            scene.admin("POST", "/identity", &json!({ "logged_in": ALAN }));
            scene.authorize(&[])
        },
        PAGE,
    ),
    (
        "server_error",
        "server down",
        |scene| {
            fail(scene, "/v2/token", "server_error");
            scene.exchange("any", &[])
        },
        body(500),
    ),
    (
        "server_error",
        "storage down",
        |scene| {
            fail(scene, "/", "server_error");
            scene.authorize(&[])
        },
        PAGE,
    ),
    (
        "temporarily_unavailable",
        "not used at present",
        |scene| {
            fail(scene, "/v2/token", "temporarily_unavailable");
            scene.exchange("any", &[])
        },
        body(429),
    ),
    (
        "unsupported_grant_type",
        "disabled grant",
        |scene| scene.exchange("any", &[("grant_type", "client_credentials")]),
        body(403),
    ),
    (
        "invalid_grant",
        "refresh token expired",
        |scene| {
            let token = scene.log_in(&[]);
            scene.advance(60 * 24 * 3600);
            scene.refresh(text(&token, "/refresh_token"), &[])
        },
        body(401),
    ),
    (
        "invalid_grant",
        "access token expired",
        |scene| {
            let token = scene.log_in(&[]);
            scene.advance(28_800);
            scene.get_as("/v2/info", text(&token, "/access_token"))
        },
        body(401),
    ),
    (
        "invalid_client",
        "refresh token with a wrong client id",
        |scene| {
            let other = scene.input("js_client_id");
            refresh(scene, &[("client_id", &other)])
        },
        body(401),
    ),
    (
        "missing_grant",
        "grants rejected",
        |scene| {
            scene.change_app(&json!({ "public": true }));
            scene.admin("POST", "/identity", &json!({ "logged_in": GRACE }));
            let page = scene.authorize(&[]);
            cancel(scene, &page);
            scene.authorize(&[])
        },
        PAGE,
    ),
    (
        "missing_grant",
        "grants never given",
        |scene| {
            let token = scene.log_in(&[]);
            let account_id = scene.input("account_id");
            let path = format!("/apps/{}/consents/{account_id}", scene.input("client_id"));
            scene.admin("DELETE", &path, &json!({}));
            scene.refresh(text(&token, "/refresh_token"), &[])
        },
        body(403),
    ),
    (
        "missing_grant",
        "client changed its grants",
        |scene| {
            scene.change_app(&json!({ "scopes": ["chats--all:ro"] }));
            let token = scene.log_in(&[]);
            scene.change_app(&json!({ "scopes": ["chats--all:ro", "customers:own"] }));
            scene.refresh(text(&token, "/refresh_token"), &[])
        },
        body(403),
    ),
];

fn exchange(scene: &mut Scene, changes: &[(&str, &str)]) -> Reply {
    let code = scene.code(&[]);
    scene.exchange(&code, changes)
}

fn refresh(scene: &mut Scene, changes: &[(&str, &str)]) -> Reply {
    let token = scene.log_in(&[]);
    scene.refresh(text(&token, "/refresh_token"), changes)
}

fn cancel(scene: &mut Scene, page: &Reply) -> Reply {
    let request = page.hidden("request");
    let fields = [("request", request.as_str()), ("decision", "cancel")];
    scene.form("/grant-access", &fields)
}

fn fail(scene: &mut Scene, path: &str, error: &str) {
    scene.admin("POST", "/faults", &json!({ "path": path, "error": error }));
}
