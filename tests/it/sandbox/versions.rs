//! Versions of the Web APIs and what differs between them, regions, and the Configuration API.

use serde_json::{Value, json};

use super::client::{Reply, Scene, assert_api_error, text};

fn list(scene: &mut Scene, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
    let basic = scene.basic();
    let mut all = vec![
        ("Authorization", basic.as_str()),
        ("Content-Type", "application/json"),
    ];
    all.extend(headers);
    scene.send("POST", path, &all, &body.to_string())
}

#[test]
fn four_versions_are_served_and_older_ones_say_until_when() {
    let mut scene = Scene::new();
    for (version, legacy, deprecation) in [
        ("3.4", false, true),
        ("3.5", true, false),
        ("3.6", false, false),
        ("3.7", false, false),
    ] {
        let path = format!("/v{version}/agent/action/list_chats");
        let reply = list(&mut scene, &path, &[], &json!({}));
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("legacy").is_some(), legacy);
        assert_eq!(reply.header("deprecation").is_some(), deprecation);
        let until = reply.header("legacy").or(reply.header("deprecation"));
        assert!(until.is_none_or(|day| day.len() == "2027-08-07".len()));
    }
    for version in ["3.0", "3.1", "3.2", "3.3", "3.8", "9", "x"] {
        let path = format!("/v{version}/agent/action/list_chats");
        let reply = list(&mut scene, &path, &[], &json!({}));
        assert_api_error(&reply, 400, "unsupported_version");
        assert_eq!(
            text(&reply.json(), "/error/message"),
            "Cannot call unsupported API versions."
        );
    }
}

#[test]
fn a_path_without_a_version_takes_it_from_the_header() {
    let mut scene = Scene::new();
    let path = "/agent/action/list_chats";
    let version = |value| [("X-API-Version", value)];
    assert_eq!(
        list(&mut scene, path, &version("3.6"), &json!({})).status,
        200
    );
    let old = list(&mut scene, path, &version("3.5"), &json!({}));
    assert!(old.header("legacy").is_some());
    let none = list(&mut scene, path, &[], &json!({}));
    assert_api_error(&none, 400, "unsupported_version");
    let both = "/v3.6/agent/action/list_chats";
    assert_eq!(
        list(&mut scene, both, &version("3.6"), &json!({})).status,
        200
    );
    let torn = list(&mut scene, both, &version("3.5"), &json!({}));
    assert_api_error(&torn, 400, "unsupported_version");
}

#[test]
fn chats_look_as_each_version_shows_them() {
    let mut scene = Scene::new();
    let mut first = |version: &str| {
        list(
            &mut scene,
            &format!("/v{version}/agent/action/list_chats"),
            &[],
            &json!({ "limit": 1 }),
        )
        .json()
    };
    let (old, now, next) = (first("3.5"), first("3.6"), first("3.7"));
    assert!(
        old["chats_summary"][0]["users"][0]
            .get("last_visit")
            .is_some()
    );
    assert!(old["chats_summary"][0]["users"][0].get("visit").is_none());
    assert!(now["chats_summary"][0]["users"][0].get("visit").is_some());
    assert!(next.get("chats_summary").is_none());
    let info = &next["chats_info"][0];
    assert!(info.get("last_event_per_type").is_none() && info.get("last_thread_summary").is_none());
    let event = "/last_thread_info/last_event_per_type/message/event/text";
    assert_eq!(text(info, event), "My login link has expired.");
}

#[test]
fn each_version_has_its_filter_of_activity_and_its_methods() {
    let mut scene = Scene::new();
    let mut found = |version: &str, filters: Value| {
        let path = format!("/v{version}/agent/action/list_chats");
        list(&mut scene, &path, &[], &json!({ "filters": filters })).json()["found_chats"].clone()
    };
    assert_eq!(found("3.5", json!({})), 5);
    assert_eq!(found("3.5", json!({ "include_active": true })), 5);
    assert_eq!(found("3.4", json!({ "include_active": false })), 3);
    assert_eq!(found("3.6", json!({ "active": true })), 2);
    assert_eq!(found("3.6", json!({ "include_active": true })), Value::Null);
    assert_eq!(found("3.5", json!({ "active": true })), Value::Null);
    for action in ["list_customers", "create_customer", "get_license_info"] {
        let old = list(
            &mut scene,
            &format!("/v3.5/agent/action/{action}"),
            &[],
            &json!({}),
        );
        assert_eq!(old.status, 200, "{}", old.text());
        let new = list(
            &mut scene,
            &format!("/v3.6/agent/action/{action}"),
            &[],
            &json!({}),
        );
        assert_api_error(&new, 404, "not_found");
    }
}

