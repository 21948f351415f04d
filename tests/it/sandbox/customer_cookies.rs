//! Customers whom their browsers' cookies tell apart.

use serde_json::{Value, json};

use super::client::{Reply, Scene, text};
use super::customers::{assert_exception, merged};

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
