//! Values that are not there: what is there instead, and which name was meant.

use std::ops::Range;

use minijinja::machinery::ast::{CallArg, Expr, Filter};
use minijinja::value::ValueKind;

use super::diagnose::{self, Evaluated};
use super::error::{Cause, TemplateError};
use super::operators::kind_name;
use super::print;
use super::response::{ExchangeView, RESPONSE_NAMES};
use super::scope::Scope;
use super::syntax;
use crate::diagnostic::{closest, list};

/// How many names a message lists.
const LISTED: usize = 20;

/// Explains why a part is undefined.
pub(super) fn explain(of: Evaluated<'_>, expr: &Expr<'_>) -> TemplateError {
    let range = syntax::range(of.text, expr);
    match expr {
        Expr::Var(var) => name(of, var.id, range),
        Expr::GetAttr(attr) => {
            let end = range.end;
            let key = Key {
                name: attr.name.to_owned(),
                range: end - attr.name.len()..end,
                quoted: false,
            };
            part(of, &attr.expr, Some(key), range)
        }
        Expr::GetItem(item) => {
            let place = syntax::range(of.text, &item.subscript_expr);
            let subscript = diagnose::run(of, &item.subscript_expr).unwrap_or_default();
            let key = subscript.as_str().map(|name| Key {
                name: name.to_owned(),
                range: place,
                quoted: true,
            });
            part(of, &item.expr, key, range)
        }
        Expr::Filter(filter) => filtered(of, filter, range),
        Expr::IfExpr(choice) if choice.false_expr.is_none() => {
            let test = shown(of, &syntax::range(of.text, &choice.test_expr));
            missing(
                format!("nothing is chosen: {test} is false and there is no `else`"),
                range,
            )
        }
        _ => missing(format!("{} is undefined", shown(of, &range)), range),
    }
}

fn missing(message: String, range: Range<usize>) -> TemplateError {
    TemplateError::new(Cause::Missing, "missing-value", message).at(range)
}

/// A part of the text in backticks, on one line.
fn shown(of: Evaluated<'_>, range: &Range<usize>) -> String {
    let words: Vec<&str> = of.text[range.clone()].split_whitespace().collect();
    format!("`{}`", words.join(" "))
}

fn name(of: Evaluated<'_>, name: &str, range: Range<usize>) -> TemplateError {
    let scope = of.scope.downcast_object_ref::<Scope>();
    if RESPONSE_NAMES.contains(&name) {
        return response_name(scope, name, range);
    }
    let message = format!("`{name}` is not defined");
    let error = TemplateError::new(Cause::Name, "undefined-name", message).at(range.clone());
    let names = scope.map(Scope::names).unwrap_or_default();
    let error = match closest(name, names.iter().map(String::as_str)) {
        Some(meant) => error.fix(format!("did you mean `{meant}`?"), range, meant),
        None => error,
    };
    match listed(names.iter().map(String::as_str)) {
        Some(names) => error.help(format!("defined here: {names}")),
        None => error,
    }
}

/// Why a name of the response has no value.
fn response_name(scope: Option<&Scope>, name: &str, range: Range<usize>) -> TemplateError {
    let exchange = scope.and_then(Scope::exchange);
    let why = match exchange.as_deref().map(ExchangeView::exchange) {
        None => "nothing was requested yet",
        Some(None) => "an authorize step sees `redirect` and `response.url` only",
        Some(Some(_)) => "the response has no `Location` that leads somewhere",
    };
    missing(format!("`{name}` is not there: {why}"), range)
}

/// The key that was looked up: its bytes, and whether it stands in quotes.
struct Key {
    name: String,
    range: Range<usize>,
    quoted: bool,
}

/// Why `base.key` or `base[key]` has no value.
fn part(
    of: Evaluated<'_>,
    base: &Expr<'_>,
    key: Option<Key>,
    range: Range<usize>,
) -> TemplateError {
    let error = missing(format!("{} is not there", shown(of, &range)), range);
    let place = syntax::grow(of.text, syntax::range(of.text, base), of.text.len());
    let base_shown = shown(of, &place);
    let Ok(value) = diagnose::run(of, base) else {
        return error;
    };
    match (value.kind(), key) {
        (ValueKind::Map, key) => {
            let keys: Vec<String> = value
                .try_iter()
                .into_iter()
                .flatten()
                .filter_map(|key| print::text(&key).ok().map(std::borrow::Cow::into_owned))
                .collect();
            object(of, error, &base_shown, &keys, key)
        }
        (ValueKind::Seq | ValueKind::Iterable, None) => match value.len() {
            Some(1) => error.help(format!("{base_shown} has 1 item")),
            Some(count) => error.help(format!("{base_shown} has {count} items")),
            None => error,
        },
        (ValueKind::Seq | ValueKind::Iterable | ValueKind::String, Some(key))
            if ["length", "size", "count"].contains(&&*key.name) =>
        {
            let base = base_shown.trim_matches('`');
            error.help(format!("its length is `{base} | length`"))
        }
        (ValueKind::Seq | ValueKind::Iterable, Some(key)) => error.help(format!(
            "{base_shown} is a list: `{}[0].{}` is of its first item",
            base_shown.trim_matches('`'),
            key.name
        )),
        _ => error.help(format!("{base_shown} is {}", kind_name(&value))),
    }
}

