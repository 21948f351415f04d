//! Regular expressions and `JSONPath`s: compiled within bounds, and what is wrong with one in words.

use std::fmt;
use std::ops::Range;

use regex::{Regex, RegexBuilder};
use serde_json_path::JsonPath;

/// How many bytes a compiled regular expression may take, and its cache.
const REGEX_SIZE_LIMIT: usize = 1 << 20;

/// Why a pattern can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPattern {
    /// The code of the diagnostic: `bad-regex` or `bad-jsonpath`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to type instead.
    pub help: String,
    /// The bytes of the pattern that are wrong, where they are known.
    pub at: Option<Range<usize>>,
}

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for BadPattern {}

/// Compiles a regular expression, unless it would take too much memory.
pub fn regex(pattern: &str) -> Result<Regex, BadPattern> {
    let result = RegexBuilder::new(pattern)
        .size_limit(REGEX_SIZE_LIMIT)
        .dfa_size_limit(REGEX_SIZE_LIMIT)
        .build();
    result.map_err(|error| match error {
        regex::Error::Syntax(report) => bad_regex(pattern, &report),
        _ => BadPattern {
            code: "bad-regex",
            message: "the regular expression grows too large".into(),
            help: "lower its counts, as in `{1000}`".into(),
            at: None,
        },
    })
}

/// Takes the place and the message out of the drawing that the regex crate makes.
fn bad_regex(pattern: &str, report: &str) -> BadPattern {
    let message = report
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("error: "))
        .unwrap_or("it can't be read");
    let carets = report
        .lines()
        .find(|line| line.contains('^') && line.chars().all(|char| char == ' ' || char == '^'));
    // The pattern is drawn after four spaces; one of several lines is drawn otherwise.
    let at = carets.filter(|_| !pattern.contains('\n')).and_then(|line| {
        let first = line.find('^')?.checked_sub(4)?;
        let count = line[first + 4..].len();
        let byte = |nth: usize| {
            pattern
                .char_indices()
                .nth(nth)
                .map_or(pattern.len(), |(at, _)| at)
        };
        Some(byte(first)..byte(first + count))
    });
    let found = at.clone().and_then(|at| pattern.get(at)).unwrap_or("");
    BadPattern {
        code: "bad-regex",
        message: format!("invalid regular expression: {message}"),
        help: regex_help(message, found),
        at,
    }
}

/// What to type where the regex crate has this to say of `found`.
fn regex_help(message: &str, found: &str) -> String {
    let literal = |close: &str, open: &str| {
        format!("close it with `{close}`, or write `\\{open}` for the character itself")
    };
    match message {
        "unclosed group" => literal(")", "("),
        "unclosed character class" => literal("]", "["),
        "unclosed counted repetition" => literal("}", "{"),
        "unopened group" => "open it with `(`, or write `\\)` for the character itself".into(),
        "repetition operator missing expression" => {
            format!("write what is repeated before it, or `\\{found}` for the character itself")
        }
        "invalid repetition count range, the start must be <= the end" => {
            "write the smaller count first".into()
        }
        "invalid character class range, the start must be <= the end" => {
            "write the smaller character first, or `\\-` for the character itself".into()
        }
        "Unicode property not found" => {
            "properties are as in `\\p{L}` for letters, `\\p{Lu}` or `\\p{Greek}`".into()
        }
        _ if message.contains("escape sequence") => {
            "write `\\\\` for a backslash; a character that means nothing needs none".into()
        }
        _ if message.contains("look-around") || message.contains("backreference") => {
            "match the whole and check the rest by another assert".into()
        }
        _ => "write a `\\` before a character that stands for itself, as in `\\[`".into(),
    }
}

/// Reads a `JSONPath` (RFC 9535).
pub fn json_path(pattern: &str) -> Result<JsonPath, BadPattern> {
    JsonPath::parse(pattern).map_err(|error| {
        let fault = path_fault(pattern);
        let at = fault.at.unwrap_or(error.position());
        let next = pattern.get(at..).and_then(|rest| rest.chars().next());
        BadPattern {
            code: "bad-jsonpath",
            message: format!("invalid JSONPath: {}", fault.message),
            help: fault.help,
            at: next.map(|next| at..at + next.len_utf8()),
        }
    })
}

/// What is wrong with a `JSONPath`, and at which byte, if that is known better than by its parser.
struct PathFault {
    message: String,
    help: String,
    at: Option<usize>,
}

