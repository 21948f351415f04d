//! From the parser's events to nodes: places, anchors, aliases, tags and the limit of depth.
//!
//! It tells what is wrong and goes on, except behind a syntax error. It does not know what a
//! collection is.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use granit_parser::{Event, Parser, ScanError, StrInput, StructureStyle, Tag};

use super::document::Stream;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span};
use crate::yaml::advice::{Broken, line_at, value_at};
use crate::yaml::syntax;
use crate::yaml::tree::{Kind, Node};

/// How many lists and mappings may stand inside each other.
pub const MAX_DEPTH: usize = 96;

/// Nothing more can be read; the reason was told.
pub(super) struct Stop;

/// A node, and what its parents need to know of it.
#[derive(Clone)]
pub(super) struct Built {
    pub(super) node: Node,
    /// How many lists and mappings stand inside each other in it.
    pub(super) height: usize,
    /// Where its text ends; of an alias, the alias.
    pub(super) end: usize,
}

/// Reads one file.
pub(super) struct Builder<'s, 'd> {
    pub(super) text: &'s str,
    id: SourceId,
    events: Parser<'s, StrInput<'s>>,
    pub(super) diagnostics: &'d mut Diagnostics,
    pub(super) anchors: HashMap<usize, Built>,
    pub(super) anchor_names: Vec<(String, Span)>,
    pub(super) unknown_aliases: Vec<(String, Span)>,
    /// What is told at the end, unless a syntax error says more of the same line.
    pub(super) doubts: Vec<Diagnostic>,
    /// Where the brackets stand that are open.
    brackets: Vec<usize>,
    /// Keys that occurred, to share their text.
    pub(super) keys: HashSet<Rc<str>>,
    /// How many keys merges have copied.
    pub(super) copies: usize,
}

impl<'s, 'd> Builder<'s, 'd> {
    pub(super) fn new(text: &'s str, id: SourceId, diagnostics: &'d mut Diagnostics) -> Self {
        let mut options = granit_parser::options! {
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        options.set_emit_comments(false);
        Self {
            text,
            id,
            events: Parser::new_from_str_with_options(text, options),
            diagnostics,
            anchors: HashMap::new(),
            anchor_names: Vec::new(),
            unknown_aliases: Vec::new(),
            doubts: Vec::new(),
            brackets: Vec::new(),
            keys: HashSet::new(),
            copies: 0,
        }
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.id, range)
    }

    /// The value on the line of a byte that holds it.
    pub(super) fn value_at(&self, offset: usize) -> Range<usize> {
        let line = line_at(self.text, offset);
        let in_flow = self.brackets.last().is_some_and(|at| *at < line.start);
        value_at(self.text, offset, in_flow)
    }

