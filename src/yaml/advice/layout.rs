//! Rules for lines that stand where they can't: tabs, indentation, open brackets, missing colons.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::broken::Broken;
use super::line::{glued_key, line_at, quoted_length, shorten};
use crate::diagnostic::Diagnostic;

/// How far a list or mapping is indented in the fix for a tab.
const INDENT: &str = "  ";

pub(super) fn tab(broken: &Broken<'_>) -> Option<Diagnostic> {
    let at = match broken.kind {
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => broken.at,
        _ => return None,
    };
    // The parser blames the beginning of a text whose next line begins with a tab.
    let mut line = line_at(broken.text, at);
    let tabs = loop {
        let tabs = leading_blanks(broken.text, line.clone());
        if broken.text[tabs.clone()].contains('\t') {
            break tabs;
        }
        if line.end + 1 >= broken.text.len() {
            return None;
        }
        line = line_at(broken.text, line.end + 1);
    };
    let blanks = broken.text[tabs.clone()].replace('\t', INDENT);
    Some(
        broken
            .error("tab-indentation", "a tab can't indent YAML", tabs.clone())
            .help("let the editor insert spaces")
            .fix("use spaces", broken.span(tabs), blanks),
    )
}

fn leading_blanks(text: &str, line: Range<usize>) -> Range<usize> {
    let content = &text[line.clone()];
    let blanks = content.len() - content.trim_start_matches([' ', '\t']).len();
    line.start..line.start + blanks
}

/// Whether the `:` at `colon` is the one behind the key that a line begins with.
pub(super) fn begins_with_key(line: &str, colon: usize) -> bool {
    let before = line.get(..colon).unwrap_or("").trim_start();
    let before = before.trim_start_matches("- ").trim_start();
    match quoted_length(before) {
        Some(length) => before[length..].trim().is_empty(),
        None => !before.contains(": ") && !before.contains(['{', '[']),
    }
}

pub(super) fn bracket(broken: &Broken<'_>) -> Option<Diagnostic> {
    if broken.open_bracket.is_some() && broken.rest().starts_with(',') {
        let message = "a value is missing before this `,`";
        let diagnostic = broken.error("yaml-syntax", message, broken.at..broken.at + 1);
        return Some(diagnostic.help("write the value, or remove the `,`"));
    }
    let (open, message) = match broken.kind {
        ErrorKind::UnclosedFlowCollection { open } => (
            broken.at,
            format!("a `{open}` is opened here and not closed"),
        ),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => (
            broken.at,
            format!("a `{open}` is opened here and closed by a `{close}`"),
        ),
        ErrorKind::MisplacedFlowCollectionEnd => {
            let close = broken.rest().chars().next()?;
            let message = format!("a `{close}` closes nothing");
            let diagnostic = broken.error("unclosed-bracket", message, broken.at..broken.at + 1);
            return Some(diagnostic.help("remove it, or put the whole value in quotes"));
        }
        ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            let open = broken.open_bracket?;
            let character = broken.text.get(open..)?.chars().next()?;
            (
                open,
                format!("a `{character}` is opened here and not closed"),
            )
        }
        _ => return None,
    };
    let line = broken.line();
    let diagnostic = broken
        .error("unclosed-bracket", message, open..open + 1)
        .help("close it where the list or mapping ends; a string that begins with it needs quotes");
    if open >= line.start {
        return Some(diagnostic);
    }
    let content = leading_blanks(broken.text, line.clone()).end..line.end;
    Some(diagnostic.also(broken.span(content), "so this can't be read"))
}

pub(super) fn list_behind_key(broken: &Broken<'_>) -> Option<Diagnostic> {
    if *broken.kind != ErrorKind::BlockSequenceEntryNotAllowed {
        return None;
    }
    let message = "a list can't begin on the line of its key";
    let diagnostic = broken.error("yaml-syntax", message, broken.at..broken.at + 1);
    let item = broken.value_text().strip_prefix("- ").unwrap_or("…");
    Some(
        diagnostic
            .help(format!("begin it on the next line, or write `[{item}]`"))
            .help("put it in quotes if it is a string"),
    )
}

pub(super) fn missing_colon(broken: &Broken<'_>) -> Option<Diagnostic> {
    let mut line = broken.line();
    match broken.kind {
        ErrorKind::SimpleKeyExpected => {}
        // A text without a key, and below it a line with one.
        ErrorKind::MappingValueNotAllowed => {
            let here = leading_blanks(broken.text, line.clone());
            let above = line_above(broken.text, line.start)?;
            let there = leading_blanks(broken.text, above.clone());
            let content = broken.text[there.end..above.end].trim_end();
            let has_key = content.contains(": ") || content.ends_with(':');
            if has_key || there.len() > here.len() {
                return None;
            }
            line = above;
        }
        _ => return None,
    }
    let start = leading_blanks(broken.text, line.clone()).end;
    let content = broken.text[start..line.end].trim_end();
    let text = content.trim_start_matches("- ");
    let range = start + content.len() - text.len()..start + content.len();
    if let Some(colon) = glued_key(text).filter(|colon| !text[colon + 1..].starts_with('-')) {
        let at = range.start + colon + 1;
        return Some(
            broken
                .error("yaml-syntax", "a space is missing after the `:`", range)
                .fix("add it", broken.span(at..at), " ")
                .certain(),
        );
    }
    if text.contains(": ") {
        return None;
    }
    let message = format!("a `:` is missing after `{}`", shorten(text));
    let is_word = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let end = broken.span(range.end..range.end);
    let diagnostic = broken
        .error("yaml-syntax", message, range)
        .help("indent the line deeper if it continues the string above");
    Some(if is_word {
        diagnostic.fix("add it, if this is a key", end, ":")
    } else {
        diagnostic
    })
}

