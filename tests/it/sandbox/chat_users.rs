//! Who takes part in chats: agents come, go and hand on; customers are known, changed and banned.

use serde_json::{Value, json};

use super::client::{ALAN, GRACE, Scene, assert_api_error, text};

const OPEN: &str = "U1K6BVDR7J";
const SALES: &str = "S3M9LNX0PD";

fn present(chat: &Value) -> Vec<String> {
    let users = chat["users"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|user| user["present"] == true);
    users.map(|user| text(user, "/id").to_owned()).collect()
}

fn add(chat_id: &str, user_id: &str, kind: &str, visibility: &str) -> Value {
    json!({ "chat_id": chat_id, "user_id": user_id, "user_type": kind, "visibility": visibility })
}

#[test]
fn agents_join_and_leave_an_open_chat() {
    let mut scene = Scene::new();
    let ada = scene.basic();
    scene.does(
        "add_user_to_chat",
        &ada,
        &add(OPEN, "grace@example.com", "agent", "agents"),
    );
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": OPEN }));
    assert!(present(&chat).contains(&"grace@example.com".to_owned()));
    let events = chat["thread"]["events"].as_array().unwrap();
    assert_eq!(
        text(events.last().unwrap(), "/system_message_type"),
        "agent_added"
    );
    let grace = scene.token_of(GRACE, &["chats--all:rw"]);
    let say = |visibility: &str| {
        let event = json!({ "type": "message", "text": "x", "visibility": visibility });
        json!({ "chat_id": OPEN, "event": event })
    };
    assert_api_error(
        &scene.agent("send_event", &grace, &say("all")),
        403,
        "authorization",
    );
    scene.does("send_event", &grace, &say("agents"));
    let remove = json!({ "chat_id": OPEN, "user_id": "grace@example.com", "user_type": "agent" });
    scene.does("remove_user_from_chat", &ada, &remove);
    assert_api_error(
        &scene.agent("remove_user_from_chat", &ada, &remove),
        404,
        "not_found",
    );
    assert_api_error(
        &scene.agent("send_event", &grace, &say("agents")),
        403,
        "authorization",
    );
}

#[test]
fn users_who_cannot_be_added_or_removed_are_refused() {
    let mut scene = Scene::new();
    let ada = scene.basic();
    let busy = "3f9c2b64-8d1e-4a07-b5c2-6e1d9a0f7c31";
    let customer = "e2b86f17-90cd-4e52-a3f7-5d08c4b91e76";
    scene.admin(
        "PATCH",
        &format!("/accounts/{ALAN}"),
        &json!({ "group_ids": [1] }),
    );
    let rows = [
        (
            add(OPEN, "grace@example.com", "agent", "all"),
            422,
            "limit_reached",
        ),
        (
            add(OPEN, "ada@example.com", "agent", "all"),
            422,
            "validation",
        ),
        (add(OPEN, busy, "customer", "all"), 422, "limit_reached"),
        (add(OPEN, busy, "customer", "agents"), 422, "validation"),
        (
            add(OPEN, "no@example.com", "agent", "agents"),
            404,
            "not_found",
        ),
        (
            add(OPEN, "grace@example.com", "bot", "all"),
            422,
            "validation",
        ),
        (
            add("QJ4T7WZK1A", "grace@example.com", "agent", "all"),
            422,
            "chat_inactive",
        ),
        (
            add(SALES, "ada@example.com", "agent", "agents"),
            403,
            "authorization",
        ),
        (
            json!({ "chat_id": OPEN, "user_id": "grace@example.com", "user_type": "agent" }),
            422,
            "validation",
        ),
    ];
    for (body, status, kind) in rows {
        assert_api_error(&scene.agent("add_user_to_chat", &ada, &body), status, kind);
    }
    let mut ignoring = add(SALES, "ada@example.com", "agent", "agents");
    ignoring["ignore_requester_presence"] = json!(true);
    assert_api_error(
        &scene.agent("add_user_to_chat", &ada, &ignoring),
        403,
        "missing_access",
    );
    ignoring["user_id"] = json!("grace@example.com");
    scene.does("add_user_to_chat", &ada, &ignoring);
    let remove = json!({ "chat_id": OPEN, "user_id": customer, "user_type": "customer" });
    assert_api_error(
        &scene.agent("remove_user_from_chat", &ada, &remove),
        422,
        "validation",
    );
    let absent = json!({ "chat_id": SALES, "user_id": "alan@example.com", "user_type": "agent" });
    assert_api_error(
        &scene.agent("remove_user_from_chat", &ada, &absent),
        403,
        "authorization",
    );
}

