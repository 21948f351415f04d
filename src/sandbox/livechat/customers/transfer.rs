//! Identity transfer: a token by which another device becomes the same customer.

use serde::Serialize;

use super::grants::{app_of, check_agent};
use super::inspect::customer_token;
use crate::sandbox::livechat::accounts::bearer;
use crate::sandbox::livechat::oauth::pkce::{Challenge, Method};
use crate::sandbox::livechat::oauth::{OauthError, Refusal, TRANSFER_LIFETIME, Transfer};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Parameters, Request, Response};

/// Makes an identity transfer token.
///
/// # Errors
/// If the token that is sent is not of the type that `bearer_type` says, or the customer isn't there.
pub fn handle(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Body<'a> {
        identity_transfer_token: &'a str,
        expires_in: u64,
    }
    let parameters = Parameters::of(request)?;
    let client_id = app_of(state, &parameters)?.client_id.clone();
    let customer_id = match parameters.get("bearer_type") {
        Some("agent") => {
            check_agent(state, request, &client_id)?;
            let id = parameters.get("customer_id");
            let id = id.ok_or_else(|| Refusal::field("customer_id", "is required"))?;
            state
                .chats
                .customer(id)
                .ok_or(OauthError::ResourceNotFound)?
                .id
                .clone()
        }
        Some("customer") => {
            let value = bearer(request).ok_or(OauthError::UnauthorizedClient)?;
            customer_token(state, value)?.entity_id.clone()
        }
        Some(_) => return Err(Refusal::field("bearer_type", "must be agent or customer")),
        None => return Err(Refusal::field("bearer_type", "is required")),
    };
    let challenge = parameters.get("code_challenge").map(|value| Challenge {
        // No method is sent; the documented pair of verifier and challenge is an S256 one.
        method: Method::S256,
        value: value.to_owned(),
    });
    let value = state.regional_token();
    let now = state.clock.now();
    let expires_at = now.plus(TRANSFER_LIFETIME);
    let transfer = Transfer {
        client_id,
        customer_id,
        challenge,
        expires_at,
    };
    let expires_in = TRANSFER_LIFETIME.as_secs();
    let response = Response::json(
        200,
        &Body {
            identity_transfer_token: &value,
            expires_in,
        },
    );
    state.transfers.insert(value, transfer, now);
    Ok(response)
}
