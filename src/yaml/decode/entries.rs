//! The items of a list, and the keys and values of a mapping.

use std::cell::RefCell;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::mistake::{Mistake, Problem};
use super::parts::Parts;
use super::path::{Path, Step};
use super::typed::{DATA, SPANNED, TEXT, shape};
use super::value::De;
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
