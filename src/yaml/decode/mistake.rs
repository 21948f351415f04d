//! What goes wrong while a node is decoded, and the words for it.
//!
//! Serde makes its errors where it knows no place; the decoder adds the place on their way out.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use crate::diagnostic::{Diagnostic, closest, list};
use crate::yaml::advice::{Wanted, shorten};
use crate::yaml::scalar::{self, Core};
use crate::yaml::tree::{Kind, Node};

/// Why a value could not be decoded.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) problem: Box<Problem>,
    /// Whether it is known which value to leave out in the next round, or that none will do.
    contained: bool,
}

/// The kinds of [`Mistake`].
#[derive(Debug)]
pub(super) enum Problem {
    /// It was told already.
    Told,
    /// A mapping lacks a required key.
    Missing(&'static str),
    /// It will be told at the innermost value that it belongs to.
    Unplaced(Complaint),
    /// It knows its place.
    Placed(Diagnostic),
}

/// A mistake without a place.
#[derive(Debug)]
pub(super) struct Complaint {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// What was meant instead of the text that stands there.
    pub(super) meant: Option<String>,
    /// What was wanted, of a wrong type.
    pub(super) wanted: Option<Wanted>,
}

impl Mistake {
    pub(super) fn new(problem: Problem) -> Self {
        Self {
            problem: Box::new(problem),
            contained: false,
        }
    }

    pub(super) fn told() -> Self {
        Self::new(Problem::Told)
    }

    pub(super) fn is_contained(&self) -> bool {
        self.contained
    }

    pub(super) fn contained(self) -> Self {
        Self {
            contained: true,
            ..self
        }
    }

    /// What is left to tell of it.
    pub(super) fn into_diagnostic(self) -> Option<Diagnostic> {
        match *self.problem {
            Problem::Placed(diagnostic) => Some(diagnostic),
            _ => None,
        }
    }

    pub(super) fn complaint(code: &'static str, message: String, wanted: Option<Wanted>) -> Self {
        Self::new(Problem::Unplaced(Complaint {
            code,
            message,
            help: None,
            meant: None,
            wanted,
        }))
    }

    /// A word that is none of those that may stand here.
    pub(super) fn unknown_word(word: &str, known: &[&str]) -> Self {
        let meant = closest(word, known.iter().copied()).map(str::to_owned);
        Self::new(Problem::Unplaced(Complaint {
            code: "unknown-value",
            message: format!("unknown value `{}`", shorten(word)),
            help: meant.is_none().then(|| match known {
                [only] => format!("the only value is `{only}`"),
                known => format!("the values are {}", list(known.iter().copied())),
            }),
            meant,
            wanted: None,
        }))
    }
}

impl From<Diagnostic> for Mistake {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::new(Problem::Placed(diagnostic))
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.problem {
            Problem::Told => f.write_str("a mistake that was told already"),
            Problem::Missing(key) => write!(f, "`{key}` is missing"),
            Problem::Unplaced(complaint) => f.write_str(&complaint.message),
            Problem::Placed(diagnostic) => f.write_str(&diagnostic.message),
        }
    }
}

impl std::error::Error for Mistake {}

