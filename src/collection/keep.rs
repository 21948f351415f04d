//! What is kept between runs: which steps bring it, renew it and give it back.
//!
//! `keep` lists captures, such as an access token and its refresh token. The steps that only lead
//! to them have nothing to do where they are kept. In such a collection the steps `refresh` and
//! `revoke` wait until they are needed: they renew what is kept, and give it back at the logout.

use std::collections::{BTreeMap, BTreeSet};

use super::flow;
use super::model::{Action, Collection, Environment, Step};
use crate::diagnostic::{Diagnostic, Diagnostics, closest, list};
use crate::template::Compiled;

/// The id of the step that renews what is kept.
pub const REFRESH: &str = "refresh";

/// The id of the step that gives back what is kept.
pub const REVOKE: &str = "revoke";

/// The names that are kept between runs.
pub fn names(collection: &Collection) -> impl Iterator<Item = &str> {
    collection.head.keep.iter().map(|name| name.value.as_str())
}

/// The captures that may be given from outside in place of the steps that bring them: those of
/// browser steps, and what is kept.
pub fn settable(collection: &Collection) -> BTreeSet<&str> {
    let mut all = flow::authorize_captures(collection);
    all.extend(names(collection));
    all
}

/// Checks that every name that is kept is captured by a step.
pub fn check(collection: &Collection, diagnostics: &mut Diagnostics) {
    let producers = flow::producers(collection);
    for name in &collection.head.keep {
        let known = producers.keys().copied();
        let gap = collection.gaps.captures.contains(&name.value);
        if producers.contains_key(name.value.as_str()) || gap {
            continue;
        }
        let message = format!("no step captures `{}`", name.value);
        let diagnostic = Diagnostic::error("unknown-capture", message, name.span);
        diagnostics.push(match closest(&name.value, known.clone()) {
            Some(near) => diagnostic.fix(
                format!("did you mean `{near}`?"),
                name.span,
                near.to_owned(),
            ),
            None if producers.is_empty() => {
                diagnostic.help("`keep` lists captures; capture it in a step")
            }
            None => diagnostic.help(format!("the captures are {}", list(known))),
        });
    }
}

/// Whether a step waits until what is kept must be renewed or given back.
pub fn waits(collection: &Collection, step: &Step) -> bool {
    let mut ids = [REFRESH, REVOKE].into_iter();
    ids.any(|id| waiting(collection, id).is_some_and(|waiting| std::ptr::eq(waiting, step)))
}

/// The step of an id that waits, if the collection has one outside groups.
pub fn waiting<'c>(collection: &'c Collection, id: &str) -> Option<&'c Step> {
    let mut steps = collection.steps.iter();
    steps
        .find(|step| *step.id == *id)
        .filter(|_| !collection.head.keep.is_empty())
}

/// The last step that a login performs: with it everything that is kept has been captured.
pub fn last_step(collection: &Collection) -> Option<&Step> {
    let kept: BTreeSet<&str> = names(collection).collect();
    let mut missing = kept.clone();
    let mut last = None;
    for step in collection.all_steps() {
        let captures = step.spec.capture.iter();
        let brings = captures.filter(|(name, _)| missing.remove(name.value.as_str()));
        if !waits(collection, step) && brings.count() > 0 {
            last = Some(step);
        }
    }
    last
}

/// The steps, by their ids, that have nothing to do where these captures are there already: all
/// that they capture is there, or leads only to other such steps.
pub fn spared<'c>(
    collection: &'c Collection,
    there: &BTreeSet<&str>,
    compiled: &Compiled<'c>,
) -> BTreeSet<&'c str> {
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut order: Vec<&'c Step> = Vec::new();
    let mut defaults = flow::file_defaults(collection);
    for steps in [&collection.steps, &collection.finally] {
        flow::walk(steps, &mut defaults, &mut |reached| {
            let mut used = BTreeSet::new();
            flow::used_by(reached, compiled, &mut used);
            order.push(reached.step);
            if waits(collection, reached.step) {
                return true;
            }
            let own = &reached.step.spec.capture;
            for name in used.into_iter().filter(|name| own.get(name).is_none()) {
                users.entry(name).or_default().insert(&reached.step.id);
            }
            true
        });
    }
    let mut spared = BTreeSet::new();
    // Users stand behind what they use, so that one walk from the end decides all.
    for step in order.into_iter().rev() {
        let acts = matches!(step.action(), Action::Request(_) | Action::Authorize(_));
        if !acts || waits(collection, step) {
            continue;
        }
        let captures = step.spec.capture.iter();
        let ends = captures.map(|(name, _)| match users.get(name.value.as_str()) {
            _ if there.contains(name.value.as_str()) => End::Done,
            None => End::Unused,
            Some(users) if users.iter().all(|user| spared.contains(user)) => End::Done,
            Some(_) => End::Wanted,
        });
        let ends: Vec<End> = ends.collect();
        if ends.contains(&End::Done) && !ends.contains(&End::Wanted) {
            spared.insert(&*step.id);
        }
    }
    spared
}

/// Whether a capture is a reason to perform its step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// It is there, or only steps use it that have nothing to do.
    Done,
    /// No other step uses it.
    Unused,
    /// A step that is performed uses it.
    Wanted,
}

/// The names that the steps which bring what is kept use: another value of one of them makes what is
/// kept somebody else's.
pub fn inputs_of_login<'c>(
    collection: &'c Collection,
    environment: Option<&'c Environment>,
    compiled: &Compiled<'c>,
) -> BTreeSet<&'c str> {
    let steps = spared(collection, &names(collection).collect(), compiled);
    let mut used = BTreeSet::new();
    let mut defaults = flow::file_defaults(collection);
    flow::walk(&collection.steps, &mut defaults, &mut |reached| {
        if steps.contains(&*reached.step.id) {
            flow::used_by(reached, compiled, &mut used);
        }
        true
    });
    let used = flow::with_dependencies(collection, environment, used, compiled);
    let inputs: BTreeSet<&str> = flow::input_names(collection).into_iter().collect();
    used.intersection(&inputs).copied().collect()
}
