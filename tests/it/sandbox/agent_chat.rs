//! A chat's life as agents lead it: started, spoken in, marked, closed and resumed.

use serde_json::{Value, json};

use super::client::{ADA, ALAN, Scene, assert_api_error, text};

pub fn start(scene: &mut Scene, authorization: &str) -> (String, String) {
    let started = scene.does("start_chat", authorization, &json!({}));
    (
        text(&started, "/chat_id").to_owned(),
        text(&started, "/thread_id").to_owned(),
    )
}

pub fn message(chat_id: &str, words: &str) -> Value {
    json!({ "chat_id": chat_id, "event": { "type": "message", "text": words } })
}

#[test]
fn a_chat_lives_from_start_to_archive() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let (chat_id, thread_id) = start(&mut scene, &ada);
    let listed = scene.does("list_chats", &ada, &json!({ "limit": 1 }));
    assert_eq!(text(&listed, "/chats_summary/0/id"), chat_id);
    assert_eq!(listed["found_chats"], 6);

    let sent = scene.does("send_event", &ada, &message(&chat_id, "Hello"));
    let event_id = text(&sent, "/event_id");
    assert_eq!(event_id, format!("{thread_id}_1"));
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": chat_id }));
    assert_eq!(text(&chat, "/thread/events/0/id"), event_id);
    assert_eq!(text(&chat, "/thread/events/0/text"), "Hello");
    assert_eq!(text(&chat, "/thread/events/0/author_id"), "ada@example.com");
    assert_eq!(chat["thread"]["active"], true);
    assert_eq!(chat["is_followed"], true);

    assert_eq!(
        scene.does("deactivate_chat", &ada, &json!({ "id": chat_id })),
        json!({})
    );
    let reply = scene.agent("send_event", &ada, &message(&chat_id, "Anybody?"));
    assert_api_error(&reply, 422, "chat_inactive");
    let reply = scene.agent("deactivate_chat", &ada, &json!({ "id": chat_id }));
    assert_api_error(&reply, 422, "chat_inactive");

    let resumed = scene.does("resume_chat", &ada, &json!({ "chat": { "id": chat_id } }));
    let second = text(&resumed, "/thread_id").to_owned();
    assert_ne!(second, thread_id);
    assert!(resumed.get("chat_id").is_none());
    let reply = scene.agent("resume_chat", &ada, &json!({ "chat": { "id": chat_id } }));
    assert_api_error(&reply, 422, "validation");
    scene.does("send_event", &ada, &message(&chat_id, "Back"));

    let threads = scene.does("list_threads", &ada, &json!({ "chat_id": chat_id }));
    assert_eq!(threads["found_threads"], 2);
    assert_eq!(text(&threads, "/threads/0/id"), second);
    assert_eq!(text(&threads, "/threads/0/previous_thread_id"), thread_id);
    assert_eq!(text(&threads, "/threads/1/next_thread_id"), second);
    assert_eq!(
        text(&threads, "/threads/1/events/1/system_message_type"),
        "manual_archived_agent"
    );

    let archives = scene.does("list_archives", &ada, &json!({ "limit": 1 }));
    assert_eq!(text(&archives, "/chats/0/id"), chat_id);
    assert_eq!(text(&archives, "/chats/0/thread/id"), thread_id);
    let old = json!({ "chat_id": chat_id, "thread_id": thread_id });
    let chat = scene.does("get_chat", &ada, &old);
    assert_eq!(text(&chat, "/thread/id"), thread_id);
}