#[test]
fn customers_are_created_and_listed_up_to_3_5() {
    let mut scene = Scene::new();
    let create = "/v3.5/agent/action/create_customer";
    let made = list(&mut scene, create, &[], &json!({ "name": "Eve" })).json();
    let path = "/v3.5/agent/action/list_customers";
    let first = list(&mut scene, path, &[], &json!({ "limit": 1 })).json();
    assert_eq!(first["customers"][0]["id"], made["customer_id"]);
    assert_eq!(first["total_customers"], 6);
    let next = list(
        &mut scene,
        path,
        &[],
        &json!({ "page_id": first["next_page_id"] }),
    )
    .json();
    assert_eq!(next["customers"][0]["name"], "Noor Haddad");
    let filters = json!({ "filters": { "include_customers_without_chats": false } });
    let with_chats = list(&mut scene, path, &[], &filters).json();
    assert_eq!(with_chats["total_customers"], 5);
    let other = json!({ "filters": { "name": { "values": ["Eve"] } } });
    assert_api_error(&list(&mut scene, path, &[], &other), 422, "validation");
}

#[test]
fn a_client_that_believes_itself_elsewhere_is_told_the_region() {
    let mut scene = Scene::new();
    let path = "/v3.6/agent/action/list_chats";
    assert_eq!(
        list(&mut scene, path, &[("X-Region", "dal")], &json!({})).status,
        200
    );
    let reply = list(&mut scene, path, &[("X-Region", "fra")], &json!({}));
    assert_eq!(reply.status, 421);
    assert_eq!(
        reply.json(),
        json!({ "error": {
            "type": "misdirected_request", "message": "Wrong region", "data": { "region": "dal" },
        } })
    );
    let bad = scene.send("POST", path, &[("X-Region", "fra")], "{}");
    assert_api_error(&bad, 401, "authentication");
    scene.admin("PATCH", "/organization", &json!({ "region": "fra" }));
    assert_eq!(
        list(&mut scene, path, &[("X-Region", "fra")], &json!({})).status,
        200
    );
    assert!(scene.code(&[]).starts_with("fra:"));
}

#[test]
fn agents_and_groups_are_told_with_the_fields_that_are_asked_for() {
    let mut scene = Scene::new();
    let path = "/v3.6/configuration/action/list_agents";
    let plain = list(&mut scene, path, &[], &json!({})).json();
    assert_eq!(plain[0]["login_status"], "accepting chats");
    assert!(plain[0].get("job_title").is_none());
    let fields = json!({ "fields": ["job_title", "groups", "max_chats_count", "last_logout"] });
    let full = list(&mut scene, path, &[], &fields).json();
    assert_eq!(full[0]["job_title"], "Support Lead");
    assert_eq!(full[1]["groups"][1]["id"], 1);
    assert!(full[0].get("last_logout").is_none());
    let suspended = json!({ "filters": { "suspended": true } });
    assert_eq!(list(&mut scene, path, &[], &suspended).json(), json!([]));
    let path = "/v3.6/configuration/action/list_groups";
    assert_eq!(
        list(&mut scene, path, &[], &json!({})).json(),
        json!([
            { "id": 0, "name": "General", "language_code": "en" },
            { "id": 1, "name": "Sales", "language_code": "en" },
        ])
    );
    let fields = json!({ "fields": ["routing_status", "agent_priorities"] });
    let full = list(&mut scene, path, &[], &fields).json();
    assert_eq!(full[1]["routing_status"], "online");
    assert_eq!(full[1]["agent_priorities"]["alan@example.com"], "normal");
    let wrong = json!({ "fields": ["salary"] });
    assert_api_error(&list(&mut scene, path, &[], &wrong), 422, "validation");
    let unknown = "/v3.6/configuration/action/list_dogs";
    assert_api_error(
        &list(&mut scene, unknown, &[], &json!({})),
        404,
        "not_found",
    );
    assert_api_error(&scene.get(path), 405, "not_allowed");
}
