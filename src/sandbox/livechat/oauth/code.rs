//! Codes on their way from the authorize page to the token endpoint.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::grant::Grant;
use super::pkce::Challenge;
use crate::sandbox::livechat::clock::Moment;

/// How long a code can be exchanged: "a few minutes" by the documents, osin's default here.
const LIFETIME: Duration = Duration::from_secs(250);

/// What an authorize request said, kept for the exchange.
#[derive(Clone, Debug)]
pub struct Code {
    /// What it is exchanged for.
    pub grant: Arc<Grant>,
    /// The redirect URI of the authorize request, which the exchange must repeat.
    pub redirect_uri: String,
    /// The PKCE challenge, if one was sent.
    pub challenge: Option<Challenge>,
}

/// The codes that can still be exchanged. All live equally long, so the oldest expires first.
#[derive(Debug, Default)]
pub struct Codes {
    by_value: HashMap<String, (Moment, Code)>,
    in_order: VecDeque<(Moment, String)>,
}

impl Codes {
    /// Keeps a new code, and forgets those that have expired.
    pub fn insert(&mut self, value: String, code: Code, now: Moment) {
        while self
            .in_order
            .front()
            .is_some_and(|(expires_at, _)| *expires_at <= now)
        {
            if let Some((_, expired)) = self.in_order.pop_front() {
                self.by_value.remove(&expired);
            }
        }
        let expires_at = now.plus(LIFETIME);
        self.in_order.push_back((expires_at, value.clone()));
        self.by_value.insert(value, (expires_at, code));
    }

    /// The code, unless it is unknown, used or expired: these three look the same from outside.
    pub fn get(&self, value: &str, now: Moment) -> Option<&Code> {
        let (expires_at, code) = self.by_value.get(value)?;
        (now < *expires_at).then_some(code)
    }

    /// Uses a code up.
    pub fn consume(&mut self, value: &str) {
        self.by_value.remove(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::livechat::clock::Clock;
    use crate::sandbox::livechat::oauth::Scopes;

    fn code() -> Code {
        let grant = Grant {
            client_id: None,
            account_id: String::new(),
            scopes: Scopes::default(),
            session_id: None,
        };
        Code {
            grant: Arc::new(grant),
            redirect_uri: String::new(),
            challenge: None,
        }
    }

    #[test]
    fn expired_codes_are_forgotten_when_a_new_one_comes() {
        let now = Clock::stepped(None).now();
        let mut codes = Codes::default();
        codes.insert("old".to_owned(), code(), now);
        assert!(
            codes
                .get("old", now.plus(Duration::from_secs(249)))
                .is_some()
        );
        assert!(codes.get("old", now.plus(LIFETIME)).is_none());
        codes.insert("new".to_owned(), code(), now.plus(LIFETIME));
        assert_eq!(codes.by_value.len(), 1);
        assert_eq!(codes.in_order.len(), 1);
    }
}
