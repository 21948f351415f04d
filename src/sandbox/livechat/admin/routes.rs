//! The addresses of the admin surface, and what its requests and errors have in common.

use serde::{Deserialize, Deserializer, Serialize};

use super::{accounts, apps, clock, faults, identity, organization, personal_access_tokens};
use crate::sandbox::livechat::oauth::Scopes;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Request, Response};

/// The requests of the admin surface, and what each does.
const REQUESTS: [(&str, &str, &str); 18] = [
    ("GET", "/apps", "lists the apps"),
    ("POST", "/apps", "makes an app"),
    ("PATCH", "/apps/{client_id}", "changes an app"),
    (
        "DELETE",
        "/apps/{client_id}/consents/{account_id}",
        "takes a user's answer to the consent page back",
    ),
    ("GET", "/accounts", "lists the agents"),
    ("POST", "/accounts", "makes an agent"),
    ("PATCH", "/accounts/{account_id}", "changes an agent"),
    ("POST", "/pats", "makes a personal access token"),
    ("DELETE", "/pats/{pat}", "revokes a personal access token"),
    ("GET", "/clock", "tells the time"),
    ("POST", "/clock", "moves the time forward"),
    ("GET", "/identity", "tells who is at the authorize page"),
    ("POST", "/identity", "sets who is at the authorize page"),
    ("PATCH", "/organization", "changes the organization"),
    ("GET", "/faults", "lists the faults that wait"),
    ("POST", "/faults", "adds a fault"),
    ("DELETE", "/faults", "takes all faults back"),
    ("POST", "/reset", "makes everything as at the start"),
];

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
    let path = path.strip_prefix('/').unwrap_or(path);
    let segments: Vec<&str> = path.split('/').collect();
    match (request.verb(), segments.as_slice()) {
        ("GET", [""]) => Ok(index()),
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
            format!("`{method}` is not for `/_admin/{path}`"),
        )),
        _ => Err(Failure(
            404,
            format!("`/_admin/{path}` is not part of the admin surface, which `GET /_admin` lists"),
        )),
    }
}

/// Whether one of [`REQUESTS`] is for this path.
fn is_known(segments: &[&str]) -> bool {
    let matches = |pattern: &str| {
        let pattern: Vec<&str> = pattern.split('/').skip(1).collect();
        let mut pairs = pattern.iter().zip(segments);
        pattern.len() == segments.len()
            && pairs.all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
    };
    REQUESTS.iter().any(|(_, pattern, _)| matches(pattern))
}

/// Lists the requests that there are.
fn index() -> Response {
    #[derive(Serialize)]
    struct Line {
        method: &'static str,
        path: String,
        does: &'static str,
    }
    let lines = REQUESTS.iter().map(|(method, path, does)| Line {
        method,
        path: format!("/_admin{path}"),
        does,
    });
    Response::json(200, &lines.collect::<Vec<_>>())
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
