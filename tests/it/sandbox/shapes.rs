//! What official clients rely on in every response: `{}` where there is nothing to say, and times in RFC 3339.

use serde_json::{Value, json};

use super::calls::{self, Call};
use super::client::{ADA, Reply, Scene, text};

/// The methods whose success says nothing (`livechat.md` §4.4 and §5.3).
const SILENT: [&str; 28] = [
    "add_user_to_chat",
    "ban_customer",
    "check_goals",
    "deactivate_chat",
    "delete_chat_properties",
    "delete_event",
    "delete_event_properties",
    "delete_thread_properties",
    "follow_chat",
    "mark_events_as_seen",
    "multicast",
    "remove_user_from_chat",
    "request_email_verification",
    "send_event_preview",
    "send_sneak_peek",
    "send_thinking_indicator",
    "send_typing_indicator",
    "set_customer_session_fields",
    "set_routing_status",
    "tag_thread",
    "transfer_chat",
    "unfollow_chat",
    "untag_thread",
    "update_chat_properties",
    "update_customer",
    "update_event_properties",
    "update_thread_properties",
    "request_thread_summary",
];

/// Looks at every moment within a body: `2026-06-15T12:00:00.000000Z`. Returns how many there were.
fn assert_moments(row: &str, value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let named = name.ends_with("_at") || name.ends_with("_up_to");
                let own = value.as_str().filter(|_| named).map_or(0, |moment| {
                    assert_eq!(
                        moment.len(),
                        "2026-06-15T12:00:00.000000Z".len(),
                        "{row}: {name}"
                    );
                    assert!(moment.ends_with('Z'), "{row}: {name}: {moment}");
                    let parsed: Result<jiff::Timestamp, _> = moment.parse();
                    assert!(parsed.is_ok(), "{row}: {name}: {moment}");
                    1
                });
                own + assert_moments(row, value)
            })
            .sum(),
        Value::Array(items) => items.iter().map(|item| assert_moments(row, item)).sum(),
        _ => 0,
    }
}

/// Checks a successful reply; refused ones are of no interest here. Returns how many moments it held.
fn look(action: &str, reply: &Reply) -> usize {
    let body = reply.json();
    if reply.status != 200 {
        return 0;
    }
    assert_eq!(
        body == json!({}),
        SILENT.contains(&action),
        "{action}: {body}"
    );
    assert_moments(action, &body)
}

#[test]
fn every_success_of_an_agent_is_json_with_moments_that_clients_can_read() {
    let mut moments = 0;
    let mut succeeded = Vec::new();
    for Call { action, body, .. } in calls::agent() {
        let mut scene = Scene::new();
        let token = scene.everything_of(ADA);
        let reply = scene.agent(&action, &token, &body);
        moments += look(&action, &reply);
        if reply.status == 200 {
            succeeded.push(action);
        }
    }
    assert!(moments > 30, "{moments}");
    let refused = calls::agent()
        .into_iter()
        .map(|call| call.action)
        .filter(|action| !succeeded.contains(action));
    // The one needs a rich message that nobody has sent, the other an agent who takes part.
    let known = ["send_rich_message_postback", "remove_user_from_chat"];
    assert_eq!(refused.collect::<Vec<_>>(), known);
}

#[test]
fn every_success_of_a_customer_is_json_with_moments_that_clients_can_read() {
    let mut scene = Scene::new();
    let (token, _) = scene.new_customer();
    let chat = json!({ "thread": { "events": [{ "type": "message", "text": "Hi" }] } });
    let started = scene.customer_does("start_chat", &token, &json!({ "chat": chat }));
    let (chat, thread) = (text(&started, "/chat_id"), text(&started, "/thread_id"));
    let mut moments = 0;
    for Call { action, body, .. } in calls::customer(chat, thread) {
        let reply = scene.customer(&action, &token, &body);
        moments += look(&action, &reply);
    }
    assert!(moments > 5, "{moments}");
}
