//! The kind that some values have in common, guessed from how they look.

use std::fmt;

use crate::diff::Exact;
use crate::kinds::{Kind, Leaf, WORDS};

/// What a value is, as far as kinds go.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sample {
    Null,
    Boolean,
    Integer,
    Float(f64),
    Text(Box<str>),
    /// A list or an object.
    Branch,
    /// A value that an existing rule has replaced by its kind, and whether that is `?`.
    Redacted(&'static str, bool),
}

impl Sample {
    pub(super) fn of(value: &Exact) -> Self {
        match Leaf::from(value) {
            Leaf::Null => Sample::Null,
            Leaf::Boolean => Sample::Boolean,
            Leaf::Integer => Sample::Integer,
            Leaf::Float(number) => Sample::Float(number),
            Leaf::Branch => Sample::Branch,
            Leaf::Text(text) => Sample::of_text(text),
        }
    }

    fn of_text(text: &str) -> Self {
        let inner = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'));
        let (word, or_null) = match inner.map(|word| (word, word.strip_suffix('?'))) {
            Some((_, Some(word))) => (Some(word), true),
            Some((word, None)) => (Some(word), false),
            None => (None, false),
        };
        let known = word.and_then(|word| WORDS.iter().find(|one| **one == word));
        known.map_or_else(
            || Sample::Text(text.into()),
            |word| Sample::Redacted(word, or_null),
        )
    }

    fn may_be_null(&self) -> bool {
        matches!(self, Sample::Null | Sample::Redacted(_, true))
    }

    fn is_of(&self, kind: &Kind) -> bool {
        match self {
            Sample::Null => kind.accepts(Leaf::Null),
            Sample::Boolean => kind.accepts(Leaf::Boolean),
            Sample::Integer => kind.accepts(Leaf::Integer),
            Sample::Float(number) => kind.accepts(Leaf::Float(*number)),
            Sample::Text(text) => kind.accepts(Leaf::Text(text)),
            Sample::Branch => kind.accepts(Leaf::Branch),
            Sample::Redacted(word, _) => match kind {
                Kind::Any => true,
                Kind::Number => matches!(*word, "integer" | "number"),
                Kind::String => !matches!(*word, "integer" | "number" | "boolean" | "any"),
                kind => kind.word() == *word,
            },
        }
    }
}

/// The kind that some values have, and whether `null` is among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) word: &'static str,
    pub(super) or_null: bool,
}

/// A text this long does not look like hexadecimal digits or base64 by accident.
const CODE_LENGTH: usize = 8;

impl Guess {
    /// The first of the kinds, the most specific ones first, that all of the values have.
    pub(super) fn of<'s>(samples: impl IntoIterator<Item = &'s Sample>) -> Self {
        let (nulls, others): (Vec<&Sample>, Vec<&Sample>) = samples
            .into_iter()
            .partition(|sample| **sample == Sample::Null);
        let is_kind = |word: &&&str| {
            let kind = Kind::of_word(word).expect("each of the words is a kind");
            others.iter().all(|sample| sample.is_of(&kind)) && is_meant(&kind, &others)
        };
        let found = WORDS.iter().find(is_kind).copied();
        let word = found.filter(|_| !others.is_empty()).unwrap_or("any");
        let may_be_null = !nulls.is_empty() || others.iter().any(|sample| sample.may_be_null());
        Self {
            word,
            or_null: may_be_null && word != "any",
        }
    }

    pub(super) fn accepts(self, sample: &Sample) -> bool {
        let kind = Kind::of_word(self.word).expect("a guess is one of the words");
        let is_allowed = self.or_null || self.word == "any" || !sample.may_be_null();
        is_allowed && (*sample == Sample::Null || sample.is_of(&kind))
    }
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.or_null { "?" } else { "" };
        write!(f, "{}{mark}", self.word)
    }
}

/// Whether texts that happen to be of a kind look as if they were meant to: many a random id reads
/// as base64 or as a URL in one run and not in the next.
fn is_meant(kind: &Kind, samples: &[&Sample]) -> bool {
    let texts: Vec<&str> = samples
        .iter()
        .filter_map(|sample| match sample {
            Sample::Text(text) => Some(&**text),
            _ => None,
        })
        .collect();
    let is_code = || {
        let length = texts.first().map_or(0, |text| text.len());
        length >= CODE_LENGTH && texts.iter().all(|text| text.len() == length)
    };
    texts.is_empty()
        || match kind {
            Kind::Url => texts
                .iter()
                .all(|text| text.contains("://") || text.starts_with("mailto:")),
            Kind::Hex => is_code() && texts.iter().any(|text| text.contains(char::is_alphabetic)),
            Kind::Base64 => is_code() && texts.iter().all(|text| text.contains(['+', '/', '='])),
            _ => true,
        }
}

/// A field's value is a text, and a number as well if it reads as one.
pub(super) fn kind_of_header(texts: &[String]) -> Guess {
    let as_texts: Vec<Sample> = texts.iter().map(|text| Sample::of_text(text)).collect();
    let as_text = Guess::of(&as_texts);
    let numbers: Result<Vec<Exact>, _> = texts.iter().map(|text| Exact::parse(text)).collect();
    match numbers {
        Ok(numbers) if as_text.word == "string" => {
            let samples: Vec<Sample> = numbers.iter().map(Sample::of).collect();
            let as_number = Guess::of(&samples);
            if as_number.word == "any" {
                as_text
            } else {
                as_number
            }
        }
        _ => as_text,
    }
}
