//! What agents do outside of chats: customers, their own status, and messages to each other.

use serde_json::{Value, json};

use super::client::{ADA, ALAN, Scene, assert_api_error, text};

#[test]
fn customers_are_read_changed_and_banned() {
    let mut scene = Scene::new();
    let token = scene.token_of(ADA, &["customers:rw", "customers.ban:rw"]);
    let jane = "3f9c2b64-8d1e-4a07-b5c2-6e1d9a0f7c31";
    let change = json!({
        "id": jane, "name": "Jane D.", "phone_number": "+48123456789",
        "session_fields": [{ "plan": "solo" }], "address": { "city": "Wrocław" },
    });
    assert_eq!(scene.does("update_customer", &token, &change), json!({}));
    let read = scene.does("get_customer", &token, &json!({ "id": jane }));
    assert_eq!(read["type"], "customer");
    for (name, value) in change.as_object().unwrap() {
        assert_eq!(&read[name], value);
    }
    assert_eq!(read["email"], "jane@example.com");
    assert_eq!(read["chat_ids"], json!(["QJ4T7WZK1A"]));
    let rows = [
        (json!({ "id": jane }), 422, "validation"),
        (json!({ "name": "x" }), 422, "validation"),
        (json!({ "id": "jane", "name": "x" }), 422, "validation"),
        (
            json!({ "id": jane, "phone_number": "123" }),
            422,
            "validation",
        ),
        (json!({ "id": jane, "email": "jane" }), 422, "validation"),
        (
            json!({ "id": jane, "session_fields": [{ "a": "1", "b": "2" }] }),
            422,
            "validation",
        ),
        (
            json!({ "id": jane, "omnichannel": { "twilio": {} } }),
            422,
            "validation",
        ),
        (
            json!({ "id": jane, "address": { "planet": "Earth" } }),
            422,
            "validation",
        ),
        (json!({ "id": ADA, "name": "x" }), 404, "not_found"),
    ];
    for (body, status, kind) in rows {
        assert_api_error(&scene.agent("update_customer", &token, &body), status, kind);
    }
    assert_api_error(
        &scene.agent("get_customer", &token, &json!({ "id": ADA })),
        404,
        "not_found",
    );
}

#[test]
fn a_banned_customer_is_not_served_until_the_ban_ends() {
    let mut scene = Scene::new();
    let ban = scene.token_of(ADA, &["customers.ban:rw"]);
    let (customer, id) = scene.new_customer();
    scene.does(
        "ban_customer",
        &ban,
        &json!({ "id": id, "ban": { "days": 3 } }),
    );
    let reply = scene.customer("list_chats", &customer, &json!({}));
    assert_api_error(&reply, 403, "customer_banned");
    let bearer = scene.bearer();
    let renew = json!({
        "grant_type": "agent_token", "client_id": scene.input("client_id"), "entity_id": id,
    });
    let reply = scene.json("POST", "/v2/customer/token", &bearer, &renew);
    assert_eq!(text(&reply.json(), "/oauth_exception"), "access_denied");
    scene.advance(3 * 24 * 3600);
    let bearer = scene.bearer();
    assert_eq!(
        scene
            .json("POST", "/v2/customer/token", &bearer, &renew)
            .status,
        200
    );
    for wrong in [
        json!({ "id": id }),
        json!({ "id": id, "ban": {} }),
        json!({ "id": id, "ban": { "days": 0 } }),
    ] {
        assert_api_error(
            &scene.agent("ban_customer", &ban, &wrong),
            422,
            "validation",
        );
    }
}

#[test]
fn agents_set_their_own_status_and_administrators_those_of_others() {
    let mut scene = Scene::new();
    let own = scene.token_of(
        ALAN,
        &["agents--my:rw", "agents--all:ro", "agents-bot--all:ro"],
    );
    let all = scene.token_of(ADA, &["agents--all:rw"]);
    scene.does(
        "set_routing_status",
        &own,
        &json!({ "status": "not_accepting_chats" }),
    );
    let other = json!({ "status": "not_accepting_chats", "agent_id": "grace@example.com" });
    assert_api_error(
        &scene.agent("set_routing_status", &own, &other),
        403,
        "authorization",
    );
    scene.does("set_routing_status", &all, &other);
    assert_eq!(
        scene.does("list_routing_statuses", &own, &json!({})),
        json!([
            { "agent_id": "ada@example.com", "status": "accepting_chats" },
            { "agent_id": "grace@example.com", "status": "not_accepting_chats" },
            { "agent_id": "alan@example.com", "status": "not_accepting_chats" },
        ])
    );
    let group = json!({ "filters": { "group_ids": [1] } });
    assert_eq!(
        scene
            .does("list_routing_statuses", &own, &group)
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let offline = json!({ "status": "offline" });
    assert_api_error(
        &scene.agent("set_routing_status", &own, &offline),
        422,
        "validation",
    );
    let nobody = json!({ "status": "accepting_chats", "agent_id": "no@example.com" });
    assert_api_error(
        &scene.agent("set_routing_status", &all, &nobody),
        404,
        "not_found",
    );
}

#[test]
fn a_multicast_names_its_recipients() {
    let mut scene = Scene::new();
    let token = scene.token_of(ADA, &["multicast:rw"]);
    let to = |agents: Value| json!({ "recipients": { "agents": agents }, "content": { "a": 1 } });
    scene.does("multicast", &token, &to(json!({ "all": true })));
    scene.does(
        "multicast",
        &token,
        &to(json!({ "ids": ["ada@example.com"], "groups": [1] })),
    );
    for wrong in [
        to(json!({})),
        to(json!({ "ids": ["no@example.com"] })),
        json!({ "recipients": {}, "content": 1 }),
        json!({ "recipients": { "customers": { "all": true } }, "content": 1 }),
        json!({ "recipients": { "agents": { "all": true } } }),
    ] {
        assert_api_error(&scene.agent("multicast", &token, &wrong), 422, "validation");
    }
}
