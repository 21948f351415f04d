//! A document as lines.

use super::flow;
use super::part::{Beside, Child, Document, Group, Line, Part, Shape};
use super::read::header;
use super::scalar::written;
use crate::yaml::tree::Style;

/// How far a block is indented below what it belongs to.
const INDENT: usize = 2;

/// The longest line, in characters, on which brackets stay on one line; its comment does not count.
const WIDTH: usize = 120;

/// Writes a document that was read from a text.
pub(super) struct Writer<'s> {
    text: &'s str,
    out: String,
    /// Where a text ended that keeps the blank lines behind it: there can be no other ones.
    kept: usize,
}

impl<'s> Writer<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self {
            text,
            out: String::with_capacity(text.len()),
            kept: usize::MAX,
        }
    }

    /// The text of the document.
    pub(super) fn document(mut self, document: &Document) -> String {
        self.out.push_str(&document.before);
        self.comments(&document.head, 0, false);
        let Shape::Group(group) = &document.root.shape else {
            return self.text.to_owned();
        };
        let has_head = !document.head.is_empty();
        if has_head && group.children.first().is_some_and(|first| first.blank) {
            self.out.push('\n');
        }
        match flow::line(&document.root, self.text, false) {
            Some(line) if group.is_flow && self.fits(&line) => {
                self.out.push_str(&line);
                self.out.push('\n');
            }
            _ => self.group(group, 0, false),
        }
        self.out.push_str(&document.behind);
        self.out
    }

    /// A blank line between two lines.
    fn blank(&mut self) {
        if self.out.len() != self.kept {
            self.out.push('\n');
        }
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// Comments on lines of their own.
    fn comments(&mut self, lines: &[Line], indent: usize, has_above: bool) {
        for (number, line) in lines.iter().enumerate() {
            if line.blank && (has_above || number > 0) {
                self.blank();
            }
            self.indent(indent);
            self.out.push_str(&line.text);
            self.out.push('\n');
        }
    }

    /// A list or mapping line by line; `is_begun` if the first line has its indentation already.
    fn group(&mut self, group: &Group, indent: usize, is_begun: bool) {
        for (number, child) in group.children.iter().enumerate() {
            let is_first = number == 0;
            let is_begun = is_first && is_begun;
            if !is_begun {
                self.comments(&child.above, indent, !is_first);
                if child.blank && (number > 0 || (indent > 0 && !child.above.is_empty())) {
                    self.blank();
                }
                self.comments(&hoisted(child), indent, !is_first);
                self.indent(indent);
            }
            self.child(child, indent);
        }
        self.comments(&group.foot, indent, true);
    }

    fn child(&mut self, child: &Child, indent: usize) {
        match &child.key {
            Some(key) => {
                // Keys are simple in a block that is laid out.
                let key = flow::line(key, self.text, false).unwrap_or_default();
                self.out.push_str(&key);
                self.out.push(':');
            }
            None => self.out.push('-'),
        }
        for property in &child.value.properties {
            self.out.push(' ');
            self.out.push_str(property);
        }
        self.value(child, indent);
        self.comments(&child.below, indent + INDENT, true);
    }

    fn value(&mut self, child: &Child, indent: usize) {
        let (value, beside) = (&child.value, child.beside.as_ref());
        match &value.shape {
            Shape::Empty => self.end(beside),
            Shape::Scalar(Style::Literal | Style::Folded, text) => {
                self.block_text(value, text, beside, indent);
            }
            Shape::Scalar(style, text) => {
                let raw = &self.text[value.at.clone()];
                let line = if raw.contains('\n') {
                    continued(raw, indent + INDENT)
                } else if value.properties.is_empty() {
                    written(raw, *style, text, false)
                } else {
                    raw.to_owned()
                };
                self.out.push(' ');
                self.out.push_str(&line);
                self.end(beside);
            }
            Shape::Alias => {
                self.out.push(' ');
                self.out.push_str(&self.text[value.at.clone()]);
                self.end(beside);
            }
            Shape::Group(group) => self.nested(child, group, indent),
        }
    }

    /// A list or mapping that is the value of a key or an item.
    fn nested(&mut self, child: &Child, group: &Group, indent: usize) {
        let (value, beside) = (&child.value, child.beside.as_ref());
        if group.is_flow {
            let line = if value.is_odd {
                Some(shift(
                    &self.text[value.at.clone()],
                    self.column(child.start),
                    indent,
                ))
            } else {
                let line = flow::group_line(group, self.text);
                line.filter(|line| self.fits(line) || group.children.is_empty())
            };
            if let Some(line) = line {
                self.out.push(' ');
                self.out.push_str(&line);
                self.end(beside);
                return;
            }
        }
        let is_compact = child.key.is_none() && value.properties.is_empty() && beside.is_none();
        if is_compact {
            self.out.push(' ');
        } else {
            self.end(beside);
        }
        let inner = indent + INDENT;
        if value.is_odd {
            if !is_compact {
                self.indent(inner);
            }
            let raw = &self.text[value.at.clone()];
            let moved = shift(raw, self.column(value.at.start), inner);
            self.out.push_str(&moved);
            self.out.push('\n');
        } else {
            self.group(group, inner, is_compact);
        }
    }

    /// Whether something fits behind what stands on the last line.
    fn fits(&self, line: &str) -> bool {
        let start = self.out.rfind('\n').map_or(0, |end| end + 1);
        self.out[start..].chars().count() + 1 + line.chars().count() <= WIDTH
    }

    /// Ends a line, with the comment that stands on it.
    fn end(&mut self, beside: Option<&Beside>) {
        if let Some(comment) = beside {
            self.indent(comment.blanks.max(1));
            self.out.push_str(&comment.text);
        }
        self.out.push('\n');
    }

    /// A text behind `|` or `>`: its lines are moved, and nothing else.
    fn block_text(&mut self, part: &Part, text: &str, beside: Option<&Beside>, indent: usize) {
        let raw = &self.text[part.at.clone()];
        let header = header(raw);
        let has_digit = header.contains(|c: char| c.is_ascii_digit());
        let is_kept = header.contains('+');
        let digit = if has_digit { "2" } else { "" };
        let chomp = header.trim_start_matches(['|', '>']);
        let chomp = chomp.trim_matches(|c: char| c.is_ascii_digit());
        self.out.push(' ');
        self.out.push_str(&header[..1]);
        self.out.push_str(digit);
        self.out.push_str(chomp);
        self.end(beside);
        let is_blank = |line: &&str| line.trim_matches(' ').is_empty();
        let lead = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let first = |lines: &mut dyn Iterator<Item = &str>| {
            let mut lines = lines.skip_while(|line| is_blank(line));
            lines.next().map(lead)
        };
        let base = first(&mut raw.lines().skip(1)).unwrap_or(0);
        let base = base - first(&mut text.lines()).unwrap_or(0).min(base);
        for line in raw.lines().skip(1) {
            if line.len() > base {
                self.indent(indent + INDENT);
                self.out.push_str(&line[base..]);
            }
            self.out.push('\n');
        }
        if is_kept {
            let written = raw.lines().count().min(2) - 1;
            let ends = text.len() - text.trim_end_matches('\n').len();
            self.out
                .extend(std::iter::repeat_n('\n', ends - written.min(ends)));
            self.kept = self.out.len();
        }
    }

    /// How far from the start of its line something stands.
    fn column(&self, at: usize) -> usize {
        at - self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }
}

