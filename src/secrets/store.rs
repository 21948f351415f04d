//! Every secret of a run, and the texts and structures without them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::search::Search;
use crate::json::Json;

/// The values that must not be shown. Each is found in all its forms: as it is, percent-encoded
/// and JSON-escaped in any spelling, in base64 (also within a longer encoded text, such as the
/// `user:password` of HTTP Basic) and in hex.
#[derive(Default)]
pub struct Secrets {
    /// By the numbers of the secrets.
    names: Vec<Box<str>>,
    search: Search,
    /// Whether one could be part of a JSON number.
    some_are_numbers: bool,
}

/// What stands for a secret.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cover {
    /// `***`, for people.
    Stars,
    /// `[name]`, for snapshots.
    Name,
}

impl Secrets {
    /// Takes note of a secret. A value that is known already keeps its first name; an empty one
    /// is none.
    pub fn add(&mut self, name: &str, value: &str) {
        if self.search.add(value) {
            self.names.push(name.into());
            self.some_are_numbers |= value.bytes().all(|byte| b"0123456789+-.eE".contains(&byte));
        }
    }

    /// A text with `***` in place of every secret.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.cover(text, Cover::Stars)
    }

    /// A text with `[name]` in place of every secret, for snapshots.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.cover(text, Cover::Name)
    }

    /// A document whose texts, keys and numbers are masked. To be done before it is written out,
    /// so that no escape can hide a secret.
    #[must_use]
    pub fn mask_json(&self, json: &Json) -> Json {
        self.cover_json(json, Cover::Stars)
            .unwrap_or_else(|| json.clone())
    }

    /// A document whose texts, keys and numbers have names in place of secrets, for snapshots.
    #[must_use]
    pub fn redact_json(&self, json: &Json) -> Json {
        self.cover_json(json, Cover::Name)
            .unwrap_or_else(|| json.clone())
    }

    /// Whether a text holds a secret in any form.
    pub fn contains(&self, text: &str) -> bool {
        !self.search.find(text).is_empty()
    }

    /// The places of all secrets in a text, in order and apart.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        let found = self.search.find(text).into_iter();
        found.map(|found| found.at).collect()
    }

    /// Whether there are no secrets.
    pub fn is_empty(&self) -> bool {
        self.search.is_empty()
    }

    /// The names of the secrets that are too short to be masked within longer texts, for a
    /// warning.
    pub fn short_names(&self) -> impl Iterator<Item = &str> {
        self.search.short_ones().map(|secret| &*self.names[secret])
    }

    pub(super) fn cover<'t>(&self, text: &'t str, cover: Cover) -> Cow<'t, str> {
        let found = self.search.find(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut covered = String::with_capacity(text.len());
        let mut shown = 0;
        for found in found {
            covered += &text[shown..found.at.start];
            match cover {
                Cover::Stars => covered += "***",
                Cover::Name => {
                    covered.push('[');
                    covered += &self.names[found.secret as usize];
                    covered.push(']');
                }
            }
            shown = found.at.end;
        }
        covered += &text[shown..];
        Cow::Owned(covered)
    }

    /// A document without secrets; `None` if it has none.
    fn cover_json(&self, json: &Json, cover: Cover) -> Option<Json> {
        let covered_text = |text: &str| match self.cover(text, cover) {
            Cow::Borrowed(_) => None,
            Cow::Owned(covered) => Some(covered),
        };
        match json {
            Json::Null | Json::Bool(_) => None,
            Json::Number(_) if !self.some_are_numbers => None,
            Json::Number(number) => covered_text(&number.to_string()).map(Json::from),
            Json::String(text) => covered_text(text).map(Json::from),
            Json::Array(items) => {
                let covered: Vec<_> = items
                    .iter()
                    .map(|item| self.cover_json(item, cover))
                    .collect();
                covered.iter().any(Option::is_some).then(|| {
                    let items = items.iter().zip(covered);
                    let items =
                        items.map(|(item, covered)| covered.unwrap_or_else(|| item.clone()));
                    Json::Array(Arc::new(items.collect()))
                })
            }
            Json::Object(object) => {
                let covered: Vec<_> = object
                    .iter()
                    .map(|(key, value)| (covered_text(key), self.cover_json(value, cover)))
                    .collect();
                let changes =
                    |(key, value): &(Option<_>, Option<_>)| key.is_some() || value.is_some();
                covered.iter().any(changes).then(|| {
                    let entries = object.iter().zip(covered);
                    let entries = entries.map(|((key, value), covered)| {
                        let key = covered.0.map_or_else(|| Arc::clone(key), Arc::from);
                        (key, covered.1.unwrap_or_else(|| value.clone()))
                    });
                    Json::from_entries(entries.collect())
                })
            }
        }
    }
}

/// Says how many there are, not which.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets")
            .field("known", &self.names.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
impl Secrets {
    /// These values by their names.
    pub(super) fn of(values: &[(&str, &str)]) -> Self {
        let mut secrets = Self::default();
        for (name, value) in values {
            secrets.add(name, value);
        }
        secrets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_the_name_it_was_first_known_by() {
        let secrets = Secrets::of(&[("first", "0123456789"), ("second", "0123456789")]);
        assert_eq!(secrets.redact("0123456789"), "[first]");
        assert_eq!(format!("{secrets:?}"), "Secrets { known: 1, .. }");
    }

    #[test]
    fn documents_are_masked_before_they_are_escaped() {
        let secrets = Secrets::of(&[
            ("quoted", "say \"hi\""),
            ("number", "1234567"),
            ("pin", "42"),
        ]);
        let json =
            r#"{"a":["say \"hi\"!",{"say \"hi\"":1}],"n":[1234567,12345678,42,421],"o":null}"#;
        let json = Json::parse(json.as_bytes()).unwrap();
        assert_eq!(
            secrets.mask_json(&json).to_string(),
            r#"{"a":["***!",{"***":1}],"n":["***","***8","***",421],"o":null}"#
        );
        assert_eq!(
            secrets.redact_json(&json).to_string(),
            r#"{"a":["[quoted]!",{"[quoted]":1}],"n":["[number]","[number]8","[pin]",421],"o":null}"#
        );
        let clean = Json::parse(br#"{"a":["x",{"b":1}]}"#).unwrap();
        assert_eq!(secrets.mask_json(&clean), clean);
    }

    #[test]
    fn a_text_without_secrets_is_not_copied() {
        let secrets = Secrets::of(&[("token", "0123456789")]);
        for text in ["", "plain", "100%25 \\n 012345678"] {
            assert!(matches!(secrets.mask(text), Cow::Borrowed(_)), "{text}");
        }
        assert!(Secrets::default().is_empty() && !secrets.is_empty());
        assert_eq!(Secrets::default().mask("0123456789"), "0123456789");
    }
}