#[test]
fn a_customer_can_be_brought_into_a_chat_without_one() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let (authorization, id) = scene.new_customer();
    let started = scene.does("start_chat", &ada, &json!({}));
    let chat_id = text(&started, "/chat_id");
    scene.does(
        "add_user_to_chat",
        &ada,
        &add(chat_id, &id, "customer", "all"),
    );
    let chats = scene.customer_does("list_chats", &authorization, &json!({}));
    assert_eq!(text(&chats, "/chats_summary/0/id"), chat_id);
    let reply = scene.customer("start_chat", &authorization, &json!({}));
    assert_api_error(&reply, 422, "limit_reached");
}

#[test]
fn only_those_who_take_part_close_a_chat_unless_told_otherwise() {
    let mut scene = Scene::new();
    let ada = scene.basic();
    let reply = scene.agent("deactivate_chat", &ada, &json!({ "id": SALES }));
    assert_api_error(&reply, 403, "authorization");
    assert_eq!(
        text(&reply.json(), "/error/message"),
        "Requester is not user of the chat"
    );
    scene.does(
        "deactivate_chat",
        &ada,
        &json!({ "id": SALES, "ignore_requester_presence": true }),
    );
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": SALES }));
    assert_eq!(chat["thread"]["active"], false);
    assert!(present(&chat).is_empty());
}

#[test]
fn a_chat_is_handed_to_an_agent_or_to_a_group() {
    let mut scene = Scene::new();
    let ada = scene.basic();
    let to = |kind: &str, ids: Value| json!({ "id": OPEN, "target": { "type": kind, "ids": ids } });
    scene.does(
        "transfer_chat",
        &ada,
        &to("agent", json!(["grace@example.com"])),
    );
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": OPEN }));
    assert_eq!(present(&chat)[1..], ["grace@example.com"]);
    let events = chat["thread"]["events"].as_array().unwrap();
    assert_eq!(
        text(events.last().unwrap(), "/text"),
        "Ada Lovelace transferred the chat to Grace Hopper"
    );
    let again = to("group", json!([1]));
    assert_api_error(
        &scene.agent("transfer_chat", &ada, &again),
        403,
        "authorization",
    );
    let grace = scene.token_of(GRACE, &["chats--all:rw"]);
    scene.does("transfer_chat", &grace, &again);
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": OPEN }));
    assert_eq!(chat["access"], json!({ "group_ids": [1] }));
    assert_eq!(present(&chat)[1..], ["alan@example.com"]);
}

