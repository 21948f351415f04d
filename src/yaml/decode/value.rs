//! A node as serde's deserializer.

use std::cell::RefCell;

use serde::de::{self, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Number;

use super::decoder::State;
use super::entries::{Items, Keys};
use super::mistake::{Mistake, Problem, words};
use super::parts::Parts;
use super::path::Path;
use super::typed::{DATA, EITHER, ONE_OR_MANY, SPANNED, TEXT, shape};
use crate::source::Span;
use crate::yaml::advice::Wanted;
use crate::yaml::scalar::{self, Change, Core};
use crate::yaml::tree::{Entry, Kind, Node, Scalar};

/// A node that is being decoded.
#[derive(Clone, Copy)]
pub(super) struct De<'a> {
    pub(super) node: &'a Node,
    pub(super) path: &'a Path<'a>,
    /// The alias or merge that brought a value around this one.
    pub(super) via: Option<Span>,
    pub(super) state: &'a State<'a>,
}

impl<'a> De<'a> {
    /// The alias or merge that brought the value here, by itself or with what is around it.
    pub(super) fn via(&self) -> Option<Span> {
        self.via.or(self.node.via)
    }

    /// A part of the value; counts it, so that aliases of aliases of aliases come to an end.
    pub(super) fn child<'b>(&self, node: &'b Node, path: &'b Path<'b>) -> Result<De<'b>, Mistake>
    where
        'a: 'b,
    {
        self.state.count(self.via().unwrap_or(node.span))?;
        Ok(De {
            node,
            path,
            via: self.via(),
            state: self.state,
        })
    }

    fn scalar(&self, wanted: Wanted, expected: &str) -> Result<&'a Scalar, Mistake> {
        match &self.node.kind {
            Kind::Scalar(scalar) => Ok(scalar),
            _ => self.wrong(wanted, expected),
        }
    }

    /// The text as written; null is none.
    fn text<'de, V: Visitor<'de>>(&self, visitor: &V) -> Result<&'a str, Mistake> {
        match self.node.as_text() {
            Some(text) => Ok(text),
            None => self.wrong(Wanted::Text, &expected_by(visitor)),
        }
    }

    /// A plain scalar that is a number.
    fn number(&self, expected: &str) -> Result<Number, Mistake> {
        let scalar = self.scalar(Wanted::Number, expected)?;
        match scalar::resolve(&scalar.text) {
            Core::Number(number) if scalar.typed => Ok(number),
            _ => self.wrong(Wanted::Number, expected),
        }
    }

    /// A whole number in the range of a type, written as such.
    fn whole<T>(&self, expected: &str) -> Result<T, Mistake>
    where
        T: TryFrom<u64> + TryFrom<i64>,
    {
        let number = self.number(expected)?;
        let unsigned = number.as_u64().and_then(|whole| T::try_from(whole).ok());
        let signed = || number.as_i64().and_then(|whole| T::try_from(whole).ok());
        let text = self.node.as_text().unwrap_or("");
        match unsigned.or_else(signed) {
            Some(whole) if scalar::change(text, &number) != Change::Value => Ok(whole),
            _ => self.wrong(Wanted::Number, expected),
        }
    }

    fn entries(&self, expected: &str) -> Result<&'a [Entry], Mistake> {
        match &self.node.kind {
            Kind::Map(entries) => Ok(entries),
            _ => self.wrong(Wanted::Map, expected),
        }
    }

    fn visit_list<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Mistake> {
        let Kind::List(items) = &self.node.kind else {
            return self.wrong(Wanted::List, &expected_by(&visitor));
        };
        let items = Items {
            list: *self,
            items: items.iter().enumerate(),
        };
        visitor.visit_seq(items).map_err(|e| self.place(e))
    }

    fn visit_map<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Mistake> {
        let entries = self.entries(&expected_by(&visitor))?;
        let meant = RefCell::default();
        let keys = Keys {
            map: *self,
            entries: entries.iter(),
            value: None,
            known: None,
            meant: &meant,
        };
        visitor.visit_map(keys).map_err(|e| self.place(e))
    }

    /// The parts of [`super::Data`]: its span, its shape, and what it holds.
    fn visit_data<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let shape = match &self.node.kind {
            Kind::Broken => return Err(Mistake::told()),
            Kind::List(_) => shape::LIST,
            Kind::Map(_) => shape::MAP,
            Kind::Scalar(scalar) if !scalar.typed => shape::QUOTED,
            Kind::Scalar(scalar) => match scalar::resolve(&scalar.text) {
                Core::Null => shape::NULL,
                Core::Bool(_) => shape::BOOL,
                Core::Number(number) => {
                    self.check_number(&scalar.text, &number);
                    shape::NUMBER
                }
                Core::Unfit => {
                    self.tell_unfit(&scalar.text);
                    shape::PLAIN
                }
                Core::Text => shape::PLAIN,
            },
        };
        self.visit_parts(Some(shape), visitor)
    }

    fn visit_parts<'de, V: Visitor<'de>>(
        self,
        shape: Option<u8>,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        visitor
            .visit_seq(Parts::new(self, shape))
            .map_err(|e| self.place(e))
    }
}

