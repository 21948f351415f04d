//! The Web APIs: who may call them, how chats are listed, and what wrong requests get.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::client::{Reply, Scene, assert_api_error, text};

fn ids(reply: &Reply) -> Vec<String> {
    let body = reply.json();
    let chats = body["chats_summary"]
        .as_array()
        .unwrap_or_else(|| panic!("{body}"));
    chats
        .iter()
        .map(|chat| text(chat, "/id").to_owned())
        .collect()
}

#[test]
fn the_five_seeded_chats_are_listed_newest_first() {
    let mut scene = Scene::new();
    let bearer = scene.bearer();
    let reply = scene.agent("list_chats", &bearer, &json!({}));
    let newest_first = [
        "U1K6BVDR7J",
        "S3M9LNX0PD",
        "RBVEFUC88E",
        "QJ4T7WZK1A",
        "T8C2YHGQ5F",
    ];
    assert_eq!(ids(&reply), newest_first);
    assert_eq!(reply.json()["found_chats"], 5);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let reply = scene.agent(
        "list_chats",
        &bearer,
        &json!({ "sort_order": "asc", "limit": 1 }),
    );
    assert_eq!(ids(&reply), ["T8C2YHGQ5F"]);
}

#[test]
fn a_summary_has_the_documented_shape() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let body = scene
        .agent("list_chats", &basic, &json!({ "limit": 1 }))
        .json();
    insta::assert_json_snapshot!(body["chats_summary"][0]);
}

#[test]
fn filters_choose_chats() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let property =
        |condition: Value| json!({ "properties": { "routing": { "continuous": condition } } });
    let rows = [
        (json!({ "active": true }), vec!["U1K6BVDR7J", "S3M9LNX0PD"]),
        (
            json!({ "active": false }),
            vec!["RBVEFUC88E", "QJ4T7WZK1A", "T8C2YHGQ5F"],
        ),
        (
            json!({ "active": false, "include_chats_without_threads": false }),
            vec!["RBVEFUC88E", "QJ4T7WZK1A"],
        ),
        (json!({ "group_ids": [1] }), vec!["S3M9LNX0PD"]),
        (json!({ "group_ids": [] }), vec![]),
        (property(json!({ "exists": true })), vec!["RBVEFUC88E"]),
        (property(json!({ "values": [false] })), vec!["RBVEFUC88E"]),
        (property(json!({ "values": [true] })), vec![]),
        (
            property(json!({ "exclude_values": [false] })),
            vec!["U1K6BVDR7J", "S3M9LNX0PD", "QJ4T7WZK1A", "T8C2YHGQ5F"],
        ),
        (
            json!({ "active": null }),
            vec![
                "U1K6BVDR7J",
                "S3M9LNX0PD",
                "RBVEFUC88E",
                "QJ4T7WZK1A",
                "T8C2YHGQ5F",
            ],
        ),
    ];
    for (filters, expected) in rows {
        let reply = scene.agent("list_chats", &basic, &json!({ "filters": filters }));
        assert_eq!(ids(&reply), expected, "{filters}");
        assert_eq!(reply.json()["found_chats"], expected.len());
    }
}

#[test]
fn pages_cover_every_chat_once_forwards_and_backwards() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let mut reply = scene.agent(
        "list_chats",
        &basic,
        &json!({ "limit": 2, "sort_order": "asc" }),
    );
    assert!(reply.json().get("previous_page_id").is_none());
    let mut pages = vec![ids(&reply)];
    while let Some(next) = reply.json().get("next_page_id").cloned() {
        reply = scene.agent("list_chats", &basic, &json!({ "page_id": next }));
        pages.push(ids(&reply));
    }
    let order = [
        "T8C2YHGQ5F",
        "QJ4T7WZK1A",
        "RBVEFUC88E",
        "S3M9LNX0PD",
        "U1K6BVDR7J",
    ];
    assert_eq!(pages.concat(), order);
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    while let Some(previous) = reply.json().get("previous_page_id").cloned() {
        reply = scene.agent("list_chats", &basic, &json!({ "page_id": previous }));
    }
    assert_eq!(ids(&reply), pages[0]);
}

#[test]
fn a_chat_that_moves_meanwhile_is_neither_repeated_nor_dropped() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let first = scene.agent("list_chats", &basic, &json!({ "limit": 2 }));
    let resumed = json!({ "chat": { "id": "QJ4T7WZK1A" } });
    assert_eq!(scene.agent("resume_chat", &basic, &resumed).status, 200);
    assert_eq!(scene.agent("start_chat", &basic, &json!({})).status, 200);
    let next = json!({ "page_id": first.json()["next_page_id"] });
    let second = scene.agent("list_chats", &basic, &next);
    let last = json!({ "page_id": second.json()["next_page_id"] });
    let third = scene.agent("list_chats", &basic, &last);
    let all = [ids(&first), ids(&second), ids(&third)].concat();
    assert_eq!(
        all,
        [
            "U1K6BVDR7J",
            "S3M9LNX0PD",
            "RBVEFUC88E",
            "QJ4T7WZK1A",
            "T8C2YHGQ5F"
        ]
    );
    let fresh = scene.agent("list_chats", &basic, &json!({ "limit": 2 }));
    assert_eq!(ids(&fresh)[1], "QJ4T7WZK1A");
}

