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
fn a_failed_attempt_does_not_use_the_code_up() {
    let mut scene = Scene::new();
    let code = scene.code(&[]);
    for wrong in [
        ("client_secret", "no"),
        ("redirect_uri", "https://no.example/"),
    ] {
        assert_eq!(scene.exchange(&code, &[wrong]).status, 401);
    }
    assert_eq!(scene.exchange(&code, &[]).status, 200);
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
