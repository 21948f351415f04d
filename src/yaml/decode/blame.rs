//! Where a mistake is shown and what is said of it: the value it belongs to, its key, the alias
//! that brought it here.

use serde_json::Number;

use super::hints::{Meant, Misread, general};
use super::mistake::{Complaint, Mistake, Problem};
use super::path::Step;
use super::value::De;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::advice::{self, Wanted, shorten};
use crate::yaml::scalar::{self, Change};
use crate::yaml::tree::Node;

impl De<'_> {
    /// Where to point for the value: at the key where nothing stands.
    fn place_of_value(&self) -> Span {
        match self.path.key() {
            Some(key) if self.node.span.range().is_empty() => key.span,
            _ => self.node.span,
        }
    }

    /// An error that also shows the alias that brought the value here.
    pub(super) fn error(
        &self,
        code: &'static str,
        message: impl Into<String>,
        span: Span,
    ) -> Diagnostic {
        let diagnostic = Diagnostic::error(code, message, span);
        match self.via() {
            Some(via) if via != span => diagnostic.also(via, "used here"),
            _ => diagnostic,
        }
    }

    /// Fails because something else stands here: "expected a text for `method`, found a list".
    pub(super) fn wrong<T>(&self, wanted: Wanted, expected: &str) -> Result<T, Mistake> {
        let mut parts = self.node.items().iter();
        if self.node.is_broken() || parts.any(Node::is_broken) {
            return Err(Mistake::told());
        }
        let key = self.path.last_name();
        let key = key.map_or_else(String::new, |key| format!(" for `{}`", shorten(key)));
        let message = format!("expected {expected}{key}, found {}", self.node.described());
        let diagnostic = self.error("wrong-type", message, self.place_of_value());
        Err(self.advise(wanted, self.labelled(diagnostic)).into())
    }

    /// Adds what the value was meant to be, if the format knows, else what YAML made of the text.
    fn advise(&self, wanted: Wanted, diagnostic: Diagnostic) -> Diagnostic {
        let source = self.state.sources.get(self.node.span.source);
        if let Some(meant) = self.meant() {
            return diagnostic.fix(meant.message, self.node.span, meant.value);
        }
        let place = self.place_of_value();
        let mut advised = advice::explain(source, self.node, wanted, place, diagnostic);
        if advised.fix.is_none() {
            self.show(&mut advised, Some(wanted));
        }
        advised
    }

    /// What the format takes the value for.
    fn meant(&self) -> Option<Meant> {
        let path = general(&self.path.to_string());
        let source = self.state.sources.get(self.node.span.source);
        let written = source.text().get(self.node.span.range())?;
        (self.state.hints.meant)(&Misread {
            path: &path,
            node: self.node,
            written,
        })
    }

    /// Adds a line that could stand here; where the format has one, it says more than advice that
    /// fits any text.
    fn show(&self, diagnostic: &mut Diagnostic, wanted: Option<Wanted>) {
        let path = self.path.to_string();
        if let Some(example) = self.state.hints.example(&path) {
            let or_not = match wanted {
                Some(Wanted::List | Wanted::Map) if self.node.is_null() => match self.path.step {
                    Step::Item(_) => ", or remove the item",
                    _ => ", or remove the key",
                },
                _ => "",
            };
            diagnostic.help = vec![format!("write it as in `{example}`{or_not}")];
        }
    }

    /// Labels the place with the way to it, where that says more than the line shows.
    fn labelled(&self, diagnostic: Diagnostic) -> Diagnostic {
        if self.path.is_empty() || self.path.is_first() {
            diagnostic
        } else {
            diagnostic.label(format!("`{}`", self.path))
        }
    }

    /// Gives a mistake its place: this value, unless it has one already.
    pub(super) fn place(&self, mistake: Mistake) -> Mistake {
        match *mistake.problem {
            // What is amiss without the parts that are left out may be so for want of them.
            Problem::Unplaced(_) if self.node.is_broken() || self.lacks_parts() => Mistake::told(),
            // So may what is amiss beside a key that is not known.
            Problem::Unplaced(_) if self.state.told_unknown_key_in(self.node.span) => {
                Mistake::told()
            }
            Problem::Missing(key) if self.lacks(key) => Mistake::told(),
            Problem::Missing(key) => self.missing(key).into(),
            Problem::Unplaced(complaint) => {
                let wanted = complaint.wanted;
                let diagnostic = self.placed(complaint, self.place_of_value(), Some(self.node));
                if let Some(wanted) = wanted {
                    return self.advise(wanted, diagnostic).into();
                }
                let mut diagnostic = diagnostic;
                if diagnostic.fix.is_none()
                    && let Some(meant) = self.meant()
                {
                    diagnostic = diagnostic.fix(meant.message, self.node.span, meant.value);
                } else if diagnostic.fix.is_none() && diagnostic.help.is_empty() {
                    self.show(&mut diagnostic, None);
                }
                diagnostic.into()
            }
            Problem::Told | Problem::Placed(_) => mistake,
        }
    }

    /// Whether a part of this value is left out.
    fn lacks_parts(&self) -> bool {
        let items = self.node.items().iter();
        let values = self.node.entries().iter().map(|entry| &entry.value);
        items.chain(values).any(|part| self.state.is_left_out(part))
    }

    /// Whether the value of a key is left out.
    fn lacks(&self, key: &str) -> bool {
        let value = self.node.get(key);
        value.is_some_and(|value| self.state.is_left_out(value))
    }

    /// A complaint at its place; what was meant replaces it, unless it is a list or a mapping.
    pub(super) fn placed(
        &self,
        complaint: Complaint,
        span: Span,
        node: Option<&Node>,
    ) -> Diagnostic {
        let mut diagnostic = self
            .labelled(self.error(complaint.code, complaint.message, span))
            .maybe_help(complaint.help);
        if let Some(meant) = complaint.meant
            && node.is_none_or(|node| node.scalar().is_some())
        {
            diagnostic = diagnostic.fix(format!("did you mean `{meant}`?"), span, meant);
        }
        diagnostic
    }

    /// A required key is not there: points at the key that holds the mapping, else at the
    /// mapping's name, else at its first key.
    fn missing(&self, key: &str) -> Diagnostic {
        let named = self.node.entry("name").map(|entry| entry.value.span);
        let first = self.node.entries().first().map(|entry| entry.key.span);
        let holder = self.path.key().map(|key| key.span);
        let span = holder.or(named).or(first).unwrap_or(self.node.span);
        let place = if self.path.is_empty() {
            String::new()
        } else {
            format!(" in `{}`", self.path)
        };
        let path = self.path.to_string();
        let example = self.state.hints.missing(&path, key);
        let example = example.map_or_else(|| format!("{key}: …"), str::to_owned);
        self.error("missing-key", format!("`{key}` is missing{place}"), span)
            .help(format!("add `{example}`"))
    }

    /// Tells of a number that does not print back as it was written.
    pub(super) fn check_number(&self, text: &str, number: &Number) {
        let span = self.node.span;
        let message = format!("`{text}` is read as the number `{number}`");
        let diagnostic = match scalar::change(text, number) {
            Change::None => return,
            Change::Form => Diagnostic::warning("number-changes", message, span),
            Change::Value => Diagnostic::error("number-changes", message, span),
        };
        self.state.tell(
            diagnostic
                .help(format!("write `{number}` for the number"))
                .fix("quote it to keep it a string", span, advice::quote(text)),
        );
    }

    /// Tells of a number that JSON can't hold.
    pub(super) fn tell_unfit(&self, text: &str) {
        let span = self.node.span;
        let message = if text.contains(['n', 'N']) {
            format!("JSON has no number `{text}`")
        } else {
            format!("`{text}` does not fit a 64-bit number")
        };
        self.state
            .tell(Diagnostic::error("number-changes", message, span).fix(
                "quote it to keep it a string",
                span,
                advice::quote(text),
            ));
    }
}
