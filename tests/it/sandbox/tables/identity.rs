//! §2.5: the six codes of authentication, which lead to the login page.

use serde_json::json;

use super::Provoke;
use crate::sandbox::client::{ADA, Scene, text};

/// A code, whom it is about if that is known, and how it is provoked.
const ROWS: [(&str, Option<&str>, Provoke); 6] = [
    ("invalid_request", None, |scene| {
        refuse(scene, "invalid_request", None)
    }),
    ("unauthorized", Some(ADA), |scene| {
        refuse(scene, "unauthorized", Some(ADA))
    }),
    ("server_error", None, |scene| {
        refuse(scene, "server_error", None)
    }),
    ("access_denied", Some(ADA), |scene| {
        refuse(scene, "access_denied", Some(ADA))
    }),
    ("identity_lost", Some(ADA), |scene| {
        let token = scene.log_in(&[]);
        let bearer = format!("Bearer {}", text(&token, "/access_token"));
        scene.send("DELETE", "/v2/sessions", &[("Authorization", &bearer)], "");
        scene.authorize(&[])
    }),
    ("credentials_login_disabled", None, |scene| {
        refuse(scene, "credentials_login_disabled", None)
    }),
];

fn refuse(
    scene: &mut Scene,
    code: &str,
    account_id: Option<&str>,
) -> crate::sandbox::client::Reply {
    let state = json!({ "exception": code, "account_id": account_id });
    scene.admin("POST", "/identity", &state);
    scene.authorize(&[])
}

#[test]
fn every_authentication_error_leads_to_the_login_page() {
    for (code, account_id, provoke) in ROWS {
        let mut scene = Scene::new();
        let reply = provoke(&mut scene);
        let mut path = format!("/?identity_exception={code}");
        if let Some(id) = account_id {
            path.extend(["&entity_id=", id]);
        }
        let location = format!("{}{path}", scene.input("accounts_url"));
        assert_eq!(
            (reply.status, reply.header("location")),
            (302, Some(location.as_str())),
            "{code}"
        );
        let page = scene.get(&path);
        assert_eq!(page.status, 200, "{code}");
        for shown in [code, "ada@example.com", "action=\"/signin\""] {
            assert!(page.text().contains(shown), "{code}: {}", page.text());
        }
        scene.admin("POST", "/identity", &json!({ "logged_in": ADA }));
        assert!(
            scene.authorize(&[]).redirect_parameter("code").is_some(),
            "{code}"
        );
    }
}
