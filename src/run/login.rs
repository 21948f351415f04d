//! What a run does with captures that are kept between runs: it takes them in place of the steps that
//! bring them, has them renewed, and hands over what it got anew.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::job::Job;
use super::taint;
use crate::authorize::tokens::{Drawer, Tokens, TokensError};
use crate::collection::flow;
use crate::collection::keep;
use crate::collection::model::{Collection, Step};
use crate::diagnostic::list;
use crate::json::Json;
use crate::template::{self, Compiled, Scope, Value};
use crate::variables::Given;

/// What a run knows of the login of its collection.
#[derive(Debug, Clone)]
pub struct Login {
    /// Where it is kept.
    pub drawer: Drawer,
    /// What an earlier login kept.
    pub kept: Option<Tokens>,
    /// Whether what this run gets is kept although nothing was before.
    pub is_new: bool,
    /// The clock.
    pub now: fn() -> Timestamp,
    /// What this run got anew, there once a step captured it.
    renewed: RefCell<Option<Tokens>>,
}

/// What is there spares a run some steps; it may have to be renewed first.
#[derive(Debug, Clone, Default)]
pub struct Spared<'c> {
    /// The ids of the steps that have nothing to do.
    pub steps: BTreeSet<&'c str>,
    /// The step that has to renew what is there, before any other.
    pub renewal: Option<&'c Step>,
}

impl Login {
    /// What an earlier login kept, to be used by a run.
    pub fn earlier(drawer: Drawer, kept: Option<Tokens>, now: fn() -> Timestamp) -> Self {
        Self {
            drawer,
            kept,
            is_new: false,
            now,
            renewed: RefCell::default(),
        }
    }

    /// A login that is about to happen: what it brings is kept.
    pub fn anew(drawer: Drawer, now: fn() -> Timestamp) -> Self {
        Self {
            is_new: true,
            ..Self::earlier(drawer, None, now)
        }
    }

    /// Keeps what the run got anew, if it got something and something was kept before or is to be.
    pub fn save(&self) -> Result<(), TokensError> {
        match self.renewed.take() {
            Some(renewed) if self.is_new || self.kept.is_some() => self.drawer.save(&renewed),
            _ => Ok(()),
        }
    }
}

impl<'c> Spared<'c> {
    /// What a run is spared by what an earlier login kept, if it is of use, and by the captures that
    /// are given from outside.
    pub fn beforehand(
        collection: &'c Collection,
        login: Option<&Login>,
        given: &[(&'c str, &Given)],
        compiled: &Compiled<'c>,
    ) -> Self {
        let kept = login.and_then(|login| Some((login.kept.as_ref()?, (login.now)())));
        let names = kept.iter().flat_map(|(kept, _)| kept.values.keys());
        let given = given.iter().map(|(name, _)| *name);
        let there = names.map(String::as_str).chain(given).collect();
        let ended = kept.is_some_and(|(kept, now)| kept.has_ended(now));
        Self::by(collection, &there, ended, compiled)
    }

    /// What is spared where some of the kept names are there, and have ended or not; nothing where
    /// they are not enough, and can't be renewed.
    fn by(
        collection: &'c Collection,
        there: &BTreeSet<&str>,
        ended: bool,
        compiled: &Compiled<'c>,
    ) -> Self {
        let names: BTreeSet<&str> = keep::names(collection).collect();
        let steps = keep::spared(collection, &names, compiled);
        let is_enough = !ended && keep::spared(collection, there, compiled) == steps;
        let renewal = if is_enough {
            None
        } else {
            renewal(collection, there, compiled)
        };
        if is_enough || renewal.is_some() {
            Self { steps, renewal }
        } else {
            Self::default()
        }
    }
}

/// The step that renews what is there, if all that it needs of it is.
fn renewal<'c>(
    collection: &'c Collection,
    there: &BTreeSet<&str>,
    compiled: &Compiled<'c>,
) -> Option<&'c Step> {
    let refresh = keep::waiting(collection, keep::REFRESH)?;
    let mut used = BTreeSet::new();
    let mut defaults = flow::file_defaults(collection);
    flow::walk(&collection.steps, &mut defaults, &mut |reached| {
        if std::ptr::eq(reached.step, refresh) {
            flow::used_by(reached, compiled, &mut used);
        }
        false
    });
    let own = |name: &str| refresh.spec.capture.get(name).is_some();
    let mut needed = keep::names(collection).filter(|name| used.contains(name) && !own(name));
    let mut renewed = keep::names(collection).filter(|name| there.contains(name));
    // What it only compares with what it captures itself need not be there.
    let has_all =
        needed.all(|name| there.contains(name)) && renewed.any(|name| used.contains(name));
    has_all.then_some(refresh)
}