    pub(super) fn tell(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The next event that is about content; names of anchors are remembered on the way.
    pub(super) fn next(&mut self) -> Result<(Event<'s>, Range<usize>), Stop> {
        loop {
            match self.events.next_event() {
                None => return Ok((Event::StreamEnd, self.text.len()..self.text.len())),
                Some(Ok((event, span))) => {
                    let range = span.byte_range().unwrap_or(0..0);
                    if let Event::Anchor(_, name) = event {
                        let span = self.span(range);
                        self.anchor_names.push((name.into_owned(), span));
                    } else {
                        return Ok((event, range));
                    }
                }
                Some(Err(error)) => {
                    self.tell_syntax(&error);
                    return Err(Stop);
                }
            }
        }
    }

    fn tell_syntax(&mut self, error: &ScanError) {
        let at = error.marker().byte_offset().unwrap_or(self.text.len());
        let line = line_at(self.text, at);
        let on_line = |span: Span| line.contains(&span.range().start);
        // `*x == 1` is told as an alias that names nothing.
        if self
            .unknown_aliases
            .last()
            .is_some_and(|(_, alias)| on_line(*alias))
        {
            return;
        }
        self.doubts.retain(|doubt| {
            !doubt
                .primary
                .as_ref()
                .is_some_and(|label| on_line(label.span))
        });
        let broken = Broken {
            text: self.text,
            id: self.id,
            kind: error.kind(),
            at: crate::source::floor_boundary(self.text, at),
            open_bracket: self.brackets.last().copied(),
        };
        let diagnostic = syntax::explain(&broken);
        self.tell(diagnostic);
    }

    /// Tells what no syntax error has said better.
    pub(super) fn tell_doubts(&mut self) {
        let doubts = std::mem::take(&mut self.doubts);
        self.diagnostics.extend(doubts);
    }

    /// The node that begins with this event; `depth` counts the lists and mappings around it and
    /// itself.
    pub(super) fn node(
        &mut self,
        event: Event<'s>,
        at: Range<usize>,
        depth: usize,
    ) -> Result<Built, Stop> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(&text, style, at, tag.as_deref());
                let built = Built {
                    height: 0,
                    end: node.span.range().end,
                    node,
                };
                Ok(self.anchored(built, anchor))
            }
            Event::SequenceStart(style, anchor, tag) => {
                let built = self.sequence(style, at, depth, None)?;
                Ok(self.finish(built, anchor, tag.as_deref()))
            }
            Event::MappingStart(style, anchor, tag) => {
                let built = self.mapping(style, at, depth, None)?;
                Ok(self.finish(built, anchor, tag.as_deref()))
            }
            Event::Alias(anchor) => self.alias(anchor, at, depth),
            Event::UnresolvedAlias(name) => {
                let span = self.span(at);
                self.unknown_aliases.push((name.into_owned(), span));
                Ok(broken(span))
            }
            _ => {
                let span = self.span(at);
                self.tell(Diagnostic::error("yaml-syntax", "a value is missing", span));
                Err(Stop)
            }
        }
    }

    /// Checks the tag of a list or mapping and remembers its anchor.
    pub(super) fn finish(&mut self, mut built: Built, anchor: usize, tag: Option<&Tag>) -> Built {
        let fits = match (&built.node.kind, tag.map(Tag::core_suffix)) {
            (_, None) | (Kind::Broken, _) => true,
            (Kind::List(_), Some(core)) => core == Some("seq"),
            (_, Some(core)) => core == Some("map"),
        };
        if !fits {
            let span = built.node.span;
            self.tell_tag(tag, span);
            built.node.kind = Kind::Broken;
        }
        self.anchored(built, anchor)
    }

    pub(super) fn check_depth(&mut self, depth: usize, span: Span) -> Result<(), Stop> {
        if depth <= MAX_DEPTH {
            return Ok(());
        }
        self.tell(syntax::too_deep(span));
        Err(Stop)
    }

    /// Enters a list or mapping.
    pub(super) fn enter(
        &mut self,
        style: StructureStyle,
        at: &Range<usize>,
        depth: usize,
    ) -> Result<(), Stop> {
        self.check_depth(depth, self.span(at.clone()))?;
        if style == StructureStyle::Flow {
            self.brackets.push(at.start);
        }
        Ok(())
    }

    /// Leaves a list or mapping; `children` is where its last part ends, `end` the bracket that
    /// closes it.
    pub(super) fn leave(
        &mut self,
        style: StructureStyle,
        at: &Range<usize>,
        children: usize,
        end: &Range<usize>,
    ) -> Span {
        if style == StructureStyle::Flow {
            self.brackets.pop();
        }
        // A list without brackets ends for the parser where the next line begins.
        let end = if end.is_empty() { children } else { end.end };
        self.span(at.start..end.max(at.end))
    }

    /// A list; its items are handed over instead of kept if it is one of those of the stream.
    pub(super) fn sequence(
        &mut self,
        style: StructureStyle,
        at: Range<usize>,
        depth: usize,
        mut stream: Option<(usize, &mut Stream<'_>)>,
    ) -> Result<Built, Stop> {
        self.enter(style, &at, depth)?;
        let mut items = Vec::new();
        let mut height = 0;
        let mut children = at.end;
        let span = loop {
            let (event, range) = self.next()?;
            if event == Event::SequenceEnd {
                break self.leave(style, &at, children, &range);
            }
            let built = self.node(event, range, depth + 1)?;
            height = height.max(built.height);
            children = children.max(built.end);
            match &mut stream {
                Some((list, stream)) => (stream.item)(*list, built.node, self.diagnostics),
                None => items.push(built.node),
            }
        };
        Ok(collection(span, height, Kind::List(items.into())))
    }
}

/// A list or mapping with its parts.
pub(super) fn collection(span: Span, height: usize, kind: Kind) -> Built {
    Built {
        height: height + 1,
        end: span.range().end,
        node: Node {
            span,
            via: None,
            kind,
        },
    }
}

/// Something that was told to be wrong.
pub(super) fn broken(span: Span) -> Built {
    Built {
        node: Node {
            span,
            via: None,
            kind: Kind::Broken,
        },
        height: 0,
        end: span.range().end,
    }
}
