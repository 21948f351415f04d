//! A JSON document as a server sent it: the keys keep their order, and every part can be shared
//! without copying it. Parsed by `serde_json`, once.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Number;

/// A JSON value; a clone shares its parts.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer of 64 bits or a double; larger integers are doubles.
    Number(Number),
    /// A text.
    String(Arc<str>),
    /// A list.
    Array(Arc<Vec<Json>>),
    /// An object.
    Object(Arc<Object>),
}

/// Why a text can't be read as JSON, in words: "a value is missing at line 1 column 1".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadJson {
    /// What is wrong.
    pub kind: Unreadable,
    /// The line, from 1.
    pub line: usize,
    /// The byte of the line, from 1.
    pub column: usize,
}

/// What is wrong with a text that should be JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// A number is beyond what a double holds. It may well be JSON.
    TooLarge,
    /// It is nested deeper than 127 levels. It may well be JSON.
    TooDeep,
    /// It is not JSON.
    Syntax(String),
}

impl BadJson {
    /// `serde_json` has no other sign of what is wrong than its words.
    fn new(error: &serde_json::Error) -> Self {
        const WORDS: &[(&str, &str)] = &[
            ("expected value", "a value is missing"),
            ("EOF", "it ends early"),
            ("trailing characters", "more follows the value"),
            ("trailing comma", "a value is missing after the `,`"),
            ("expected `,` or `]`", "a `,` or a `]` is missing"),
            ("expected `,` or `}`", "a `,` or a `}` is missing"),
            ("expected `:`", "a `:` is missing"),
            (
                "key must be a string",
                "a key must be a string in double quotes",
            ),
            ("control character", "a control character is in a string"),
            ("invalid escape", "this is not an escape of JSON"),
            ("invalid number", "this is not a number of JSON"),
        ];
        let text = error.to_string();
        let kind = if text.starts_with("number out of range") {
            Unreadable::TooLarge
        } else if text.starts_with("recursion limit exceeded") {
            Unreadable::TooDeep
        } else {
            let known = WORDS.iter().find(|(theirs, _)| text.starts_with(theirs));
            let bare = text.split(" at line ").next().unwrap_or(&text);
            Unreadable::Syntax(known.map_or(bare, |(_, ours)| ours).to_owned())
        };
        Self {
            kind,
            line: error.line(),
            column: error.column(),
        }
    }
}

impl fmt::Display for BadJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.kind {
            Unreadable::TooLarge => "a number is beyond what a double holds",
            Unreadable::TooDeep => "it is nested deeper than 127 levels",
            Unreadable::Syntax(what) => what,
        })?;
        write!(f, " at line {} column {}", self.line, self.column)
    }
}

impl std::error::Error for BadJson {}

