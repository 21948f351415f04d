//! Values as JSON sees them: documents as template values without a copy, values as documents,
//! and `omit`. How a value prints is `print`'s business.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Enumerator, Object, ObjectExt as _, ObjectRepr, ValueKind};
use serde_json::Number;

use super::cookies::Cookie;
use super::print;
use crate::json::{Json, Object as JsonObject};

/// A value of the template language; the value type everywhere in a run.
pub type Value = minijinja::Value;

/// How many values a list or an object that an expression builds may hold in all. The document
/// of a response may hold more.
pub(super) const MAX_VALUES: usize = 1_000_000;

/// How deep lists and objects may be nested, as in `serde_json`.
const MAX_DEPTH: usize = 128;

/// A part of a document as a value; shares its texts, lists and objects.
impl From<Json> for minijinja::Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Value::from(()),
            Json::Bool(value) => Value::from(value),
            Json::Number(number) => number_value(&number),
            Json::String(text) => Value::from(text),
            Json::Array(items) => Value::from_dyn_object(items),
            Json::Object(object) => Value::from_dyn_object(object),
        }
    }
}

fn number_value(number: &Number) -> Value {
    if let Some(integer) = number.as_i64() {
        Value::from(integer)
    } else if let Some(integer) = number.as_u64() {
        Value::from(integer)
    } else {
        Value::from(number.as_f64().unwrap_or(f64::NAN))
    }
}

/// The keys and values of a document's object, looked up where they lie.
impl Object for JsonObject {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.get(key).cloned().map(Value::from)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.mapped_key_value_enumerator(|object| {
            let entries = object.iter();
            Box::new(entries.map(|(key, value)| (Value::from(key), Value::from(value.clone()))))
        })
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.len())
    }
}

/// The value that leaves its key out.
#[derive(Debug)]
struct Omit;

impl Object for Omit {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// The value of the name `omit`.
pub(super) fn omit() -> Value {
    Value::from_object(Omit)
}

/// Whether a value is `omit`: its key is left out.
pub fn is_omit(value: &Value) -> bool {
    value.downcast_object_ref::<Omit>().is_some()
}

/// Why a value can't be printed, kept or sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unprintable(pub(super) String);

impl fmt::Display for Unprintable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unprintable {}

/// A value as a JSON document, keys in order; parts of a response are shared and not copied.
/// Bytes become their hex text, a cookie its value.
///
/// Fails for what JSON has no word for: an undefined value, `omit`, a function, infinity, an
/// integer of more than 64 bits.
pub fn to_json(value: &Value) -> Result<Json, Unprintable> {
    json_of(value, 0, &mut 0)
}

fn json_of(value: &Value, depth: usize, count: &mut usize) -> Result<Json, Unprintable> {
    if let Some(document) = document(value) {
        return Ok(document);
    }
    step(depth, count)?;
    match value.kind() {
        ValueKind::None => Ok(Json::Null),
        ValueKind::Bool => Ok(Json::Bool(value.is_true())),
        ValueKind::Number => print::number(value).map(Json::Number),
        ValueKind::String => Ok(Json::String(value.to_str().unwrap_or_default())),
        ValueKind::Seq | ValueKind::Iterable => {
            let items = items(value)?.map(|item| json_of(&item, depth + 1, count));
            Ok(Json::Array(Arc::new(items.collect::<Result<_, _>>()?)))
        }
        ValueKind::Map if value.downcast_object_ref::<Cookie>().is_none() => {
            let mut entries = Vec::new();
            for (key, item) in pairs(value)? {
                entries.push((print::text(&key)?.into(), json_of(&item, depth + 1, count)?));
            }
            Ok(Json::from_entries(entries))
        }
        _ => print::text(value).map(|text| Json::from(text.into_owned())),
    }
}

/// The document's list or object that a value is.
pub(super) fn document(value: &Value) -> Option<Json> {
    if let Some(object) = value.downcast_object::<JsonObject>() {
        return Some(Json::Object(object));
    }
    value.downcast_object::<Vec<Json>>().map(Json::Array)
}

/// Counts one more value, and refuses what is nested or grown beyond reason.
pub(super) fn step(depth: usize, count: &mut usize) -> Result<(), Unprintable> {
    *count += 1;
    if depth > MAX_DEPTH {
        Err(Unprintable("lists and objects are nested too deep".into()))
    } else if *count > MAX_VALUES {
        Err(Unprintable(
            "a list or object has more than 1,000,000 values".into(),
        ))
    } else {
        Ok(())
    }
}

/// Refuses a list or an object that holds something undefined, or too much.
pub(super) fn check(value: &Value) -> Result<(), Unprintable> {
    walk(value, 0, &mut 0, true)
}

/// Refuses a list or an object that holds too much.
pub(super) fn check_size(value: &Value) -> Result<(), Unprintable> {
    walk(value, 0, &mut 0, false)
}

fn walk(value: &Value, depth: usize, count: &mut usize, strict: bool) -> Result<(), Unprintable> {
    let is_list = match value.kind() {
        ValueKind::Undefined if strict && depth > 0 => {
            return Err(Unprintable(
                "a list or object holds an undefined value".into(),
            ));
        }
        ValueKind::Invalid => return Err(Unprintable(print::reason(value))),
        ValueKind::Seq | ValueKind::Iterable => true,
        ValueKind::Map => false,
        _ => return Ok(()),
    };
    if document(value).is_some() {
        return Ok(());
    }
    let mut inner = |item: &Value| {
        step(depth, count)?;
        walk(item, depth + 1, count, strict)
    };
    if is_list {
        items(value)?.try_for_each(|item| inner(&item))
    } else {
        pairs(value)?.try_for_each(|(_, item)| inner(&item))
    }
}

/// A list that is worked out item by item as a plain one. A captured list must not hold on to
/// all it was made from, round after round.
pub(super) fn settled(value: Value) -> Value {
    match value.kind() {
        ValueKind::Iterable => value
            .try_iter()
            .map_or(value, |items| Value::from(items.collect::<Vec<Value>>())),
        _ => value,
    }
}

/// The items of a list.
pub(super) fn items(value: &Value) -> Result<impl Iterator<Item = Value>, Unprintable> {
    value
        .try_iter()
        .map_err(|error| Unprintable(error.to_string()))
}

/// The keys and values of an object.
pub(super) fn pairs(value: &Value) -> Result<impl Iterator<Item = (Value, Value)>, Unprintable> {
    value
        .as_object()
        .and_then(DynObject::try_iter_pairs)
        .ok_or_else(|| Unprintable("an object whose keys are unknown".into()))
}
