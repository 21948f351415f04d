//! From the parser's events to a [`Document`].

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StrInput, StructureStyle};

use super::layout::Unfit;
use super::part::{Child, Document, Group, Part, Shape};
use crate::yaml::parse::{MAX_DEPTH, block_range};
use crate::yaml::tree::Style;

/// Reads a text that can be read without an error.
pub(super) fn read(text: &str) -> Result<Document, Unfit> {
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    options.set_emit_comments(true);
    Reader {
        text,
        events: Parser::new_from_str_with_options(text, options),
        at: 0,
        comments: Vec::new(),
        kept: Vec::new(),
    }
    .document()
}

struct Reader<'s> {
    text: &'s str,
    events: Parser<'s, StrInput<'s>>,
    /// Everything before has been read.
    at: usize,
    comments: Vec<Range<usize>>,
    kept: Vec<Range<usize>>,
}

impl<'s> Reader<'s> {
    fn next(&mut self) -> Result<(Event<'s>, Range<usize>), Unfit> {
        loop {
            let (event, span) = match self.events.next_event() {
                None => return Err(Unfit::Unreadable),
                Some(event) => event.map_err(|_| Unfit::Unreadable)?,
            };
            let range = span.byte_range().ok_or(Unfit::Unreadable)?;
            match event {
                Event::Comment(..) => self.comments.push(range),
                event => return Ok((event, range)),
            }
        }
    }

    fn document(mut self) -> Result<Document, Unfit> {
        let start = loop {
            match self.next()? {
                (Event::StreamStart, _) => {}
                (Event::DocumentStart(is_explicit, _), range) => {
                    break is_explicit.then_some(range.end);
                }
                _ => return Err(Unfit::Form),
            }
        };
        // With `---` the text before the first value stays as it is, to the end of that line.
        let before = start.map_or(0, |start| {
            let line = self.text[start..].find('\n');
            line.map_or(self.text.len(), |end| start + end + 1)
        });
        let (event, range) = self.next()?;
        self.at = before;
        let mut root = self.part(event, range)?;
        // `--- &a` and such before the first key.
        root.is_odd |= root.at.start < before || !root.properties.is_empty();
        let behind = loop {
            match self.next()? {
                (Event::DocumentEnd, range) if range.is_empty() => {}
                (Event::DocumentEnd, range) => break range.start,
                (Event::StreamEnd, _) => break self.text.len(),
                _ => return Err(Unfit::Form),
            }
        };
        self.comments.sort_by_key(|comment| comment.start);
        self.comments.dedup();
        self.comments
            .retain(|comment| (before..behind).contains(&comment.start));
        Ok(Document {
            before: self.text[..before].to_owned(),
            head: Vec::new(),
            root,
            behind: self.text[behind..].to_owned(),
            comments: self.comments,
            kept: self.kept,
        })
    }