fn path_fault(pattern: &str) -> PathFault {
    const EXAMPLES: &str = "a JSONPath is as in `$.items[0].id`, `$..id` or `$[\"content-type\"]`";
    let fault = |message: &str, help: &str, at| PathFault {
        message: message.to_owned(),
        help: help.to_owned(),
        at,
    };
    if pattern.trim().is_empty() {
        return fault("it is empty", EXAMPLES, None);
    }
    if !pattern.starts_with('$') {
        let name = pattern.trim().trim_start_matches('.');
        let help = format!("write `$.{name}`, or `$..{name}` for any depth");
        return fault("it must begin with `$`", &help, Some(0));
    }
    if let Some((at, open)) = unclosed(pattern) {
        return match open {
            '[' => fault("`[` is never closed", "close it with `]`", Some(at)),
            '(' => fault("`(` is never closed", "close it with `)`", Some(at)),
            quote => {
                let help = format!("close it with `{quote}`");
                fault("this string is never closed", &help, Some(at))
            }
        };
    }
    if let Some(at) = lone_equals(pattern) {
        return fault("`=` is not an operator in a filter", "write `==`", Some(at));
    }
    if pattern.trim_end().ends_with('.') {
        return fault(
            "a name is missing after the `.`",
            "write one, as in `$.id`, or remove the `.`",
            Some(pattern.trim_end().len() - 1),
        );
    }
    if let Some((at, help)) = odd_name(pattern) {
        let odd = pattern[at..].chars().next().unwrap_or_default();
        let message = format!("`{odd}` can't be in a name after a `.`");
        return fault(&message, &help, Some(at));
    }
    fault("it can't be read from here on", EXAMPLES, None)
}

/// The bracket or quote of a `JSONPath` that is never closed, and its byte.
fn unclosed(pattern: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut escaped = false;
    for (at, c) in pattern.char_indices() {
        match open.last() {
            Some((_, quote @ ('"' | '\''))) => {
                let closes = c == *quote && !escaped;
                escaped = c == '\\' && !escaped;
                if closes {
                    open.pop();
                }
            }
            last => match (c, last) {
                // A quote means something in brackets only.
                ('[' | '(', _) | ('"' | '\'', Some(_)) => open.push((at, c)),
                (']', Some((_, '['))) | (')', Some((_, '('))) => drop(open.pop()),
                _ => {}
            },
        }
    }
    open.pop()
}

/// The byte of a `=` in a filter that is no part of `==`, `!=`, `<=` or `>=`.
fn lone_equals(pattern: &str) -> Option<usize> {
    let bytes = pattern.as_bytes();
    let filter = pattern.find('?')?;
    (filter..bytes.len()).find(|at| {
        let before = bytes[at - 1];
        let after = bytes.get(at + 1);
        bytes[*at] == b'=' && !b"=!<>".contains(&before) && after != Some(&b'=')
    })
}

/// The byte of a character that a name after a `.` can't hold (RFC 9535 §2.5.1.1), outside of
/// brackets, and the path with that name in brackets.
fn odd_name(pattern: &str) -> Option<(usize, String)> {
    let mut depth = 0;
    let mut start = None;
    for (at, c) in pattern.char_indices().skip(1) {
        match c {
            '[' => {
                depth += 1;
                start = None;
            }
            ']' => depth -= 1,
            '.' if depth == 0 => start = Some(at),
            _ if depth > 0
                || c == '*'
                || c == '_'
                || c.is_ascii_alphanumeric()
                || !c.is_ascii() => {}
            _ => {
                let start = start?;
                let rest = &pattern[start + 1..];
                let name = &rest[..rest.find(['.', '[']).unwrap_or(rest.len())];
                let before = &pattern[..start];
                let after = &rest[name.len()..];
                let help = format!("write `{before}[\"{name}\"]{after}`");
                return Some((at, help));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(error: &BadPattern, pattern: &str) -> String {
        let at = error.at.clone().map_or("", |at| &pattern[at]);
        format!("{} at `{at}`; {}", error.message, error.help)
    }

    #[test]
    fn a_wrong_regular_expression_is_explained_at_its_place() {
        let at = |pattern: &str| told(&regex(pattern).unwrap_err(), pattern);
        assert_eq!(
            at("żab(c"),
            "invalid regular expression: unclosed group at `(`; close it with `)`, or write `\\(` for the character itself"
        );
        assert_eq!(
            at("(a{1000}){1000}"),
            "the regular expression grows too large at ``; lower its counts, as in `{1000}`"
        );
        assert_eq!(
            at("*a"),
            "invalid regular expression: repetition operator missing expression at `*`; write what is repeated before it, or `\\*` for the character itself"
        );
    }

    #[test]
    fn a_wrong_json_path_is_explained_at_its_place() {
        for (pattern, expected) in [
            ("", "it is empty at ``"),
            (
                "id",
                "it must begin with `$` at `i`; write `$.id`, or `$..id` for any depth",
            ),
            ("$.items[", "`[` is never closed at `[`; close it with `]`"),
            (
                "$.a[?@.id == 'x]",
                "this string is never closed at `'`; close it with `'`",
            ),
            (
                "$.a[?(@.id == 1]",
                "`(` is never closed at `(`; close it with `)`",
            ),
            (
                "$.a[?(@.id = 1)]",
                "`=` is not an operator in a filter at `=`; write `==`",
            ),
            ("$.id.", "a name is missing after the `.` at `.`"),
            (
                "$.headers.content-type[0]",
                "`-` can't be in a name after a `.` at `-`; write `$.headers[\"content-type\"][0]`",
            ),
            ("$.a[x]", "it can't be read from here on at"),
        ] {
            let error = json_path(pattern).unwrap_err();
            let told = told(&error, pattern);
            let expected = format!("invalid JSONPath: {expected}");
            assert!(told.starts_with(&expected), "{told}\n{expected}");
        }
    }
}
