//! Asking the API about a token, and what is answered.

use serde::Deserialize;
use url::Url;

use super::credentials::Credentials;
use crate::cli::args::HttpArgs;
use crate::http::client::{Client, SendError};
use crate::http::message::{Exchange, Headers, Request};
use crate::secrets::Secrets;

/// The redirects that are followed where the call says that some are, but not how many.
const REDIRECTS: u32 = 50;

/// What the API knows of a token.
pub enum Answer {
    /// It is an agent's access token.
    Agent(Info),
    /// It is a customer's access token, which has no scopes.
    Customer(Info),
    /// It is a personal access token, of which only the account is told.
    Personal(Account),
    /// It is a personal access token that works, but may not read whose it is.
    PersonalWithoutAccount,
    /// The API does not take it; the answer that says so.
    Refused(Box<Exchange>),
    /// The answer says nothing of the token, such as that of a server in trouble.
    Unusable(Box<Exchange>),
}

/// What `/v2/info` and `/v2/customer/info` say (`livechat.md` §1.4). No field is certain.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Info {
    /// The app.
    pub client_id: Option<String>,
    /// The agent's account.
    pub account_id: Option<String>,
    /// The customer.
    pub entity_id: Option<String>,
    /// The organization.
    pub organization_id: Option<String>,
    /// The scopes with commas between them.
    pub scope: Option<String>,
    /// The seconds that are left.
    pub expires_in: Option<u64>,
    /// `Bearer`.
    pub token_type: Option<String>,
    access_token: Option<String>,
    refresh_token: Option<String>,
}

impl Info {
    /// The scopes, one by one.
    pub fn scopes(&self) -> Vec<&str> {
        let scopes = self.scope.as_deref().unwrap_or_default();
        scopes
            .split([',', ' '])
            .filter(|scope| !scope.is_empty())
            .collect()
    }
}

/// What `/v2/accounts/me` says of an account.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Account {
    /// Its id.
    pub account_id: Option<String>,
    /// The person.
    pub name: Option<String>,
    /// Where mails go.
    pub email: Option<String>,
}

/// Asks one server about one token.
pub struct Asking<'a> {
    /// What sends the requests.
    pub client: &'a mut Client,
    /// The accounts server.
    pub server: &'a Url,
    /// The token.
    pub credentials: &'a Credentials,
    /// What goes into every request.
    pub http: &'a HttpArgs,
    /// What must not be printed; the secrets of the answers are added.
    pub secrets: &'a mut Secrets,
}

impl Asking<'_> {
    /// What the token is: an access token is looked up as an agent's and then as a customer's.
    ///
    /// # Errors
    /// If there is no answer.
    pub fn answer(&mut self) -> Result<Answer, SendError> {
        if let Credentials::Basic { .. } = self.credentials {
            let exchange = self.get("/v2/accounts/me")?;
            return Ok(match (exchange.response.status, read(&exchange)) {
                (200, Some(account)) => Answer::Personal(account),
                (403, _) => Answer::PersonalWithoutAccount,
                _ => other(exchange),
            });
        }
        let agent = self.get("/v2/info")?;
        if let Some(info) = self.info(&agent) {
            return Ok(Answer::Agent(info));
        }
        let refused = match other(agent) {
            Answer::Refused(refused) => refused,
            unusable => return Ok(unusable),
        };
        let customer = self.get("/v2/customer/info")?;
        Ok(match self.info(&customer) {
            Some(info) => Answer::Customer(info),
            // Of a customer's token that has expired, only the second answer speaks.
            None if says_grant(&customer) && !says_grant(&refused) => other(customer),
            None => Answer::Refused(refused),
        })
    }

    fn get(&mut self, path: &str) -> Result<Exchange, SendError> {
        let mut url = self.server.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{path}"));
        let mut headers = Headers::default();
        headers.push("Authorization", self.credentials.authorization());
        if let Some(name) = &self.http.user_agent {
            headers.push("User-Agent", name);
        }
        for (name, value) in &self.http.header {
            headers.set(name, value);
        }
        let follow_redirects = if self.http.location { REDIRECTS } else { 0 };
        self.client.send(&Request {
            method: "GET".to_owned(),
            url,
            headers,
            body: None,
            // As in curl, no time is no limit.
            timeout: self.http.max_time.filter(|time| !time.is_zero()),
            follow_redirects: self
                .http
                .max_redirs
                .map_or(follow_redirects, |most| most.min(follow_redirects)),
        })
    }

    fn info(&mut self, exchange: &Exchange) -> Option<Info> {
        if exchange.response.status != 200 {
            return None;
        }
        let info: Info = read(exchange)?;
        for (name, secret) in [
            ("access_token", &info.access_token),
            ("refresh_token", &info.refresh_token),
        ] {
            self.secrets
                .add(name, secret.as_deref().unwrap_or_default());
        }
        Some(info)
    }
}

fn read<T: for<'de> Deserialize<'de>>(exchange: &Exchange) -> Option<T> {
    serde_json::from_slice(&exchange.response.body).ok()
}

/// An answer that tells nothing of a token that works: only some statuses are about the token.
fn other(exchange: Exchange) -> Answer {
    let exchange = Box::new(exchange);
    match exchange.response.status {
        400 | 401 | 403 | 422 => Answer::Refused(exchange),
        _ => Answer::Unusable(exchange),
    }
}

/// Whether an answer says that the token is known but no longer good.
fn says_grant(exchange: &Exchange) -> bool {
    let body = String::from_utf8_lossy(&exchange.response.body);
    body.contains("invalid_grant")
}
