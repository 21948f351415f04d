//! The tables of the API's documentation on authorization (`livechat.md` §2.3, §2.4 and §2.5): each row is
//! provoked over HTTP, its status and body are compared, and the rows are counted against the documented ones.

mod codes;
mod conditions;
mod exchange;
mod identity;
mod redirect_uri;
mod refresh;

use super::client::{Reply, Scene};

/// The eleven codes and what the server says to each, byte for byte (`livechat.md` §2.5).
const DESCRIPTIONS: [(&str, &str); 11] = [
    (
        "invalid_request",
        "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.",
    ),
    (
        "unauthorized_client",
        "The client is not authorized to request a token using this method.",
    ),
    (
        "access_denied",
        "The resource owner or authorization server denied the request.",
    ),
    (
        "unsupported_response_type",
        "The authorization server does not support obtaining a token using this method.",
    ),
    (
        "invalid_scope",
        "The requested scope is invalid, insufficient, unknown or malformed.",
    ),
    (
        "server_error",
        "The authorization server encountered an unexpected condition that prevented it from fulfilling the request.",
    ),
    (
        "temporarily_unavailable",
        "The authorization server is currently unable to handle the request due to a temporary overloading or maintenance of the server.",
    ),
    (
        "unsupported_grant_type",
        "The authorization grant type is not supported by the authorization server.",
    ),
    (
        "invalid_grant",
        "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
    ),
    (
        "invalid_client",
        "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).",
    ),
    ("missing_grant", "The client is missing granted rights."),
];

/// How a row is provoked, in a sandbox of its own.
type Provoke = fn(&mut Scene) -> Reply;

/// What the body of an error says beside its code.
#[derive(Clone, Copy)]
enum More {
    Nothing,
    InvalidField(&'static str, &'static str),
    InsufficientScope,
}

fn description(code: &str) -> &'static str {
    let row = DESCRIPTIONS.iter().find(|(known, _)| *known == code);
    row.unwrap_or_else(|| panic!("`{code}` is not documented"))
        .1
}

/// Compares an error of `/v2/*`: its status, and its whole body but for the id of the request.
#[track_caller]
fn assert_error(row: &str, reply: &Reply, (status, code, more): (u16, &str, More)) {
    let mut body = reply.json();
    let id = body.as_object_mut().unwrap().remove("request_id");
    let id = id.unwrap_or_else(|| panic!("{row}: no request_id"));
    assert!(uuid::Uuid::parse_str(id.as_str().unwrap()).is_ok(), "{row}");
    let mut expected = serde_json::json!({
        "error": code,
        "error_description": description(code),
    });
    match more {
        More::Nothing => {}
        More::InvalidField(name, problem) => expected["invalid_fields"][name] = problem.into(),
        More::InsufficientScope => expected["sub_error"] = "insufficient_scope".into(),
    }
    assert_eq!((reply.status, body), (status, expected), "{row}");
    assert_eq!(reply.header("content-type"), Some("application/json"));
}

/// Compares a redirect to the error page, and what stands there.
#[track_caller]
fn assert_ooops(scene: &mut Scene, row: &str, reply: &Reply, code: &str, details: Option<&str>) {
    let mut path = format!("/ooops?oauth_exception={code}");
    if let Some(details) = details {
        path.extend(["&exception_details=", details]);
    }
    let location = format!("{}{path}", scene.input("accounts_url"));
    assert_eq!(
        (reply.status, reply.header("location")),
        (302, Some(location.as_str())),
        "{row}"
    );
    let page = scene.get(&path);
    assert_eq!(page.status, 200, "{row}");
    for shown in [code, description(code)].into_iter().chain(details) {
        assert!(page.text().contains(shown), "{row}: {}", page.text());
    }
}
