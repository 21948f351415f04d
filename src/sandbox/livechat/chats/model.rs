//! Chats as they are: who takes part, their threads, and what was said.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::sandbox::livechat::clock::Moment;

/// Properties by namespace and name.
pub type Properties = BTreeMap<String, BTreeMap<String, Value>>;

/// The groups that may see a chat or a thread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Group ids; 0 is the general group.
    pub group_ids: Vec<i64>,
}

/// A conversation: the same customer may come back to it, in a new thread.
#[derive(Clone, Debug, Deserialize)]
pub struct Chat {
    /// Ten upper-case letters and digits.
    pub id: String,
    /// Those who take or took part.
    pub users: Vec<User>,
    /// From the first to the latest; only that one can be active.
    pub threads: Vec<Thread>,
    /// Properties of the chat.
    #[serde(default)]
    pub properties: Properties,
    /// Who may see it.
    pub access: Access,
    /// E-mails of the agents who follow it.
    #[serde(default)]
    pub followers: BTreeSet<String>,
    /// When it was started; none if it was there when the sandbox began.
    #[serde(skip)]
    pub since: Option<Moment>,
}

impl Chat {
    /// The latest thread.
    pub fn last_thread(&self) -> Option<&Thread> {
        self.threads.last()
    }

    /// When the thread began that was the latest at some moment; by this chats are listed.
    pub fn last_began(&self, as_of: Moment) -> Option<Moment> {
        let mut began = self.threads.iter().rev().map(|thread| thread.created_at);
        began.find(|at| *at <= as_of)
    }

    /// Whether it was there at some moment. Its threads don't tell: a chat can be older than its first one.
    pub fn was_there(&self, at: Moment) -> bool {
        self.since.is_none_or(|since| since <= at)
    }

    /// Whether its latest thread is open.
    pub fn is_active(&self) -> bool {
        self.last_thread().is_some_and(|thread| thread.active)
    }

    /// The thread that is open.
    pub fn active_thread_mut(&mut self) -> Option<&mut Thread> {
        self.threads.last_mut().filter(|thread| thread.active)
    }

    /// A user who takes or took part.
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Whether somebody takes part at present.
    pub fn has_present(&self, id: &str) -> bool {
        self.user(id).is_some_and(|user| user.present)
    }

    /// The agents who take part at present.
    pub fn present_agents(&self) -> impl Iterator<Item = &User> {
        self.users
            .iter()
            .filter(|user| user.present && user.kind == UserType::Agent)
    }

    /// The customer, of whom there is at most one.
    pub fn customer(&self) -> Option<&User> {
        self.users
            .iter()
            .find(|user| user.kind == UserType::Customer)
    }

    /// Lets somebody take part, in the chat and in its open thread.
    pub fn join(&mut self, id: &str, kind: UserType, visibility: Visibility) {
        match self.users.iter_mut().find(|user| user.id == id) {
            Some(user) => {
                user.present = true;
                user.visibility = visibility;
            }
            None => self.users.push(User {
                id: id.to_owned(),
                kind,
                present: true,
                visibility,
                events_seen_up_to: None,
            }),
        }
        if let Some(thread) = self.active_thread_mut() {
            thread.note_user(id);
        }
    }

    /// Lets somebody leave.
    pub fn leave(&mut self, id: &str) {
        if let Some(user) = self.users.iter_mut().find(|user| user.id == id) {
            user.present = false;
        }
    }

    /// Notes that a user has seen everything up to a moment; never less than before.
    pub fn mark_seen(&mut self, id: &str, up_to: Moment) {
        if let Some(user) = self.users.iter_mut().find(|user| user.id == id) {
            user.events_seen_up_to = user.events_seen_up_to.max(Some(up_to));
        }
    }
}

/// Agents and customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserType {
    /// An agent or a bot.
    Agent,
    /// A visitor of the website.
    Customer,
}

/// Who may read something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Agents and the customer.
    #[default]
    All,
    /// Agents alone.
    Agents,
}

/// Somebody who takes part in a chat.
#[derive(Clone, Debug, Deserialize)]
pub struct User {
    /// An agent's e-mail or a customer's UUID.
    pub id: String,
    /// Which of the two.
    #[serde(rename = "type")]
    pub kind: UserType,
    /// Whether they still take part.
    pub present: bool,
    /// Whether the customer sees an agent; always `all` for a customer.
    #[serde(default)]
    pub visibility: Visibility,
    /// Up to when they have seen the chat's events.
    pub events_seen_up_to: Option<Moment>,
}

/// A part of a chat, from its start to its end.
#[derive(Clone, Debug, Deserialize)]
pub struct Thread {
    /// Ten upper-case letters and digits.
    pub id: String,
    /// When it was opened.
    pub created_at: Moment,
    /// Whether it is open.
    pub active: bool,
    /// Ids of those who took part in it.
    pub user_ids: Vec<String>,
    /// What was said, in order.
    pub events: Vec<Event>,
    /// Properties of the thread.
    #[serde(default)]
    pub properties: Properties,
    /// Who may see it.
    pub access: Access,
    /// Tags, in the order in which they were put.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What it was about, once somebody asked.
    #[serde(skip)]
    pub summary: Option<Summary>,
}

impl Thread {
    /// Appends an event and returns its id.
    pub fn push(&mut self, mut event: Event) -> String {
        // Events are never taken out, only marked as deleted, so the number is not used twice.
        event.id = format!("{}_{}", self.id, self.events.len() + 1);
        let id = event.id.clone();
        self.events.push(event);
        id
    }

    /// An event by its id.
    pub fn event_mut(&mut self, id: &str) -> Option<&mut Event> {
        self.events.iter_mut().find(|event| event.id == id)
    }

    /// Notes that somebody took part.
    pub fn note_user(&mut self, id: &str) {
        if !self.user_ids.iter().any(|known| known == id) {
            self.user_ids.push(id.to_owned());
        }
    }
}

/// What a thread was about, in short.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// `ok`.
    pub status: &'static str,
    /// The text.
    pub text: String,
    /// When it was made.
    pub updated_at: Moment,
}

/// Something said or done in a thread.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// The thread's id, `_` and a number from 1.
    pub id: String,
    /// When it was sent.
    pub created_at: Moment,
    /// `message`, `file`, `system_message` …
    #[serde(rename = "type")]
    pub kind: String,
    /// Who sent it; a system message has no author.
    pub author_id: Option<String>,
    /// Who may read it.
    #[serde(default)]
    pub visibility: Visibility,
    /// The sender's own id for it.
    pub custom_id: Option<String>,
    /// Properties of the event.
    #[serde(default)]
    pub properties: Properties,
    /// What its type adds: `text`, `url`, `elements` …
    #[serde(default)]
    pub content: Map<String, Value>,
    /// Whether its author took it back.
    #[serde(default)]
    pub deleted: bool,
}
