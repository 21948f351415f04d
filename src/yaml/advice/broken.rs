//! Rules for text that YAML can't read because an expression, a template or prose stands in it
//! without quotes.
//!
//! Each rule looks at the place where the parser gave up and says what to type, or nothing.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::line::{begins_with_template, comment_behind, line_at, quote, quoted_length, value_at};
use super::{escape, layout, stray};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

/// The place where the parser gave up, and why.
pub(in crate::yaml) struct Broken<'a> {
    pub text: &'a str,
    pub id: SourceId,
    pub kind: &'a ErrorKind,
    /// The byte that the parser blames.
    pub at: usize,
    /// Where the innermost `[` or `{` stands that was open when the parser gave up.
    pub open_bracket: Option<usize>,
}

/// A rule: what to say, if it is this what is wrong.
type Rule = fn(&Broken<'_>) -> Option<Diagnostic>;

/// The rules; the first that has something to say is the one that speaks.
const RULES: &[(&str, Rule)] = &[
    ("a merge conflict", stray::merge_conflict),
    ("a tab indents a line", layout::tab),
    ("a blank that is none", stray::odd_blank),
    ("`-name: x`", stray::glued_dash),
    ("two lines of JSON without a comma", stray::missing_comma),
    ("`{{ x }}` without quotes", template),
    ("a quote that is not closed", unclosed_quote),
    ("`'don't'` and `\"say \"hi\"\"`", nested_quotes),
    ("`{ \"a\": 1 \"b\": 2 }`", missing_comma),
    ("`\"x\" in y`", behind_quotes),
    ("`[a[0].b]`", bracket_in_flow),
    ("`[1, 2] == x`", behind_bracket),
    ("`Step 1: x`", colon_in_text),
    ("`@x`, `%x`, `*x` and the like", reserved_start),
    ("`\"\\d\"`", escape::escape),
    ("a bracket that is not closed", layout::bracket),
    ("`a: - b`", layout::list_behind_key),
    ("a comment where none may stand", comment),
    ("`url:x`, or a line without `:`", layout::missing_colon),
    ("`%` at the beginning of the file", layout::directive),
    ("a line that is indented like no other", layout::indentation),
];

/// What to type instead of text that YAML can't read, if one of the rules knows.
pub(in crate::yaml) fn advice(broken: &Broken<'_>) -> Option<Diagnostic> {
    RULES.iter().find_map(|(_, rule)| rule(broken))
}

impl Broken<'_> {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.id, range)
    }

    pub(super) fn error(
        &self,
        code: &'static str,
        message: impl Into<String>,
        range: Range<usize>,
    ) -> Diagnostic {
        Diagnostic::error(code, message, self.span(range))
    }

    pub(super) fn line(&self) -> Range<usize> {
        line_at(self.text, self.at)
    }

    /// The text from the blamed byte on.
    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Whether the line begins inside `[` or `{`.
    fn in_flow(&self) -> bool {
        self.open_bracket
            .is_some_and(|open| open < self.line().start)
    }

    /// The value on the line that holds the blamed byte.
    pub(super) fn value(&self) -> Range<usize> {
        value_at(self.text, self.at, self.in_flow())
    }

    pub(super) fn value_text(&self) -> &str {
        self.text.get(self.value()).unwrap_or("")
    }

    /// Whether the value is a part of a line of its own: behind a key, a dash or a bracket.
    pub(super) fn has_key(&self) -> bool {
        let line = self.line();
        let before = self.text.get(line.start..self.value().start);
        before.is_some_and(|before| !before.trim().is_empty())
    }

    /// Adds the replacement that puts the whole value in quotes.
    pub(super) fn quoted(&self, diagnostic: Diagnostic) -> Diagnostic {
        let value = self.value();
        let replacement = quote(&self.text[value.clone()]);
        diagnostic
            .fix(
                "put the whole value in quotes",
                self.span(value),
                replacement,
            )
            .certain()
    }
}

fn template(broken: &Broken<'_>) -> Option<Diagnostic> {
    let value = broken.value();
    let quoted = broken.text[..value.start].ends_with(['"', '\'']);
    if !begins_with_template(broken.value_text()) || broken.at < value.start || quoted {
        return None;
    }
    let mark = &broken.value_text()[..2];
    let message = format!("a value that begins with `{mark}` must be in quotes");
    Some(broken.quoted(broken.error("unquoted-template", message, value)))
}

