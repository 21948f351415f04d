//! Who is at the authorize page: login, consent, sessions, and the six reasons why nobody is accepted.

use serde_json::json;

use super::client::{ADA, ALAN, GRACE, Reply, Scene, assert_refused, text};

fn be(scene: &mut Scene, account_id: Option<&str>) {
    scene.admin("POST", "/identity", &json!({ "logged_in": account_id }));
}

fn exception(reply: &Reply) -> Option<String> {
    reply.redirect_parameter("oauth_exception")
}

#[test]
fn nobody_is_asked_to_log_in_and_then_goes_on() {
    let mut scene = Scene::new();
    be(&mut scene, None);
    let page = scene.authorize(&[("state", "s & t")]);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("ada@example.com"));
    let request = page.hidden("request");
    let reply = scene.form(
        "/signin",
        &[("email", "ada@example.com"), ("request", &request)],
    );
    assert_eq!(reply.status, 302);
    let location = reply.header("location").unwrap().to_owned();
    let path = location
        .strip_prefix(&scene.input("accounts_url"))
        .unwrap()
        .to_owned();
    let reply = scene.get(&path);
    assert!(reply.redirect_parameter("code").is_some());
    assert_eq!(reply.redirect_parameter("state").unwrap(), "s & t");
}

#[test]
fn only_agents_can_log_in() {
    let mut scene = Scene::new();
    assert_eq!(scene.get("/signin").status, 200);
    assert_refused(
        &scene.form("/signin", &[("email", "eve@example.com")]),
        422,
        "invalid_request",
    );
    assert_refused(&scene.form("/signin", &[]), 422, "invalid_request");
    assert_eq!(
        scene
            .form("/signin", &[("email", "grace@example.com")])
            .status,
        200
    );
}

#[test]
fn another_account_than_the_apps_must_log_in_unless_the_app_is_installed() {
    let mut scene = Scene::new();
    scene.change_app(&json!({ "installed": false }));
    be(&mut scene, Some(GRACE));
    assert!(scene.authorize(&[]).text().contains("action=\"/signin\""));
    scene.change_app(&json!({ "installed": true }));
    let code = scene.code(&[]);
    let token = scene.exchange(&code, &[]).json();
    assert_eq!(text(&token, "/account_id"), GRACE);
}

#[test]
fn an_agent_cannot_give_what_only_an_administrator_has() {
    let mut scene = Scene::new();
    be(&mut scene, Some(ALAN));
    assert_eq!(exception(&scene.authorize(&[])).unwrap(), "invalid_scope");
    assert!(exception(&scene.authorize(&[("scope", "chats--access:ro")])).is_none());
}

#[test]
fn consent_can_be_asked_for_and_given() {
    let mut scene = Scene::new();
    let page = scene.authorize(&[("prompt", "consent"), ("scope", "chats--all:ro")]);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Sample server-side app"));
    assert!(page.text().contains("chats--all:ro") && !page.text().contains("customers:own"));
    let request = page.hidden("request");
    let reply = scene.form(
        "/grant-access",
        &[("request", &request), ("decision", "allow")],
    );
    assert!(reply.redirect_parameter("code").is_some());
    for wrong in [
        &[("request", "a=1")][..],
        &[("request", "a=1"), ("decision", "x")],
        &[],
    ] {
        assert_refused(&scene.form("/grant-access", wrong), 422, "invalid_request");
    }
}

#[test]
fn an_app_that_always_asks_shows_the_page_to_its_author_each_time() {
    let mut scene = Scene::new();
    scene.change_app(&json!({ "always_asks": true }));
    for decision in ["allow", "allow", "cancel", "allow"] {
        let page = scene.authorize(&[]);
        assert_eq!(page.status, 200);
        let markup = page.text();
        assert!(markup.contains(">Allow</button>") && markup.contains(">Cancel</button>"));
        assert!(!markup.contains("<script"), "it works without scripts");
        let request = page.hidden("request");
        let fields = [("request", request.as_str()), ("decision", decision)];
        let reply = scene.form("/grant-access", &fields);
        if decision == "allow" {
            assert!(reply.redirect_parameter("code").is_some());
        } else {
            let base = scene.input("accounts_url");
            let location = format!("{base}/ooops?oauth_exception=access_denied");
            assert_eq!(reply.header("location"), Some(location.as_str()));
        }
    }
    scene.change_app(&json!({ "always_asks": false }));
    scene.advance(30);
    assert!(scene.authorize(&[]).redirect_parameter("code").is_some());
}

#[test]
fn the_consent_page_carries_the_whole_request_whatever_is_in_it() {
    let mut scene = Scene::new();
    let state = "\"'><script>alert(1)</script> & a=b;\u{17c}%3A+";
    let verifier = "v".repeat(43);
    let asked = [
        ("prompt", "consent"),
        ("state", state),
        ("scope", "chats--all:ro"),
        ("redirect_uri", "http://127.0.0.1:8123/callback"),
        ("code_challenge", &verifier),
    ];
    let page = scene.authorize(&asked);
    assert!(!page.text().contains("<script>"), "{}", page.text());
    let request = page.hidden("request");
    let allow = [("request", request.as_str()), ("decision", "allow")];
    let reply = scene.form("/grant-access", &allow);
    let location = reply.header("location").unwrap();
    assert!(location.starts_with("http://127.0.0.1:8123/callback?code="));
    assert_eq!(reply.redirect_parameter("state").unwrap(), state);
    let code = reply.redirect_parameter("code").unwrap();
    let redirect_uri = asked[3];
    assert_refused(
        &scene.exchange(&code, &[redirect_uri]),
        422,
        "invalid_request",
    );
    let token = scene.exchange(&code, &[redirect_uri, ("code_verifier", &verifier)]);
    assert_eq!(text(&token.json(), "/scope"), "chats--all:ro");
}

