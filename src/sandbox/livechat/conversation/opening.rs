//! How a chat starts, and how it starts again in a new thread.

use std::sync::Arc;

use serde::Serialize;

use super::draft::{Draft, Side};
use super::properties;
use super::speaker::Speaker;
use crate::sandbox::livechat::chats::{Access, Chat, Properties, Thread, UserType, Visibility};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, Arguments, ErrorType};

/// How many agents can be invited beside the requester.
const AGENT_LIMIT: usize = 4;

/// What a request to open a chat says.
#[derive(Clone, Debug)]
pub struct Opening {
    properties: Properties,
    access: Access,
    users: Vec<(String, UserType)>,
    drafts: Vec<Draft>,
    thread_properties: Properties,
    active: bool,
    /// Whether it opens even if nobody of its groups accepts chats.
    continuous: bool,
}

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

impl Opening {
    /// Reads `active`, `continuous` and `chat`, which of an existing chat has an `id` too.
    ///
    /// # Errors
    /// If a field is missing or wrong.
    pub fn read(arguments: &Arguments<'_>, side: Side, resumes: bool) -> Result<Self, ApiError> {
        arguments.allow(&["chat", "active", "continuous"])?;
        let active = arguments.boolean("active")?.unwrap_or(true);
        let continuous = arguments.boolean("continuous")?.unwrap_or(false);
        let mut opening = Self {
            properties: Properties::new(),
            access: Access { group_ids: vec![0] },
            users: Vec::new(),
            drafts: Vec::new(),
            thread_properties: Properties::new(),
            active,
            continuous,
        };
        if let Some(chat) = arguments.object("chat")? {
            opening.read_chat(&chat, side, resumes)?;
        }
        Ok(opening)
    }

    fn read_chat(
        &mut self,
        chat: &Arguments<'_>,
        side: Side,
        resumes: bool,
    ) -> Result<(), ApiError> {
        let id = if resumes { &["id"][..] } else { &[] };
        let users = if side == Side::Agent {
            &["users"][..]
        } else {
            &[]
        };
        chat.allow(&[&["properties", "access", "thread"], id, users].concat())?;
        self.properties = properties::read(chat, "properties")?;
        if let Some(access) = chat.object("access")? {
            access.allow(&["group_ids"])?;
            let groups = access.integers("group_ids", 200)?;
            let groups = groups.ok_or_else(|| access.missing("group_ids"))?;
            if groups.is_empty() {
                return Err(access.invalid("group_ids", "must have at least one group"));
            }
            self.access.group_ids = groups;
        }
        for user in chat.objects("users", AGENT_LIMIT + 2)?.unwrap_or_default() {
            user.allow(&["id", "type"])?;
            let kind = match user.required("type")? {
                "agent" => UserType::Agent,
                "customer" => UserType::Customer,
                _ => return Err(user.invalid("type", "must be `agent` or `customer`")),
            };
            self.users.push((user.required("id")?.to_owned(), kind));
        }
        if let Some(thread) = chat.object("thread")? {
            thread.allow(&["events", "properties"])?;
            self.thread_properties = properties::read(&thread, "properties")?;
            for event in thread.objects("events", 100)?.unwrap_or_default() {
                self.drafts.push(match side {
                    Side::Agent => Draft::read(&event, side)?,
                    Side::Customer => Draft::read_own(&event, side)?,
                });
            }
        }
        Ok(())
    }

    /// The groups that shall see the chat.
    pub fn group_ids(&self) -> &[i64] {
        &self.access.group_ids
    }

    /// The customer who shall take part, if one is named.
    fn customer(&self) -> Option<&str> {
        let mut users = self.users.iter();
        users
            .find(|(_, kind)| *kind == UserType::Customer)
            .map(|(id, _)| id.as_str())
    }

    /// Makes sure that everybody who is named exists and that not too many are.
    fn check_users(&self, state: &State, requester: Speaker<'_>) -> Result<(), ApiError> {
        let listed = |wanted| self.users.iter().filter(move |(_, kind)| *kind == wanted);
        let others = listed(UserType::Agent)
            .filter(|(id, _)| id != requester.id)
            .count();
        if others > AGENT_LIMIT {
            return Err(ApiError::new(
                ErrorType::LimitReached,
                "Agents in chat limit reached",
            ));
        }
        if listed(UserType::Customer).count() > 1 {
            return Err(ApiError::new(
                ErrorType::LimitReached,
                "Customers in chat limit reached",
            ));
        }
        for (id, kind) in &self.users {
            let known = match kind {
                UserType::Agent => state.organization.agent(id).is_some(),
                UserType::Customer => state.chats.customer(id).is_some(),
            };
            if !known {
                return Err(ErrorType::NotFound.into());
            }
        }
        for draft in &self.drafts {
            let author = draft.author_id.as_deref().unwrap_or(requester.id);
            let listed = self.users.iter().any(|(id, _)| id == author);
            if author != requester.id && !listed {
                let problem = "names somebody who is not among `chat.users`";
                return Err(ApiError::invalid("chat.thread.events.author_id", problem));
            }
            if draft.visibility != Visibility::All {
                let problem = "must be `all` in a chat's first events";
                return Err(ApiError::invalid("chat.thread.events.visibility", problem));
            }
        }
        Ok(())
    }

    fn check_groups(&self, state: &State, requester: Speaker<'_>) -> Result<(), ApiError> {
        let groups = &self.access.group_ids;
        if groups.iter().any(|id| !state.organization.has_group(*id)) {
            return Err(match requester.kind {
                UserType::Customer => ErrorType::GroupNotFound.into(),
                UserType::Agent => ApiError::invalid("chat.access.group_ids", "names no group"),
            });
        }
        let online = |id: &i64| state.organization.is_online(*id);
        if !self.active || self.continuous || groups.iter().any(online) {
            return Ok(());
        }
        let anybody = state
            .organization
            .groups
            .iter()
            .any(|group| online(&group.id));
        Err(if anybody {
            ErrorType::GroupOffline.into()
        } else {
            ErrorType::GroupsOffline.into()
        })
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
    opening.check_users(state, requester)?;
    opening.check_groups(state, requester)?;
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
        followers: std::collections::BTreeSet::new(),
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
    opening.check_users(state, requester)?;
    opening.check_groups(state, requester)?;
    let chat = state.chats.at(position);
    if chat.is_active() {
        return Err(ApiError::new(
            ErrorType::Validation,
            "Chat is already active",
        ));
    }
    if let Some(id) = opening.customer() {
        let other = chat.customer().is_some_and(|customer| customer.id != id);
        let elsewhere = state
            .chats
            .of_customer(id)
            .iter()
            .any(|chat| *chat != position);
        if other || elsewhere {
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