/// What a run begins with of a login.
#[derive(Debug, Default)]
pub(super) struct Standing<'c> {
    /// What the run is spared.
    pub(super) spared: Spared<'c>,
    /// What to tell about it.
    pub(super) told: Option<String>,
    /// The inputs of the login that are no secrets.
    inputs: BTreeMap<String, Json>,
    /// The names that were taken from what is kept.
    taken: Vec<&'c str>,
}

impl<'c> Standing<'c> {
    /// Puts what is kept into the scope, where nothing was given, and decides what is spared.
    pub(super) fn begin(job: &Job<'c>, scope: &Arc<Scope>) -> Self {
        let mut standing = Self {
            inputs: inputs_of_login(job, scope),
            ..Self::default()
        };
        let mut ended = false;
        if let Some(login) = &job.login
            && let Some(kept) = &login.kept
        {
            let now = (login.now)();
            if let Some(name) = kept.other_input(&standing.inputs) {
                standing.told = Some(format!(
                    "what a login kept was got with another `{name}`, and is not used"
                ));
            } else {
                standing.take(job, kept, scope);
                ended = !standing.taken.is_empty() && kept.has_ended(now);
                standing.told = told(kept, &standing.taken, now, ended);
            }
        }
        let there: BTreeSet<&str> = keep::names(job.collection)
            .filter(|name| scope.get(name).is_some())
            .collect();
        standing.spared = Spared::by(job.collection, &there, ended, job.compiled);
        if standing.spared.steps.is_empty() {
            standing.forget(scope);
        }
        standing
    }

    fn take(&mut self, job: &Job<'c>, kept: &Tokens, scope: &Arc<Scope>) {
        for name in keep::names(job.collection) {
            let value = kept.values.get(name);
            let Some(value) = value.filter(|_| scope.get(name).is_none()) else {
                continue;
            };
            let value = Value::from(value.clone());
            if job.collection.is_secret(name) {
                taint::value(&mut job.secrets.lock(), name, &value);
            }
            scope.set(name, value);
            self.taken.push(name);
        }
    }

    /// Notes what a step captured anew of what is kept.
    pub(super) fn note(&self, job: &Job<'_>, scope: &Arc<Scope>, captured: &[(String, Value)]) {
        let Some(login) = &job.login else { return };
        let collection = job.collection;
        let is_kept = |name: &str| keep::names(collection).any(|kept| kept == name);
        if !captured.iter().any(|(name, _)| is_kept(name)) {
            return;
        }
        let values = keep::names(collection).filter_map(|name| {
            let value = template::to_json(&scope.get(name)?).ok()?;
            Some((name.to_owned(), value))
        });
        *login.renewed.borrow_mut() = Some(Tokens {
            collection: job.sources.get(collection.source).name().to_owned(),
            environment: job.inputs.environment.map(str::to_owned),
            at: (login.now)(),
            inputs: self.inputs.clone(),
            values: values.collect(),
        });
    }

    /// Forgets what was taken: the run has to get it anew.
    pub(super) fn forget(&mut self, scope: &Arc<Scope>) {
        for name in self.taken.drain(..) {
            scope.remove(name);
        }
        self.spared = Spared::default();
    }
}

fn told(kept: &Tokens, taken: &[&str], now: Timestamp, ended: bool) -> Option<String> {
    if taken.is_empty() {
        return None;
    }
    let names = list(taken.iter().copied());
    let age = age(now.duration_since(kept.at).as_secs());
    Some(if ended {
        format!("kept from a login {age}, and ended: {names}")
    } else {
        format!("kept from a login {age}: {names}; `--no-cache` logs in again")
    })
}

fn age(seconds: i64) -> String {
    match seconds {
        ..120 => "just now".to_owned(),
        120..7200 => format!("{} minutes ago", seconds / 60),
        7200..172_800 => format!("{} hours ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// The inputs that the login of a run uses and their values; secrets aside.
fn inputs_of_login(job: &Job<'_>, scope: &Arc<Scope>) -> BTreeMap<String, Json> {
    let collection = job.collection;
    let environment = collection.environment(job.inputs.environment);
    let environment = environment.map(|(_, environment)| environment);
    let names = keep::inputs_of_login(collection, environment, job.compiled);
    names
        .into_iter()
        .filter(|name| !collection.is_secret(name))
        .filter_map(|name| {
            let value = template::to_json(&scope.get(name)?).ok()?;
            Some((name.to_owned(), value))
        })
        .collect()
}
