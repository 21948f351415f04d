//! What a value of the wrong type was probably meant to be: a curl-like line where a mapping
//! belongs, one assert where a list does, other tools' checks where an expression does.

use crate::diagnostic::closest;
use crate::yaml::format::in_flow;
use crate::yaml::{Kind, Meant, Misread, Node};

/// The value as it should probably be written.
pub(super) fn meant(misread: &Misread<'_>) -> Option<Meant> {
    let path = misread.path;
    let last = path.rsplit('.').next().unwrap_or(path);
    let node = misread.node;
    if path.ends_with("assert[]") {
        let value = quoted(
            &comparisons(node).filter(|all| all.len() == 1)?.remove(0),
            false,
        );
        return Some(Meant {
            message: "write an expression",
            value,
        });
    }
    let holder = path.rsplit('.').nth(1).unwrap_or("");
    if holder == "capture" {
        return capture(node);
    }
    let (message, value) = match last {
        "assert" => ("write a list", listed(&asserts(node)?)),
        "tags" | "requires" => ("write a list", listed(&words(node.as_text()?)?)),
        "request" => ("write a mapping", request(node.as_text()?)?),
        "authorize" => {
            let url = address(node.as_text()?)?;
            ("write a mapping", mapped(&[("url", url)]))
        }
        "capture" => ("write a mapping", joined(node)?),
        "headers" => {
            let one = || {
                let header = node.as_text().and_then(header);
                header.map(|(name, value)| mapped(&[(name, value)]))
            };
            ("write a mapping", one().or_else(|| joined(node))?)
        }
        "query" | "form" => {
            let pairs = || node.as_text().and_then(|text| pairs(text, '&'));
            let value = pairs().map(|pairs| mapped(&pairs));
            ("write a mapping", value.or_else(|| joined(node))?)
        }
        "cookies" => {
            let pairs = || node.as_text().and_then(|text| pairs(text, ';'));
            let value = pairs().map(|pairs| mapped(&pairs));
            ("write a mapping", value.or_else(|| joined(node))?)
        }
        "auth" => auth(node.as_text()?)?,
        _ => return None,
    };
    Some(Meant { message, value })
}

/// A text as it stands where it is, or in brackets.
fn quoted(text: &str, is_flow: bool) -> String {
    if is_flow
        || text.contains(": ")
        || text.contains(" #")
        || text.starts_with(['"', '\'', '[', '{'])
    {
        in_flow(text)
    } else {
        text.to_owned()
    }
}

fn listed<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|item| quoted(item.as_ref(), true))
        .collect();
    format!("[{}]", items.join(", "))
}

fn mapped(entries: &[(&str, &str)]) -> String {
    let entry = |(name, value): &(&str, &str)| format!("{}: {}", in_flow(name), in_flow(value));
    let entries: Vec<String> = entries.iter().map(entry).collect();
    format!("{{ {} }}", entries.join(", "))
}

/// The asserts that stand in a text, or in a mapping of other tools.
fn asserts(node: &Node) -> Option<Vec<String>> {
    match &node.kind {
        Kind::Scalar(_) => {
            let text = node.as_text()?;
            (!text.contains('\n') && text.contains(' ')).then(|| vec![text.to_owned()])
        }
        _ => comparisons(node),
    }
}

/// `status: 200` of other tools as `status == 200`; `None` if a key is no name with attributes.
fn comparisons(node: &Node) -> Option<Vec<String>> {
    let is_operand = |key: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_.[]".contains(c);
        key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(allowed)
    };
    let comparison = |(key, value): (&str, &Node)| {
        let scalar = value.scalar()?;
        if !is_operand(key) || scalar.text.contains('\n') {
            return None;
        }
        let literal = match &*scalar.text {
            _ if scalar.is_null() => "none".to_owned(),
            word @ ("true" | "false") if scalar.typed => word.to_owned(),
            text if scalar.typed && text.parse::<f64>().is_ok() => text.to_owned(),
            text if text.contains(['"', '\\']) => format!("'{}'", text.replace('\'', "\\'")),
            text => format!("\"{text}\""),
        };
        Some(format!("{key} == {literal}"))
    };
    let entries = node.entries().iter();
    let all: Option<Vec<String>> = entries
        .map(|entry| comparison((&entry.key.name, &entry.value)))
        .collect();
    all.filter(|all| !all.is_empty())
}

