//! Who is logged in at the authorize page, in which sessions, and why somebody may not be.

use serde::{Deserialize, Serialize};

/// Why the authorize page cannot tell, or does not accept, who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityException {
    /// The request for an identity is malformed.
    InvalidRequest,
    /// The identity's data is wrong, or there is none.
    Unauthorized,
    /// The server could not determine who it is.
    ServerError,
    /// Known but refused: banned, or of the wrong account version.
    AccessDenied,
    /// Gone by a logout, a password reset or a remote logout.
    IdentityLost,
    /// Logging in with a password is switched off.
    CredentialsLoginDisabled,
}

impl IdentityException {
    /// The code as it stands in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::Unauthorized => "unauthorized",
            Self::ServerError => "server_error",
            Self::AccessDenied => "access_denied",
            Self::IdentityLost => "identity_lost",
            Self::CredentialsLoginDisabled => "credentials_login_disabled",
        }
    }
}

/// An exception, and whom it is about if that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The exception.
    pub exception: IdentityException,
    /// The account, which goes along as `entity_id`.
    pub account_id: Option<String>,
}

/// A login on one device.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session's UUID.
    pub id: String,
    /// Whose it is.
    pub account_id: String,
    /// The browser in which it was opened.
    pub user_agent: String,
}

/// The sessions, and which of them the authorize page is in.
#[derive(Debug, Default)]
pub struct Identity {
    sessions: Vec<Session>,
    current: Option<Session>,
    refused: Option<Refused>,
}

impl Identity {
    /// Opens a session, and the authorize page is in it. A lost identity is found again thereby;
    /// any other exception stays.
    pub fn log_in(&mut self, session: Session) {
        self.sessions.push(session.clone());
        self.current = Some(session);
        if self.is_lost() {
            self.refused = None;
        }
    }

    /// Closes the session of the authorize page.
    pub fn log_out(&mut self) {
        if let Some(session) = self.current.take() {
            self.sessions.retain(|kept| kept.id != session.id);
        }
    }

    /// Sets or clears an exception.
    pub fn refuse(&mut self, refused: Option<Refused>) {
        self.refused = refused;
    }

    /// The session of the authorize page, if anybody is logged in.
    ///
    /// # Errors
    /// With what keeps the page from accepting an identity.
    pub fn current(&self) -> Result<Option<&Session>, &Refused> {
        self.refused.as_ref().map_or(Ok(self.current.as_ref()), Err)
    }

    /// The sessions of an account.
    pub fn sessions_of<'a>(&'a self, account_id: &'a str) -> impl Iterator<Item = &'a Session> {
        self.sessions
            .iter()
            .filter(move |session| session.account_id == account_id)
    }

    /// Closes a session from elsewhere; if it was the authorize page's, the identity is lost.
    pub fn remove(&mut self, session_id: &str) {
        self.sessions.retain(|session| session.id != session_id);
        if let Some(session) = self.current.take_if(|session| session.id == session_id) {
            let exception = IdentityException::IdentityLost;
            let account_id = Some(session.account_id);
            self.refused.get_or_insert(Refused {
                exception,
                account_id,
            });
        }
    }

    fn is_lost(&self) -> bool {
        let lost = IdentityException::IdentityLost;
        self.refused
            .as_ref()
            .is_some_and(|refused| refused.exception == lost)
    }
}
