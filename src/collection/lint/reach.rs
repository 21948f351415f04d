//! Steps that never run, and names that are there only if a step did.

use std::collections::{HashMap, HashSet};

use super::code::Lint;
use super::look::{Look, Used};
use crate::collection::flow::input_names;
use crate::collection::model::{Collection, Name, Step, Text};
use crate::source::Span;
use crate::template::{Value, asks_for, template_asks_for};

/// What is known so far of the conditions that steps stand under.
pub(super) struct Reach<'c> {
    /// The groups around the step at hand, and the step itself: each with its place and its `when`.
    around: Vec<(Span, Option<&'c Text>)>,
    /// The captures so far: the steps under no condition are not remembered.
    captured: HashMap<&'c str, Captured<'c>>,
    /// The names that are there whatever ran.
    always: HashSet<&'c str>,
    /// The names that were told of.
    told: HashSet<&'c str>,
}

/// Who captures a name.
enum Captured<'c> {
    /// One step, under these conditions.
    Under(Vec<&'c Text>, &'c Name, &'c Step),
    /// A step without a condition, or several: that one of them runs is for people to know.
    Surely,
}

impl<'c> Reach<'c> {
    pub(super) fn of(collection: &'c Collection) -> Self {
        let variables = collection.shared.variables.iter();
        let variables = variables.map(|(name, _)| name.value.as_str());
        Self {
            around: Vec::new(),
            captured: HashMap::new(),
            always: input_names(collection)
                .into_iter()
                .chain(variables)
                .collect(),
            told: HashSet::new(),
        }
    }

    /// A step begins; those of a group come behind it.
    pub(super) fn step(&mut self, look: &mut Look<'_, 'c>, step: &'c Step) {
        let place = step.place;
        let holds = |around: &Span| {
            around.source == place.source && around.start <= place.start && place.end <= around.end
        };
        while self.around.last().is_some_and(|(span, _)| !holds(span)) {
            self.around.pop();
        }
        let when = step.spec.when.as_ref();
        self.around.push((place, when));
        if let Some(when) = when {
            never_runs(look, step, when);
        }
    }

    pub(super) fn see(&mut self, look: &mut Look<'_, 'c>, step: &'c Step, used: &Used<'c>) {
        match used {
            Used::Capture { step, name } => self.capture(step, name),
            Used::Name {
                name,
                text,
                range,
                is_expression,
            } => {
                if self.always.contains(name) || self.told.contains(name) {
                    return;
                }
                let Some(Captured::Under(conditions, captured, by)) = self.captured.get(name)
                else {
                    return;
                };
                let asks = if *is_expression {
                    asks_for(&text.value, name)
                } else {
                    template_asks_for(&text.value, name)
                };
                if asks || self.is_under(look, conditions, name) {
                    return;
                }
                let condition = conditions.last().map_or("", |when| when.value.trim());
                let message = format!("`{name}` is there only if `{}` ran", by.id);
                let diagnostic = Lint::MaybeUndefined
                    .at(look.place(text, range.clone()), message)
                    .also(captured.span, format!("captured here, when `{condition}`"))
                    .help(format!(
                        "give this step the same `when: {condition}`, or `when: {name} is defined`"
                    ));
                self.told.insert(name);
                look.tell(Some(step), diagnostic);
            }
        }
    }

    fn capture(&mut self, step: &'c Step, name: &'c Name) {
        let conditions: Vec<&Text> = self.around.iter().filter_map(|(_, when)| *when).collect();
        let known = self.captured.remove(name.value.as_str());
        let captured = match known {
            None if !conditions.is_empty() => Captured::Under(conditions, name, step),
            _ => Captured::Surely,
        };
        self.captured.insert(&name.value, captured);
    }

    /// Whether the step at hand runs only if all of some conditions hold, or asks for the name.
    fn is_under(&self, look: &Look<'_, 'c>, conditions: &[&Text], name: &str) -> bool {
        let own: Vec<&Text> = self.around.iter().filter_map(|(_, when)| *when).collect();
        let same = |one: &Text| own.iter().any(|when| when.value.trim() == one.value.trim());
        conditions.iter().all(|condition| same(condition))
            || own.iter().any(|when| look.compiled.mentions(when, [name]))
    }
}

/// Tells of a condition that does not hold under any environment.
fn never_runs<'c>(look: &mut Look<'_, 'c>, step: &'c Step, when: &'c Text) {
    let environments = &look.collection.shared.environments;
    let names = environments
        .iter()
        .map(|(name, _)| Value::from(&*name.value));
    let mut names: Vec<Value> = names.collect();
    if names.is_empty() {
        names.push(Value::from(()));
    }
    let asks = look.compiled.mentions(when, ["environment"]);
    let is_false =
        |name: Value| look.compiled.constant(when, &[("environment", name)]) == Some(false);
    if !names.into_iter().all(is_false) {
        return;
    }
    let message = if asks {
        "this step never runs: its `when` is false in every environment"
    } else {
        "this step never runs: its `when` is always false"
    };
    let diagnostic = Lint::NeverRuns.at(when.span, message);
    look.tell(
        Some(step),
        diagnostic
            .help("remove the step, or the `when`; `--exclude-tags` leaves steps out of one call"),
    );
}
