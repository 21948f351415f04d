//! Scalars: their style, their tag, and the whole of their text.

use std::ops::Range;

use granit_parser::{ScalarStyle, Tag};

use super::builder::Builder;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::advice::{line_at, quote};
use crate::yaml::tree::{Kind, Node, Scalar, Style};

impl From<ScalarStyle> for Style {
    fn from(style: ScalarStyle) -> Self {
        match style {
            ScalarStyle::SingleQuoted => Self::Single,
            ScalarStyle::DoubleQuoted => Self::Double,
            ScalarStyle::Literal => Self::Literal,
            ScalarStyle::Folded => Self::Folded,
            ScalarStyle::Plain => Self::Plain,
        }
    }
}

impl Builder<'_, '_> {
    /// The node of a scalar.
    pub(super) fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        at: Range<usize>,
        tag: Option<&Tag>,
    ) -> Node {
        let style = Style::from(style);
        // The parser gives `~` for a place where nothing stands.
        let text = if style == Style::Plain && at.is_empty() {
            ""
        } else {
            text
        };
        let range = match style {
            Style::Literal | Style::Folded => block_range(self.text, at),
            Style::Plain => {
                self.check_lines(at.clone());
                at
            }
            Style::Single | Style::Double => at,
        };
        let span = self.span(range);
        let core = tag.map(|tag| tag.core_suffix().unwrap_or(""));
        let kind = match core {
            None | Some("str" | "int" | "float" | "bool" | "null") => Kind::Scalar(Scalar {
                text: text.into(),
                style,
                typed: core.map_or(style == Style::Plain, |core| core != "str"),
            }),
            Some(_) => {
                self.tell_tag(tag, span);
                Kind::Broken
            }
        };
        Node {
            span,
            via: None,
            kind,
        }
    }

    /// A text without quotes goes on over lines that are indented deeper, be they list items.
    fn check_lines(&mut self, at: Range<usize>) {
        let written = &self.text[at.clone()];
        let Some(first_end) = written.find('\n') else {
            return;
        };
        let mut items = written.match_indices('\n').filter_map(|(end, _)| {
            let line = &written[end + 1..];
            let start = end + 1 + line.len() - line.trim_start_matches(' ').len();
            written[start..]
                .starts_with("- ")
                .then_some(at.start + start)
        });
        let Some(item) = items.next() else {
            return;
        };
        let place = self.span(item..line_at(self.text, item).end.min(at.end));
        let message = "this line is read as part of the string above";
        let first = self.span(at.start..at.start + first_end);
        self.doubts.push(
            Diagnostic::warning("line-in-text", message, place)
                .also(first, "the string begins here")
                .help("indent it like the items of a list, below a key without a value"),
        );
    }

    /// A tag means something to programs that make objects of YAML; here it is mostly an
    /// expression such as `!body.ok`.
    pub(super) fn tell_tag(&mut self, tag: Option<&Tag>, span: Span) {
        let written = tag.map(Tag::original).unwrap_or_default();
        let line = line_at(self.text, span.range().start);
        let before = &self.text[line.start..span.range().start.max(line.start)];
        let place = before.rfind('!').map_or(span, |mark| {
            let value = self.value_at(line.start + mark);
            self.span(value)
        });
        let diagnostic = Diagnostic::error(
            "reserved-character",
            format!("`{written}` is read as a tag, and tags mean nothing here"),
            place,
        );
        let value = self.text.get(place.range()).unwrap_or("");
        let diagnostic = if value.starts_with('!') {
            diagnostic
                .fix("put the whole value in quotes", place, quote(value))
                .certain()
        } else {
            diagnostic.help("remove the tag")
        };
        self.tell(diagnostic);
    }
}

/// The whole of a block scalar, whose content alone the parser knows: from its `|` or `>` to the
/// last character that is not blank.
pub(in crate::yaml) fn block_range(text: &str, content: Range<usize>) -> Range<usize> {
    let above = text[..content.start].trim_end();
    let line = above.rfind('\n').map_or(0, |at| at + 1);
    let header = above[line..]
        .find(" #")
        .map_or(above, |at| &above[..line + at]);
    let header = header.trim_end();
    let mark = header.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    let start = if mark.ends_with(['|', '>']) {
        mark.len() - 1
    } else {
        content.start
    };
    let written = text[content.clone()].trim_end().len();
    if written == 0 {
        return start..header.len().max(start);
    }
    start..content.start + written
}
