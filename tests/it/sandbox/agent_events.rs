//! Events as agents send them: every type, what is wrong with some, and what leaves no trace.

use serde_json::{Value, json};

use super::agent_chat::{message, start};
use super::client::{Scene, assert_api_error, text};

#[test]
fn every_type_of_event_is_sent_and_read_back() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let (chat_id, thread_id) = start(&mut scene, &ada);
    let cdn = "https://cdn.livechat-files.com/api/file/lc/att/1/a.png";
    let button = json!({ "text": "Yes", "postback_id": "yes", "type": "message", "value": "y" });
    let postback = json!({ "id": "yes", "thread_id": thread_id, "event_id": "x" });
    let events = [
        json!({ "type": "message", "text": "\u{1f601}", "visibility": "agents", "custom_id": "1" }),
        json!({ "type": "message", "text": "yes", "postback": postback }),
        json!({ "type": "file", "url": cdn, "alternative_text": "a" }),
        json!({ "type": "rich_message", "template_id": "cards", "elements": [{ "title": "T", "buttons": [button] }] }),
        json!({ "type": "system_message", "system_message_type": "mine", "text": "done" }),
        json!({ "type": "filled_form", "form_id": "1", "fields": [{ "type": "name", "id": "1", "label": "Name", "answer": "Ada" }] }),
        json!({ "type": "custom", "content": { "any": [1, 2] }, "properties": { "a": { "b": true } } }),
    ];
    for event in &events {
        scene.does(
            "send_event",
            &ada,
            &json!({ "chat_id": chat_id, "event": event }),
        );
    }
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": chat_id }));
    for (index, event) in events.iter().enumerate() {
        let read = &chat["thread"]["events"][index];
        for (name, value) in event.as_object().unwrap() {
            if name != "elements" {
                assert_eq!(&read[name], value, "{name} of {read}");
            }
        }
        assert_eq!(read["id"], format!("{thread_id}_{}", index + 1));
        assert_eq!(
            read.get("author_id").is_none(),
            event["type"] == "system_message"
        );
    }
    assert_eq!(chat["thread"]["events"][2]["name"], "a.png");
    let summary = scene.does("list_chats", &ada, &json!({ "limit": 1 }));
    let last = &summary["chats_summary"][0]["last_event_per_type"];
    assert_eq!(last["message"]["event"]["text"], "yes");
    assert_eq!(last["custom"]["thread_id"], thread_id.as_str());
    assert_eq!(last.as_object().unwrap().len(), 6);
}

#[test]
fn messages_that_are_not_well_formed_are_refused() {
    let long = "x".repeat(16 * 1024 + 1);
    let rows = [
        (json!({}), "`event.type` is required"),
        (json!({ "type": "message" }), "`event.text` is required"),
        (
            json!({ "type": "message", "text": "" }),
            "`event.text` must have 1 to 16384 bytes",
        ),
        (
            json!({ "type": "message", "text": long }),
            "`event.text` must have 1 to 16384 bytes",
        ),
        (
            json!({ "type": "message", "text": "a", "url": "b" }),
            "`event.url` is not a field of this request",
        ),
        (
            json!({ "type": "message", "text": "a", "author_id": "b" }),
            "`event.author_id` is not a field of this request",
        ),
        (
            json!({ "type": "message", "text": "a", "visibility": "me" }),
            "`event.visibility` must be `all` or `agents`",
        ),
        (
            json!({ "type": "message", "text": "a", "recipients": "all" }),
            "`event.recipients` is not a field of this request",
        ),
        (
            json!({ "type": "message", "text": "a", "postback": { "id": "1" } }),
            "`event.postback.thread_id` is required",
        ),
        (
            json!({ "type": "message", "text": "a", "properties": { "a": { "b": [] } } }),
            "`event.properties.a.b` must be a string, a number or a boolean",
        ),
    ];
    assert_events_refused(&rows);
}

#[test]
fn events_that_are_not_well_formed_are_refused() {
    let buttons: Vec<Value> = (0..14)
        .map(|_| json!({ "text": "a", "postback_id": "a" }))
        .collect();
    let rows = [
        (
            json!({ "type": "form", "form_id": "1", "fields": [] }),
            "`event.type` is not a type of event that can be sent",
        ),
        (
            json!({ "type": "system" }),
            "`event.type` is not a type of event that can be sent",
        ),
        (json!({ "type": "file" }), "`event.url` is required"),
        (
            json!({ "type": "file", "url": "https://example.com/a.png" }),
            "`event.url` must be on the CDN",
        ),
        (
            json!({ "type": "rich_message", "template_id": "list" }),
            "`event.template_id` is not a template",
        ),
        (
            json!({ "type": "rich_message", "template_id": "cards", "elements": [{ "buttons": buttons }] }),
            "`event.elements.buttons` must be an array of at most 13 objects",
        ),
        (
            json!({ "type": "filled_form", "form_id": "1" }),
            "`event.fields` is required",
        ),
        (
            json!({ "type": "custom", "content": 1 }),
            "`event.content` must be an object",
        ),
    ];
    assert_events_refused(&rows);
}

