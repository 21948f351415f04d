//! The addresses of customers' authorization and the methods that they take.

use super::grants::{self, Asked};
use super::{inspect, transfer};
use crate::sandbox::livechat::oauth::{OauthError, Refusal};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Request, Response};

/// The status of every error.
const REFUSED: u16 = 401;

/// Whether a path is one of these addresses.
pub fn owns(path: &str) -> bool {
    path == "/customer" || path.starts_with("/customer/") || path.starts_with("/v2/customer/")
}

/// Answers a request for or about a customer's token.
pub fn handle(state: &mut State, request: &Request) -> Response {
    let answer = match (request.path.as_str(), request.verb()) {
        ("/v2/customer/token", "POST") => grants::handle(state, request, &Asked::second()),
        ("/v2/customer/token", "DELETE") => inspect::revoke(state, request),
        ("/v2/customer/identity_transfer", "POST") => transfer::handle(state, request),
        ("/v2/customer/info", "GET") => inspect::info(state, request),
        ("/customer/token", "POST") => grants::handle(state, request, &Asked::first()),
        ("/customer" | "/customer/", "POST") => grants::renew(state, request),
        (path, method) => match (group_of(path), allowed(path)) {
            (Some((organization_id, group)), _) if method == "POST" => {
                group_token(state, request, organization_id, group)
            }
            (Some(_), _) => return wrong_method("POST"),
            (None, Some(methods)) => return wrong_method(methods),
            (None, None) => {
                return Refusal::from(OauthError::ResourceNotFound).into_exception(404);
            }
        },
    };
    answer.unwrap_or_else(|refusal| refusal.into_exception(REFUSED))
}

fn allowed(path: &str) -> Option<&'static str> {
    match path {
        "/v2/customer/token" => Some("POST, DELETE"),
        "/v2/customer/info" => Some("GET, HEAD"),
        "/v2/customer/identity_transfer" | "/customer/token" | "/customer" | "/customer/" => {
            Some("POST")
        }
        _ => None,
    }
}

/// The organization and the group in `/v2/customer/{organization_id}/{group_id}/token`.
fn group_of(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix("/v2/customer/")?;
    let path = path
        .strip_suffix('/')
        .unwrap_or(path)
        .strip_suffix("/token")?;
    path.split_once('/')
}

fn group_token(
    state: &mut State,
    request: &Request,
    organization_id: &str,
    group: &str,
) -> Result<Response, Refusal> {
    if organization_id != state.organization.id {
        return Err(OauthError::ResourceNotFound.into());
    }
    let group = group
        .parse()
        .ok()
        .filter(|id| state.organization.has_group(*id));
    let group_id = group.ok_or(OauthError::ResourceNotFound)?;
    if state.organization.chat_between_groups {
        // The customer is the same in all groups, so there is no token for one of them.
        return Err(OauthError::AccessDenied.into());
    }
    grants::handle(state, request, &Asked::in_group(organization_id, group_id))
}

fn wrong_method(allowed: &str) -> Response {
    let response = Refusal::from(OauthError::InvalidRequest).into_exception(405);
    response.with("allow", allowed.to_owned())
}
