//! Which scope each method needs (`livechat.md` §3), one by one.

use serde_json::{Value, json};

use super::calls::{self, Call};
use super::client::{ADA, Reply, Scene, assert_api_error};

fn call(scene: &mut Scene, path: &str, body: &Value, scopes: &[&str]) -> Reply {
    let token = scene.token_of(ADA, scopes);
    scene.json("POST", path, &token, body)
}

#[track_caller]
fn assert_allowed(reply: &Reply, row: &str) {
    // What a call finds is of no interest here, only that it was let in.
    let kind = reply.json()["error"]["type"].clone();
    assert_ne!(kind, "authorization", "{row}: {}", reply.text());
    assert!(reply.status < 500, "{row}: {}", reply.text());
}

#[test]
fn every_method_needs_one_of_its_scopes_and_no_other() {
    let agent = calls::agent().into_iter().map(|call| ("agent", call));
    let configuration = calls::configuration();
    let configuration = configuration
        .into_iter()
        .map(|call| ("configuration", call));
    for (api, wanted) in agent.chain(configuration) {
        let Call {
            action,
            body,
            scopes,
        } = wanted;
        let path = format!("/v3.6/{api}/action/{action}");
        let none = call(&mut Scene::new(), &path, &body, &[]);
        if scopes.is_empty() {
            assert_allowed(&none, &action);
        } else {
            assert_api_error(&none, 403, "authorization");
        }
        for scope in &scopes {
            let row = format!("{action} with {scope}");
            assert_allowed(&call(&mut Scene::new(), &path, &body, &[scope]), &row);
            let Some(lesser) = scope.strip_suffix(":rw").map(|start| format!("{start}:ro")) else {
                continue;
            };
            // `customers.ban` and `multicast` have no lesser one.
            let known = !["customers.ban:ro", "multicast:ro"].contains(&lesser.as_str());
            if known && !scopes.contains(&lesser) {
                let reply = call(&mut Scene::new(), &path, &body, &[&lesser]);
                assert_api_error(&reply, 403, "authorization");
            }
        }
    }
}

#[test]
fn routing_statuses_are_told_to_those_with_both_scopes() {
    let mut scene = Scene::new();
    let path = "/v3.6/agent/action/list_routing_statuses";
    let both = ["agents--all:ro", "agents-bot--all:ro"];
    for one in both {
        let reply = call(&mut scene, path, &json!({}), &[one]);
        assert_api_error(&reply, 403, "authorization");
    }
    let reply = call(&mut scene, path, &json!({}), &both);
    assert!(reply.json().is_array(), "{}", reply.text());
}
