//! The tests behind `is`. All but `defined` and `undefined` fail on an undefined value instead of
//! being false, so that `body.x is integer` says that `x` is missing.

use std::sync::Arc;

use minijinja::value::ValueKind;
use minijinja::{Error, State};

use super::engine::Registry;
use super::error::{fail, undefined};
use super::filters::{broken, text_of};
use super::operators::{self, kind_name};
use super::patterns::Patterns;
use super::value::{self, Value};
use crate::kinds::{self, Kind, Leaf};

/// Gives the tests to the engine.
pub(super) fn register(registry: &mut Registry<'_>, patterns: &Arc<Patterns>) {
    for word in kinds::WORDS {
        let kind = Kind::of_word(word).expect("the word is of the list");
        registry.test(word, move |value: &Value| {
            Ok::<_, Error>(kind.accepts(leaf(there(value)?)))
        });
    }
    let known = Arc::clone(patterns);
    registry.test(
        "matching",
        move |state: &State<'_, '_>, value: &Value, pattern: &str| {
            matching(&known, state, there(value)?, pattern)
        },
    );
    simple(registry);
    comparisons(registry);
    registry.test("sequence", |value: &Value| {
        let kind = there(value)?.kind();
        Ok::<_, Error>(matches!(kind, ValueKind::Seq | ValueKind::Iterable))
    });
    registry.test("mapping", |value: &Value| {
        Ok::<_, Error>(there(value)?.kind() == ValueKind::Map)
    });
    // `null` is empty, too: APIs give it where a list or a text could be.
    registry.test("empty", |value: &Value| match there(value)?.len() {
        Some(length) => Ok(length == 0),
        None if value.is_none() => Ok(true),
        None => Err(fail(format!(
            "{} is neither empty nor full",
            kind_name(value)
        ))),
    });
    registry.test(
        "containing",
        |state: &State<'_, '_>, value: &Value, part: &Value| {
            operators::contains(state, value, part)
        },
    );
    registry.test("startingwith", |value: &Value, part: &Value| {
        Ok::<_, Error>(text_of(value)?.starts_with(&*text_of(part)?))
    });
    registry.test("endingwith", |value: &Value, part: &Value| {
        Ok::<_, Error>(text_of(value)?.ends_with(&*text_of(part)?))
    });
    registry.test(
        "like",
        |state: &State<'_, '_>, value: &Value, pattern: &Value| {
            like(state, there(value)?, there(pattern)?)
        },
    );
}

/// The value, unless it is undefined.
fn there(value: &Value) -> Result<&Value, Error> {
    if value.is_undefined() {
        Err(undefined())
    } else {
        Ok(value)
    }
}

fn simple(registry: &mut Registry<'_>) {
    use minijinja::tests;
    let is = |test: fn(&Value) -> bool| move |value: &Value| Ok::<_, Error>(test(there(value)?));
    registry.test("none", is(tests::is_none));
    registry.test("true", is(tests::is_true));
    registry.test("false", is(tests::is_false));
    registry.test("float", is(tests::is_float));
    registry.test("int", is(|value| Kind::Integer.accepts(leaf(value))));
    registry.test("iterable", is(tests::is_iterable));
    registry.test("lower", is(tests::is_lower));
    registry.test("upper", is(tests::is_upper));
    registry.test("odd", is(|value| tests::is_odd(value.clone())));
    registry.test("even", is(|value| tests::is_even(value.clone())));
    registry.test("divisibleby", |value: &Value, by: &Value| {
        if there(by)?.kind() == ValueKind::Number && !by.is_true() {
            return Err(fail("nothing is divisible by 0"));
        }
        Ok(tests::is_divisibleby(there(value)?, by))
    });
}

fn comparisons(registry: &mut Registry<'_>) {
    for (operator, names) in [
        ("==", ["eq", "equalto", "=="].as_slice()),
        ("!=", &["ne", "!="]),
        ("<", &["lt", "lessthan", "<"]),
        ("<=", &["le", "<="]),
        (">", &["gt", "greaterthan", ">"]),
        (">=", &["ge", ">="]),
        ("in", &["in"]),
    ] {
        for name in names {
            registry.test(
                name,
                move |state: &mut State<'_, '_>, a: &Value, b: &Value| {
                    state.apply_filter(operator, &[a.clone(), b.clone()])
                },
            );
        }
    }
}

fn matching(
    patterns: &Patterns,
    state: &State<'_, '_>,
    value: &Value,
    pattern: &str,
) -> Result<bool, Error> {
    let regex = patterns.regex(pattern).map_err(broken)?;
    let Some(text) = value.as_str() else {
        return Ok(false);
    };
    state.consume_fuel(text.len() as u64 / 64)?;
    Ok(regex.is_match(text))
}

/// Whether a value has everything that a pattern has: an object each of its keys with a value
/// like the pattern's, a list as many items, each like the pattern's at its place; anything else
/// is equal.
fn like(state: &State<'_, '_>, value: &Value, pattern: &Value) -> Result<bool, Error> {
    use ValueKind::{Iterable, Map, Seq};
    state.consume_fuel(1)?;
    match (value.kind(), pattern.kind()) {
        (Map, Map) => {
            for (key, wanted) in value::pairs(pattern).map_err(|error| fail(error.0))? {
                let item = value.get_item(&key)?;
                if item.is_undefined() || !like(state, &item, &wanted)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Seq | Iterable, Seq | Iterable) => {
            let mut items = value.try_iter()?;
            for wanted in pattern.try_iter()? {
                match items.next() {
                    Some(item) if like(state, &item, &wanted)? => {}
                    _ => return Ok(false),
                }
            }
            Ok(items.next().is_none())
        }
        _ => operators::equal(state, value, pattern),
    }
}

/// A value as the kinds look at it.
pub(super) fn leaf(value: &Value) -> Leaf<'_> {
    match value.kind() {
        ValueKind::None => Leaf::Null,
        ValueKind::Bool => Leaf::Boolean,
        ValueKind::Number if value.is_integer() => Leaf::Integer,
        ValueKind::Number => Leaf::Float(f64::try_from(value.clone()).unwrap_or(f64::NAN)),
        ValueKind::String => Leaf::Text(value.as_str().unwrap_or_default()),
        _ => Leaf::Branch,
    }
}
