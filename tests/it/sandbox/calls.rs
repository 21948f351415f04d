//! A well-formed call of every method of the Web APIs, with the scopes that the method needs.

use serde_json::{Value, json};

/// A method, a body, and the scopes of which each is enough by itself.
pub type Call = (&'static str, Value, &'static [&'static str]);

const READ: &[&str] = &["chats--all:ro", "chats--access:ro"];
const WRITE: &[&str] = &["chats--all:rw", "chats--access:rw"];
const NONE: &[&str] = &[];

/// The owner's open chat and its thread.
const OPEN: (&str, &str) = ("U1K6BVDR7J", "U1K6BVDR8K");

/// A chat that can be resumed.
const CLOSED: &str = "RBVEFUC88E";

/// A customer of the seeded chats.
const CUSTOMER: &str = "3f9c2b64-8d1e-4a07-b5c2-6e1d9a0f7c31";

fn rich_message() -> Value {
    json!({
        "type": "rich_message",
        "custom_id": "c",
        "template_id": "cards",
        "elements": [{
            "title": "Tea",
            "subtitle": "Green",
            "image": { "url": "https://x.io/tea.png" },
            "buttons": [{ "text": "Buy", "postback_id": "buy", "type": "message", "value": "b" }],
        }],
    })
}

/// The agent's calls that read.
pub fn agent_reading() -> Vec<Call> {
    let (chat_id, thread_id) = OPEN;
    vec![
        (
            "list_chats",
            json!({
                "filters": {
                    "active": true,
                    "include_chats_without_threads": true,
                    "group_ids": [0],
                    "properties": { "routing": { "continuous": { "exists": true } } },
                },
                "sort_order": "asc",
                "limit": 5,
            }),
            READ,
        ),
        (
            "list_threads",
            json!({
                "chat_id": chat_id,
                "sort_order": "asc",
                "limit": 2,
                "filters": { "from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z" },
            }),
            READ,
        ),
        (
            "list_threads",
            json!({ "chat_id": chat_id, "min_events_count": 3 }),
            READ,
        ),
        (
            "get_chat",
            json!({ "chat_id": chat_id, "thread_id": thread_id }),
            READ,
        ),
        (
            "list_archives",
            json!({
                "filters": {
                    "query": "tea",
                    "from": "2026-01-01T00:00:00Z",
                    "to": "2027-01-01T00:00:00Z",
                    "chat_ids": [CLOSED],
                    "group_ids": [0],
                    "properties": { "routing": { "continuous": { "values": [true] } } },
                    "agents": { "values": ["ada@example.com"], "require_every_value": true },
                    "tags": { "exclude_values": ["x"] },
                    "sales": { "exists": false },
                    "goals": { "exists": false },
                    "greetings": { "exists": false },
                    "forms": { "exists": false, "type": "pre_chat" },
                    "event_types": { "values": ["message"] },
                    "agent_types": { "any_values": ["human"] },
                    "agent_response": { "exists": true, "first": true },
                    "customer_countries": { "values": ["PL"] },
                    "customer_id": CUSTOMER,
                    "customer_email": "jane@example.com",
                },
                "highlights": { "pre_tag": "<b>", "post_tag": "</b>" },
                "sort_order": "asc",
                "limit": 2,
            }),
            READ,
        ),
        (
            "list_archives",
            json!({ "filters": { "thread_ids": ["RBVEFUC90F"] } }),
            READ,
        ),
        ("follow_chat", json!({ "id": CLOSED }), READ),
        (
            "mark_events_as_seen",
            json!({ "chat_id": chat_id, "seen_up_to": "2026-06-15T12:00:00Z" }),
            READ,
        ),
        ("unfollow_chat", json!({ "id": CLOSED }), NONE),
        (
            "list_agents_for_transfer",
            json!({ "chat_id": chat_id }),
            NONE,
        ),
        (
            "get_customer",
            json!({ "id": CUSTOMER }),
            &["customers:ro", "customers:rw"],
        ),
    ]
}

/// The agent's calls that open and close chats, and say something in them.
pub fn agent_speaking() -> Vec<Call> {
    let (chat_id, thread_id) = OPEN;
    let chat = json!({
        "properties": { "source": { "type": "import" } },
        "access": { "group_ids": [0] },
        "users": [{ "id": "grace@example.com", "type": "agent" }],
        "thread": {
            "events": [{ "type": "message", "text": "Hello" }],
            "properties": { "source": { "type": "import" } },
        },
    });
    let mut resumed = chat.clone();
    resumed["id"] = CLOSED.into();
    let say = |event: Value| json!({ "chat_id": chat_id, "event": event });
    vec![
        (
            "start_chat",
            json!({ "chat": chat, "active": true, "continuous": true }),
            WRITE,
        ),
        (
            "resume_chat",
            json!({ "chat": resumed, "active": true, "continuous": true }),
            WRITE,
        ),
        (
            "send_event",
            say(json!({
                "type": "message",
                "text": "Hello",
                "visibility": "agents",
                "custom_id": "c",
                "properties": { "a": { "b": 1 } },
                "postback": {
                    "id": "p", "thread_id": thread_id, "event_id": "U1K6BVDR8K_2",
                    "type": "message", "value": "v",
                },
            })),
            WRITE,
        ),
        ("send_event", say(rich_message()), WRITE),
        (
            "send_event",
            say(json!({
                "type": "file",
                "url": "https://cdn.livechat-files.com/a.png",
                "alternative_text": "A",
            })),
            WRITE,
        ),
        (
            "send_event",
            say(json!({
                "type": "filled_form",
                "form_id": "f",
                "fields": [{ "type": "name", "id": "1", "label": "Name", "answer": "Ada" }],
            })),
            WRITE,
        ),
        (
            "send_event",
            say(json!({
                "type": "system_message",
                "system_message_type": "x",
                "text": "%a%",
                "text_vars": { "a": "b" },
            })),
            WRITE,
        ),
        (
            "send_event",
            say(json!({ "type": "custom", "content": { "a": 1 } })),
            WRITE,
        ),
        (
            "send_event_preview",
            say(json!({ "type": "message", "text": "Hel" })),
            WRITE,
        ),
        (
            "send_typing_indicator",
            json!({ "chat_id": chat_id, "is_typing": true, "visibility": "agents" }),
            WRITE,
        ),
        (
            "send_thinking_indicator",
            json!({ "chat_id": chat_id, "title": "t", "description": "d", "visibility": "all" }),
            WRITE,
        ),
        (
            "send_rich_message_postback",
            json!({
                "chat_id": chat_id, "thread_id": thread_id, "event_id": "U1K6BVDR8K_2",
                "postback": { "id": "p", "toggled": true },
            }),
            WRITE,
        ),
        (
            "add_user_to_chat",
            json!({
                "chat_id": chat_id, "user_id": "grace@example.com", "user_type": "agent",
                "visibility": "agents", "ignore_requester_presence": true,
            }),
            WRITE,
        ),
        (
            "remove_user_from_chat",
            json!({
                "chat_id": chat_id, "user_id": "grace@example.com", "user_type": "agent",
                "ignore_requester_presence": true,
            }),
            WRITE,
        ),
        (
            "transfer_chat",
            json!({
                "id": chat_id, "target": { "type": "group", "ids": [0] },
                "ignore_agents_availability": true, "ignore_requester_presence": true,
            }),
            WRITE,
        ),
        (
            "deactivate_chat",
            json!({ "id": chat_id, "ignore_requester_presence": true }),
            WRITE,
        ),
    ]
}

/// The agent's calls that put something on chats, or change customers and agents.
pub fn agent_changing() -> Vec<Call> {
    let (chat_id, thread_id) = OPEN;
    let event_id = "U1K6BVDR8K_2";
    let set = json!({ "a": { "b": "c", "d": 1, "e": true } });
    let names = json!({ "a": ["b"] });
    vec![
        (
            "update_chat_properties",
            json!({ "id": chat_id, "properties": set }),
            WRITE,
        ),
        (
            "delete_chat_properties",
            json!({ "id": chat_id, "properties": names }),
            WRITE,
        ),
        (
            "update_thread_properties",
            json!({ "chat_id": chat_id, "thread_id": thread_id, "properties": set }),
            WRITE,
        ),
        (
            "delete_thread_properties",
            json!({ "chat_id": chat_id, "thread_id": thread_id, "properties": names }),
            WRITE,
        ),
        (
            "update_event_properties",
            json!({
                "chat_id": chat_id, "thread_id": thread_id, "event_id": event_id,
                "properties": set,
            }),
            WRITE,
        ),
        (
            "delete_event_properties",
            json!({
                "chat_id": chat_id, "thread_id": thread_id, "event_id": event_id,
                "properties": names,
            }),
            WRITE,
        ),
        (
            "tag_thread",
            json!({ "chat_id": chat_id, "thread_id": thread_id, "tag": "tea" }),
            WRITE,
        ),
        (
            "untag_thread",
            json!({ "chat_id": CLOSED, "thread_id": "RBVEFUC90F", "tag": "damaged" }),
            WRITE,
        ),
        (
            "request_thread_summary",
            json!({ "chat_id": chat_id, "thread_id": thread_id }),
            WRITE,
        ),
        (
            "update_customer",
            json!({
                "id": CUSTOMER,
                "name": "Jane",
                "email": "jane@example.com",
                "avatar": "https://x.io/a.png",
                "phone_number": "+48123456789",
                "session_fields": [{ "plan": "team" }],
                "omnichannel": { "twilio": { "phone_number": "+48123456789" } },
                "address": { "city": "Wrocław" },
            }),
            &["customers:rw"],
        ),
        (
            "ban_customer",
            json!({ "id": CUSTOMER, "ban": { "days": 3 } }),
            &["customers.ban:rw"],
        ),
        (
            "set_routing_status",
            json!({ "status": "not_accepting_chats" }),
            &["agents--my:rw", "agents--all:rw"],
        ),
        (
            "set_routing_status",
            json!({ "status": "not_accepting_chats", "agent_id": "grace@example.com" }),
            &["agents--all:rw"],
        ),
        (
            "multicast",
            json!({ "recipients": { "agents": { "all": true } }, "content": {}, "type": "t" }),
            &["multicast:rw"],
        ),
        (
            "multicast",
            json!({ "recipients": { "agents": { "ids": [], "groups": [0] } }, "content": "c" }),
            &["multicast:rw"],
        ),
    ]
}

/// Every call of the Agent Chat API but `list_routing_statuses`, which needs two scopes.
pub fn agent() -> Vec<Call> {
    [agent_reading(), agent_speaking(), agent_changing()].concat()
}

/// The calls of the Configuration API.
pub fn configuration() -> Vec<Call> {
    vec![
        (
            "list_agents",
            json!({ "filters": { "group_ids": [0], "suspended": false }, "fields": ["groups"] }),
            &["agents--all:ro"],
        ),
        (
            "list_groups",
            json!({ "fields": ["routing_status"] }),
            &["groups--all:ro"],
        ),
    ]
}

/// The calls of the Customer Chat API, which has no scopes; `chat_id` is the customer's chat.
pub fn customer(chat_id: &str, thread_id: &str) -> Vec<(&'static str, Value)> {
    let ids = json!({ "chat_id": chat_id, "thread_id": thread_id });
    let with = |more: Value| {
        let mut body = ids.clone();
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let event_id = format!("{thread_id}_1");
    let set = json!({ "a": { "b": "c" } });
    let names = json!({ "a": ["b"] });
    let say =
        |event: Value| json!({ "chat_id": chat_id, "event": event, "attach_to_last_thread": true });
    vec![
        ("list_chats", json!({ "limit": 5, "sort_order": "asc" })),
        (
            "list_threads",
            json!({ "chat_id": chat_id, "limit": 2, "sort_order": "asc" }),
        ),
        ("get_chat", ids.clone()),
        (
            "start_chat",
            json!({
                "chat": {
                    "access": { "group_ids": [0] },
                    "properties": set,
                    "thread": { "events": [{ "type": "message", "text": "Hi" }] },
                },
                "active": true,
                "continuous": true,
            }),
        ),
        (
            "send_event",
            say(json!({ "type": "message", "text": "Hello", "recipients": "agents" })),
        ),
        ("send_event", say(rich_message())),
        (
            "send_sneak_peek",
            json!({ "chat_id": chat_id, "sneak_peek_text": "Hel" }),
        ),
        (
            "mark_events_as_seen",
            json!({ "chat_id": chat_id, "seen_up_to": "2026-06-15T12:00:00Z" }),
        ),
        (
            "send_rich_message_postback",
            with(json!({ "event_id": event_id, "postback": { "id": "p", "toggled": true } })),
        ),
        (
            "update_chat_properties",
            json!({ "id": chat_id, "properties": set }),
        ),
        (
            "delete_chat_properties",
            json!({ "id": chat_id, "properties": names }),
        ),
        (
            "update_thread_properties",
            with(json!({ "properties": set })),
        ),
        (
            "delete_thread_properties",
            with(json!({ "properties": names })),
        ),
        (
            "update_event_properties",
            with(json!({ "event_id": event_id, "properties": set })),
        ),
        (
            "delete_event_properties",
            with(json!({ "event_id": event_id, "properties": names })),
        ),
        ("delete_event", with(json!({ "event_id": event_id }))),
        ("get_customer", json!({})),
        (
            "update_customer",
            json!({ "name": "Eve", "email": "eve@example.com", "session_fields": [{ "a": "b" }] }),
        ),
        (
            "set_customer_session_fields",
            json!({ "session_fields": [{ "a": "b" }] }),
        ),
        (
            "request_email_verification",
            json!({ "callback_uri": "https://x.io" }),
        ),
        ("list_group_statuses", json!({ "group_ids": [0, 1, 99] })),
        ("list_group_statuses", json!({ "all": true })),
        ("get_predicted_agent", json!({})),
        (
            "request_welcome_message",
            json!({ "id": "w", "group_id": 0 }),
        ),
        ("get_form", json!({ "group_id": 0, "type": "prechat" })),
        ("get_url_info", json!({ "url": "https://x.io" })),
        (
            "check_goals",
            json!({ "session_fields": [], "group_id": 0, "page_url": "https://x.io" }),
        ),
        (
            "accept_greeting",
            json!({ "greeting_id": 7, "unique_id": "u" }),
        ),
        ("cancel_greeting", json!({ "unique_id": "u" })),
        ("deactivate_chat", json!({ "id": chat_id })),
        (
            "resume_chat",
            json!({ "chat": { "id": chat_id }, "continuous": true }),
        ),
    ]
}
