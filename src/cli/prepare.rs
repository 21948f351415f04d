//! What each collection of a call would do, and what is missing for it: decided for all of them
//! before the first one begins.

use std::collections::BTreeSet;

use super::args::RunArgs;
use super::kept::open::Kept;
use super::missing::MissingInputs;
use super::outside::Values;
use super::recording::snapshot_clashes;
use crate::collection::flow;
use crate::collection::keep;
use crate::collection::model::Collection;
use crate::diagnostic::{Diagnostic, closest, list};
use crate::run::inputs::{self, Inputs, Refusal, Resume, WrongType};
use crate::run::job::Job;
use crate::run::login::{Login, Spared};
use crate::run::plan::{self, Plan, Selection};
use crate::run::taint::SharedSecrets;
use crate::snapshot::Update;
use crate::source::Sources;
use crate::template::Compiled;
use crate::variables::{Origin, unknown_name};

/// A collection that will run, or why it will not.
pub enum Prepared<'c> {
    /// It will run.
    Job(Box<Job<'c>>),
    /// It will not: its file and the reason.
    PassedOver(String, String),
}

impl Prepared<'_> {
    fn is_passed_over(&self) -> bool {
        matches!(self, Self::PassedOver(..))
    }
}

/// What every collection of a call has in common.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// What was typed.
    pub args: &'a RunArgs,
    /// Every file that was read.
    pub sources: &'a Sources,
    /// Which snapshots are written.
    pub update: Update,
    /// What was given from outside.
    pub values: &'a Values,
    /// The state that it goes on from.
    pub kept: Option<&'a Kept>,
}

/// Why nothing is run.
#[derive(Debug, Default)]
pub struct Refused {
    /// What is wrong.
    pub problems: Vec<Diagnostic>,
    /// What was not given.
    pub missing: Vec<MissingInputs>,
}

impl Refused {
    /// All of it, to be told.
    pub fn diagnostics(self) -> Vec<Diagnostic> {
        let missing = self.missing.iter().map(MissingInputs::diagnostic);
        self.problems.into_iter().chain(missing).collect()
    }

    fn is_empty(&self) -> bool {
        self.problems.is_empty() && self.missing.is_empty()
    }
}

impl<'a> Call<'a> {
    /// The step to begin with: as asked for, else where the last run ended.
    fn first_step(&self) -> Option<String> {
        let args = self.args;
        let next = self.kept.filter(|_| !args.selects_steps());
        let next = next.and_then(Kept::next_step).map(str::to_owned);
        args.from_step.clone().or(next)
    }

    /// What the user asked to run.
    pub fn selection(&self) -> Selection {
        Selection {
            from: self.first_step(),
            to: self.args.to_step.clone(),
            only: self.args.only.clone(),
            tags: self.args.tags.clone(),
            exclude_tags: self.args.exclude_tags.clone(),
        }
    }

    /// Decides for each collection what it would do; all that is missing is told at once.
    pub fn jobs(
        &self,
        loaded: &'a [Collection],
        compiled: &'a [Compiled<'a>],
        secrets: &[SharedSecrets],
        logins: &[Option<Login>],
    ) -> Result<Vec<Prepared<'a>>, Refused> {
        let mut refused = Refused::default();
        let unknown = unknown_names(self.values, self.sources, loaded, self.kept);
        refused.problems.extend(unknown);
        let folder = self.args.snapshot_dir.as_deref();
        let clashes = snapshot_clashes(self.sources, loaded, folder);
        refused.problems.extend(clashes);
        let problems = &mut refused.problems;
        let selection = self.selection();
        let mut prepared = Vec::new();
        for ((index, collection), login) in loaded.iter().enumerate().zip(logins) {
            let alone = loaded.len() == 1;
            let file = self.sources.get(collection.source).name().to_owned();
            if collection.steps.is_empty() && collection.finally.is_empty() {
                problems.push(no_steps(&file));
                continue;
            }
            let plan = match planned(collection, &selection) {
                Ok(plan) => plan,
                Err(why) if alone => {
                    problems.push(why.problem(collection, &selection, &file));
                    continue;
                }
                Err(why) => {
                    prepared.push(Prepared::PassedOver(file, why.reason().to_owned()));
                    continue;
                }
            };
            let given = self.values.of(index);
            let environment = self.args.values.env.as_deref();
            let resume = self
                .kept
                .map_or_else(Resume::default, |kept| kept.resume(collection, &plan));
            let compiled = &compiled[index];
            let captures = inputs::given_captures(collection, environment, &given);
            let captures = captures.into_iter().map(|(name, _)| name);
            let spared = Spared::beforehand(collection, login.as_ref(), captures, compiled);
            let used = used_names(collection, &plan, compiled, &spared);
            match Inputs::choose(collection, environment, &given, used, &resume, compiled) {
                Ok(inputs) => {
                    let snapshots = self.snapshots(collection, &inputs);
                    for one in given.iter().filter(|given| given.secret) {
                        secrets[index].lock().add(&one.name, &one.text);
                    }
                    prepared.push(Prepared::Job(Box::new(Job {
                        collection,
                        sources: self.sources,
                        compiled,
                        inputs,
                        plan,
                        secrets: secrets[index].clone(),
                        snapshots,
                        supplied: Vec::new(),
                        login: login.clone(),
                        keeping: self.kept.map(Kept::keeping),
                    })));
                }
                Err(Refusal::NoEnvironment(_)) if !alone => {
                    let name = environment.unwrap_or_default();
                    let reason = format!("it has no environment {name}");
                    prepared.push(Prepared::PassedOver(file, reason));
                }
                Err(Refusal::NoEnvironment(there)) => {
                    problems.push(no_environment(&file, environment, &there));
                }
                Err(Refusal::Values { wrong, missing }) => {
                    problems.extend(wrong.iter().map(|one| wrong_type(one, self.sources)));
                    if !missing.is_empty() {
                        let inputs = missing;
                        refused.missing.push(MissingInputs { file, inputs });
                    }
                }
            }
        }
        if refused.is_empty() && prepared.iter().all(Prepared::is_passed_over) {
            refused.problems.push(no_match());
        }
        if refused.is_empty() {
            Ok(prepared)
        } else {
            Err(refused)
        }
    }
}

