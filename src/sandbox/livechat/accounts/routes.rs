//! The addresses of the authorization system and the methods that they take.

use super::{authorize, inspect, legacy, login, pages, revoke, sessions, token};
use crate::sandbox::livechat::oauth::{OauthError, Refusal};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Request, Response};

/// Answers a request to the authorization system.
pub fn handle(state: &mut State, request: &Request) -> Response {
    let answer = match (request.path.as_str(), request.verb()) {
        ("/", "GET") => Ok(authorize::handle(state, request)),
        ("/ooops", "GET") => Ok(pages::ooops(request)),
        ("/signin", "GET") => Ok(login::page(state, request)),
        ("/signin", "POST") => login::log_in(state, request),
        ("/signup", "GET") => Ok(pages::sign_up()),
        ("/grant-access", "GET") => Ok(authorize::ask(state, request)),
        ("/grant-access", "POST") => authorize::answer(state, request),
        ("/v2/token", "POST") => token::handle(state, request),
        ("/v2/token", "DELETE") => revoke::handle(state, request),
        // RFC 6749 calls a wrong method an invalid request, and so do the documents for this address.
        ("/v2/token", _) => Err(OauthError::InvalidRequest.into()),
        ("/v2/info", "GET") => inspect::info(state, request),
        ("/v2/accounts/me", "GET") => inspect::account(state, request),
        ("/v2/sessions", "GET") => sessions::list(state, request),
        ("/v2/sessions", "DELETE") => sessions::remove_all(state, request),
        ("/token", "POST") => return legacy::handle(state, request),
        (path, method) => match path.strip_prefix("/v2/sessions/") {
            Some(id) if method == "DELETE" => sessions::remove(state, request, id),
            Some(_) => return wrong_method(state, "DELETE"),
            None => match allowed(path) {
                Some(methods) => return wrong_method(state, methods),
                None => Err(Refusal::not_found("path", path)),
            },
        },
    };
    answer.unwrap_or_else(|refusal| refusal.into_response(&mut state.random))
}

/// The methods that an address takes, if there is such an address.
fn allowed(path: &str) -> Option<&'static str> {
    match path {
        "/" | "/ooops" | "/signup" | "/v2/info" | "/v2/accounts/me" => Some("GET, HEAD"),
        "/signin" | "/grant-access" => Some("GET, HEAD, POST"),
        "/v2/sessions" => Some("GET, HEAD, DELETE"),
        "/token" => Some("POST"),
        _ => None,
    }
}

fn wrong_method(state: &mut State, allowed: &str) -> Response {
    let response = Refusal::from(OauthError::InvalidRequest).into_response(&mut state.random);
    Response {
        status: 405,
        ..response
    }
    .with("allow", allowed.to_owned())
}