#[test]
fn a_page_id_that_was_made_up_does_no_harm() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let (customer, _) = scene.new_customer();
    for (list, filters) in [
        (
            "agent/list_chats",
            json!({ "include_chats_without_threads": true, "properties": [] }),
        ),
        ("customer/list_chats", Value::Null),
    ] {
        for backwards in [true, false] {
            let cursor = json!({ "p": 99_999, "b": backwards });
            let page = json!({
                "n": list, "f": filters, "o": "desc", "l": 5,
                "t": "2026-06-15T12:00:00.000000Z", "c": cursor,
            });
            let id = json!({ "page_id": URL_SAFE_NO_PAD.encode(page.to_string()) });
            let reply = match list {
                "agent/list_chats" => scene.agent("list_chats", &basic, &id),
                _ => scene.customer("list_chats", &customer, &id),
            };
            assert_eq!(reply.status, 200, "{}", reply.text());
        }
    }
}

#[test]
fn wrong_arguments_are_named() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let rows = [
        (
            json!({ "page_id": "MjAyNA", "limit": 2 }),
            "`limit` cannot be used together with `page_id`",
        ),
        (json!({ "page_id": "MjAyNA" }), "`page_id` is invalid"),
        (
            json!({ "limit": 0 }),
            "`limit` must be a number between 1 and 100",
        ),
        (
            json!({ "limit": 101 }),
            "`limit` must be a number between 1 and 100",
        ),
        (
            json!({ "limit": "2" }),
            "`limit` must be a number between 1 and 100",
        ),
        (
            json!({ "sort_order": "up" }),
            "`sort_order` must be `asc` or `desc`",
        ),
        (json!({ "filters": [] }), "`filters` must be an object"),
        (
            json!({ "filters": { "active": "yes" } }),
            "`filters.active` must be a boolean",
        ),
        (
            json!({ "filter": {} }),
            "`filter` is not a field of this request",
        ),
        (
            json!({ "filters": { "properties": { "a": { "b": {} } } } }),
            "`filters.properties.a.b.exists` or one of `values` and `exclude_values` is required, \
             and only one of them",
        ),
    ];
    for (body, message) in rows {
        let reply = scene.agent("list_chats", &basic, &body);
        assert_api_error(&reply, 422, "validation");
        assert_eq!(text(&reply.json(), "/error/message"), message);
    }
}

#[test]
fn what_is_not_a_json_object_is_an_invalid_message() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let target = "/v3.6/agent/action/list_chats";
    let json = "application/json";
    for (content_type, body) in [
        (json, "{\"limit\": 2,}"),
        (json, "limit=2"),
        (json, "[]"),
        (json, ""),
        ("application/x-www-form-urlencoded", "{}"),
        ("text/plain", "{}"),
    ] {
        let headers = [
            ("Authorization", basic.as_str()),
            ("Content-Type", content_type),
        ];
        let reply = scene.send("POST", target, &headers, body);
        assert_api_error(&reply, 400, "validation");
        assert_eq!(text(&reply.json(), "/error/message"), "Invalid message");
    }
}

#[test]
fn the_organizations_agents_are_listed() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let target = "/v3.6/configuration/action/list_agents";
    let all = scene.json("POST", target, &basic, &json!({})).json();
    let emails: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|agent| text(agent, "/id"))
        .collect();
    assert_eq!(
        emails,
        ["ada@example.com", "grace@example.com", "alan@example.com"]
    );
    let sales = scene
        .json(
            "POST",
            target,
            &basic,
            &json!({ "filters": { "group_ids": [1] } }),
        )
        .json();
    assert_eq!(sales.as_array().unwrap().len(), 2);
}

#[test]
fn other_versions_and_actions_get_an_answer() {
    let mut scene = Scene::new();
    let basic = scene.basic();
    let reply = scene.json("POST", "/v9/agent/action/list_chats", "", &json!({}));
    assert_api_error(&reply, 400, "unsupported_version");
    let reply = scene.json("POST", "/v3.6/agent/action/list_dogs", &basic, &json!({}));
    assert_api_error(&reply, 404, "not_found");
    let reply = scene.json(
        "POST",
        "/v3.6/reports/action/list_chats",
        &basic,
        &json!({}),
    );
    assert_api_error(&reply, 404, "not_found");
}
