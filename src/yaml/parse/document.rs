//! The one document of a file: read whole, or with the items of its top-level lists handed over
//! one by one.

use std::rc::Rc;

use granit_parser::Event;

use super::builder::{Builder, Stop};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Sources};
use crate::yaml::tree::{Entry, Kind, Node};

/// Reads a whole document as a tree; `None` if there is none, or if its YAML is broken.
///
/// There may be errors although there is a tree: duplicate keys and unknown anchors are told and
/// reading goes on.
pub fn parse(sources: &Sources, id: SourceId, diagnostics: &mut Diagnostics) -> Option<Node> {
    parse_streaming(sources, id, &[], &mut |_, _, _| {}, diagnostics)
}

/// Reads a document whose top level is a mapping, without ever having the whole tree in memory.
///
/// The items of the top-level lists named in `lists` are handed to `item` one by one, with the
/// number of the list in `lists`, in the order of the file. The mapping that comes back has an
/// empty list in the place of each. A value that is no list stays where it is. Items may have been
/// handed over although nothing comes back: the YAML behind them is broken then.
pub fn parse_streaming(
    sources: &Sources,
    id: SourceId,
    lists: &[&str],
    item: &mut dyn FnMut(usize, Node, &mut Diagnostics),
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let mut builder = Builder::new(sources.get(id).text(), id, diagnostics);
    let root = builder.document(&mut Stream { lists, item }).ok();
    builder.tell_unknown_anchors();
    builder.tell_doubts();
    root.flatten()
}

/// The top-level lists whose items are handed over.
pub(super) struct Stream<'a> {
    lists: &'a [&'a str],
    pub(super) item: &'a mut dyn FnMut(usize, Node, &mut Diagnostics),
}

impl Stream<'_> {
    /// The number of the list that is the value of this key.
    pub(super) fn list(&self, key: &str) -> Option<usize> {
        self.lists.iter().position(|list| *list == key)
    }
}

impl Builder<'_, '_> {
    fn document(&mut self, stream: &mut Stream<'_>) -> Result<Option<Node>, Stop> {
        self.check_characters()?;
        let mut root = None;
        loop {
            let (event, range) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(..) if root.is_some() => {
                    let span = self.span(range);
                    self.tell(
                        Diagnostic::error("many-documents", "a second document begins here", span)
                            .help("remove the `---`, or put what follows into a file of its own"),
                    );
                    break;
                }
                Event::DocumentStart(..) => {
                    let (event, range) = self.next()?;
                    root = Some(match event {
                        Event::MappingStart(style, anchor, tag) => {
                            let built = self.mapping(style, range, 1, Some(stream))?;
                            self.finish(built, anchor, tag.as_deref()).node
                        }
                        other => self.node(other, range, 1)?.node,
                    });
                }
                _ => {}
            }
        }
        if root.as_ref().is_none_or(Node::is_null) {
            let span = self.span(0..0);
            self.tell(
                Diagnostic::error("empty-file", "this file is empty", span)
                    .help("write a value, such as `name: What the collection is about`"),
            );
            return Ok(None);
        }
        Ok(root)
    }

    /// The parser takes U+0000 for the end of the file, and YAML allows no control characters. A
    /// carriage return alone would end a line that no editor shows as ended.
    fn check_characters(&mut self) -> Result<(), Stop> {
        let bytes = self.text.as_bytes();
        let is_wrong = |at: usize| match bytes[at] {
            b'\t' | b'\n' => false,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            byte => byte < b' ' || byte == 0x7f,
        };
        let Some(at) = (0..bytes.len()).find(|at| is_wrong(*at)) else {
            return Ok(());
        };
        let code = bytes[at];
        let message = match code {
            b'\r' => "a carriage return alone does not end a line".to_owned(),
            _ => format!("the character U+{code:04X} can't be here"),
        };
        let help = match code {
            b'\r' => "save the file with the line ends of Unix or Windows".to_owned(),
            _ => format!("remove it, or write `\\x{code:02x}` in double quotes"),
        };
        let span = self.span(at..at + 1);
        self.tell(Diagnostic::error("yaml-syntax", message, span).help(help));
        Err(Stop)
    }

    /// Hands over the items of lists that came by an alias, a merge or with an anchor.
    pub(super) fn hand_over(
        &mut self,
        entries: &mut [Entry],
        stream: &mut Stream<'_>,
        done: &[Rc<str>],
    ) {
        for entry in entries {
            let Some(list) = stream.list(&entry.key.name) else {
                continue;
            };
            if done.contains(&entry.key.name) || !entry.value.is_list() {
                continue;
            }
            for item in entry.value.items() {
                let via = entry.value.via.or(item.via);
                let item = Node {
                    via,
                    ..item.clone()
                };
                (stream.item)(list, item, self.diagnostics);
            }
            entry.value.kind = Kind::List(Rc::from([]));
        }
    }
}
