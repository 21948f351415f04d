//! `docs/sandbox.md` against the sandbox: what the page names is there, and its collections run.

use std::collections::BTreeSet;
use std::path::Path;

use regex::Regex;
use serde_json::{Value, json};

use super::client::{ADA, Scene, text};
use crate::lab::Lab;

fn page() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sandbox.md");
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn the_page_names_every_request_of_the_admin_surface_and_no_other() {
    let mut scene = Scene::new();
    let listed = scene.admin("GET", "", &json!({}));
    let listed: BTreeSet<String> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|line| format!("{} {}", text(line, "/method"), text(line, "/path")))
        .collect();
    let row = Regex::new(r"(?m)^\| `([A-Z]+ /_admin/[^`]+)` \|").unwrap();
    let page = page();
    let named: BTreeSet<String> = row
        .captures_iter(&page)
        .map(|found| found[1].to_owned())
        .collect();
    assert_eq!(named, listed);
}

/// The methods that the paragraph of an API lists.
fn methods(api: &str) -> Vec<String> {
    let page = page();
    let (_, rest) = page.split_once(&format!("\n**{api}**: ")).unwrap();
    let (paragraph, _) = rest.split_once("\n\n").unwrap();
    let names = Regex::new("`([a-z_]+)`").unwrap();
    names
        .captures_iter(paragraph)
        .map(|found| found[1].to_owned())
        .collect()
}

#[test]
fn every_method_that_the_page_names_is_served() {
    let mut scene = Scene::new();
    let agent = scene.everything_of(ADA);
    let (customer, _) = scene.new_customer();
    let organization = scene.input("organization_id");
    for (api, path, token) in [
        ("Agent", "agent", &agent),
        ("Configuration", "configuration", &agent),
        ("Customer", "customer", &customer),
    ] {
        let methods = methods(api);
        assert!(methods.len() >= 2, "{api}");
        for method in methods {
            let target = format!("/v3.6/{path}/action/{method}?organization_id={organization}");
            let reply = scene.json("POST", &target, token, &json!({}));
            let kind = reply.json().pointer("/error/type").cloned();
            assert_ne!(kind, Some(json!("not_found")), "{api}: {method}");
        }
    }
}

#[test]
fn every_address_that_the_page_names_is_served() {
    let page = page();
    let (_, rest) = page.split_once("## What it plays").unwrap();
    let (table, _) = rest.split_once("**Agent**").unwrap();
    let address = Regex::new(r"`(GET|POST|DELETE) (/[^` ]*)`").unwrap();
    let mut scene = Scene::new();
    let organization = scene.input("organization_id");
    scene.admin(
        "PATCH",
        "/organization",
        &json!({ "chat_between_groups": false }),
    );
    let mut seen = 0;
    for found in address.captures_iter(table) {
        let path = found[2]
            .replace("{action}", "list_chats")
            .replace("{organization_id}", &organization)
            .replace("{group_id}", "1")
            .replace("=…", "=x");
        let reply = scene.json(&found[1], &path, "", &Value::Null);
        assert!(![404, 405].contains(&reply.status), "{} {path}", &found[1]);
        seen += 1;
    }
    assert!(seen >= 18, "{seen}");
}

#[test]
fn the_collections_on_the_page_run() {
    let page = page();
    let blocks: Vec<&str> = page
        .split("```yaml\n")
        .skip(1)
        .map(|rest| rest.split_once("```").unwrap().0)
        .collect();
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        Lab::new().run_with_input(["-"], block).exits(0);
    }
}
