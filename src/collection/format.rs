//! The order of the keys of a collection: that of the fields of the types, as the
//! [`schema`](super::schema) has it.

use serde_json::Value;

use super::schema::schema;
use crate::yaml::format::{self, Order, Unfit};

/// Writes collections in their canonical form.
#[derive(Debug)]
pub struct Formatter {
    schema: Value,
}

impl Default for Formatter {
    fn default() -> Self {
        Self { schema: schema() }
    }
}

impl Formatter {
    /// The canonical form of a collection that can be read as YAML; see [`format::format`].
    pub fn format(&self, text: &str) -> Result<String, Unfit> {
        let order = Keys {
            schema: &self.schema,
            parts: vec![&self.schema],
        };
        format::format(text, &order)
    }
}

/// What may stand at a place: the parts of the schema that describe it.
struct Keys<'s> {
    schema: &'s Value,
    parts: Vec<&'s Value>,
}

impl<'s> Keys<'s> {
    /// The alternatives of the parts, references followed.
    fn alternatives(&self) -> Vec<&'s Value> {
        let mut found = Vec::new();
        let mut open = self.parts.clone();
        while let Some(part) = open.pop() {
            if let Some(Value::String(reference)) = part.get("$ref") {
                let pointer = reference.trim_start_matches('#');
                open.extend(self.schema.pointer(pointer));
            }
            if let Some(Value::Array(parts)) = part.get("anyOf") {
                open.extend(parts);
            }
            found.push(part);
        }
        found
    }

    fn inside(&self, part: impl Fn(&'s Value) -> Option<&'s Value>) -> Self {
        Self {
            schema: self.schema,
            parts: self.alternatives().into_iter().filter_map(part).collect(),
        }
    }
}

impl Order for Keys<'_> {
    fn rank(&self, key: &str) -> Option<usize> {
        self.alternatives().into_iter().find_map(|part| {
            // Where any key may stand the order is a person's.
            if part.get("additionalProperties") != Some(&Value::Bool(false)) {
                return None;
            }
            let mut keys = part.get("properties")?.as_object()?.keys();
            keys.position(|name| name == key)
        })
    }

    fn under(&self, key: &str) -> Self {
        self.inside(|part| {
            let properties = part.get("properties");
            properties
                .and_then(|keys| keys.get(key))
                .or_else(|| part.get("additionalProperties"))
        })
    }

    fn item(&self) -> Self {
        self.inside(|part| part.get("items"))
    }
}
