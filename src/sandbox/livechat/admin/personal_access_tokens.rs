//! Makes and revokes personal access tokens, as Developer Console would.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::routes::{Failure, scopes};
use crate::sandbox::livechat::oauth::Grant;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::Response;

/// Whose token, and what it may do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    account_id: Option<String>,
    scopes: Vec<String>,
}

/// Makes a token, for the organization's owner unless another account is named. It may be given scopes
/// beyond its account's role, which then are no use to it.
///
/// # Errors
/// If the account isn't there or a scope isn't one.
pub fn create(state: &mut State, settings: &Settings) -> Result<Response, Failure> {
    #[derive(Serialize)]
    struct Body<'a> {
        account_id: &'a str,
        pat: &'a str,
        /// What follows `Basic` in the `Authorization` header.
        basic: String,
        scopes: Vec<&'a str>,
    }
    let organization = &state.organization;
    let account = match &settings.account_id {
        Some(id) => organization
            .account(id)
            .ok_or_else(|| Failure::absent("account", id))?,
        None => &organization.accounts[0],
    };
    let account_id = account.id.clone();
    let scopes = scopes(&settings.scopes)?;
    let grant = Arc::new(Grant {
        client_id: None,
        account_id,
        scopes,
        session_id: None,
    });
    let pat = state.regional_token();
    let body = Body {
        account_id: &grant.account_id,
        pat: &pat,
        basic: STANDARD.encode(format!("{}:{pat}", grant.account_id)),
        scopes: grant.scopes.names().collect(),
    };
    let response = Response::json(201, &body);
    state.personal_access_tokens.insert(pat, grant);
    Ok(response)
}

/// Revokes a token.
///
/// # Errors
/// If there is none.
pub fn revoke(state: &mut State, token: &str) -> Result<Response, Failure> {
    let token = token.replace("%3A", ":");
    match state.personal_access_tokens.remove(&token) {
        Some(_) => Ok(Response::empty()),
        None => Err(Failure::absent("personal access token", &token)),
    }
}
