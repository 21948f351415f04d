//! What is kept of a run, so that another one can go on where it ended.
//!
//! Kept is what can't be had again: what was captured, the variables that come out differently each
//! time, the cookies, and how each step ended. Inputs are given again as to any run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::job::Job;
use super::step::Walker;
use super::taint::{self, SharedSecrets};
use crate::event::{Status, StepOutcome};
use crate::http::client::Client;
use crate::json::Json;
use crate::secrets::Secrets;
use crate::template::{self, Scope, Value};
use crate::variables::Origin;

/// What is kept of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// How steps ended, by their ids.
    pub steps: BTreeMap<String, Ended>,
    /// The values that anybody may see.
    pub values: BTreeMap<String, Json>,
    /// The values that nobody may see.
    pub secrets: BTreeMap<String, Json>,
    /// The cookies; servers know people by them, so that nobody may see them either.
    pub cookies: Vec<Json>,
    /// The names whose values can't be written down.
    pub lost: Vec<String>,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ended {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// There was a reason to pass over it.
    Skipped,
}

/// What a run does about its state.
pub struct Keeping<'k> {
    /// What an earlier run left.
    pub begin: Option<State>,
    /// What the person should know of it.
    pub notes: Vec<String>,
    /// Gets the state after every step.
    pub keep: Box<dyn Fn(&State) + 'k>,
}

impl Ended {
    /// How a step ended, if it was its turn and it did anything.
    pub(super) fn of(outcome: &StepOutcome) -> Option<Self> {
        match outcome.status {
            Status::Passed => Some(Self::Passed),
            Status::Failed => Some(Self::Failed),
            Status::Skipped(_) => Some(Self::Skipped),
            Status::NotRun(_) | Status::Told | Status::Opened => None,
        }
    }
}

/// Takes up what an earlier run left; what was given to this one is above it. The names that it left.
pub(super) fn resume(
    state: &State,
    job: &Job<'_>,
    scope: &Scope,
    client: &mut Client,
) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut secrets = job.secrets.lock();
    for (name, value) in state.values.iter().chain(&state.secrets) {
        let given = job.inputs.origin(name);
        if given.is_some_and(|origin| !matches!(origin, Origin::Environment(_) | Origin::Default)) {
            continue;
        }
        let value = Value::from(value.clone());
        if state.secrets.contains_key(name) {
            taint::value(&mut secrets, name, &value);
        }
        scope.set(name, value);
        names.insert(name.clone());
    }
    let jar = client.cookies_mut();
    jar.restore(&state.cookies);
    for (name, value) in jar.all() {
        secrets.add(name, value);
    }
    names
}

impl Walker<'_, '_> {
    /// What another run would need to go on from here.
    pub(super) fn state(&self, steps: &BTreeMap<String, Ended>) -> State {
        let mut state = State {
            steps: steps.clone(),
            cookies: self.client.cookies().export(),
            ..State::default()
        };
        let captured = self.captured.keys().map(|name| (*name).to_owned());
        let by_hand = self
            .edited
            .iter()
            .filter(|name| self.producers.contains_key(&***name));
        let names = captured
            .chain(by_hand.cloned())
            .chain(self.kept.iter().cloned());
        let random = self.random_variables();
        let secrets = self.job.secrets.lock();
        for name in names.chain(random) {
            let Some(value) = self.scope.get(&name) else {
                continue;
            };
            match template::to_json(&value) {
                Ok(value) if self.is_private(&name, &value, &secrets) => {
                    state.secrets.insert(name, value);
                }
                Ok(value) => _ = state.values.insert(name, value),
                Err(_) => state.lost.push(name),
            }
        }
        state
    }

    fn is_private(&self, name: &str, value: &Json, secrets: &Secrets) -> bool {
        self.job.collection.is_secret(name)
            || self.job.inputs.is_secret(name)
            || secrets.mask_json(value) != *value
    }

    /// The variables that come out differently when they are worked out once more, as random ones do.
    fn random_variables(&self) -> Vec<String> {
        let again: Arc<Scope> = Scope::new();
        let job = self.job;
        // Secrets that are made only for comparing are never used.
        let unused = SharedSecrets::default();
        let filled = job
            .inputs
            .fill(&again, &job.supplied, job.compiled, &unused);
        let same = |name: &str| {
            let json = |scope: &Scope| {
                scope
                    .get(name)
                    .and_then(|value| template::to_json(&value).ok())
            };
            filled.is_ok() && json(&again) == json(&self.scope)
        };
        let names = job.inputs.worked_out();
        names
            .filter(|name| !same(name))
            .map(str::to_owned)
            .collect()
    }
}
