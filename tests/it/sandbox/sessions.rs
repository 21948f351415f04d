//! The sessions of an account.

use super::client::{ADA, Scene, assert_refused, text};

#[test]
fn sessions_are_listed_with_their_apps() {
    let mut scene = Scene::new();
    let token = scene.log_in(&[]);
    let sessions = scene
        .get_as("/v2/sessions", text(&token, "/access_token"))
        .json();
    assert_eq!(sessions.as_array().unwrap().len(), 1);
    assert_eq!(sessions[0]["current"], true);
    assert_eq!(sessions[0]["account_id"], ADA);
    assert_eq!(
        text(&sessions, "/0/applications/0/client_id"),
        scene.input("client_id")
    );
    let narrow = scene.log_in(&[("scope", "customers:own")]);
    let reply = scene.get_as("/v2/sessions", text(&narrow, "/access_token"));
    assert_refused(&reply, 403, "access_denied");
    assert_refused(&scene.get("/v2/sessions"), 401, "unauthorized");
    let basic = scene.basic();
    let reply = scene.send("GET", "/v2/sessions", &[("Authorization", &basic)], "");
    assert_refused(&reply, 401, "unauthorized");
}

#[test]
fn a_session_that_is_closed_from_elsewhere_takes_its_tokens_and_the_identity() {
    for all in [true, false] {
        let mut scene = Scene::new();
        let token = scene.log_in(&[]);
        let access = text(&token, "/access_token");
        let bearer = format!("Bearer {access}");
        let session = scene.get_as("/v2/sessions", access).json();
        let path = format!("/v2/sessions/{}", text(&session, "/0/session_id"));
        let missing = scene.send(
            "DELETE",
            "/v2/sessions/none",
            &[("Authorization", &bearer)],
            "",
        );
        assert_refused(&missing, 404, "resource_not_found");
        let path = if all { "/v2/sessions" } else { &path };
        assert_eq!(
            scene
                .send("DELETE", path, &[("Authorization", &bearer)], "")
                .status,
            200
        );
        assert_refused(&scene.get_as("/v2/info", access), 422, "invalid_request");
        let reply = scene.authorize(&[]);
        assert_eq!(
            reply.redirect_parameter("identity_exception").unwrap(),
            "identity_lost"
        );
        assert_eq!(reply.redirect_parameter("entity_id").unwrap(), ADA);
        scene.form("/signin", &[("email", "ada@example.com")]);
        assert!(scene.authorize(&[]).redirect_parameter("code").is_some());
    }
}
