//! From a place in a scalar's value to the place in the file, through quotes, escapes, folding and
//! indentation.
//!
//! It reads the written text once more, which only messages do. Where that gives another value
//! than the one at hand, the whole scalar is the place.

use std::ops::Range;

use super::decode::Text;
use super::tree::Node;

use crate::source::{Source, Sources, Span};

/// Where a range of bytes of a scalar's value was written; `span` is the whole scalar as the tree
/// has it, and `value` what it was read as.
pub fn locate(source: &Source, span: Span, value: &str, range: Range<usize>) -> Span {
    let text = source.text();
    let Some(raw) = text.get(span.range()) else {
        return span;
    };
    let start = span.range().start;
    let candidates = match raw.bytes().next() {
        Some(b'"') => vec![double(raw)],
        Some(b'\'') => vec![single(raw)],
        Some(b'|' | b'>') => {
            let end = text[span.range().end..].find(['\r', '\n']);
            let end = end.map_or(text.len(), |at| span.range().end + at);
            block(&text[start..end])
        }
        _ => vec![plain(raw)],
    };
    let Some(trace) = candidates.into_iter().find(|trace| trace.gives(value)) else {
        return span;
    };
    let place = trace.place(range);
    Span::new(span.source, start + place.start..start + place.end)
}

impl Node {
    /// Where a range of bytes of this scalar's text was written; the whole node if it is no scalar.
    pub fn locate(&self, source: &Source, range: Range<usize>) -> Span {
        match self.scalar() {
            Some(scalar) => locate(source, self.span, &scalar.text, range),
            None => self.span,
        }
    }
}

impl Text {
    /// Where a range of bytes of the text was written.
    pub fn locate(&self, sources: &Sources, range: Range<usize>) -> Span {
        locate(sources.get(self.span.source), self.span, &self.value, range)
    }
}

/// A value, and for each of its bytes the bytes it was written with.
#[derive(Default)]
struct Trace {
    value: String,
    places: Vec<Range<usize>>,
    /// Where the content ends.
    end: usize,
}

impl Trace {
    fn push(&mut self, character: char, written: Range<usize>) {
        for _ in 0..character.len_utf8() {
            self.places.push(written.clone());
        }
        self.value.push(character);
        self.end = self.end.max(written.end);
    }

    /// A piece that is written as it reads.
    fn push_str(&mut self, text: &str, at: usize) {
        for (offset, character) in text.char_indices() {
            let at = at + offset;
            self.push(character, at..at + character.len_utf8());
        }
    }

    /// Takes back the blanks at the end, down to `floor` bytes of value.
    fn trim_blanks(&mut self, floor: usize) {
        while self.value.len() > floor && self.value.ends_with([' ', '\t']) {
            self.value.pop();
            self.places.pop();
        }
    }

    /// Whether this is the value that was read; the blank lines that close a block are no matter.
    fn gives(&self, value: &str) -> bool {
        let trim = |text: &'_ str| text.trim_end_matches([' ', '\t', '\n']).len();
        self.value[..trim(&self.value)] == value[..trim(value)]
    }

    fn place(&self, range: Range<usize>) -> Range<usize> {
        let at = |index: usize| {
            let end = self.end..self.end;
            self.places.get(index).cloned().unwrap_or(end)
        };
        let start = at(range.start).start;
        if range.is_empty() {
            return start..start;
        }
        start..at(range.end - 1).end.max(start)
    }
}

