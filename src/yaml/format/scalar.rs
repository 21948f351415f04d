//! Quotes: none where none are needed, double ones where they do, single ones where double ones
//! would need a backslash.

use crate::yaml::advice::quote;
use crate::yaml::scalar::{Core, resolve};
use crate::yaml::tree::Style;

/// How a scalar on one line is written.
pub(super) fn written(raw: &str, style: Style, text: &str, is_flow: bool) -> String {
    if !matches!(style, Style::Single | Style::Double) || raw.contains('\n') {
        return raw.to_owned();
    }
    if is_plain(text, is_flow) {
        return text.to_owned();
    }
    let is_visible = !text.contains(|c: char| c.is_control() || is_special(c));
    match style {
        Style::Single if is_visible && !text.contains(['"', '\\']) => format!("\"{text}\""),
        Style::Double if is_visible && !text.contains('\'') && has_only_marks(raw) => {
            format!("'{text}'")
        }
        _ => raw.to_owned(),
    }
}

/// A string as it is written on one line inside `[ ]` or `{ }`.
pub fn in_flow(text: &str) -> String {
    if is_plain(text, true) {
        text.to_owned()
    } else {
        quote(text)
    }
}

/// Whether the escapes of a text in double quotes are `\"` and `\\`, and there is one.
fn has_only_marks(raw: &str) -> bool {
    let mut characters = raw[1..raw.len() - 1].chars();
    let mut found = false;
    while let Some(c) = characters.next() {
        if c == '\\' {
            found = true;
            if !matches!(characters.next(), Some('"' | '\\')) {
                return false;
            }
        }
    }
    found
}

fn is_special(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Whether a text is the same without quotes, for every reader of YAML and of 1.1 too, and for
/// people: what looks like a template keeps its quotes.
fn is_plain(text: &str, is_flow: bool) -> bool {
    const WORDS: [&str; 10] = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "none",
    ];
    let begins = |c: char| c.is_alphabetic() || matches!(c, '_' | '/' | '$' | '(' | '.' | '^');
    let is_template = ["{{", "}}", "{%", "%}", "{#"]
        .iter()
        .any(|mark| text.contains(mark));
    text.starts_with(begins)
        && !text.starts_with("..")
        && !text.ends_with([' ', ':'])
        && !is_template
        && !text.contains(": ")
        && !text.contains('#')
        && !text.contains(|c: char| c.is_control() || is_special(c))
        && !(is_flow && text.contains([',', '[', ']', '{', '}', ':', '"', '\'']))
        && resolve(text) == Core::Text
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
        && !text.starts_with(|c: char| {
            c == '.' && text.len() > 1 && text[1..].starts_with(|c: char| c.is_ascii_digit())
        })
}
