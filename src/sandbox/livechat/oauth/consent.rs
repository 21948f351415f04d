//! What users have allowed an app, or refused: the answers of the consent page.

use std::collections::HashMap;

use super::scope::Scopes;

/// A user's answer to an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Allowed, when the app asked for these scopes.
    Given(Scopes),
    /// Refused.
    Rejected,
}

/// The answers by app and account.
#[derive(Debug, Default)]
pub struct Consents(HashMap<(String, String), Consent>);

impl Consents {
    /// Keeps an answer; it replaces an earlier one.
    pub fn set(&mut self, client_id: &str, account_id: &str, consent: Consent) {
        self.0
            .insert((client_id.to_owned(), account_id.to_owned()), consent);
    }

    /// Takes an answer back, as if it had never been given.
    pub fn forget(&mut self, client_id: &str, account_id: &str) {
        self.0
            .remove(&(client_id.to_owned(), account_id.to_owned()));
    }

    /// The answer to an app, if there is one.
    pub fn get(&self, client_id: &str, account_id: &str) -> Option<&Consent> {
        self.0.get(&(client_id.to_owned(), account_id.to_owned()))
    }

    /// Whether the app has what it asks for today: an app that asks for more than it did has not.
    pub fn covers(&self, client_id: &str, account_id: &str, wanted: &Scopes) -> bool {
        match self.get(client_id, account_id) {
            Some(Consent::Given(scopes)) => scopes.cover_all(wanted),
            Some(Consent::Rejected) | None => false,
        }
    }
}
