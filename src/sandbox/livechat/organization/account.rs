//! Accounts of the organization's agents, their roles, and whether they accept chats.

use serde::{Deserialize, Serialize};

/// What an agent may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Chats of the agent's groups.
    Normal,
    /// All chats, and configuration.
    Administrator,
    /// An administrator who also owns the organization.
    Owner,
}

/// Whether an agent gets new chats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutingStatus {
    /// Gets them.
    #[default]
    AcceptingChats,
    /// Is there, but doesn't get them.
    NotAcceptingChats,
    /// Is not there.
    Offline,
}

/// An agent of the organization and the account behind it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// The account's UUID, the user name of a personal access token.
    #[serde(rename = "account_id")]
    pub id: String,
    /// The e-mail, which is the agent's id in the Web APIs.
    pub email: String,
    /// The full name.
    pub name: String,
    /// What the agent may do.
    pub role: Role,
    /// What customers see under the name.
    pub job_title: String,
    /// The address of a picture.
    pub avatar: String,
    /// The groups that the agent belongs to.
    pub group_ids: Vec<i64>,
    /// Whether the agent gets new chats.
    #[serde(default)]
    pub routing_status: RoutingStatus,
}

impl Account {
    /// Whether the agent belongs to one of `groups`.
    pub fn is_in(&self, groups: &[i64]) -> bool {
        groups.iter().any(|group| self.group_ids.contains(group))
    }

    /// Whether the agent may see what is open to `groups`: what is open to group 0 is open to all.
    pub fn reaches(&self, groups: &[i64]) -> bool {
        groups.contains(&0) || self.is_in(groups)
    }

    /// Whether the agent gets new chats.
    pub fn is_available(&self) -> bool {
        self.routing_status == RoutingStatus::AcceptingChats
    }
}