fn object(
    of: Evaluated<'_>,
    error: TemplateError,
    base: &str,
    keys: &[String],
    key: Option<Key>,
) -> TemplateError {
    let error = match key.and_then(|key| suggestion(of, keys, &key).map(|fix| (key, fix))) {
        Some((key, (meant, replacement))) => {
            error.fix(format!("did you mean `{meant}`?"), key.range, replacement)
        }
        None => error,
    };
    match listed(keys.iter().map(String::as_str)) {
        Some(keys) => error.help(format!("{base} has {keys}")),
        None => error.help(format!("{base} is empty")),
    }
}

/// The key that was meant, and how it is written in the place of the wrong one.
fn suggestion<'k>(of: Evaluated<'_>, keys: &'k [String], key: &Key) -> Option<(&'k str, String)> {
    let meant = closest(&key.name, keys.iter().map(String::as_str))?;
    let is_name = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if !key.quoted {
        // A header's name as an attribute: `content_type`.
        let attribute = meant.replace('-', "_").to_ascii_lowercase();
        let written = if is_name(meant) {
            meant.to_owned()
        } else {
            attribute
        };
        return is_name(&written).then_some((meant, written));
    }
    let quote = of.text[key.range.clone()].chars().next()?;
    let written = format!("{quote}{meant}{quote}");
    (!meant.contains([quote, '\\'])).then_some((meant, written))
}

/// Why a filter found nothing.
fn filtered(of: Evaluated<'_>, filter: &Filter<'_>, range: Range<usize>) -> TemplateError {
    let input = filter.expr.as_ref().map_or_else(String::new, |input| {
        let place = syntax::range(of.text, input);
        shown(of, &syntax::grow(of.text, place, range.end))
    });
    let pattern = || {
        let arg = filter.args.first().map(syntax::argument)?;
        diagnose::run(of, arg).ok()?.as_str().map(str::to_owned)
    };
    let message = match filter.name {
        "first" | "last" | "min" | "max" => {
            let value = filter.expr.as_ref().map(|input| diagnose::run(of, input));
            let first = value.and_then(|value| value.ok()?.try_iter().ok()?.next());
            let undefined = filter.expr.as_ref().and_then(|input| items(of, input));
            if let (Some(_), Some(error)) = (first, undefined) {
                return error;
            }
            format!("{} is not there: {input} is empty", shown(of, &range))
        }
        "regex" => format!(
            "`{}` matches nothing in {input}",
            pattern().unwrap_or_default()
        ),
        "jsonpath" => format!(
            "`{}` leads nowhere in {input}",
            pattern().unwrap_or_default()
        ),
        _ => format!("{} is undefined", shown(of, &range)),
    };
    missing(message, range)
}

/// Explains a list with undefined items: `map(attribute="…")` gave some that lack the attribute.
pub(super) fn items(of: Evaluated<'_>, expr: &Expr<'_>) -> Option<TemplateError> {
    if let Expr::Filter(filter) = expr {
        let attribute = filter.args.iter().find_map(|arg| match arg {
            CallArg::Kwarg("attribute", Expr::Const(name)) => {
                name.value.as_str().map(str::to_owned)
            }
            _ => None,
        });
        if let (Some(attribute), "map", Some(input)) = (attribute, filter.name, &filter.expr) {
            let range = syntax::range(of.text, expr);
            let list = shown(
                of,
                &syntax::grow(of.text, syntax::range(of.text, input), range.end),
            );
            let error = missing(format!("not every item of {list} has `{attribute}`"), range);
            let pick = format!("selectattr(\"{attribute}\", \"defined\")");
            return Some(error.help(format!("`{pick}` takes those that have it")));
        }
    }
    let mut found = None;
    syntax::parts(expr, &mut |part| {
        found = found.take().or_else(|| items(of, part));
    });
    found
}

/// The names as a message lists them: not too many.
fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> Option<String> {
    let count = names.len();
    if count == 0 {
        return None;
    }
    if count <= LISTED {
        return Some(list(names));
    }
    let first: Vec<&str> = names.take(LISTED).collect();
    let quoted: Vec<String> = first.iter().map(|name| format!("`{name}`")).collect();
    Some(format!("{} and {} more", quoted.join(", "), count - LISTED))
}
