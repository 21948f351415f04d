//! The warnings of a collection, those that are allowed left out.

use super::code::Lint;
use crate::collection::model::{Collection, Step};
use crate::diagnostic::Diagnostics;
use crate::source::{SourceId, Span, Spanned};

/// Which warnings a collection allows, and where.
#[derive(Debug)]
pub struct Allowed<'c> {
    /// The steps that allow some, and where each stands.
    steps: Vec<(Span, &'c [Spanned<Lint>])>,
    /// What the head of each file allows in it.
    files: &'c [(SourceId, Lint)],
}

impl<'c> Allowed<'c> {
    /// What a collection allows.
    pub fn of(collection: &'c Collection) -> Self {
        let steps = collection.all_steps();
        let steps = steps.filter(|step| !step.spec.allow.is_empty());
        Self {
            steps: steps
                .map(|step| (step.place, step.spec.allow.as_slice()))
                .collect(),
            files: &collection.shared.allow,
        }
    }

    /// Whether a warning of a step is allowed: by the step, by a group around it, or by the head of
    /// its file.
    pub fn by_step(&self, step: &Step, code: &str) -> bool {
        self.at(step.place, code)
    }

    /// Whether a warning is allowed where it stands.
    fn at(&self, place: Span, code: &str) -> bool {
        let inside = |step: &Span| {
            step.source == place.source && step.start <= place.start && place.end <= step.end
        };
        let is_meant = |lint: Lint| lint.code() == code;
        self.steps
            .iter()
            .any(|(step, allowed)| inside(step) && allowed.iter().any(|lint| is_meant(lint.value)))
            || self
                .files
                .iter()
                .any(|(file, lint)| *file == place.source && is_meant(*lint))
    }
}

/// Takes away the warnings that a collection allows where they stand.
pub fn silence(collection: &Collection, diagnostics: &mut Diagnostics) {
    let allowed = Allowed::of(collection);
    if allowed.steps.is_empty() && allowed.files.is_empty() {
        return;
    }
    diagnostics.retain(|diagnostic| {
        let place = diagnostic.primary.as_ref().map(|label| label.span);
        diagnostic.is_error() || !place.is_some_and(|place| allowed.at(place, diagnostic.code))
    });
}
