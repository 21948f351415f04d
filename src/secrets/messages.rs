//! Secrets in the parts of HTTP messages: takes those that header fields, bodies and URLs hold
//! under certain names, and covers what is known in them, value by value.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::store::{Cover, Secrets};
use super::{is_secret_field, is_secret_header, is_secret_value};
use crate::json::Json;

impl Secrets {
    /// Takes the secrets of a header field, sent or received: what follows the scheme in
    /// `Authorization`, the password in HTTP Basic, the values of cookies. A cookie's value must
    /// [look like a secret](is_secret_value): many hold `en` or `true`.
    pub fn learn_header(&mut self, name: &str, value: &str) {
        if !is_secret_header(name) {
            return;
        }
        for part in parts(name, value).into_iter().filter(|part| part.is_secret) {
            match part.cookie {
                Some(cookie) if is_secret_value(part.text) => self.add(cookie, part.text),
                Some(_) => {}
                None => {
                    self.add(&name.to_ascii_lowercase().replace('-', "_"), part.text);
                    if let Some(password) = basic_password(value) {
                        self.add("password", &password);
                    }
                }
            }
        }
    }

    /// Takes the secrets of a JSON body: the texts and numbers under the names of secret fields.
    pub fn learn_json(&mut self, json: &Json) {
        self.learn_under(None, json);
    }

    fn learn_under(&mut self, key: Option<&str>, json: &Json) {
        match (key, json) {
            (Some(key), Json::String(text)) => self.learn_field(key, text),
            (Some(key), Json::Number(number)) => self.learn_field(key, &number.to_string()),
            (_, Json::Array(items)) => {
                for item in items.iter() {
                    self.learn_under(key, item);
                }
            }
            (_, Json::Object(object)) => {
                for (key, value) in object.iter() {
                    self.learn_under(Some(key), value);
                }
            }
            _ => {}
        }
    }

    /// Takes the secrets of a text that looks like JSON but is not one document, such as a line of
    /// JSON after the other: the texts behind `"field":`.
    pub fn learn_text(&mut self, text: &str) {
        for (at, _) in text.match_indices('"') {
            let mut name = serde_json::Deserializer::from_str(&text[at..]).into_iter::<String>();
            let Some(Ok(key)) = name.next() else { continue };
            let behind = text[at + name.byte_offset()..].trim_start();
            let Some(value) = behind.strip_prefix(':').filter(|_| is_secret_field(&key)) else {
                continue;
            };
            let mut values = serde_json::Deserializer::from_str(value).into_iter::<Json>();
            if let Some(Ok(value)) = values.next() {
                self.learn_under(Some(&key), &value);
            }
        }
    }

    /// Takes the secrets of a form, a query or a fragment as it is written.
    pub fn learn_form(&mut self, form: &str) {
        for (name, value) in url::form_urlencoded::parse(form.as_bytes()) {
            self.learn_field(&name, &value);
        }
    }

    /// Takes the value of a field of a form, a query or a fragment, if it is secret.
    pub fn learn_field(&mut self, name: &str, value: &str) {
        if is_secret_field(name) && is_secret_value(value) {
            self.add(name, value);
        }
    }

    /// A URL as it may be shown: its password covered, and every value of its query and fragment
    /// on its own, so that short secrets are covered too.
    pub fn mask_url(&self, url: &str) -> String {
        let url = match url::Url::parse(url) {
            Ok(mut parsed) if parsed.password().is_some_and(|password| password != "***") => {
                // It has a password, so it can have another one.
                let _ = parsed.set_password(Some("***"));
                parsed.to_string()
            }
            _ => url.to_owned(),
        };
        let masked = self.mask(&url);
        let mut pieces = masked.split_inclusive(['?', '#']);
        let path = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(path, |url, piece| url + &self.mask_form(piece))
    }

    /// A body as it may be shown. In JSON and in forms every value is covered on its own, so that
    /// short secrets are covered too.
    pub fn mask_body(&self, content_type: Option<&str>, body: &str) -> String {
        let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
        if content_type.starts_with("application/x-www-form-urlencoded") {
            return self.mask_form(&self.mask(body));
        }
        if content_type.contains("json")
            && let Ok(json) = Json::parse(body.as_bytes())
        {
            let masked = self.mask_json(&json);
            if masked != json {
                return masked.to_string();
            }
        }
        self.mask(body).into_owned()
    }

