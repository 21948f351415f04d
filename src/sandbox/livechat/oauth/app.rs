//! Apps as Developer Console knows them: their type, secret, whitelist and scopes.

use serde::{Deserialize, Serialize};

use super::scope::Scopes;

/// What kind of client an app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppType {
    /// Runs on a server, keeps a secret and exchanges codes.
    Server,
    /// Runs in a browser; gets tokens directly, or codes with PKCE.
    #[serde(rename = "js", alias = "javascript")]
    JavaScript,
}

/// An app with an Authorization building block.
#[derive(Clone, Debug)]
pub struct App {
    /// The public identifier, 32 hexadecimal characters.
    pub client_id: String,
    /// The confidential one.
    pub client_secret: String,
    /// The name on the consent page.
    pub name: String,
    /// What kind of client it is.
    pub kind: AppType,
    /// The whitelist of redirect URIs, comma-separated.
    pub redirect_uris: String,
    /// What it may ask for.
    pub scopes: Scopes,
    /// The account that made it; its owner is not asked for consent.
    pub author: String,
    /// Whether it is offered to other organizations; if not, its installation is all the consent it needs.
    pub public: bool,
    /// Whether the organization has installed it, so that others than its author can use it.
    pub installed: bool,
    /// Whether everybody is asked each time, as by `prompt=consent`. Developer Console has no such switch.
    pub always_asks: bool,
}

impl App {
    /// Whether the app may use `secret`; a JavaScript app has none, so what it sends is ignored.
    pub fn accepts_secret(&self, secret: Option<&str>) -> bool {
        self.kind == AppType::JavaScript || secret == Some(self.client_secret.as_str())
    }

    /// Whether an account is asked before the app may act for it.
    pub fn asks(&self, account_id: &str) -> bool {
        self.author != account_id && self.public
    }
}
