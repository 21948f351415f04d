//! The authorize address: whom it sends where, and with what.

use serde_json::json;

use super::client::{Reply, Scene, assert_refused, text};

#[track_caller]
fn assert_ooops(scene: &Scene, reply: &Reply, error: &str, details: &str) {
    let mut location = format!(
        "{}/ooops?oauth_exception={error}",
        scene.input("accounts_url")
    );
    if !details.is_empty() {
        location.extend(["&exception_details=", details]);
    }
    assert_eq!(
        (reply.status, reply.header("location")),
        (302, Some(location.as_str()))
    );
}

#[test]
fn the_tutorials_address_sends_back_a_code_and_an_empty_state() {
    let mut scene = Scene::new();
    let reply = scene.get(
        "/?response_type=code&client_id=81e8a326ec4a63252faa0ae6f660c0c8\
         &redirect_uri=https://www.livechat.com/",
    );
    assert_eq!(reply.status, 302);
    let location = reply.header("location").unwrap();
    assert!(
        location.starts_with("https://www.livechat.com/?code=dal%3A"),
        "{location}"
    );
    assert!(location.ends_with("&state="), "{location}");
    assert_eq!(
        reply.redirect_parameter("code").unwrap().len(),
        "dal:".len() + 27
    );
    assert!(
        reply
            .text()
            .contains("<a href=\"https://www.livechat.com/?code=")
    );
}

#[test]
fn the_state_comes_back_as_it_was_sent() {
    let mut scene = Scene::new();
    let reply = scene.authorize(&[("state", "a b&c=\u{17c}%3A\"")]);
    assert_eq!(
        reply.redirect_parameter("state").unwrap(),
        "a b&c=\u{17c}%3A\""
    );
}

#[test]
fn every_error_leads_to_the_error_page_with_its_reason() {
    let mut scene = Scene::new();
    let rows = [
        (
            "client_id",
            "",
            "unauthorized_client",
            "client_id_not_found",
        ),
        (
            "client_id",
            "0000",
            "unauthorized_client",
            "client_id_not_found",
        ),
        ("redirect_uri", "", "invalid_request", ""),
        (
            "redirect_uri",
            "https://www.livechat.com",
            "invalid_request",
            "invalid_redirect_uri",
        ),
        ("response_type", "", "invalid_request", ""),
        ("response_type", "token", "invalid_request", ""),
        ("response_type", "id_token", "unsupported_response_type", ""),
        ("scope", "nope--all:ro", "invalid_scope", ""),
        ("scope", "webhooks--all:rw", "invalid_scope", ""),
        ("prompt", "never", "invalid_request", ""),
        ("code_challenge", "too-short", "invalid_request", ""),
        ("code_challenge_method", "S256", "invalid_request", ""),
    ];
    for (name, value, error, details) in rows {
        let reply = scene.authorize(&[(name, value)]);
        assert_ooops(&scene, &reply, error, details);
    }
    let twice = scene.get("/?client_id=a&client_id=b");
    assert_ooops(&scene, &twice, "invalid_request", "");
}

#[test]
fn the_error_page_says_what_the_codes_mean() {
    let mut scene = Scene::new();
    let reply = scene.get("/ooops?oauth_exception=invalid_scope&exception_details=%3Cb%3E");
    assert!(
        reply
            .text()
            .contains("The requested scope is invalid, insufficient")
    );
    assert!(reply.text().contains("&lt;b&gt;"));
    assert!(
        scene
            .get("/ooops?oauth_exception=made_up")
            .text()
            .contains("made_up")
    );
}

#[test]
fn the_sample_apps_send_the_browser_back_to_any_port_of_the_loopback_interface() {
    let mut scene = Scene::new();
    let verifier = "v".repeat(43);
    let js_client_id = scene.input("js_client_id");
    for uri in [
        "http://127.0.0.1:49152/callback",
        "http://localhost:3000",
        "http://[::1]:8080/",
    ] {
        let code = scene.code(&[("redirect_uri", uri)]);
        assert_eq!(scene.exchange(&code, &[("redirect_uri", uri)]).status, 200);
        let js = [("client_id", js_client_id.as_str()), ("redirect_uri", uri)];
        let code = scene.code(&[js[0], js[1], ("code_challenge", &verifier)]);
        let reply = scene.exchange(&code, &[js[0], js[1], ("code_verifier", &verifier)]);
        assert_eq!(reply.status, 200, "{}", reply.text());
        scene.advance(30);
    }
    let code = scene.code(&[("redirect_uri", "http://127.0.0.1:1/")]);
    let reply = scene.exchange(&code, &[("redirect_uri", "http://127.0.0.1:2/")]);
    assert_refused(&reply, 401, "unauthorized_client");
}

#[test]
fn an_apps_own_scheme_needs_pkce() {
    let mut scene = Scene::new();
    let uri = "my_app://callback";
    let app = scene.admin(
        "POST",
        "/apps",
        &json!({ "type": "js", "redirect_uris": [uri] }),
    );
    let client_id = text(&app, "/client_id");
    let (client, redirect) = (("client_id", client_id), ("redirect_uri", uri));
    let reply = scene.authorize(&[client, redirect, ("response_type", "token")]);
    assert_ooops(&scene, &reply, "invalid_request", "invalid_redirect_uri");
    let challenge = "a".repeat(43);
    let reply = scene.authorize(&[client, redirect, ("code_challenge", &challenge)]);
    assert!(
        reply
            .header("location")
            .unwrap()
            .starts_with("my_app://callback?code=")
    );
}

#[test]
fn a_javascript_app_gets_a_code_only_with_pkce() {
    let mut scene = Scene::new();
    let (client_id, redirect_uri) = (scene.input("js_client_id"), scene.input("js_redirect_uri"));
    let app = [
        ("client_id", client_id.as_str()),
        ("redirect_uri", redirect_uri.as_str()),
    ];
    let reply = scene.authorize(&app);
    assert_ooops(&scene, &reply, "invalid_request", "");
    let challenge = "a".repeat(43);
    let reply = scene.authorize(&[app[0], app[1], ("code_challenge", &challenge)]);
    assert!(reply.redirect_parameter("code").is_some());
}

#[test]
fn a_javascript_app_gets_a_token_in_the_fragment() {
    let mut scene = Scene::new();
    let (client_id, redirect_uri) = (scene.input("js_client_id"), scene.input("js_redirect_uri"));
    let app = [
        ("client_id", client_id.as_str()),
        ("redirect_uri", redirect_uri.as_str()),
        ("response_type", "token"),
    ];
    let reply = scene.authorize(&app);
    assert!(
        reply
            .header("location")
            .unwrap()
            .starts_with("https://my-application.com/#access_token=dal%3A")
    );
    assert_eq!(reply.redirect_parameter("expires_in").unwrap(), "28800");
    assert_eq!(reply.redirect_parameter("token_type").unwrap(), "Bearer");
    assert_eq!(reply.redirect_parameter("state"), None);
    let token = reply.redirect_parameter("access_token").unwrap();
    let info = scene.get_as("/v2/info", &token).json();
    assert_eq!(text(&info, "/client_id"), client_id);
    assert!(info.get("refresh_token").is_none());
    let reply = scene.agent("list_chats", &format!("Bearer {token}"), &json!({}));
    assert_eq!(reply.status, 200);
}
