//! Which steps of a collection run, and how they are called.

use crate::collection::keep;
use crate::collection::model::{Collection, Step};

/// What the user asked to run.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// `--from-step`: the first one.
    pub from: Option<String>,
    /// `--to-step`: the last one.
    pub to: Option<String>,
    /// `--only`: these alone.
    pub only: Vec<String>,
    /// `--tags`: those with one of them.
    pub tags: Vec<String>,
    /// `--exclude-tags`: those with none of them.
    pub exclude_tags: Vec<String>,
}

impl Selection {
    /// Whether nothing was asked for in particular.
    pub fn is_all(&self) -> bool {
        let nothing_named = self.references().next().is_none();
        nothing_named && self.tags.is_empty() && self.exclude_tags.is_empty()
    }

    /// The steps that were asked for by id, name or number.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.from
            .iter()
            .chain(&self.to)
            .chain(&self.only)
            .map(String::as_str)
    }
}

/// The steps of a collection that were chosen, by their place in it.
#[derive(Debug)]
pub enum Plan {
    /// All of them.
    All,
    /// Those that are marked; groups come before their steps.
    Marked(Vec<bool>),
}

/// A step where it stands: what selecting and listing need to know.
#[derive(Debug)]
pub struct Listed<'c> {
    /// The step.
    pub step: &'c Step,
    /// `3`, or `3.1` in a group.
    pub number: String,
    /// How many groups it lies in.
    pub depth: usize,
    /// The place behind the last of its own steps, in the order of the list.
    end: usize,
    /// Its own tags and those of the groups around it.
    tags: Vec<&'c str>,
}

impl Listed<'_> {
    fn is_called(&self, reference: &str) -> bool {
        self.number == reference
            || *self.step.id == *reference
            || *self.step.spec.name.value == *reference
    }
}

/// Every step of a collection in order, groups before their steps, without `finally`.
pub fn list(collection: &Collection) -> Vec<Listed<'_>> {
    let tags: Vec<&str> = collection.head.tags.iter().map(|tag| &*tag.value).collect();
    let mut all = Vec::new();
    push_all(&collection.steps, "", 0, &tags, &mut all);
    all
}

fn push_all<'c>(
    steps: &'c [Step],
    prefix: &str,
    depth: usize,
    tags: &[&'c str],
    all: &mut Vec<Listed<'c>>,
) {
    for (index, step) in steps.iter().enumerate() {
        let number = format!("{prefix}{}", index + 1);
        let at = all.len();
        let mut own = tags.to_vec();
        own.extend(step.spec.tags.iter().map(|tag| &*tag.value));
        let inner = format!("{number}.");
        all.push(Listed {
            step,
            number,
            depth,
            end: 0,
            tags: own.clone(),
        });
        push_all(&step.steps, &inner, depth + 1, &own, all);
        all[at].end = all.len();
    }
}

impl Plan {
    /// Chooses steps; `None` where a step that was named is not in this collection.
    pub fn choose(collection: &Collection, selection: &Selection) -> Option<Plan> {
        let mut steps = collection.steps.iter();
        let none_waits = !steps.any(|step| keep::waits(collection, step));
        if selection.is_all() && none_waits {
            return Some(Plan::All);
        }
        let listed = list(collection);
        let find = |reference: &str| listed.iter().position(|one| one.is_called(reference));
        let first = match &selection.from {
            Some(reference) => find(reference)?,
            None => 0,
        };
        let last = match &selection.to {
            Some(reference) => listed[find(reference)?].end,
            None => listed.len(),
        };
        let mut named = vec![selection.only.is_empty(); listed.len()];
        let mut found = selection.only.is_empty();
        for reference in &selection.only {
            if let Some(at) = find(reference) {
                named[at..listed[at].end].fill(true);
                found = true;
            }
        }
        if !found {
            return None;
        }
        let has =
            |one: &Listed, tags: &[String]| tags.iter().any(|tag| one.tags.contains(&tag.as_str()));
        let mut marks: Vec<bool> = listed
            .iter()
            .enumerate()
            .map(|(at, one)| {
                named[at]
                    && (first..last).contains(&at)
                    && (selection.tags.is_empty() || has(one, &selection.tags))
                    && !has(one, &selection.exclude_tags)
                    // Only its own name calls a step that waits until it is needed.
                    && !(selection.only.is_empty() && keep::waits(collection, one.step))
            })
            .collect();
        // A group is entered where one of its steps is chosen.
        for (at, one) in listed.iter().enumerate() {
            if !one.step.steps.is_empty() {
                marks[at] = marks[at + 1..one.end].contains(&true);
            }
        }
        Some(Plan::Marked(marks))
    }

    /// Whether the step at this place runs.
    pub fn contains(&self, place: usize) -> bool {
        match self {
            Plan::All => true,
            Plan::Marked(marks) => marks.get(place).copied().unwrap_or(false),
        }
    }

    /// Whether no step runs.
    pub fn is_empty(&self) -> bool {
        matches!(self, Plan::Marked(marks) if !marks.contains(&true))
    }
}
