//! A chat starts, or goes on in a new thread.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::draft::Draft;
use super::opening::Opening;
use super::properties;
use super::speaker::Speaker;
use crate::sandbox::livechat::chats::{Access, Chat, Properties, Thread, UserType, Visibility};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType};

/// A chat that was opened, and what a client gets for one that was resumed.
#[derive(Clone, Debug, Serialize)]
pub struct Opened {
    /// The chat's position.
    #[serde(skip)]
    pub chat: usize,
    /// The new thread's id.
    pub thread_id: String,
    /// The ids of the events that the request brought.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub event_ids: Vec<String>,
}

/// What a client gets for a chat that was started: its id too.
#[derive(Debug, Serialize)]
pub struct Started<'a> {
    chat_id: &'a str,
    #[serde(flatten)]
    opened: &'a Opened,
}

impl<'a> Started<'a> {
    /// The body for a chat that [`start`] opened.
    pub fn new(state: &'a State, opened: &'a Opened) -> Self {
        Self {
            chat_id: &state.chats.at(opened.chat).id,
            opened,
        }
    }
}

/// Starts a chat.
///
/// # Errors
/// If somebody named isn't there, nobody accepts chats, or the customer has a chat already.
pub fn start(
    state: &mut State,
    requester: Speaker<'_>,
    opening: Opening,
) -> Result<Opened, ApiError> {
    opening.check(state, requester)?;
    let customer = match requester.kind {
        UserType::Customer => Some(requester.id.to_owned()),
        UserType::Agent => opening.customer().map(str::to_owned),
    };
    if customer
        .as_deref()
        .is_some_and(|id| !state.chats.of_customer(id).is_empty())
    {
        return Err(ApiError::new(ErrorType::LimitReached, "Chat limit reached"));
    }
    let drafts = resolved(state, &opening)?;
    let chat = Chat {
        id: state.random.chat_id(),
        users: Vec::new(),
        threads: Vec::new(),
        properties: Properties::new(),
        access: Access::default(),
        followers: BTreeSet::new(),
        since: Some(state.clock.now()),
    };
    let position = state.chats.insert(chat);
    if let Some(id) = &customer {
        state.chats.bind_customer(position, id);
        if let Some(customer) = state.chats.customer_mut(id) {
            customer.statistics.chats_count += 1;
        }
    }
    Ok(open(state, requester, position, opening, drafts))
}

/// Resumes a chat that is not active.
///
/// # Errors
/// If it is active, somebody named isn't there, nobody accepts chats, or another customer is named.
pub fn resume(
    state: &mut State,
    requester: Speaker<'_>,
    position: usize,
    opening: Opening,
) -> Result<Opened, ApiError> {
    opening.check(state, requester)?;
    let chat = state.chats.at(position);
    if chat.is_active() {
        return Err(ApiError::new(
            ErrorType::Validation,
            "Chat is already active",
        ));
    }
    if let Some(id) = opening.customer() {
        if !state.chats.takes_customer(position, id) {
            return Err(ApiError::new(ErrorType::LimitReached, "Chat limit reached"));
        }
        if chat.customer().is_none() {
            let id = id.to_owned();
            state.chats.bind_customer(position, &id);
        }
    }
    let drafts = resolved(state, &opening)?;
    Ok(open(state, requester, position, opening, drafts))
}

fn resolved(state: &State, opening: &Opening) -> Result<Vec<Draft>, ApiError> {
    let mut drafts = opening.drafts.clone();
    for draft in &mut drafts {
        draft.resolve(&state.uploads, state.clock.now())?;
    }
    Ok(drafts)
}

/// Opens a thread in a chat. Everything was checked before, so that a refused request changes nothing.
fn open(
    state: &mut State,
    requester: Speaker<'_>,
    position: usize,
    opening: Opening,
    drafts: Vec<Draft>,
) -> Opened {
    let now = state.clock.now();
    let thread_id = state.random.chat_id();
    let thread = Thread {
        id: thread_id.clone(),
        created_at: now,
        active: opening.active,
        user_ids: Vec::new(),
        events: Vec::new(),
        properties: opening.thread_properties,
        access: opening.access.clone(),
        tags: Vec::new(),
        summary: None,
    };
    state.chats.open_thread(position, thread);
    let chat = state.chats.at_mut(position);
    chat.access = opening.access;
    properties::set(&mut chat.properties, opening.properties);
    let returning = chat.customer().map(|user| user.id.clone());
    chat.join(requester.id, requester.kind, Visibility::All);
    if let Some(id) = returning {
        chat.join(&id, UserType::Customer, Visibility::All);
    }
    for (id, kind) in &opening.users {
        chat.join(id, *kind, Visibility::All);
    }
    let thread = chat.threads.last_mut().expect("a thread was opened above");
    let event_ids = drafts
        .into_iter()
        .map(|draft| thread.push(draft.into_event(requester.id, now)))
        .collect();
    thread.note_user(requester.id);
    chat.mark_seen(requester.id, now);
    let customer = chat.customer().map(|user| user.id.clone());
    if let Some(customer) = customer.and_then(|id| state.chats.customer_mut(&id)) {
        customer.statistics.threads_count += 1;
    }
    if opening.active && requester.kind == UserType::Customer {
        assign_agent(state, position);
    }
    if !opening.active {
        close_quietly(state, position);
    }
    Opened {
        chat: position,
        thread_id,
        event_ids,
    }
}

/// Nobody takes part in a chat whose thread was never open.
fn close_quietly(state: &mut State, position: usize) {
    for user in &mut state.chats.at_mut(position).users {
        user.present = false;
    }
}

/// Gives a chat to the agent of its groups who has the fewest chats, if one accepts any.
/// Returns the agent's e-mail.
pub fn assign_agent(state: &mut State, position: usize) -> Option<String> {
    let chat = state.chats.at(position);
    let accounts = state.organization.accounts.iter().map(Arc::as_ref);
    let free = accounts.filter(|account| {
        account.is_available()
            && account.is_in(&chat.access.group_ids)
            && !chat.has_present(&account.email)
    });
    let email = free.min_by_key(|account| state.chats.active_chats_of(&account.email))?;
    let email = email.email.clone();
    state
        .chats
        .at_mut(position)
        .join(&email, UserType::Agent, Visibility::All);
    Some(email)
}
