//! The rule for escapes in double quotes that YAML does not know, mostly of regular expressions.

use granit_parser::ErrorKind;

use super::broken::Broken;
use super::line::quoted_length;
use crate::diagnostic::Diagnostic;

pub(super) fn escape(broken: &Broken<'_>) -> Option<Diagnostic> {
    let wrong: fn(&str) -> bool = match broken.kind {
        ErrorKind::UnknownQuotedScalarEscape => {
            |name: &str| !name.starts_with(|c: char| "0abt\tnvfre \"/\\N_LPxuU\r\n".contains(c))
        }
        ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => |name: &str| name.starts_with(['x', 'u', 'U']),
        _ => return None,
    };
    let text = broken.rest();
    let length = quoted_length(text).unwrap_or(text.len());
    let mut at = 1;
    while let Some(next) = text[at..length].find('\\') {
        at += next;
        let name = &text[at + 1..length];
        if wrong(name) && !is_whole_escape(name) {
            break;
        }
        at += 1 + name.chars().next().map_or(0, char::len_utf8);
    }
    let name: String = text[at..length].chars().take(2).collect();
    if !name.starts_with('\\') {
        return None;
    }
    let inside = &text[1..length];
    let place = broken.at + at;
    let message = format!("`{name}` is not an escape of double quotes");
    let error = broken
        .error("yaml-syntax", message, place..place + name.len())
        .help("in single quotes a `\\` is an ordinary character");
    if !has_doubtful_escape(inside, wrong) {
        let backslash = broken.span(place..place + 1);
        return Some(error.fix("double the `\\`", backslash, "\\\\").certain());
    }
    // What the other escapes mean is not ours to decide, so that this is only proposed.
    let inside = inside.strip_suffix('"').filter(|inside| is_plain(inside));
    let Some(inside) = inside else {
        return Some(error);
    };
    let whole = broken.span(broken.at..broken.at + length);
    Some(error.fix("use single quotes", whole, format!("'{inside}'")))
}

/// Whether a text has, beside the wrong escapes and those that say what they mean (`\\`, `\"`),
/// others, such as the bell `\a` in `C:\users\ada`.
fn has_doubtful_escape(text: &str, wrong: fn(&str) -> bool) -> bool {
    let mut rest = text;
    while let Some((_, name)) = rest.split_once('\\') {
        let is_wrong = wrong(name) && !is_whole_escape(name);
        if !is_wrong && !name.starts_with(['\\', '"']) {
            return true;
        }
        let mut after = name.chars();
        after.next();
        rest = after.as_str();
    }
    false
}

/// Whether a text stays what it is when single quotes are put around it.
fn is_plain(text: &str) -> bool {
    !text.contains(['\'', '\n', '\r']) && !text.contains("\\\\") && !text.contains("\\\"")
}

/// Whether an escape by number is complete and no half of a pair.
fn is_whole_escape(name: &str) -> bool {
    let digits = match name.bytes().next() {
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        _ => return false,
    };
    let code = name.get(1..=digits).map(|hex| u32::from_str_radix(hex, 16));
    let Some(Ok(code)) = code else {
        return false;
    };
    let pair = (0xD800..0xDC00).contains(&code)
        && name.get(5..).is_some_and(|rest| rest.starts_with("\\u"))
        && is_low_half(name.get(7..11));
    char::from_u32(code).is_some() || pair
}

fn is_low_half(hex: Option<&str>) -> bool {
    hex.and_then(|hex| u32::from_str_radix(hex, 16).ok())
        .is_some_and(|code| (0xDC00..0xE000).contains(&code))
}
