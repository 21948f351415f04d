//! The typed shapes that values have: uuid, rfc3339, integer … One set of words and rules for the
//! `is` tests of expressions and the redactions of snapshots.

use std::fmt;
use std::net::IpAddr;
use std::ops::Range;

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::civil;
use regex::Regex;

use crate::json::Json;
use crate::pattern::{self, BadPattern};

/// A typed shape.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A UUID in its text form: 8-4-4-4-12 hexadecimal digits in any case, any version, the nil
    /// and the max one, too (RFC 9562 §4).
    Uuid,
    /// A date and time with seconds and an offset, `2026-11-22T10:11:12.5Z`: the grammar of
    /// RFC 3339 §5.6, and the day exists. `t` and `z` may be small; a second 60 is a leap second.
    Rfc3339,
    /// A day that exists, `2026-11-22` (RFC 3339 `full-date`).
    Date,
    /// An address that `<input type=email>` takes (HTML Standard, "valid email address").
    Email,
    /// A URI with its scheme, in the characters that RFC 3986 §2 allows; a fragment may follow.
    Url,
    /// An IPv4 address in four decimal parts without leading zeros, or an IPv6 address
    /// (RFC 4291 §2.2) without a zone.
    Ip,
    /// At least one byte in base64 or base64url (RFC 4648 §4 and §5, not mixed), with its padding
    /// or without any.
    Base64,
    /// At least one byte in hexadecimal digits (RFC 4648 §8), in any case.
    Hex,
    /// A JSON Web Token in compact form: three parts in base64url without padding, the first two
    /// of them JSON objects (RFC 7519 §3); the signature may be empty. It is not verified.
    Jwt,
    /// A number without a fraction: `1.0` is one, as in JSON Schema.
    Integer,
    /// A number.
    Number,
    /// A text.
    String,
    /// `true` or `false`.
    Boolean,
    /// Anything, `null` too.
    Any,
    /// A text that the expression matches anywhere; `^` and `$` anchor it.
    Matching(Regex),
}

/// The words for the kinds, but for `matching("…")`.
pub const WORDS: &[&str] = &[
    "uuid", "rfc3339", "date", "email", "url", "ip", "base64", "hex", "jwt", "integer", "number",
    "string", "boolean", "any",
];

impl Kind {
    /// The kind of one of [`WORDS`].
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "uuid" => Kind::Uuid,
            "rfc3339" => Kind::Rfc3339,
            "date" => Kind::Date,
            "email" => Kind::Email,
            "url" => Kind::Url,
            "ip" => Kind::Ip,
            "base64" => Kind::Base64,
            "hex" => Kind::Hex,
            "jwt" => Kind::Jwt,
            "integer" => Kind::Integer,
            "number" => Kind::Number,
            "string" => Kind::String,
            "boolean" => Kind::Boolean,
            "any" => Kind::Any,
            _ => return None,
        })
    }

    /// The word for it: what a redaction puts into brackets.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::Uuid => "uuid",
            Kind::Rfc3339 => "rfc3339",
            Kind::Date => "date",
            Kind::Email => "email",
            Kind::Url => "url",
            Kind::Ip => "ip",
            Kind::Base64 => "base64",
            Kind::Hex => "hex",
            Kind::Jwt => "jwt",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Boolean => "boolean",
            Kind::Any => "any",
            Kind::Matching(_) => "matching",
        }
    }

    /// Whether a value is of this kind.
    pub fn accepts<'a>(&self, value: impl Into<Leaf<'a>>) -> bool {
        match (self, value.into()) {
            (Kind::Any, _)
            | (Kind::String, Leaf::Text(_))
            | (Kind::Boolean, Leaf::Boolean)
            | (Kind::Number | Kind::Integer, Leaf::Integer)
            | (Kind::Number, Leaf::Float(_)) => true,
            (Kind::Integer, Leaf::Float(number)) => number.fract() == 0.0,
            (kind, Leaf::Text(text)) => kind.accepts_text(text),
            _ => false,
        }
    }

    fn accepts_text(&self, text: &str) -> bool {
        match self {
            Kind::Uuid => is_uuid(text),
            Kind::Rfc3339 => is_rfc3339(text),
            Kind::Date => is_date(text),
            Kind::Email => is_email(text),
            Kind::Url => is_url(text),
            Kind::Ip => text.parse::<IpAddr>().is_ok(),
            Kind::Base64 => is_base64(text),
            Kind::Hex => !text.is_empty() && text.len().is_multiple_of(2) && all_hex(text),
            Kind::Jwt => is_jwt(text),
            Kind::Matching(regex) => regex.is_match(text),
            Kind::Any | Kind::String => true,
            Kind::Integer | Kind::Number | Kind::Boolean => false,
        }
    }
}

