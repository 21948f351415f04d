//! What a customer's token is, and its end.

use super::grants::CustomerTokenBody;
use crate::sandbox::livechat::accounts::{bearer, subject};
use crate::sandbox::livechat::oauth::{CustomerToken, OauthError, Refusal};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Request, Response};

/// A customer's token that still works.
///
/// # Errors
/// With `invalid_request` if it is unknown, as an agent's token is here, or `invalid_grant` if it has expired.
pub fn customer_token<'a>(state: &'a State, value: &str) -> Result<&'a CustomerToken, Refusal> {
    let token = state
        .customer_tokens
        .get(value)
        .ok_or(OauthError::InvalidRequest)?;
    if state.clock.now() >= token.expires_at {
        return Err(OauthError::InvalidGrant.into());
    }
    Ok(token)
}

/// Tells what a token is good for, and for how long.
///
/// # Errors
/// If there is none, or none that works.
pub fn info(state: &State, request: &Request) -> Result<Response, Refusal> {
    let value = subject(request)?;
    let token = customer_token(state, &value)?;
    let body = CustomerTokenBody {
        access_token: &value,
        client_id: Some(&token.client_id),
        entity_id: &token.entity_id,
        expires_in: token.expires_at.since(state.clock.now()).as_secs(),
        organization_id: Some(&state.organization.id),
        token_type: "Bearer",
    };
    Ok(Response::json(200, &body).with("cache-control", "no-store".to_owned()))
}

/// Ends the token that the request carries.
///
/// # Errors
/// If it carries none, or none that exists.
pub fn revoke(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let value = bearer(request).ok_or(OauthError::InvalidRequest)?;
    if state.customer_tokens.revoke(value) {
        return Ok(Response::empty());
    }
    Err(OauthError::InvalidRequest.into())
}
