//! The access and refresh tokens of agents' apps, of which each app keeps a limited number per account.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::grant::Grant;
use crate::sandbox::livechat::clock::Moment;

/// How many access tokens, and how many refresh tokens, an app has per account; one more ends the oldest.
const LIMIT: usize = 25;

/// How long a refresh token can be used. The documents know that it expires but not when; 60 days here.
const REFRESH_LIFETIME: Duration = Duration::from_secs(60 * 24 * 3600);

/// An access token's side of the store.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// What it stands for.
    pub grant: Arc<Grant>,
    /// When it stops working.
    pub expires_at: Moment,
    /// The refresh token that it came with, if any.
    pub refresh_token: Option<String>,
}

/// A refresh token's side of the store.
#[derive(Clone, Debug)]
pub struct RefreshToken {
    /// What it stands for.
    pub grant: Arc<Grant>,
    /// When it stops working.
    pub expires_at: Moment,
    /// The access token that it came with last.
    pub access_token: String,
}

/// The tokens of one app for one account, the oldest first.
#[derive(Debug, Default)]
struct Held {
    access: VecDeque<String>,
    refresh: VecDeque<String>,
}

/// All tokens of agents' apps.
#[derive(Debug, Default)]
pub struct Tokens {
    access: HashMap<String, AccessToken>,
    refresh: HashMap<String, RefreshToken>,
    held: HashMap<(Option<String>, String), Held>,
}

impl Tokens {
    /// Keeps a new access token and the refresh token that it came with. A refresh token that is known
    /// already keeps its own grant and age.
    pub fn insert(&mut self, value: String, token: AccessToken, now: Moment) {
        let holder = (
            token.grant.client_id.clone(),
            token.grant.account_id.clone(),
        );
        let held = self.held.entry(holder).or_default();
        if let Some(refresh) = &token.refresh_token {
            let expires_at = now.plus(REFRESH_LIFETIME);
            let grant = Arc::clone(&token.grant);
            let entry = self.refresh.entry(refresh.clone());
            entry
                .and_modify(|known| known.access_token.clone_from(&value))
                .or_insert_with(|| {
                    held.refresh.push_back(refresh.clone());
                    RefreshToken {
                        grant,
                        expires_at,
                        access_token: value.clone(),
                    }
                });
        }
        held.access.push_back(value.clone());
        self.access.insert(value, token);
        if held.access.len() > LIMIT
            && let Some(oldest) = held.access.pop_front()
        {
            self.access.remove(&oldest);
        }
        if held.refresh.len() > LIMIT
            && let Some(oldest) = held.refresh.pop_front()
        {
            self.refresh.remove(&oldest);
        }
    }

    /// An access token, expired or not.
    pub fn access(&self, value: &str) -> Option<&AccessToken> {
        self.access.get(value)
    }

    /// A refresh token, expired or not.
    pub fn refresh(&self, value: &str) -> Option<&RefreshToken> {
        self.refresh.get(value)
    }

    /// Forgets an access token alone, when it was replaced.
    pub fn forget_access(&mut self, value: &str) {
        if let Some(token) = self.access.remove(value)
            && let Some(held) = self.held_by(&token.grant)
        {
            held.access.retain(|kept| kept != value);
        }
    }

    /// Forgets a refresh token alone, when it was replaced.
    pub fn forget_refresh(&mut self, value: &str) {
        if let Some(token) = self.refresh.remove(value)
            && let Some(held) = self.held_by(&token.grant)
        {
            held.refresh.retain(|kept| kept != value);
        }
    }

    /// Revokes an access or refresh token together with its partner; whether it was there.
    pub fn revoke(&mut self, value: &str) -> bool {
        let (access, refresh) = if let Some(token) = self.access.get(value) {
            (Some(value.to_owned()), token.refresh_token.clone())
        } else if let Some(token) = self.refresh.get(value) {
            (Some(token.access_token.clone()), Some(value.to_owned()))
        } else {
            return false;
        };
        if let Some(value) = access {
            self.forget_access(&value);
        }
        if let Some(value) = refresh {
            self.forget_refresh(&value);
        }
        true
    }

    /// Revokes every token whose grant `ends` accepts.
    pub fn revoke_where(&mut self, ends: impl Fn(&Grant) -> bool) {
        let access = self.access.iter().filter(|(_, token)| ends(&token.grant));
        let refresh = self.refresh.iter().filter(|(_, token)| ends(&token.grant));
        let values = access
            .map(|(value, _)| value)
            .chain(refresh.map(|(value, _)| value));
        for value in values.cloned().collect::<Vec<_>>() {
            self.revoke(&value);
        }
    }

    /// The apps that hold tokens of a session, by Client Id.
    pub fn clients_of(&self, session_id: &str) -> Vec<String> {
        let tokens = self.access.values();
        let of_session =
            tokens.filter(|token| token.grant.session_id.as_deref() == Some(session_id));
        let mut clients: Vec<String> = of_session
            .filter_map(|token| token.grant.client_id.clone())
            .collect();
        clients.sort_unstable();
        clients.dedup();
        clients
    }

    fn held_by(&mut self, grant: &Grant) -> Option<&mut Held> {
        self.held
            .get_mut(&(grant.client_id.clone(), grant.account_id.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::livechat::clock::Clock;
    use crate::sandbox::livechat::oauth::Scopes;

    fn issue(tokens: &mut Tokens, number: usize, client: &str) {
        let now = Clock::stepped(None).now();
        let grant = Arc::new(Grant {
            client_id: Some(client.to_owned()),
            account_id: "ada".to_owned(),
            scopes: Scopes::default(),
            session_id: None,
        });
        let refresh_token = Some(format!("{client}-r{number}"));
        let token = AccessToken {
            grant,
            expires_at: now,
            refresh_token,
        };
        tokens.insert(format!("{client}-a{number}"), token, now);
    }

    #[test]
    fn the_twenty_sixth_token_ends_the_first_of_the_same_app_and_account() {
        let mut tokens = Tokens::default();
        issue(&mut tokens, 0, "other");
        for number in 0..25 {
            issue(&mut tokens, number, "app");
        }
        assert!(tokens.access("app-a0").is_some() && tokens.refresh("app-r0").is_some());
        issue(&mut tokens, 25, "app");
        assert!(tokens.access("app-a0").is_none() && tokens.refresh("app-r0").is_none());
        assert!(tokens.access("app-a1").is_some() && tokens.access("other-a0").is_some());
    }

    #[test]
    fn tokens_that_are_revoked_do_not_count() {
        let mut tokens = Tokens::default();
        issue(&mut tokens, 0, "app");
        for number in 1..60 {
            issue(&mut tokens, number, "app");
            assert!(tokens.revoke(&format!("app-a{number}")));
        }
        assert!(tokens.access("app-a0").is_some() && tokens.refresh("app-r0").is_some());
        assert!(!tokens.revoke("app-a1"));
    }
}
