//! The flow of values: which step uses which names, and what those are worked out from.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::merged::Merged;
use super::model::{Action, Collection, Defaults, Environment, Name, Step, Text, named};
use crate::template::Compiled;
use crate::yaml::Data;

/// Every name that can be given from outside, each once: inputs in their order, what an environment
/// gives, what a sandbox supplies.
pub fn input_names(collection: &Collection) -> Vec<&str> {
    let shared = &collection.shared;
    let declared = shared.inputs.iter().map(|(name, _)| name.value.as_str());
    let brought = shared.environments.iter().flat_map(|(_, environment)| {
        let values = environment
            .values
            .iter()
            .map(|(name, _)| name.value.as_str());
        let kind = environment.sandbox.iter();
        values.chain(kind.flat_map(|kind| kind.value.inputs().iter().copied()))
    });
    let mut seen = BTreeSet::new();
    declared
        .chain(brought)
        .filter(|name| seen.insert(*name))
        .collect()
}

/// What browser steps capture: it may be given from outside, and then they have nothing to do.
pub fn authorize_captures(collection: &Collection) -> BTreeSet<&str> {
    let steps = collection
        .all_steps()
        .filter(|step| step.spec.authorize.is_some());
    steps
        .flat_map(|step| {
            step.spec
                .capture
                .iter()
                .map(|(name, _)| name.value.as_str())
        })
        .collect()
}

/// Every name that a step captures and the step that does.
pub fn producers(collection: &Collection) -> BTreeMap<&str, &Step> {
    let mut producers = BTreeMap::new();
    for step in collection.all_steps() {
        for (name, _) in &step.spec.capture {
            producers.entry(&*name.value).or_insert(step);
        }
    }
    producers
}

/// The names that the templates in some data use.
pub fn names_of<'c>(data: &'c Data, compiled: &Compiled<'c>) -> BTreeSet<&'c str> {
    let mut names = BTreeSet::new();
    data.visit_texts(&mut |text| {
        compiled.template_names(text, &mut |name, _| {
            names.insert(name);
        });
    });
    names
}

/// A step with the defaults that reach it, the farthest first.
pub struct Reached<'a, 'c> {
    /// The step.
    pub step: &'c Step,
    /// The defaults of the file and of the groups around it.
    pub defaults: &'a [&'c Defaults],
}

impl<'c> Reached<'_, 'c> {
    /// Its request with everything that it takes from defaults, if it sends one.
    pub fn request(&self) -> Option<Merged<'c>> {
        let own = match self.step.action() {
            Action::Request(own) => own,
            Action::Prose | Action::Authorize(_) | Action::Group => return None,
        };
        let below = self
            .defaults
            .iter()
            .filter_map(|one| one.request.as_deref());
        Some(Merged::of(below.chain([own])))
    }

    /// Every template of its action.
    pub fn templates(&self, visit: &mut dyn FnMut(&'c Text)) {
        if let Some(merged) = self.request() {
            merged.templates(visit);
        }
        if let Action::Authorize(spec) = self.step.action() {
            spec.templates(visit);
        }
    }
}

/// Walks steps in order, groups before their steps; `visit` says whether to enter a group.
pub fn walk<'c>(
    steps: &'c [Step],
    defaults: &mut Vec<&'c Defaults>,
    visit: &mut dyn FnMut(&Reached<'_, 'c>) -> bool,
) {
    for step in steps {
        let enter = visit(&Reached { step, defaults });
        if enter && !step.steps.is_empty() {
            let depth = defaults.len();
            defaults.extend(step.spec.defaults.as_deref());
            walk(&step.steps, defaults, visit);
            defaults.truncate(depth);
        }
    }
}

/// The defaults of a collection's files, the farthest first: where [`walk`] begins.
pub fn file_defaults(collection: &Collection) -> Vec<&Defaults> {
    collection.shared.defaults.iter().collect()
}

/// The names that a step uses itself, without those of its group.
pub fn used_by<'c>(
    reached: &Reached<'_, 'c>,
    compiled: &Compiled<'c>,
    used: &mut BTreeSet<&'c str>,
) {
    let mut add = |name: &'c str, _: Range<usize>| {
        used.insert(name);
    };
    reached.templates(&mut |text| compiled.template_names(text, &mut add));
    for expression in expressions(reached.step) {
        compiled.expression_names(expression, &mut add);
    }
}

/// Every expression of a step.
pub fn expressions(step: &Step) -> impl Iterator<Item = &Text> {
    let captures = step.spec.capture.iter().map(|(_, expression)| expression);
    step.spec
        .when
        .iter()
        .chain(captures)
        .chain(&step.spec.assert)
}

/// Names and all that their values use: variables and the values of the chosen environment.
pub fn with_dependencies<'c>(
    collection: &'c Collection,
    environment: Option<&'c Environment>,
    used: BTreeSet<&'c str>,
    compiled: &Compiled<'c>,
) -> BTreeSet<&'c str> {
    let mut all = BTreeSet::new();
    let mut waiting: Vec<&str> = used.into_iter().collect();
    while let Some(name) = waiting.pop() {
        if all.insert(name) {
            for data in definitions(collection, environment, name) {
                waiting.extend(names_of(data, compiled));
            }
        }
    }
    all
}

/// What a name is worked out from: its value in the environment, else the variable.
pub(super) fn definitions<'c>(
    collection: &'c Collection,
    environment: Option<&'c Environment>,
    name: &str,
) -> impl Iterator<Item = &'c Data> {
    let values = environment.map_or(&[][..], |environment| &environment.values);
    let found = |entries: &'c [(Name, Data)]| named(entries, name).map(|(_, data)| data);
    found(values)
        .into_iter()
        .chain(found(&collection.shared.variables))
}
