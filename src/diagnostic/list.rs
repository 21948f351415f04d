//! All that is wrong with the files of a call.

use std::collections::HashSet;

use super::Diagnostic;
use crate::source::{SourceId, Span};

/// Every diagnostic of a call, in the order of the files and of the lines in them, each once.
#[derive(Debug, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    /// What makes two of them the same.
    seen: HashSet<(&'static str, String, Option<Span>)>,
}

impl Diagnostics {
    /// Adds one; a second one of the same kind at the same place is dropped.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.primary.as_ref().map(|label| label.span);
        let message = diagnostic.message.clone();
        if self.seen.insert((diagnostic.code, message, place)) {
            self.all.push(diagnostic);
        }
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        for diagnostic in other {
            self.push(diagnostic);
        }
    }

    /// Each of them, as they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all.iter()
    }

    /// Takes away those that are not wanted.
    pub fn retain(&mut self, wanted: impl FnMut(&Diagnostic) -> bool) {
        self.all.retain(wanted);
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.all.iter().any(Diagnostic::is_error)
    }

    /// Whether one of them is an error in one of these files.
    pub fn has_errors_in(&self, files: &[SourceId]) -> bool {
        let mut errors = self.all.iter().filter(|one| one.is_error());
        errors.any(|one| {
            let place = one.primary.as_ref();
            place.is_some_and(|label| files.contains(&label.span.source))
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All of them, by file and line.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.all
            .sort_by_key(|diagnostic| diagnostic.primary.as_ref().map(|label| label.span));
        self.all
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn the_same_problem_at_the_same_place_is_told_once_and_in_order() {
        let id = Sources::default().add("a.yaml", "abc");
        let mut all = Diagnostics::default();
        all.push(Diagnostic::error("b", "second", Span::new(id, 2..3)));
        all.push(Diagnostic::error("a", "first", Span::new(id, 0..1)));
        all.push(Diagnostic::error("a", "first", Span::new(id, 0..1)));
        let codes: Vec<_> = all.into_sorted().iter().map(|one| one.code).collect();
        assert_eq!(codes, ["a", "b"]);
    }
}
