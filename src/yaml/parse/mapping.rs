//! Mappings: their keys, each once, and the merges (`<<`).

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use granit_parser::{Event, ScalarStyle, StructureStyle};

use super::builder::{Builder, Built, Stop, collection};
use super::document::Stream;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::advice::{line_at, quote};
use crate::yaml::tree::{Entry, Key, Kind, MERGE, Node};

/// How many keys merges may copy in one file; a file of everyday size copies a few thousand.
const MAX_COPIES: usize = 1_000_000;

/// Keys up to this length are kept once, however often they occur.
const SHORT_KEY: usize = 32;

/// How many different keys are kept once.
const MAX_SHARED_KEYS: usize = 1024;

/// Whether a key is the one that merges, which it isn't in quotes.
fn is_merge(key: &Key) -> bool {
    &*key.name == MERGE && key.span.range().len() == MERGE.len()
}

/// From this many keys on a mapping looks them up in a table.
const MANY_KEYS: usize = 16;

/// A mapping that is being read.
#[derive(Default)]
struct Mapping {
    entries: Vec<Entry>,
    /// Where each key stands, of a mapping with many.
    table: HashMap<Rc<str>, Span>,
    /// How many entries stand before the merge, the place of its key, and what is merged.
    merge: Option<(usize, Span, Node)>,
}

impl Mapping {
    /// Where this key stands already.
    fn find(&self, key: &Key) -> Option<Span> {
        if is_merge(key) {
            return self.merge.as_ref().map(|(_, span, _)| *span);
        }
        if self.entries.len() >= MANY_KEYS {
            return self.table.get(&key.name).copied();
        }
        let mut keys = self.entries.iter().map(|entry| &entry.key);
        keys.find(|other| other.name == key.name)
            .map(|other| other.span)
    }

    fn push(&mut self, key: Key, value: Node) {
        if is_merge(&key) {
            self.merge = Some((self.entries.len(), key.span, value));
            return;
        }
        self.entries.push(Entry { key, value });
        if self.entries.len() >= MANY_KEYS {
            let missing = &self.entries[self.table.len()..];
            let keys = missing.iter().map(|entry| &entry.key);
            self.table
                .extend(keys.map(|key| (Rc::clone(&key.name), key.span)));
        }
    }
}

