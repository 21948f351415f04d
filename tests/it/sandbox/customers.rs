//! Customers' tokens: the three grants, renewal, transfer, and what agents' tokens are not good for.

use serde_json::{Value, json};

use super::client::{Reply, Scene, text};

/// Makes sure of the error of a customer endpoint.
#[track_caller]
fn assert_exception(reply: &Reply, code: &str) {
    let body = reply.json();
    assert_eq!(
        (reply.status, text(&body, "/oauth_exception")),
        (401, code),
        "{body}"
    );
    assert!(!text(&body, "/exception_description").is_empty());
}

fn ask(scene: &mut Scene, authorization: &str, changes: Value) -> Reply {
    let body = merged(
        json!({ "grant_type": "agent_token", "client_id": scene.input("client_id") }),
        changes,
    );
    scene.json("POST", "/v2/customer/token", authorization, &body)
}

/// `base` with the members of `changes`, a `null` taking one away.
fn merged(mut base: Value, changes: Value) -> Value {
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

fn cookie_grant(scene: &mut Scene, path: &str, cookies: &str, changes: Value) -> Reply {
    let body = merged(
        json!({
            "grant_type": "cookie",
            "client_id": scene.input("client_id"),
            "organization_id": scene.input("organization_id"),
            "redirect_uri": scene.input("redirect_uri"),
        }),
        changes,
    );
    let headers = [("Content-Type", "application/json"), ("Cookie", cookies)];
    scene.send("POST", path, &headers, &body.to_string())
}

fn cookies(reply: &Reply) -> String {
    let cookies = reply
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let pairs = cookies.map(|(_, value)| value.split(';').next().unwrap());
    pairs.collect::<Vec<_>>().join("; ")
}

#[test]
fn a_browser_is_known_by_its_two_cookies() {
    let mut scene = Scene::new();
    let first = cookie_grant(&mut scene, "/v2/customer/token", "", json!({}));
    assert_eq!(first.status, 200, "{}", first.text());
    assert!(first.json().get("client_id").is_none());
    let jar = cookies(&first);
    let entity_id = text(&first.json(), "/entity_id").to_owned();
    assert!(
        jar.contains(&format!("__lc_cid={entity_id}; __lc_cst=")),
        "{jar}"
    );
    assert!(
        first
            .header("set-cookie")
            .unwrap()
            .contains("Path=/v2/customer; Expires=")
    );
    assert!(
        first
            .header("set-cookie")
            .unwrap()
            .contains("Max-Age=63072000; HttpOnly")
    );
    let again = cookie_grant(&mut scene, "/v2/customer/token", &jar, json!({}));
    assert_eq!(text(&again.json(), "/entity_id"), entity_id);
    assert_ne!(again.json()["access_token"], first.json()["access_token"]);
    let forged = format!("__lc_cid={entity_id}; __lc_cst={}", "0".repeat(76));
    let half = format!("__lc_cid={entity_id}");
    for stranger in ["", &forged, &half] {
        let reply = cookie_grant(&mut scene, "/v2/customer/token", stranger, json!({}));
        assert_ne!(text(&reply.json(), "/entity_id"), entity_id);
    }
    scene.advance(63_072_000);
    let late = cookie_grant(&mut scene, "/v2/customer/token", &jar, json!({}));
    assert_ne!(text(&late.json(), "/entity_id"), entity_id);
}

#[test]
fn the_cookie_grant_needs_the_organization_and_a_known_origin() {
    let mut scene = Scene::new();
    let path = "/v2/customer/token";
    let rows = [
        (json!({ "organization_id": null }), "invalid_request"),
        (json!({ "organization_id": "no" }), "invalid_request"),
        (json!({ "redirect_uri": null }), "unauthorized_client"),
        (
            json!({ "redirect_uri": "https://elsewhere.example/" }),
            "unauthorized_client",
        ),
    ];
    for (changes, code) in rows {
        assert_exception(&cookie_grant(&mut scene, path, "", changes), code);
    }
    let uri = "https://shop.example.com";
    let app = scene.admin(
        "POST",
        "/apps",
        &json!({ "type": "js", "redirect_uris": [uri] }),
    );
    let body = json!({
        "grant_type": "cookie",
        "client_id": text(&app, "/client_id"),
        "organization_id": scene.input("organization_id"),
    });
    let headers = [("Content-Type", "application/json"), ("Origin", uri)];
    assert_eq!(
        scene.send("POST", path, &headers, &body.to_string()).status,
        200
    );
}

#[test]
fn the_first_version_knows_the_license_rather_than_the_organization() {
    let mut scene = Scene::new();
    let old = json!({ "organization_id": null, "license_id": 100_200_300 });
    let reply = cookie_grant(&mut scene, "/customer/token", "", old);
    assert_eq!(reply.status, 200);
    assert!(
        reply
            .header("set-cookie")
            .unwrap()
            .contains("Path=/customer;")
    );
    let reply = cookie_grant(
        &mut scene,
        "/customer/token",
        "",
        json!({ "organization_id": null }),
    );
    assert_exception(&reply, "invalid_request");
}

#[test]
fn groups_can_have_customers_of_their_own() {
    let mut scene = Scene::new();
    let path = format!("/v2/customer/{}/1/token", scene.input("organization_id"));
    assert_exception(
        &cookie_grant(&mut scene, &path, "", json!({})),
        "access_denied",
    );
    scene.admin(
        "PATCH",
        "/organization",
        &json!({ "chat_between_groups": false }),
    );
    let first = cookie_grant(&mut scene, &path, "", json!({}));
    let jar = cookies(&first);
    let again = cookie_grant(&mut scene, &format!("{path}/"), &jar, json!({}));
    assert_eq!(again.json()["entity_id"], first.json()["entity_id"]);
    let elsewhere = cookie_grant(&mut scene, "/v2/customer/token", &jar, json!({}));
    assert_ne!(elsewhere.json()["entity_id"], first.json()["entity_id"]);
    for wrong in [
        "/v2/customer/no/1/token",
        &path.replace("/1/", "/99/"),
        &path.replace("/1/", "/x/"),
    ] {
        assert_exception(
            &cookie_grant(&mut scene, wrong, "", json!({})),
            "resource_not_found",
        );
    }
}

fn transfer(scene: &mut Scene, authorization: &str, changes: Value) -> Reply {
    let body = merged(
        json!({ "bearer_type": "agent", "client_id": scene.input("client_id") }),
        changes,
    );
    scene.json(
        "POST",
        "/v2/customer/identity_transfer",
        authorization,
        &body,
    )
}

fn redeem(scene: &mut Scene, code: &str, changes: Value) -> Reply {
    let body = merged(
        json!({ "grant_type": "identity_token", "client_id": scene.input("client_id"), "code": code }),
        changes,
    );
    scene.json("POST", "/v2/customer/token", "", &body)
}

#[test]
fn an_identity_moves_to_another_device_once() {
    let mut scene = Scene::new();
    let bearer = scene.bearer();
    let customer = ask(&mut scene, &bearer, json!({})).json();
    let id = text(&customer, "/entity_id");
    let by_agent = transfer(&mut scene, &bearer, json!({ "customer_id": id })).json();
    assert_eq!(by_agent["expires_in"], 3600);
    let token = format!("Bearer {}", text(&customer, "/access_token"));
    let by_customer = transfer(&mut scene, &token, json!({ "bearer_type": "customer" })).json();
    for transfer in [by_agent, by_customer] {
        let code = text(&transfer, "/identity_transfer_token");
        let moved = redeem(&mut scene, code, json!({})).json();
        assert_eq!(text(&moved, "/entity_id"), id);
        assert!(moved.get("organization_id").is_none());
        assert_exception(&redeem(&mut scene, code, json!({})), "invalid_grant");
    }
}

#[test]
fn each_check_of_an_identity_transfer_has_its_error() {
    let mut scene = Scene::new();
    let bearer = scene.bearer();
    let customer = ask(&mut scene, &bearer, json!({})).json();
    let id = text(&customer, "/entity_id").to_owned();
    let rows = [
        (json!({}), "invalid_request"),
        (json!({ "customer_id": "no" }), "resource_not_found"),
        (json!({ "bearer_type": null }), "invalid_request"),
        (json!({ "bearer_type": "bot" }), "invalid_request"),
        (json!({ "bearer_type": "customer" }), "invalid_request"),
        (json!({ "client_id": "no" }), "unauthorized_client"),
    ];
    for (changes, code) in rows {
        assert_exception(&transfer(&mut scene, &bearer, changes), code);
    }
    // The documents' own pair of verifier and challenge.
    let challenge = json!({
        "customer_id": id,
        "code_challenge": "9_r7xBQQ8RJ3NOr0AMDBqASrf5ZT41PG1qjuLEYDs-c",
    });
    let made = transfer(&mut scene, &bearer, challenge).json();
    let code = text(&made, "/identity_transfer_token");
    let js = scene.input("js_client_id");
    let rows = [
        (json!({ "code": null }), "invalid_request"),
        (json!({ "code": "no" }), "invalid_grant"),
        (json!({ "client_id": js }), "invalid_client"),
        (json!({}), "invalid_request"),
        (json!({ "code_verifier": "no" }), "invalid_grant"),
    ];
    for (changes, error) in rows {
        assert_exception(&redeem(&mut scene, code, changes), error);
    }
    let right = json!({ "code_verifier": "y4jtqb2noru3vc23pefs" });
    assert_eq!(redeem(&mut scene, code, right).status, 200);
    let made = transfer(&mut scene, &bearer, json!({ "customer_id": id })).json();
    scene.advance(3600);
    let late = redeem(
        &mut scene,
        text(&made, "/identity_transfer_token"),
        json!({}),
    );
    assert_exception(&late, "invalid_grant");
}
