//! Operators whose meaning is JSON's and not Python's, or whose work needs a bound. The compiler
//! is given them as filters of these names, see [`super::lower`].

use std::cmp::Ordering;

use minijinja::value::ValueKind;
use minijinja::{Error, State};

use super::cookies::Cookie;
use super::engine::Registry;
use super::error::{fail, undefined};
use super::print;
use super::value::{self, Value};
use crate::hex;

/// Passes a list or an object that an expression builds, unless it holds too much.
pub(super) const BOUNDED: &str = "\u{b7}bounded";

/// Passes a side of `*`, unless it is a list.
pub(super) const FACTOR: &str = "\u{b7}factor";

/// Passes an argument, unless it is undefined.
pub(super) const DEFINED: &str = "\u{b7}defined";

/// Gives the operators to the engine.
pub(super) fn register(registry: &mut Registry<'_>) {
    registry.operator("==", |state: &State, a: &Value, b: &Value| {
        equal(state, defined(a)?, defined(b)?)
    });
    registry.operator("!=", |state: &State, a: &Value, b: &Value| {
        equal(state, defined(a)?, defined(b)?).map(|equal| !equal)
    });
    registry.operator("<", |state: &State, a: &Value, b: &Value| {
        order(state, a, b).map(Ordering::is_lt)
    });
    registry.operator("<=", |state: &State, a: &Value, b: &Value| {
        order(state, a, b).map(Ordering::is_le)
    });
    registry.operator(">", |state: &State, a: &Value, b: &Value| {
        order(state, a, b).map(Ordering::is_gt)
    });
    registry.operator(">=", |state: &State, a: &Value, b: &Value| {
        order(state, a, b).map(Ordering::is_ge)
    });
    registry.operator("in", |state: &State, needle: &Value, hay: &Value| {
        contains(state, hay, needle)
    });
    registry.operator("~", concat);
    registry.operator(BOUNDED, bounded);
    registry.operator(FACTOR, factor);
    registry.operator(DEFINED, |value: &Value| defined(value).cloned());
}

fn defined(value: &Value) -> Result<&Value, Error> {
    if value.is_undefined() {
        Err(undefined())
    } else {
        Ok(value)
    }
}

/// Whether two values are one JSON value: numbers by what they count (`1` is `1.0`), objects
/// whatever the order of their keys, `true` is not `1`. Bytes are their hex text, a cookie its
/// value.
pub(super) fn equal(state: &State, a: &Value, b: &Value) -> Result<bool, Error> {
    use ValueKind::{Iterable, Map, Seq};
    state.consume_fuel(1)?;
    match (a.kind(), b.kind()) {
        (Seq | Iterable, Seq | Iterable) => equal_lists(state, a, b),
        (Map, Map) => equal_objects(state, a, b),
        (ValueKind::Bytes | Map, ValueKind::String) => Ok(as_text(a).as_deref() == b.as_str()),
        (ValueKind::String, ValueKind::Bytes | Map) => Ok(as_text(b).as_deref() == a.as_str()),
        (a_kind, b_kind) => Ok(a_kind == b_kind && a == b),
    }
}

/// The text that bytes or a cookie compare as.
fn as_text(value: &Value) -> Option<String> {
    if let Some(cookie) = value.downcast_object_ref::<Cookie>() {
        return Some(cookie.value.clone());
    }
    print::bytes(value).map(hex::lower)
}

fn equal_lists(state: &State, a: &Value, b: &Value) -> Result<bool, Error> {
    if let (Some(a), Some(b)) = (a.len(), b.len())
        && a != b
    {
        return Ok(false);
    }
    let mut others = b.try_iter()?;
    for item in a.try_iter()? {
        match others.next() {
            Some(other) if equal(state, &item, &other)? => {}
            _ => return Ok(false),
        }
    }
    Ok(others.next().is_none())
}

fn equal_objects(state: &State, a: &Value, b: &Value) -> Result<bool, Error> {
    if a.len() != b.len() {
        return Ok(false);
    }
    for (key, item) in value::pairs(a).map_err(|error| fail(error.0))? {
        let other = b.get_item(&key)?;
        if other.is_undefined() || !equal(state, &item, &other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Which of two values comes first: numbers, texts, or lists of them.
fn order(state: &State, a: &Value, b: &Value) -> Result<Ordering, Error> {
    use ValueKind::{Iterable, Seq};
    state.consume_fuel(1)?;
    match (defined(a)?.kind(), defined(b)?.kind()) {
        (ValueKind::Number, ValueKind::Number) | (ValueKind::String, ValueKind::String) => {
            Ok(a.cmp(b))
        }
        (Seq | Iterable, Seq | Iterable) => {
            let mut others = b.try_iter()?;
            for item in a.try_iter()? {
                let Some(other) = others.next() else {
                    return Ok(Ordering::Greater);
                };
                match order(state, &item, &other)? {
                    Ordering::Equal => {}
                    different => return Ok(different),
                }
            }
            Ok(if others.next().is_some() {
                Ordering::Less
            } else {
                Ordering::Equal
            })
        }
        _ => Err(fail(format!(
            "{} can't be compared with {}: neither is smaller",
            kind_name(a),
            kind_name(b)
        ))),
    }
}

/// Whether a text holds a text, a list an item, an object a key.
pub(super) fn contains(state: &State, hay: &Value, needle: &Value) -> Result<bool, Error> {
    let (hay, needle) = (defined(hay)?, defined(needle)?);
    match hay.kind() {
        ValueKind::String => {
            let hay = hay.as_str().unwrap_or_default();
            state.consume_fuel(hay.len() as u64 / 64)?;
            let needle = print::text(needle).map_err(|error| fail(error.0))?;
            Ok(hay.contains(&*needle))
        }
        ValueKind::Seq | ValueKind::Iterable => {
            for item in hay.try_iter()? {
                if equal(state, &item, needle)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        ValueKind::Map => Ok(!hay.get_item(needle)?.is_undefined()),
        _ => Err(fail(format!("{} can't hold anything", kind_name(hay)))),
    }
}

/// `a ~ b`: both as they print, in one text.
fn concat(a: &Value, b: &Value) -> Result<Value, Error> {
    let mut text = print::text(defined(a)?)
        .map_err(|error| fail(error.0))?
        .into_owned();
    text.push_str(&print::text(defined(b)?).map_err(|error| fail(error.0))?);
    Ok(Value::from(text))
}

fn bounded(built: &Value) -> Result<Value, Error> {
    value::check_size(built).map_err(|error| fail(error.0))?;
    Ok(built.clone())
}

fn factor(side: &Value) -> Result<Value, Error> {
    match side.kind() {
        ValueKind::Seq | ValueKind::Iterable => Err(fail("a list can't be multiplied")),
        _ => Ok(side.clone()),
    }
}

/// What a value is, for people.
pub(super) fn kind_name(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::Undefined => "an undefined value",
        ValueKind::None => "`null`",
        ValueKind::Bool if value.is_true() => "`true`",
        ValueKind::Bool => "`false`",
        ValueKind::Number => "a number",
        ValueKind::String => "a string",
        ValueKind::Bytes => "bytes",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        ValueKind::Map => "an object",
        _ if value::is_omit(value) => "`omit`",
        _ => "a function",
    }
}
