//! Lists that are read page by page while chats come, go and come back.

use lcrun::sandbox::{Options, Setup};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use super::client::{ADA, Scene, text};

fn ids(page: &Value, list: &str, id: &str) -> Vec<String> {
    let items = page[list].as_array().unwrap();
    items.iter().map(|item| text(item, id).to_owned()).collect()
}

/// Does something to chats, of which `known` are all.
fn stir(scene: &mut Scene, token: &str, random: &mut StdRng, known: &mut Vec<String>) {
    let chosen = known[random.random_range(0..known.len())].clone();
    let away = json!({ "id": chosen, "ignore_requester_presence": true });
    match random.random_range(0..3) {
        0 => {
            let started = scene.does("start_chat", token, &json!({ "continuous": true }));
            known.push(text(&started, "/chat_id").to_owned());
        }
        // Closing a closed chat and resuming an open one are refused, which changes nothing.
        1 => drop(scene.agent("deactivate_chat", token, &away)),
        _ => drop(scene.agent("resume_chat", token, &json!({ "chat": { "id": chosen } }))),
    }
}

#[test]
fn pages_hold_each_chat_of_the_first_request_once_whatever_happens_between_them() {
    for seed in 0..25 {
        let mut random = StdRng::seed_from_u64(seed);
        let options = Options {
            seed: Some(seed),
            ..Options::default()
        };
        let mut scene = Scene::with(&options, &Setup::default());
        let token = scene.token_of(ADA, &["chats--all:rw"]);
        let all = json!({ "limit": 100 });
        let mut known = ids(
            &scene.does("list_chats", &token, &all),
            "chats_summary",
            "/id",
        );
        for _ in 0..random.random_range(0..8) {
            stir(&mut scene, &token, &mut random, &mut known);
        }
        for (action, list, id, found) in [
            ("list_chats", "chats_summary", "/id", "found_chats"),
            ("list_archives", "chats", "/thread/id", "found_chats"),
        ] {
            let order = ["asc", "desc"][random.random_range(0..2)];
            let whole = json!({ "limit": 100, "sort_order": order });
            let expected = ids(&scene.does(action, &token, &whole), list, id);
            let limit = random.random_range(1..5);
            let first = json!({ "limit": limit, "sort_order": order });
            let mut page = scene.does(action, &token, &first);
            assert_eq!(page[found], expected.len(), "seed {seed}");
            let mut seen = ids(&page, list, id);
            while let Some(next) = page.get("next_page_id").cloned() {
                for _ in 0..random.random_range(0..4) {
                    stir(&mut scene, &token, &mut random, &mut known);
                }
                page = scene.does(action, &token, &json!({ "page_id": next }));
                assert!(ids(&page, list, id).len() <= limit, "seed {seed}");
                seen.extend(ids(&page, list, id));
            }
            if action == "list_archives" {
                // A thread that was closed meanwhile joins the list where it belongs, one that is there stays.
                let mut once = seen.clone();
                once.sort_unstable();
                once.dedup();
                assert_eq!(once.len(), seen.len(), "seed {seed}: repeated in {seen:?}");
                seen.retain(|id| expected.contains(id));
            }
            assert_eq!(seen, expected, "seed {seed}, {action} {order} by {limit}");
        }
    }
}
