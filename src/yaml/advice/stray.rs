//! Rules for what got into a file by accident: a merge conflict, blanks that are none, a dash
//! without a blank, a comma that was forgotten at the end of a line.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::broken::Broken;
use super::line::{line_at, quoted_length};
use crate::diagnostic::Diagnostic;
use crate::source::BYTE_ORDER_MARK;

/// `<<<<<<< HEAD`
pub(super) fn merge_conflict(broken: &Broken<'_>) -> Option<Diagnostic> {
    let begins = |mark: &str| {
        let inside = format!("\n{mark}");
        let at = broken.text.find(&inside).map(|at| at + 1);
        at.or_else(|| broken.text.starts_with(mark).then_some(0))
    };
    let (start, _) = (begins("<<<<<<< ")?, begins(">>>>>>> ")?);
    let message = "a merge conflict was left here";
    Some(
        broken
            .error("yaml-syntax", message, line_at(broken.text, start))
            .help("keep one of the two sides, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`"),
    )
}

/// The blamed line and the nearest one above it that holds something.
fn nearest_lines(broken: &Broken<'_>) -> impl Iterator<Item = Range<usize>> {
    let line = broken.line();
    let above = broken.text[..line.start].trim_end().len();
    let above = (above > 0).then(|| line_at(broken.text, above - 1));
    [Some(line), above].into_iter().flatten()
}

/// A blank of another kind before the text of a line, as some programs paste it.
pub(super) fn odd_blank(broken: &Broken<'_>) -> Option<Diagnostic> {
    let (at, blank) = nearest_lines(broken).find_map(|line| {
        let mut content = &broken.text[line.clone()];
        if line.start == 0 {
            content = content.strip_prefix(BYTE_ORDER_MARK).unwrap_or(content);
        }
        let content = content.trim_start_matches([' ', '-']);
        let first = content.chars().next()?;
        let is_odd = (first.is_whitespace() && !first.is_ascii())
            || matches!(first, '\u{200b}' | BYTE_ORDER_MARK);
        is_odd.then_some((line.end - content.len(), first))
    })?;
    let code = u32::from(blank);
    let place = at..at + blank.len_utf8();
    let message = format!("a space of another kind: U+{code:04X}");
    Some(broken.error("indentation", message, place.clone()).fix(
        "write an ordinary space",
        broken.span(place),
        " ",
    ))
}

/// `-name: x`
pub(super) fn glued_dash(broken: &Broken<'_>) -> Option<Diagnostic> {
    let dash = nearest_lines(broken).find_map(|line| {
        let content = broken.text[line.clone()].trim_start();
        let key = content.strip_prefix('-')?;
        let word = key.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        let behind = key[word..].strip_prefix(':')?;
        let is_key = word > 0 && (behind.trim().is_empty() || behind.starts_with(' '));
        is_key.then_some(line.end - content.len())
    })?;
    let place = broken.span(dash + 1..dash + 1);
    Some(
        broken
            .error(
                "yaml-syntax",
                "a space is missing after the `-`",
                dash..dash + 1,
            )
            .fix("add it", place, " "),
    )
}

/// Two lines of a JSON object without a comma between them.
pub(super) fn missing_comma(broken: &Broken<'_>) -> Option<Diagnostic> {
    let fits = matches!(
        broken.kind,
        ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::InvalidTrailingDoubleQuotedScalar
            | ErrorKind::InvalidTrailingSingleQuotedScalar
    );
    let line = broken.line();
    let content = broken.text[line.clone()].trim_start();
    let key = quoted_length(content).filter(|_| fits)?;
    let before = broken.text[..line.start].trim_end();
    let is_joined = before.ends_with([',', '{', '[', ':']);
    let inside = broken.open_bracket.is_none_or(|open| open < line.start);
    if is_joined || before.is_empty() || !inside || !content[key..].trim_start().starts_with(':') {
        return None;
    }
    let end = before.len();
    let last = before.chars().next_back().map_or(0, char::len_utf8);
    Some(
        broken
            .error("yaml-syntax", "a `,` is missing", end - last..end)
            .fix("add it", broken.span(end..end), ","),
    )
}
