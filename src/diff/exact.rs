//! JSON that keeps every digit of its numbers.
//!
//! Ids of more than 64 bits are common and must not compare equal because a double can't tell them
//! apart. `serde_json` loses the digits, and its `arbitrary_precision` would change what every other
//! reader of the program sees; how they are kept is told in `read`.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::number::Decimal;
use super::read;
use crate::kinds::Leaf;

/// A JSON value with its numbers as they were written.
///
/// Two values are equal if they stand for the same: the keys' order does not count, and `1`, `1.0`
/// and `10e-1` are one number.
#[derive(Debug, Clone)]
pub enum Exact {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was written.
    Number(Box<str>),
    /// A text.
    String(Box<str>),
    /// A list.
    Array(Vec<Exact>),
    /// The keys and values of an object, in the order they were sent, each key once.
    Object(Vec<(Box<str>, Exact)>),
}

impl Exact {
    /// Reads a document. A number that is too large for a double is an error, as it is for
    /// [`crate::json::Json`]; of a repeated key the last value stands in the place of the first.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        read::document(text)
    }

    /// A text.
    pub fn string(text: impl Into<Box<str>>) -> Self {
        Exact::String(text.into())
    }

    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Exact> {
        let entries = self.entries()?;
        let entry = entries.iter().find(|(name, _)| **name == *key);
        entry.map(|(_, value)| value)
    }

    /// The keys and values, if this is an object.
    pub fn entries(&self) -> Option<&[(Box<str>, Exact)]> {
        match self {
            Exact::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The name of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Exact::Null => "null",
            Exact::Bool(_) => "boolean",
            Exact::Number(_) => "number",
            Exact::String(_) => "string",
            Exact::Array(_) => "array",
            Exact::Object(_) => "object",
        }
    }

    /// The document on several lines, indented by two blanks.
    pub fn to_pretty(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, Some(0))
            .expect("a string takes any text");
        text
    }

    /// Writes it, on several lines if it is indented by a number of levels.
    fn write(&self, to: &mut dyn fmt::Write, indent: Option<usize>) -> fmt::Result {
        match self {
            Exact::Null => to.write_str("null"),
            Exact::Bool(value) => write!(to, "{value}"),
            Exact::Number(digits) => to.write_str(digits),
            Exact::String(text) => to.write_str(&quoted(text)),
            Exact::Array(items) if items.is_empty() => to.write_str("[]"),
            Exact::Object(entries) if entries.is_empty() => to.write_str("{}"),
            Exact::Array(items) => {
                to.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    separate(to, at, indent)?;
                    item.write(to, indent.map(|level| level + 1))?;
                }
                finish(to, indent)?;
                to.write_char(']')
            }
            Exact::Object(entries) => {
                to.write_char('{')?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    separate(to, at, indent)?;
                    write!(to, "{}:", quoted(key))?;
                    if indent.is_some() {
                        to.write_char(' ')?;
                    }
                    value.write(to, indent.map(|level| level + 1))?;
                }
                finish(to, indent)?;
                to.write_char('}')
            }
        }
    }

    /// An order of all values, in which equal ones are equal: first by type, then numbers by size,
    /// texts by their characters, lists element by element, objects key by key in the keys' order.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Exact::Bool(one), Exact::Bool(other)) => one.cmp(other),
            (Exact::Number(one), Exact::Number(other)) => {
                Decimal::of(one).order(&Decimal::of(other))
            }
            (Exact::String(one), Exact::String(other)) => one.cmp(other),
            (Exact::Array(one), Exact::Array(other)) => {
                let pairs = one.iter().zip(other);
                let mut orders = pairs.map(|(one, other)| one.order(other));
                let first = orders.find(|order| order.is_ne());
                first.unwrap_or_else(|| one.len().cmp(&other.len()))
            }
            (Exact::Object(one), Exact::Object(other)) => {
                let (one, other) = (by_key(one), by_key(other));
                let pairs = one.iter().zip(&other);
                let mut orders = pairs.map(|((key, value), (other_key, other))| {
                    key.cmp(other_key).then_with(|| value.order(other))
                });
                let first = orders.find(|order| order.is_ne());
                first.unwrap_or_else(|| one.len().cmp(&other.len()))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Exact::Null => 0,
            Exact::Bool(_) => 1,
            Exact::Number(_) => 2,
            Exact::String(_) => 3,
            Exact::Array(_) => 4,
            Exact::Object(_) => 5,
        }
    }

    /// A number that is the same for equal values, and hardly for others.
    pub(super) fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match self {
            Exact::Null => 0.hash(&mut hasher),
            Exact::Bool(value) => (1, value).hash(&mut hasher),
            Exact::Number(digits) => (2, Decimal::of(digits)).hash(&mut hasher),
            Exact::String(text) => (3, text).hash(&mut hasher),
            Exact::Array(items) => {
                (4, items.len()).hash(&mut hasher);
                for item in items {
                    item.digest().hash(&mut hasher);
                }
            }
            Exact::Object(entries) => {
                let sum = entries.iter().map(entry_digest).fold(0, u64::wrapping_add);
                (5, entries.len(), sum).hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}

/// The digest of a key with its value.
pub(super) fn entry_digest((key, value): &(Box<str>, Exact)) -> u64 {
    let mut hasher = DefaultHasher::new();
    (key, value.digest()).hash(&mut hasher);
    hasher.finish()
}

fn by_key(entries: &[(Box<str>, Exact)]) -> Vec<&(Box<str>, Exact)> {
    let mut sorted: Vec<_> = entries.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    sorted
}

fn separate(to: &mut dyn fmt::Write, at: usize, indent: Option<usize>) -> fmt::Result {
    if at > 0 {
        to.write_char(',')?;
    }
    match indent {
        Some(level) => write!(to, "\n{:1$}", "", (level + 1) * 2),
        None => Ok(()),
    }
}

fn finish(to: &mut dyn fmt::Write, indent: Option<usize>) -> fmt::Result {
    match indent {
        Some(level) => write!(to, "\n{:1$}", "", level * 2),
        None => Ok(()),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text can always be written")
}

/// Compact JSON.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, None)
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Exact::Null, Exact::Null) => true,
            (Exact::Bool(one), Exact::Bool(other)) => one == other,
            (Exact::Number(one), Exact::Number(other)) => {
                one == other || Decimal::of(one) == Decimal::of(other)
            }
            (Exact::String(one), Exact::String(other)) => one == other,
            (Exact::Array(one), Exact::Array(other)) => one == other,
            (Exact::Object(one), Exact::Object(other)) => {
                let find = Lookup::of(other);
                one.len() == other.len()
                    && one
                        .iter()
                        .enumerate()
                        .all(|(at, (key, value))| find.get(key, at) == Some(value))
            }
            _ => false,
        }
    }
}

