//! §2.3, below the table: the checks of a refresh in their order.

use super::More;
use super::exchange::{INVALID_GRANT, Row, UNAUTHORIZED, hold, missing};
use crate::sandbox::client::{Reply, Scene, text};

/// The conditions of the refresh, in the order of the paragraph below the table.
const REFRESH: [&str; 6] = [
    "client or secret",
    "token missing",
    "token unknown or revoked",
    "token of another client",
    "extra scope",
    "token expired",
];

const REFRESH_ROWS: &[Row] = &[
    (
        1,
        "unknown client",
        |scene| refresh(scene, "client_id", "0"),
        UNAUTHORIZED,
    ),
    (
        1,
        "wrong secret",
        |scene| refresh(scene, "client_secret", "wrong"),
        UNAUTHORIZED,
    ),
    (
        2,
        "missing",
        |scene| refresh(scene, "refresh_token", ""),
        missing("refresh_token"),
    ),
    (
        3,
        "unknown",
        |scene| refresh(scene, "refresh_token", "nobody"),
        UNAUTHORIZED,
    ),
    (
        3,
        "revoked",
        |scene| refresh_after(scene, revoke),
        UNAUTHORIZED,
    ),
    (
        4,
        "another app's",
        |scene| {
            let other = scene.input("js_client_id");
            refresh(scene, "client_id", &other)
        },
        (401, "invalid_client", More::Nothing),
    ),
    (
        5,
        "not granted",
        |scene| refresh(scene, "scope", "chats--all:rw"),
        (403, "access_denied", More::InsufficientScope),
    ),
    (
        6,
        "after sixty days",
        |scene| refresh_after(scene, |scene, _| scene.advance(60 * 24 * 3600)),
        INVALID_GRANT,
    ),
];

fn refresh(scene: &mut Scene, name: &str, value: &str) -> Reply {
    let token = scene.log_in(&[]);
    scene.refresh(text(&token, "/refresh_token"), &[(name, value)])
}

fn refresh_after(scene: &mut Scene, change: fn(&mut Scene, &str)) -> Reply {
    let token = scene.log_in(&[]);
    let refresh_token = text(&token, "/refresh_token");
    change(scene, refresh_token);
    scene.refresh(refresh_token, &[])
}

fn revoke(scene: &mut Scene, token: &str) {
    let target = format!("/v2/token?code={token}");
    assert_eq!(scene.send("DELETE", &target, &[], "").status, 200);
}

#[test]
fn every_condition_of_the_refresh_gets_its_answer() {
    hold(&REFRESH, REFRESH_ROWS);
}
