//! Ends a token: an access token or a refresh token takes its partner with it.

use super::inspect::subject;
use crate::sandbox::livechat::oauth::Refusal;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Request, Response};

/// Revokes the token that the request names.
///
/// # Errors
/// If it names none, or one that isn't there (any more).
pub fn handle(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let value = subject(request)?;
    if state.tokens.revoke(&value) {
        return Ok(Response::empty());
    }
    // The token itself is not repeated: error bodies are logged.
    Err(Refusal::not_found("token", ""))
}