/// The quotes that YAML reads a text in, by the error that it ends with.
fn trailing_quote(kind: &ErrorKind) -> Option<char> {
    match kind {
        ErrorKind::InvalidTrailingSingleQuotedScalar => Some('\''),
        ErrorKind::InvalidTrailingDoubleQuotedScalar => Some('"'),
        _ => None,
    }
}

fn unclosed_quote(broken: &Broken<'_>) -> Option<Diagnostic> {
    let message = "a quote is opened here and not closed";
    let open = match broken.kind {
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent => broken.at,
        kind => {
            let quote = trailing_quote(kind)?;
            let before = broken.text[..broken.at].trim_end();
            let close = before.len().checked_sub(1)?;
            let open = opening_quote(broken.text, close, quote)?;
            if open >= line_at(broken.text, close).start {
                return None;
            }
            open
        }
    };
    let quote = broken.text.get(open..)?.chars().next()?;
    if !matches!(quote, '"' | '\'') {
        return None;
    }
    let line = line_at(broken.text, open);
    let end = line.start + broken.text[line.clone()].trim_end().len();
    let mut diagnostic = broken.error("unclosed-quote", message, open..end.max(open + 1));
    if open != broken.at {
        let length = broken.rest().chars().next().map_or(0, char::len_utf8);
        let seen = broken.span(broken.at..broken.at + length);
        diagnostic = diagnostic.also(seen, "so the string goes on to here");
    }
    let end = broken.span(end..end);
    Some(diagnostic.fix("close it, if the string ends with the line", end, quote))
}

/// Where the text in quotes that ends at `close` begins; the nearest place that fits.
fn opening_quote(text: &str, close: usize, quote: char) -> Option<usize> {
    const FARTHEST: usize = 4096;
    let from = crate::source::floor_boundary(text, close.saturating_sub(FARTHEST));
    text[from..close]
        .rmatch_indices(quote)
        .map(|(at, _)| from + at)
        .find(|open| {
            let before = text[..*open].chars().next_back();
            before.is_none_or(|before| before.is_whitespace() || "[{,:".contains(before))
                && quoted_length(&text[*open..]) == Some(close + 1 - open)
        })
}

fn nested_quotes(broken: &Broken<'_>) -> Option<Diagnostic> {
    let mark = trailing_quote(broken.kind)?;
    let value = broken.value();
    let text = broken.value_text();
    let inner = text.strip_prefix(mark)?.strip_suffix(mark)?;
    let adjacent = broken.text[..broken.at].ends_with(mark);
    if !adjacent || inner.is_empty() || inner.contains('\\') {
        return None;
    }
    let other = if mark == '"' { '\'' } else { '"' };
    let message = format!("a `{mark}` inside `{mark}` quotes ends the string");
    let ends = broken.at - 1..broken.at;
    let inner = inner.replace("''", "'");
    let replacement = if inner.contains(other) {
        quote(&inner)
    } else {
        format!("{other}{inner}{other}")
    };
    Some(
        broken
            .error("unclosed-quote", message, ends)
            .label("the string ends here")
            .fix("use the other quotes", broken.span(value), replacement)
            .certain(),
    )
}

fn missing_comma(broken: &Broken<'_>) -> Option<Diagnostic> {
    let line = broken.line();
    let before = broken.text[line.start..broken.at].trim_end();
    trailing_quote(broken.kind)?;
    let behind = broken.rest();
    let key = quoted_length(behind)?;
    if !behind[key..].trim_start().starts_with(':') {
        return None;
    }
    let end = line.start + before.len();
    Some(
        broken
            .error("yaml-syntax", "a `,` is missing", end..end + 1)
            .fix("add it", broken.span(end..end), ",")
            .certain(),
    )
}

fn behind_quotes(broken: &Broken<'_>) -> Option<Diagnostic> {
    trailing_quote(broken.kind)?;
    let value = broken.value();
    let length = quoted_length(broken.value_text())?;
    if value.start + length > broken.at || value.end <= broken.at {
        return None;
    }
    let message = "text after the closing quote";
    let diagnostic = broken
        .error("unquoted-expression", message, broken.at..value.end)
        .label("YAML can't read this");
    Some(broken.quoted(diagnostic))
}

