//! Who is at the authorize page.

use serde::{Deserialize, Serialize};

use super::routes::{Failure, Given};
use crate::sandbox::livechat::organization::{IdentityException, Refused};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::Response;

/// Either who is logged in (`null` for nobody), or why nobody is accepted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(default)]
    logged_in: Given<String>,
    exception: Option<IdentityException>,
    account_id: Option<String>,
}

/// Tells who is logged in, and the exception if there is one.
pub fn tell(state: &State) -> Response {
    #[derive(Serialize)]
    struct Body<'a> {
        logged_in: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        exception: Option<IdentityException>,
    }
    let body = match state.identity.current() {
        Ok(session) => Body {
            logged_in: session.map(|session| session.account_id.as_str()),
            exception: None,
        },
        Err(refused) => Body {
            logged_in: None,
            exception: Some(refused.exception),
        },
    };
    Response::json(200, &body)
}

/// Logs an account in or out, or sets an exception. Logging in clears every exception.
///
/// # Errors
/// If the account isn't there, or neither of the two is given.
pub fn set(state: &mut State, settings: Settings) -> Result<Response, Failure> {
    let named = settings
        .logged_in
        .value()
        .into_iter()
        .chain(&settings.account_id);
    for id in named {
        if state.organization.account(id).is_none() {
            return Err(Failure::absent("account", id));
        }
    }
    match (settings.logged_in, settings.exception) {
        (Given::Nothing, Some(exception)) => {
            let account_id = settings.account_id;
            state.identity.refuse(Some(Refused {
                exception,
                account_id,
            }));
        }
        (Given::Null, None) => log_in(state, None),
        (Given::Value(account_id), None) => log_in(state, Some(&account_id)),
        _ => {
            return Err(Failure::unusable(
                "either `logged_in` or `exception` is required",
            ));
        }
    }
    Ok(tell(state))
}

fn log_in(state: &mut State, account_id: Option<&str>) {
    state.identity.refuse(None);
    state.identity.log_out();
    if let Some(account_id) = account_id {
        state.log_in(account_id, "sandbox");
    }
}
