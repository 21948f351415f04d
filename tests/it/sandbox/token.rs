//! The exchange of a code: each of its checks, in their order.

use serde_json::json;

use super::client::{Scene, assert_refused, text};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[test]
fn a_code_is_exchanged_for_a_token_with_all_its_facts() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[]);
    let keys: Vec<&String> = token.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "access_token",
            "account_id",
            "client_id",
            "expires_in",
            "organization_id",
            "refresh_token",
            "scope",
            "token_type"
        ]
    );
    assert!(text(&token, "/access_token").starts_with("dal:"));
    assert!(!text(&token, "/refresh_token").contains(':'));
    assert_eq!(token["expires_in"], 28800);
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(text(&token, "/account_id"), scene.input("account_id"));
    let scopes: Vec<&str> = text(&token, "/scope").split(',').collect();
    assert!(scopes.contains(&"chats--all:ro") && scopes.contains(&"customers:own"));
    assert!(scopes.is_sorted());
}

#[test]
fn forms_json_and_query_strings_are_all_taken() {
    let mut scene = Scene::new();
    let secret = scene.input("client_secret");
    for way in 0..4 {
        let code = scene.code(&[]);
        scene.advance(10);
        let json = json!({
            "grant_type": "authorization_code", "code": code, "client_id": scene.input("client_id"),
            "client_secret": secret, "redirect_uri": scene.input("redirect_uri"),
        });
        let query = format!(
            "grant_type=code&code={code}&client_id={}&client_secret={secret}&redirect_uri={}",
            scene.input("client_id"),
            scene.input("redirect_uri"),
        );
        let reply = match way {
            0 => scene.exchange(&code, &[]),
            1 => scene.json("POST", "/v2/token", "", &json),
            2 => scene.send(
                "POST",
                "/v2/token",
                &[("Content-Type", "application/x-www-form-urlencoded")],
                &json.to_string(),
            ),
            _ => scene.send("POST", &format!("/v2/token?{query}"), &[], ""),
        };
        assert_eq!(reply.status, 200, "way {way}: {}", reply.text());
    }
}

#[test]
fn each_check_of_the_exchange_has_its_error() {
    let mut scene = Scene::new();
    let code = scene.code(&[]);
    let rows = [
        ("grant_type", "", 422, "invalid_request"),
        (
            "grant_type",
            "client_credentials",
            403,
            "unsupported_grant_type",
        ),
        ("grant_type", "password", 403, "unsupported_grant_type"),
        ("client_id", "", 401, "unauthorized_client"),
        (
            "client_id",
            "00000000000000000000000000000000",
            401,
            "unauthorized_client",
        ),
        ("code", "", 422, "invalid_request"),
        ("redirect_uri", "", 422, "invalid_request"),
        ("client_secret", "", 401, "unauthorized_client"),
        ("client_secret", "wrong", 401, "unauthorized_client"),
        ("code", "dal:nobody", 401, "unauthorized_client"),
        (
            "redirect_uri",
            "https://elsewhere.example/",
            401,
            "unauthorized_client",
        ),
        (
            "redirect_uri",
            "https://www.livechat.com/other",
            401,
            "unauthorized_client",
        ),
    ];
    for (name, value, status, error) in rows {
        let reply = scene.exchange(&code, &[(name, value)]);
        assert_refused(&reply, status, error);
    }
    let reply = scene.exchange(&code, &[("code", "")]);
    assert_eq!(
        reply.json()["invalid_fields"],
        json!({ "code": "is required" })
    );
    assert_eq!(
        scene.exchange(&code, &[]).status,
        200,
        "a failed attempt does not use the code up"
    );
}

#[test]
fn the_checks_run_in_their_order() {
    let mut scene = Scene::new();
    let everything_wrong = [
        ("client_id", "no"),
        ("client_secret", "no"),
        ("redirect_uri", "no"),
        ("code", "no"),
    ];
    let reply = scene.exchange("", &[("grant_type", "no"), everything_wrong[0]]);
    assert_refused(&reply, 403, "unsupported_grant_type");
    assert_refused(
        &scene.exchange("", &everything_wrong),
        401,
        "unauthorized_client",
    );
    let reply = scene.exchange("", &[("client_secret", "no")]);
    assert_eq!(
        reply.json()["invalid_fields"],
        json!({ "code": "is required" })
    );
}

#[test]
fn a_wrong_method_and_a_malformed_body_are_invalid_requests() {
    let mut scene = Scene::new();
    assert_refused(&scene.get("/v2/token"), 422, "invalid_request");
    assert_refused(
        &scene.send("PUT", "/v2/token", &[], "code=1"),
        422,
        "invalid_request",
    );
    let json = [("Content-Type", "application/json")];
    assert_refused(
        &scene.send("POST", "/v2/token", &json, "{\"code\":"),
        422,
        "invalid_request",
    );
    let xml = [("Content-Type", "application/xml")];
    assert_refused(
        &scene.send("POST", "/v2/token", &xml, "<code/>"),
        422,
        "invalid_request",
    );
    let twice = scene.send("POST", "/v2/token", &[], "code=1&code=1");
    assert_refused(&twice, 422, "invalid_request");
    assert_eq!(
        twice.json()["invalid_fields"],
        json!({ "code": "is repeated" })
    );
}