/// The comments of the first entry of an item that begins on the line of its `-`: they stand above
/// the item.
fn hoisted(item: &Child) -> Vec<Line> {
    let mut hoisted = Vec::new();
    let mut child = item;
    while child.key.is_none() && child.beside.is_none() && child.value.properties.is_empty() {
        let group = child.value.block();
        let Some(first) = group.and_then(|group| group.children.first()) else {
            break;
        };
        hoisted.extend(first.above.iter().cloned());
        child = first;
    }
    hoisted
}

/// A text on several lines, those behind the first one indented.
fn continued(raw: &str, indent: usize) -> String {
    let mut lines = raw.split('\n');
    let mut text = lines.next().unwrap_or("").to_owned();
    for line in lines {
        text.push('\n');
        let line = line.trim_start_matches([' ', '\t']);
        if !line.is_empty() {
            text.extend(std::iter::repeat_n(' ', indent));
            text.push_str(line);
        }
    }
    text
}

/// Lines behind the first one moved from one column to another.
fn shift(raw: &str, from: usize, to: usize) -> String {
    let mut lines = raw.split('\n');
    let mut text = lines.next().unwrap_or("").to_owned();
    for line in lines {
        text.push('\n');
        let lead = line.len() - line.trim_start_matches(' ').len();
        if lead < line.len() {
            text.extend(std::iter::repeat_n(' ', (lead + to).saturating_sub(from)));
            text.push_str(&line[lead..]);
        }
    }
    text
}