#[test]
fn a_javascript_app_gets_its_token_after_consent_too() {
    let mut scene = Scene::new();
    let client_id = scene.input("js_client_id");
    let page = scene.authorize(&[
        ("client_id", &client_id),
        ("redirect_uri", "http://localhost:4000/"),
        ("response_type", "token"),
        ("prompt", "consent"),
        ("state", "s"),
    ]);
    let request = page.hidden("request");
    let allow = [("request", request.as_str()), ("decision", "allow")];
    let reply = scene.form("/grant-access", &allow);
    let location = reply.header("location").unwrap();
    assert!(location.starts_with("http://localhost:4000/#access_token=dal%3A"));
    assert_eq!(reply.redirect_parameter("state").unwrap(), "s");
}

#[test]
fn an_answer_counts_only_of_somebody_who_could_have_been_asked() {
    let mut scene = Scene::new();
    let page = scene.authorize(&[("prompt", "consent")]);
    let request = page.hidden("request");
    let allow = [("request", request.as_str()), ("decision", "allow")];
    be(&mut scene, None);
    let reply = scene.form("/grant-access", &allow);
    assert!(
        reply.text().contains("action=\"/signin\""),
        "{}",
        reply.text()
    );
    be(&mut scene, Some(GRACE));
    scene.change_app(&json!({ "installed": false }));
    let reply = scene.form("/grant-access", &allow);
    assert!(
        reply.text().contains("action=\"/signin\""),
        "{}",
        reply.text()
    );
    be(&mut scene, Some(ALAN));
    scene.change_app(&json!({ "installed": true }));
    let reply = scene.form("/grant-access", &allow);
    assert_eq!(exception(&reply).unwrap(), "invalid_scope");
}

#[test]
fn a_user_who_cancels_denies_access_and_then_the_grant_is_missing() {
    let mut scene = Scene::new();
    scene.change_app(&json!({ "public": true }));
    be(&mut scene, Some(GRACE));
    let page = scene.authorize(&[]);
    let request = page.hidden("request");
    let reply = scene.form(
        "/grant-access",
        &[("request", &request), ("decision", "cancel")],
    );
    assert_eq!(exception(&reply).unwrap(), "access_denied");
    assert_eq!(exception(&scene.authorize(&[])).unwrap(), "missing_grant");
    let reply = scene.form(
        "/grant-access",
        &[("request", &request), ("decision", "allow")],
    );
    assert!(reply.redirect_parameter("code").is_some());
    assert!(scene.authorize(&[]).redirect_parameter("code").is_some());
}

#[test]
fn an_app_that_wants_more_than_it_was_given_misses_a_grant() {
    let mut scene = Scene::new();
    scene.change_app(&json!({ "scopes": ["chats--all:ro"] }));
    let token = scene.log_in(&[]);
    scene.change_app(&json!({ "scopes": ["chats--all:ro", "customers:own"] }));
    let refresh_token = text(&token, "/refresh_token");
    assert_refused(&scene.refresh(refresh_token, &[]), 403, "missing_grant");
    scene.code(&[]);
    assert_eq!(scene.refresh(refresh_token, &[]).status, 200);
    let path = format!("/apps/{}/consents/{ADA}", scene.input("client_id"));
    scene.admin("DELETE", &path, &json!({}));
    assert_refused(&scene.refresh(refresh_token, &[]), 403, "missing_grant");
}

#[test]
fn the_first_version_tells_the_license_and_has_its_own_errors() {
    let mut scene = Scene::new();
    let code = scene.code(&[]);
    let refused = scene.exchange_at("/token", &code, &[("client_secret", "no")]);
    assert_eq!(refused.status, 401);
    assert_eq!(
        refused.json(),
        json!({
            "oauth_exception": "unauthorized_client",
            "exception_description":
                "The client is not authorized to request a token using this method.",
        })
    );
    let token = scene.exchange_at("/token", &code, &[]).json();
    assert_eq!(token["entity_id"], "ada@example.com");
    assert_eq!(token["license_id"], 100_200_300);
    assert_eq!(
        scene
            .get_as("/v2/info", text(&token, "/access_token"))
            .status,
        200
    );
    let js = scene.input("js_client_id");
    let refused = scene.exchange_at("/token", "any", &[("client_id", &js)]);
    assert_eq!(refused.json()["oauth_exception"], "unsupported_grant_type");
    assert_eq!(scene.get("/token").status, 405);
}

#[test]
fn the_pages_without_a_purpose_of_their_own_answer() {
    let mut scene = Scene::new();
    for path in ["/signin", "/signup", "/ooops"] {
        let reply = scene.get(path);
        assert_eq!(reply.status, 200);
        assert!(
            reply
                .header("content-type")
                .unwrap()
                .starts_with("text/html")
        );
    }
    assert_eq!(
        exception(&scene.get("/grant-access")).unwrap(),
        "unauthorized_client"
    );
    assert_eq!(scene.send("POST", "/signup", &[], "").status, 405);
}
