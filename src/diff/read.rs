//! Reads JSON with every digit of its numbers.
//!
//! `serde_json` reads the document, and the digits of each number that it meets are taken from the
//! text: both go through it in the same order.

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::exact::{Exact, SMALL};

/// Reads a document.
pub(super) fn document(text: &str) -> Result<Exact, serde_json::Error> {
    let mut numbers = Numbers { text, at: 0 };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Reader(&mut numbers).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// The numbers of a document, as they were written, in order.
struct Numbers<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Numbers<'t> {
    /// The next one that stands outside of texts. The document was read up to there without an
    /// error, so that there is one.
    fn next(&mut self) -> &'t str {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'"' => self.skip_string(),
                b'-' | b'0'..=b'9' => break,
                _ => self.at += 1,
            }
        }
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn skip_string(&mut self) {
        let bytes = self.text.as_bytes();
        self.at += 1;
        while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[self.at.min(bytes.len())..]) {
            self.at += found + 1;
            if bytes[self.at - 1] == b'"' {
                return;
            }
            self.at += 1;
        }
        self.at = bytes.len();
    }
}

/// Reads a value while the numbers' digits come from the text.
struct Reader<'a, 't>(&'a mut Numbers<'t>);

impl<'de> DeserializeSeed<'de> for Reader<'_, '_> {
    type Value = Exact;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Exact, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Reader<'_, '_> {
    fn number(&mut self) -> Exact {
        Exact::Number(self.0.next().into())
    }
}

impl<'de> Visitor<'de> for Reader<'_, '_> {
    type Value = Exact;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Exact, E> {
        Ok(Exact::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Exact, E> {
        Ok(Exact::Bool(value))
    }

    fn visit_i64<E>(mut self, _: i64) -> Result<Exact, E> {
        Ok(self.number())
    }

    fn visit_u64<E>(mut self, _: u64) -> Result<Exact, E> {
        Ok(self.number())
    }

    fn visit_f64<E>(mut self, _: f64) -> Result<Exact, E> {
        Ok(self.number())
    }

    fn visit_str<E>(self, value: &str) -> Result<Exact, E> {
        Ok(Exact::string(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Exact, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(Reader(&mut *self.0))? {
            array.push(item);
        }
        Ok(Exact::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Exact, A::Error> {
        let mut entries: Vec<(Box<str>, Exact)> = Vec::new();
        let mut places: HashMap<Box<str>, usize> = HashMap::new();
        while let Some(key) = map.next_key::<Box<str>>()? {
            let value = map.next_value_seed(Reader(&mut *self.0))?;
            if entries.len() == SMALL && places.is_empty() {
                let keys = entries.iter().enumerate();
                places = keys.map(|(at, (key, _))| (key.clone(), at)).collect();
            }
            let first = if entries.len() < SMALL {
                entries.iter().position(|(name, _)| *name == key)
            } else {
                places.get(&key).copied()
            };
            if let Some(at) = first {
                entries[at].1 = value;
                continue;
            }
            if entries.len() >= SMALL {
                places.insert(key.clone(), entries.len());
            }
            entries.push((key, value));
        }
        Ok(Exact::Object(entries))
    }
}
