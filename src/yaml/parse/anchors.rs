//! Anchors and the aliases that name them.

use std::ops::Range;

use super::builder::{Builder, Built, Stop, broken};
use crate::diagnostic::{Diagnostic, closest, list};
use crate::source::Span;
use crate::yaml::advice::{quote, value_at};
use crate::yaml::tree::Node;

/// Up to this many anchors are compared with a misspelt alias, and up to this many misspelt
/// aliases with the anchors; nobody reads more.
const MAX_COMPARED: usize = 100;

impl Builder<'_, '_> {
    /// Remembers a node by its anchor, if it has one.
    pub(super) fn anchored(&mut self, built: Built, anchor: usize) -> Built {
        if anchor != 0 {
            self.anchors.insert(anchor, built.clone());
        }
        built
    }

    /// What an alias names, with the alias as the way it came.
    pub(super) fn alias(
        &mut self,
        anchor: usize,
        at: Range<usize>,
        depth: usize,
    ) -> Result<Built, Stop> {
        let span = self.span(at.clone());
        let Some(target) = self.anchors.get(&anchor) else {
            let name = &self.text[at];
            let message = format!("`{name}` is inside the value that it names");
            self.tell(Diagnostic::error("unknown-anchor", message, span));
            return Ok(broken(span));
        };
        let built = Built {
            node: Node {
                via: Some(span),
                ..target.node.clone()
            },
            height: target.height,
            end: at.end,
        };
        // `depth` counts the node itself, as does the height of a list or mapping.
        self.check_depth(depth + built.height.saturating_sub(1), span)?;
        Ok(built)
    }

    /// Tells of the aliases that name nothing, now that all anchors are known.
    pub(super) fn tell_unknown_anchors(&mut self) {
        let aliases = std::mem::take(&mut self.unknown_aliases);
        for (index, (name, span)) in aliases.into_iter().enumerate() {
            let message = format!("no anchor `&{name}` above this line");
            let diagnostic = Diagnostic::error("unknown-anchor", message, span);
            let diagnostic = if index < MAX_COMPARED {
                self.anchor_advice(&name, span, diagnostic)
            } else {
                diagnostic
            };
            self.tell(diagnostic);
        }
    }

    fn anchor_advice(&self, name: &str, span: Span, diagnostic: Diagnostic) -> Diagnostic {
        let known = &self.anchor_names[..self.anchor_names.len().min(MAX_COMPARED)];
        if let Some((_, below)) = known.iter().find(|(below, _)| below == name) {
            return diagnostic
                .also(*below, "it is here")
                .help("move the anchor above its first use");
        }
        let names = known.iter().map(|(name, _)| &**name);
        if let Some(meant) = closest(name, names.clone()) {
            let message = format!("did you mean `*{meant}`?");
            return diagnostic.fix(message, span, format!("*{meant}"));
        }
        let mut diagnostic = diagnostic;
        if !known.is_empty() {
            diagnostic = diagnostic.note(format!("the anchors are {}", list(names)));
        }
        let value = value_at(self.text, span.range().start, false);
        if value.start != span.range().start {
            return diagnostic
                .help("put the value in quotes if it is a string that begins with `*`");
        }
        let replacement = quote(&self.text[value.clone()]);
        diagnostic.fix(
            "put the whole value in quotes if it is a string",
            self.span(value),
            replacement,
        )
    }
}
