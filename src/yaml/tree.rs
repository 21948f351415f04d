//! The tree of a YAML document: nodes that know their bytes, and ways to walk them.
//!
//! The parts of a node are shared, so that a clone costs nothing and an alias can't blow up the
//! tree. What a node *means* to the one who reads it is no business of this file.

use std::rc::Rc;

use super::scalar;
use crate::source::Span;

/// The key that merges mappings. In a tree it stands only where what it merges is broken.
pub(super) const MERGE: &str = "<<";

/// A part of a YAML document; a clone shares its parts.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it was written: quotes, brackets and the `|` of a block included, anchor and tag not.
    /// What an alias or a merge brought in lies where it was defined.
    pub span: Span,
    /// The alias that brought it here, by itself or by a merge (`<<`).
    pub via: Option<Span>,
    /// What it is.
    pub kind: Kind,
}

/// What a [`Node`] is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Something that was told to be wrong already; reading it fails without another word.
    Broken,
    /// A text, a number, `true`, `null`, or nothing at all.
    Scalar(Scalar),
    /// A list.
    List(Rc<[Node]>),
    /// A mapping, its merges (`<<`) carried out and its keys distinct.
    Map(Rc<[Entry]>),
}

/// A value without parts.
#[derive(Debug, Clone)]
pub struct Scalar {
    /// The text behind quotes, escapes and folding; a plain one exactly as written.
    pub text: Rc<str>,
    /// How it is written.
    pub style: Style,
    /// Whether it may be other than a text: plain without `!!str`, or tagged as `!!int` and such.
    pub typed: bool,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// `text`
    Plain,
    /// `'text'`
    Single,
    /// `"text"`
    Double,
    /// `|`, which keeps line ends.
    Literal,
    /// `>`, which folds lines.
    Folded,
}

/// A key of a mapping.
#[derive(Debug, Clone)]
pub struct Key {
    /// The text, as written: keys are texts whatever they look like.
    pub name: Rc<str>,
    /// Where it was written.
    pub span: Span,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

impl Node {
    /// This mapping with a text in place of what a key holds, if anything.
    #[must_use]
    pub fn with_text(&self, key: &str, text: &str) -> Node {
        let entry = Entry {
            key: Key {
                name: key.into(),
                span: self.span,
            },
            value: Node {
                span: self.span,
                via: None,
                kind: Kind::Scalar(Scalar {
                    text: text.into(),
                    style: Style::Double,
                    typed: false,
                }),
            },
        };
        let others = self
            .entries()
            .iter()
            .filter(|entry| *entry.key.name != *key);
        Node {
            span: self.span,
            via: self.via,
            kind: Kind::Map(others.cloned().chain([entry]).collect()),
        }
    }

    /// The value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A key with its value, if this is a mapping that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| *entry.key.name == *key)
    }

    /// The keys and values in order; none if this is no mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items in order; none if this is no list.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The scalar, if this is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar as written, whatever it looks like; `None` for null.
    pub fn as_text(&self) -> Option<&str> {
        self.scalar()
            .filter(|scalar| !scalar.is_null())
            .map(|scalar| &*scalar.text)
    }

    /// Whether this is a mapping.
    pub fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }

    /// Whether this is a list.
    pub fn is_list(&self) -> bool {
        matches!(self.kind, Kind::List(_))
    }

    /// Whether nothing stands here, or `null` or `~`.
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(Scalar::is_null)
    }

    /// Whether something is wrong here that was told already.
    pub fn is_broken(&self) -> bool {
        matches!(self.kind, Kind::Broken)
    }
}

impl Scalar {
    /// Whether it is written without quotes and not as a block.
    pub fn is_plain(&self) -> bool {
        self.style == Style::Plain
    }

    /// Whether it stands for nothing: empty, `null` or `~`, not in quotes.
    pub fn is_null(&self) -> bool {
        self.typed && scalar::is_null(&self.text)
    }
}
