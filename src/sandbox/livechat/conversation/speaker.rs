//! Who acts in a chat, and what the chat itself says about it.

use serde_json::{Map, Value, json};

use crate::sandbox::livechat::chats::{Event, Properties, Thread, UserType, Visibility};
use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::state::State;

/// An agent or a customer who acts.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// The agent's e-mail or the customer's UUID.
    pub id: &'a str,
    /// Which of the two.
    pub kind: UserType,
}

impl<'a> Speaker<'a> {
    /// An agent.
    pub fn agent(email: &'a str) -> Self {
        Self {
            id: email,
            kind: UserType::Agent,
        }
    }

    /// A customer.
    pub fn customer(id: &'a str) -> Self {
        Self {
            id,
            kind: UserType::Customer,
        }
    }

    /// What the chat calls the speaker.
    pub fn name(self, state: &State) -> String {
        let name = match self.kind {
            UserType::Agent => state
                .organization
                .agent(self.id)
                .map(|agent| agent.name.clone()),
            UserType::Customer => state
                .chats
                .customer(self.id)
                .and_then(|known| known.name.clone()),
        };
        let unnamed = if self.kind == UserType::Agent {
            self.id
        } else {
            "Customer"
        };
        name.unwrap_or_else(|| unnamed.to_owned())
    }
}

/// Appends what the system says: `kind` is a published type such as `manual_archived_agent`, `variables`
/// stand in the text.
pub fn announce(
    thread: &mut Thread,
    now: Moment,
    kind: &str,
    text: &str,
    variables: &[(&str, &str)],
) {
    let text_vars: Map<String, Value> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect();
    let content = json!({ "system_message_type": kind, "text": text, "text_vars": text_vars });
    let Value::Object(content) = content else {
        return;
    };
    thread.push(Event {
        id: String::new(),
        created_at: now,
        kind: "system_message".to_owned(),
        author_id: None,
        visibility: Visibility::All,
        custom_id: None,
        properties: Properties::default(),
        content,
        deleted: false,
    });
}
