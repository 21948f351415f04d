//! How a document is laid out in its text: where its parts end, what is in braces, how far it is
//! indented.

use crate::yaml::tree::{Entry, Kind, Node};

/// How far a mapping is indented under its key where the file does not show it.
const USUAL_INDENT: usize = 2;

/// A document and its text.
#[derive(Clone, Copy)]
pub(super) struct Layout<'t> {
    pub(super) text: &'t str,
    pub(super) root: &'t Node,
}

impl Layout<'_> {
    /// Where the last entry that stands in a mapping itself ends, its comment not counted.
    pub(super) fn entries_end(&self, entries: &[Entry], map: &Node) -> Option<usize> {
        let inside = map.span.range();
        let ends = entries.iter().flat_map(|entry| {
            let end = self.end(&entry.value);
            [end, entry.via_end(), self.key_end(entry)]
        });
        ends.filter(|end| *end > inside.start && *end <= inside.end.max(self.text.len()))
            .max()
    }

    /// Behind the colon of a key, which an empty value has nothing after.
    fn key_end(&self, entry: &Entry) -> usize {
        let end = entry.key.span.range().end;
        let colon = self.text[end..].starts_with(':');
        end + usize::from(colon)
    }

    /// Where a value ends, white space behind it not counted.
    fn end(&self, node: &Node) -> usize {
        if let Some(via) = node.via {
            return via.range().end;
        }
        let span = node.span.range();
        match &node.kind {
            Kind::Map(entries) if !self.is_flow(node) => {
                self.entries_end(entries, node).unwrap_or(span.end)
            }
            Kind::List(items) if !self.text[span.start..].starts_with('[') => {
                let last = items.last().map_or(span.start, |item| self.end(item));
                last.max(span.start)
            }
            _ => span.start + self.text[span].trim_end().len(),
        }
    }

    pub(super) fn is_flow(&self, map: &Node) -> bool {
        self.text[map.span.range()].starts_with('{')
    }

    /// What stands between a brace and what is in it.
    pub(super) fn pad(&self, map: &Node) -> &'static str {
        let inside = self.text[map.span.range()].strip_prefix('{');
        let is_tight = inside.is_some_and(|inside| !inside.starts_with([' ', '}', '\n', '\r']));
        if is_tight { "" } else { " " }
    }

    /// In which column of its line a byte stands, in characters from 0.
    pub(super) fn column(&self, at: usize) -> usize {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = self.text[start..at].trim_start_matches('\u{feff}');
        line.chars().count()
    }

    /// How far mappings are indented under their keys near this one.
    pub(super) fn unit(&self, map: &Node) -> usize {
        self.indent_below(map)
            .or_else(|| self.indent_below(self.root))
            .unwrap_or(USUAL_INDENT)
    }

    fn indent_below(&self, node: &Node) -> Option<usize> {
        let children = node.items().iter().find_map(|item| self.indent_below(item));
        children.or_else(|| {
            node.entries().iter().find_map(|entry| {
                let value = &entry.value;
                if value.via.is_some() {
                    return None;
                }
                if value.is_map() && !self.is_flow(value) {
                    let outer = self.column(entry.key.span.range().start);
                    return self
                        .column(value.span.range().start)
                        .checked_sub(outer)
                        .filter(|unit| *unit > 0);
                }
                self.indent_below(value)
            })
        })
    }
}

impl Entry {
    /// Where the alias ends that a merge took this entry by; 0 for one that stands here itself.
    fn via_end(&self) -> usize {
        self.value.via.map_or(0, |via| via.range().end)
    }
}