    /// Every name and value of a form on its own.
    fn mask_form(&self, form: &str) -> String {
        let pieces = form.split_inclusive(['&', '=', '?', '#']);
        pieces
            .map(|piece| {
                let text = piece.trim_end_matches(['&', '=', '?', '#']);
                let masked = self.mask(text).into_owned();
                masked + &piece[text.len()..]
            })
            .collect()
    }

    /// The value of a header field as it may be shown: `Bearer ***`, `session=***; Path=/`. Of a
    /// secret field everything secret is covered, however short; of the others what is known.
    pub fn mask_header(&self, name: &str, value: &str) -> String {
        self.cover_header(name, value, Cover::Stars)
    }

    /// The same for snapshots: `Bearer [access_token]`.
    pub fn redact_header(&self, name: &str, value: &str) -> String {
        self.cover_header(name, value, Cover::Name)
    }

    fn cover_header(&self, name: &str, value: &str, cover: Cover) -> String {
        if !is_secret_header(name) {
            return self.cover(value, cover).into_owned();
        }
        let mut shown = String::new();
        for part in parts(name, value) {
            let covered = self.cover(part.text, cover);
            let is_all_covered = part.text.is_empty() || is_one_name(&covered);
            shown += match cover {
                _ if !part.is_secret => &covered,
                Cover::Name if is_all_covered => &covered,
                Cover::Name => "[secret]",
                Cover::Stars => "***",
            };
        }
        shown
    }
}

/// Whether a text is one `[name]`.
fn is_one_name(text: &str) -> bool {
    let inside = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    inside.is_some_and(|name| !name.contains(['[', ']']))
}

/// A piece of the value of a secret field; all pieces together are the value.
struct Part<'v> {
    text: &'v str,
    is_secret: bool,
    /// The cookie whose value this is.
    cookie: Option<&'v str>,
}

fn parts<'v>(name: &str, value: &'v str) -> Vec<Part<'v>> {
    let open = |text| Part {
        text,
        is_secret: false,
        cookie: None,
    };
    let secret = |text, cookie| Part {
        text,
        is_secret: true,
        cookie,
    };
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    let mut parts = Vec::new();
    if is("cookie") || is("set-cookie") {
        for (at, pair) in value.split_inclusive(';').enumerate() {
            // Behind the first pair of `Set-Cookie` come its attributes.
            let Some((cookie, _)) = pair.split_once('=').filter(|_| at == 0 || is("cookie")) else {
                parts.push(open(pair));
                continue;
            };
            let (name, rest) = pair.split_at(cookie.len() + 1);
            let end = rest.trim_end_matches(';').trim_end().len();
            let (text, rest) = rest.split_at(end);
            parts.push(open(name));
            parts.push(secret(text, Some(cookie.trim())));
            parts.push(open(rest));
        }
    } else if let Some((scheme, _)) = value.split_once(' ').filter(|_| !is("x-api-key")) {
        let (scheme, credentials) = value.split_at(scheme.len() + 1);
        parts.push(open(scheme));
        parts.push(secret(credentials, None));
    } else {
        parts.push(secret(value, None));
    }
    parts
}

