//! Where the text of a file changes when keys of a mapping in it are set.
//!
//! Each edit is checked by reading the new text: it must mean the same but for the new keys.

use std::ops::Range;

use super::added::{Added, quoted};
use super::comparison::{Comparison, gives_way};
use super::layout::Layout;
use super::place::{Part, Unfit};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Sources;
use crate::yaml::parse;
use crate::yaml::tree::{Entry, Node};

/// Sets keys of the mapping at `place` to texts, and gives the new text.
///
/// What is missing on the way to the place is made, in the style of what is around it: in braces
/// within braces, else on lines of its own. `true` or nothing on the way gives way to a mapping. A
/// key that is there gets the new value, a new one comes last.
pub fn set(text: &str, place: &[Part], entries: &[(String, String)]) -> Result<String, Unfit> {
    if entries.is_empty() {
        return Ok(text.to_owned());
    }
    let old = read(text)?;
    let layout = Layout { text, root: &old };
    let splices = Editor { layout }.splices(place, entries)?;
    let new_text = applied(text, splices);
    let new = read(&new_text).map_err(|_| Unfit::Form)?;
    if Comparison::default().is_edited(Some(&old), &new, place, entries) {
        Ok(new_text)
    } else {
        Err(Unfit::Form)
    }
}

fn read(text: &str) -> Result<Node, Unfit> {
    let mut sources = Sources::default();
    let id = sources.add("", text);
    let mut diagnostics = Diagnostics::default();
    let root = parse(&sources, id, &mut diagnostics);
    if diagnostics.into_sorted().iter().any(Diagnostic::is_error) {
        return Err(Unfit::Unreadable);
    }
    root.ok_or(Unfit::Unreadable)
}

/// A part of the text and what comes in its place.
type Splice = (Range<usize>, String);

fn applied(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|(range, _)| range.start);
    let mut new = text.to_owned();
    for (range, replacement) in splices.into_iter().rev() {
        new.replace_range(range, &replacement);
    }
    new
}

struct Editor<'t> {
    layout: Layout<'t>,
}

impl Editor<'_> {
    fn splices(&self, place: &[Part], entries: &[(String, String)]) -> Result<Vec<Splice>, Unfit> {
        let mut node = self.layout.root;
        for (depth, part) in place.iter().enumerate() {
            match part {
                Part::Item(index) => {
                    node = node.items().get(*index).ok_or(Unfit::NoMapping)?;
                    if node.via.is_some() {
                        return Err(Unfit::Shared);
                    }
                }
                Part::Key(key) => {
                    if !node.is_map() {
                        return Err(Unfit::NoMapping);
                    }
                    let Some(entry) = node.entry(key) else {
                        let added = Added::under(&place[depth..], entries)?;
                        return self.append(node, &added);
                    };
                    if entry.value.via.is_some() {
                        return Err(Unfit::Shared);
                    }
                    if entry.value.scalar().is_some() {
                        let added = Added::under(&place[depth + 1..], entries)?;
                        return self.grow(node, entry, &added);
                    }
                    node = &entry.value;
                }
            }
        }
        if !node.is_map() {
            return Err(Unfit::NoMapping);
        }
        self.put(node, entries)
    }

    /// Sets keys of a mapping that is there.
    fn put(&self, map: &Node, entries: &[(String, String)]) -> Result<Vec<Splice>, Unfit> {
        let mut splices = Vec::new();
        let mut new = Vec::new();
        for (key, value) in entries {
            match map.entry(key) {
                None => new.push((key.clone(), Added::Text(value.clone()))),
                Some(entry) if entry.value.via.is_some() => return Err(Unfit::Shared),
                Some(entry) if entry.value.scalar().is_some() => {
                    splices.push((entry.value.span.range(), quoted(value)));
                }
                Some(_) => return Err(Unfit::Form),
            }
        }
        if !new.is_empty() {
            splices.extend(self.append(map, &Added::Map(new))?);
        }
        Ok(splices)
    }

    /// Puts keys behind the last one of a mapping.
    fn append(&self, map: &Node, added: &Added) -> Result<Vec<Splice>, Unfit> {
        let start = map.span.range().start;
        if self.layout.is_flow(map) {
            let inside = added.flow_entries(self.layout.pad(map));
            let splice = match map.entries() {
                [] => {
                    let pad = self.layout.pad(map);
                    let is_tight = !self.layout.text[start + 1..].starts_with(char::is_whitespace);
                    let end = if is_tight { pad } else { "" };
                    (start + 1..start + 1, format!("{pad}{inside}{end}"))
                }
                entries => {
                    let end = self.layout.entries_end(entries, map).ok_or(Unfit::Form)?;
                    (end..end, format!(", {inside}"))
                }
            };
            return Ok(vec![splice]);
        }
        let end = self
            .layout
            .entries_end(map.entries(), map)
            .ok_or(Unfit::Form)?;
        let lines = added.lines(self.layout.column(start), self.layout.unit(map));
        Ok(vec![self.below(end, &lines)])
    }

    /// Puts a mapping in the place of `true` or of nothing.
    fn grow(&self, map: &Node, entry: &Entry, added: &Added) -> Result<Vec<Splice>, Unfit> {
        if !gives_way(&entry.value) {
            return Err(Unfit::NoMapping);
        }
        let key = entry.key.span.range();
        let value = entry.value.span.range();
        let is_empty = self.layout.text[value.clone()].trim().is_empty();
        let behind = &self.layout.text[key.end..];
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        if !behind[blanks..].starts_with(':') {
            return Err(Unfit::Form);
        }
        let colon = key.end + blanks + 1;
        let value = if is_empty { colon..colon } else { value };
        let gap = &self.layout.text[colon..value.start];
        if self.layout.is_flow(map) || !gap.trim_matches([' ', '\t']).is_empty() {
            let blank = if is_empty { " " } else { "" };
            let flow = added.flow(self.layout.pad(map));
            return Ok(vec![(value, format!("{blank}{flow}"))]);
        }
        let unit = self.layout.unit(map);
        let lines = added.lines(self.layout.column(key.start) + unit, unit);
        Ok(vec![
            (colon..value.end, String::new()),
            self.below(value.end, &lines),
        ])
    }

    /// Lines behind the one that holds the byte at `at`.
    fn below(&self, at: usize, lines: &[String]) -> Splice {
        let newline = if self.layout.text.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        if let Some(length) = self.layout.text[at..].find('\n') {
            let next = at + length + 1;
            let text = lines.iter().map(|line| format!("{line}{newline}"));
            (next..next, text.collect())
        } else {
            let end = self.layout.text.len();
            let text = lines.iter().map(|line| format!("{newline}{line}"));
            (end..end, text.collect())
        }
    }
}