#[test]
fn a_code_works_once() {
    let mut scene = Scene::new();
    let code = scene.code(&[]);
    assert_eq!(scene.exchange(&code, &[]).status, 200);
    let again = scene.exchange(&code, &[]);
    assert_refused(&again, 401, "unauthorized_client");
    assert_eq!(
        text(&again.json(), "/error_description"),
        "The client is not authorized to request a token using this method."
    );
}

#[test]
fn a_code_works_for_250_seconds() {
    let mut scene = Scene::with(
        &lcrun::sandbox::Options {
            seed: Some(1),
            ..Default::default()
        },
        &lcrun::sandbox::Setup::default(),
    );
    let (early, late) = (scene.code(&[]), scene.code(&[]));
    scene.advance(249);
    assert_eq!(scene.exchange(&early, &[]).status, 200);
    scene.advance(1);
    assert_refused(&scene.exchange(&late, &[]), 401, "unauthorized_client");
}

#[test]
fn a_percent_sign_left_in_a_code_is_fatal_in_json_and_when_encoded_twice() {
    let mut scene = Scene::new();
    let code = scene.code(&[]).replace(':', "%3A");
    // The form encodes the percent sign, so that the server reads `dal%3A…`.
    assert_refused(&scene.exchange(&code, &[]), 401, "unauthorized_client");
    let body = json!({
        "grant_type": "authorization_code", "code": code, "client_id": scene.input("client_id"),
        "client_secret": scene.input("client_secret"), "redirect_uri": scene.input("redirect_uri"),
    });
    assert_refused(
        &scene.json("POST", "/v2/token", "", &body),
        401,
        "unauthorized_client",
    );
}

#[test]
fn another_apps_code_is_an_invalid_grant() {
    let mut scene = Scene::new();
    let uri = scene.input("redirect_uri");
    let app = scene.admin("POST", "/apps", &json!({ "redirect_uris": [uri] }));
    let code = scene.code(&[("client_id", text(&app, "/client_id"))]);
    assert_refused(&scene.exchange(&code, &[]), 401, "invalid_grant");
}

#[test]
fn a_redirect_uri_that_left_the_whitelist_is_refused() {
    let mut scene = Scene::new();
    let code = scene.code(&[]);
    let path = format!("/apps/{}", scene.input("client_id"));
    scene.admin(
        "PATCH",
        &path,
        &json!({ "redirect_uris": ["https://new.example/"] }),
    );
    assert_refused(&scene.exchange(&code, &[]), 401, "unauthorized_client");
}

#[test]
fn pkce_asks_for_the_verifier_and_believes_no_other() {
    let mut scene = Scene::new();
    let (client_id, redirect_uri) = (scene.input("js_client_id"), scene.input("js_redirect_uri"));
    let app = [
        ("client_id", client_id.as_str()),
        ("redirect_uri", redirect_uri.as_str()),
    ];
    for (method, challenge) in [("S256", CHALLENGE), ("plain", VERIFIER), ("", VERIFIER)] {
        let asked = [
            ("code_challenge", challenge),
            ("code_challenge_method", method),
        ];
        let code = scene.code(&[app[0], app[1], asked[0], asked[1]]);
        let mut exchange = |verifier: &str| {
            scene.exchange(
                &code,
                &[
                    app[0],
                    app[1],
                    ("client_secret", ""),
                    ("code_verifier", verifier),
                ],
            )
        };
        assert_refused(&exchange(""), 422, "invalid_request");
        assert_refused(&exchange("too-short"), 422, "invalid_request");
        assert_refused(&exchange(&"+".repeat(43)), 422, "invalid_request");
        assert_refused(&exchange(&"a".repeat(43)), 401, "invalid_grant");
        assert_eq!(exchange(VERIFIER).status, 200);
    }
}

#[test]
fn a_challenge_that_the_vendors_sdk_computes_wrongly_is_refused_with_the_reason() {
    let mut scene = Scene::new();
    let wrong = "MzMyNjAzMDMwLDQzNzk2NzA4NCw3OTAwMTYyNjgsMTI4NTA0MTY3MiwxOTkwNzUyNDI5LDE4NDQ1MjgyMTQsMTg2MDI3NDUwNiwtODgxNzg4NDc3";
    let code = scene.code(&[("code_challenge", wrong), ("code_challenge_method", "S256")]);
    let reply = scene.exchange(&code, &[("code_verifier", VERIFIER)]);
    assert_refused(&reply, 401, "invalid_grant");
    assert!(text(&reply.json(), "/invalid_fields/code_verifier").contains("accounts-sdk 2.1"));
}

#[test]
fn a_server_side_app_needs_its_secret_with_pkce_too() {
    let mut scene = Scene::new();
    let code = scene.code(&[
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "s256"),
    ]);
    let reply = scene.exchange(&code, &[("code_verifier", VERIFIER), ("client_secret", "")]);
    assert_refused(&reply, 401, "unauthorized_client");
    assert_eq!(
        scene.exchange(&code, &[("code_verifier", VERIFIER)]).status,
        200
    );
}

#[test]
fn a_verifier_that_nobody_asked_for_is_ignored() {
    let mut scene = Scene::new();
    let code = scene.code(&[]);
    assert_eq!(scene.exchange(&code, &[("code_verifier", "x")]).status, 200);
}

#[test]
fn a_javascript_app_cannot_exchange_without_pkce() {
    let mut scene = Scene::new();
    let code = scene.code(&[]);
    let path = format!("/apps/{}", scene.input("client_id"));
    scene.admin("PATCH", &path, &json!({ "type": "js" }));
    assert_refused(&scene.exchange(&code, &[]), 403, "unsupported_grant_type");
}
