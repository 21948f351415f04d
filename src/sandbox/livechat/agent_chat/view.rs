//! Chats as agents see them, serialised straight from the store.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::user_view::{AgentView, CustomerView, UserView};
use crate::sandbox::livechat::chats::{
    Access, Chat, Chats, Customer, Event, Properties, Summary, Thread, UserType, Visibility,
};
use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::organization::{Account, Organization, Role};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::Version;

/// Who looks, at what, and through which version of the API.
pub struct View<'a> {
    organization: &'a Organization,
    chats: &'a Chats,
    reader: &'a Account,
    /// The version.
    pub version: Version,
}

impl<'a> View<'a> {
    /// The view of an agent.
    pub fn new(state: &'a State, reader: &'a Account, version: Version) -> Self {
        Self {
            organization: &state.organization,
            chats: &state.chats,
            reader,
            version,
        }
    }

    /// A chat in short, as `list_chats` shows it.
    pub fn summary(&self, chat: &'a Chat) -> ChatSummary<'a> {
        let last = chat.last_thread();
        let info = self.version >= Version::V3_7;
        ChatSummary {
            id: &chat.id,
            last_event_per_type: if info {
                BTreeMap::new()
            } else {
                self.last_events(chat)
            },
            users: self.users(chat),
            last_thread_summary: last
                .filter(|_| !info)
                .map(|last| ThreadSummary::new(last, None)),
            last_thread_info: last
                .filter(|_| info)
                .map(|last| ThreadSummary::new(last, Some(self.last_events_of(last)))),
            properties: &chat.properties,
            access: &chat.access,
            is_followed: self.follows(chat),
        }
    }

    /// Whether the reader is told of what happens in a chat: followers are, and those who take part.
    pub fn follows(&self, chat: &Chat) -> bool {
        chat.followers.contains(&self.reader.email) || chat.has_present(&self.reader.email)
    }

    /// The users of a chat, those who have left too.
    pub fn users(&self, chat: &'a Chat) -> Vec<UserView<'a>> {
        let views = chat.users.iter().filter_map(|user| match user.kind {
            UserType::Agent => {
                let account = self.organization.agent(&user.id)?;
                Some(UserView::Agent(AgentView::new(user, account)))
            }
            UserType::Customer => {
                let customer = self.chats.customer(&user.id)?;
                Some(UserView::Customer(
                    self.customer(customer).in_chat(user, chat),
                ))
            }
        });
        views.collect()
    }

    /// A customer, outside of any chat.
    pub fn customer(&self, customer: &'a Customer) -> CustomerView<'a> {
        CustomerView::new(customer, self.version)
    }

    /// An event. One that was deleted shows its content to administrators only.
    pub fn event(&self, event: &'a Event) -> EventView<'a> {
        let hidden = event.deleted && self.reader.role < Role::Administrator;
        EventView {
            id: &event.id,
            custom_id: event.custom_id.as_deref(),
            created_at: event.created_at,
            kind: &event.kind,
            visibility: event.visibility,
            author_id: event.author_id.as_deref(),
            properties: (!hidden && !event.properties.is_empty()).then_some(&event.properties),
            deleted: event.deleted,
            content: (!hidden).then_some(Cow::Borrowed(&event.content)),
        }
    }

    /// A thread with its events. `accessible` says of the chat's other threads which the reader may see.
    pub fn thread(&self, chat: &'a Chat, index: usize) -> ThreadView<'a> {
        let thread = &chat.threads[index];
        let id_at = |index: usize| chat.threads.get(index).map(|thread| thread.id.as_str());
        let visit = chat
            .customer()
            .and_then(|user| self.chats.customer(&user.id)?.visit.as_ref());
        ThreadView {
            thread: ThreadSummary::new(thread, None),
            events: thread
                .events
                .iter()
                .map(|event| self.event(event))
                .collect(),
            summary: thread.summary.as_ref(),
            previous_thread_id: index.checked_sub(1).and_then(id_at),
            next_thread_id: id_at(index + 1),
            previous_accessible_thread_id: None,
            next_accessible_thread_id: None,
            customer_visit: visit
                .filter(|_| self.version >= Version::V3_6)
                .map(|visit| CustomerVisit {
                    ip: visit.get("ip"),
                    user_agent: visit.get("user_agent"),
                    geolocation: visit.get("geolocation"),
                }),
        }
    }

    fn last_events(&self, chat: &'a Chat) -> BTreeMap<&'a str, LastEvent<'a>> {
        let mut last = BTreeMap::new();
        for thread in &chat.threads {
            for event in &thread.events {
                let thread_id = Some(thread.id.as_str());
                let thread_created_at = Some(thread.created_at);
                last.insert(event.kind.as_str(), (thread_id, thread_created_at, event));
            }
        }
        let views = last
            .into_iter()
            .map(|(kind, (thread_id, thread_created_at, event))| {
                (
                    kind,
                    LastEvent {
                        thread_id,
                        thread_created_at,
                        event: self.event(event),
                    },
                )
            });
        views.collect()
    }

    fn last_events_of(&self, thread: &'a Thread) -> BTreeMap<&'a str, LastEvent<'a>> {
        let events = thread.events.iter().map(|event| {
            let event = LastEvent {
                thread_id: None,
                thread_created_at: None,
                event: self.event(event),
            };
            (event.event.kind, event)
        });
        events.collect()
    }
}

/// A chat in short. From 3.7 on it is an info rather than a summary, and its thread has the events.
#[derive(Serialize)]
pub struct ChatSummary<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    last_event_per_type: BTreeMap<&'a str, LastEvent<'a>>,
    users: Vec<UserView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_thread_summary: Option<ThreadSummary<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_thread_info: Option<ThreadSummary<'a>>,
    properties: &'a Properties,
    access: &'a Access,
    is_followed: bool,
}

#[derive(Serialize)]
struct LastEvent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_created_at: Option<Moment>,
    event: EventView<'a>,
}

/// An event, with what its type adds beside what all have.
#[derive(Serialize)]
pub struct EventView<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_id: Option<&'a str>,
    created_at: Moment,
    #[serde(rename = "type")]
    kind: &'a str,
    visibility: Visibility,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<&'a Properties>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    #[serde(flatten)]
    content: Option<Cow<'a, Map<String, Value>>>,
}

impl EventView<'_> {
    /// Puts tags around each place where `query` stands in the text.
    pub fn highlight(&mut self, query: &str, tags: (&str, &str)) {
        let Some(content) = &mut self.content else {
            return;
        };
        let Some(Value::String(text)) = content.get("text") else {
            return;
        };
        let marked = mark(text, query, tags);
        content.to_mut().insert("text".to_owned(), marked.into());
    }
}

/// The text with tags around each occurrence of `query`, whatever the case of its ASCII letters.
fn mark(text: &str, query: &str, (before, after): (&str, &str)) -> String {
    if query.is_empty() {
        return text.to_owned();
    }
    let (lower, query) = (text.to_ascii_lowercase(), query.to_ascii_lowercase());
    let mut marked = String::with_capacity(text.len());
    let mut done = 0;
    for (at, found) in lower.match_indices(&query) {
        let end = at + found.len();
        marked.extend([&text[done..at], before, &text[at..end], after]);
        done = end;
    }
    marked + &text[done..]
}

/// A thread without its events.
#[derive(Serialize)]
struct ThreadSummary<'a> {
    id: &'a str,
    created_at: Moment,
    user_ids: &'a [String],
    properties: &'a Properties,
    active: bool,
    access: &'a Access,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event_per_type: Option<BTreeMap<&'a str, LastEvent<'a>>>,
}

