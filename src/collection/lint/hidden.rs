//! Captures that take the name of an input or a variable.

use std::collections::HashMap;

use super::code::Lint;
use super::look::Look;
use crate::collection::model::{Collection, Step};
use crate::source::Span;

/// The inputs and variables that no capture has hidden yet.
pub(super) struct Hidden<'c> {
    visible: HashMap<&'c str, (&'static str, Span)>,
}

impl<'c> Hidden<'c> {
    pub(super) fn of(collection: &'c Collection) -> Self {
        let shared = &collection.shared;
        let inputs = shared.inputs.iter().map(|(name, _)| ("input", name));
        let variables = shared.variables.iter().map(|(name, _)| ("variable", name));
        Self {
            visible: inputs
                .chain(variables)
                .map(|(what, name)| (name.value.as_str(), (what, name.span)))
                .collect(),
        }
    }

    pub(super) fn step(&mut self, look: &mut Look<'_, 'c>, step: &'c Step) {
        // What a browser step captures may be given from outside, and is an input so far.
        if step.spec.authorize.is_some() {
            return;
        }
        for (name, _) in &step.spec.capture {
            if let Some((what, declared)) = self.visible.remove(name.value.as_str()) {
                let message = format!("the capture `{}` hides the {what}", name.value);
                let diagnostic = Lint::HiddenName.at(name.span, message);
                look.tell(
                    Some(step),
                    diagnostic
                        .also(declared, format!("the {what}, out of reach from here on"))
                        .help("give the capture another name"),
                );
            }
        }
    }
}
