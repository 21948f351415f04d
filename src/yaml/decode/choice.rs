//! Enums: a word, or a mapping of one key.

use std::rc::Rc;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, EnumAccess, VariantAccess, Visitor};

use super::entries::KeyDe;
use super::mistake::{Mistake, Problem};
use super::path::{Path, Step};
use super::value::De;
use crate::yaml::advice::{Wanted, shorten};
use crate::yaml::tree::{Entry, Kind};

/// One of the alternatives of an enum: a word, or a mapping of one key.
pub(super) struct Choice<'a> {
    de: De<'a>,
    name: Rc<str>,
    /// The key and the value, if it is a mapping.
    entry: Option<&'a Entry>,
}

impl<'a> De<'a> {
    /// The alternative that stands here.
    pub(super) fn choice(self, variants: &[&str]) -> Result<Choice<'a>, Mistake> {
        let choices = || either(variants);
        let entries = match &self.node.kind {
            Kind::Scalar(scalar) if !scalar.is_null() => {
                return Ok(Choice {
                    de: self,
                    name: Rc::clone(&scalar.text),
                    entry: None,
                });
            }
            Kind::Map(entries) => entries,
            _ => return self.wrong(Wanted::Other, &choices()),
        };
        let mut keys = entries
            .iter()
            .filter(|entry| !entry.key.name.starts_with("x-"));
        match (keys.next(), keys.next()) {
            (Some(entry), None) => Ok(Choice {
                de: self,
                name: Rc::clone(&entry.key.name),
                entry: Some(entry),
            }),
            (Some(first), Some(second)) => {
                let message = format!(
                    "only one key may be here, found `{}` and `{}`",
                    shorten(&first.key.name),
                    shorten(&second.key.name)
                );
                Err(self
                    .error("wrong-value", message, second.key.span)
                    .also(first.key.span, "the first one")
                    .help(format!("keep one of {}", choices()))
                    .into())
            }
            _ => self.wrong(Wanted::Other, &choices()),
        }
    }
}

impl<'a, 'de> EnumAccess<'de> for Choice<'a> {
    type Error = Mistake;
    type Variant = Chosen<'a>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Chosen<'a>), Mistake> {
        let name = StrDeserializer::<Mistake>::new(&self.name);
        let variant = seed.deserialize(name).map_err(|mistake| {
            let Some(entry) = self.entry else {
                return self.de.place(mistake);
            };
            let key = KeyDe {
                key: &entry.key,
                map: self.de,
            };
            match *mistake.problem {
                Problem::Unplaced(mut complaint) if complaint.code == "unknown-value" => {
                    complaint.code = "unknown-key";
                    complaint.message = format!("unknown key `{}`", shorten(&self.name));
                    complaint.help = complaint.help.map(|help| help.replace("values", "keys"));
                    key.place(Mistake::new(Problem::Unplaced(complaint)))
                }
                _ => key.place(mistake),
            }
        })?;
        Ok((variant, Chosen(self)))
    }
}

/// Names as people offer them: "`a`, `b` or `c`".
fn either(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => {
            format!("{} or `{last}`", list_of(others))
        }
        _ => list_of(names),
    }
}

fn list_of(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// The alternative that was chosen, and what it holds.
pub(super) struct Chosen<'a>(Choice<'a>);

impl Chosen<'_> {
    /// Decodes what the chosen key holds.
    fn with_value<T>(
        &self,
        decode: impl FnOnce(De<'_>) -> Result<T, Mistake>,
    ) -> Result<T, Mistake> {
        let Choice { de, name, entry } = &self.0;
        let Some(entry) = entry else {
            let message = format!("`{}` needs a value", shorten(name));
            return Err(de
                .error("wrong-type", message, de.node.span)
                .help(format!("write `{{ {name}: … }}`"))
                .into());
        };
        let path = Path {
            parent: Some(de.path),
            step: Step::Key(&entry.key),
        };
        let value = de.child(&entry.value, &path)?;
        decode(value).map_err(|e| value.place(e))
    }
}

impl<'de> VariantAccess<'de> for Chosen<'_> {
    type Error = Mistake;

    fn unit_variant(self) -> Result<(), Mistake> {
        let Choice { de, name, entry } = &self.0;
        match entry {
            Some(entry) if !entry.value.is_null() => {
                let message = format!("`{name}` takes no value");
                Err(de
                    .error("wrong-type", message, entry.value.span)
                    .help(format!("write `{name}` alone"))
                    .into())
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mistake> {
        self.with_value(|value| seed.deserialize(value))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Mistake> {
        self.with_value(|value| de::Deserializer::deserialize_tuple(value, len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.with_value(|value| de::Deserializer::deserialize_struct(value, "", fields, visitor))
    }
}
