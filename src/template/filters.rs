//! The filters of lists and texts that minijinja lacks, prints otherwise than JSON does, or doesn't
//! bound. Those between encodings are in [`super::encodings`].

use std::borrow::Cow;
use std::sync::Arc;

use minijinja::value::{Kwargs, Rest, ValueKind};
use minijinja::{Error, State};
use serde_json_path::PathElement;

use super::encodings;
use super::engine::Registry;
use super::error::{Cause, fail, fault, undefined};
use super::operators::kind_name;
use super::patterns::Patterns;
use super::print;
use super::value::{self, Value};
use crate::json::Json;
use crate::pattern::BadPattern;

/// Gives the filters to the engine.
pub(super) fn register(registry: &mut Registry<'_>, patterns: &Arc<Patterns>) {
    encodings::register(registry);
    registry.filter("string", |value: &Value| {
        text_of(value).map(Cow::into_owned)
    });
    registry.filter(
        "join",
        |state: &State<'_, '_>, value: &Value, by: Option<&str>, kwargs: Kwargs| {
            join(state, value, by, &kwargs)
        },
    );
    registry.filter(
        "selectattr",
        |state: &mut State<'_, '_>, value: &Value, args: Rest<Value>| {
            by_attribute(state, value, &args, true)
        },
    );
    registry.filter(
        "rejectattr",
        |state: &mut State<'_, '_>, value: &Value, args: Rest<Value>| {
            by_attribute(state, value, &args, false)
        },
    );
    let builtin = Value::from_function(minijinja::filters::format);
    registry.filter(
        "format",
        move |state: &mut State<'_, '_>, args: Rest<Value>| format(state, &builtin, &args),
    );
    registry.filter("lines", |state: &State<'_, '_>, value: &Value| {
        let text = text_of(value)?;
        collect(state, text.lines())
    });
    registry.filter("split", split);
    let known = Arc::clone(patterns);
    registry.filter("regex", move |value: &Value, pattern: &str| {
        regex(&known, value, pattern)
    });
    let known = Arc::clone(patterns);
    registry.filter(
        "jsonpath",
        move |state: &State<'_, '_>, value: &Value, path: &str| {
            jsonpath(&known, state, value, path)
        },
    );
}

/// A value as text, as it prints.
pub(super) fn text_of(value: &Value) -> Result<Cow<'_, str>, Error> {
    if value.is_undefined() {
        return Err(undefined());
    }
    print::text(value).map_err(|error| fail(error.0))
}

/// The items as they print, in one text.
fn join(
    state: &State<'_, '_>,
    value: &Value,
    by: Option<&str>,
    kwargs: &Kwargs,
) -> Result<String, Error> {
    let by = match by {
        Some(by) => Some(by),
        None => kwargs.get::<Option<&str>>("d")?,
    };
    let attribute = kwargs.get::<Option<&str>>("attribute")?;
    kwargs.assert_all_used()?;
    join_items(state, value, by.unwrap_or_default(), attribute)
}

/// `by` between the items, each as it prints.
pub(super) fn join_items(
    state: &State<'_, '_>,
    value: &Value,
    by: &str,
    attribute: Option<&str>,
) -> Result<String, Error> {
    if value.is_undefined() {
        return Err(undefined());
    }
    let items = value
        .try_iter()
        .map_err(|_| fail(format!("{} has no items to join", kind_name(value))))?;
    let mut out = String::new();
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push_str(by);
        }
        let item = match attribute {
            Some(path) => attribute_of(&item, path),
            None => item,
        };
        let text = text_of(&item)?;
        state.consume_fuel(1 + (by.len() + text.len()) as u64 / 64)?;
        out.push_str(&text);
    }
    Ok(out)
}

/// The parts of a text between separators, or between blanks; at most `most` separators count.
pub(super) fn split(
    state: &State<'_, '_>,
    value: &Value,
    by: Option<&str>,
    most: Option<i64>,
) -> Result<Value, Error> {
    let text = text_of(value)?;
    let parts = most.and_then(|most| usize::try_from(most).ok());
    let parts = parts.map_or(usize::MAX, |most| most.saturating_add(1));
    match by {
        Some("") => Err(fail("a string can't be split at an empty one")),
        Some(by) => collect(state, text.splitn(parts, by)),
        None if parts == usize::MAX => collect(state, text.split_whitespace()),
        None => collect(state, words(&text, parts)),
    }
}

/// The words of a text; the last of `parts` is the rest of it.
fn words(text: &str, parts: usize) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_start();
    let mut left = parts;
    std::iter::from_fn(move || {
        if rest.is_empty() || left == 0 {
            return None;
        }
        left -= 1;
        let end = rest.find(char::is_whitespace).filter(|_| left > 0);
        let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind.trim_start();
        Some(word)
    })
}