impl<'a> From<&'a Exact> for Leaf<'a> {
    fn from(value: &'a Exact) -> Self {
        match value {
            Exact::Null => Leaf::Null,
            Exact::Bool(_) => Leaf::Boolean,
            Exact::Number(digits) if !digits.contains(['.', 'e', 'E']) => Leaf::Integer,
            Exact::Number(digits) => Leaf::Float(digits.parse().unwrap_or(f64::NAN)),
            Exact::String(text) => Leaf::Text(text),
            Exact::Array(_) | Exact::Object(_) => Leaf::Branch,
        }
    }
}

/// Finds the values of an object by their keys.
pub(super) struct Lookup<'a> {
    entries: &'a [(Box<str>, Exact)],
    /// Where each key stands, if there are many.
    places: Option<HashMap<&'a str, usize>>,
}

/// Up to this many keys a look-up compares them one by one.
pub(super) const SMALL: usize = 16;

impl<'a> Lookup<'a> {
    pub(super) fn of(entries: &'a [(Box<str>, Exact)]) -> Self {
        let index = || {
            let keys = entries.iter().enumerate();
            keys.map(|(at, (key, _))| (&**key, at)).collect()
        };
        Self {
            entries,
            places: (entries.len() > SMALL).then(index),
        }
    }

    /// The value of a key, which most likely stands at `guess`.
    pub(super) fn get(&self, key: &str, guess: usize) -> Option<&'a Exact> {
        let guessed = self.entries.get(guess).filter(|(name, _)| **name == *key);
        let found = guessed.or_else(|| match &self.places {
            Some(places) => places.get(key).map(|at| &self.entries[*at]),
            None => self.entries.iter().find(|(name, _)| **name == *key),
        });
        found.map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn every_digit_is_kept() {
        let text =
            r#"{"a":[1.0,-0,1e2,123456789012345678901234567890,0.10],"-1":"2 \" 3","b":"\\"}"#;
        assert_eq!(parse(text).to_string(), text);
        let error = Exact::parse("[1, 1e400]").unwrap_err();
        assert_eq!(error.to_string(), "number out of range at line 1 column 9");
        for broken in ["", "[1", "1 2", "01", "\"a", "{\"a\":}", "nul"] {
            assert!(Exact::parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn numbers_are_equal_if_they_stand_for_the_same() {
        for (one, other) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("100", "1e+2"),
            ("1.5e1", "15"),
            ("-0", "0.0"),
            ("0.10", "1E-1"),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890.0",
            ),
        ] {
            assert_eq!(parse(one), parse(other));
            assert_eq!(parse(one).digest(), parse(other).digest());
        }
        for (one, other) in [
            ("1", "-1"),
            ("18446744073709551616", "18446744073709551617"),
            ("0.1", "0.10000000000000001"),
            ("10", "1"),
            ("9007199254740993.0", "9007199254740992.0"),
            ("1", "\"1\""),
        ] {
            assert_ne!(parse(one), parse(other));
        }
    }

    #[test]
    fn values_are_ordered_by_type_and_then_by_size() {
        let sorted = [
            "null",
            "false",
            "true",
            "-100",
            "-12",
            "-1.5",
            "0",
            "0.0001",
            "2",
            "10",
            "1e3",
            "100000000000000000000000000001",
            "100000000000000000000000000002",
            "\"\"",
            "\"a\"",
            "\"b\"",
            "[]",
            "[1]",
            "[1,0]",
            "[2]",
            "{}",
            "{\"a\":2}",
            "{\"b\":0,\"a\":2}",
            "{\"b\":1}",
        ];
        for (at, one) in sorted.iter().enumerate() {
            for (other_at, other) in sorted.iter().enumerate() {
                let order = parse(one).order(&parse(other));
                assert_eq!(order, at.cmp(&other_at), "{one} {other}");
            }
        }
        assert!(parse("[1.0]").order(&parse("[1]")).is_eq());
    }

    #[test]
    fn the_order_of_keys_does_not_count_and_the_last_of_a_repeated_key_wins() {
        assert_eq!(parse(r#"{"a":1,"b":[2]}"#), parse(r#"{"b":[2],"a":1}"#));
        assert_ne!(parse("[1,2]"), parse("[2,1]"));
        let many: String = (0..40).map(|n| format!("\"k{n}\":{n},")).collect();
        for text in [
            r#"{"k1":1,"b":2,"k1":99}"#.to_owned(),
            format!("{{{many}\"k1\":99}}"),
        ] {
            let value = parse(&text);
            assert_eq!(value.get("k1"), Some(&parse("99")));
            assert_eq!(value.to_string().matches("\"k1\"").count(), 1);
            let reversed = match &value {
                Exact::Object(entries) => Exact::Object(entries.iter().rev().cloned().collect()),
                _ => unreachable!(),
            };
            assert_eq!(value, reversed);
            assert_eq!(value.digest(), reversed.digest());
        }
    }

    #[test]
    fn a_document_is_indented_as_serde_json_does() {
        for text in [
            r#"{"a":[1,{"b":[]},{}],"ż\n":{"c":null}}"#,
            "[]",
            "\"x\"",
            "[[1],[2]]",
        ] {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            let expected = serde_json::to_string_pretty(&value).unwrap();
            assert_eq!(parse(text).to_pretty(), expected);
        }
    }
}