#[test]
fn a_transfer_that_nobody_can_take_is_refused() {
    let mut scene = Scene::new();
    let ada = scene.basic();
    for id in [GRACE, ALAN] {
        let path = format!("/accounts/{id}");
        scene.admin(
            "PATCH",
            &path,
            &json!({ "routing_status": "not_accepting_chats" }),
        );
    }
    scene.admin(
        "PATCH",
        &format!("/accounts/{ALAN}"),
        &json!({ "group_ids": [0] }),
    );
    let to = |kind: &str, ids: Value| json!({ "id": OPEN, "target": { "type": kind, "ids": ids } });
    let rows = [
        (
            to("agent", json!(["grace@example.com"])),
            422,
            "agent_offline",
        ),
        (to("group", json!([1])), 422, "agent_offline"),
        (json!({ "id": OPEN }), 422, "agent_offline"),
        (to("group", json!([9])), 404, "not_found"),
        (to("agent", json!(["no@example.com"])), 404, "not_found"),
        (to("agent", json!([])), 422, "validation"),
        (to("team", json!([1])), 422, "validation"),
        (
            json!({ "id": OPEN, "target": { "type": "group" } }),
            422,
            "validation",
        ),
        (json!({ "id": "QJ4T7WZK1A" }), 422, "chat_inactive"),
        (json!({ "id": SALES }), 403, "authorization"),
    ];
    for (body, status, kind) in rows {
        assert_api_error(&scene.agent("transfer_chat", &ada, &body), status, kind);
    }
    let mut anyway = to("agent", json!(["grace@example.com"]));
    anyway["ignore_agents_availability"] = json!(true);
    scene.does("transfer_chat", &ada, &anyway);
    let sales = json!({
        "id": SALES, "target": { "type": "agent", "ids": ["ada@example.com"] },
        "ignore_requester_presence": true,
    });
    assert_api_error(
        &scene.agent("transfer_chat", &ada, &sales),
        403,
        "missing_access",
    );
}

#[test]
fn agents_for_a_transfer_come_with_their_chats_the_least_busy_first() {
    let mut scene = Scene::new();
    let ada = scene.basic();
    let list = scene.does(
        "list_agents_for_transfer",
        &ada,
        &json!({ "chat_id": OPEN }),
    );
    assert_eq!(
        list,
        json!([
            { "agent_id": "grace@example.com", "total_active_chats": 0 },
            { "agent_id": "alan@example.com", "total_active_chats": 1 },
        ])
    );
    scene.admin(
        "PATCH",
        &format!("/accounts/{GRACE}"),
        &json!({ "routing_status": "offline" }),
    );
    let list = scene.does(
        "list_agents_for_transfer",
        &ada,
        &json!({ "chat_id": OPEN }),
    );
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[test]
fn a_chat_is_followed_and_left_alone() {
    let mut scene = Scene::new();
    let ada = scene.basic();
    let followed = |scene: &mut Scene, id: &str| {
        scene.does("get_chat", &ada, &json!({ "chat_id": id }))["is_followed"].clone()
    };
    assert_eq!(followed(&mut scene, "QJ4T7WZK1A"), false);
    scene.does("follow_chat", &ada, &json!({ "id": "QJ4T7WZK1A" }));
    assert_eq!(followed(&mut scene, "QJ4T7WZK1A"), true);
    scene.does("unfollow_chat", &ada, &json!({ "id": "QJ4T7WZK1A" }));
    assert_eq!(followed(&mut scene, "QJ4T7WZK1A"), false);
    assert_api_error(
        &scene.agent("unfollow_chat", &ada, &json!({ "id": OPEN })),
        422,
        "validation",
    );
}

#[test]
fn events_are_marked_as_seen_by_those_who_take_part() {
    let mut scene = Scene::new();
    let ada = scene.basic();
    let seen = |id: &str, at: &str| json!({ "chat_id": id, "seen_up_to": at });
    scene.does(
        "mark_events_as_seen",
        &ada,
        &seen(OPEN, "2026-06-15T11:50:00Z"),
    );
    // What was seen stays seen.
    scene.does(
        "mark_events_as_seen",
        &ada,
        &seen(OPEN, "2026-06-15T11:45:00Z"),
    );
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": OPEN }));
    let agent = chat["users"]
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["type"] == "agent");
    assert_eq!(
        agent.unwrap()["events_seen_up_to"],
        "2026-06-15T11:50:00.000000Z"
    );
    let reply = scene.agent(
        "mark_events_as_seen",
        &ada,
        &seen(SALES, "2026-06-15T11:50:00Z"),
    );
    assert_api_error(&reply, 403, "authorization");
    let reply = scene.agent("mark_events_as_seen", &ada, &seen(OPEN, "noon"));
    assert_api_error(&reply, 422, "validation");
}
