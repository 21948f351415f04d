//! Groups of agents.

use serde::Deserialize;

use crate::sandbox::livechat::chats::Properties;

/// A group of agents.
#[derive(Clone, Debug, Deserialize)]
pub struct Group {
    /// The id; 0 is the general group.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The language of its chat widget.
    pub language_code: String,
    /// Its properties that customers may read.
    #[serde(default)]
    pub properties: Properties,
}
