//! §2.5: the eleven codes of the authorization system with every documented reason, and the four details.

mod rows;

use std::collections::BTreeSet;

use serde_json::json;

use super::{DESCRIPTIONS, More, Provoke, assert_error, assert_ooops};
use crate::sandbox::client::Scene;

use rows::ROWS;

/// The documented reasons of each code.
const REASONS: [(&str, &[&str]); 11] = [
    (
        "invalid_request",
        &[
            "wrong HTTP method",
            "bad body encoding",
            "response_type of another client type",
            "client_id",
            "redirect_uri or its slash",
        ],
    ),
    (
        "unauthorized_client",
        &[
            "missing client id",
            "unknown client id",
            "refresh token not found",
            "wrong secret",
            "wrong redirect uri",
            "expired or used code",
        ],
    ),
    (
        "access_denied",
        &["scope not originally granted", "user presses Cancel"],
    ),
    ("unsupported_response_type", &["neither code nor token"]),
    (
        "invalid_scope",
        &[
            "scope not found",
            "scope name not found",
            "admin scopes, but an agent is logged in",
        ],
    ),
    ("server_error", &["server down", "storage down"]),
    ("temporarily_unavailable", &["not used at present"]),
    ("unsupported_grant_type", &["disabled grant"]),
    (
        "invalid_grant",
        &["refresh token expired", "access token expired"],
    ),
    ("invalid_client", &["refresh token with a wrong client id"]),
    (
        "missing_grant",
        &[
            "grants rejected",
            "grants never given",
            "client changed its grants",
        ],
    ),
];

/// Where an error is met: in a body with this status, or at the error page.
#[derive(Clone, Copy)]
enum Met {
    Body(u16, More),
    Ooops(Option<&'static str>),
}

/// The four details, the code that each comes with, and how it is provoked.
const DETAILS: [(&str, &str, Provoke); 4] = [
    ("client_id_not_found", "unauthorized_client", |scene| {
        scene.authorize(&[("client_id", "00000000000000000000000000000000")])
    }),
    ("redirect_uri_not_set", "unauthorized_client", |scene| {
        scene.change_app(&json!({ "redirect_uris": [] }));
        scene.authorize(&[])
    }),
    ("invalid_redirect_uri", "invalid_request", |scene| {
        scene.authorize(&[("redirect_uri", "https://elsewhere.example/")])
    }),
    ("too_many_redirects", "invalid_request", |scene| {
        for _ in 0..3 {
            scene.code(&[]);
        }
        scene.authorize(&[])
    }),
];

#[test]
fn every_reason_of_every_code_is_met() {
    for (code, reason, provoke, met) in ROWS {
        let row = format!("{code}: {reason}");
        let mut scene = Scene::new();
        let reply = provoke(&mut scene);
        match *met {
            Met::Body(status, more) => assert_error(&row, &reply, (status, code, more)),
            Met::Ooops(details) => assert_ooops(&mut scene, &row, &reply, code, details),
        }
    }
    let documented = REASONS
        .iter()
        .flat_map(|(code, reasons)| reasons.iter().map(|reason| (*code, *reason)));
    let seen: BTreeSet<_> = ROWS
        .iter()
        .map(|(code, reason, ..)| (*code, *reason))
        .collect();
    assert_eq!(seen, documented.collect(), "a reason is missing");
    let codes = DESCRIPTIONS.map(|(code, _)| code);
    assert_eq!(REASONS.map(|(code, _)| code), codes, "a code is missing");
}

#[test]
fn every_detail_is_met() {
    for (details, code, provoke) in DETAILS {
        let mut scene = Scene::new();
        let reply = provoke(&mut scene);
        assert_ooops(&mut scene, details, &reply, code, Some(details));
    }
}