/// `{ jsonpath: $.id }` and its like of other tools as an expression.
fn capture(node: &Node) -> Option<Meant> {
    let expression = match (node.entries(), node.items()) {
        ([only], _) => {
            let argument = only.value.as_text().filter(|text| !text.contains('"'))?;
            match &*only.key.name {
                "jsonpath" | "json" | "path" if argument.starts_with('$') => {
                    format!("body | jsonpath(\"{argument}\")")
                }
                "regex" => format!("body | regex(\"{argument}\")"),
                "header" | "headers" => format!("headers[\"{argument}\"]"),
                "cookie" | "cookies" => format!("cookies[\"{argument}\"]"),
                _ => return None,
            }
        }
        (_, [only]) => only.as_text()?.to_owned(),
        _ => return None,
    };
    Some(Meant {
        message: "write an expression",
        value: quoted(&expression, true),
    })
}

/// A list of mappings as one mapping: headers, captures and the like in the manner of other tools.
fn joined(node: &Node) -> Option<String> {
    let mut entries = Vec::new();
    for item in node.items() {
        match &item.kind {
            Kind::Map(parts) => {
                for part in parts.iter() {
                    entries.push((&*part.key.name, part.value.as_text()?));
                }
            }
            Kind::Scalar(scalar) => entries.push(header(&scalar.text)?),
            Kind::List(_) | Kind::Broken => return None,
        }
    }
    let mut names: Vec<&str> = entries.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    let all_differ = names.len() == entries.len();
    let is_prose = entries.iter().any(|(_, value)| value.contains('\n'));
    (!entries.is_empty() && all_differ && !is_prose).then(|| mapped(&entries))
}

/// `Name: value`.
fn header(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once(": ")?;
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let fits = !name.is_empty() && name.chars().all(is_token) && !value.contains('\n');
    fits.then_some((name, value.trim()))
}

/// `a=1&b=2`.
fn pairs(text: &str, between: char) -> Option<Vec<(&str, &str)>> {
    let pairs = text.split(between).map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        let fits = !name.is_empty() && !name.contains(char::is_whitespace);
        fits.then_some((name, value))
    });
    pairs.collect()
}

/// Words between commas.
fn words(text: &str) -> Option<Vec<&str>> {
    (!text.contains('\n') && text.contains(','))
        .then(|| text.split(',').map(str::trim).collect::<Vec<_>>())
        .filter(|words| words.iter().all(|word| !word.is_empty()))
}

/// An address, whole or from a variable on.
fn address(text: &str) -> Option<&str> {
    let begins = ["http://", "https://", "{{", "/"];
    let is_address = begins.iter().any(|start| text.starts_with(start));
    (is_address && !text.contains('\n')).then_some(text)
}

/// `GET http://a/`, as Hurl and `.http` files have it, or an address alone.
fn request(text: &str) -> Option<String> {
    if let Some(url) = address(text) {
        return Some(mapped(&[("url", url)]));
    }
    let (method, rest) = text.split_once(' ')?;
    let url = address(rest.trim())?;
    let is_method = method.chars().all(|c| c.is_ascii_uppercase());
    is_method.then(|| mapped(&[("method", method), ("url", url)]))
}

/// `Bearer …`, as it stands in the header.
fn auth(text: &str) -> Option<(&'static str, String)> {
    if let Some(token) = text.strip_prefix("Bearer ") {
        return Some(("write a mapping", mapped(&[("bearer", token.trim())])));
    }
    closest(text, ["none"]).map(|none| ("did you mean `none`?", none.to_owned()))
}
