//! Rules for text that YAML reads, but as something else than was meant: a mapping for a text, a
//! text for a list, a comment for the rest of an expression.

use std::ops::Range;

use super::line::{comment_behind, glued_key, line_at, quote};
use crate::diagnostic::{Diagnostic, Fix};
use crate::source::{Source, Span};
use crate::yaml::scalar::{self, Core};
use crate::yaml::tree::{Kind, Node};

/// What was wanted where something else stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::yaml) enum Wanted {
    /// A text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A list.
    List,
    /// A mapping.
    Map,
    /// Anything that is not nothing, or one of several.
    Other,
}

/// A node that is not what was wanted, and the text it was read from.
struct Misread<'a> {
    source: &'a Source,
    node: &'a Node,
    wanted: Wanted,
    /// Where nothing stands: behind which key or dash.
    behind: usize,
}

/// What a rule adds to the diagnostic of a wrong type.
#[derive(Default)]
struct Hint {
    also: Option<(Span, &'static str)>,
    help: Option<&'static str>,
    fix: Option<Fix>,
}

/// A rule: what to add, if it is this what happened.
type Rule = fn(&Misread<'_>) -> Option<Hint>;

/// The rules; the first that has something to say is the one that speaks.
const RULES: &[(&str, Rule)] = &[
    ("`- #general`", comment_for_value),
    ("`- &x`", anchor_for_value),
    ("nothing where something must stand", nothing),
    ("`- m == \"a: b\"`", mapping_for_text),
    ("`- [a, b]` for a string", list_for_text),
    ("`yes`, `\"true\"`", word_for_bool),
    ("`\"5\"`, `1_000`, `0123`, `{{ n }}`", text_for_number),
    ("`tags: x`", value_for_list),
    ("`url:x`", text_for_mapping),
];

/// Adds to a wrong type what YAML made of the text and what to type, if a rule knows.
///
/// `behind` is the key that holds the node if nothing stands there, else the node itself.
pub(in crate::yaml) fn explain(
    source: &Source,
    node: &Node,
    wanted: Wanted,
    behind: Span,
    diagnostic: Diagnostic,
) -> Diagnostic {
    let misread = Misread {
        source,
        node,
        wanted,
        behind: behind.range().end,
    };
    let Some(hint) = RULES.iter().find_map(|(_, rule)| rule(&misread)) else {
        return diagnostic;
    };
    let mut diagnostic = diagnostic.maybe_help(hint.help);
    if let Some((span, text)) = hint.also {
        diagnostic = diagnostic.also(span, text);
    }
    diagnostic.fix = hint.fix;
    diagnostic
}

fn fix(message: impl Into<String>, span: Span, replacement: impl Into<String>) -> Hint {
    Hint {
        fix: Some(Fix::guess(message, span, replacement)),
        ..Hint::default()
    }
}

fn help(text: &'static str) -> Hint {
    Hint {
        help: Some(text),
        ..Hint::default()
    }
}

impl Hint {
    /// Says of the replacement that nothing else can be meant.
    fn certain(self) -> Self {
        Self {
            fix: self.fix.map(Fix::certain),
            ..self
        }
    }

    fn also(self, span: Span, text: &'static str) -> Self {
        Self {
            also: Some((span, text)),
            ..self
        }
    }
}

impl Misread<'_> {
    fn text(&self) -> &str {
        self.source.text()
    }

    /// The node as it is written.
    fn written(&self) -> &str {
        self.text().get(self.node.span.range()).unwrap_or("")
    }

    fn is_on_one_line(&self) -> bool {
        !self.written().is_empty() && !self.written().contains('\n')
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.node.span.source, range)
    }

    fn quoted(&self) -> Hint {
        let quoted = quote(self.written());
        fix("put the whole value in quotes", self.node.span, quoted).certain()
    }

    /// Where the line goes on behind the key, its colon or its dash.
    fn behind_key(&self) -> usize {
        let line = line_at(self.text(), self.behind);
        let rest = self.text().get(self.behind..line.end).unwrap_or("");
        let value = rest.trim_start().strip_prefix(':').unwrap_or(rest);
        line.end.max(self.behind) - value.len()
    }
}

/// ` #` begins a comment, and nothing is left.
fn comment_for_value(misread: &Misread<'_>) -> Option<Hint> {
    if !misread.node.is_null() || !misread.node.span.range().is_empty() {
        return None;
    }
    let range = comment_behind(misread.text(), misread.behind_key())?;
    let comment = &misread.text()[range.clone()];
    // `url: # why` is a remark; `color: #fff` is not.
    if comment[1..].starts_with(char::is_whitespace) || comment.len() == 1 {
        return None;
    }
    let span = misread.span(range);
    let hint = fix("put the value in quotes", span, quote(comment));
    Some(hint.also(span, "a `#` after a space begins a comment"))
}

/// `&x` names what follows, and nothing follows.
fn anchor_for_value(misread: &Misread<'_>) -> Option<Hint> {
    let at = misread.node.span.range().start;
    let line = line_at(misread.text(), at);
    let before = misread.text().get(line.start..at)?.trim_end();
    let word = before.rsplit([' ', '\t']).next()?;
    if !misread.node.is_null() || !word.starts_with('&') {
        return None;
    }
    let end = line.start + before.len();
    let span = misread.span(end - word.len()..end);
    let hint = fix("put the value in quotes", span, quote(word));
    Some(hint.also(span, "a `&` names the value after it"))
}

