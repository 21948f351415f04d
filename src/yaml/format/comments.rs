//! What each comment belongs to: what is beside it, what is below it, or the block that ends above
//! it. Where a comment could belong to several blocks its indentation says to which.

use std::ops::Range;

use super::part::{Beside, Child, Document, Group, Line, Part, Shape};

/// Puts every comment of a document where it belongs, and notes blank lines.
pub(super) fn attach(document: &mut Document, text: &str) {
    let lines = Lines {
        text,
        kept: &document.kept,
    };
    note_blanks(&mut document.root, &lines);
    let first = match &document.root.shape {
        Shape::Group(group) => group.children.first().map(|child| child.start),
        _ => None,
    };
    let mut gap = Gap::default();
    for comment in &document.comments {
        let line = Line {
            blank: lines.is_blank_before(comment.start),
            text: text[comment.clone()].trim_end().to_owned(),
        };
        if first.is_none_or(|first| comment.start < first) {
            document.head.push(line);
        } else if lines.is_alone(comment.start) {
            alone(&mut document.root, comment, line, &lines, &mut gap);
        } else {
            beside(&mut document.root, comment.start, line.text, &lines);
        }
    }
}

struct Lines<'a> {
    text: &'a str,
    kept: &'a [Range<usize>],
}

impl Lines<'_> {
    fn start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    fn column(&self, at: usize) -> usize {
        self.text[self.start(at)..at].chars().count()
    }

    /// Whether nothing stands before it on its line.
    fn is_alone(&self, at: usize) -> bool {
        self.text[self.start(at)..at].trim().is_empty()
    }

    /// Whether the line above is blank, and no part of a text.
    fn is_blank_before(&self, at: usize) -> bool {
        let start = self.start(at);
        let Some(above) = start.checked_sub(1) else {
            return false;
        };
        let above = self.start(above)..above;
        let inside = |kept: &Range<usize>| kept.start < above.start && above.start < kept.end;
        self.text[above.clone()].trim().is_empty() && !self.kept.iter().any(inside)
    }
}

fn note_blanks(part: &mut Part, lines: &Lines<'_>) {
    let Some(group) = group_mut(part) else {
        return;
    };
    let is_flow = group.is_flow;
    for child in &mut group.children {
        child.blank = !is_flow && lines.is_alone(child.start) && lines.is_blank_before(child.start);
        note_blanks(&mut child.value, lines);
    }
}

fn group_mut(part: &mut Part) -> Option<&mut Group> {
    match &mut part.shape {
        Shape::Group(group) => Some(group),
        _ => None,
    }
}

/// The last child that begins before a place.
fn last_before(group: &Group, at: usize) -> Option<usize> {
    let behind = group.children.partition_point(|child| child.start < at);
    behind.checked_sub(1)
}

/// Whether a comment lies in what is moved as a whole.
fn holds(part: &Part, at: usize) -> bool {
    part.is_odd && part.at.contains(&at)
}

/// A comment behind something on its line.
fn beside(root: &mut Part, at: usize, text: String, lines: &Lines<'_>) {
    let mut part = root;
    loop {
        let Some(group) = part.block_mut() else {
            return;
        };
        let Some(index) = last_before(group, at) else {
            return;
        };
        let child = &mut group.children[index];
        if child.value.block().is_some() && child.value.at.start < at {
            part = &mut child.value;
            continue;
        }
        if holds(&child.value, at) {
            return;
        }
        let before = &lines.text[lines.start(at)..at];
        let comment = Beside {
            blanks: before.len() - before.trim_end().len(),
            text,
        };
        if let Some(earlier) = child.beside.replace(comment) {
            child.above.push(Line {
                blank: false,
                text: earlier.text,
            });
        }
        return;
    }
}

/// Where the comments between two children went: none goes deeper than the one above it.
#[derive(Default)]
struct Gap {
    behind: usize,
    deepest: Option<usize>,
}

/// A comment on a line of its own.
fn alone(root: &mut Part, at: &Range<usize>, line: Line, lines: &Lines<'_>, gap: &mut Gap) {
    let Some(chain) = chain(root, at.start) else {
        return;
    };
    let (index, column) = (chain.len() - 1, lines.column(at.start));
    let last = child_at(root, &chain);
    if holds(&last.value, at.start) {
        return;
    }
    if last.value.at.start > at.start {
        match last.value.block_mut() {
            Some(block) => block.children[0].above.push(line),
            None => last.above.push(line),
        }
        return;
    }
    if gap.behind != last.start {
        *gap = Gap {
            behind: last.start,
            deepest: None,
        };
    }
    // The next child, and the block that it is in.
    let next = (0..chain.len()).rev().find(|depth| {
        let group = group_at(root, &chain[..*depth]);
        chain[*depth] + 1 < group.children.len()
    });
    let next_column = next.map(|depth| {
        let group = group_at(root, &chain[..depth]);
        lines.column(group.children[chain[depth] + 1].start)
    });
    let limit = gap.deepest.unwrap_or(usize::MAX);
    if next_column.is_none_or(|next| column > next) {
        let last = child_at(root, &chain);
        let is_deeper = column > lines.column(last.start);
        if is_deeper && limit > index && !last.value.is_block_text() {
            gap.deepest = Some(index + 1);
            last.below.push(line);
            return;
        }
        let shallowest = next.map_or(0, |depth| depth + 1);
        for depth in (shallowest..=index).rev() {
            let group = group_at(root, &chain[..depth]);
            let start = group.children[0].start;
            if depth <= limit && (lines.column(start) <= column || depth == 0) {
                gap.deepest = Some(depth);
                group.foot.push(line);
                return;
            }
        }
    }
    gap.deepest = Some(0);
    match next {
        Some(depth) => {
            let group = group_at(root, &chain[..depth]);
            group.children[chain[depth] + 1].above.push(line);
        }
        None => group_at(root, &[]).foot.push(line),
    }
}

/// The way to the last child that begins before a place, through the blocks that are open there.
fn chain(root: &Part, at: usize) -> Option<Vec<usize>> {
    let mut chain = Vec::new();
    let mut part = root;
    while let Some(group) = part.block() {
        let Some(index) = last_before(group, at) else {
            break;
        };
        chain.push(index);
        part = &group.children[index].value;
        if part.at.start > at {
            break;
        }
    }
    (!chain.is_empty()).then_some(chain)
}

/// The block at the end of a way that goes through blocks only.
fn group_at<'p>(root: &'p mut Part, chain: &[usize]) -> &'p mut Group {
    let mut group = root.block_mut().expect("a way goes through blocks");
    for index in chain {
        let value = &mut group.children[*index].value;
        group = value.block_mut().expect("a way goes through blocks");
    }
    group
}

fn child_at<'p>(root: &'p mut Part, chain: &[usize]) -> &'p mut Child {
    let (last, way) = chain.split_last().expect("a way has an end");
    &mut group_at(root, way).children[*last]
}
