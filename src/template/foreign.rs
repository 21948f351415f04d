//! Text of other tools where an expression is expected: `$.id`, `{{$guid}}`, `jsonpath "$.id"`,
//! typographic quotes.

use std::ops::Range;

use super::error::TemplateError;
use super::hints::syntax_error;

/// What Postman calls its dynamic variables, and what does the same here.
const DYNAMIC: &[(&str, &str)] = &[
    ("$guid", "uuid()"),
    ("$randomUUID", "uuid()"),
    ("$timestamp", "timestamp()"),
    ("$isoTimestamp", "now()"),
    ("$randomInt", "random_int(0, 1000)"),
    ("$randomAlphaNumeric", "random_string(1)"),
    ("$randomPassword", "random_string(15)"),
];

/// Explains an error at a place that holds something of another tool; `None` if it holds nothing
/// known.
pub(super) fn explain(text: &str, at: &Range<usize>) -> Option<TemplateError> {
    match text.get(at.start..)?.chars().next()? {
        '$' => Some(dollar(text, at.start)),
        quote @ ('“' | '”' | '„' | '‘' | '’' | '«' | '»') => {
            let message = format!("`{quote}` is not a quote that expressions know");
            let place = at.start..at.start + quote.len_utf8();
            Some(syntax_error(message, place).help("write `\"` or `'` around a string"))
        }
        '\u{a0}' => {
            let error = syntax_error(
                "a no-break space is not a space here",
                at.start..at.start + 2,
            );
            Some(error.fix("write a space", at.start..at.start + 2, " "))
        }
        ';' => {
            let place = at.start..at.start + 1;
            let error = syntax_error("unexpected `;`", place.clone());
            Some(if text[place.end..].trim().is_empty() {
                error.fix("remove it", at.start..text.len(), "")
            } else {
                error.help("write what follows as an expression of its own")
            })
        }
        _ => None,
    }
}

/// A JSONPath, or a variable as Postman and shells write it.
fn dollar(text: &str, at: usize) -> TemplateError {
    let rest = &text[at..];
    if rest.starts_with("$.") || rest.starts_with("$[") {
        let length = path_length(rest);
        let path = &rest[..length];
        let error = syntax_error(
            format!("`{path}` is a JSONPath, where an expression belongs"),
            at..at + length,
        );
        let is_simple = !path.contains("..") && !path.contains(['*', '?', '@', ':', '-']);
        return if is_simple {
            error.fix("write it as an expression", at..at + 1, "body")
        } else {
            error.help("use it as a filter, as in `body | jsonpath(\"$..id\")`")
        };
    }
    let word = rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let length = word.map_or(rest.len(), |length| length + 1);
    let variable = &rest[..length];
    let message = format!("`{variable}` is not a name: names have no `$`");
    let error = syntax_error(message, at..at + length);
    let dynamic = DYNAMIC.iter().find(|(known, _)| *known == variable);
    match dynamic {
        Some((_, function)) => error.fix(format!("write `{function}`"), at..at + length, *function),
        None if length > 1 => error.fix("leave the `$` out", at..at + 1, ""),
        None => error,
    }
}

/// How long the JSONPath is that a text begins with.
fn path_length(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '[' => depth += 1,
            ']' if depth > 0 => depth -= 1,
            '.' | '*' | '_' => {}
            c if c.is_alphanumeric() => {}
            _ if depth > 0 => {}
            _ => return at,
        }
    }
    text.len()
}

/// What to type where an expression is over and something follows.
pub(super) fn behind_the_end(text: &str, at: usize) -> Option<String> {
    let before = text[..at].trim_end();
    let word = before
        .rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .next()?;
    let found = &text[at..];
    let is_alone = before.len() == word.len();
    let quoted = found.chars().next().filter(|c| ['"', '\''].contains(c));
    let argument = quoted.and_then(|quote| {
        let length = found[1..].find(quote)?;
        Some(&found[..length + 2])
    });
    Some(match (word, argument) {
        ("jsonpath", Some(path)) if is_alone => format!("write `body | jsonpath({path})`"),
        ("regex", Some(regex)) if is_alone => format!("write `body | regex({regex})`"),
        ("header", Some(name)) if is_alone => format!("write `headers[{name}]`"),
        ("cookie", Some(name)) if is_alone => format!("write `cookies[{name}]`"),
        ("variable", Some(name)) if is_alone => {
            format!("write the name alone: `{}`", name.trim_matches(['"', '\'']))
        }
        ("HTTP", None) if is_alone => format!("write `status == {}`", first_word(found)),
        ("typeof", _) if is_alone => "write a test, as in `x is string`".to_owned(),
        ("new", _) if is_alone => "nothing is made by `new` here; the time is `now()`".to_owned(),
        ("if", None) if is_alone => "write the condition alone, without `if`".to_owned(),
        (name, _)
            if is_alone && found.starts_with(|c: char| c.is_ascii_digit() || "\"'".contains(c)) =>
        {
            format!("write `{name} == {found}`")
        }
        (_, _) if first_word(found).eq_ignore_ascii_case("like") => {
            format!("write `{before} is matching(\"…\")`, with a regular expression")
        }
        (_, _) => "an operator is missing before it, such as `==`, `in` or `and`".to_owned(),
    })
}

/// A text up to its first space.
fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}
