//! Settings of the organization: its region, its license's properties, and how often tokens may be used.

use std::time::Duration;

use serde::Deserialize;

use super::routes::{Failure, Given};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::Response;

/// What to set; the rest stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    region: Option<String>,
    chat_between_groups: Option<bool>,
    #[serde(default)]
    rate_limit: Given<Rate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    requests: u32,
    seconds: u64,
}

/// Changes the organization. A new region counts for new tokens; those that exist keep their prefix.
///
/// # Errors
/// If the region is no name.
pub fn change(state: &mut State, settings: Settings) -> Result<Response, Failure> {
    if let Some(region) = settings.region {
        if region.is_empty()
            || !region
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        {
            return Err(Failure::unusable(
                "`region` must consist of letters, digits and `-`",
            ));
        }
        state.organization.region = region;
    }
    if let Some(chat_between_groups) = settings.chat_between_groups {
        state.organization.chat_between_groups = chat_between_groups;
    }
    match settings.rate_limit {
        Given::Nothing => {}
        Given::Null => state.rate_limit.set(None),
        Given::Value(rate) => {
            state
                .rate_limit
                .set(Some((rate.requests, Duration::from_secs(rate.seconds))));
        }
    }
    Ok(Response::empty())
}
