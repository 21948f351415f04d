//! All that a sandbox knows, in one value: nothing is kept anywhere else, so two sandboxes share nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use super::chats::Chats;
use super::clock::{Clock, Moment};
use super::conversation::Uploads;
use super::faults::Faults;
use super::oauth::{App, Codes, Consents, CustomerTokens, Grant, Tokens, Transfers};
use super::organization::{Identity, Organization, Session};
use super::random::Random;
use super::rate_limit::RateLimit;
use super::seed::{self, Secrets};

/// The sandbox's memory.
#[derive(Debug)]
pub struct State {
    /// Where the sandbox is reached, without a slash at the end.
    pub base_url: String,
    /// The virtual time.
    pub clock: Clock,
    /// The source of tokens and ids.
    pub random: Random,
    /// The organization that everything belongs to.
    pub organization: Organization,
    /// Who is logged in to the authorize page.
    pub identity: Identity,
    /// Apps by Client Id.
    pub apps: HashMap<String, App>,
    /// What users have allowed them.
    pub consents: Consents,
    /// When the authorize page sent browsers back, by app and account.
    pub redirects: HashMap<(String, String), Vec<Moment>>,
    /// Codes that wait for their exchange.
    pub codes: Codes,
    /// Access and refresh tokens of agents' apps.
    pub tokens: Tokens,
    /// Personal access tokens by their text.
    pub personal_access_tokens: HashMap<String, Arc<Grant>>,
    /// Customers' access tokens.
    pub customer_tokens: CustomerTokens,
    /// Customers' identities on their way to another device.
    pub transfers: Transfers,
    /// The secret cookies by which customers' browsers are known, by customer.
    pub cookies: HashMap<String, (String, Moment)>,
    /// Chats and customers.
    pub chats: Chats,
    /// Files on their way into a chat.
    pub uploads: Uploads,
    /// How often a token may be used.
    pub rate_limit: RateLimit,
    /// What shall go wrong.
    pub faults: Faults,
    /// What the seed decided, kept for a reset.
    secrets: Secrets,
}

impl State {
    /// A freshly seeded sandbox. With a `seed` it is the same in every start, time included.
    pub fn new(base_url: String, seed: Option<u64>, beginning: Option<SystemTime>) -> Self {
        let clock = match seed {
            Some(_) => Clock::stepped(beginning),
            None => Clock::running(beginning),
        };
        let mut random = Random::new(seed);
        let secrets = Secrets::draw(&mut random);
        Self::with(base_url, clock, random, secrets)
    }

    fn with(base_url: String, clock: Clock, random: Random, secrets: Secrets) -> Self {
        let (organization, chats) = seed::world();
        let mut state = Self {
            base_url,
            clock,
            random,
            identity: Identity::default(),
            apps: seed::apps(&secrets, &organization),
            consents: Consents::default(),
            redirects: HashMap::new(),
            codes: Codes::default(),
            tokens: Tokens::default(),
            personal_access_tokens: seed::personal_access_tokens(&secrets, &organization),
            customer_tokens: CustomerTokens::default(),
            transfers: Transfers::default(),
            cookies: HashMap::new(),
            chats,
            uploads: Uploads::default(),
            rate_limit: RateLimit::default(),
            faults: Faults::default(),
            secrets,
            organization,
        };
        let owner = state.organization.accounts[0].id.clone();
        state.log_in(&owner, "sandbox");
        state
    }

    /// Makes everything as it was at the start, but for the time and the seeded apps' secrets:
    /// those were handed out already.
    pub fn reset(&mut self) {
        let (base_url, clock) = (self.base_url.clone(), self.clock.clone());
        *self = Self::with(base_url, clock, self.random.clone(), self.secrets.clone());
    }

    /// Opens a session of an account at the authorize page.
    pub fn log_in(&mut self, account_id: &str, user_agent: &str) {
        let id = self.random.uuid();
        let (account_id, user_agent) = (account_id.to_owned(), user_agent.to_owned());
        self.identity.log_in(Session {
            id,
            account_id,
            user_agent,
        });
    }

    /// A new token or code, with the region that it belongs to.
    pub fn regional_token(&mut self) -> String {
        format!("{}:{}", self.organization.region, self.random.token())
    }

    /// The inputs that a collection needs to run against this sandbox.
    pub fn inputs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("accounts_url", self.base_url.clone()),
            ("api_url", self.base_url.clone()),
            ("admin_url", format!("{}/_admin", self.base_url)),
            ("client_id", seed::CLIENT_ID.to_owned()),
            ("client_secret", self.secrets.client_secret.clone()),
            ("redirect_uri", seed::REDIRECT_URI.to_owned()),
            ("js_client_id", seed::JS_CLIENT_ID.to_owned()),
            ("js_redirect_uri", seed::JS_REDIRECT_URI.to_owned()),
            ("account_id", self.organization.accounts[0].id.clone()),
            ("pat", self.secrets.personal_access_token.clone()),
            ("organization_id", self.organization.id.clone()),
        ]
    }
}
