//! Types that remember their places when they are decoded: [`Spanned`], [`Text`], [`Entries`] and
//! [`Data`].
//!
//! The decoder knows them by the names below and hands them their parts; they can be decoded by no
//! other deserializer, and so not inside `untagged` or `flatten`, where serde buffers.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use crate::json::Json;
use crate::source::{SourceId, Span, Spanned};
use crate::yaml::scalar::{self, Core};

/// The names by which the decoder knows the types of this file.
pub(super) const SPANNED: &str = "$lcrun::Spanned";
pub(super) const TEXT: &str = "$lcrun::Text";
pub(super) const DATA: &str = "$lcrun::Data";
pub(super) const ONE_OR_MANY: &str = "$lcrun::OneOrMany";

/// The name by which a type is decoded as a struct in whose place a scalar may stand: its visitor
/// gets either. Keys that the struct does not know are noted as they are in every struct.
pub const EITHER: &str = "$lcrun::Either";

/// What the decoder says of a piece of [`Data`] before it hands it over.
pub(super) mod shape {
    pub(in crate::yaml::decode) const NULL: u8 = 0;
    pub(in crate::yaml::decode) const BOOL: u8 = 1;
    pub(in crate::yaml::decode) const NUMBER: u8 = 2;
    pub(in crate::yaml::decode) const PLAIN: u8 = 3;
    pub(in crate::yaml::decode) const QUOTED: u8 = 4;
    pub(in crate::yaml::decode) const LIST: u8 = 5;
    pub(in crate::yaml::decode) const MAP: u8 = 6;
}

/// A text as it was written: `00012`, `3.10` and `yes` stay what they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// The text behind quotes, escapes and folding.
    pub value: String,
    /// Where it was written, quotes included.
    pub span: Span,
    /// Whether it was written without quotes and not as a block.
    pub plain: bool,
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.value
    }
}

/// A mapping whose keys keep their order and their places.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entries<T>(pub Vec<(Spanned<String>, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for Entries<T> {
    type Target = [(Spanned<String>, T)];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> IntoIterator for Entries<T> {
    type Item = (Spanned<String>, T);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Entries<T> {
    type Item = &'a (Spanned<String>, T);
    type IntoIter = std::slice::Iter<'a, (Spanned<String>, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T> Entries<T> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&T> {
        let mut entries = self.0.iter();
        entries
            .find(|(name, _)| name.value == key)
            .map(|(_, value)| value)
    }
}

/// A value, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OneOrMany<T> {
    /// It stands alone.
    One(T),
    /// It stands in a list, which may be empty.
    Many(Vec<T>),
}

/// Free-form data by the core schema of YAML 1.2, every part with its place.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Nothing, `null` or `~`.
    Null(Span),
    /// `true` or `false`.
    Bool(Spanned<bool>),
    /// A number; one that does not print back as it was written has been complained about.
    Number(Spanned<Number>),
    /// A text.
    Text(Text),
    /// A list.
    List(Spanned<Vec<Data>>),
    /// A mapping.
    Map(Spanned<Entries<Data>>),
}

impl Data {
    /// Calls `visit` with every text of it; keys are no texts.
    pub fn visit_texts<'a>(&'a self, visit: &mut dyn FnMut(&'a Text)) {
        match self {
            Data::Text(text) => visit(text),
            Data::List(items) => items.value.iter().for_each(|item| item.visit_texts(visit)),
            Data::Map(entries) => {
                let values = entries.value.iter().map(|(_, value)| value);
                values.for_each(|value| value.visit_texts(visit));
            }
            Data::Null(_) | Data::Bool(_) | Data::Number(_) => {}
        }
    }

    /// The data as JSON, its texts as they are.
    pub fn to_json(&self) -> Json {
        match self {
            Data::Null(_) => Json::Null,
            Data::Bool(value) => Json::Bool(value.value),
            Data::Number(value) => Json::Number(value.value.clone()),
            Data::Text(text) => Json::from(text.value.clone()),
            Data::List(items) => {
                Json::Array(Arc::new(items.value.iter().map(Data::to_json).collect()))
            }
            Data::Map(entries) => {
                let entries = entries.value.iter();
                Json::from_entries(
                    entries
                        .map(|(key, value)| (key.value.as_str().into(), value.to_json()))
                        .collect(),
                )
            }
        }
    }

    /// Where it was written.
    pub fn span(&self) -> Span {
        match self {
            Data::Null(span) => *span,
            Data::Bool(value) => value.span,
            Data::Number(value) => value.span,
            Data::Text(value) => value.span,
            Data::List(value) => value.span,
            Data::Map(value) => value.span,
        }
    }
}

/// Takes the next part from the decoder.
fn part<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(parts: &mut A) -> Result<T, A::Error> {
    parts
        .next_element()?
        .ok_or_else(|| de::Error::custom("a value with its place, which only YAML has"))
}

fn span_part<'de, A: SeqAccess<'de>>(parts: &mut A) -> Result<Span, A::Error> {
    Ok(Span {
        source: SourceId::from_index(part(parts)?),
        start: part(parts)?,
        end: part(parts)?,
    })
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SpannedVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for SpannedVisitor<T> {
            type Value = Spanned<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value with its place")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Spanned<T>, A::Error> {
                let span = span_part(&mut parts)?;
                let value = part(&mut parts)?;
                Ok(Spanned { value, span })
            }
        }

        deserializer.deserialize_newtype_struct(SPANNED, SpannedVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrManyVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or a list")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                one: D,
            ) -> Result<OneOrMany<T>, D::Error> {
                T::deserialize(one).map(OneOrMany::One)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<OneOrMany<T>, A::Error> {
                let mut many = Vec::new();
                while let Some(item) = items.next_element()? {
                    many.push(item);
                }
                Ok(OneOrMany::Many(many))
            }
        }

        deserializer.deserialize_newtype_struct(ONE_OR_MANY, OneOrManyVisitor(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Text, A::Error> {
                let span = span_part(&mut parts)?;
                let plain = part::<u8, A>(&mut parts)? == shape::PLAIN;
                let value = part(&mut parts)?;
                Ok(Text { value, span, plain })
            }
        }

        deserializer.deserialize_newtype_struct(TEXT, TextVisitor)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
                let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(0));
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(DATA, DataVisitor)
    }
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Data, A::Error> {
        let span = span_part(&mut parts)?;
        Ok(match part::<u8, A>(&mut parts)? {
            shape::LIST => Data::List(Spanned {
                value: part(&mut parts)?,
                span,
            }),
            shape::MAP => Data::Map(Spanned {
                value: part(&mut parts)?,
                span,
            }),
            shape::NULL => Data::Null(span),
            shape => scalar_data(shape, part(&mut parts)?, span),
        })
    }
}

/// A scalar of a shape that the decoder found out already.
fn scalar_data(shape: u8, text: String, span: Span) -> Data {
    match (shape, scalar::resolve(&text)) {
        (shape::BOOL, Core::Bool(value)) => Data::Bool(Spanned { value, span }),
        (shape::NUMBER, Core::Number(value)) => Data::Number(Spanned { value, span }),
        _ => Data::Text(Text {
            value: text,
            span,
            plain: shape != shape::QUOTED,
        }),
    }
}
