//! A well-formed call of every method of the Web APIs, as `calls.json` lists them.

use serde::Deserialize;
use serde_json::Value;

/// A call of a method.
#[derive(Deserialize)]
pub struct Call {
    pub action: String,
    /// The body. In a customer's, `CHAT_ID` and `THREAD_ID` stand for the customer's own.
    pub body: Value,
    /// The scopes of which each is enough by itself; customers have none.
    #[serde(default)]
    pub scopes: Vec<String>,
}

#[derive(Deserialize)]
struct Calls {
    agent: Vec<Call>,
    configuration: Vec<Call>,
    customer: Vec<Call>,
}

const TEXT: &str = include_str!("calls.json");

fn read(text: &str) -> Calls {
    serde_json::from_str(text).unwrap()
}

/// Every call of the Agent Chat API but `list_routing_statuses`, which needs two scopes.
pub fn agent() -> Vec<Call> {
    read(TEXT).agent
}

/// The calls of the Configuration API.
pub fn configuration() -> Vec<Call> {
    read(TEXT).configuration
}

/// The calls of the Customer Chat API, about a chat of the customer's.
pub fn customer(chat_id: &str, thread_id: &str) -> Vec<Call> {
    let own = TEXT.replace("THREAD_ID", thread_id);
    read(&own.replace("CHAT_ID", chat_id)).customer
}