/// What a redaction asks for: a kind, and whether `null` will do as well.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The kind.
    pub kind: Kind,
    /// Whether the value may be `null`: written as a `?` behind the kind.
    pub or_null: bool,
}

impl Shape {
    /// Reads `uuid`, `string?`, `matching("^[a-z]+$")?`.
    pub fn parse(text: &str) -> Result<Self, UnknownShape> {
        let (word, or_null) = match text.strip_suffix('?') {
            Some(word) => (word, true),
            None => (text, false),
        };
        let kind = match pattern_of(word) {
            Some(pattern) => Kind::Matching(pattern::regex(pattern).map_err(UnknownShape::Regex)?),
            None => Kind::of_word(word).ok_or_else(|| UnknownShape::Word(word.to_owned()))?,
        };
        Ok(Self { kind, or_null })
    }

    /// Whether a value is what is asked for.
    pub fn accepts<'a>(&self, value: impl Into<Leaf<'a>>) -> bool {
        let value = value.into();
        (self.or_null && matches!(value, Leaf::Null)) || self.kind.accepts(value)
    }
}

/// The pattern in `matching("…")` or `matching('…')`, as written: nothing in it is escaped.
fn pattern_of(word: &str) -> Option<&str> {
    let quoted = word.strip_prefix("matching(")?.strip_suffix(')')?;
    ['"', '\'']
        .into_iter()
        .find_map(|quote| quoted.strip_prefix(quote)?.strip_suffix(quote))
}

/// Why a text names no shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnknownShape {
    /// The word is none of [`WORDS`].
    Word(String),
    /// The expression in `matching("…")` is wrong.
    Regex(BadPattern),
}

impl fmt::Display for UnknownShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnknownShape::Word(word) => write!(f, "there is no type `{word}`"),
            UnknownShape::Regex(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for UnknownShape {}

/// What a kind looks at in a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Leaf<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// An integer.
    Integer,
    /// A number written with a fraction or an exponent, or too large for an integer.
    Float(f64),
    /// A text.
    Text(&'a str),
    /// A list or an object.
    Branch,
}

impl<'a> From<&'a Json> for Leaf<'a> {
    fn from(json: &'a Json) -> Self {
        match json {
            Json::Null => Leaf::Null,
            Json::Bool(_) => Leaf::Boolean,
            Json::Number(number) => number.as_f64().map_or(Leaf::Integer, |float| {
                if number.is_f64() {
                    Leaf::Float(float)
                } else {
                    Leaf::Integer
                }
            }),
            Json::String(text) => Leaf::Text(text),
            Json::Array(_) | Json::Object(_) => Leaf::Branch,
        }
    }
}

fn all_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let groups: Vec<&str> = text.split('-').collect();
    groups.len() == lengths.len()
        && groups
            .iter()
            .zip(lengths)
            .all(|(group, length)| group.len() == length && all_hex(group))
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' && {
        let number = |range: Range<usize>| digits(bytes.get(range)?);
        let day = || {
            let year = i16::try_from(number(0..4)?).ok()?;
            let month = i8::try_from(number(5..7)?).ok()?;
            let day = i8::try_from(number(8..10)?).ok()?;
            civil::Date::new(year, month, day).ok()
        };
        day().is_some()
    }
}

/// The number that some decimal digits are.
fn digits(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 4 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(
        bytes
            .iter()
            .fold(0, |number, byte| number * 10 + u32::from(byte - b'0')),
    )
}

