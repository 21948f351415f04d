//! A client of the sandbox: [`wire`] speaks HTTP, [`scene`] is a sandbox with what a test needs to call it.

mod scene;
mod wire;

pub use scene::{ADA, ALAN, GRACE, Scene, impatient};
pub use wire::{Client, Reply};

use serde_json::Value;

/// A string within JSON.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{pointer} in {value}"))
}

/// Makes sure of the status and the error of an accounts reply, its text included.
#[track_caller]
pub fn assert_refused(reply: &Reply, status: u16, error: &str) {
    let body = reply.json();
    assert_eq!(
        (reply.status, text(&body, "/error")),
        (status, error),
        "{body}"
    );
    assert!(!text(&body, "/error_description").is_empty());
    assert!(uuid::Uuid::parse_str(text(&body, "/request_id")).is_ok());
}

/// Makes sure of the status and the type of a Web API error.
#[track_caller]
pub fn assert_api_error(reply: &Reply, status: u16, kind: &str) {
    let body = reply.json();
    assert_eq!(
        (reply.status, text(&body, "/error/type")),
        (status, kind),
        "{body}"
    );
    assert!(!text(&body, "/error/message").is_empty());
}
