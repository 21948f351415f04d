//! Where the text of a file changes when keys of a mapping in it are set.
//!
//! Each edit is checked by reading the new text: it must mean the same but for the new keys.

use std::ops::Range;

use super::added::{Added, quoted};
use super::comparison::{Comparison, gives_way};
use super::place::{Part, Unfit};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Sources;
use crate::yaml::parse;
use crate::yaml::tree::{Entry, Kind, Node};

/// How far a mapping is indented under its key where the file does not show it.
const USUAL_INDENT: usize = 2;

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
    let splices = Editor { text, root: &old }.splices(place, entries)?;
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
    text: &'t str,
    root: &'t Node,
}

impl Editor<'_> {
    fn splices(&self, place: &[Part], entries: &[(String, String)]) -> Result<Vec<Splice>, Unfit> {
        let mut node = self.root;
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
        if self.is_flow(map) {
            let inside = added.flow_entries(self.pad(map));
            let splice = match map.entries() {
                [] => {
                    let pad = self.pad(map);
                    let is_tight = !self.text[start + 1..].starts_with(char::is_whitespace);
                    let end = if is_tight { pad } else { "" };
                    (start + 1..start + 1, format!("{pad}{inside}{end}"))
                }
                entries => {
                    let end = self.entries_end(entries, map).ok_or(Unfit::Form)?;
                    (end..end, format!(", {inside}"))
                }
            };
            return Ok(vec![splice]);
        }
        let end = self.entries_end(map.entries(), map).ok_or(Unfit::Form)?;
        let lines = added.lines(self.column(start), self.unit(map));
        Ok(vec![self.below(end, &lines)])
    }

    /// Puts a mapping in the place of `true` or of nothing.
    fn grow(&self, map: &Node, entry: &Entry, added: &Added) -> Result<Vec<Splice>, Unfit> {
        if !gives_way(&entry.value) {
            return Err(Unfit::NoMapping);
        }
        let key = entry.key.span.range();
        let value = entry.value.span.range();
        let is_empty = self.text[value.clone()].trim().is_empty();
        let behind = &self.text[key.end..];
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        if !behind[blanks..].starts_with(':') {
            return Err(Unfit::Form);
        }
        let colon = key.end + blanks + 1;
        let value = if is_empty { colon..colon } else { value };
        let gap = &self.text[colon..value.start];
        if self.is_flow(map) || !gap.trim_matches([' ', '\t']).is_empty() {
            let blank = if is_empty { " " } else { "" };
            let flow = added.flow(self.pad(map));
            return Ok(vec![(value, format!("{blank}{flow}"))]);
        }
        let unit = self.unit(map);
        let lines = added.lines(self.column(key.start) + unit, unit);
        Ok(vec![
            (colon..value.end, String::new()),
            self.below(value.end, &lines),
        ])
    }

    /// Lines behind the one that holds the byte at `at`.
    fn below(&self, at: usize, lines: &[String]) -> Splice {
        let newline = if self.text.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        if let Some(length) = self.text[at..].find('\n') {
            let next = at + length + 1;
            let text = lines.iter().map(|line| format!("{line}{newline}"));
            (next..next, text.collect())
        } else {
            let end = self.text.len();
            let text = lines.iter().map(|line| format!("{newline}{line}"));
            (end..end, text.collect())
        }
    }

    /// Where the last entry that stands in a mapping itself ends, its comment not counted.
    fn entries_end(&self, entries: &[Entry], map: &Node) -> Option<usize> {
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

    fn is_flow(&self, map: &Node) -> bool {
        self.text[map.span.range()].starts_with('{')
    }

    /// What stands between a brace and what is in it.
    fn pad(&self, map: &Node) -> &'static str {
        let inside = self.text[map.span.range()].strip_prefix('{');
        let is_tight = inside.is_some_and(|inside| !inside.starts_with([' ', '}', '\n', '\r']));
        if is_tight { "" } else { " " }
    }

    /// In which column of its line a byte stands, in characters from 0.
    fn column(&self, at: usize) -> usize {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = self.text[start..at].trim_start_matches('\u{feff}');
        line.chars().count()
    }

    /// How far mappings are indented under their keys near this one.
    fn unit(&self, map: &Node) -> usize {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Vec<Part> {
        let parts = text.split('.').filter(|part| !part.is_empty());
        parts
            .map(|part| match part.parse() {
                Ok(index) => Part::Item(index),
                Err(_) => Part::Key(part.to_owned()),
            })
            .collect()
    }

    fn rules(rules: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |text: &&str| (*text).to_owned();
        rules.iter().map(|(a, b)| (owned(a), owned(b))).collect()
    }

    /// The text after two rules were added to the snapshot of the first step.
    fn edited(text: &str) -> String {
        let rules = rules(&[("created_at", "rfc3339"), ("$.a[0]", "uuid?")]);
        set(text, &place("steps.0.snapshot.redact"), &rules).unwrap()
    }

    fn refused(text: &str) -> Unfit {
        let rules = rules(&[("created_at", "rfc3339")]);
        set(text, &place("steps.0.snapshot.redact"), &rules).unwrap_err()
    }

    #[test]
    fn true_becomes_a_block_in_the_indentation_of_the_file() {
        insta::assert_snapshot!(edited("\
name: x
steps:
    - name: a   # one
      request:
          url: b
      snapshot: true   # keep me

      # and me
      show: response
"), @r#"
        name: x
        steps:
            - name: a   # one
              request:
                  url: b
              snapshot:   # keep me
                  redact:
                      created_at: rfc3339
                      "$.a[0]": uuid?

              # and me
              show: response
        "#);
    }

    #[test]
    fn what_stands_in_braces_stays_in_braces() {
        insta::assert_snapshot!(edited("steps: [{ name: a, snapshot: true }, {name: b}]\n"), @r#"steps: [{ name: a, snapshot: { redact: { created_at: rfc3339, "$.a[0]": uuid? } } }, {name: b}]"#);
        insta::assert_snapshot!(edited("steps:\n- snapshot: {only: [$.x]} # c\n"), @r#"
        steps:
        - snapshot: {only: [$.x], redact: {created_at: rfc3339, "$.a[0]": uuid?}} # c
        "#);
        insta::assert_snapshot!(edited("steps:\n- snapshot: {}\n"), @r#"
        steps:
        - snapshot: { redact: { created_at: rfc3339, "$.a[0]": uuid? } }
        "#);
        insta::assert_snapshot!(edited("steps:\n- snapshot: { redact: { id: uuid, } }\n"), @r#"
        steps:
        - snapshot: { redact: { id: uuid, created_at: rfc3339, "$.a[0]": uuid?, } }
        "#);
        insta::assert_snapshot!(edited("steps:\n- snapshot: {\n    redact: {\n      id: uuid # i\n    }\n  }\n"), @r#"
        steps:
        - snapshot: {
            redact: {
              id: uuid, created_at: rfc3339, "$.a[0]": uuid? # i
            }
          }
        "#);
    }

    #[test]
    fn a_block_is_extended_behind_its_last_key() {
        insta::assert_snapshot!(edited("\
steps:
  - name: a
    snapshot:
      only:
        - $.a # last
      # of the step
    show: response
"), @r#"
        steps:
          - name: a
            snapshot:
              only:
                - $.a # last
              redact:
                created_at: rfc3339
                "$.a[0]": uuid?
              # of the step
            show: response
        "#);
        insta::assert_snapshot!(edited("\
steps:
  - name: a
    snapshot:
      redact:
        id: uuid

  - name: b
"), @r#"
        steps:
          - name: a
            snapshot:
              redact:
                id: uuid
                created_at: rfc3339
                "$.a[0]": uuid?

          - name: b
        "#);
    }

    #[test]
    fn a_key_without_a_value_gets_one() {
        insta::assert_snapshot!(edited("steps:\n- snapshot:\n    redact: # soon\n    sort: { $.a: id }\n"), @r#"
        steps:
        - snapshot:
            redact: # soon
              created_at: rfc3339
              "$.a[0]": uuid?
            sort: { $.a: id }
        "#);
    }

    #[test]
    fn a_key_that_is_there_gets_the_new_value() {
        insta::assert_snapshot!(edited("steps:\n- snapshot: { redact: { created_at: 'date', '$.a[0]': any } }\n"), @r"
        steps:
        - snapshot: { redact: { created_at: rfc3339, '$.a[0]': uuid? } }
        ");
    }

    #[test]
    fn line_ends_and_a_missing_last_one_stay_as_they_are() {
        assert_eq!(
            edited("steps:\r\n- name: a\r\n  snapshot: true\r\n"),
            "steps:\r\n- name: a\r\n  snapshot:\r\n    redact:\r\n      created_at: rfc3339\r\n      \"$.a[0]\": uuid?\r\n"
        );
        assert_eq!(
            edited("\u{feff}steps:\n- snapshot: true"),
            "\u{feff}steps:\n- snapshot:\n    redact:\n      created_at: rfc3339\n      \"$.a[0]\": uuid?"
        );
    }

    #[test]
    fn what_others_share_is_not_edited() {
        assert_eq!(
            refused("x-s: &s { only: [$.a] }\nsteps:\n- snapshot: *s\n"),
            Unfit::Shared
        );
        assert_eq!(
            refused("x-s: &s { snapshot: true }\nsteps:\n- <<: *s\n  name: a\n"),
            Unfit::Shared
        );
        assert_eq!(
            refused("steps:\n- snapshot: &s true\n- snapshot: *s\n"),
            Unfit::Form
        );
    }

    #[test]
    fn what_is_no_snapshot_is_not_edited() {
        assert_eq!(refused("steps:\n- snapshot: false\n"), Unfit::NoMapping);
        assert_eq!(refused("steps:\n- snapshot: [a]\n"), Unfit::NoMapping);
        assert_eq!(refused("steps: {}\n"), Unfit::NoMapping);
        assert_eq!(refused("steps: [\n"), Unfit::Unreadable);
    }

    #[test]
    fn keys_are_quoted_where_yaml_would_take_them_for_something_else() {
        for text in [
            "",
            " ",
            "a b",
            "yes",
            "Null",
            "1",
            "1e3",
            "$['a \"b\"'].c[*]",
            "a: b",
            "#",
            "- a",
            "tab\t",
            "two\nlines",
            "ż",
            "headers.x-id",
            "a?",
            "?",
            "*a",
            "\\n",
            "\u{85}\u{2028}",
        ] {
            let new = set("a: 1\n", &[], &rules(&[(text, text)]));
            if text != "a" {
                let root = read(&new.unwrap()).unwrap();
                assert_eq!(root.entries()[1].key.name.as_ref(), text);
                assert_eq!(root.entries()[1].value.as_text(), Some(text));
            }
        }
    }

    /// Every mapping of a document and the way to it.
    fn mappings(node: &Node, way: &mut Vec<Part>, found: &mut Vec<Vec<Part>>) {
        if node.via.is_some() {
            return;
        }
        if node.is_map() || gives_way(node) {
            found.push(way.clone());
        }
        for entry in node.entries() {
            way.push(Part::Key(entry.key.name.to_string()));
            mappings(&entry.value, way, found);
            way.pop();
        }
        for (index, item) in node.items().iter().enumerate() {
            way.push(Part::Item(index));
            mappings(item, way, found);
            way.pop();
        }
    }

    /// Edits every mapping of a text at three depths; how often that was.
    #[track_caller]
    fn every_mapping_can_be_edited(text: &str) -> usize {
        let rules = rules(&[("new_key", "uuid"), ("$.a['b']", "any")]);
        let mut places = Vec::new();
        mappings(&read(text).unwrap(), &mut Vec::new(), &mut places);
        for place in &mut places {
            for deeper in ["", "snapshot", "redact"] {
                if !deeper.is_empty() {
                    place.push(Part::Key(deeper.to_owned()));
                }
                let new = set(text, place, &rules);
                if place[..].first() == Some(&Part::Key("x-a".to_owned())) {
                    // Aliases would change with it.
                    assert_eq!(new, Err(Unfit::Form));
                    continue;
                }
                let new = new.unwrap_or_else(|why| panic!("{place:?}: {why}"));
                // What gives way goes with the blank before it.
                let [old, new] = [text, &new].map(|text| {
                    let gone = [" true", " null", " ~"];
                    gone.iter()
                        .fold(text.to_owned(), |text, word| text.replace(word, ""))
                });
                assert!(is_subsequence(&old, &new), "{place:?}\n{new}");
            }
        }
        places.len() * 3
    }

    #[test]
    fn every_mapping_of_the_shipped_collections_can_be_edited_and_loses_nothing() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("collections");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "yaml")
            {
                count += every_mapping_can_be_edited(&std::fs::read_to_string(path).unwrap());
            }
        }
        assert!(count > 100, "{count}");
    }

    #[test]
    fn every_mapping_can_be_edited_however_it_is_written() {
        let count = every_mapping_can_be_edited(ODD);
        assert!(count > 20, "{count}");
        every_mapping_can_be_edited(&ODD.replace('\n', "\r\n"));
        // Blank lines at the end of this text are a part of it.
        let kept = "a:\n  text: |+\n    x\n\nb: 1\n";
        let edit = set(kept, &place("a"), &rules(&[("c", "d")]));
        assert_eq!(edit, Err(Unfit::Form));
    }

    const ODD: &str = "\
# odd forms
x-a: &a
  k: v
\"quoted\": {a: 1,
  b: [1, 2], # c
  }
literal:
  text: |
    one
    two

next: {}
list:
- a: 1
  b: true # yes
-   c:
      d: >-
        folded
        text
  # trailing
- <<: *a
  own: *a
multi: \"a
  b\"
last:
  # only a comment
  z: ~
";

    /// Whether nothing of a text was lost: its bytes are all there, in order.
    fn is_subsequence(old: &str, new: &str) -> bool {
        let mut bytes = new.bytes();
        old.bytes().all(|byte| bytes.any(|other| other == byte))
    }
}
