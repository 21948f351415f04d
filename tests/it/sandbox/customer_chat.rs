//! The Customer Chat API: a customer's one chat, seen from the customer's side.

use serde_json::{Value, json};

use super::client::{GRACE, Reply, Scene, assert_api_error, text};

fn message(chat_id: &str, words: &str) -> Value {
    let event = json!({ "type": "message", "text": words, "recipients": "all" });
    json!({ "chat_id": chat_id, "event": event })
}

pub fn start(scene: &mut Scene, customer: &str) -> (String, String) {
    let started = scene.customer_does("start_chat", customer, &json!({ "continuous": true }));
    (
        text(&started, "/chat_id").to_owned(),
        text(&started, "/thread_id").to_owned(),
    )
}

#[test]
fn a_customer_starts_speaks_closes_and_resumes() {
    let mut scene = Scene::new();
    let (customer, id) = scene.new_customer();
    assert_eq!(
        scene.customer_does("list_chats", &customer, &json!({})),
        json!({ "chats_summary": [], "total_chats": 0 })
    );
    let (chat_id, thread_id) = start(&mut scene, &customer);
    let sent = scene.customer_does("send_event", &customer, &message(&chat_id, "Hello"));
    let threads = scene.customer_does("list_threads", &customer, &json!({ "chat_id": chat_id }));
    let event = &threads["threads"][0]["events"][0];
    assert_eq!(event["id"], sent["event_id"]);
    assert_eq!(event["recipients"], "all");
    assert!(event.get("visibility").is_none());
    assert_eq!(event["author_id"], id.as_str());
    let reply = scene.customer("start_chat", &customer, &json!({ "continuous": true }));
    assert_api_error(&reply, 422, "limit_reached");
    assert_eq!(
        scene.customer_does("deactivate_chat", &customer, &json!({ "id": chat_id })),
        json!({})
    );
    let reply = scene.customer("send_event", &customer, &message(&chat_id, "x"));
    assert_api_error(&reply, 422, "chat_inactive");
    let mut attached = message(&chat_id, "P.S.");
    attached["attach_to_last_thread"] = json!(true);
    scene.customer_does("send_event", &customer, &attached);
    let resumed = scene.customer_does(
        "resume_chat",
        &customer,
        &json!({ "chat": { "id": chat_id } }),
    );
    let list = scene.customer_does("list_chats", &customer, &json!({}));
    assert_eq!(list["total_chats"], 1);
    let summary = &list["chats_summary"][0];
    assert_eq!(summary["last_thread_id"], resumed["thread_id"]);
    assert_eq!(summary["active"], true);
    assert_eq!(
        text(summary, "/last_event_per_type/message/event/text"),
        "P.S."
    );
    assert_eq!(
        text(summary, "/last_event_per_type/message/thread_id"),
        thread_id
    );
    let old = json!({ "chat_id": chat_id, "thread_id": thread_id });
    let chat = scene.customer_does("get_chat", &customer, &old);
    let closing = chat["thread"]["events"][1].clone();
    assert_eq!(closing["system_message_type"], "manual_archived_customer");
}

#[test]
fn agents_and_customers_see_each_others_words_but_not_everything() {
    let mut scene = Scene::new();
    let (customer, _) = scene.new_customer();
    let (chat_id, _) = start(&mut scene, &customer);
    let chat = scene.customer_does("get_chat", &customer, &json!({ "chat_id": chat_id }));
    let agent = &chat["users"][1];
    assert_eq!(agent["type"], "agent");
    assert_eq!(text(agent, "/id").len(), 32);
    assert!(agent.get("email").is_none() && agent.get("job_title").is_some());
    let everybody = scene.basic();
    let seen = scene.does("get_chat", &everybody, &json!({ "chat_id": chat_id }));
    let email = text(&seen, "/users/1/id").to_owned();
    assert!(email.ends_with("@example.com"));
    let accounts = scene.admin("GET", "/accounts", &json!({}));
    let assigned = accounts
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["email"] == email.as_str());
    let token = scene.token_of(text(assigned.unwrap(), "/account_id"), &["chats--all:rw"]);
    for (words, visibility) in [("Hello", "all"), ("Between us", "agents")] {
        let event = json!({ "type": "message", "text": words, "visibility": visibility });
        scene.does(
            "send_event",
            &token,
            &json!({ "chat_id": chat_id, "event": event }),
        );
    }
    let chat = scene.customer_does("get_chat", &customer, &json!({ "chat_id": chat_id }));
    let events = chat["thread"]["events"].as_array().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["author_id"], agent["id"]);
    assert_eq!(chat["thread"]["user_ids"][1], agent["id"]);
    assert!(!chat.to_string().contains(&email));
}

