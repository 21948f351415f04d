//! Captures, inputs and variables that nothing uses.

use std::collections::{HashMap, HashSet};

use super::code::Lint;
use super::look::{Look, Used};
use crate::collection::flow::{definitions, names_of};
use crate::collection::keep;
use crate::collection::model::{Collection, Name, Step};
use crate::diagnostic::Diagnostic;
use crate::template::Compiled;

/// What was used so far, and the captures that wait for somebody.
#[derive(Default)]
pub(super) struct Unused<'c> {
    used: HashSet<&'c str>,
    waiting: HashMap<&'c str, Vec<(&'c Name, &'c Step)>>,
}

impl<'c> Unused<'c> {
    pub(super) fn see(&mut self, look: &Look<'_, 'c>, used: &Used<'c>) {
        match used {
            Used::Name { name, .. } => {
                self.used.insert(name);
                self.waiting.remove(name);
            }
            // What a browser step brings is often all that it is for, and may be given instead;
            // a token is what a person logs in for.
            Used::Capture { name, .. }
                if keep::names(look.collection).any(|kept| kept == name.value) => {}
            Used::Capture { step, name }
                if step.spec.authorize.is_some() || look.collection.is_secret(&name.value) => {}
            Used::Capture { step, name } => {
                let captures = self.waiting.entry(&name.value).or_default();
                captures.push((name, step));
            }
        }
    }

    pub(super) fn end(self, look: &mut Look<'_, 'c>) {
        for (name, step) in self.waiting.into_values().flatten() {
            let message = format!("`{}` is captured and never used", name.value);
            let diagnostic = Lint::UnusedCapture.at(name.span, message);
            look.tell(
                Some(step),
                diagnostic
                    .help("remove it, or use it in an assert of this step or in a later step"),
            );
        }
        let collection = look.collection;
        // A file without steps is there for others, which may use all of it.
        if collection.all_steps().next().is_none() {
            return;
        }
        let used = reached_from(self.used, collection, look.compiled);
        for diagnostic in definitions_without_use(collection, &used) {
            look.tell(None, diagnostic);
        }
    }
}

/// Names and all that their values use, in whichever environment.
fn reached_from<'c>(
    used: HashSet<&'c str>,
    collection: &'c Collection,
    compiled: &Compiled<'c>,
) -> HashSet<&'c str> {
    let environments = &collection.shared.environments;
    let mut all = HashSet::new();
    let mut waiting: Vec<&str> = used.into_iter().collect();
    while let Some(name) = waiting.pop() {
        if !all.insert(name) {
            continue;
        }
        let declared = environments
            .iter()
            .map(|(_, environment)| Some(environment));
        for environment in declared.chain([None]) {
            for data in definitions(collection, environment, name) {
                waiting.extend(names_of(data, compiled));
            }
        }
    }
    all
}

/// What this file defines for nobody; what it takes from another file is for others too.
fn definitions_without_use(collection: &Collection, used: &HashSet<&str>) -> Vec<Diagnostic> {
    let shared = &collection.shared;
    let is_idle =
        |name: &Name| name.span.source == collection.source && !used.contains(&*name.value);
    let inputs = shared.inputs.iter().map(|(name, _)| name);
    let inputs = inputs.filter(|name| is_idle(name)).map(|name| {
        let message = format!("the input `{}` is never used", name.value);
        Lint::UnusedInput.at(name.span, message)
    });
    let values = shared.environments.iter().flat_map(|(label, environment)| {
        let names = environment.values.iter().map(|(name, _)| name);
        names.filter(|name| is_idle(name)).map(|name| {
            let message = format!(
                "`{}` of the environment `{}` is never used",
                name.value, label.value
            );
            Lint::UnusedInput.at(name.span, message)
        })
    });
    let variables = shared.variables.iter().map(|(name, _)| name);
    let variables = variables.filter(|name| is_idle(name)).map(|name| {
        let message = format!("the variable `{}` is never used", name.value);
        Lint::UnusedVariable.at(name.span, message)
    });
    inputs
        .chain(values)
        .chain(variables)
        .map(|diagnostic| diagnostic.help("remove it, or use it in a step"))
        .collect()
}
