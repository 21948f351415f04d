//! Which chats an agent's token may read and write: with `--all` any; with `--access` those of the agent's
//! groups, those that are open to all, and those that the agent takes part in.

use super::actions::Call;
use crate::sandbox::livechat::chats::{Access, Chat};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, Caller, ErrorType};

/// The scopes of which a method that reads chats needs one.
const READ: [&str; 2] = ["chats--all:ro", "chats--access:ro"];

/// The scopes of which a method that changes chats needs one.
const WRITE: [&str; 2] = ["chats--all:rw", "chats--access:rw"];

/// What a token may do with chats.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    caller: &'a Caller,
    all: bool,
}

impl<'a> Reach<'a> {
    /// The reach of a token that reads.
    ///
    /// # Errors
    /// If it may read no chats.
    pub fn reading(caller: &'a Caller) -> Result<Self, ApiError> {
        Self::of(caller, READ)
    }

    /// The reach of a token that writes.
    ///
    /// # Errors
    /// If it may write no chats.
    pub fn writing(caller: &'a Caller) -> Result<Self, ApiError> {
        Self::of(caller, WRITE)
    }

    fn of(caller: &'a Caller, scopes: [&str; 2]) -> Result<Self, ApiError> {
        caller.require_any(&scopes)?;
        Ok(Self {
            caller,
            all: caller.may(scopes[0]),
        })
    }

    /// Whether a chat is within reach.
    pub fn includes(&self, chat: &Chat) -> bool {
        self.includes_part(chat, &chat.access)
    }

    /// Whether a part of a chat with an access of its own, such as a thread, is within reach.
    pub fn includes_part(&self, chat: &Chat, access: &Access) -> bool {
        let account = &self.caller.account;
        self.all || account.reaches(&access.group_ids) || chat.has_present(&account.email)
    }

    /// Whether chats of these groups are within reach.
    pub fn includes_groups(&self, group_ids: &[i64]) -> bool {
        self.all || self.caller.account.reaches(group_ids)
    }

    /// Finds a chat within reach; returns its position.
    ///
    /// # Errors
    /// If there is none, or it is out of reach.
    pub fn find(&self, state: &State, chat_id: &str) -> Result<usize, ApiError> {
        let position = state.chats.position(chat_id).ok_or(ErrorType::NotFound)?;
        if self.includes(state.chats.at(position)) {
            return Ok(position);
        }
        Err(ErrorType::MissingAccess.into())
    }
}

/// Finds the active chat that the caller changes and takes part in, unless `ignore_requester_presence` is
/// said; returns its position.
///
/// # Errors
/// If there is none within reach, it is not active, or the caller takes no part in it.
pub fn find_attended(state: &State, call: &Call<'_>, chat_id: &str) -> Result<usize, ApiError> {
    let ignored = call.arguments.boolean("ignore_requester_presence")?;
    let position = Reach::writing(call.caller)?.find(state, chat_id)?;
    let chat = state.chats.at(position);
    if !chat.is_active() {
        return Err(ErrorType::ChatInactive.into());
    }
    require_presence(call.caller, chat, ignored.unwrap_or(false))?;
    Ok(position)
}

/// Makes sure that the caller takes part in a chat, unless that is to be ignored.
///
/// # Errors
/// If the caller doesn't.
pub fn require_presence(caller: &Caller, chat: &Chat, ignored: bool) -> Result<(), ApiError> {
    if ignored || chat.has_present(&caller.account.email) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorType::Authorization,
        "Requester is not user of the chat",
    ))
}
