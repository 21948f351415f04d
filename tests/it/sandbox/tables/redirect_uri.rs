//! §2.4: which redirect URIs an app may ask for, by what stands on its whitelist.

use serde_json::json;

use super::{More, assert_error, assert_ooops};
use crate::sandbox::client::{Scene, text};

/// The eleven rows of the table and the four below it: configured, requested, whether that is allowed.
const ROWS: [(&str, &str, bool); 16] = [
    ("http://livechat.com", "http://livechat.com", true),
    ("http://livechat.com", "http://livechat.com/archives", true),
    (
        "http://livechat.com",
        "http://livechat.com/archives/../",
        false,
    ),
    ("http://livechat.com/archives", "http://livechat.com", false),
    (
        "http://livechat.com/archives",
        "http://livechat.com/archives",
        true,
    ),
    (
        "http://livechat.com/archives",
        "http://livechat.com/archives/chats",
        true,
    ),
    ("http://localhost:3000", "http://localhost:3000", true),
    ("http://127.0.0.1:3000", "http://127.0.0.1:3000", true),
    ("http://localhost:3000", "http://localhost:4000", false),
    ("https://livechat.com", "http://livechat.com", false),
    ("http://livechat.com", "https://livechat.com", false),
    ("https://x.io/cb/", "https://x.io/cb", false),
    ("https://x.io/cb", "https://x.io/cb/", true),
    ("https://x.io/cb", "https://x.io/cbx", false),
    // The last row has two cases.
    ("https://x.io/cb", "https://x.io/cb?a=1", false),
    ("https://x.io/cb", "https://x.io/cb#f", false),
];

#[test]
fn every_row_of_the_whitelists_rules_holds() {
    for (configured, requested, allowed) in ROWS {
        let row = format!("{configured} <- {requested}");
        let mut scene = Scene::new();
        let app = scene.admin("POST", "/apps", &json!({ "redirect_uris": [configured] }));
        let client = ("client_id", text(&app, "/client_id"));
        let secret = ("client_secret", text(&app, "/client_secret"));
        let uri = ("redirect_uri", requested);
        let reply = scene.authorize(&[client, uri]);
        if allowed {
            let code = reply.redirect_parameter("code").unwrap();
            let encoded = code.replace(':', "%3A");
            let location = format!("{requested}?code={encoded}&state=");
            assert_eq!(
                (reply.status, reply.header("location")),
                (302, Some(location.as_str())),
                "{row}"
            );
            // The exchange must repeat the very address.
            let other = ("redirect_uri", &*format!("{requested}/other"));
            let refused = scene.exchange(&code, &[client, secret, other]);
            assert_error(&row, &refused, (401, "unauthorized_client", More::Nothing));
            let token = scene.exchange(&code, &[client, secret, uri]);
            assert_eq!(token.status, 200, "{row}: {}", token.text());
        } else {
            let details = Some("invalid_redirect_uri");
            assert_ooops(&mut scene, &row, &reply, "invalid_request", details);
        }
    }
}