#[test]
fn what_a_customer_takes_back_agents_still_see_by_their_role() {
    let mut scene = Scene::new();
    let (customer, _) = scene.new_customer();
    let (chat_id, thread_id) = start(&mut scene, &customer);
    let sent = scene.customer_does("send_event", &customer, &message(&chat_id, "Oops"));
    let which = json!({ "chat_id": chat_id, "thread_id": thread_id, "event_id": sent["event_id"] });
    assert_eq!(
        scene.customer_does("delete_event", &customer, &which),
        json!({})
    );
    assert_api_error(
        &scene.customer("delete_event", &customer, &which),
        404,
        "not_found",
    );
    let chat = scene.customer_does("get_chat", &customer, &json!({ "chat_id": chat_id }));
    assert_eq!(chat["thread"]["events"], json!([]));
    let owner = scene.basic();
    let chat = scene.does("get_chat", &owner, &json!({ "chat_id": chat_id }));
    let event = &chat["thread"]["events"][0];
    assert_eq!(
        (&event["deleted"], &event["text"]),
        (&json!(true), &json!("Oops"))
    );
    scene.admin(
        "PATCH",
        &format!("/accounts/{GRACE}"),
        &json!({ "role": "normal" }),
    );
    let normal = scene.token_of(GRACE, &["chats--access:ro"]);
    let chat = scene.does("get_chat", &normal, &json!({ "chat_id": chat_id }));
    let event = &chat["thread"]["events"][0];
    assert_eq!(event["deleted"], true);
    assert!(event.get("text").is_none());
}

#[test]
fn another_customers_chat_is_out_of_reach() {
    let mut scene = Scene::new();
    let (customer, _) = scene.new_customer();
    let (own, thread_id) = start(&mut scene, &customer);
    let foreign = "U1K6BVDR7J";
    for (action, body) in [
        ("get_chat", json!({ "chat_id": foreign })),
        ("list_threads", json!({ "chat_id": foreign })),
        ("send_event", message(foreign, "x")),
        ("deactivate_chat", json!({ "id": foreign })),
        ("resume_chat", json!({ "chat": { "id": foreign } })),
        (
            "update_chat_properties",
            json!({ "id": foreign, "properties": {} }),
        ),
        (
            "mark_events_as_seen",
            json!({ "chat_id": foreign, "seen_up_to": "2026-06-15T11:50:00Z" }),
        ),
    ] {
        assert_api_error(
            &scene.customer(action, &customer, &body),
            403,
            "authorization",
        );
    }
    let absent = json!({ "chat_id": "NOSUCHCHAT" });
    assert_api_error(
        &scene.customer("get_chat", &customer, &absent),
        404,
        "not_found",
    );
    let mixed = json!({ "chat_id": own, "thread_id": "U1K6BVDR8K" });
    assert_api_error(
        &scene.customer("get_chat", &customer, &mixed),
        404,
        "not_found",
    );
    let system = json!({ "chat_id": own, "thread_id": thread_id, "event_id": "none" });
    assert_api_error(
        &scene.customer("delete_event", &customer, &system),
        404,
        "not_found",
    );
}

#[test]
fn the_organization_must_be_named_and_the_token_be_a_customers() {
    let mut scene = Scene::new();
    let (customer, _) = scene.new_customer();
    let mut call = |query: &str, authorization: &str| -> Reply {
        let target = format!("/v3.6/customer/action/list_chats{query}");
        scene.json("POST", &target, authorization, &json!({}))
    };
    let reply = call("", &customer);
    assert_api_error(&reply, 422, "validation");
    assert_eq!(
        text(&reply.json(), "/error/message"),
        "`organization_id` is required"
    );
    assert_api_error(
        &call("?organization_id=no", &customer),
        401,
        "authentication",
    );
    assert_api_error(
        &call("?organization_id=a&organization_id=a", &customer),
        422,
        "validation",
    );
    assert_api_error(&call("", "Bearer nobody"), 401, "authentication");
    let bare = customer.strip_prefix("Bearer ").unwrap();
    assert_api_error(&call("", bare), 401, "authentication");
    scene.advance(28_800);
    assert_api_error(
        &scene.customer("list_chats", &customer, &json!({})),
        401,
        "authentication",
    );
}

