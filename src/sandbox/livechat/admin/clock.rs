//! The virtual clock's controls.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::Response;

/// How far to go.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    seconds: u64,
}

/// Tells the time.
pub fn tell(state: &State) -> Response {
    #[derive(Serialize)]
    struct Body {
        now: Moment,
    }
    Response::json(
        200,
        &Body {
            now: state.clock.now(),
        },
    )
}

/// Moves the time forward.
pub fn advance(state: &mut State, wanted: &Advance) -> Response {
    state.clock.advance(Duration::from_secs(wanted.seconds));
    tell(state)
}