/// Why no step of a collection runs.
#[derive(Clone, Copy)]
enum Unplanned {
    NoSuchStep,
    NothingSelected,
}

impl Unplanned {
    /// Why it is passed over beside others that run.
    fn reason(self) -> &'static str {
        match self {
            Self::NoSuchStep => "it has no such step",
            Self::NothingSelected => "none of its steps was selected",
        }
    }

    /// What is wrong if it is alone.
    fn problem(self, collection: &Collection, selection: &Selection, file: &str) -> Diagnostic {
        match self {
            Self::NoSuchStep => no_such_step(collection, selection),
            Self::NothingSelected => nothing_selected(file),
        }
    }
}

/// The steps of a collection to run.
fn planned(collection: &Collection, selection: &Selection) -> Result<Plan, Unplanned> {
    let plan = Plan::choose(collection, selection).ok_or(Unplanned::NoSuchStep)?;
    if plan.is_empty() {
        return Err(Unplanned::NothingSelected);
    }
    Ok(plan)
}

/// Names from outside that no collection knows; a `.env` may hold anything, and what the state that is
/// gone on from leaves out may be given too.
pub fn unknown_names(
    values: &Values,
    sources: &Sources,
    loaded: &[Collection],
    kept: Option<&Kept>,
) -> Vec<Diagnostic> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut captured: BTreeSet<&str> = BTreeSet::new();
    for collection in loaded {
        known.extend(flow::input_names(collection));
        captured.extend(keep::settable(collection));
    }
    values
        .all()
        .filter(|given| !matches!(given.origin, Origin::DotEnv(_)))
        .filter(|given| {
            let name = given.name.as_str();
            let left_out = kept.is_some_and(|kept| kept.leaves_out(name));
            !known.contains(name) && !captured.contains(name) && !left_out
        })
        .map(|given| {
            let message = unknown_name(&given.name, known.iter().copied());
            let origin = given.origin.describe(sources);
            Diagnostic::without_place("unknown-input", format!("{origin}: {message}"))
        })
        .collect()
}

/// The environment that was asked for is not there.
pub fn no_environment(file: &str, asked: Option<&str>, there: &[String]) -> Diagnostic {
    let asked = asked.unwrap_or_default();
    let message = format!("`{file}` has no environment `{asked}`");
    let diagnostic = Diagnostic::without_place("no-environment", message);
    if there.is_empty() {
        diagnostic.help("run it without `--env`")
    } else {
        diagnostic.help(format!("it has {}", list(there.iter().map(String::as_str))))
    }
}

/// A value from outside is not of the type of its input.
pub fn wrong_type(wrong: &WrongType, sources: &Sources) -> Diagnostic {
    let WrongType { given, kind, why } = wrong;
    let origin = given.origin.describe(sources);
    let value = if given.secret {
        "the value"
    } else {
        &given.text
    };
    let message = format!("{origin}: `{}` is a {kind}, but {value} {why}", given.name);
    Diagnostic::without_place("wrong-type", message)
}

/// The names that the steps of a plan use; `finally` steps always count, those that a login spares
/// don't, but the one that renews it does.
fn used_names<'c>(
    collection: &'c Collection,
    plan: &Plan,
    compiled: &Compiled<'c>,
    spared: &Spared<'c>,
) -> BTreeSet<&'c str> {
    let mut used = BTreeSet::new();
    let mut defaults = flow::file_defaults(collection);
    let mut place = 0;
    flow::walk(&collection.steps, &mut defaults, &mut |reached| {
        let renewal = spared.renewal;
        let renews = renewal.is_some_and(|step| std::ptr::eq(step, reached.step));
        let runs = plan.contains(place) && !spared.steps.contains(&*reached.step.id);
        if runs || renews {
            flow::used_by(reached, compiled, &mut used);
        }
        place += 1;
        true
    });
    flow::walk(&collection.finally, &mut defaults, &mut |reached| {
        flow::used_by(reached, compiled, &mut used);
        true
    });
    used
}

fn no_match() -> Diagnostic {
    let message = "no collection has what was asked for".to_owned();
    Diagnostic::without_place("nothing-selected", message)
}

fn no_steps(file: &str) -> Diagnostic {
    let message = format!("`{file}` has no steps; other collections extend it");
    Diagnostic::without_place("no-steps", message)
}

fn nothing_selected(file: &str) -> Diagnostic {
    let message = format!("no step of `{file}` was selected");
    Diagnostic::without_place("nothing-selected", message)
        .help("`lcrun --list` shows the steps and their tags")
}

fn no_such_step(collection: &Collection, selection: &Selection) -> Diagnostic {
    let listed = plan::list(collection);
    let called = |reference: &str| {
        listed.iter().any(|one| {
            one.number == reference
                || *one.step.id == *reference
                || one.step.spec.name.value == reference
        })
    };
    let unknown = selection.references().find(|reference| !called(reference));
    let reference = unknown.unwrap_or_default();
    let ids: Vec<&str> = listed.iter().map(|one| &*one.step.id).collect();
    let diagnostic =
        Diagnostic::without_place("no-such-step", format!("there is no step `{reference}`"));
    match closest(reference, ids.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("`lcrun --list` shows the steps: call them by id, name or number"),
    }
}
