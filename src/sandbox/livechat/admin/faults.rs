//! Faults that requests will meet.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::routes::Failure;
use crate::sandbox::livechat::faults::Fault;
use crate::sandbox::livechat::oauth::OauthError;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::ErrorType;
use crate::sandbox::livechat::wire::Response;

/// A fault. At least one of `error`, `delay_ms` and `hang_up` is required.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(default)]
    path: String,
    #[serde(default = "once")]
    times: u32,
    error: Option<String>,
    region: Option<String>,
    delay_ms: Option<u64>,
    #[serde(default)]
    hang_up: bool,
}

fn once() -> u32 {
    1
}

/// Lists the faults that wait.
pub fn list(state: &State) -> Response {
    let waiting = state.faults.waiting().iter().map(|fault| Settings {
        path: fault.path.clone(),
        times: fault.times,
        error: fault.error.clone(),
        region: fault.region.clone(),
        delay_ms: fault
            .delay
            .map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)),
        hang_up: fault.hang_up,
    });
    Response::json(200, &waiting.collect::<Vec<_>>())
}

/// Adds a fault.
///
/// # Errors
/// If it does nothing, or names an error that neither API has.
pub fn add(state: &mut State, settings: Settings) -> Result<Response, Failure> {
    let Settings {
        path,
        times,
        error,
        region,
        delay_ms,
        hang_up,
    } = settings;
    if let Some(name) = error
        .iter()
        .find(|name| ErrorType::from_name(name).is_none() && OauthError::from_code(name).is_none())
    {
        return Err(Failure::unusable(format!("`{name}` is not an error")));
    }
    if times == 0 || (error.is_none() && delay_ms.is_none() && !hang_up) {
        return Err(Failure::unusable(
            "`error`, `delay_ms` or `hang_up` is required, once or more",
        ));
    }
    let delay = delay_ms.map(Duration::from_millis);
    state.faults.push(Fault {
        path,
        times,
        error,
        region,
        delay,
        hang_up,
    });
    Ok(list(state))
}
