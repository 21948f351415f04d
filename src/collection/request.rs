//! A request as it is written.
//!
//! Every key of a request may also be in `defaults`, and a `null` there removes a default again: so
//! a key is one of three, left out, `null`, or a value. [`merged`](super::merged) puts them together.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::model::{Later, Text, present};
use super::schema;
use crate::source::Spanned;
pub use crate::yaml::Setting;
use crate::yaml::{Data, EITHER, Entries, OneOrMany};

/// A request as it is written. Every string is a template. In `defaults` it may be a part of one.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Request", transform = schema::one_body)]
pub struct RequestSpec {
    /// The method. Without it `GET`, or `POST` with a body.
    #[schemars(example = &"GET", example = &"POST", example = &"PUT", example = &"PATCH", example = &"DELETE")]
    pub method: Setting<Text>,
    /// Where to. It may hold a query of its own.
    #[schemars(example = &"{{ api_url }}/v3.6/agent/action/list_chats")]
    pub url: Setting<Text>,
    /// What is added to the query of the URL: a string for each name, or a list of strings. `null` is
    /// not sent.
    #[schemars(example = json!({ "limit": 10, "tag": ["a", "b"] }))]
    pub query: Setting<Entries<Values>>,
    /// Header fields: a string for each name, or a list of strings. `null` is not sent.
    #[schemars(example = json!({ "X-Request-Id": "run-{{ uuid() }}" }))]
    pub headers: Setting<Entries<Values>>,
    /// Cookies besides those that the run was given by servers.
    #[schemars(example = json!({ "session": "s-{{ session_id }}" }))]
    pub cookies: Setting<Entries<Values>>,
    /// Who sends it: `none`, `{bearer: …}` or `{basic: {username: …, password: …}}`.
    #[schemars(example = &"none", example = json!(null))]
    pub auth: Setting<Auth>,
    /// A JSON body: any value. A string that is exactly one `{{ expression }}` keeps the type of its
    /// value.
    #[schemars(example = json!({ "limit": 10, "filters": { "active": true } }))]
    pub json: Setting<Data>,
    /// A body as HTML forms send it: a string for each name, or a list of strings.
    #[schemars(example = json!({ "grant_type": "authorization_code", "redirect_uri": "https://www.livechat.com/" }))]
    pub form: Setting<Spanned<Entries<Values>>>,
    /// A text body.
    #[schemars(example = &"Hello {{ name }}")]
    pub text: Setting<Text>,
    /// Not supported yet: a body of several parts.
    pub multipart: Later,
    /// Not supported yet: a file as the body.
    pub file: Later,
    /// Not supported yet: a `GraphQL` query as the body.
    pub graphql: Later,
    /// How long the exchange may take, with its unit.
    #[schemars(example = &"10s", example = &"500ms")]
    pub timeout: Setting<Spanned<Duration>>,
    /// Whether redirects are followed, or how many at most. Without it none are.
    #[schemars(example = true, example = 5)]
    pub follow_redirects: Setting<Redirects>,
    /// Not supported yet: a file that the body of the response is written into.
    pub output: Later,
}

/// A browser step. It ends on the redirect, whose `state` is checked if `query` has one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Authorize")]
pub struct AuthorizeSpec {
    /// The address that a browser opens.
    #[schemars(example = &"{{ accounts_url }}/")]
    pub url: Text,
    /// What is added to its query: a string for each name, or a list of strings.
    #[serde(default)]
    #[schemars(example = json!({ "response_type": "code", "redirect_uri": "https://www.livechat.com/" }))]
    pub query: Entries<Values>,
    /// How long it may take, with its unit: the response of the server, or the wait for the browser.
    #[schemars(example = &"2m")]
    pub timeout: Option<Spanned<Duration>>,
    /// The address to listen on for the redirect, where it is on the loopback interface; without
    /// it, the `redirect_uri` of the query.
    #[schemars(example = &"http://localhost:8080/callback")]
    pub listen: Option<Text>,
}

impl AuthorizeSpec {
    /// Every template of it.
    pub fn templates<'c>(&'c self, visit: &mut dyn FnMut(&'c Text)) {
        visit(&self.url);
        self.listen.iter().for_each(&mut *visit);
        for (_, values) in &self.query {
            values.iter().for_each(&mut *visit);
        }
    }
}

/// The values of one query, form, header or cookie name: `null` removes a default and is not sent;
/// of several values the name is sent once for each.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Values(pub Option<OneOrMany<Text>>);

impl Values {
    /// The values in order.
    pub fn iter(&self) -> impl Iterator<Item = &Text> {
        match &self.0 {
            None => &[],
            Some(OneOrMany::One(text)) => std::slice::from_ref(text),
            Some(OneOrMany::Many(texts)) => texts,
        }
        .iter()
    }
}

/// Who sends a request.
#[derive(Debug, Clone)]
pub enum Auth {
    /// Nobody: takes a default away.
    None,
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer(Text),
    /// `Authorization: Basic …` (RFC 7617).
    Basic {
        /// The user.
        username: Text,
        /// The password.
        password: Text,
    },
    /// A kind that a later version will know.
    Later(Spanned<&'static str>),
}

impl<'de> Deserialize<'de> for Auth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AuthVisitor;