impl<'s> Builder<'s, '_> {
    /// A mapping; the items of its lists that belong to the stream are handed over.
    pub(super) fn mapping(
        &mut self,
        style: StructureStyle,
        at: Range<usize>,
        depth: usize,
        mut stream: Option<&mut Stream<'_>>,
    ) -> Result<Built, Stop> {
        self.enter(style, &at, depth)?;
        let mut map = Mapping::default();
        let mut height = 0;
        let mut children = at.end;
        let mut handed_over = Vec::new();
        let mut template = false;
        let span = loop {
            let (event, range) = self.next()?;
            if event == Event::MappingEnd {
                break self.leave(style, &at, children, &range);
            }
            let key = self.key(event, range, &at, depth)?;
            template |= matches!(key, FoundKey::Template);
            let found = key.usable();
            let first = found.as_ref().and_then(|key| map.find(key));
            let (key, duplicate) = if first.is_some() {
                (None, found)
            } else {
                (found, None)
            };
            let (event, range) = self.next()?;
            let list = key
                .as_ref()
                .and_then(|key| stream.as_ref()?.list(&key.name));
            let built = match (event, list, &mut stream, &key) {
                (Event::SequenceStart(style, 0, None), Some(list), Some(stream), Some(key)) => {
                    handed_over.push(Rc::clone(&key.name));
                    self.sequence(style, range, depth + 1, Some((list, stream)))
                }
                (event, ..) => self.node(event, range, depth + 1),
            };
            if let (Some(first), Some(key)) = (first, duplicate) {
                let value = built.as_ref().ok().map(|built| &built.node);
                self.tell_duplicate(&map, &key, first, value);
            }
            let built = built?;
            height = height.max(built.height);
            children = children.max(built.end);
            if let Some(key) = key {
                map.push(key, built.node);
            }
        };
        if template {
            self.tell_template(span);
            return Ok(collection(span, height, Kind::Broken));
        }
        let mut entries = self.merge(map)?;
        if let Some(stream) = stream {
            self.hand_over(&mut entries, stream, &handed_over);
        }
        Ok(collection(span, height, Kind::Map(entries.into())))
    }

    /// The key that begins with this event, of a mapping that begins at `map`.
    fn key(
        &mut self,
        event: Event<'s>,
        at: Range<usize>,
        map: &Range<usize>,
        depth: usize,
    ) -> Result<FoundKey, Stop> {
        if let Event::Scalar(text, style, 0, None) = &event
            && !(*style == ScalarStyle::Plain && at.is_empty())
        {
            return Ok(FoundKey::Usable(Key {
                name: self.share(text),
                span: self.span(at),
            }));
        }
        let built = self.node(event, at.clone(), depth + 1)?;
        let span = self.span(at.start..built.end);
        let message = match &built.node.kind {
            Kind::Broken => return Ok(FoundKey::Told),
            Kind::Scalar(scalar) if !built.node.is_null() => {
                return Ok(FoundKey::Usable(Key {
                    name: self.share(&scalar.text),
                    span,
                }));
            }
            Kind::Map(_) if self.text[map.start..].starts_with("{{") => {
                return Ok(FoundKey::Template);
            }
            Kind::Scalar(_) => "a key is missing before the `:`",
            Kind::List(_) | Kind::Map(_) => "a key must be a string",
        };
        self.tell(
            Diagnostic::error("yaml-syntax", message, span)
                .help("put the whole value in quotes if it is a string"),
        );
        Ok(FoundKey::Told)
    }

    /// `{{ x }}` is a mapping whose key is a mapping; more text may stand behind it.
    fn tell_template(&mut self, span: Span) {
        let value = self.value_at(span.range().start);
        let value = if value.start == span.range().start {
            self.span(value)
        } else {
            span
        };
        let message = "a value that begins with `{{` must be in quotes";
        let replacement = quote(&self.text[value.range()]);
        let diagnostic = Diagnostic::error("unquoted-template", message, value);
        self.tell(
            diagnostic
                .fix("put the whole value in quotes", value, replacement)
                .certain(),
        );
    }

    fn share(&mut self, name: &str) -> Rc<str> {
        if let Some(shared) = self.keys.get(name) {
            return Rc::clone(shared);
        }
        let name: Rc<str> = name.into();
        if name.len() <= SHORT_KEY && self.keys.len() < MAX_SHARED_KEYS {
            self.keys.insert(Rc::clone(&name));
        }
        name
    }

    /// A key stands in its mapping already, at `first`; `value` is the second one's.
    fn tell_duplicate(&mut self, map: &Mapping, key: &Key, first: Span, value: Option<&Node>) {
        let message = format!("duplicate key `{}`", key.name);
        let diagnostic =
            Diagnostic::error("duplicate-key", message, key.span).also(first, "first written here");
        let diagnostic = if is_merge(key) {
            diagnostic.help("merge several mappings by a list: `<<: [*one, *other]`")
        } else {
            match value.and_then(|value| self.repeated_lines(map, key, value)) {
                Some(lines) => diagnostic
                    .fix("remove the second one, which says the same", lines, "")
                    .certain(),
                None => diagnostic.help("keep one of the two"),
            }
        };
        self.tell(diagnostic);
    }

    /// The whole lines of a key and its value, if they repeat what the first one says.
    fn repeated_lines(&self, map: &Mapping, key: &Key, value: &Node) -> Option<Span> {
        let mut entries = map.entries.iter();
        let first = entries.find(|entry| entry.key.name == key.name)?;
        let written = |key: Span, value: Span| self.text.get(key.range().start..value.range().end);
        let second = written(key.span, value.span)?;
        if written(first.key.span, first.value.span)? != second {
            return None;
        }
        let start = line_at(self.text, key.span.range().start).start;
        let end = line_at(self.text, value.span.range().end).end;
        let before = &self.text[start..key.span.range().start];
        let behind = &self.text[value.span.range().end..end];
        let alone = before.trim().is_empty() && behind.trim().is_empty();
        let end = self.text[end..]
            .find('\n')
            .map_or(self.text.len(), |at| end + at + 1);
        alone.then(|| self.span(start..end))
    }

    /// Carries out the merge of a mapping: its own keys win, then those of the first one merged.
    fn merge(&mut self, map: Mapping) -> Result<Vec<Entry>, Stop> {
        let mut entries = map.entries;
        let Some((place, key, merged)) = map.merge else {
            return Ok(entries);
        };
        let names = entries.iter().map(|entry| Rc::clone(&entry.key.name));
        let mut names: HashSet<Rc<str>> = names.collect();
        let mut copied = Vec::new();
        let mut is_broken = false;
        let several: &[Node] = match &merged.kind {
            Kind::List(items) => items,
            _ => std::slice::from_ref(&merged),
        };
        for one in several {
            if !one.is_map() {
                self.tell_merge(one, key);
                is_broken = true;
                continue;
            }
            self.count_copies(one.entries().len(), key)?;
            for entry in one.entries() {
                if names.insert(Rc::clone(&entry.key.name)) {
                    let mut entry = entry.clone();
                    entry.value.via = one.via.or(merged.via).or(entry.value.via);
                    copied.push(entry);
                }
            }
        }
        if is_broken {
            copied.push(Entry {
                key: Key {
                    name: MERGE.into(),
                    span: key,
                },
                value: Node {
                    span: merged.span,
                    via: merged.via,
                    kind: Kind::Broken,
                },
            });
        }
        entries.splice(place..place, copied);
        Ok(entries)
    }

    fn tell_merge(&mut self, node: &Node, key: Span) {
        if node.is_broken() {
            return;
        }
        let span = node.via.unwrap_or(node.span);
        let message = "`<<` takes a mapping, or a list of mappings";
        self.tell(
            Diagnostic::error("wrong-type", message, span)
                .also(key, "merged in here")
                .help("write the alias of a mapping, as in `<<: *base`"),
        );
    }

    /// Merges of merges could copy without end.
    fn count_copies(&mut self, keys: usize, place: Span) -> Result<(), Stop> {
        self.copies += keys;
        if self.copies <= MAX_COPIES {
            return Ok(());
        }
        let message = format!("the merges of this file copy more than {MAX_COPIES} keys");
        self.tell(
            Diagnostic::error("too-large", message, place)
                .help("merge fewer mappings that merge others themselves"),
        );
        Err(Stop)
    }
}

/// What stands in the place of a key.
enum FoundKey {
    /// A key.
    Usable(Key),
    /// The inner braces of `{{ x }}`.
    Template,
    /// Something else, which was told.
    Told,
}

impl FoundKey {
    fn usable(self) -> Option<Key> {
        match self {
            FoundKey::Usable(key) => Some(key),
            FoundKey::Template | FoundKey::Told => None,
        }
    }
}
