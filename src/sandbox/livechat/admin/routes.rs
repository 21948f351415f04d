//! The addresses of the admin surface, and what its requests and errors have in common.

use serde::{Deserialize, Deserializer, Serialize};

use super::{accounts, apps, clock, faults, identity, organization, personal_access_tokens};
use crate::sandbox::livechat::oauth::Scopes;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Request, Response};

/// A refusal: a status and what to do about it.
#[derive(Debug)]
pub struct Failure(pub u16, pub String);

impl Failure {
    /// Something in the body that cannot be used.
    pub fn unusable(message: impl Into<String>) -> Self {
        Self(422, message.into())
    }

    /// Something that isn't there.
    pub fn absent(kind: &str, id: &str) -> Self {
        Self(404, format!("there is no {kind} `{id}`"))
    }
}

/// A field that can be left out, `null`, or a value.
#[derive(Debug, Default)]
pub enum Given<T> {
    /// Left out.
    #[default]
    Nothing,
    /// `null`.
    Null,
    /// A value.
    Value(T),
}

impl<T> Given<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        if let Self::Value(value) = self {
            Some(value)
        } else {
            None
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }
}

/// Answers a request to `/_admin` and `path`.
pub fn handle(state: &mut State, request: &Request, path: &str) -> Response {
    #[derive(Serialize)]
    struct Body<'a> {
        error: &'a str,
    }
    route(state, request, path).unwrap_or_else(|Failure(status, message)| {
        Response::json(status, &Body { error: &message })
    })
}

fn route(state: &mut State, request: &Request, path: &str) -> Result<Response, Failure> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match (request.verb(), segments.as_slice()) {
        ("GET", ["apps"]) => Ok(apps::list(state)),
        ("POST", ["apps"]) => apps::create(state, read(request)?),
        ("PATCH", ["apps", client_id]) => apps::change(state, client_id, read(request)?),
        ("DELETE", ["apps", client_id, "consents", account_id]) => {
            state.consents.forget(client_id, account_id);
            Ok(Response::empty())
        }
        ("GET", ["accounts"]) => Ok(accounts::list(state)),
        ("POST", ["accounts"]) => accounts::create(state, read(request)?),
        ("PATCH", ["accounts", id]) => accounts::change(state, id, read(request)?),
        ("POST", ["pats"]) => personal_access_tokens::create(state, &read(request)?),
        ("DELETE", ["pats", token]) => personal_access_tokens::revoke(state, token),
        ("GET", ["clock"]) => Ok(clock::tell(state)),
        ("POST", ["clock"]) => Ok(clock::advance(state, &read(request)?)),
        ("GET", ["identity"]) => Ok(identity::tell(state)),
        ("POST", ["identity"]) => identity::set(state, read(request)?),
        ("PATCH", ["organization"]) => organization::change(state, read(request)?),
        ("GET", ["faults"]) => Ok(faults::list(state)),
        ("POST", ["faults"]) => faults::add(state, read(request)?),
        ("DELETE", ["faults"]) => {
            state.faults.clear();
            Ok(Response::empty())
        }
        ("POST", ["reset"]) => {
            state.reset();
            Ok(Response::empty())
        }
        (method, segments) if is_known(segments) => Err(Failure(
            405,
            format!("`{method}` is not for `/_admin{path}`"),
        )),
        _ => Err(Failure(
            404,
            format!("`/_admin{path}` is not part of the admin surface"),
        )),
    }
}

fn is_known(segments: &[&str]) -> bool {
    matches!(
        segments,
        [
            "apps"
                | "accounts"
                | "pats"
                | "clock"
                | "identity"
                | "organization"
                | "faults"
                | "reset"
        ] | ["apps" | "accounts" | "pats", _]
            | ["apps", _, "consents", _]
    )
}

fn read<T: for<'de> Deserialize<'de>>(request: &Request) -> Result<T, Failure> {
    let body = if request.body.trim_ascii().is_empty() {
        b"{}"
    } else {
        request.body.as_slice()
    };
    serde_json::from_slice(body).map_err(|error| Failure::unusable(error.to_string()))
}

/// Reads a list of scopes.
///
/// # Errors
/// With the first that isn't one.
pub fn scopes(names: &[String]) -> Result<Scopes, Failure> {
    Scopes::parse(&names.join(","))
        .map_err(|name| Failure::unusable(format!("`{name}` is not a scope")))
}
