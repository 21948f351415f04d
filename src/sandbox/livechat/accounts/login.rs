//! Logging in at the authorize page. The sandbox asks who somebody is, never for a password.

use super::pages;
use crate::sandbox::livechat::oauth::Refusal;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Parameters, Request, Response};

/// Shows the login page.
pub fn page(state: &State, request: &Request) -> Response {
    let parameters = Parameters::of_query(request).unwrap_or_default();
    let query = parameters.get("request").unwrap_or_default();
    pages::login(
        &state.organization.accounts,
        query,
        parameters.get("identity_exception"),
    )
}

/// Logs in the agent whose e-mail is `email`, and goes on with the authorize request `request`, if any.
///
/// # Errors
/// If there is no such agent.
pub fn log_in(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let form = Parameters::of(request)?;
    let email = form
        .get("email")
        .ok_or_else(|| Refusal::field("email", "is required"))?;
    let account = state.organization.agent(email);
    let account_id = account
        .ok_or_else(|| Refusal::field("email", "is unknown"))?
        .id
        .clone();
    state.log_in(
        &account_id,
        request.header("user-agent").unwrap_or_default(),
    );
    Ok(match form.get("request") {
        Some(query) => Response::redirect(&format!("{}/?{query}", state.base_url)),
        None => Response::html(200, "Logged in", "<p>You can close this page.</p>"),
    })
}
