//! Customers' access tokens, and the tokens that carry a customer's identity to another device.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::pkce::Challenge;
use crate::sandbox::livechat::clock::Moment;

/// How many tokens a customer has; one more ends the oldest, as with agents' tokens.
const LIMIT: usize = 25;

/// How long an identity transfer token can be exchanged.
pub const TRANSFER_LIFETIME: Duration = Duration::from_secs(3600);

/// A customer's access token.
#[derive(Clone, Debug)]
pub struct CustomerToken {
    /// The app that it was made for.
    pub client_id: String,
    /// The customer.
    pub entity_id: String,
    /// When it stops working.
    pub expires_at: Moment,
}

/// All customers' tokens.
#[derive(Debug, Default)]
pub struct CustomerTokens {
    by_value: HashMap<String, CustomerToken>,
    held: HashMap<String, VecDeque<String>>,
}

impl CustomerTokens {
    /// Keeps a new token.
    pub fn insert(&mut self, value: String, token: CustomerToken) {
        let held = self.held.entry(token.entity_id.clone()).or_default();
        held.push_back(value.clone());
        self.by_value.insert(value, token);
        if held.len() > LIMIT
            && let Some(oldest) = held.pop_front()
        {
            self.by_value.remove(&oldest);
        }
    }

    /// A token, expired or not.
    pub fn get(&self, value: &str) -> Option<&CustomerToken> {
        self.by_value.get(value)
    }

    /// Ends a token; whether it was there.
    pub fn revoke(&mut self, value: &str) -> bool {
        let Some(token) = self.by_value.remove(value) else {
            return false;
        };
        if let Some(held) = self.held.get_mut(&token.entity_id) {
            held.retain(|kept| kept != value);
        }
        true
    }
}

/// A token that makes another device the same customer.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// The app that it was made for.
    pub client_id: String,
    /// The customer.
    pub customer_id: String,
    /// The challenge whose verifier the exchange must bring.
    pub challenge: Option<Challenge>,
    /// When it stops working.
    pub expires_at: Moment,
}

/// The transfers that wait for their exchange. Those that nobody exchanges are forgotten in time.
#[derive(Debug, Default)]
pub struct Transfers(HashMap<String, Transfer>);

impl Transfers {
    /// Keeps a new one.
    pub fn insert(&mut self, value: String, transfer: Transfer, now: Moment) {
        self.0.retain(|_, transfer| now < transfer.expires_at);
        self.0.insert(value, transfer);
    }

    /// One that has not expired.
    pub fn get(&self, value: &str, now: Moment) -> Option<&Transfer> {
        self.0
            .get(value)
            .filter(|transfer| now < transfer.expires_at)
    }

    /// Uses one up.
    pub fn consume(&mut self, value: &str) {
        self.0.remove(value);
    }
}
