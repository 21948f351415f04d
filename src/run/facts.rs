//! Which facts hold for a request that was refused, by the names that catalogues of errors use: what
//! was sent, compared with what the run remembers and knows. A fact is a name and holds no value.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::memory::{Memory, field, fields};
use crate::explain::Catalogue;
use crate::explain::fact;
use crate::explain::find::Facts;
use crate::http::message::Request;
use crate::json::Json;
use crate::template::Scope;

/// The fewest characters by which a part of a token is told from a word.
const RECOGNIZED: usize = 8;

/// What is looked at.
pub(super) struct Evidence<'e> {
    /// The request that was refused.
    pub(super) request: &'e Request,
    /// What came before it.
    pub(super) memory: &'e Memory,
    /// The values of the run.
    pub(super) scope: &'e Scope,
}

/// How a request says who sends it.
enum Credentials {
    None,
    Bearer(String),
    /// The password of the pair.
    Basic(String),
    Other,
}

impl Credentials {
    fn of(request: &Request) -> Self {
        let Some(field) = request.headers.get("authorization") else {
            return Self::None;
        };
        let (scheme, rest) = field.split_once(' ').unwrap_or((field, ""));
        let rest = rest.trim();
        if scheme.eq_ignore_ascii_case("bearer") {
            return Self::Bearer(rest.to_owned());
        }
        if scheme.eq_ignore_ascii_case("basic")
            && let Some((_, password)) = pair(rest)
        {
            return Self::Basic(password);
        }
        Self::Other
    }

    /// The token that is sent by them.
    fn token(&self) -> Option<&str> {
        match self {
            Self::Bearer(token) | Self::Basic(token) => Some(token),
            Self::None | Self::Other => None,
        }
    }
}

