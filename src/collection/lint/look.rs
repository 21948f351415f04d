//! Goes through a collection once and shows every family of lints its steps.

use std::ops::Range;

use super::hidden::Hidden;
use super::reach::Reach;
use super::told::{Allowed, silence};
use super::unused::Unused;
use super::{comparison, exposed, literal};
use crate::collection::flow::{self, Reached};
use crate::collection::model::{Collection, Step, Text};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;
use crate::template::Compiled;

/// Tells what is no error but probably not meant, but for what is allowed.
///
/// A collection with errors gets none of it: much of it would only follow from those.
pub fn check<'c>(
    collection: &'c Collection,
    compiled: &Compiled<'c>,
    diagnostics: &mut Diagnostics,
) {
    if !diagnostics.has_errors_in(&collection.files()) {
        let mut look = Look {
            collection,
            compiled,
            allowed: Allowed::of(collection),
            told: Vec::new(),
        };
        families(&mut look);
        diagnostics.extend(look.told);
    }
    silence(collection, diagnostics);
}

fn families(look: &mut Look<'_, '_>) {
    let collection = look.collection;
    let mut unused = Unused::default();
    let mut hidden = Hidden::of(collection);
    let mut reach = Reach::of(collection);
    let mut exposed = exposed::Exposed::default();
    let mut defaults = flow::file_defaults(collection);
    for steps in [&collection.steps, &collection.finally] {
        flow::walk(steps, &mut defaults, &mut |reached| {
            reach.step(look, reached.step);
            uses(reached, look.compiled, &mut |used| {
                unused.see(look, &used);
                reach.see(look, reached.step, &used);
            });
            exposed.step(look, reached);
            comparison::step(look, reached.step);
            hidden.step(look, reached.step);
            true
        });
    }
    unused.end(look);
    literal::collection(look);
}

/// What every family has at hand.
pub(super) struct Look<'a, 'c> {
    pub(super) collection: &'c Collection,
    pub(super) compiled: &'a Compiled<'c>,
    allowed: Allowed<'c>,
    told: Vec<Diagnostic>,
}

impl Look<'_, '_> {
    /// Tells a warning of a step, or of what stands in no step.
    pub(super) fn tell(&mut self, step: Option<&Step>, diagnostic: Diagnostic) {
        let allowed = step.is_some_and(|step| self.allowed.by_step(step, diagnostic.code));
        if !allowed {
            self.told.push(diagnostic);
        }
    }

    /// The place of some bytes of a text.
    pub(super) fn place(&self, text: &Text, range: Range<usize>) -> Span {
        self.compiled.locate(text, range)
    }
}

/// What a step does with the names, in the order in which it runs.
pub(super) enum Used<'c> {
    /// It uses one.
    Name {
        /// The name.
        name: &'c str,
        /// The text that does.
        text: &'c Text,
        /// Where in the text.
        range: Range<usize>,
        /// Whether the text is an expression, and no template.
        is_expression: bool,
    },
    /// It captures one.
    Capture {
        /// The step.
        step: &'c Step,
        /// The name.
        name: &'c crate::collection::model::Name,
    },
}

fn uses<'c>(reached: &Reached<'_, 'c>, compiled: &Compiled<'c>, visit: &mut dyn FnMut(Used<'c>)) {
    let step = reached.step;
    let expression = |text: &'c Text, visit: &mut dyn FnMut(Used<'c>)| {
        compiled.expression_names(text, &mut |name, range| {
            visit(Used::Name {
                name,
                text,
                range,
                is_expression: true,
            });
        });
    };
    if let Some(when) = &step.spec.when {
        expression(when, visit);
    }
    reached.templates(&mut |text| {
        compiled.template_names(text, &mut |name, range| {
            visit(Used::Name {
                name,
                text,
                range,
                is_expression: false,
            });
        });
    });
    for (name, text) in &step.spec.capture {
        expression(text, visit);
        visit(Used::Capture { step, name });
    }
    for text in &step.spec.assert {
        expression(text, visit);
    }
}
