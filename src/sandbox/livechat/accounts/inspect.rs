//! What a token is, and whose: `/v2/info`, as the Token Debugger shows it, and the account behind it.

use serde::Serialize;

use super::token::{TokenBody, secret};
use crate::sandbox::livechat::oauth::{OauthError, Refusal};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api;
use crate::sandbox::livechat::wire::{Parameters, Request, Response};

/// The token in `Authorization: Bearer`.
pub fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// The token that a request is about: in `Authorization: Bearer` or in the parameter `code`.
///
/// # Errors
/// If there is none.
pub fn subject(request: &Request) -> Result<String, Refusal> {
    if let Some(token) = bearer(request) {
        return Ok(token.to_owned());
    }
    let parameters = Parameters::of_query(request)?;
    let token = parameters.get("code").map(str::to_owned);
    token.ok_or_else(|| Refusal::field("code", "is required"))
}

/// Tells what an access token is good for, and for how long.
///
/// # Errors
/// If it is unknown, which refresh tokens and customers' tokens are here, or expired.
pub fn info(state: &State, request: &Request) -> Result<Response, Refusal> {
    let value = subject(request)?;
    let token = state
        .tokens
        .access(&value)
        .ok_or(OauthError::InvalidRequest)?;
    let now = state.clock.now();
    if now >= token.expires_at {
        return Err(OauthError::InvalidGrant.into());
    }
    let body = TokenBody {
        access_token: &value,
        account_id: &token.grant.account_id,
        client_id: token.grant.client_id.as_deref().unwrap_or_default(),
        expires_in: token.expires_at.since(now).as_secs(),
        organization_id: &state.organization.id,
        refresh_token: token.refresh_token.as_deref(),
        scope: token.grant.scopes.to_string(),
        token_type: "Bearer",
    };
    Ok(secret(Response::json(200, &body)))
}

/// Tells whose token it is; takes personal access tokens too.
///
/// # Errors
/// If there is no valid token, or it lacks `accounts--my:ro`.
pub fn account(state: &State, request: &Request) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Body<'a> {
        account_id: &'a str,
        avatar_url: &'a str,
        email: &'a str,
        email_verified: bool,
        name: &'a str,
    }
    let caller = web_api::authenticate(state, request).map_err(|_| OauthError::Unauthorized)?;
    if !caller.may("accounts--my:ro") {
        return Err(Refusal::insufficient_scope());
    }
    let account = state.organization.account(&caller.grant.account_id);
    let account = account.ok_or(OauthError::Unauthorized)?;
    let body = Body {
        account_id: &account.id,
        avatar_url: &account.avatar,
        email: &account.email,
        email_verified: true,
        name: &account.name,
    };
    Ok(Response::json(200, &body))
}