#[test]
fn a_chat_starts_with_users_properties_and_first_events() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let (_, customer) = scene.new_customer();
    let body = json!({
        "chat": {
            "properties": { "source": { "type": "import" } },
            "access": { "group_ids": [0, 1] },
            "users": [
                { "id": "grace@example.com", "type": "agent" },
                { "id": customer, "type": "customer" },
            ],
            "thread": {
                "properties": { "source": { "row": 7 } },
                "events": [
                    { "type": "message", "text": "one", "custom_id": "c1" },
                    { "type": "message", "text": "two", "author_id": customer },
                ],
            },
        },
        "continuous": true,
    });
    let started = scene.does("start_chat", &ada, &body);
    let events = started["event_ids"].as_array().unwrap();
    assert_eq!(events.len(), 2);
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": started["chat_id"] }));
    assert_eq!(
        chat["properties"],
        json!({ "source": { "type": "import" } })
    );
    assert_eq!(
        chat["thread"]["properties"],
        json!({ "source": { "row": 7 } })
    );
    assert_eq!(chat["access"], json!({ "group_ids": [0, 1] }));
    assert_eq!(chat["thread"]["events"][0]["custom_id"], "c1");
    assert_eq!(chat["thread"]["events"][1]["author_id"], customer.as_str());
    let users: Vec<&str> = chat["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| text(user, "/id"))
        .collect();
    assert_eq!(users, ["ada@example.com", "grace@example.com", &customer]);
    let known = scene.does("get_customer", &ada, &json!({ "id": customer }));
    assert_eq!(known["chat_ids"], json!([started["chat_id"]]));
    assert_eq!(known["statistics"]["chats_count"], 1);
}

#[test]
fn a_chat_can_start_closed() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let started = scene.does("start_chat", &ada, &json!({ "active": false }));
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": started["chat_id"] }));
    assert_eq!(chat["thread"]["active"], false);
    let reply = scene.agent(
        "send_event",
        &ada,
        &message(text(&started, "/chat_id"), "x"),
    );
    assert_api_error(&reply, 422, "chat_inactive");
}

#[test]
fn a_chat_that_cannot_start_changes_nothing() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let busy = "e2b86f17-90cd-4e52-a3f7-5d08c4b91e76";
    let users = |users: Value| json!({ "chat": { "users": users } });
    let agents: Vec<Value> = (0..5)
        .map(|n| json!({ "id": format!("a{n}@example.com"), "type": "agent" }))
        .collect();
    let stranger = json!([{ "type": "message", "text": "x", "author_id": "grace@example.com" }]);
    let hidden = json!([{ "type": "message", "text": "x", "visibility": "agents" }]);
    let rows = [
        (
            users(json!([{ "id": busy, "type": "customer" }])),
            422,
            "limit_reached",
        ),
        (
            users(json!([{ "id": "nobody", "type": "customer" }])),
            404,
            "not_found",
        ),
        (
            users(json!([{ "id": "no@example.com", "type": "agent" }])),
            404,
            "not_found",
        ),
        (users(json!(agents)), 422, "limit_reached"),
        (
            users(json!([{ "id": busy, "type": "bot" }])),
            422,
            "validation",
        ),
        (users(json!([{ "type": "agent" }])), 422, "validation"),
        (
            json!({ "chat": { "access": { "group_ids": [9] } } }),
            403,
            "missing_access",
        ),
        (
            json!({ "chat": { "access": { "group_ids": [0, 9] } } }),
            422,
            "validation",
        ),
        (
            json!({ "chat": { "access": { "group_ids": [] } } }),
            422,
            "validation",
        ),
        (json!({ "chat": { "access": {} } }), 422, "validation"),
        (
            json!({ "chat": { "thread": { "events": stranger } } }),
            422,
            "validation",
        ),
        (
            json!({ "chat": { "thread": { "events": hidden } } }),
            422,
            "validation",
        ),
        (json!({ "chat": { "id": "PJ0MRSHTDG" } }), 422, "validation"),
        (json!({ "active": "yes" }), 422, "validation"),
    ];
    for (body, status, kind) in rows {
        assert_api_error(&scene.agent("start_chat", &ada, &body), status, kind);
    }
    assert_eq!(scene.does("list_chats", &ada, &json!({}))["found_chats"], 5);
}

