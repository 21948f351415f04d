//! `list_archives`: closed threads by every filter, page by page.

use serde_json::{Value, json};

use super::client::{ADA, Scene, assert_api_error, text};

const BILLING: &str = "QJ4T7WZK2B";
const PARCEL: &str = "RBVEFUC89E";
const DAMAGED: &str = "RBVEFUC90F";

fn threads(list: &Value) -> Vec<String> {
    let chats = list["chats"].as_array().unwrap().iter();
    chats
        .map(|chat| text(chat, "/thread/id").to_owned())
        .collect()
}

#[test]
fn closed_threads_are_listed_newest_first_each_with_its_chat() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let list = scene.does("list_archives", &basic, &json!({}));
    assert_eq!(threads(&list), [DAMAGED, BILLING, PARCEL]);
    assert_eq!(list["found_chats"], 3);
    let damaged = &list["chats"][0];
    assert_eq!(text(damaged, "/id"), "RBVEFUC88E");
    assert_eq!(text(damaged, "/thread/previous_thread_id"), PARCEL);
    assert_eq!(
        text(damaged, "/thread/previous_accessible_thread_id"),
        PARCEL
    );
    assert_eq!(
        text(damaged, "/thread/customer_visit/geolocation/city"),
        "Lisbon"
    );
    assert_eq!(damaged["thread"]["tags"], json!(["shipping", "damaged"]));
}

fn assert_found(rows: Vec<(Value, Vec<&str>)>) {
    let mut scene = Scene::new();
    let basic = scene.basic();
    for (filters, expected) in rows {
        let list = scene.does("list_archives", &basic, &json!({ "filters": filters }));
        assert_eq!(threads(&list), expected, "{filters}");
    }
}

#[test]
fn filters_choose_threads_by_what_was_said_and_by_whom() {
    let jane = "3f9c2b64-8d1e-4a07-b5c2-6e1d9a0f7c31";
    let all = vec![DAMAGED, BILLING, PARCEL];
    assert_found(vec![
        (json!({ "query": "PARCEL" }), vec![DAMAGED, PARCEL]),
        (json!({ "query": "jane doe" }), vec![BILLING]),
        (json!({ "from": "2026-06-13T00:00:00Z" }), vec![DAMAGED]),
        (
            json!({ "to": "2026-06-10T08:02:15.300000Z" }),
            vec![BILLING, PARCEL],
        ),
        (json!({ "chat_ids": ["QJ4T7WZK1A"] }), vec![BILLING]),
        (
            json!({ "thread_ids": [PARCEL, "U1K6BVDR8K"] }),
            vec![PARCEL],
        ),
        (json!({ "group_ids": [0] }), all),
        (json!({ "group_ids": [1] }), vec![]),
        (
            json!({ "properties": { "rating": { "score": { "values": [1] } } } }),
            vec![BILLING],
        ),
        (
            json!({ "properties": { "routing": { "continuous": { "exists": true } } } }),
            vec![DAMAGED, PARCEL],
        ),
        (
            json!({ "agents": { "values": ["ada@example.com"] } }),
            vec![BILLING, PARCEL],
        ),
        (
            json!({ "agents": { "exclude_values": ["ada@example.com"] } }),
            vec![DAMAGED],
        ),
        (json!({ "agents": { "exists": false } }), vec![]),
        (
            json!({ "tags": { "values": ["shipping", "damaged"], "require_every_value": true } }),
            vec![DAMAGED],
        ),
        (
            json!({ "tags": { "values": ["billing", "damaged"] } }),
            vec![DAMAGED, BILLING],
        ),
        (
            json!({ "event_types": { "values": ["file"] } }),
            vec![DAMAGED],
        ),
        (
            json!({ "event_types": { "exclude_values": ["file", "system_message"] } }),
            vec![PARCEL],
        ),
        (
            json!({ "customer_countries": { "values": ["PL"] } }),
            vec![BILLING],
        ),
        (json!({ "customer_id": jane }), vec![BILLING]),
        (
            json!({ "customer_email": "tomas@example.com" }),
            vec![DAMAGED, PARCEL],
        ),
    ]);
}

