//! A closed thread with what surrounds it, as the filters of `list_archives` look at it.

use crate::sandbox::livechat::chats::{Chat, Customer, Event, Place, Thread};
use crate::sandbox::livechat::organization::Organization;
use crate::sandbox::livechat::state::State;

/// A thread that a filter looks at, with what surrounds it.
pub struct Archived<'a> {
    /// Its chat.
    pub chat: &'a Chat,
    /// The thread itself.
    pub thread: &'a Thread,
    /// The chat's customer.
    pub customer: Option<&'a Customer>,
    /// The organization.
    pub organization: &'a Organization,
}

impl<'a> Archived<'a> {
    /// The thread at a place.
    pub fn new(state: &'a State, place: Place) -> Self {
        let chat = state.chats.at(place.chat);
        let customer = chat
            .customer()
            .and_then(|user| state.chats.customer(&user.id));
        let thread = &chat.threads[place.thread];
        Self {
            chat,
            thread,
            customer,
            organization: &state.organization,
        }
    }

    /// The agents who took part in the thread.
    pub fn agents(&self) -> Vec<&'a str> {
        let ids = self.thread.user_ids.iter().map(String::as_str);
        ids.filter(|id| self.organization.agent(id).is_some())
            .collect()
    }

    /// The events that agents sent.
    pub fn responses(&self) -> impl Iterator<Item = &'a Event> {
        let organization = self.organization;
        self.thread.events.iter().filter(move |event| {
            let author = event.author_id.as_deref();
            author.is_some_and(|id| organization.agent(id).is_some())
        })
    }

    /// Whether a text stands in an event, or in what is known of the customer.
    pub fn contains(&self, query: &str) -> bool {
        let query = query.to_lowercase();
        let texts = self
            .thread
            .events
            .iter()
            .filter_map(|event| event.content.get("text")?.as_str());
        let facts = self
            .customer
            .iter()
            .flat_map(|known| [&known.name, &known.email]);
        let mut all = texts.chain(facts.filter_map(|fact| fact.as_deref()));
        all.any(|text| text.to_lowercase().contains(&query))
    }

    /// The country of the customer's last visit, in two letters.
    pub fn country(&self) -> Option<&'a str> {
        self.customer?
            .visit
            .as_ref()?
            .pointer("/geolocation/country_code")?
            .as_str()
    }
}