fn nothing(misread: &Misread<'_>) -> Option<Hint> {
    misread.node.is_null().then(|| {
        help(match misread.wanted {
            Wanted::Text => "write a string, or `\"\"` for an empty one",
            Wanted::List => "write `[]` for an empty list, or remove the key",
            Wanted::Map => "write `{}` for an empty mapping, or remove the key",
            _ => "write a value, or remove the key",
        })
    })
}

/// `: ` in a text without quotes makes a mapping of it.
fn mapping_for_text(misread: &Misread<'_>) -> Option<Hint> {
    let Kind::Map(entries) = &misread.node.kind else {
        return None;
    };
    if misread.wanted != Wanted::Text || !misread.is_on_one_line() {
        return None;
    }
    if misread.written().starts_with('{') {
        return Some(help("put it in quotes if it is a string"));
    }
    let [only] = &**entries else {
        return None;
    };
    let end = only.key.span.range().end;
    let colon = misread.span(end..end + 1);
    if only.value.span.range().is_empty() {
        return Some(help("remove the `:` at the end").also(colon, "a `:` at the end makes a key"));
    }
    Some(
        misread
            .quoted()
            .also(colon, "`: ` makes a key of what comes before it"),
    )
}

/// A text that begins with `[` is a list.
fn list_for_text(misread: &Misread<'_>) -> Option<Hint> {
    let bracket = misread.written().starts_with('[') && misread.is_on_one_line();
    let list = misread.wanted == Wanted::Text && misread.node.is_list();
    (list && bracket).then(|| help("put it in quotes if it is a string"))
}

/// `yes`, `on` and `"true"` are texts.
fn word_for_bool(misread: &Misread<'_>) -> Option<Hint> {
    if misread.wanted != Wanted::Bool {
        return None;
    }
    let word = misread.node.as_text()?.to_ascii_lowercase();
    let meant = match &*word {
        "yes" | "on" | "y" | "true" | "1" => "true",
        "no" | "off" | "n" | "false" | "0" => "false",
        _ => return None,
    };
    Some(fix(format!("write `{meant}`"), misread.node.span, meant).certain())
}

/// A number in quotes, with `_`, or with a zero before it.
fn text_for_number(misread: &Misread<'_>) -> Option<Hint> {
    let scalar = misread.node.scalar()?;
    if misread.wanted != Wanted::Number {
        return None;
    }
    if scalar.text.contains("{{") {
        return Some(help("a template can't be here, write the number"));
    }
    let bare = scalar.text.trim().replace(['_', ','], "");
    let digits = match bare.trim_start_matches('0') {
        "" => "0",
        digits if digits.starts_with('.') => &bare,
        digits => digits,
    };
    let is_number = matches!(scalar::resolve(digits), Core::Number(_));
    let differs = digits != &*scalar.text || !scalar.is_plain();
    let message = format!("write `{digits}`");
    (is_number && differs).then(|| fix(message, misread.node.span, digits).certain())
}

/// One value where a list of values is wanted.
fn value_for_list(misread: &Misread<'_>) -> Option<Hint> {
    if misread.wanted != Wanted::List {
        return None;
    }
    let scalar = misread.node.scalar().filter(|_| misread.is_on_one_line());
    // Prose is hardly an item of a list of words.
    let Some(scalar) = scalar.filter(|scalar| !scalar.text.contains(' ')) else {
        return Some(help("begin each item on a line of its own, with `- `"));
    };
    let written = misread.written();
    let item = if scalar.is_plain() && scalar.text.contains(['[', ']', '{', '}', ',', ':']) {
        quote(written)
    } else {
        written.to_owned()
    };
    Some(fix("write a list", misread.node.span, format!("[{item}]")).certain())
}

/// `url:x` is a text; a key needs a blank behind its colon.
fn text_for_mapping(misread: &Misread<'_>) -> Option<Hint> {
    let scalar = misread.node.scalar().filter(|scalar| scalar.is_plain())?;
    let colon = glued_key(&scalar.text).filter(|_| misread.wanted == Wanted::Map)?;
    let at = misread.node.span.range().start + colon + 1;
    Some(fix("add a space after the `:`", misread.span(at..at), " ").certain())
}

/// What to say of a plain text that may have been cut by a ` #` behind it: for those who find that
/// an expression is not complete. `None` if no comment follows on the line.
///
/// `span` is the text as the tree has it.
pub fn comment_cut(source: &Source, span: Span) -> Option<Diagnostic> {
    let text = source.text();
    let written = text.get(span.range())?;
    if written.is_empty() || written.starts_with(['"', '\'', '|', '>']) {
        return None;
    }
    let comment = comment_behind(text, span.range().end)?;
    let last_line = line_at(text, span.range().end)
        .start
        .max(span.range().start);
    let whole = &text[last_line..comment.end];
    let at = Span::new(span.source, comment.clone());
    let diagnostic = Diagnostic::error("comment-cut", "the value ends before this `#`", at)
        .label("a `#` after a space begins a comment");
    if last_line > span.range().start {
        return Some(diagnostic.help("put the whole value in quotes"));
    }
    let whole_span = Span::new(span.source, last_line..comment.end);
    Some(diagnostic.fix("put the whole value in quotes", whole_span, quote(whole)))
}