/// The two parts of Basic credentials.
fn pair(encoded: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

impl Evidence<'_> {
    /// The facts that hold, those about the tokens of a catalogue too.
    pub(super) fn facts(&self, catalogue: &Catalogue) -> Facts {
        let mut facts = Facts::new();
        let credentials = Credentials::of(self.request);
        self.token(&credentials, catalogue, &mut facts);
        let sent = fields(self.request);
        match field(&sent, "response_type") {
            Some(kind) => self.authorization(kind, &sent, &mut facts),
            None => self.exchange(&sent, &mut facts),
        }
        if self.sends_no_json() {
            hold(&mut facts, fact::REQUEST_NOT_JSON);
        }
        facts
    }

    fn token(&self, credentials: &Credentials, catalogue: &Catalogue, facts: &mut Facts) {
        let wanted = catalogue.taken_by(self.request.url.path());
        match credentials {
            Credentials::None => hold(facts, fact::NO_TOKEN),
            Credentials::Basic(_) => facts.extend(wanted.map(fact::basic_for)),
            Credentials::Bearer(token) if self.is_personal(token) => {
                hold(facts, fact::PAT_AS_BEARER);
            }
            Credentials::Bearer(_) | Credentials::Other => {}
        }
        let Some(token) = credentials.token().filter(|token| !token.is_empty()) else {
            return;
        };
        if holds_encoded_colon(token) {
            hold(facts, fact::PERCENT_ENCODED_TOKEN);
        }
        let mut remembered = self.memory.tokens().iter();
        let remembered = remembered.find(|known| known.value == token);
        if remembered.is_none() && self.is_part_of_a_token(token) {
            hold(facts, fact::TOKEN_CUT_OFF);
        }
        let is_expired = remembered.is_some_and(super::memory::Token::is_expired);
        if is_expired {
            hold(facts, fact::TOKEN_EXPIRED);
        }
        if !matches!(credentials, Credentials::Bearer(_)) {
            return;
        }
        let kind = match remembered {
            Some(known) => catalogue.given_by(&known.path),
            None => self.kind_by_name(token, catalogue),
        };
        if let Some(kind) = kind {
            if let Some(wanted) = wanted.filter(|wanted| *wanted != kind) {
                facts.insert(fact::token_for(kind, wanted));
            }
            if is_expired {
                facts.insert(fact::expired(kind));
            }
        }
    }

    /// Whether a token is a personal access token: it is called so, or it is the pair of an account
    /// and a token in base64 that Developer Console shows for Basic.
    fn is_personal(&self, token: &str) -> bool {
        let is_called_so = self.names_of(token).any(|name| {
            let words: Vec<&str> = name.split('_').collect();
            words.contains(&"pat") || name.contains("personal_access_token")
        });
        is_called_so || pair(token).is_some_and(|(user, _)| uuid::Uuid::parse_str(&user).is_ok())
    }

    /// Whether it is only a part of a token that the run has seen or was given.
    fn is_part_of_a_token(&self, sent: &str) -> bool {
        let is_part = |whole: &str| whole.len() > sent.len() && whole.contains(sent);
        sent.len() >= RECOGNIZED
            && (self.memory.tokens().iter().any(|one| is_part(&one.value))
                || self.texts().any(|(name, text)| {
                    let last = name.rsplit('_').next();
                    matches!(last, Some("token" | "pat")) && is_part(&text)
                }))
    }

    /// The kind of a token that was given from outside, if its name says so: `customer_token`.
    fn kind_by_name<'c>(&self, token: &str, catalogue: &'c Catalogue) -> Option<&'c str> {
        let names: Vec<String> = self.names_of(token).collect();
        let mut kinds = catalogue.tokens.iter().map(|(kind, _)| kind.value.as_str());
        kinds.find(|kind| {
            let mut words = names.iter().flat_map(|name| name.split('_'));
            words.any(|word| word == *kind)
        })
    }

    /// What an authorize request asks for, and what is known of its app.
    fn authorization(&self, kind: &str, sent: &[(String, String)], facts: &mut Facts) {
        let Some(client_id) = field(sent, "client_id") else {
            return;
        };
        let mut apps = self
            .names_of(client_id)
            .filter(|name| name.ends_with("client_id"))
            .peekable();
        if apps.peek().is_none() {
            return;
        }
        let has_secret = apps.any(|name| {
            let secret = name.replace("client_id", "client_secret");
            self.scope.get(&secret).is_some()
        });
        match (kind, has_secret) {
            ("token", true) => hold(facts, fact::TOKEN_FOR_SERVER_APP),
            ("code", false) if field(sent, "code_challenge").is_none() => {
                hold(facts, fact::CODE_FOR_WEB_APP);
            }
            _ => {}
        }
    }

    /// What a token request sends, compared with the browser step before it.
    fn exchange(&self, sent: &[(String, String)], facts: &mut Facts) {
        if field(sent, "grant_type").is_none() {
            return;
        }
        if let Some(code) = field(sent, "code") {
            if self.memory.was_exchanged(code) {
                hold(facts, fact::CODE_USED_BEFORE);
            }
            if holds_encoded_colon(code) {
                hold(facts, fact::PERCENT_ENCODED_CODE);
            }
        }
        let says_nothing = |name: &str| field(sent, name).is_none_or(str::is_empty);
        if says_nothing("client_secret") && says_nothing("code_verifier") {
            hold(facts, fact::NO_CLIENT_SECRET);
        }
        let Some(asked) = self.memory.asked() else {
            return;
        };
        let differs = |asked: &Option<String>, name: &str| match (asked, field(sent, name)) {
            (Some(asked), Some(sent)) => asked != sent,
            _ => false,
        };
        if differs(&asked.client_id, "client_id") {
            hold(facts, fact::CLIENT_ID_DIFFERS);
        }
        if differs(&asked.redirect_uri, "redirect_uri") {
            let plain = |uri: &str| uri.trim_end_matches('/').to_owned();
            let asked = asked.redirect_uri.as_deref().map(plain);
            let only_slash = asked == field(sent, "redirect_uri").map(plain);
            hold(
                facts,
                if only_slash {
                    fact::REDIRECT_URI_SLASH
                } else {
                    fact::REDIRECT_URI_DIFFERS
                },
            );
        }
    }

    /// Whether the body can't be what an API of JSON reads; an upload is another thing.
    fn sends_no_json(&self) -> bool {
        let kind = self.request.headers.get("content-type").unwrap_or_default();
        let body = self.request.body.as_deref().unwrap_or_default();
        !body.is_empty() && !kind.starts_with("multipart/") && Json::parse(body).is_err()
    }

    /// The names whose value is this text.
    fn names_of(&self, text: &str) -> impl Iterator<Item = String> {
        self.texts()
            .filter(move |(_, value)| value == text)
            .map(|(name, _)| name)
    }

    /// Every text of the run by its name.
    fn texts(&self) -> impl Iterator<Item = (String, String)> {
        self.scope.names().into_iter().filter_map(|name| {
            let value = self.scope.get(&name)?;
            let text = value.as_str()?.to_owned();
            Some((name, text))
        })
    }
}

fn hold(facts: &mut Facts, name: &str) {
    facts.insert(name.to_owned());
}

/// Whether a text was taken from an address without decoding it.
fn holds_encoded_colon(text: &str) -> bool {
    text.contains("%3A") || text.contains("%3a")
}
