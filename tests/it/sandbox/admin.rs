//! The sandbox's own surface: it sets the scene, and says what is wrong with what it is told.

use serde_json::{Value, json};

use super::client::{ADA, ALAN, Scene, assert_api_error, text};

/// A request to the admin surface, the status of its refusal and the reason.
type Refusal<'a> = (&'a str, &'a str, Value, u16, &'a str);

fn assert_refusals(rows: &[Refusal<'_>]) {
    let mut scene = Scene::new();
    for (method, path, body, status, message) in rows {
        let reply = scene.json(method, &format!("/_admin{path}"), "", body);
        let refusal = (reply.status, text(&reply.json(), "/error").to_owned());
        assert_eq!(refusal, (*status, (*message).to_owned()), "{path} {body}");
    }
}

#[test]
fn every_request_that_the_surface_lists_is_served_and_no_other() {
    let mut scene = Scene::new();
    let listed = scene.admin("GET", "", &json!({}));
    let listed = listed.as_array().unwrap();
    assert_eq!(&scene.admin("GET", "/", &json!({})), &json!(listed));
    let pairs: Vec<(&str, &str)> = listed
        .iter()
        .map(|line| (text(line, "/method"), text(line, "/path")))
        .collect();
    for (_, path) in &pairs {
        for method in ["GET", "POST", "PATCH", "PUT", "DELETE"] {
            let reply = scene.json(method, path, "", &json!({}));
            // A `{client_id}` is of no app, so what is served may be a 404 too.
            let served = reply.status != 405;
            assert_eq!(served, pairs.contains(&(method, path)), "{method} {path}");
            assert!(
                !reply.text().contains("not part of the admin surface"),
                "{path}"
            );
        }
    }
    assert_eq!(scene.get("/_adminapps").status, 404);
}

#[test]
fn apps_are_made_listed_and_changed() {
    let mut scene = Scene::new();
    let app = scene.admin(
        "POST",
        "/apps",
        &json!({ "name": "Mine", "scopes": ["customers:own"] }),
    );
    assert_eq!(
        (text(&app, "/type"), text(&app, "/name")),
        ("server", "Mine")
    );
    assert_eq!(app["redirect_uris"], json!(["https://localhost"]));
    assert_eq!(app["scopes"], json!(["customers:own"]));
    assert_eq!(text(&app, "/client_id").len(), 32);
    assert_eq!(
        scene
            .admin("GET", "/apps", &json!({}))
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let path = format!("/apps/{}", text(&app, "/client_id"));
    let changed = scene.admin("PATCH", &path, &json!({ "type": "js", "public": true }));
    assert_eq!(
        (&changed["type"], &changed["public"]),
        (&json!("js"), &json!(true))
    );
    assert_eq!(changed["client_secret"], app["client_secret"]);
}

#[test]
fn agents_are_made_and_changed() {
    let mut scene = Scene::new();
    let agent = json!({ "email": "eve@example.com", "role": "administrator", "group_ids": [1] });
    let account = scene.admin("POST", "/accounts", &agent);
    let path = format!("/accounts/{}", text(&account, "/account_id"));
    let changed = scene.admin("PATCH", &path, &json!({ "name": "Eve", "role": "normal" }));
    assert_eq!(
        (text(&changed, "/name"), text(&changed, "/role")),
        ("Eve", "normal")
    );
    assert_eq!(changed["group_ids"], json!([1]));
    assert_eq!(
        scene
            .admin("GET", "/accounts", &json!({}))
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn personal_access_tokens_have_their_scopes_and_their_accounts_role() {
    let mut scene = Scene::new();
    let rows = [
        (ALAN, json!(["chats--access:ro"]), 200),
        (ALAN, json!(["chats--all:ro"]), 403),
        (ADA, json!(["chats--all:ro"]), 200),
        (ADA, json!(["customers:ro"]), 403),
    ];
    for (account_id, scopes, status) in rows {
        let settings = json!({ "account_id": account_id, "scopes": scopes });
        let pat = scene.admin("POST", "/pats", &settings);
        let basic = format!("Basic {}", text(&pat, "/basic"));
        assert_eq!(
            scene.agent("list_chats", &basic, &json!({})).status,
            status,
            "{settings}"
        );
        let path = format!("/pats/{}", text(&pat, "/pat"));
        scene.admin("DELETE", &path, &json!({}));
        let reply = scene.agent("list_chats", &basic, &json!({}));
        assert_api_error(&reply, 401, "authentication");
    }
}

#[test]
fn apps_and_accounts_that_cannot_be_are_refused_with_the_reason() {
    assert_refusals(&[
        (
            "POST",
            "/apps",
            json!({ "redirect_uris": ["no"] }),
            422,
            "`no` cannot be a redirect URI",
        ),
        (
            "POST",
            "/apps",
            json!({ "scopes": ["no"] }),
            422,
            "`no` is not a scope",
        ),
        (
            "POST",
            "/apps",
            json!({ "author": "no" }),
            422,
            "there is no account `no`",
        ),
        ("PATCH", "/apps/no", json!({}), 404, "there is no app `no`"),
        ("POST", "/accounts", json!({}), 422, "`email` is required"),
        (
            "POST",
            "/accounts",
            json!({ "email": "ada@example.com" }),
            422,
            "`ada@example.com` is taken or no e-mail",
        ),
        (
            "POST",
            "/accounts",
            json!({ "email": "e@x.io", "group_ids": [7] }),
            422,
            "there is no group 7",
        ),
        (
            "PATCH",
            "/accounts/no",
            json!({}),
            404,
            "there is no account `no`",
        ),
        (
            "POST",
            "/pats",
            json!({ "account_id": "no", "scopes": [] }),
            404,
            "there is no account `no`",
        ),
        (
            "DELETE",
            "/pats/no",
            json!({}),
            404,
            "there is no personal access token `no`",
        ),
    ]);
}

#[test]
fn scenes_that_cannot_be_set_are_refused_with_the_reason() {
    assert_refusals(&[
        (
            "POST",
            "/identity",
            json!({}),
            422,
            "either `logged_in` or `exception` is required",
        ),
        (
            "POST",
            "/identity",
            json!({ "logged_in": "no" }),
            404,
            "there is no account `no`",
        ),
        (
            "PATCH",
            "/organization",
            json!({ "region": "a b" }),
            422,
            "`region` must consist of letters, digits and `-`",
        ),
        (
            "POST",
            "/faults",
            json!({ "error": "no" }),
            422,
            "`no` is not an error",
        ),
        (
            "POST",
            "/faults",
            json!({}),
            422,
            "`error`, `delay_ms` or `hang_up` is required, once or more",
        ),
        (
            "PUT",
            "/clock",
            json!({}),
            405,
            "`PUT` is not for `/_admin/clock`",
        ),
        (
            "GET",
            "/nowhere",
            json!({}),
            404,
            "`/_admin/nowhere` is not part of the admin surface, which `GET /_admin` lists",
        ),
    ]);
    let mut scene = Scene::new();
    let reply = scene.json("POST", "/_admin/clock", "", &json!({ "second": 1 }));
    assert!(text(&reply.json(), "/error").contains("unknown field `second`"));
}

#[test]
fn a_reset_keeps_the_secrets_that_were_handed_out() {
    let mut scene = Scene::new();
    let bearer = scene.bearer();
    scene.admin("POST", "/apps", &json!({}));
    scene.admin("POST", "/identity", &json!({ "logged_in": null }));
    scene.admin("POST", "/reset", &json!({}));
    assert_eq!(
        scene
            .admin("GET", "/apps", &json!({}))
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_api_error(
        &scene.agent("list_chats", &bearer, &json!({})),
        401,
        "authentication",
    );
    scene.log_in(&[]);
    let basic = scene.basic();
    assert_eq!(scene.agent("list_chats", &basic, &json!({})).status, 200);
}

#[test]
fn every_answer_but_the_admin_surfaces_has_an_id_for_debugging() {
    let mut scene = Scene::new();
    for path in [
        "/ooops",
        "/v2/info",
        "/v3.6/agent/action/list_chats",
        "/nowhere",
    ] {
        let reply = scene.get(path);
        assert!(
            uuid::Uuid::parse_str(reply.header("x-debug-id").unwrap()).is_ok(),
            "{path}"
        );
    }
    assert!(scene.get("/_admin/clock").header("x-debug-id").is_none());
}
