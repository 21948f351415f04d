//! Files as they were read, and places in them.
//!
//! A [`Span`] is three numbers; lines and columns are worked out only when somebody looks.

use std::fmt;
use std::sync::OnceLock;

/// What some editors write at the beginning of a file to say that it is UTF-8; no part of its text.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Which of the loaded files a [`Span`] lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

impl SourceId {
    /// Its number, to carry it through an interface that knows numbers only.
    pub(crate) fn index(self) -> u32 {
        self.0
    }

    /// The file with a number that [`SourceId::index`] gave.
    pub(crate) fn from_index(index: u32) -> Self {
        Self(index)
    }
}

/// A place in a file: a half-open range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl Span {
    /// A place in `source`. Files are at most 16 MiB, so that an offset always fits.
    pub fn new(source: SourceId, range: std::ops::Range<usize>) -> Self {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            source,
            start: offset(range.start),
            end: offset(range.end.max(range.start)),
        }
    }

    /// The bytes as a range, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and the place where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A line and a column for people: both count from 1, the column in characters. A byte order mark
/// is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One file: the name that messages show and the text.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Where each line begins; made when somebody first asks for a position.
    lines: OnceLock<Vec<u32>>,
}

impl Source {
    /// The name that messages show: the path as it was given, or `<stdin>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of the byte at `offset`; beyond the end it is the end.
    pub fn position(&self, offset: usize) -> Position {
        let at = floor_boundary(&self.text, offset);
        let lines = self.lines.get_or_init(|| {
            let breaks = self
                .text
                .bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n');
            let begins = breaks.filter_map(|(at, _)| u32::try_from(at + 1).ok());
            std::iter::once(0).chain(begins).collect()
        });
        let line = lines.partition_point(|begin| *begin as usize <= at);
        let before = &self.text[lines[line - 1] as usize..at];
        let before = match line {
            1 => before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(before),
            _ => before,
        };
        Position {
            line,
            column: before.chars().count() + 1,
        }
    }

    /// An offset that lies in the text and between two characters: this one, or the last before.
    pub fn clamp(&self, offset: usize) -> usize {
        floor_boundary(&self.text, offset)
    }

    /// The text of the line that holds the byte at `offset`, without its line end.
    pub fn line(&self, offset: usize) -> &str {
        let at = floor_boundary(&self.text, offset);
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        self.text[start..].lines().next().unwrap_or("")
    }
}

/// Every file of a call, by [`SourceId`].
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a file and gives its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = u32::try_from(self.0.len()).expect("fewer than four billion files");
        self.0.push(Source {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
        });
        SourceId(id)
    }

    /// The file with this number.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0 as usize]
    }

    /// The text at a place, clamped to the file and to whole characters.
    pub fn slice(&self, span: Span) -> &str {
        let text = self.get(span.source).text();
        &text[floor_boundary(text, span.start as usize)..floor_boundary(text, span.end as usize)]
    }

    /// A place as people write it: `agent-flow.yaml:12:5`.
    pub fn locate(&self, span: Span) -> String {
        let source = self.get(span.source);
        format!("{}:{}", source.name(), source.position(span.start as usize))
    }
}

/// The last character boundary at or before `offset`.
pub(crate) fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_line_and_a_column_in_characters() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "name: ż\nurl: łx\n");
        let at = sources.get(id).text().find('x').unwrap();
        assert_eq!(
            sources.locate(Span::new(id, at..at + 1)),
            "a.yaml:2:7".to_owned()
        );
        assert_eq!(sources.get(id).line(at), "url: łx");
    }

    #[test]
    fn an_offset_beyond_the_end_or_inside_a_character_is_clamped() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "ż");
        assert_eq!(sources.get(id).position(1).column, 1);
        assert_eq!(sources.get(id).position(99).column, 2);
        assert_eq!(sources.slice(Span::new(id, 0..99)), "ż");
    }
}
