//! How many tokens and redirects there may be, and how long a refresh token lives.

use super::client::{Scene, assert_refused, text};

#[test]
fn the_fourth_redirect_within_thirty_seconds_is_a_loop() {
    let mut scene = Scene::new();
    for _ in 0..3 {
        scene.code(&[]);
    }
    let reply = scene.authorize(&[]);
    assert_eq!(
        reply.redirect_parameter("oauth_exception").unwrap(),
        "invalid_request"
    );
    assert_eq!(
        reply.redirect_parameter("exception_details").unwrap(),
        "too_many_redirects"
    );
    let (client_id, redirect_uri) = (scene.input("js_client_id"), scene.input("js_redirect_uri"));
    let other = [
        ("client_id", client_id.as_str()),
        ("redirect_uri", &redirect_uri),
        ("response_type", "token"),
    ];
    assert!(
        scene
            .authorize(&other)
            .redirect_parameter("access_token")
            .is_some()
    );
    scene.advance(30);
    scene.code(&[]);
}

#[test]
fn the_twenty_sixth_exchange_ends_the_first_token() {
    let mut scene = Scene::new();
    let first = scene.log_in(&[]);
    for _ in 1..25 {
        scene.advance(15);
        scene.log_in(&[]);
    }
    let (access, refresh) = (
        text(&first, "/access_token"),
        text(&first, "/refresh_token"),
    );
    assert_eq!(scene.get_as("/v2/info", access).status, 200);
    scene.advance(15);
    scene.log_in(&[]);
    assert_refused(&scene.get_as("/v2/info", access), 422, "invalid_request");
    assert_refused(&scene.refresh(refresh, &[]), 401, "unauthorized_client");
}

#[test]
fn a_refresh_token_expires_in_the_end() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[]);
    let refresh_token = text(&token, "/refresh_token");
    scene.advance(59 * 24 * 3600);
    assert_eq!(scene.refresh(refresh_token, &[]).status, 200);
    scene.advance(24 * 3600);
    assert_refused(&scene.refresh(refresh_token, &[]), 401, "invalid_grant");
}
