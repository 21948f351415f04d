//! What agents put on chats, threads and events, and how threads are listed.

use serde_json::{Value, json};

use super::agent_chat::{message, start};
use super::client::{Scene, assert_api_error, text};

#[test]
fn properties_and_tags_are_put_and_taken() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let (chat_id, thread_id) = start(&mut scene, &ada);
    let sent = scene.does("send_event", &ada, &message(&chat_id, "x"));
    let chat = json!({ "id": chat_id });
    let thread = json!({ "chat_id": chat_id, "thread_id": thread_id });
    let mut event = thread.clone();
    event["event_id"] = sent["event_id"].clone();
    for (kind, target, place) in [
        ("chat", chat, "/properties"),
        ("thread", thread.clone(), "/thread/properties"),
        ("event", event, "/thread/events/0/properties"),
    ] {
        let mut update = target.clone();
        update["properties"] = json!({ "a": { "one": 1, "two": "2" }, "b": { "three": true } });
        assert_eq!(
            scene.does(&format!("update_{kind}_properties"), &ada, &update),
            json!({})
        );
        let mut delete = target.clone();
        delete["properties"] = json!({ "a": ["one", "none"], "b": ["three"] });
        assert_eq!(
            scene.does(&format!("delete_{kind}_properties"), &ada, &delete),
            json!({})
        );
        let read = scene.does("get_chat", &ada, &json!({ "chat_id": chat_id }));
        assert_eq!(
            read.pointer(place),
            Some(&json!({ "a": { "two": "2" } })),
            "{kind}"
        );
        let reply = scene.agent(&format!("update_{kind}_properties"), &ada, &target);
        assert_api_error(&reply, 422, "validation");
    }
    let mut tagged = thread;
    tagged["tag"] = json!("sales");
    scene.does("tag_thread", &ada, &tagged);
    scene.does("tag_thread", &ada, &tagged);
    let read = scene.does("get_chat", &ada, &json!({ "chat_id": chat_id }));
    assert_eq!(read["thread"]["tags"], json!(["sales"]));
    scene.does("untag_thread", &ada, &tagged);
    assert_api_error(
        &scene.agent("untag_thread", &ada, &tagged),
        404,
        "not_found",
    );
    tagged["thread_id"] = json!("QJ4T7WZK2B");
    assert_api_error(&scene.agent("tag_thread", &ada, &tagged), 404, "not_found");
}

#[test]
fn threads_come_in_pages_or_by_the_number_of_their_events() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let chat = "RBVEFUC88E";
    let first = scene.does(
        "list_threads",
        &ada,
        &json!({ "chat_id": chat, "limit": 1 }),
    );
    assert_eq!(text(&first, "/threads/0/id"), "RBVEFUC90F");
    let next = json!({ "chat_id": chat, "page_id": first["next_page_id"] });
    let second = scene.does("list_threads", &ada, &next);
    assert_eq!(text(&second, "/threads/0/id"), "RBVEFUC89E");
    assert!(second.get("next_page_id").is_none());
    let foreign = json!({ "chat_id": "QJ4T7WZK1A", "page_id": first["next_page_id"] });
    assert_api_error(
        &scene.agent("list_threads", &ada, &foreign),
        422,
        "validation",
    );
    let ids = |list: &Value| -> Vec<String> {
        let threads = list["threads"].as_array().unwrap().iter();
        threads
            .map(|thread| text(thread, "/id").to_owned())
            .collect()
    };
    let few = scene.does(
        "list_threads",
        &ada,
        &json!({ "chat_id": chat, "min_events_count": 4 }),
    );
    assert_eq!(ids(&few), ["RBVEFUC90F"]);
    let many = scene.does(
        "list_threads",
        &ada,
        &json!({ "chat_id": chat, "min_events_count": 5 }),
    );
    assert_eq!(ids(&many), ["RBVEFUC90F", "RBVEFUC89E"]);
    let old = json!({ "chat_id": chat, "filters": { "to": "2026-06-01T00:00:00Z" } });
    assert_eq!(ids(&scene.does("list_threads", &ada, &old)), ["RBVEFUC89E"]);
    let new = json!({ "chat_id": chat, "filters": { "from": "2026-06-01T00:00:00+02:00" } });
    assert_eq!(ids(&scene.does("list_threads", &ada, &new)), ["RBVEFUC90F"]);
    for wrong in [
        json!({ "chat_id": chat, "min_events_count": 1, "limit": 1 }),
        json!({ "chat_id": chat, "min_events_count": 1, "filters": {} }),
        json!({ "chat_id": chat, "min_events_count": 101 }),
        json!({ "chat_id": chat, "filters": { "from": "yesterday" } }),
        json!({ "limit": 1 }),
    ] {
        assert_api_error(
            &scene.agent("list_threads", &ada, &wrong),
            422,
            "validation",
        );
    }
}

#[test]
fn a_thread_is_summarised_once_when_it_is_closed() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let (chat_id, thread_id) = start(&mut scene, &ada);
    let body = json!({ "chat_id": chat_id, "thread_id": thread_id });
    scene.does("request_thread_summary", &ada, &body);
    scene.does("request_thread_summary", &ada, &body);
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": chat_id }));
    assert_eq!(chat["thread"]["summary"]["status"], "ok");
    scene.does("deactivate_chat", &ada, &json!({ "id": chat_id }));
    let reply = scene.agent("request_thread_summary", &ada, &body);
    assert_api_error(&reply, 409, "already_exists");
}