        impl<'de> Visitor<'de> for AuthVisitor {
            type Value = Auth;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`none`, `{bearer: …}` or `{basic: {username: …, password: …}}`")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Auth, E> {
                match word {
                    "none" => Ok(Auth::None),
                    _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Auth, A::Error> {
                let keys = AuthKeys::deserialize(de::value::MapAccessDeserializer::new(map))?;
                keys.into_auth()
                    .ok_or_else(|| de::Error::custom("`auth` takes one kind: `bearer` or `basic`"))
            }
        }

        deserializer.deserialize_struct(EITHER, AuthKeys::NAMES, AuthVisitor)
    }
}

/// One kind of authentication.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Authentication", transform = schema::one_kind)]
pub(super) struct AuthKeys {
    /// A token, sent as `Authorization: Bearer …`.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Text", example = &"{{ access_token }}")]
    bearer: Option<Text>,
    /// A user and a password, sent as `Authorization: Basic …`.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "BasicKeys", example = json!({ "username": "ada", "password": "pw-{{ random_string(8) }}" }))]
    basic: Option<BasicKeys>,
    /// Not supported yet: the user and the password of the host in `.netrc`.
    netrc: Later,
    /// Not supported yet: Digest authentication.
    digest: Later,
    /// Not supported yet: a key in a header or in the query.
    api_key: Later,
    /// Not supported yet: a signature as AWS wants it.
    aws_sigv4: Later,
    /// Not supported yet: a token that lcrun acquires by itself.
    oauth2: Later,
}

/// A user and a password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Basic")]
struct BasicKeys {
    /// The user.
    #[schemars(example = &"{{ account_id }}")]
    username: Text,
    /// The password.
    #[schemars(example = &"{{ pat }}")]
    password: Text,
}

impl AuthKeys {
    const NAMES: &[&str] = &[
        "bearer",
        "basic",
        "netrc",
        "digest",
        "api_key",
        "aws_sigv4",
        "oauth2",
    ];

    /// The one kind that was given; `None` if it is not one.
    fn into_auth(self) -> Option<Auth> {
        let later = [
            (self.netrc, "netrc"),
            (self.digest, "digest"),
            (self.api_key, "api_key"),
            (self.aws_sigv4, "aws_sigv4"),
            (self.oauth2, "oauth2"),
        ];
        let mut kinds: Vec<Auth> = later
            .into_iter()
            .filter_map(|(key, name)| {
                key.map(|key| {
                    Auth::Later(Spanned {
                        value: name,
                        span: key.span,
                    })
                })
            })
            .collect();
        kinds.extend(self.bearer.map(Auth::Bearer));
        kinds.extend(self.basic.map(|basic| Auth::Basic {
            username: basic.username,
            password: basic.password,
        }));
        match kinds.len() {
            1 => kinds.pop(),
            _ => None,
        }
    }
}

/// How many redirects are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redirects(pub u32);

/// As many as curl follows with `-L`.
pub const MAX_REDIRECTS: u32 = 50;

impl<'de> Deserialize<'de> for Redirects {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RedirectsVisitor;

        impl Visitor<'_> for RedirectsVisitor {
            type Value = Redirects;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`true`, `false` or how many redirects are followed at most")
            }

            fn visit_bool<E>(self, follow: bool) -> Result<Redirects, E> {
                Ok(Redirects(if follow { MAX_REDIRECTS } else { 0 }))
            }

            fn visit_i64<E: de::Error>(self, count: i64) -> Result<Redirects, E> {
                u32::try_from(count)
                    .map(Redirects)
                    .map_err(|_| E::invalid_value(de::Unexpected::Signed(count), &self))
            }

            fn visit_u64<E: de::Error>(self, count: u64) -> Result<Redirects, E> {
                u32::try_from(count)
                    .map(Redirects)
                    .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(count), &self))
            }
        }

        deserializer.deserialize_any(RedirectsVisitor)
    }
}

/// A length of time that carries its unit: `500ms`, `10s`, `2m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration(pub std::time::Duration);

const DURATIONS: &str = "write a number and its unit, as in `500ms`, `10s`, `2m` or `1h`";

impl std::str::FromStr for Duration {
    /// What is wrong, and after a `; ` what to type.
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = &text[digits.len()..];
        let scale = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            _ => 0.0,
        };
        let count: f64 = match digits.parse() {
            Ok(count) if scale > 0.0 => count,
            Ok(_) if unit.is_empty() => {
                return Err(match text.strip_suffix("000") {
                    Some(seconds) if !seconds.is_empty() => {
                        format!("`{text}` has no unit; write `{seconds}s` or `{text}ms`")
                    }
                    _ => format!("`{text}` has no unit; write `{text}s` or `{text}ms`"),
                });
            }
            _ if text.is_empty() => return Err(format!("a duration is missing; {DURATIONS}")),
            _ => return Err(format!("`{text}` is not a duration; {DURATIONS}")),
        };
        std::time::Duration::try_from_secs_f64(count * scale)
            .map(Duration)
            .map_err(|_| format!("`{text}` is not a duration that can be waited for; {DURATIONS}"))
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
