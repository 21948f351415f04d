//! `/token`, the first version of the token endpoint: more about the license, and errors in another shape.

use serde::Serialize;

use super::token::{self, TokenBody};
use crate::sandbox::livechat::oauth::{AppType, OauthError, Refusal};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Parameters, Request, Response};

/// Answers a request for a token.
pub fn handle(state: &mut State, request: &Request) -> Response {
    issue(state, request).unwrap_or_else(|refusal| {
        let status = refusal.error.status();
        refusal.into_exception(status)
    })
}

fn issue(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(flatten)]
        token: TokenBody<'a>,
        entity_id: &'a str,
        license_id: u64,
    }
    let parameters = Parameters::of(request)?;
    let exchanges = parameters.get("grant_type") != Some("refresh_token");
    if exchanges && token::app_of(state, &parameters)?.kind == AppType::JavaScript {
        // This version knows no PKCE, so a JavaScript app has nothing to prove itself with.
        return Err(OauthError::UnsupportedGrantType.into());
    }
    let issued = token::issue(state, &parameters)?;
    let account = state.organization.account(&issued.grant.account_id);
    let body = Body {
        token: issued.body(state),
        entity_id: account
            .map(|account| account.email.as_str())
            .unwrap_or_default(),
        license_id: state.organization.license_id,
    };
    Ok(token::secret(Response::json(200, &body)))
}
