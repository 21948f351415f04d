//! The items of a list, the keys and values of a mapping, and the keys that no struct knows.

use std::cell::RefCell;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::mistake::{Mistake, Problem};
use super::parts::Parts;
use super::path::{Path, Step};
use super::typed::{DATA, SPANNED, TEXT, shape};
use super::value::De;
use crate::diagnostic::closest;
use crate::source::Span;
use crate::yaml::advice::{glued_key, shorten};
use crate::yaml::tree::{Entry, Key, MERGE, Node};

/// The items of a list.
pub(super) struct Items<'a> {
    pub(super) list: De<'a>,
    pub(super) items: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mistake> {
        let state = self.list.state;
        let Some((index, node)) = self.items.find(|(_, node)| !state.is_left_out(node)) else {
            return Ok(None);
        };
        let path = Path {
            parent: Some(self.list.path),
            step: Step::Item(index),
        };
        let value = self.list.child(node, &path)?;
        seed.deserialize(value)
            .map(Some)
            .map_err(|e| state.leave_out(node, value.place(e)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The keys and values of a mapping.
pub(super) struct Keys<'a> {
    pub(super) map: De<'a>,
    pub(super) entries: std::slice::Iter<'a, Entry>,
    pub(super) value: Option<&'a Entry>,
    /// The keys of a struct; others are told and passed over.
    pub(super) known: Option<&'static [&'static str]>,
    /// The keys that the unknown ones were probably meant to be.
    pub(super) meant: &'a RefCell<Vec<&'static str>>,
}

impl Keys<'_> {
    /// Whether a key is one of the struct's, or no struct is being read.
    fn is_known(&self, entry: &Entry) -> bool {
        let Some(known) = self.known else {
            return true;
        };
        let name = &*entry.key.name;
        if known.contains(&name) {
            return true;
        }
        // A merge that could not be carried out, which was told.
        if name == MERGE && entry.value.is_broken() {
            self.map.state.misspelt.set(true);
        } else if !name.starts_with("x-") {
            self.tell_unknown(&entry.key, entry.value.via, known);
        }
        false
    }

    fn tell_unknown(&self, key: &Key, via: Option<Span>, known: &'static [&'static str]) {
        let message = format!("unknown key `{}`", shorten(&key.name));
        let mut diagnostic = self.map.error("unknown-key", message, key.span);
        if let (Some(via), None) = (via, self.map.via()) {
            diagnostic = diagnostic.also(via, "merged in here");
        }
        if !self.map.path.is_empty() {
            diagnostic = diagnostic.label(format!("not a key of `{}`", self.map.path));
        }
        // What is said of the beginning of a key holds only if the file has it in so many letters.
        let source = self.map.state.sources.get(key.span.source);
        let written = source.text().get(key.span.range()).unwrap_or("");
        let begins = |length: usize| written.get(..length) == key.name.get(..length);
        let odd_blanks = Some(odd_blanks(&key.name)).filter(|odd| *odd > 0 && begins(*odd));
        let glued = glued_key(&key.name)
            .filter(|colon| begins(*colon + 1) && known.contains(&&key.name[..*colon]));
        let hints = self.map.state.hints;
        let home = hints.home(&key.name);
        let closest = closest(&key.name, known.iter().copied()).filter(|_| home.is_none());
        let closest = known.iter().find(|name| Some(**name) == closest);
        let habit = hints.habit(&key.name, known);
        let meant = habit.as_ref().or(closest);
        let advice = hints.advice(&key.name);
        if glued.is_some() || meant.is_some() || advice.is_some() {
            self.map.state.misspelt.set(true);
        }
        diagnostic = match (glued, meant) {
            (Some(colon), _) => {
                let meant = known.iter().find(|name| **name == &key.name[..colon]);
                self.meant.borrow_mut().extend(meant);
                let at = key.span.range().start + colon + 1;
                let behind = Span::new(key.span.source, at..at);
                diagnostic
                    .fix("add a space after the `:`", behind, " ")
                    .certain()
            }
            (None, Some(meant)) => {
                self.meant.borrow_mut().push(meant);
                diagnostic.fix(format!("did you mean `{meant}`?"), key.span, *meant)
            }
            (None, None) if odd_blanks.is_some() => {
                let start = key.span.range().start;
                let length = odd_blanks.unwrap_or_default();
                let count = key.name[..length].chars().count();
                let blanks = Span::new(key.span.source, start..start + length);
                diagnostic
                    .note("the key begins with spaces of another kind, which do not indent")
                    .fix("write ordinary spaces", blanks, " ".repeat(count))
            }
            (None, None) if written.starts_with("//") => {
                let start = key.span.range().start;
                let slashes = Span::new(key.span.source, start..start + 2);
                diagnostic.fix("begin a comment with `#`", slashes, "#")
            }
            (None, None) if home.is_some() => {
                let home = home.unwrap_or_default();
                diagnostic.help(format!("it is a key of {home}: move it there"))
            }
            (None, None) if advice.is_some() => diagnostic.maybe_help(advice),
            (None, None) => {
                if let Some(keys) = self.map.state.list_keys(known) {
                    diagnostic = diagnostic.note(keys);
                }
                diagnostic.help("begin the key with `x-` if it is a note or holds an anchor")
            }
        };
        self.map.state.tell(diagnostic);
    }
}

/// How many bytes of a key are blanks that YAML takes for a part of it.
fn odd_blanks(key: &str) -> usize {
    key.len()
        - key
            .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{200b}')
            .len()
}

impl<'de> MapAccess<'de> for Keys<'_> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mistake> {
        loop {
            let Some(entry) = self.entries.next() else {
                return Ok(None);
            };
            if !self.is_known(entry) || self.map.state.is_left_out(&entry.value) {
                continue;
            }
            self.value = Some(entry);
            let key = KeyDe {
                key: &entry.key,
                map: self.map,
            };
            return seed
                .deserialize(key)
                .map(Some)
                .map_err(|e| self.map.state.leave_out(&entry.value, key.place(e)));
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Mistake> {
        let entry = self.value.take().expect("serde asks for the key first");
        let path = Path {
            parent: Some(self.map.path),
            step: Step::Key(&entry.key),
        };
        let value = self.map.child(&entry.value, &path)?;
        seed.deserialize(value)
            .map_err(|e| self.map.state.leave_out(&entry.value, value.place(e)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// A key that is being decoded.
#[derive(Clone, Copy)]
pub(super) struct KeyDe<'a> {
    pub(super) key: &'a Key,
    pub(super) map: De<'a>,
}

impl KeyDe<'_> {
    /// Gives a mistake its place: this key, unless it has one already.
    pub(super) fn place(&self, mistake: Mistake) -> Mistake {
        match *mistake.problem {
            Problem::Unplaced(complaint) => self.map.placed(complaint, self.key.span, None).into(),
            _ => mistake,
        }
    }
}

impl<'de> de::Deserializer<'de> for KeyDe<'_> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_str(&self.key.name).map_err(|e| self.place(e))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let name_of = StrDeserializer::<Mistake>::new(&self.key.name);
        name_of
            .deserialize_enum(name, variants, visitor)
            .map_err(|e| self.place(e))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let shape = match name {
            SPANNED => None,
            TEXT => Some(shape::PLAIN),
            DATA => Some(shape::QUOTED),
            _ => {
                return visitor
                    .visit_newtype_struct(self)
                    .map_err(|e| self.place(e));
            }
        };
        visitor
            .visit_seq(Parts::new(self, shape))
            .map_err(|e| self.place(e))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
