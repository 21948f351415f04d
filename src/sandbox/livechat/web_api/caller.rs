//! Which agent calls a Web API, and whether they may: credentials, region, rate, scopes and roles.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::error::{ApiError, ErrorType};
use crate::sandbox::livechat::oauth::Grant;
use crate::sandbox::livechat::organization::Account;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::Request;

/// An agent whose app or personal access token calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What the token stands for.
    pub grant: Arc<Grant>,
    /// The agent.
    pub account: Arc<Account>,
}

impl Caller {
    /// Whether the token has the scope and its agent the role for it.
    pub fn may(&self, scope: &str) -> bool {
        self.grant.scopes.allow(scope, self.account.role)
    }

    /// Makes sure that the token has one of `scopes`.
    ///
    /// # Errors
    /// With `authorization` if it has none.
    pub fn require_any(&self, scopes: &[&str]) -> Result<(), ApiError> {
        if scopes.iter().any(|scope| self.may(scope)) {
            return Ok(());
        }
        Err(ErrorType::Authorization.into())
    }
}

/// Finds out whose token came with a request: `Bearer` with an access token, or `Basic` with an account id
/// and a personal access token. Every failure looks the same, as it does in the real API.
///
/// # Errors
/// With `authentication` if there is no valid token.
pub fn authenticate(state: &State, request: &Request) -> Result<Caller, ApiError> {
    let grant = granted(state, request).ok_or(ErrorType::Authentication)?;
    let account = state.organization.account(&grant.account_id);
    let account = Arc::clone(account.ok_or(ErrorType::Authentication)?);
    Ok(Caller { grant, account })
}

fn granted(state: &State, request: &Request) -> Option<Arc<Grant>> {
    let (scheme, credentials) = request.header("authorization")?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        let token = state.tokens.access(credentials)?;
        return (state.clock.now() < token.expires_at).then(|| Arc::clone(&token.grant));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (account_id, token) = pair.split_once(':')?;
    let grant = state.personal_access_tokens.get(token)?;
    (grant.account_id == account_id).then(|| Arc::clone(grant))
}

/// Checks what is checked once the token is known: the region that the client believes itself in, and
/// how often the token was used.
///
/// # Errors
/// With `misdirected_request`, which names the right region, or `too_many_requests`.
pub fn admit(state: &mut State, request: &Request) -> Result<(), ApiError> {
    let region = &state.organization.region;
    if request
        .header("x-region")
        .is_some_and(|given| given != region)
    {
        let error = ApiError::from(ErrorType::MisdirectedRequest);
        return Err(error.with_data(json!({ "region": region })));
    }
    let token = request.header("authorization").unwrap_or_default();
    if state.rate_limit.admits(token, state.clock.now()) {
        return Ok(());
    }
    Err(ErrorType::TooManyRequests.into())
}
