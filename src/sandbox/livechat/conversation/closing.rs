//! How a chat ends.

use super::speaker::{Speaker, announce};
use crate::sandbox::livechat::chats::UserType;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType};

/// Closes the open thread of a chat; everybody leaves.
///
/// # Errors
/// With `chat_inactive` if no thread is open.
pub fn deactivate(
    state: &mut State,
    requester: Speaker<'_>,
    position: usize,
) -> Result<(), ApiError> {
    let name = requester.name(state);
    let now = state.clock.now();
    let chat = state.chats.at_mut(position);
    let thread = chat.active_thread_mut().ok_or(ErrorType::ChatInactive)?;
    let (kind, variable) = match requester.kind {
        UserType::Agent => ("manual_archived_agent", "agent"),
        UserType::Customer => ("manual_archived_customer", "customer"),
    };
    let text = format!("{name} archived the chat");
    announce(thread, now, kind, &text, &[(variable, &name)]);
    thread.active = false;
    for user in &mut chat.users {
        user.present = false;
    }
    Ok(())
}
