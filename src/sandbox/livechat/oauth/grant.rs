//! What a token stands for: an account's leave for an app to act with certain scopes.

use std::time::Duration;

use super::scope::Scopes;

/// How long an access token can be used, an agent's or a customer's.
pub const ACCESS_LIFETIME: Duration = Duration::from_secs(28_800);

/// An account's leave for an app to act with certain scopes. Codes and tokens share it.
#[derive(Debug)]
pub struct Grant {
    /// The app; none for a personal access token.
    pub client_id: Option<String>,
    /// The account that the app acts for.
    pub account_id: String,
    /// What it may do.
    pub scopes: Scopes,
    /// The session in which it was given; none for a personal access token.
    pub session_id: Option<String>,
}

impl Grant {
    /// The same grant with fewer scopes.
    #[must_use]
    pub fn narrowed(&self, scopes: Scopes) -> Self {
        Self {
            client_id: self.client_id.clone(),
            account_id: self.account_id.clone(),
            scopes,
            session_id: self.session_id.clone(),
        }
    }
}