    /// Where the next character stands that is no blank, no line end and in no comment.
    fn peek(&self) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' if at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                    at = self.text[at..]
                        .find('\n')
                        .map_or(bytes.len(), |end| at + end);
                }
                _ => break,
            }
        }
        at
    }

    /// Passes over a mark, if it is the next thing.
    fn take(&mut self, mark: u8) -> Option<usize> {
        let at = self.peek();
        (self.text.as_bytes().get(at) == Some(&mark)).then(|| {
            self.at = at + 1;
            at
        })
    }

    /// Anchor and tag of the part that comes next.
    fn properties(&mut self, count: usize) -> Result<Vec<String>, Unfit> {
        let mut properties = Vec::new();
        for _ in 0..count {
            let at = self.peek();
            let rest = &self.text[at..];
            if !rest.starts_with(['&', '!']) {
                return Err(Unfit::Form);
            }
            let is_verbatim = rest.starts_with("!<");
            let end = rest.find(|c: char| {
                c.is_ascii_whitespace()
                    || (!is_verbatim && matches!(c, ',' | '[' | ']' | '{' | '}'))
            });
            let end = end.unwrap_or(rest.len());
            properties.push(rest[..end].to_owned());
            self.at = at + end;
        }
        Ok(properties)
    }

    fn part(&mut self, event: Event<'s>, range: Range<usize>) -> Result<Part, Unfit> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let properties =
                    self.properties(usize::from(anchor != 0) + usize::from(tag.is_some()))?;
                Ok(self.scalar(&text, style, range, properties))
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.at = range.end;
                Ok(Part {
                    at: range,
                    properties: Vec::new(),
                    shape: Shape::Alias,
                    is_odd: false,
                })
            }
            Event::SequenceStart(style, anchor, tag) => {
                let properties =
                    self.properties(usize::from(anchor != 0) + usize::from(tag.is_some()))?;
                self.group(style, false, range, properties)
            }
            Event::MappingStart(style, anchor, tag) => {
                let properties =
                    self.properties(usize::from(anchor != 0) + usize::from(tag.is_some()))?;
                self.group(style, true, range, properties)
            }
            _ => Err(Unfit::Form),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        range: Range<usize>,
        properties: Vec<String>,
    ) -> Part {
        let style = Style::from(style);
        if style == Style::Plain && range.is_empty() {
            return Part {
                at: self.at..self.at,
                properties,
                shape: Shape::Empty,
                is_odd: false,
            };
        }
        self.at = range.end;
        let at = match style {
            Style::Literal | Style::Folded => {
                let mut at = block_range(self.text, range.clone());
                if self.text[at.clone()].contains('\n') {
                    // Blanks at the end of its last line are part of it.
                    let rest = &self.text[at.end..];
                    at.end += rest.find('\n').unwrap_or(rest.len());
                }
                self.at = self.at.max(at.end);
                if header(&self.text[at.clone()]).contains('+') {
                    self.kept.push(at.start..range.end.max(at.end));
                }
                at
            }
            _ => range,
        };
        Part {
            at,
            properties,
            shape: Shape::Scalar(style, text.to_owned()),
            is_odd: false,
        }
    }

    fn group(
        &mut self,
        style: StructureStyle,
        is_map: bool,
        range: Range<usize>,
        properties: Vec<String>,
    ) -> Result<Part, Unfit> {
        let is_flow = style == StructureStyle::Flow;
        let start = if is_flow { range.start } else { self.peek() };
        let mut is_odd = false;
        if is_flow {
            let bracket = if is_map { b'{' } else { b'[' };
            // A single pair in a list has no braces of its own.
            is_odd = self.take(bracket).is_none();
        }
        let mut children = Vec::new();
        let end = loop {
            if is_flow {
                self.take(b',');
            }
            let (event, range) = self.next()?;
            match event {
                Event::SequenceEnd | Event::MappingEnd => {
                    if !range.is_empty() {
                        self.at = range.end;
                    }
                    break if range.is_empty() { self.at } else { range.end };
                }
                event if is_map => children.push(self.entry(event, range, &mut is_odd)?),
                event => {
                    let start = self.peek();
                    if !is_flow && self.take(b'-').is_none() {
                        return Err(Unfit::Form);
                    }
                    let value = self.part(event, range)?;
                    children.push(child(start, None, value));
                }
            }
        };
        let mut group = Group {
            is_flow,
            is_map,
            children,
            foot: Vec::new(),
        };
        if !is_flow {
            self.keep_table(&mut group);
        }
        let end = if is_flow { end } else { group.end(start) };
        Ok(Part {
            is_odd: is_odd || (is_flow && self.is_odd_flow(&group, &(start..end))),
            at: start..end,
            properties,
            shape: Shape::Group(group),
        })
    }

    /// Several lines of brackets whose columns a person has put below each other stay as they are.
    fn keep_table(&self, group: &mut Group) {
        let is_row = |child: &Child| {
            let raw = &self.text[child.value.at.clone()];
            raw.starts_with(['{', '[']) && raw.contains(",  ") && !raw.contains('\n')
        };
        if group.children.iter().filter(|child| is_row(child)).count() < 2 {
            return;
        }
        for child in &mut group.children {
            child.value.is_odd |= is_row(child);
        }
    }

    /// A key and its value.
    fn entry(
        &mut self,
        event: Event<'s>,
        range: Range<usize>,
        is_odd: &mut bool,
    ) -> Result<Child, Unfit> {
        let start = self.peek();
        let is_explicit = self.text[start..].starts_with('?') && range.start != start;
        if is_explicit {
            self.at = start + 1;
        }
        let key = self.part(event, range)?;
        let is_simple = matches!(key.shape, Shape::Scalar(..))
            && key.properties.is_empty()
            && !self.text[key.at.clone()].contains('\n');
        *is_odd |= is_explicit || !is_simple;
        if self.take(b':').is_none() {
            *is_odd = true;
        }
        let (event, range) = self.next()?;
        let value = self.part(event, range)?;
        Ok(child(start, Some(key), value))
    }

    /// Whether something in brackets is written in a way that is better left alone.
    fn is_odd_flow(&self, group: &Group, at: &Range<usize>) -> bool {
        let inside = |comment: &Range<usize>| at.contains(&comment.start);
        let behind = self.comments.iter().rev();
        behind
            .take_while(|comment| comment.start > at.start)
            .any(inside)
            || group.children.iter().any(|child| {
                child.value.is_odd
                    || match child.value.shape {
                        Shape::Empty => true,
                        Shape::Scalar(..) => self.text[child.value.at.clone()].contains('\n'),
                        _ => false,
                    }
            })
    }
}

fn child(start: usize, key: Option<Part>, value: Part) -> Child {
    Child {
        start,
        key,
        value,
        above: Vec::new(),
        blank: false,
        beside: None,
        below: Vec::new(),
    }
}

impl Group {
    /// Where its last part ends.
    fn end(&self, start: usize) -> usize {
        self.children.last().map_or(start, |last| last.value.at.end)
    }
}

/// What follows the `|` or `>` of a text on its line, comment not included.
pub(super) fn header(written: &str) -> &str {
    let line = written.lines().next().unwrap_or("");
    let header = line.find(" #").map_or(line, |at| &line[..at]);
    header.trim_end()
}