/// The password of `Basic dXNlcjpwYXNzd29yZA==`.
fn basic_password(value: &str) -> Option<String> {
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    Some(pair.split_once(':')?.1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned(name: &str, value: &str) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.learn_header(name, value);
        secrets
    }

    #[test]
    fn a_header_gives_away_its_secrets_wherever_they_come_again() {
        for (name, value, text, expected) in [
            (
                "Authorization",
                "Bearer dal:abc",
                "at dal:abc",
                "at [authorization]",
            ),
            (
                "authorization",
                "dal:abcdef",
                "dal:abcdef",
                "[authorization]",
            ),
            ("X-Api-Key", "two words", "two words", "[x_api_key]"),
            (
                "Authorization",
                "Basic YW5uOmh1bnRlcjIy",
                "hunter22, ann",
                "[password], ann",
            ),
            (
                "Cookie",
                "a=en; session=0123456789",
                "en 0123456789",
                "en [session]",
            ),
            (
                "Set-Cookie",
                "sid=0123456789; Path=/private",
                "0123456789/private",
                "[sid]/private",
            ),
            ("X-Request-Id", "0123456789", "0123456789", "0123456789"),
        ] {
            assert_eq!(
                learned(name, value).redact(text),
                expected,
                "{name}: {value}"
            );
        }
    }

    #[test]
    fn a_secret_header_is_covered_however_short_its_secret_is() {
        let mut secrets = Secrets::default();
        secrets.add("access_token", "dal:0123456789");
        for (name, value, masked, redacted) in [
            ("Authorization", "Bearer x", "Bearer ***", "Bearer [secret]"),
            (
                "Authorization",
                "Bearer dal:0123456789",
                "Bearer ***",
                "Bearer [access_token]",
            ),
            (
                "Cookie",
                "a=1; b=dal:0123456789",
                "a=***; b=***",
                "a=[secret]; b=[access_token]",
            ),
            (
                "Set-Cookie",
                "a=1; Path=/; Secure",
                "a=***; Path=/; Secure",
                "a=[secret]; Path=/; Secure",
            ),
            ("X-Api-Key", "a b", "***", "[secret]"),
            (
                "X-Other",
                "is dal:0123456789",
                "is ***",
                "is [access_token]",
            ),
        ] {
            assert_eq!(secrets.mask_header(name, value), masked);
            assert_eq!(secrets.redact_header(name, value), redacted);
        }
    }

    #[test]
    fn a_url_and_a_body_are_covered_value_by_value() {
        let mut secrets = Secrets::default();
        secrets.add("pin", "4 2");
        secrets.add("token", "dal:0123456789");
        assert_eq!(
            secrets
                .mask_url("https://ann:pw@a.test/4%202/x?pin=4%202&t=dal%3A0123456789#a=4+2&b=42"),
            "https://ann:***@a.test/4%202/x?pin=***&t=***#a=***&b=42"
        );
        assert_eq!(secrets.mask_url("https://a.test/x"), "https://a.test/x");
        let form = Some("application/x-www-form-urlencoded");
        assert_eq!(
            secrets.mask_body(form, "a=4+2&b=42&c==dal:0123456789="),
            "a=***&b=42&c==***="
        );
        let json = Some("application/json; charset=utf-8");
        let body = r#"{ "a": "4 2", "b": 42, "c": "is dal:0123456789" }"#;
        assert_eq!(
            secrets.mask_body(json, body),
            r#"{"a":"***","b":42,"c":"is ***"}"#
        );
        assert_eq!(secrets.mask_body(json, "{ \"a\": 1 }"), "{ \"a\": 1 }");
        assert_eq!(secrets.mask_body(json, "{ dal:0123456789"), "{ ***");
        assert_eq!(secrets.mask_body(None, "4 2"), "***");
    }

    #[test]
    fn a_form_gives_away_the_fields_that_are_secret() {
        let mut secrets = Secrets::default();
        secrets.learn_form("client_secret=a%3Ab+c12345&client_id=0123456789&password=pass%26word");
        assert_eq!(
            secrets.redact("pass&word 0123456789"),
            "[password] 0123456789"
        );
        assert!(
            !secrets.contains("a:b c12345"),
            "a value with spaces is none"
        );
    }

    #[test]
    fn bodies_and_forms_give_away_the_fields_that_are_secret() {
        let mut secrets = Secrets::default();
        let body = br#"{"access_token":"dal:A420qc","token_type":"Bearerrrr",
            "deep":[{"refresh_token":["dal:r0_refresh"]}],
            "password":"is required here","client_secret":"short"}"#;
        secrets.learn_json(&Json::parse(body).unwrap());
        secrets.learn_field("code_verifier", "verifier-123");
        secrets.learn_field("code", "dal:code123");
        let text =
            "dal:A420qc Bearerrrr dal:r0_refresh is required here short verifier-123 dal:code123";
        assert_eq!(
            secrets.redact(text),
            "[access_token] Bearerrrr [refresh_token] is required here short [code_verifier] dal:code123"
        );
    }
}
