//! The attributes that a response always has, and no others: a misspelt one is found before
//! anything is sent.

use std::ops::Range;

use minijinja::machinery::ast::Expr;

use super::error::{Cause, TemplateError};
use super::syntax;
use crate::diagnostic::{closest, list};

/// What can be asked of a value.
#[derive(Debug)]
enum Shape {
    /// Anything: what it holds comes from a server.
    Free,
    /// No attributes: a number, a string, `true` or `null`.
    Leaf(&'static str),
    /// These attributes.
    Fields(&'static [(&'static str, Shape)]),
    /// Items, and no attributes.
    Items(&'static Shape),
    /// Any name, whose value is this.
    Named(&'static Shape),
}

use Shape::{Fields, Free, Items, Leaf, Named};

const STRING: Shape = Leaf("a string");
const NUMBER: Shape = Leaf("a number");
const BOOLEAN: Shape = Leaf("`true` or `false`");

const REDIRECT: Shape = Fields(&[
    ("url", STRING),
    ("scheme", STRING),
    ("host", STRING),
    ("port", NUMBER),
    ("path", STRING),
    ("query", Free),
    ("fragment", Free),
]);

const HOP: Shape = Fields(&[("status", NUMBER), ("url", STRING)]);

const COOKIES: Shape = Named(&Fields(&[
    ("value", STRING),
    ("domain", STRING),
    ("path", STRING),
    ("expires", STRING),
    ("max_age", NUMBER),
    ("secure", BOOLEAN),
    ("http_only", BOOLEAN),
    ("same_site", STRING),
]));

const TIMINGS: Shape = Fields(&[
    ("total", NUMBER),
    ("dns", NUMBER),
    ("connect", NUMBER),
    ("tls", NUMBER),
    ("wait", NUMBER),
    ("receive", NUMBER),
]);

const RESPONSE: Shape = Fields(&[
    ("status", NUMBER),
    ("reason", STRING),
    ("url", STRING),
    ("headers", Free),
    ("cookies", COOKIES),
    ("redirect", REDIRECT),
    ("redirects", Items(&HOP)),
    ("elapsed", NUMBER),
    ("timings", TIMINGS),
    ("bytes", NUMBER),
    ("body", Free),
    ("text", STRING),
]);

static SHAPES: [(&str, Shape); 4] = [
    ("status", NUMBER),
    ("cookies", COOKIES),
    ("redirect", REDIRECT),
    ("response", RESPONSE),
];

/// What other tools call these attributes.
const HABITS: [(&str, &str); 8] = [
    ("status_code", "status"),
    ("statusCode", "status"),
    ("code", "status"),
    ("statusText", "reason"),
    ("json", "body"),
    ("data", "body"),
    ("content", "text"),
    ("duration", "elapsed"),
];

/// Looks at what is asked of a name of the response; `path` are the attributes and items after it,
/// the first one first.
pub(super) fn check<'a>(
    text: &str,
    name: &str,
    path: impl Iterator<Item = &'a Expr<'a>>,
) -> Result<(), TemplateError> {
    let Some((_, shape)) = SHAPES.iter().find(|(known, _)| *known == name) else {
        return Ok(());
    };
    let mut shape: &Shape = shape;
    for part in path {
        let key = match part {
            Expr::GetAttr(attr) => {
                let end = part.span().end_offset as usize;
                Key {
                    name: attr.name.to_owned(),
                    range: end - attr.name.len()..end,
                    quote: "",
                }
            }
            Expr::GetItem(item) => {
                let Expr::Const(constant) = &item.subscript_expr else {
                    return Ok(());
                };
                match (constant.value.as_str(), shape) {
                    (Some(name), _) => {
                        let range = syntax::bytes(constant.span());
                        let quote = &text[range.start..=range.start];
                        Key {
                            name: name.to_owned(),
                            range,
                            quote: if quote == "'" { "'" } else { "\"" },
                        }
                    }
                    (None, Items(item)) => {
                        shape = item;
                        continue;
                    }
                    (None, _) => return Ok(()),
                }
            }
            _ => return Ok(()),
        };
        let base = match part {
            Expr::GetAttr(attr) => &attr.expr,
            Expr::GetItem(item) => &item.expr,
            _ => part,
        };
        let base = &text[syntax::range(text, base)];
        shape = match shape {
            Free => return Ok(()),
            Named(value) => value,
            Fields(fields) => match fields.iter().find(|(known, _)| *known == key.name) {
                Some((_, value)) => value,
                None => return Err(key.unknown(base, fields)),
            },
            Leaf(kind) => {
                let help = format!("use `{base}` as it is, or with a filter");
                return Err(key.of_no_object(base, kind).help(help));
            }
            Items(_) => return Err(key.of_no_object(base, "a list").help(key.of_items(base))),
        };
    }
    Ok(())
}

/// An attribute as it is written.
struct Key {
    name: String,
    range: Range<usize>,
    quote: &'static str,
}

impl Key {
    fn wrong(&self, message: String) -> TemplateError {
        TemplateError::new(Cause::Syntax, "unknown-attribute", message).at(self.range.clone())
    }

    fn unknown(&self, base: &str, fields: &[(&'static str, Shape)]) -> TemplateError {
        let error = self.wrong(format!("`{base}` has no `{}`", self.name));
        let names = || fields.iter().map(|(name, _)| *name);
        let habit = HABITS.iter().find(|(habit, _)| *habit == self.name);
        let habit = habit.map(|(_, meant)| *meant);
        let habit = habit.filter(|meant| names().any(|name| name == *meant));
        match habit.or_else(|| closest(&self.name, names())) {
            Some(meant) => {
                let written = format!("{0}{meant}{0}", self.quote);
                error.fix(
                    format!("did you mean `{meant}`?"),
                    self.range.clone(),
                    written,
                )
            }
            None => error,
        }
        .help(format!("`{base}` has {}", list(names())))
    }

    fn of_no_object(&self, base: &str, kind: &str) -> TemplateError {
        self.wrong(format!("`{base}` is {kind} and has no `{}`", self.name))
    }

    fn of_items(&self, base: &str) -> String {
        if ["length", "size", "count"].contains(&&*self.name) {
            format!("its length is `{base} | length`")
        } else {
            format!("`{base}[0].{}` is of its first item", self.name)
        }
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::super::{cookies, response};
    use super::*;

    fn names(shape: &Shape) -> Vec<&'static str> {
        match shape {
            Fields(fields) => fields.iter().map(|(name, _)| *name).collect(),
            Named(value) | Items(value) => names(value),
            Free | Leaf(_) => Vec::new(),
        }
    }

    #[test]
    fn the_attributes_are_those_that_a_response_has() {
        let mut fields = response::FIELDS.to_vec();
        fields.push("text");
        assert_eq!(names(&RESPONSE), fields);
        assert_eq!(names(&COOKIES), cookies::FIELDS);
        let url = Url::parse("https://example.com/").expect("a URL");
        let crate::json::Json::Object(parts) = response::url_parts(&url) else {
            panic!("an address is an object");
        };
        let parts: Vec<String> = parts.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(names(&REDIRECT), parts);
    }
}