/// What a visitor expects, in the words of this format.
fn expected_by<'de, V: Visitor<'de>>(visitor: &V) -> String {
    words(&(visitor as &dyn de::Expected).to_string())
}

/// `deserialize_u8` and its like: the range is checked before the visitor sees the number.
macro_rules! whole_numbers {
    ($($method:ident $visit:ident $type:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
            let whole = self.whole::<$type>(&words(stringify!($type)))?;
            visitor.$visit(whole).map_err(|e| self.place(e))
        })*
    };
}

impl<'de> de::Deserializer<'de> for De<'_> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let scalar = match &self.node.kind {
            Kind::Broken => return Err(Mistake::told()),
            Kind::List(_) => return self.visit_list(visitor),
            Kind::Map(_) => return self.visit_map(visitor),
            Kind::Scalar(scalar) => scalar,
        };
        let visited = if scalar.typed {
            match scalar::resolve(&scalar.text) {
                Core::Null => visitor.visit_unit(),
                Core::Bool(value) => visitor.visit_bool(value),
                Core::Number(number) => match (number.as_u64(), number.as_i64()) {
                    (Some(whole), _) => visitor.visit_u64(whole),
                    (None, Some(whole)) => visitor.visit_i64(whole),
                    _ => visitor.visit_f64(number.as_f64().unwrap_or(0.0)),
                },
                Core::Unfit => {
                    self.tell_unfit(&scalar.text);
                    return Err(Mistake::told());
                }
                Core::Text => visitor.visit_str(&scalar.text),
            }
        } else {
            visitor.visit_str(&scalar.text)
        };
        visited.map_err(|e| self.place(e))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let text = self.text(&visitor)?;
        visitor.visit_str(text).map_err(|e| self.place(e))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let expected = "`true` or `false`";
        let scalar = self.scalar(Wanted::Bool, expected)?;
        match scalar::resolve(&scalar.text) {
            Core::Bool(value) if scalar.typed => {
                visitor.visit_bool(value).map_err(|e| self.place(e))
            }
            _ => self.wrong(Wanted::Bool, expected),
        }
    }

    whole_numbers! {
        deserialize_i8 visit_i8 i8
        deserialize_i16 visit_i16 i16
        deserialize_i32 visit_i32 i32
        deserialize_i64 visit_i64 i64
        deserialize_u8 visit_u8 u8
        deserialize_u16 visit_u16 u16
        deserialize_u32 visit_u32 u32
        deserialize_u64 visit_u64 u64
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let number = self.number("a number")?;
        let double = number.as_f64().unwrap_or(0.0);
        visitor.visit_f64(double).map_err(|e| self.place(e))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        if self.node.is_null() {
            visitor.visit_none().map_err(|e| self.place(e))
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        if self.node.is_null() {
            visitor.visit_unit().map_err(|e| self.place(e))
        } else {
            self.wrong(Wanted::Other, "nothing")
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        match name {
            SPANNED => self.visit_parts(None, visitor),
            TEXT => {
                self.text(&visitor)?;
                let plain = self.node.scalar().is_some_and(Scalar::is_plain);
                let shape = if plain { shape::PLAIN } else { shape::QUOTED };
                self.visit_parts(Some(shape), visitor)
            }
            DATA => self.visit_data(visitor),
            ONE_OR_MANY if self.node.is_list() => self.deserialize_seq(visitor),
            _ => visitor
                .visit_newtype_struct(self)
                .map_err(|e| self.place(e)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.visit_list(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.visit_map(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        if name == EITHER && !self.node.is_map() {
            return self.deserialize_any(visitor);
        }
        let entries = self.entries("a mapping")?;
        let meant = RefCell::default();
        let keys = Keys {
            map: self,
            entries: entries.iter(),
            value: None,
            known: Some(fields),
            meant: &meant,
        };
        visitor
            .visit_map(keys)
            .map_err(|mistake| match *mistake.problem {
                // It is not missing, it is misspelt, which was told.
                Problem::Missing(key) if meant.borrow().contains(&key) => Mistake::told(),
                _ => self.place(mistake),
            })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let choice = self.choice(variants)?;
        visitor.visit_enum(choice).map_err(|e| self.place(e))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 bytes byte_buf }
}
