//! §2.3, below the table: the checks of a refresh in their order.

use super::More;
use super::conditions::{INVALID_GRANT, Table, UNAUTHORIZED, missing};
use crate::sandbox::client::{Reply, Scene, text};

/// The conditions of the refresh, in the order of the paragraph below the table.
const CONDITIONS: [&str; 6] = [
    "client or secret",
    "token missing",
    "token unknown or revoked",
    "token of another client",
    "extra scope",
    "token expired",
];

const REFRESH: Table = Table {
    conditions: &CONDITIONS,
    send: refresh,
    parameters: &[
        (1, "client_id", "0", UNAUTHORIZED),
        (1, "client_secret", "wrong", UNAUTHORIZED),
        (2, "refresh_token", "", missing("refresh_token")),
        (3, "refresh_token", "nobody", UNAUTHORIZED),
        (
            5,
            "scope",
            "chats--all:rw",
            (403, "access_denied", More::InsufficientScope),
        ),
    ],
    others: &[
        (
            3,
            "revoked",
            |scene| refresh_after(scene, revoke),
            UNAUTHORIZED,
        ),
        (
            4,
            "another app's",
            refresh_by_another_app,
            (401, "invalid_client", More::Nothing),
        ),
        (
            6,
            "after sixty days",
            |scene| refresh_after(scene, expire),
            INVALID_GRANT,
        ),
    ],
};

fn refresh(scene: &mut Scene, name: &str, value: &str) -> Reply {
    let token = scene.log_in(&[]);
    scene.refresh(text(&token, "/refresh_token"), &[(name, value)])
}

fn refresh_by_another_app(scene: &mut Scene) -> Reply {
    let other = scene.input("js_client_id");
    refresh(scene, "client_id", &other)
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

fn expire(scene: &mut Scene, _: &str) {
    scene.advance(60 * 24 * 3600);
}

#[test]
fn every_condition_of_the_refresh_gets_its_answer() {
    REFRESH.holds();
}