impl<'a> ThreadSummary<'a> {
    fn new(
        thread: &'a Thread,
        last_event_per_type: Option<BTreeMap<&'a str, LastEvent<'a>>>,
    ) -> Self {
        Self {
            id: &thread.id,
            created_at: thread.created_at,
            user_ids: &thread.user_ids,
            properties: &thread.properties,
            active: thread.active,
            access: &thread.access,
            tags: &thread.tags,
            last_event_per_type,
        }
    }
}

/// A thread with its events.
#[derive(Serialize)]
pub struct ThreadView<'a> {
    #[serde(flatten)]
    thread: ThreadSummary<'a>,
    /// The events.
    pub events: Vec<EventView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_thread_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_thread_id: Option<&'a str>,
    /// The thread before that the reader may see; told by `list_archives` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_accessible_thread_id: Option<&'a str>,
    /// The thread after that the reader may see; told by `list_archives` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_accessible_thread_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_visit: Option<CustomerVisit<'a>>,
}

#[derive(Serialize)]
struct CustomerVisit<'a> {
    ip: Option<&'a Value>,
    user_agent: Option<&'a Value>,
    geolocation: Option<&'a Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_occurrence_is_marked_as_it_was_written() {
        assert_eq!(
            mark("Tea or tea\u{e9}", "TEA", ("<em>", "</em>")),
            "<em>Tea</em> or <em>tea</em>\u{e9}"
        );
        assert_eq!(mark("tea", "", ("<", ">")), "tea");
        assert_eq!(mark("tea", "coffee", ("<", ">")), "tea");
    }
}