fn bracket_in_flow(broken: &Broken<'_>) -> Option<Diagnostic> {
    let separator = matches!(
        broken.kind,
        ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::ExpectedFlowMappingSeparator
    );
    let character = broken.rest().chars().next()?;
    let value = broken.value();
    let quoted = broken.value_text().starts_with(['"', '\'']);
    let inside = value.start < broken.at && broken.at < value.end;
    if !separator || !inside || quoted || character == ':' {
        return None;
    }
    let message = if "[{\"'".contains(character) {
        format!("`{character}` ends a string inside `[ ]` and `{{ }}`")
    } else {
        "inside `[ ]` and `{ }` a string with brackets must be in quotes".to_owned()
    };
    let diagnostic = broken
        .error("unquoted-expression", message, broken.at..value.end)
        .label("YAML can't read this");
    Some(broken.quoted(diagnostic))
}

fn behind_bracket(broken: &Broken<'_>) -> Option<Diagnostic> {
    let value = broken.value();
    if broken.value_text().starts_with('*') && value.start < broken.at {
        return Some(broken.quoted(reserved(broken, '*', value)));
    }
    let bracket = broken.text[..broken.at].trim_end().ends_with([']', '}']);
    if !bracket || !broken.value_text().starts_with(['[', '{']) || value.start >= broken.at {
        return None;
    }
    let message = "text after the closing bracket";
    let diagnostic = broken
        .error("unquoted-expression", message, broken.at..value.end)
        .label("YAML can't read this");
    Some(broken.quoted(diagnostic))
}

fn colon_in_text(broken: &Broken<'_>) -> Option<Diagnostic> {
    let value = broken.value();
    let is_colon = broken.rest().starts_with(':');
    let fits = matches!(
        broken.kind,
        ErrorKind::MappingValueNotAllowed
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::InvalidColonPlacement
    );
    let other = broken.value_text().starts_with(['{', '[', '"', '\'']);
    if !fits || !is_colon || other || !broken.has_key() || value.start >= broken.at {
        return None;
    }
    if layout::begins_with_key(&broken.text[broken.line()], broken.at - broken.line().start) {
        return None;
    }
    let message = "`: ` in a string makes a key of what comes before it";
    let diagnostic = broken.error("colon-in-text", message, broken.at..broken.at + 1);
    Some(broken.quoted(diagnostic))
}

fn reserved_start(broken: &Broken<'_>) -> Option<Diagnostic> {
    let value = broken.value();
    let text = broken.value_text();
    let first = text.chars().next()?;
    let may_not_begin = "%@`*&!|>,]}-?".contains(first);
    let directive = matches!(
        broken.kind,
        ErrorKind::MissingDocumentEndBeforeDirective | ErrorKind::InvalidDirectiveName
    );
    if !may_not_begin || value.start != broken.at || text.starts_with("- ") || text == "-" {
        return None;
    }
    if matches!(first, '|' | '>') && !block_header_is_wrong(broken.kind) {
        return None;
    }
    if directive && first != '%' {
        return None;
    }
    Some(broken.quoted(reserved(broken, first, value)))
}

fn reserved(broken: &Broken<'_>, first: char, value: Range<usize>) -> Diagnostic {
    let name = match first {
        '`' => "a backtick".to_owned(),
        other => format!("`{other}`"),
    };
    let message = format!("a value that begins with {name} must be in quotes");
    broken.error("reserved-character", message, value)
}

fn block_header_is_wrong(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent
    )
}

fn comment(broken: &Broken<'_>) -> Option<Diagnostic> {
    match broken.kind {
        ErrorKind::CommentNotSeparated => Some(
            broken
                .error(
                    "yaml-syntax",
                    "a comment needs a space before the `#`",
                    broken.at..broken.at + 1,
                )
                .fix("add a space", broken.span(broken.at..broken.at), " ")
                .certain(),
        ),
        ErrorKind::CommentInterceptedScalar => {
            let before = broken.text[..broken.at].trim_end().len();
            let comment = comment_behind(broken.text, before)?;
            let diagnostic = broken
                .error(
                    "comment-cut",
                    "a comment inside a string of several lines",
                    comment,
                )
                .help(
                    "move the comment, or use a `|` block, in which `#` is an ordinary character",
                );
            Some(diagnostic)
        }
        _ => None,
    }
}
