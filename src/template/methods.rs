//! The methods of values, `text.lower()` or `object.keys()`: those of Python that are useful, from
//! `minijinja_contrib`, with the ones in between that print or grow.

use minijinja::value::{ValueKind, from_args};
use minijinja::{Error, State, Value};

use super::error::fail;
use super::filters;
use super::operators::kind_name;

/// The methods, besides those of our own objects.
pub(super) const NAMES: &[&str] = &[
    "all",
    "capitalize",
    "count",
    "endswith",
    "find",
    "get",
    "isalnum",
    "isalpha",
    "isascii",
    "isdigit",
    "islower",
    "isnumeric",
    "isspace",
    "isupper",
    "items",
    "join",
    "keys",
    "lower",
    "lstrip",
    "replace",
    "rfind",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "title",
    "upper",
    "values",
];

/// Calls a method of a value that has none of its own.
pub(super) fn call(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    args: &[Value],
) -> Result<Value, Error> {
    match (value.kind(), method) {
        // The replaced text can be longer by any amount: the filter asks for the fuel first.
        (ValueKind::String, "replace") => {
            let mut all = vec![value.clone()];
            all.extend_from_slice(args);
            state.apply_filter("replace", &all)
        }
        (ValueKind::String, "split") => {
            let (by, most) = from_args(args)?;
            filters::split(state, value, by, most)
        }
        (ValueKind::String, "splitlines") => {
            let () = from_args(args)?;
            state.apply_filter("lines", std::slice::from_ref(value))
        }
        (ValueKind::String, "join") => {
            let (items,): (&Value,) = from_args(args)?;
            let by = value.as_str().unwrap_or_default();
            filters::join_items(state, items, by, None).map(Value::from)
        }
        _ => minijinja_contrib::pycompat::unknown_method_callback(state, value, method, args)
            .map_err(|error| {
                if error.kind() == minijinja::ErrorKind::UnknownMethod {
                    fail(format!("{} has no method `{method}`", kind_name(value)))
                } else {
                    error
                }
            }),
    }
}
