//! A document as it is written: aliases, merges, anchors and tags are kept, comments lie where they
//! belong.

use std::ops::Range;

use crate::yaml::tree::Style;

/// A value as it is written.
#[derive(Debug)]
pub(super) struct Part {
    /// Where it stands, anchor and tag not included.
    pub(super) at: Range<usize>,
    /// Its anchor and its tag, as written.
    pub(super) properties: Vec<String>,
    /// What it is.
    pub(super) shape: Shape,
    /// It is written in a way that is not laid out anew, but moved as a whole.
    pub(super) is_odd: bool,
}

/// What a [`Part`] is.
#[derive(Debug)]
pub(super) enum Shape {
    /// Nothing stands there.
    Empty,
    /// `*name`
    Alias,
    /// A text, a number and so on.
    Scalar(Style, String),
    /// A list or a mapping.
    Group(Group),
}

/// A list or a mapping.
#[derive(Debug)]
pub(super) struct Group {
    /// Whether it stands in brackets.
    pub(super) is_flow: bool,
    /// Whether it is a mapping.
    pub(super) is_map: bool,
    /// Its items or entries.
    pub(super) children: Vec<Child>,
    /// The comments behind the last one.
    pub(super) foot: Vec<Line>,
}

/// An item of a list or an entry of a mapping.
#[derive(Debug)]
pub(super) struct Child {
    /// Where its `-` or its key stands.
    pub(super) start: usize,
    /// Its key, in a mapping.
    pub(super) key: Option<Part>,
    /// Its value.
    pub(super) value: Part,
    /// The comments above it.
    pub(super) above: Vec<Line>,
    /// Whether a blank line stands before it.
    pub(super) blank: bool,
    /// The comment on its first line, or behind its value.
    pub(super) beside: Option<Beside>,
    /// Comments below a value that is no list or mapping, indented deeper than the key.
    pub(super) below: Vec<Line>,
}

/// A comment on a line of its own.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Whether a blank line stands before it.
    pub(super) blank: bool,
    /// The comment with its `#`.
    pub(super) text: String,
}

/// A comment behind something.
#[derive(Debug, Clone)]
pub(super) struct Beside {
    /// The blanks before it.
    pub(super) blanks: usize,
    /// The comment with its `#`.
    pub(super) text: String,
}

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    /// What stands before the first value and is kept as it is: directives and `---`.
    pub(super) before: String,
    /// The comments above the first key, which stay at the top.
    pub(super) head: Vec<Line>,
    /// The value.
    pub(super) root: Part,
    /// `...` and what stands behind it.
    pub(super) behind: String,
    /// Every comment, in order.
    pub(super) comments: Vec<Range<usize>>,
    /// Blank lines that are part of a text.
    pub(super) kept: Vec<Range<usize>>,
}

impl Part {
    /// The list or mapping that is laid out line by line, if it is one.
    pub(super) fn block(&self) -> Option<&Group> {
        match &self.shape {
            Shape::Group(group) if !group.is_flow && !self.is_odd => Some(group),
            _ => None,
        }
    }

    /// The same, to change it.
    pub(super) fn block_mut(&mut self) -> Option<&mut Group> {
        match &mut self.shape {
            Shape::Group(group) if !group.is_flow && !self.is_odd => Some(group),
            _ => None,
        }
    }

    /// Whether it is a text that begins with `|` or `>`.
    pub(super) fn is_block_text(&self) -> bool {
        matches!(self.shape, Shape::Scalar(Style::Literal | Style::Folded, _))
    }

    /// The name of its anchor, `&` included.
    pub(super) fn anchor(&self) -> Option<&str> {
        let mut properties = self.properties.iter().map(String::as_str);
        properties.find(|property| property.starts_with('&'))
    }
}