/// The next line above that holds more than blanks and a comment.
fn line_above(text: &str, mut start: usize) -> Option<Range<usize>> {
    loop {
        let line = line_at(text, start.checked_sub(1)?);
        let content = text[line.clone()].trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return Some(line);
        }
        start = line.start;
    }
}

/// A column at which a line may begin, and the text that began there.
struct Column {
    column: usize,
    content: Range<usize>,
}

/// The columns of the line above and of all that it stands in, the deepest first.
fn columns_above(text: &str, start: usize) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut at = start;
    while let Some(line) = line_above(text, at) {
        at = line.start;
        let mut begins = leading_blanks(text, line.clone()).end;
        let mut found = Vec::new();
        loop {
            let content = &text[begins..line.end];
            found.push(Column {
                column: begins - line.start,
                content: begins..begins + content.trim_end().len(),
            });
            let Some(item) = content.strip_prefix("- ") else {
                break;
            };
            begins += 2 + (item.len() - item.trim_start().len());
        }
        for column in found.into_iter().rev() {
            if columns
                .last()
                .is_none_or(|last| column.column < last.column)
            {
                columns.push(column);
            }
        }
        if columns.last().is_some_and(|last| last.column == 0) {
            break;
        }
    }
    columns
}

/// What to do with a line, or with `is`, how it stands: "indent it by 2 blanks".
fn indented(column: usize, is: bool) -> String {
    let verb = if is { "this is indented" } else { "indent it" };
    match (column, is) {
        (0, true) => "this is not indented".to_owned(),
        (0, false) => "don't indent it".to_owned(),
        (1, _) => format!("{verb} by 1 space"),
        (many, _) => format!("{verb} by {many} spaces"),
    }
}

/// A file whose first line begins with `%`, which is for directives.
pub(super) fn directive(broken: &Broken<'_>) -> Option<Diagnostic> {
    let first = broken.text.lines().position(|line| line.starts_with('%'))?;
    let before = broken.text.lines().take(first).map(|line| line.len() + 1);
    let line = line_at(broken.text, before.sum());
    if *broken.kind != ErrorKind::ExpectedDocumentStart || line.start >= broken.at {
        return None;
    }
    let message = "a line that begins with `%` is a directive of YAML";
    Some(
        broken
            .error("reserved-character", message, line)
            .help("put it in quotes if it is a string, else remove it"),
    )
}

/// A line that fits no line above: indented deeper than a value allows, less than the lines it
/// should stand with, or an item among keys.
pub(super) fn indentation(broken: &Broken<'_>) -> Option<Diagnostic> {
    match broken.kind {
        ErrorKind::MappingValueNotAllowed
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::ExpectedDocumentStart
        | ErrorKind::InvalidIndentation => {}
        _ => return None,
    }
    let line = broken.line();
    let leading = leading_blanks(broken.text, line.clone());
    let written = broken.text[leading.end..line.end].trim_end().len();
    let content = leading.end..leading.end + written;
    let is_item = |content: &Range<usize>| broken.text[content.clone()].starts_with("- ");
    let above = columns_above(broken.text, line.start);
    let here = leading.len();
    if let Some(same) = above.iter().find(|one| one.column == here) {
        let message = match (is_item(&content), is_item(&same.content)) {
            (true, false) => "a list item among keys",
            (false, true) => "a key among list items",
            _ => "this line can't be here",
        };
        let closed = broken.text[same.content.clone()].ends_with(['}', ']']);
        let help = if closed {
            "put it inside the brackets above if it belongs there"
        } else {
            "indent it deeper if it belongs to the line above"
        };
        return Some(
            broken
                .error("indentation", message, content)
                .also(broken.span(same.content.clone()), "in line with this")
                .help(help),
        );
    }
    let last = above.first()?;
    let (deepest, last) = (last.column, last.content.clone());
    // An item stands in line with items, a key with keys.
    let brackets = |one: &Column| broken.text[one.content.clone()].starts_with(['{', '[']);
    let fitting: Vec<Column> = above
        .into_iter()
        .filter(|one| is_item(&one.content) == is_item(&content) && !brackets(one))
        .collect();
    if fitting.is_empty() || is_item(&content) && here > deepest {
        return Some(
            broken
                .error("indentation", "this list belongs to no key", content)
                .also(
                    broken.span(last),
                    "this is not a key that waits for a value",
                )
                .help("add the key above the list, as in `steps:`"),
        );
    }
    unfit(broken, leading, content, &fitting)
}

/// A line whose indentation is none of those that it may have.
fn unfit(
    broken: &Broken<'_>,
    leading: Range<usize>,
    content: Range<usize>,
    fitting: &[Column],
) -> Option<Diagnostic> {
    let here = leading.len();
    let distance = |one: &&Column| one.column.abs_diff(here);
    let nearest = fitting.iter().min_by_key(distance)?;
    let too_deep = *broken.kind == ErrorKind::MappingValueNotAllowed;
    let message = if too_deep {
        "this line is indented deeper than the one above, which has a value already"
    } else {
        "the indentation of this line fits no line above"
    };
    let diagnostic = broken.error("indentation", message, content).also(
        broken.span(nearest.content.clone()),
        indented(nearest.column, true),
    );
    let certain = too_deep || fitting.len() == 1 || distance(&nearest) == 1 && nearest.column > 0;
    if !certain {
        let ways: Vec<String> = fitting
            .iter()
            .map(|one| indented(one.column, false))
            .collect();
        return Some(diagnostic.help(ways.join(", or ")));
    }
    Some(diagnostic.fix(
        indented(nearest.column, false),
        broken.span(leading),
        " ".repeat(nearest.column),
    ))
}