/// A list of texts, as far as the fuel goes.
fn collect<'t>(
    state: &State<'_, '_>,
    texts: impl Iterator<Item = &'t str>,
) -> Result<Value, Error> {
    let mut list = Vec::new();
    for text in texts {
        state.consume_fuel(1)?;
        list.push(Value::from(text));
    }
    Ok(Value::from(list))
}

/// What stands at a dotted path in a value; undefined if nothing does.
fn attribute_of(value: &Value, path: &str) -> Value {
    let mut found = value.clone();
    for name in path.split('.') {
        let key = name
            .parse::<usize>()
            .map_or_else(|_| Value::from(name), Value::from);
        found = found.get_item(&key).unwrap_or_default();
    }
    found
}

/// `selectattr("type", "equalto", "message")`: the items whose attribute passes a test. An item
/// that lacks the attribute passes none but `undefined`, as lists of events need it.
fn by_attribute(
    state: &mut State<'_, '_>,
    value: &Value,
    args: &[Value],
    wanted: bool,
) -> Result<Vec<Value>, Error> {
    let Some(path) = args.first().and_then(Value::as_str) else {
        return Err(fail(
            "the first argument is the attribute to look at, as a string",
        ));
    };
    if value.is_undefined() {
        return Err(undefined());
    }
    let test = args.get(1).and_then(Value::as_str);
    let mut kept = Vec::new();
    for item in value.try_iter()? {
        state.consume_fuel(1)?;
        let attribute = attribute_of(&item, path);
        let passes = match test {
            None => attribute.is_true(),
            Some(name) if attribute.is_undefined() && !matches!(name, "defined" | "undefined") => {
                false
            }
            Some(name) => {
                let mut test_args = vec![attribute];
                test_args.extend_from_slice(&args[2..]);
                state.perform_test(name, &test_args)?
            }
        };
        if passes == wanted {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// `"%s of %d" | format(a, b)`; what has no type of printf's is put in as it prints.
fn format(state: &mut State<'_, '_>, builtin: &Value, args: &[Value]) -> Result<Value, Error> {
    let mut printed = Vec::with_capacity(args.len());
    for arg in args {
        printed.push(match arg.kind() {
            ValueKind::Number | ValueKind::String | ValueKind::Undefined => arg.clone(),
            _ => Value::from(text_of(arg)?.into_owned()),
        });
    }
    builtin.call(state, &printed)
}

/// The first group of the first match, or the match if there is no group; undefined without one.
fn regex(patterns: &Patterns, value: &Value, pattern: &str) -> Result<Value, Error> {
    let regex = patterns.regex(pattern).map_err(broken)?;
    let text = text_of(value)?;
    let Some(captures) = regex.captures(&text) else {
        return Ok(Value::UNDEFINED);
    };
    let group = usize::from(regex.captures_len() > 1);
    Ok(captures
        .get(group)
        .map_or(Value::UNDEFINED, |found| Value::from(found.as_str())))
}

/// The node that a path of names and indices leads to, undefined if there is none; the list of
/// nodes of any other path.
fn jsonpath(
    patterns: &Patterns,
    state: &State<'_, '_>,
    value: &Value,
    path: &str,
) -> Result<Value, Error> {
    let path = patterns.path(path).map_err(broken)?;
    if value.is_undefined() {
        return Err(undefined());
    }
    let document = value::to_json(value).map_err(|error| fail(error.0))?;
    state.consume_fuel(nodes(&document) / 4)?;
    let searched = serde_json::to_value(&document).map_err(|error| fail(error.to_string()))?;
    let found = path.query.query_located(&searched);
    state.consume_fuel(found.len() as u64)?;
    let mut values = found
        .locations()
        .filter_map(|place| node(&document, place.iter()))
        .map(Value::from);
    if path.is_singular {
        Ok(values.next().unwrap_or_default())
    } else {
        Ok(Value::from(values.collect::<Vec<Value>>()))
    }
}

/// The part of a document that a path's elements lead to.
fn node<'p>(document: &Json, place: impl Iterator<Item = &'p PathElement<'p>>) -> Option<Json> {
    let mut found = document;
    for element in place {
        found = match (element, found) {
            (PathElement::Name(name), json) => json.get(name)?,
            (PathElement::Index(index), Json::Array(items)) => items.get(*index)?,
            _ => return None,
        };
    }
    Some(found.clone())
}

/// How many values a document holds.
fn nodes(json: &Json) -> u64 {
    match json {
        Json::Array(items) => 1 + items.iter().map(nodes).sum::<u64>(),
        Json::Object(object) => 1 + object.iter().map(|(_, item)| nodes(item)).sum::<u64>(),
        _ => 1,
    }
}

/// A pattern that was worked out and can't be compiled.
pub(super) fn broken(broken: BadPattern) -> Error {
    let help = Some(broken.help);
    fault(broken.message, broken.code, Cause::Evaluation, help)
}