impl de::Error for Mistake {
    /// What follows a `; ` is what to type.
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        let (message, help) = match message.split_once("; ") {
            Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
            None => (message, None),
        };
        Self::new(Problem::Unplaced(Complaint {
            code: "wrong-value",
            message,
            help,
            meant: None,
            wanted: None,
        }))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = words(&expected.to_string());
        let message = format!("expected {expected}, found {}", found_words(found));
        Self::complaint("wrong-type", message, Some(wanted(&expected)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = words(&expected.to_string());
        let message = format!("expected {expected}, found {}", found_words(found));
        Self::complaint("wrong-value", message, None)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let expected = words(&expected.to_string());
        let items = if length == 1 { "item" } else { "items" };
        let message = format!("expected {expected}, found {length} {items}");
        Self::complaint("wrong-value", message, None)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown_word(variant, expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let meant = closest(field, expected.iter().copied()).map(str::to_owned);
        Self::new(Problem::Unplaced(Complaint {
            code: "unknown-key",
            message: format!("unknown key `{}`", shorten(field)),
            help: meant
                .is_none()
                .then(|| format!("the keys are {}", list(expected.iter().copied()))),
            meant,
            wanted: None,
        }))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Problem::Missing(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        // Two spellings of one key, as a renamed key beside its new name.
        Self::complaint("duplicate-key", format!("duplicate key `{field}`"), None)
    }
}

impl Node {
    /// What it is, in words: "a list", "the string `x`", "nothing".
    pub fn described(&self) -> String {
        found(self)
    }
}

fn found(node: &Node) -> String {
    match &node.kind {
        Kind::Broken => "something broken".to_owned(),
        Kind::List(items) if items.is_empty() => "an empty list".to_owned(),
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(entries) if entries.is_empty() => "an empty mapping".to_owned(),
        Kind::Map(_) => "a mapping".to_owned(),
        Kind::Scalar(scalar) => {
            let text = shorten(&scalar.text);
            match scalar::resolve(&scalar.text) {
                _ if !scalar.typed => text_words(&scalar.text),
                Core::Null if scalar.text.is_empty() => "nothing".to_owned(),
                Core::Null | Core::Bool(_) => format!("`{text}`"),
                Core::Number(_) | Core::Unfit => format!("the number `{text}`"),
                Core::Text => text_words(&scalar.text),
            }
        }
    }
}

fn text_words(text: &str) -> String {
    if text.is_empty() {
        "an empty string".to_owned()
    } else {
        format!("the string `{}`", shorten(text))
    }
}

fn found_words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(value) => format!("the number `{value}`"),
        Unexpected::Signed(value) => format!("the number `{value}`"),
        Unexpected::Float(value) => format!("the number `{value}`"),
        Unexpected::Char(value) => format!("the string `{value}`"),
        Unexpected::Str(text) => text_words(text),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a mapping".to_owned(),
        Unexpected::Other(words) => words.to_owned(),
        _ => "something else".to_owned(),
    }
}

/// What a visitor expects, in the words of this format instead of Rust's.
pub(super) fn words(expected: &str) -> String {
    let whole = |from: String, to: String| format!("a whole number from {from} to {to}");
    match expected {
        "a string" | "string" | "str" | "a borrowed string" => "a string".to_owned(),
        "a character" | "char" => "a single character".to_owned(),
        "a boolean" | "bool" => "`true` or `false`".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a mapping".to_owned(),
        "unit" => "nothing".to_owned(),
        "any value" => "a value".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "i8" => whole(i8::MIN.to_string(), i8::MAX.to_string()),
        "u8" => whole("0".to_owned(), u8::MAX.to_string()),
        "i16" => whole(i16::MIN.to_string(), i16::MAX.to_string()),
        "u16" => whole("0".to_owned(), u16::MAX.to_string()),
        "i32" | "i64" | "i128" | "isize" => "a whole number".to_owned(),
        "u32" | "u64" | "u128" | "usize" => "a whole number, not negative".to_owned(),
        _ if expected.starts_with("struct ") => "a mapping".to_owned(),
        _ if expected.starts_with("enum ") => "one of the known values".to_owned(),
        _ if expected.starts_with("a tuple of size ") || expected.starts_with("tuple ") => {
            "a list of another length".to_owned()
        }
        _ if expected.starts_with("an array of length ") => {
            expected.replace("an array of length", "a list of length")
        }
        _ => expected.to_owned(),
    }
}

/// What a visitor wants, by its words.
fn wanted(expected: &str) -> Wanted {
    let begins = |words: &[&str]| words.iter().any(|word| expected.starts_with(word));
    if begins(&["a string"]) {
        Wanted::Text
    } else if begins(&["`true`"]) {
        Wanted::Bool
    } else if begins(&["a number", "a whole number"]) {
        Wanted::Number
    } else if begins(&["a list"]) {
        Wanted::List
    } else if begins(&["a mapping"]) {
        Wanted::Map
    } else {
        Wanted::Other
    }
}
