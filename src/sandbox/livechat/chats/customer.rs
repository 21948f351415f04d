//! The organization's customers.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::sandbox::livechat::clock::Moment;

/// A customer, serialised as agents see one.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Customer {
    /// A UUID, the `entity_id` of the customer's tokens.
    pub id: String,
    /// The name, once known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail, once known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// In the format of E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// When the customer was first seen.
    pub created_at: Moment,
    /// Pairs that the website has set, each an object with one member.
    #[serde(default)]
    pub session_fields: Vec<Map<String, Value>>,
    /// What the customer has done so far, in numbers.
    #[serde(default)]
    pub statistics: Statistics,
    /// The last visit to the website. Its name differs between versions, so the view adds it.
    #[serde(default, skip_serializing)]
    pub visit: Option<Value>,
    /// Identities in other channels, as they were set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub omnichannel: Option<Value>,
    /// The postal address, as it was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Value>,
    /// Until when no call of the customer's is accepted.
    #[serde(skip)]
    pub banned_until: Option<Moment>,
    /// The group that the customer is one of, if groups have customers of their own.
    #[serde(skip)]
    pub group_id: Option<i64>,
}

impl Customer {
    /// Somebody of whom nothing is known yet.
    pub fn unknown(id: String, created_at: Moment, group_id: Option<i64>) -> Self {
        Self {
            id,
            name: None,
            email: None,
            avatar: None,
            phone_number: None,
            created_at,
            session_fields: Vec::new(),
            statistics: Statistics::default(),
            visit: None,
            omnichannel: None,
            address: None,
            banned_until: None,
            group_id,
        }
    }

    /// Whether no call of the customer's is accepted.
    pub fn is_banned(&self, now: Moment) -> bool {
        self.banned_until.is_some_and(|until| now < until)
    }
}

/// What a customer has done so far, in numbers.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
#[expect(clippy::struct_field_names, reason = "these are the API's own names")]
pub struct Statistics {
    /// Chats taken part in.
    pub chats_count: u64,
    /// Threads taken part in.
    pub threads_count: u64,
    /// Visits to the website.
    pub visits_count: u64,
    /// Pages seen.
    pub page_views_count: u64,
    /// Greetings seen.
    pub greetings_shown_count: u64,
    /// Greetings followed.
    pub greetings_accepted_count: u64,
    /// Tickets made.
    pub tickets_count: u64,
}