#[test]
fn filters_choose_threads_by_what_agents_and_sales_did() {
    let all = vec![DAMAGED, BILLING, PARCEL];
    assert_found(vec![
        (json!({ "sales": { "exists": true } }), vec![]),
        (json!({ "goals": { "exists": false } }), all.clone()),
        (json!({ "greetings": { "values": [1] } }), vec![]),
        (
            json!({ "greetings": { "exclude_values": [1], "groups": {} } }),
            all.clone(),
        ),
        (json!({ "forms": { "exists": false } }), all.clone()),
        (json!({ "forms": { "values": ["1"] } }), vec![]),
        (json!({ "agent_response": { "exists": true } }), all.clone()),
        (
            json!({ "agent_response": { "agents": { "values": ["grace@example.com"] } } }),
            vec![DAMAGED],
        ),
        (
            json!({ "agent_response": { "first": true, "groups": { "values": [1] } } }),
            vec![DAMAGED],
        ),
        (
            json!({ "agent_types": { "all_values": ["human"] } }),
            all.clone(),
        ),
        (
            json!({ "agent_types": { "any_values": ["chatbot"] } }),
            vec![],
        ),
        (
            json!({ "agent_types": { "exclude_values": ["human"] } }),
            vec![],
        ),
    ]);
}

#[test]
fn pages_of_archives_cover_every_thread_once() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let body = json!({ "limit": 2, "sort_order": "asc", "filters": { "group_ids": [0] } });
    let first = scene.does("list_archives", &basic, &body);
    let next = json!({ "page_id": first["next_page_id"] });
    let second = scene.does("list_archives", &basic, &next);
    assert_eq!(
        [threads(&first), threads(&second)].concat(),
        [PARCEL, BILLING, DAMAGED]
    );
    assert!(second.get("next_page_id").is_none());
    let back = json!({ "page_id": second["previous_page_id"] });
    assert_eq!(
        threads(&scene.does("list_archives", &basic, &back)),
        threads(&first)
    );
}

#[test]
fn what_was_searched_for_is_highlighted() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let mut find = |highlights: Value| {
        let body = json!({ "filters": { "query": "invoice" }, "highlights": highlights });
        let list = scene.does("list_archives", &basic, &body);
        text(&list, "/chats/0/thread/events/0/text").to_owned()
    };
    assert_eq!(find(json!({})), "Hi, can I pay by <em>invoice</em>?");
    assert_eq!(
        find(json!({ "pre_tag": "<b>", "post_tag": "</b>" })),
        "Hi, can I pay by <b>invoice</b>?"
    );
    assert_eq!(find(Value::Null), "Hi, can I pay by invoice?");
}

#[test]
fn wrong_filters_are_refused() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let many: Vec<&str> = vec![PARCEL; 21];
    for body in [
        json!({ "filters": { "thread_ids": [PARCEL], "query": "x" } }),
        json!({ "filters": { "thread_ids": [PARCEL] }, "limit": 1 }),
        json!({ "filters": { "thread_ids": many } }),
        json!({ "filters": { "tags": {} } }),
        json!({ "filters": { "tags": { "exists": true, "values": [] } } }),
        json!({ "filters": { "tag": { "exists": true } } }),
        json!({ "filters": { "from": "2026" } }),
        json!({ "filters": { "forms": { "type": "ticket" } } }),
        json!({ "filters": { "agent_types": { "all_values": ["robot"] } } }),
        json!({ "filters": { "agent_types": { "all_values": ["human"], "any_values": ["human"] } } }),
        json!({ "highlights": { "pre_tag": "<b>" } }),
        json!({ "limit": 101 }),
    ] {
        let reply = scene.agent("list_archives", &basic, &body);
        assert_api_error(&reply, 422, "validation");
    }
}

#[test]
fn threads_out_of_reach_are_not_archived_for_everybody() {
    let mut scene = Scene::new();
    let ada = scene.basic();
    scene.does(
        "deactivate_chat",
        &ada,
        &json!({ "id": "S3M9LNX0PD", "ignore_requester_presence": true }),
    );
    let all = scene.does("list_archives", &ada, &json!({}));
    assert_eq!(all["found_chats"], 4);
    let narrow = scene.token_of(ADA, &["chats--access:ro"]);
    assert_eq!(
        scene.does("list_archives", &narrow, &json!({}))["found_chats"],
        3
    );
}
