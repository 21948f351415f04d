//! A customer's identity on its way to another device.

use serde_json::{Value, json};

use super::client::{Reply, Scene, text};
use super::customers::{ask, assert_exception, merged};

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