impl Json {
    /// Reads a document.
    pub fn parse(text: &[u8]) -> Result<Self, BadJson> {
        serde_json::from_slice(text).map_err(|error| BadJson::new(&error))
    }

    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(object) => object.get(key),
            _ => None,
        }
    }

    /// The text, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// A document with every text replaced by what `change` makes of it; keys stay.
    ///
    /// `change` gets the nearest key above the text, if there is one.
    #[must_use]
    pub fn map_strings(
        &self,
        change: &mut dyn FnMut(Option<&str>, &str) -> Option<String>,
    ) -> Json {
        self.map_strings_under(None, change)
    }

    fn map_strings_under(
        &self,
        key: Option<&str>,
        change: &mut dyn FnMut(Option<&str>, &str) -> Option<String>,
    ) -> Json {
        match self {
            Json::String(text) => change(key, text).map_or_else(|| self.clone(), Json::from),
            Json::Array(items) => Json::Array(Arc::new(
                items
                    .iter()
                    .map(|item| item.map_strings_under(key, change))
                    .collect(),
            )),
            Json::Object(object) => Json::from_entries(
                object
                    .iter()
                    .map(|(key, value)| {
                        (Arc::clone(key), value.map_strings_under(Some(key), change))
                    })
                    .collect(),
            ),
            Json::Null | Json::Bool(_) | Json::Number(_) => self.clone(),
        }
    }

    /// Calls `visit` with every text of the document and the nearest key above it.
    pub fn visit_strings(&self, visit: &mut dyn FnMut(Option<&str>, &str)) {
        self.visit_strings_under(None, visit);
    }

    fn visit_strings_under(&self, key: Option<&str>, visit: &mut dyn FnMut(Option<&str>, &str)) {
        match self {
            Json::String(text) => visit(key, text),
            Json::Array(items) => {
                for item in items.iter() {
                    item.visit_strings_under(key, visit);
                }
            }
            Json::Object(object) => {
                for (key, value) in object.iter() {
                    value.visit_strings_under(Some(key), visit);
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    /// An object of these keys and values, in this order.
    pub fn from_entries(entries: Vec<(Arc<str>, Json)>) -> Json {
        Json::Object(Arc::new(Object::new(entries)))
    }

    /// The document on several lines, indented by two blanks.
    pub fn to_pretty(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and numbers can always be written")
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Json::String(text.into())
    }
}

/// Compact JSON.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// The keys and values of a JSON object, in the order they were sent.
#[derive(Debug, Default)]
pub struct Object {
    entries: Vec<(Arc<str>, Json)>,
    /// Where each key stands; made at the first look-up in a large object.
    index: OnceLock<HashMap<Arc<str>, usize>>,
}

/// Up to this many keys a look-up compares them one by one.
const SMALL: usize = 16;

impl Object {
    /// Takes entries in order; of a repeated key the last value stands in the place of the first,
    /// as in every common JSON reader.
    fn new(mut entries: Vec<(Arc<str>, Json)>) -> Self {
        if entries.len() <= SMALL {
            let mut at = 1;
            while at < entries.len() {
                let (before, rest) = entries.split_at_mut(at);
                match before.iter_mut().find(|(key, _)| *key == rest[0].0) {
                    Some(first) => {
                        first.1 = std::mem::replace(&mut rest[0].1, Json::Null);
                        entries.remove(at);
                    }
                    None => at += 1,
                }
            }
        } else {
            let mut places: HashMap<Arc<str>, usize> = HashMap::with_capacity(entries.len());
            let mut kept: Vec<(Arc<str>, Json)> = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                if let Some(&at) = places.get(&key) {
                    kept[at].1 = value;
                } else {
                    places.insert(Arc::clone(&key), kept.len());
                    kept.push((key, value));
                }
            }
            entries = kept;
        }
        Self {
            entries,
            index: OnceLock::new(),
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        if self.entries.len() <= SMALL {
            return self
                .entries
                .iter()
                .find(|(name, _)| **name == *key)
                .map(|(_, value)| value);
        }
        let index = self.index.get_or_init(|| {
            let keys = self.entries.iter().enumerate();
            keys.map(|(at, (key, _))| (Arc::clone(key), at)).collect()
        });
        index.get(key).map(|&at| &self.entries[at].1)
    }

    /// The keys and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Json)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The same keys with the same values, in any order.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value)
            .map(Json::Number)
            .ok_or_else(|| E::custom("a number that JSON can't hold"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element()? {
            array.push(item);
        }
        Ok(Json::Array(Arc::new(array)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry::<Key, Json>()? {
            entries.push((entry.0.0, entry.1));
        }
        Ok(Json::from_entries(entries))
    }
}

/// A key, taken without a `String` in between.
struct Key(Arc<str>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, value: &str) -> Result<Key, E> {
                Ok(Key(value.into()))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(number) => number.serialize(serializer),
            Json::String(text) => serializer.serialize_str(text),
            Json::Array(items) => serializer.collect_seq(items.iter()),
            Json::Object(object) => {
                serializer.collect_map(object.iter().map(|(key, value)| (&**key, value)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_written_as_it_was_read() {
        let text = r#"{"b":[1,2.5,-3,18446744073709551615],"a":{"x":null,"ż":"\n"},"":true}"#;
        assert_eq!(Json::parse(text.as_bytes()).unwrap().to_string(), text);
    }

    #[test]
    fn the_last_of_a_repeated_key_wins_in_small_and_large_objects() {
        let large: String = (0..40).map(|n| format!("\"k{n}\":{n},")).collect();
        for text in [
            r#"{"k1":1,"b":2,"k1":99}"#.to_owned(),
            format!("{{{large}\"k1\":99}}"),
        ] {
            let json = Json::parse(text.as_bytes()).unwrap();
            assert_eq!(json.get("k1"), Some(&Json::Number(99.into())));
            assert_eq!(json.to_string().matches("\"k1\"").count(), 1);
        }
    }

    #[test]
    fn objects_are_equal_whatever_the_order_of_their_keys() {
        let parse = |text: &str| Json::parse(text.as_bytes()).unwrap();
        assert_eq!(parse(r#"{"a":1,"b":[2]}"#), parse(r#"{"b":[2],"a":1}"#));
        assert_ne!(parse(r#"{"a":1}"#), parse(r#"{"a":1,"b":2}"#));
    }

    #[test]
    fn every_text_is_visited_with_its_key() {
        let json = Json::parse(br#"{"a":["x",{"b":"y"}],"c":1}"#).unwrap();
        let mut seen = Vec::new();
        json.visit_strings(&mut |key, text| seen.push(format!("{}={text}", key.unwrap_or(""))));
        assert_eq!(seen, ["a=x", "b=y"]);
        let upper = json.map_strings(&mut |_, text| Some(text.to_uppercase()));
        assert_eq!(upper.to_string(), r#"{"a":["X",{"b":"Y"}],"c":1}"#);
    }
}