fn assert_events_refused(rows: &[(Value, &str)]) {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let (chat_id, _) = start(&mut scene, &ada);
    for (event, message) in rows {
        let body = json!({ "chat_id": chat_id, "event": event });
        let reply = scene.agent("send_event", &ada, &body);
        assert_api_error(&reply, 422, "validation");
        assert_eq!(text(&reply.json(), "/error/message"), *message);
    }
    let reply = scene.agent("send_event", &ada, &json!({ "event": {} }));
    assert_eq!(
        text(&reply.json(), "/error/message"),
        "`chat_id` is required"
    );
}

#[test]
fn indicators_and_previews_leave_no_trace() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let (chat_id, _) = start(&mut scene, &ada);
    let preview = message(&chat_id, "typing…");
    scene.does("send_event_preview", &ada, &preview);
    scene.does(
        "send_typing_indicator",
        &ada,
        &json!({ "chat_id": chat_id, "is_typing": true }),
    );
    scene.does(
        "send_thinking_indicator",
        &ada,
        &json!({ "chat_id": chat_id, "title": "Hm" }),
    );
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": chat_id }));
    assert_eq!(chat["thread"]["events"], json!([]));
    let file = json!({ "chat_id": chat_id, "event": { "type": "custom" } });
    assert_api_error(
        &scene.agent("send_event_preview", &ada, &file),
        422,
        "validation",
    );
    let missing = json!({ "chat_id": chat_id });
    assert_api_error(
        &scene.agent("send_typing_indicator", &ada, &missing),
        422,
        "validation",
    );
    scene.does("deactivate_chat", &ada, &json!({ "id": chat_id }));
    let late = json!({ "chat_id": chat_id, "is_typing": true });
    assert_api_error(
        &scene.agent("send_typing_indicator", &ada, &late),
        422,
        "chat_inactive",
    );
    assert_api_error(
        &scene.agent("send_event_preview", &ada, &preview),
        422,
        "chat_inactive",
    );
}

#[test]
fn buttons_are_pressed_and_released() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let (chat_id, thread_id) = start(&mut scene, &ada);
    let event = json!({
        "type": "rich_message",
        "template_id": "quick_replies",
        "elements": [{ "title": "?", "buttons": [{ "text": "Yes", "postback_id": "yes" }] }],
    });
    let sent = scene.does(
        "send_event",
        &ada,
        &json!({ "chat_id": chat_id, "event": event }),
    );
    let press = |id: &str, toggled: bool| {
        json!({
            "chat_id": chat_id, "thread_id": thread_id, "event_id": sent["event_id"],
            "postback": { "id": id, "toggled": toggled },
        })
    };
    let place = "/thread/events/0/elements/0/buttons/0/user_ids";
    for (toggled, users) in [(true, json!(["ada@example.com"])), (false, json!([]))] {
        scene.does("send_rich_message_postback", &ada, &press("yes", toggled));
        let chat = scene.does("get_chat", &ada, &json!({ "chat_id": chat_id }));
        assert_eq!(chat.pointer(place), Some(&users));
    }
    let reply = scene.agent("send_rich_message_postback", &ada, &press("no", true));
    assert_api_error(&reply, 404, "not_found");
}

#[test]
fn a_file_is_uploaded_and_sent_within_a_day() {
    let mut scene = Scene::new();
    let ada = scene.bearer();
    let (chat_id, _) = start(&mut scene, &ada);
    let mut upload = |name: &str, content: &str| {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: image/png\r\n\r\n{content}\r\n--x--\r\n"
        );
        let headers = [
            ("Authorization", ada.as_str()),
            ("Content-Type", "multipart/form-data; boundary=x"),
        ];
        scene.send("POST", "/v3.6/agent/action/upload_file", &headers, &body)
    };
    let url = text(&upload("my logo.png", "PNG").json(), "/url").to_owned();
    assert!(url.starts_with("https://cdn.livechat-files.com/") && url.ends_with("/my_logo.png"));
    assert_api_error(&upload("virus.exe", "MZ"), 422, "validation");
    assert_api_error(&upload("", "x"), 422, "validation");
    assert_api_error(
        &upload("big.png", &"x".repeat(10 * 1024 * 1024 + 1)),
        413,
        "entity_too_large",
    );
    let event = json!({ "chat_id": chat_id, "event": { "type": "file", "url": url } });
    scene.does("send_event", &ada, &event);
    let chat = scene.does("get_chat", &ada, &json!({ "chat_id": chat_id }));
    let sent = &chat["thread"]["events"][0];
    assert_eq!(
        (&sent["name"], &sent["size"]),
        (&json!("my logo.png"), &json!(3))
    );
    assert_eq!(sent["content_type"], "image/png");
    let json = json!({});
    assert_api_error(&scene.agent("upload_file", &ada, &json), 400, "validation");
    scene.advance(24 * 3600);
    let basic = scene.basic();
    let (chat_id, _) = start(&mut scene, &basic);
    let event = json!({ "chat_id": chat_id, "event": { "type": "file", "url": url } });
    assert_api_error(
        &scene.agent("send_event", &basic, &event),
        422,
        "validation",
    );
}
