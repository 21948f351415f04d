//! Chats as customers see them: agents without their e-mail, nothing that only agents may read, and
//! nothing that was deleted.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::sandbox::livechat::chats::{
    Access, Chat, Customer, Event, Properties, Thread, User, UserType, Visibility,
};
use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::organization::Account;
use crate::sandbox::livechat::state::State;

/// The id under which customers know an agent: 32 hexadecimal characters that follow from the e-mail.
pub fn public_id(email: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(email).into();
    let half = hash.first_chunk::<16>().expect("32 bytes have 16");
    format!("{:032x}", u128::from_be_bytes(*half))
}

/// What a customer sees of the state.
pub struct View<'a>(pub &'a State);

impl<'a> View<'a> {
    /// A chat in short.
    pub fn summary(&self, chat: &'a Chat) -> ChatSummary<'a> {
        let last = chat.last_thread();
        let mut last_event_per_type = BTreeMap::new();
        for thread in &chat.threads {
            for event in thread.events.iter().filter(|event| is_visible(event)) {
                last_event_per_type.insert(event.kind.as_str(), (thread, event));
            }
        }
        let events = last_event_per_type
            .into_iter()
            .map(|(kind, (thread, event))| {
                let (thread_id, thread_created_at) = (thread.id.as_str(), thread.created_at);
                (
                    kind,
                    LastEvent {
                        thread_id,
                        thread_created_at,
                        event: self.event(event),
                    },
                )
            });
        ChatSummary {
            id: &chat.id,
            last_thread_id: last.map(|thread| thread.id.as_str()),
            last_thread_created_at: last.map(|thread| thread.created_at),
            last_event_per_type: events.collect(),
            users: self.users(chat),
            access: &chat.access,
            properties: &chat.properties,
            active: chat.is_active(),
        }
    }

    /// The users of a chat, those who have left too.
    pub fn users(&self, chat: &'a Chat) -> Vec<UserView<'a>> {
        let users = chat
            .users
            .iter()
            .filter(|user| user.visibility == Visibility::All);
        let views = users.filter_map(|user| match user.kind {
            UserType::Agent => {
                let account = self.0.organization.agent(&user.id)?;
                Some(UserView::Agent(AgentView::new(account, Some(user))))
            }
            UserType::Customer => {
                let customer = self.0.chats.customer(&user.id)?;
                Some(UserView::Customer(CustomerView::new(customer, Some(user))))
            }
        });
        views.collect()
    }

    /// A thread with its events.
    pub fn thread(&self, chat: &'a Chat, index: usize) -> ThreadView<'a> {
        let thread: &Thread = &chat.threads[index];
        let id_at = |index: usize| chat.threads.get(index).map(|thread| thread.id.as_str());
        let hidden = |id: &String| {
            chat.user(id)
                .is_some_and(|user| user.visibility == Visibility::Agents)
        };
        let user_ids = thread.user_ids.iter().filter(|id| !hidden(id));
        let events = thread.events.iter().filter(|event| is_visible(event));
        ThreadView {
            id: &thread.id,
            created_at: thread.created_at,
            active: thread.active,
            user_ids: user_ids.map(|id| self.user_id(id)).collect(),
            events: events.map(|event| self.event(event)).collect(),
            properties: &thread.properties,
            access: &thread.access,
            previous_thread_id: index.checked_sub(1).and_then(id_at),
            next_thread_id: id_at(index + 1),
        }
    }

    fn event(&self, event: &'a Event) -> EventView<'a> {
        EventView {
            id: &event.id,
            custom_id: event.custom_id.as_deref(),
            created_at: event.created_at,
            kind: &event.kind,
            author_id: event.author_id.as_deref().map(|id| self.user_id(id)),
            recipients: event.visibility,
            properties: (!event.properties.is_empty()).then_some(&event.properties),
            content: &event.content,
        }
    }

    /// A user's id as customers know it.
    fn user_id(&self, id: &str) -> String {
        if self.0.organization.agent(id).is_some() {
            public_id(id)
        } else {
            id.to_owned()
        }
    }
}

/// Whether a customer may read an event.
fn is_visible(event: &Event) -> bool {
    event.visibility == Visibility::All && !event.deleted
}

/// A chat in short.
#[derive(Serialize)]
pub struct ChatSummary<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_thread_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_thread_created_at: Option<Moment>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    last_event_per_type: BTreeMap<&'a str, LastEvent<'a>>,
    users: Vec<UserView<'a>>,
    access: &'a Access,
    properties: &'a Properties,
    active: bool,
}

#[derive(Serialize)]
struct LastEvent<'a> {
    thread_id: &'a str,
    thread_created_at: Moment,
    event: EventView<'a>,
}

/// A thread with its events.
#[derive(Serialize)]
pub struct ThreadView<'a> {
    id: &'a str,
    created_at: Moment,
    active: bool,
    user_ids: Vec<String>,
    events: Vec<EventView<'a>>,
    properties: &'a Properties,
    access: &'a Access,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_thread_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_thread_id: Option<&'a str>,
}

#[derive(Serialize)]
struct EventView<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_id: Option<&'a str>,
    created_at: Moment,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_id: Option<String>,
    recipients: Visibility,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<&'a Properties>,
    #[serde(flatten)]
    content: &'a Map<String, Value>,
}

/// A user of a chat.
#[derive(Serialize)]
#[serde(untagged)]
pub enum UserView<'a> {
    /// An agent.
    Agent(AgentView<'a>),
    /// The customer.
    Customer(CustomerView<'a>),
}

/// An agent, within a chat or not.
#[derive(Serialize)]
pub struct AgentView<'a> {
    id: String,
    name: &'a str,
    #[serde(rename = "type")]
    kind: UserType,
    #[serde(skip_serializing_if = "Option::is_none")]
    present: Option<bool>,
    avatar: &'a str,
    job_title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_bot: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events_seen_up_to: Option<Moment>,
}

impl<'a> AgentView<'a> {
    /// The view of an agent; `user` is the agent's place in a chat.
    pub fn new(account: &'a Account, user: Option<&User>) -> Self {
        Self {
            id: public_id(&account.email),
            name: &account.name,
            kind: UserType::Agent,
            present: user.map(|user| user.present),
            avatar: &account.avatar,
            job_title: &account.job_title,
            is_bot: user.is_none().then_some(false),
            events_seen_up_to: user.and_then(|user| user.events_seen_up_to),
        }
    }
}

/// The customer, as the customer's own client sees it.
#[derive(Serialize)]
pub struct CustomerView<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: UserType,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
    /// By themselves customers see theirs even if there are none; in a chat only if there are some.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_fields: Option<&'a [Map<String, Value>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    omnichannel: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    present: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events_seen_up_to: Option<Moment>,
}

impl<'a> CustomerView<'a> {
    /// The view of a customer; `user` is the customer's place in a chat.
    pub fn new(customer: &'a Customer, user: Option<&User>) -> Self {
        Self {
            id: &customer.id,
            kind: UserType::Customer,
            name: customer.name.as_deref(),
            email: customer.email.as_deref(),
            email_verified: false,
            avatar: customer.avatar.as_deref(),
            phone_number: customer.phone_number.as_deref(),
            session_fields: (user.is_none() || !customer.session_fields.is_empty())
                .then_some(&customer.session_fields),
            omnichannel: customer.omnichannel.as_ref(),
            address: customer.address.as_ref(),
            present: user.map(|user| user.present),
            events_seen_up_to: user.and_then(|user| user.events_seen_up_to),
        }
    }
}