#[test]
fn a_chat_needs_somebody_online_unless_it_is_continuous() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let set = |scene: &mut Scene, id: &str, status: &str| {
        let path = format!("/accounts/{id}");
        scene.admin("PATCH", &path, &json!({ "routing_status": status }));
    };
    scene.does(
        "set_routing_status",
        &ada,
        &json!({ "status": "not_accepting_chats" }),
    );
    set(&mut scene, super::client::GRACE, "offline");
    let reply = scene.agent("start_chat", &ada, &json!({}));
    assert_api_error(&reply, 422, "group_offline");
    set(&mut scene, ALAN, "not_accepting_chats");
    let reply = scene.agent("start_chat", &ada, &json!({}));
    assert_api_error(&reply, 422, "groups_offline");
    scene.does("start_chat", &ada, &json!({ "continuous": true }));
    scene.does("start_chat", &ada, &json!({ "active": false }));
}

#[test]
fn chats_out_of_reach_are_neither_read_nor_changed() {
    let mut scene = Scene::new();
    let alan = scene.token_of(ALAN, &["chats--access:rw"]);
    let ada = scene.token_of(ADA, &["chats--access:rw"]);
    scene.admin(
        "PATCH",
        &format!("/accounts/{ALAN}"),
        &json!({ "group_ids": [1] }),
    );
    // Group 0 is open to all agents, group 1 to its own.
    assert_eq!(
        scene
            .agent("get_chat", &alan, &json!({ "chat_id": "U1K6BVDR7J" }))
            .status,
        200
    );
    let sales = "S3M9LNX0PD";
    for (action, body) in [
        ("get_chat", json!({ "chat_id": sales })),
        ("list_threads", json!({ "chat_id": sales })),
        ("send_event", message(sales, "x")),
        ("deactivate_chat", json!({ "id": sales })),
        ("follow_chat", json!({ "id": sales })),
        (
            "update_chat_properties",
            json!({ "id": sales, "properties": {} }),
        ),
        (
            "start_chat",
            json!({ "chat": { "access": { "group_ids": [1] } } }),
        ),
    ] {
        assert_api_error(&scene.agent(action, &ada, &body), 403, "missing_access");
    }
    for (action, body) in [
        ("get_chat", json!({ "chat_id": "NOSUCHCHAT" })),
        ("send_event", message("NOSUCHCHAT", "x")),
        ("deactivate_chat", json!({ "id": "NOSUCHCHAT" })),
    ] {
        assert_api_error(&scene.agent(action, &ada, &body), 404, "not_found");
    }
    let wrong = json!({ "chat_id": "U1K6BVDR7J", "thread_id": "QJ4T7WZK2B" });
    assert_api_error(&scene.agent("get_chat", &ada, &wrong), 404, "not_found");
}

#[test]
fn reading_scopes_do_not_write_and_no_chat_scope_does_not_read() {
    let mut scene = Scene::new();
    let reads = scene.token_of(ADA, &["chats--all:ro"]);
    let neither = scene.token_of(ADA, &["customers:ro"]);
    for (action, body) in [
        ("start_chat", json!({})),
        ("send_event", message("U1K6BVDR7J", "x")),
        ("deactivate_chat", json!({ "id": "U1K6BVDR7J" })),
        (
            "tag_thread",
            json!({ "chat_id": "U1K6BVDR7J", "thread_id": "U1K6BVDR8K", "tag": "x" }),
        ),
        ("update_customer", json!({ "id": ADA, "name": "x" })),
        (
            "multicast",
            json!({ "recipients": { "agents": { "all": true } }, "content": 1 }),
        ),
        ("set_routing_status", json!({ "status": "accepting_chats" })),
        ("list_routing_statuses", json!({})),
    ] {
        assert_api_error(&scene.agent(action, &reads, &body), 403, "authorization");
    }
    for (action, body) in [
        ("list_threads", json!({ "chat_id": "U1K6BVDR7J" })),
        ("list_archives", json!({})),
        ("get_chat", json!({ "chat_id": "U1K6BVDR7J" })),
    ] {
        assert_api_error(&scene.agent(action, &neither, &body), 403, "authorization");
    }
}