fn is_rfc3339(text: &str) -> bool {
    let Some((date, time)) = text.split_at_checked(10) else {
        return false;
    };
    is_date(date) && time.starts_with(['T', 't']) && is_full_time(&time.as_bytes()[1..])
}

/// `10:11:12.5+01:00`
fn is_full_time(bytes: &[u8]) -> bool {
    let two = |at: usize, most: u32| {
        let number = bytes.get(at..at + 2).and_then(digits);
        number.is_some_and(|number| number <= most)
    };
    let is = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    if !(two(0, 23) && is(2, b':') && two(3, 59) && is(5, b':') && two(6, 60)) {
        return false;
    }
    let mut at = 8;
    if is(at, b'.') {
        let fraction = bytes[at + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        let fraction = fraction.count();
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    match bytes.get(at) {
        Some(b'Z' | b'z') => bytes.len() == at + 1,
        Some(b'+' | b'-') => {
            bytes.len() == at + 6 && two(at + 1, 23) && is(at + 3, b':') && two(at + 4, 59)
        }
        _ => false,
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_local =
        |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    !local.is_empty() && local.bytes().all(is_local) && domain.split('.').all(is_label)
}

fn is_url(text: &str) -> bool {
    let is_allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let escapes = text.split('%').skip(1);
    let are_escapes_whole = escapes
        .into_iter()
        .all(|rest| rest.get(..2).is_some_and(all_hex));
    text.bytes().all(is_allowed)
        && text.matches('#').count() <= 1
        && are_escapes_whole
        && url::Url::parse(text).is_ok()
}

fn is_base64(text: &str) -> bool {
    let decodes = |alphabet: &Alphabet| decode_base64(text, alphabet).is_some();
    !text.is_empty() && (decodes(&STANDARD) || decodes(&URL_SAFE))
}

/// The bytes that a base64 text stands for, with its padding or without any.
fn decode_base64(text: &str, alphabet: &Alphabet) -> Option<Vec<u8>> {
    let padding = if text.ends_with('=') {
        DecodePaddingMode::RequireCanonical
    } else {
        DecodePaddingMode::RequireNone
    };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(padding);
    GeneralPurpose::new(alphabet, config).decode(text).ok()
}

/// The bytes that a base64 or base64url text stands for, with its padding or without any.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    decode_base64(text, &STANDARD).or_else(|| decode_base64(text, &URL_SAFE))
}

fn is_jwt(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_object = |part: &str| {
        let bytes = decode_base64(part, &URL_SAFE).unwrap_or_default();
        matches!(Json::parse(&bytes), Ok(Json::Object(_)))
    };
    let [header, payload, signature] = parts[..] else {
        return false;
    };
    !text.contains('=')
        && is_object(header)
        && is_object(payload)
        && decode_base64(signature, &URL_SAFE).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Shape {
        Shape::parse(text).unwrap()
    }

    /// Each word, texts that are of the kind, and texts that are not.
    const TEXTS: &[(&str, &[&str], &[&str])] = &[
        (
            "uuid",
            &[
                "00000000-0000-0000-0000-000000000000",
                "C6235813-3BA4-3801-AE84-0A6EBB7D138A",
                "919108f7-52d1-4320-9bac-f847db4148a8",
            ],
            &[
                "",
                "919108f752d143209bacf847db4148a8",
                "{919108f7-52d1-4320-9bac-f847db4148a8}",
                "919108f7-52d1-4320-9bac-f847db4148ag",
                "919108f7-52d14-320-9bac-f847db4148a8",
            ],
        ),
        (
            "rfc3339",
            &[
                "2026-11-22T10:11:12Z",
                "2026-11-22t10:11:12.123456789z",
                "2024-02-29T00:00:00-23:59",
                "2016-12-31T23:59:60Z",
            ],
            &[
                "2026-11-22",
                "2026-11-22 10:11:12Z",
                "2026-11-22T10:11:12",
                "2026-11-22T10:11Z",
                "2025-02-29T00:00:00Z",
                "2026-11-22T24:00:00Z",
                "2026-11-22T10:11:12.Z",
                "2026-11-22T10:11:12+0100",
                "2026-11-22T10:11:12Z ",
                "żżżżżT10:11:12Z",
            ],
        ),
        (
            "date",
            &["2026-11-22", "2024-02-29"],
            &["2025-02-29", "2026-1-2", "22-11-2026", "2026-13-01"],
        ),
        (
            "email",
            &["a@b", "first.last+tag@example.co.uk", "o'neil@x-y.io"],
            &["", "a", "@b", "a@", "a@b..c", "a@-b", "a b@c", "a@b@c d"],
        ),
        (
            "url",
            &[
                "https://api.livechatinc.com/v3.6?x=%20#f",
                "http://[::1]:3000/",
                "com.app:/callback",
                "mailto:a@b",
            ],
            &[
                "",
                "/path",
                "example.com/x",
                "http://a b",
                "http://",
                "http://x/ż",
                "http://x/%2",
                "http://x/#a#b",
            ],
        ),
        (
            "ip",
            &["127.0.0.1", "::1", "2001:db8::ff00:42:8329"],
            &[
                "127.0.0",
                "127.0.0.01",
                "256.0.0.1",
                "fe80::1%eth0",
                "1.2.3.4:80",
            ],
        ),
        (
            "base64",
            &["YQ==", "YQ", "a+/b", "a-_b"],
            &["", "Y", "YQ=", "a+_b", "a b="],
        ),
        ("hex", &["00", "deadBEEF"], &["", "0", "0x00", "zz"]),
        (
            "jwt",
            &[
                "eyJhbGciOiJub25lIn0.e30.",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln",
            ],
            &[
                "",
                "a.b.c",
                "eyJhbGciOiJub25lIn0.e30",
                "W10.e30.",
                "eyJhbGciOiJub25lIn0=.e30.x",
            ],
        ),
        ("matching(\"^a+$\")", &["a", "aaa"], &["", "ab"]),
        ("matching('b')", &["abc"], &["ac"]),
        ("string", &["", "x"], &[]),
    ];

    #[test]
    fn each_kind_accepts_the_texts_that_its_rule_names_and_no_others() {
        for (word, good, bad) in TEXTS {
            for text in *good {
                assert!(shape(word).accepts(Leaf::Text(text)), "{word}: {text:?}");
            }
            for text in *bad {
                assert!(!shape(word).accepts(Leaf::Text(text)), "{word}: {text:?}");
            }
        }
    }

    #[test]
    fn kinds_of_json_values_are_those_of_json_schema() {
        let rows: [(&str, &[&str]); 9] = [
            ("null", &["any", "uuid?", "integer?", "boolean?"]),
            ("true", &["any", "boolean", "boolean?"]),
            ("3", &["any", "integer", "number", "integer?"]),
            ("3.0", &["any", "integer", "number", "integer?"]),
            ("3.5", &["any", "number"]),
            (
                "18446744073709551616",
                &["any", "integer", "number", "integer?"],
            ),
            ("\"3\"", &["any", "string"]),
            ("[]", &["any"]),
            ("{}", &["any"]),
        ];
        let words = [
            "any", "boolean", "integer", "number", "string", "uuid?", "integer?", "boolean?",
        ];
        for (json, expected) in rows {
            let json = Json::parse(json.as_bytes()).unwrap();
            let accepting: Vec<&str> = words
                .into_iter()
                .filter(|word| shape(word).accepts(&json))
                .collect();
            let expected: Vec<&str> = words
                .into_iter()
                .filter(|word| expected.contains(word))
                .collect();
            assert_eq!(accepting, expected, "{json}");
        }
    }

    #[test]
    fn every_word_is_read_and_written_and_others_are_errors() {
        for word in WORDS {
            assert_eq!(shape(word).kind.word(), *word);
            assert!(shape(&format!("{word}?")).or_null);
        }
        let error = Shape::parse("uid?").unwrap_err();
        assert_eq!(error, UnknownShape::Word("uid".into()));
        assert_eq!(error.to_string(), "there is no type `uid`");
    }
}