/// The length of the line end at the beginning of a text.
fn line_end(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// Reads the line ends that begin at `at` and the blanks around them: one is a blank, the others
/// stay. Gives the place behind.
fn fold(raw: &str, mut at: usize, trace: &mut Trace) -> usize {
    let start = at;
    let mut empty_lines = Vec::new();
    at += line_end(&raw[at..]).unwrap_or(0);
    loop {
        at += blanks(&raw[at..]);
        let Some(length) = line_end(&raw[at..]) else {
            break;
        };
        empty_lines.push(at..at + length);
        at += length;
    }
    if empty_lines.is_empty() {
        trace.push(' ', start..at);
    }
    for line in empty_lines {
        trace.push('\n', line);
    }
    at
}

fn plain(raw: &str) -> Trace {
    let mut trace = Trace::default();
    let mut at = 0;
    while let Some(character) = raw[at..].chars().next() {
        if line_end(&raw[at..]).is_some() {
            trace.trim_blanks(0);
            at = fold(raw, at, &mut trace);
        } else {
            trace.push(character, at..at + character.len_utf8());
            at += character.len_utf8();
        }
    }
    trace
}

fn single(raw: &str) -> Trace {
    let mut trace = Trace::default();
    let mut at = 1;
    while let Some(character) = raw[at..].chars().next() {
        if line_end(&raw[at..]).is_some() {
            trace.trim_blanks(0);
            at = fold(raw, at, &mut trace);
        } else if raw[at..].starts_with("''") {
            trace.push('\'', at..at + 2);
            at += 2;
        } else if character == '\'' {
            break;
        } else {
            trace.push(character, at..at + character.len_utf8());
            at += character.len_utf8();
        }
    }
    trace
}

fn double(raw: &str) -> Trace {
    let mut trace = Trace::default();
    // Blanks that an escape made are not trimmed at a line's end.
    let mut floor = 0;
    let mut at = 1;
    while let Some(character) = raw[at..].chars().next() {
        if line_end(&raw[at..]).is_some() {
            trace.trim_blanks(floor);
            at = fold(raw, at, &mut trace);
            floor = trace.value.len();
        } else if character == '\\' {
            at = escape(raw, at, &mut trace);
            floor = trace.value.len();
        } else if character == '"' {
            break;
        } else {
            trace.push(character, at..at + character.len_utf8());
            at += character.len_utf8();
        }
    }
    trace
}

/// Reads the escape at `at` (YAML 1.2 §5.7) and gives the place behind it.
fn escape(raw: &str, at: usize, trace: &mut Trace) -> usize {
    let rest = &raw[at + 1..];
    if let Some(length) = line_end(rest) {
        let behind = at + 1 + length;
        let mut next = behind + blanks(&raw[behind..]);
        while let Some(length) = line_end(&raw[next..]) {
            trace.push('\n', next..next + length);
            next += length;
            next += blanks(&raw[next..]);
        }
        return next;
    }
    let Some(name) = rest.chars().next() else {
        return raw.len();
    };
    let digits = match name {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => {
            let behind = at + 1 + name.len_utf8();
            trace.push(named_escape(name), at..behind);
            return behind;
        }
    };
    let hex = |from: usize| {
        let digits = raw.get(from..from + digits)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut behind = (at + 2 + digits).min(raw.len());
    let mut code = hex(at + 2).unwrap_or(0);
    // JSON writes what lies beyond 16 bits as two escapes.
    if (0xD800..0xDC00).contains(&code)
        && raw[behind..].starts_with("\\u")
        && let Some(low) = hex(behind + 2).filter(|low| (0xDC00..0xE000).contains(low))
    {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        behind += 6;
    }
    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    trace.push(character, at..behind);
    behind
}

fn named_escape(name: char) -> char {
    match name {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        other => other,
    }
}

/// What a block scalar may read as: one value for each indentation that it may have.
fn block(raw: &str) -> Vec<Trace> {
    let mut lines = Vec::new();
    let mut at = 0;
    loop {
        let length = raw[at..].find(['\r', '\n']).unwrap_or(raw.len() - at);
        lines.push((at, &raw[at..at + length]));
        let Some(behind) = line_end(&raw[at + length..]) else {
            break;
        };
        at += length + behind;
    }
    let (_, header) = lines.remove(0);
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let content = lines.iter().find(|(_, line)| indent(line) < line.len());
    let first = content.map_or(0, |(_, line)| indent(line));
    let folded = header.starts_with('>');
    let given = header.bytes().skip(1).take(2).any(|b| b.is_ascii_digit());
    let indents = if given { 0..=first } else { first..=first };
    indents
        .map(|indent| block_lines(&lines, indent, folded))
        .collect()
}

/// Reads the lines of a block: a folded one turns single line ends between lines into blanks, but
/// not beside lines that are indented deeper.
fn block_lines(lines: &[(usize, &str)], indent: usize, folded: bool) -> Trace {
    let mut trace = Trace::default();
    let mut line_end: Option<usize> = None;
    let mut empty_lines: Vec<usize> = Vec::new();
    let mut deeper_before = false;
    for (at, line) in lines {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let skipped = blanks.min(indent);
        let content = &line[skipped..];
        if content.is_empty() {
            empty_lines.push(*at);
            continue;
        }
        let deeper = content.starts_with([' ', '\t']);
        if let Some(end) = line_end {
            let written = end..at + skipped;
            if !folded || deeper || deeper_before {
                trace.push('\n', written);
            } else if empty_lines.is_empty() {
                trace.push(' ', written);
            }
        }
        for at in empty_lines.drain(..) {
            trace.push('\n', at..at + 1);
        }
        trace.push_str(content, at + skipped);
        line_end = Some(at + line.len());
        deeper_before = deeper;
    }
    trace
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;

    /// Marks `<>` in the value of `a`; shows the text around it in the file.
    fn located(text: &str) -> String {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", text);
        let node = super::super::parse(&sources, id, &mut Diagnostics::default()).unwrap();
        let node = node.get("a").unwrap();
        let value = node.as_text().unwrap();
        let start = value.find("bad").unwrap();
        let span = node.locate(sources.get(id), start..start + 3);
        format!(
            "{}:{}",
            sources.get(id).position(span.range().start),
            sources.slice(span)
        )
    }

    #[test]
    fn a_place_in_a_value_is_found_in_every_way_to_write_it() {
        for (text, expected) in [
            ("a: x bad y\n", "1:6:bad"),
            ("a: 'it''s bad'\n", "1:11:bad"),
            ("a: \"\\u0142 \\\"q\\\" bad\"\n", "1:18:bad"),
            ("a: \"\\ud83d\\ude00 bad\"\n", "1:18:bad"),
            ("a: \"b\\x61d\"\n", "1:5:b\\x61d"),
            ("a: x\n  y\n\n  bad\nb: 1\n", "4:3:bad"),
            ("a: 'x\n  y   \n\n  bad'\n", "4:3:bad"),
            ("a: \"x\\\n   y\\n\n   bad\"\n", "3:4:bad"),
            ("a: |\n  bad\n", "2:3:bad"),
            ("a: | # why\n\n    one\n      two bad\nb: 1\n", "4:11:bad"),
            ("a: |2-\n    one\n   bad  \n\n", "3:4:bad"),
            ("a: >-\n  one\n  two\n\n  three bad\n", "5:9:bad"),
            (
                "a: >\n  one\n    deep\n    er\n  bad\n\n\nb: 1\n",
                "5:3:bad",
            ),
            ("a: >+\n\n  one\n\n\n  bad\n", "6:3:bad"),
            ("a: |\r\n  one\r\n  bad\r\n", "3:3:bad"),
            ("a: >\r\n  one\r\n  bad\r\n", "3:3:bad"),
            ("a: \"one\r\n  bad\"\r\n", "2:3:bad"),
            ("a: |+\n  bad\n   \n \n", "2:3:bad"),
            ("a: >\n \t\n  bad\n", "3:3:bad"),
            ("a: łł bad\n", "1:7:bad"),
            ("a: ba\n  bad\n", "2:3:bad"),
        ] {
            assert_eq!(located(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_range_over_a_fold_covers_both_lines() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "one\n  two");
        let span = Span::new(id, 0..9);
        let place = locate(sources.get(id), span, "one two", 2..5);
        assert_eq!(sources.slice(place), "e\n  t");
    }

    #[test]
    fn a_value_that_was_not_written_there_gives_the_whole_scalar() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a: 'x'");
        let span = Span::new(id, 3..6);
        assert_eq!(locate(sources.get(id), span, "other", 0..1), span);
        let beyond = locate(sources.get(id), span, "x", 5..9);
        assert_eq!(beyond.range(), 5..5);
    }
}
