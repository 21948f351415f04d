//! What a run remembers of what it sent and got, so that it can tell why a later request is refused:
//! tokens, codes, and what the browser step asked for. Secrets in it never leave it; what it tells
//! are facts.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use url::Url;

use crate::http::message::{Exchange, Request};
use crate::json::Json;

/// What a run remembers.
#[derive(Default)]
pub(super) struct Memory {
    asked: Option<Asked>,
    exchanged: HashSet<String>,
    tokens: Vec<Token>,
}

/// What the last browser step asked for.
pub(super) struct Asked {
    pub(super) client_id: Option<String>,
    pub(super) redirect_uri: Option<String>,
}

/// An access token that a response carried.
pub(super) struct Token {
    pub(super) value: String,
    /// The path of the request that it answered.
    pub(super) path: String,
    came: Instant,
    /// How many seconds it lives; some servers say 0 or less.
    lives: Option<i64>,
}

impl Token {
    /// Whether its time is over.
    pub(super) fn is_expired(&self) -> bool {
        self.lives.is_some_and(|seconds| {
            let lives = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
            self.came.elapsed() >= lives
        })
    }
}

impl Memory {
    /// Remembers an exchange that went well.
    pub(super) fn keep(&mut self, exchange: &Exchange) {
        let (request, response) = (&exchange.request, &exchange.response);
        if response.status >= 400 {
            return;
        }
        let body = &response.body;
        if memchr::memmem::find(body, b"access_token").is_some()
            && let Ok(document) = Json::parse(body)
            && let Some(value) = document.get("access_token").and_then(Json::as_str)
        {
            let lives = match document.get("expires_in") {
                Some(Json::Number(seconds)) => seconds.as_i64(),
                _ => None,
            };
            self.token(value, request.url.path(), lives);
        }
        if asks_for_token(request) {
            let sent = fields(request);
            self.exchanged
                .extend(field(&sent, "code").map(str::to_owned));
        }
    }

    /// Remembers what a browser step asked for, and the token that its answer carried.
    pub(super) fn keep_landing(&mut self, request: &Request, landing: &Url) {
        let sent = fields(request);
        self.asked = Some(Asked {
            client_id: field(&sent, "client_id").map(str::to_owned),
            redirect_uri: field(&sent, "redirect_uri").map(str::to_owned),
        });
        let fragment = landing.fragment().unwrap_or_default();
        let carried: Vec<(String, String)> = url::form_urlencoded::parse(fragment.as_bytes())
            .into_owned()
            .collect();
        if let Some(value) = field(&carried, "access_token") {
            let lives = field(&carried, "expires_in").and_then(|seconds| seconds.parse().ok());
            self.token(value, request.url.path(), lives);
        }
    }

    fn token(&mut self, value: &str, path: &str, lives: Option<i64>) {
        self.tokens.retain(|token| token.value != value);
        self.tokens.push(Token {
            value: value.to_owned(),
            path: path.to_owned(),
            came: Instant::now(),
            lives,
        });
    }

    /// What the last browser step asked for.
    pub(super) fn asked(&self) -> Option<&Asked> {
        self.asked.as_ref()
    }

    /// Whether a code was exchanged.
    pub(super) fn was_exchanged(&self, code: &str) -> bool {
        self.exchanged.contains(code)
    }

    /// The tokens that were seen.
    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }
}

/// What a request sends by name: its query, its form, and the texts of its JSON body.
pub(super) fn fields(request: &Request) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
    let Some(body) = &request.body else {
        return fields;
    };
    let kind = request.headers.get("content-type").unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        fields.extend(url::form_urlencoded::parse(body).into_owned());
    } else if asks_for_token(request)
        && let Ok(Json::Object(object)) = Json::parse(body)
    {
        let texts = object
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.as_str()?.to_owned())));
        fields.extend(texts);
    }
    fields
}

/// Whether a request names a grant, as those do that ask for a token (RFC 6749 §4).
fn asks_for_token(request: &Request) -> bool {
    let names_it = |text: &[u8]| memchr::memmem::find(text, b"grant_type").is_some();
    names_it(request.body.as_deref().unwrap_or_default())
        || names_it(request.url.query().unwrap_or_default().as_bytes())
}

/// The value of the first field of this name.
pub(super) fn field<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    let mut fields = fields.iter();
    fields
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}
