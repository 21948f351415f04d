//! The organization with its license, agents and groups.

use std::sync::Arc;

use super::account::Account;
use super::group::Group;
use crate::sandbox::livechat::chats::Properties;
use crate::sandbox::livechat::clock::Moment;

/// The organization, its license, agents and groups.
#[derive(Debug)]
pub struct Organization {
    /// The UUID by which the Customer Chat API knows it.
    pub id: String,
    /// The number by which older versions know it.
    pub license_id: u64,
    /// When it signed up.
    pub created_at: Moment,
    /// The region that its tokens are prefixed with.
    pub region: String,
    /// Its agents; the first one owns it.
    pub accounts: Vec<Arc<Account>>,
    /// Its groups; the first one is the general group.
    pub groups: Vec<Group>,
    /// Whether a customer is the same in all groups; if not, each group can have its own.
    pub chat_between_groups: bool,
    /// The license's properties that customers may read.
    pub properties: Properties,
}

impl Organization {
    /// The account with the id `account_id`.
    pub fn account(&self, account_id: &str) -> Option<&Arc<Account>> {
        self.accounts
            .iter()
            .find(|account| account.id == account_id)
    }

    /// The agent whose e-mail is `email`.
    pub fn agent(&self, email: &str) -> Option<&Arc<Account>> {
        self.accounts.iter().find(|account| account.email == email)
    }

    /// The agent whose e-mail is `email`, to be changed.
    pub fn agent_mut(&mut self, email: &str) -> Option<&mut Account> {
        let found = self
            .accounts
            .iter_mut()
            .find(|account| account.email == email);
        found.map(Arc::make_mut)
    }

    /// Whether there is a group with the id `id`.
    pub fn has_group(&self, id: i64) -> bool {
        self.groups.iter().any(|group| group.id == id)
    }

    /// Whether one of a group's agents accepts chats.
    pub fn is_online(&self, group_id: i64) -> bool {
        self.accounts
            .iter()
            .any(|account| account.is_available() && account.is_in(&[group_id]))
    }
}
