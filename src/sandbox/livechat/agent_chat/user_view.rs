//! Users as agents see them: agents within a chat, customers within one or not.

use serde::Serialize;
use serde_json::Value;

use crate::sandbox::livechat::chats::{Chat, Customer, User, UserType, Visibility};
use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::organization::Account;
use crate::sandbox::livechat::web_api::Version;

/// A user of a chat.
#[derive(Serialize)]
#[serde(untagged)]
pub enum UserView<'a> {
    /// An agent.
    Agent(AgentView<'a>),
    /// A customer.
    Customer(CustomerView<'a>),
}

/// An agent within a chat.
#[derive(Serialize)]
pub struct AgentView<'a> {
    id: &'a str,
    name: &'a str,
    email: &'a str,
    #[serde(rename = "type")]
    kind: UserType,
    present: bool,
    avatar: &'a str,
    visibility: Visibility,
    #[serde(skip_serializing_if = "Option::is_none")]
    events_seen_up_to: Option<Moment>,
}

impl<'a> AgentView<'a> {
    /// The view of an agent in a chat.
    pub fn new(user: &'a User, account: &'a Account) -> Self {
        Self {
            id: &user.id,
            name: &account.name,
            email: &account.email,
            kind: UserType::Agent,
            present: user.present,
            avatar: &account.avatar,
            visibility: user.visibility,
            events_seen_up_to: user.events_seen_up_to,
        }
    }
}

/// A customer, within a chat or not.
#[derive(Serialize)]
pub struct CustomerView<'a> {
    #[serde(rename = "type")]
    kind: UserType,
    #[serde(flatten)]
    customer: &'a Customer,
    email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    visit: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_visit: Option<&'a Value>,
    #[serde(flatten)]
    in_chat: Option<InChat>,
}

impl<'a> CustomerView<'a> {
    /// The view of a customer outside of any chat.
    pub fn new(customer: &'a Customer, version: Version) -> Self {
        let visit = customer.visit.as_ref();
        let old = version <= Version::V3_5;
        Self {
            kind: UserType::Customer,
            customer,
            email_verified: false,
            visit: visit.filter(|_| !old),
            last_visit: visit.filter(|_| old),
            in_chat: None,
        }
    }

    /// The same customer within a chat.
    #[must_use]
    pub fn in_chat(self, user: &User, chat: &Chat) -> Self {
        Self {
            in_chat: Some(InChat::new(user, chat)),
            ..self
        }
    }
}

#[derive(Serialize)]
struct InChat {
    present: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    events_seen_up_to: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_last_event_created_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_last_event_created_at: Option<Moment>,
}

impl InChat {
    fn new(user: &User, chat: &Chat) -> Self {
        let last_by = |by_customer: bool| {
            let events = chat
                .threads
                .iter()
                .rev()
                .flat_map(|thread| thread.events.iter().rev());
            let mut authored = events.filter(|event| event.author_id.is_some());
            let last =
                authored.find(|event| (event.author_id.as_ref() == Some(&user.id)) == by_customer);
            last.map(|event| event.created_at)
        };
        Self {
            present: user.present,
            events_seen_up_to: user.events_seen_up_to,
            agent_last_event_created_at: last_by(false),
            customer_last_event_created_at: last_by(true),
        }
    }
}
