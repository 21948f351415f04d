//! What a chat widget asks before anybody says a word.

use serde_json::json;

use super::client::{Scene, assert_api_error, text};
use super::customer_chat::start;

#[test]
fn a_widget_learns_who_is_there_and_what_to_ask() {
    let mut scene = Scene::new();
    let (customer, _) = scene.new_customer();
    let some = scene.customer_does(
        "list_group_statuses",
        &customer,
        &json!({ "group_ids": [1, 9] }),
    );
    assert_eq!(some, json!({ "groups_status": { "1": "online" } }));
    let predicted = scene.customer_does("get_predicted_agent", &customer, &json!({}));
    assert_eq!(
        (&predicted["queue"], &predicted["agent"]["is_bot"]),
        (&json!(false), &json!(false))
    );
    let welcome = scene.customer_does(
        "request_welcome_message",
        &customer,
        &json!({ "id": "w", "group_id": 1 }),
    );
    assert_eq!(welcome["id"], "w");
    assert_eq!(text(&welcome, "/predicted_agent/type"), "agent");
    let form = scene.customer_does(
        "get_form",
        &customer,
        &json!({ "group_id": 0, "type": "prechat" }),
    );
    assert_eq!(form["enabled"], true);
    let form = scene.customer_does(
        "get_form",
        &customer,
        &json!({ "group_id": 0, "type": "postchat" }),
    );
    assert_eq!(form, json!({ "enabled": false }));
    let url = scene.customer_does(
        "get_url_info",
        &customer,
        &json!({ "url": "https://example.com/a" }),
    );
    assert_eq!(url["title"], "example.com");
    let goals = json!({ "session_fields": [], "group_id": 0, "page_url": "https://example.com" });
    assert_eq!(
        scene.customer_does("check_goals", &customer, &goals),
        json!({})
    );
}

#[test]
fn a_widget_that_asks_wrongly_is_told_so() {
    let mut scene = Scene::new();
    let (customer, _) = scene.new_customer();
    for (action, body, status, kind) in [
        ("list_group_statuses", json!({}), 422, "validation"),
        (
            "get_form",
            json!({ "group_id": 9, "type": "prechat" }),
            404,
            "group_not_found",
        ),
        (
            "get_form",
            json!({ "group_id": 0, "type": "quiz" }),
            422,
            "validation",
        ),
        ("get_url_info", json!({ "url": "no" }), 422, "validation"),
        (
            "check_goals",
            json!({ "group_id": 0, "page_url": "x" }),
            422,
            "validation",
        ),
        (
            "accept_greeting",
            json!({ "greeting_id": 7, "unique_id": "x" }),
            404,
            "greeting_not_found",
        ),
        (
            "cancel_greeting",
            json!({ "unique_id": "x" }),
            404,
            "greeting_not_found",
        ),
        ("cancel_greeting", json!({}), 422, "validation"),
        ("list_dogs", json!({}), 404, "not_found"),
    ] {
        assert_api_error(&scene.customer(action, &customer, &body), status, kind);
    }
}

#[test]
fn what_every_visitor_may_read_needs_no_token() {
    let mut scene = Scene::new();
    let organization = scene.input("organization_id");
    let mut get = |action: &str, query: &str| {
        scene.get(&format!(
            "/v3.6/customer/action/{action}?organization_id={organization}{query}"
        ))
    };
    let dynamic = get("get_dynamic_configuration", "").json();
    assert_eq!(text(&dynamic, "/organization_id").len(), 36);
    assert_eq!(dynamic["livechat"]["online_group_ids"], json!([0, 1]));
    let version = text(&dynamic, "/livechat/config_version");
    let query = format!("&group_id=0&version={version}");
    assert!(get("get_configuration", &query).json()["buttons"].is_array());
    let phrases = get("get_localization", &format!("{query}&language=en"));
    assert_eq!(phrases.status, 200);
    let namespace = "81e8a326ec4a63252faa0ae6f660c0c8";
    let named = format!("&namespace={namespace}&name=theme");
    let license = get("list_license_properties", &named).json();
    assert_eq!(license, json!({ namespace: { "theme": "light" } }));
    let other = get("list_license_properties", "&namespace=other").json();
    assert_eq!(other, json!({}));
    assert_api_error(
        &get("list_license_properties", "&name=theme"),
        422,
        "validation",
    );
    let group = get("list_group_properties", "&id=1").json();
    assert_eq!(group, json!({ namespace: { "currency": "EUR" } }));
    assert_api_error(&get("list_group_properties", ""), 422, "validation");
    assert_api_error(
        &get("list_group_properties", "&id=9"),
        404,
        "group_not_found",
    );
    assert_api_error(
        &get("get_configuration", "&group_id=0&version=1"),
        404,
        "not_found",
    );
    assert_api_error(&get("get_localization", &query), 422, "validation");
    assert_api_error(&get("list_chats", ""), 405, "not_allowed");
    let bare = scene.get("/v3.6/customer/action/list_license_properties");
    assert_api_error(&bare, 422, "validation");
}

#[test]
fn without_anybody_online_a_chat_starts_only_as_continuous() {
    let mut scene = Scene::new();
    let (customer, _) = scene.new_customer();
    for account in scene
        .admin("GET", "/accounts", &json!({}))
        .as_array()
        .unwrap()
    {
        let path = format!("/accounts/{}", text(account, "/account_id"));
        scene.admin("PATCH", &path, &json!({ "routing_status": "offline" }));
    }
    let reply = scene.customer("start_chat", &customer, &json!({}));
    assert_api_error(&reply, 422, "groups_offline");
    assert_api_error(
        &scene.customer("get_predicted_agent", &customer, &json!({})),
        422,
        "group_offline",
    );
    let statuses = scene.customer_does("list_group_statuses", &customer, &json!({ "all": true }));
    assert_eq!(
        statuses,
        json!({ "groups_status": { "0": "offline", "1": "offline" } })
    );
    let (chat_id, _) = start(&mut scene, &customer);
    let chat = scene.customer_does("get_chat", &customer, &json!({ "chat_id": chat_id }));
    assert_eq!(chat["users"].as_array().unwrap().len(), 1);
}