#[test]
fn a_customer_changes_what_is_known_of_them() {
    let mut scene = Scene::new();
    let (customer, id) = scene.new_customer();
    let fields = json!([{ "plan": "team" }, { "order": "7" }]);
    scene.customer_does(
        "set_customer_session_fields",
        &customer,
        &json!({ "session_fields": fields }),
    );
    scene.customer_does(
        "update_customer",
        &customer,
        &json!({ "name": "Eve", "email": "e@x.io" }),
    );
    assert_eq!(
        scene.customer_does("get_customer", &customer, &json!({})),
        json!({
            "id": id, "type": "customer", "name": "Eve", "email": "e@x.io",
            "email_verified": false, "session_fields": fields,
        })
    );
    let many: Vec<Value> = (0..101).map(|n| json!({ format!("k{n}"): "v" })).collect();
    for (action, body) in [
        ("update_customer", json!({})),
        ("update_customer", json!({ "id": id, "name": "x" })),
        ("set_customer_session_fields", json!({})),
        (
            "set_customer_session_fields",
            json!({ "session_fields": many }),
        ),
        (
            "request_email_verification",
            json!({ "callback_uri": "no" }),
        ),
    ] {
        assert_api_error(&scene.customer(action, &customer, &body), 422, "validation");
    }
    let verify = json!({ "callback_uri": "https://example.com/" });
    scene.customer_does("request_email_verification", &customer, &verify);
}

#[test]
fn properties_seen_marks_and_sneak_peeks_work_for_customers_too() {
    let mut scene = Scene::new();
    let (customer, _) = scene.new_customer();
    let (chat_id, thread_id) = start(&mut scene, &customer);
    let sent = scene.customer_does("send_event", &customer, &message(&chat_id, "x"));
    let thread = json!({ "chat_id": chat_id, "thread_id": thread_id });
    let mut event = thread.clone();
    event["event_id"] = sent["event_id"].clone();
    for (kind, target, place) in [
        ("chat", json!({ "id": chat_id }), "/properties"),
        ("thread", thread, "/thread/properties"),
        ("event", event, "/thread/events/0/properties"),
    ] {
        let mut update = target.clone();
        update["properties"] = json!({ "a": { "one": 1, "two": 2 } });
        scene.customer_does(&format!("update_{kind}_properties"), &customer, &update);
        let mut delete = target;
        delete["properties"] = json!({ "a": ["one"] });
        scene.customer_does(&format!("delete_{kind}_properties"), &customer, &delete);
        let chat = scene.customer_does("get_chat", &customer, &json!({ "chat_id": chat_id }));
        assert_eq!(
            chat.pointer(place),
            Some(&json!({ "a": { "two": 2 } })),
            "{kind}"
        );
    }
    let seen = json!({ "chat_id": chat_id, "seen_up_to": "2030-01-01T00:00:00Z" });
    scene.customer_does("mark_events_as_seen", &customer, &seen);
    let chat = scene.customer_does("get_chat", &customer, &json!({ "chat_id": chat_id }));
    assert_eq!(
        text(&chat, "/users/0/events_seen_up_to"),
        "2030-01-01T00:00:00.000000Z"
    );
    let peek = json!({ "chat_id": chat_id, "sneak_peek_text": "Hel" });
    scene.customer_does("send_sneak_peek", &customer, &peek);
    scene.customer_does("deactivate_chat", &customer, &json!({ "id": chat_id }));
    assert_api_error(
        &scene.customer("send_sneak_peek", &customer, &peek),
        422,
        "chat_inactive",
    );
}

#[test]
fn customers_cannot_speak_for_the_system_or_for_agents() {
    let mut scene = Scene::new();
    let (customer, _) = scene.new_customer();
    let (chat_id, _) = start(&mut scene, &customer);
    for event in [
        json!({ "type": "system_message", "system_message_type": "x" }),
        json!({ "type": "message", "text": "x", "visibility": "all" }),
        json!({ "type": "message", "text": "x", "author_id": "ada@example.com" }),
    ] {
        let body = json!({ "chat_id": chat_id, "event": event });
        assert_api_error(
            &scene.customer("send_event", &customer, &body),
            422,
            "validation",
        );
    }
    for body in [
        json!({ "chat": { "users": [] } }),
        json!({ "chat": { "access": { "group_ids": [9] } } }),
    ] {
        let status = scene.customer("start_chat", &customer, &body).status;
        assert!(status == 422 || status == 404);
    }
}

#[test]
fn pages_of_a_customers_chats_are_small() {
    let mut scene = Scene::new();
    let (customer, _) = scene.new_customer();
    start(&mut scene, &customer);
    assert_eq!(
        scene
            .customer("list_chats", &customer, &json!({ "limit": 25 }))
            .status,
        200
    );
    let reply = scene.customer("list_chats", &customer, &json!({ "limit": 26 }));
    assert_api_error(&reply, 422, "validation");
}
