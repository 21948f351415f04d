//! The loop over the steps of a collection: which one is next, and why one is not.

use std::collections::BTreeMap;
use std::time::Instant;

use super::begin::beginning;
use super::guide::Guide;
use super::interrupt::Interrupt;
use super::job::{Job, Settings, Verdict};
use super::outcome;
use super::state::Ended;
use super::step::{Early, Walked, Walker};
use super::taint;
use super::tour::{Tour, Visit};
use crate::collection::flow;
use crate::collection::model::{Action, Defaults, Step};
use crate::event::{CollectionEnd, Event, ProblemKind, Status, StepInfo, StepOutcome};

/// Runs a collection; `guide` is asked what only a person can say, `emit` gets every event as it
/// happens.
pub fn run(
    job: &Job<'_>,
    settings: &Settings,
    interrupt: &Interrupt,
    guide: &mut dyn Guide,
    emit: &mut dyn FnMut(&Event<'_>),
) -> Verdict {
    let started = Instant::now();
    let walker = Walker::new(job, settings, interrupt);
    let mut start = beginning(job, settings);
    if let Ok(walker) = &walker {
        start.notes.extend(walker.standing().told.clone());
    }
    emit(&Event::CollectionStarted(&start));
    let attended = guide.is_step_by_step();
    if attended {
        guide.begins(&start);
    }
    let mut end = CollectionEnd::default();
    let mut verdict = Verdict::default();
    match walker {
        Ok(mut walker) => {
            walker.is_watched = attended;
            let mut run = Run {
                job,
                settings,
                interrupt,
                guide: &mut *guide,
                emit,
                walker,
                stopped: None,
                place: 0,
                verdict,
                tour: attended.then(Tour::default),
                ended: kept_steps(job),
            };
            run.perform();
            verdict = run.verdict;
        }
        Err(problem) => {
            verdict.request_failed = true;
            end.error = Some(job.secrets.lock().mask(&problem).into_owned());
        }
    }
    interrupt.forget();
    end.counts = verdict.counts;
    end.interrupted = verdict.interrupted;
    end.duration = started.elapsed();
    if attended {
        guide.ends(&end);
    }
    emit(&Event::CollectionFinished(&end));
    verdict
}

pub(super) struct Run<'r, 'c> {
    pub(super) job: &'r Job<'c>,
    settings: &'r Settings,
    pub(super) interrupt: &'r Interrupt,
    pub(super) guide: &'r mut dyn Guide,
    emit: &'r mut dyn FnMut(&Event<'_>),
    pub(super) walker: Walker<'r, 'c>,
    /// The id of the step that stopped the run.
    stopped: Option<String>,
    /// How many steps of the collection were passed, for the plan.
    place: usize,
    verdict: Verdict,
    /// How far a person has come who goes step by step.
    pub(super) tour: Option<Tour<'c>>,
    /// How steps ended, in earlier runs too.
    ended: BTreeMap<String, Ended>,
}

/// What the steps of a list have in common.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// What stands before the number of each.
    prefix: &'a str,
    /// Whether they run whatever happened before.
    always: bool,
    /// Why the group around them is passed over.
    passed_over: Option<&'a str>,
}

impl<'c> Run<'_, 'c> {
    fn perform(&mut self) {
        let collection = self.job.collection;
        if let Some(refresh) = self.walker.standing().spared.renewal {
            self.renew(refresh);
        }
        let mut defaults = flow::file_defaults(collection);
        for (steps, prefix, always) in [
            (&collection.steps, "", false),
            (&collection.finally, "finally ", true),
        ] {
            let around = Around {
                prefix,
                always,
                passed_over: None,
            };
            self.steps(steps, &mut defaults, around);
        }
        self.release();
        self.verdict.interrupted = self.interrupt.is_asked();
    }

    /// Renews what is kept; where that fails, the run gets it anew.
    fn renew(&mut self, refresh: &'c Step) {
        let steps = &self.job.collection.steps;
        let place = steps.iter().position(|step| std::ptr::eq(step, refresh));
        let number = place.map_or_else(String::new, |place| (place + 1).to_string());
        let info = self.info(refresh, &number);
        (self.emit)(&Event::StepStarted(&info));
        let defaults = flow::file_defaults(self.job.collection);
        let refused = match self.walker.step(refresh, &defaults, self.guide) {
            Ok(walked) if !walked.is_wrong() => {
                let outcome = self.finish(info, refresh, *walked, &defaults);
                self.tell(outcome);
                return;
            }
            Ok(walked) | Err(Early::Failed(walked)) => match walked.exchange {
                Some(exchange) => format!("the server answered {}", exchange.response.status),
                None => "the server could not be asked".to_owned(),
            },
            Err(Early::Skipped(reason)) => reason,
        };
        self.walker.forget_kept();
        let reason = format!("{refused}; logging in again");
        self.tell(outcome::without_exchange(info, Status::Skipped(reason)));
    }

    fn steps(&mut self, steps: &'c [Step], defaults: &mut Vec<&'c Defaults>, around: Around<'_>) {
        for (index, step) in steps.iter().enumerate() {
            let chosen = around.always || self.job.plan.contains(self.place);
            if !around.always {
                self.place += 1;
            }
            if chosen {
                let number = format!("{}{}", around.prefix, index + 1);
                self.one(step, defaults, &number, around);
            } else {
                self.walker.leave_out(step);
                self.place += count(&step.steps);
            }
        }
    }

    fn one(
        &mut self,
        step: &'c Step,
        defaults: &mut Vec<&'c Defaults>,
        number: &str,
        around: Around<'_>,
    ) {
        let info = self.info(step, number);
        if matches!(step.action(), Action::Group) {
            self.group(step, info, defaults, around);
        } else if step.is_prose() && self.tour.is_none() {
            self.tell(outcome::without_exchange(info, Status::Told));
        } else if let Some(status) = self.reason_against(around) {
            let status = if step.is_prose() {
                Status::Told
            } else {
                status
            };
            self.tell(outcome::without_exchange(info, status));
        } else {
            if around.always {
                self.walker.finish(self.interrupt);
            }
            if self.tour.is_some() {
                self.visit(Visit::new(info, step, defaults));
            } else {
                (self.emit)(&Event::StepStarted(&info));
                let outcome = self.walk(info, step, defaults);
                self.tell(outcome);
            }
        }
    }

    /// A group opens, and its steps follow, if only to say why they did not run.
    fn group(
        &mut self,
        step: &'c Step,
        info: StepInfo,
        defaults: &mut Vec<&'c Defaults>,
        around: Around<'_>,
    ) {
        let number = info.number.clone();
        if self.tour.is_some() {
            self.guide.opens(&info);
        }
        let mut passed_over = around.passed_over.map(str::to_owned);
        if self.reason_against(around).is_none() {
            match self.walker.when(step) {
                Ok(None) => self.tell(outcome::without_exchange(info, Status::Opened)),
                Ok(Some(reason)) => {
                    self.tell(outcome::without_exchange(info, Status::Opened));
                    passed_over = Some(reason);
                }
                Err(early) => {
                    let outcome = self.early(info, step, early, defaults);
                    self.tell(outcome);
                    passed_over = Some(format!("{} can't say whether it runs", step.id));
                }
            }
        } else {
            self.tell(outcome::without_exchange(info, Status::Opened));
        }
        let depth = defaults.len();
        defaults.extend(step.spec.defaults.as_deref());
        let inside = Around {
            prefix: &format!("{number}."),
            passed_over: passed_over.as_deref(),
            ..around
        };
        self.steps(&step.steps, defaults, inside);
        defaults.truncate(depth);
    }

    /// Why a step is not begun at all.
    fn reason_against(&self, around: Around<'_>) -> Option<Status> {
        if let Some(reason) = around.passed_over {
            return Some(Status::Skipped(reason.to_owned()));
        }
        if around.always {
            return None;
        }
        if self.interrupt.is_asked() {
            return Some(Status::NotRun("interrupted".to_owned()));
        }
        if let Some(left) = self.tour.as_ref().and_then(|tour| tour.left.as_ref()) {
            return Some(Status::NotRun(format!("left at {left}")));
        }
        let stopped = self.stopped.as_ref()?;
        Some(Status::NotRun(format!("stopped after {stopped}")))
    }

    fn info(&self, step: &Step, number: &str) -> StepInfo {
        let secrets = self.job.secrets.lock();
        let mask = |text: &str| secrets.mask(text).into_owned();
        StepInfo {
            number: number.to_owned(),
            depth: number.matches('.').count(),
            id: step.id.to_string(),
            name: mask(&step.spec.name.value),
            description: step.spec.description.as_ref().map(|text| mask(&text.value)),
        }
    }

    /// Walks a step to its end.
    pub(super) fn walk(
        &mut self,
        info: StepInfo,
        step: &'c Step,
        defaults: &[&'c Defaults],
    ) -> StepOutcome {
        match self.walker.step(step, defaults, self.guide) {
            Ok(walked) => self.finish(info, step, *walked, defaults),
            Err(early) => self.early(info, step, early, defaults),
        }
    }

    fn early(
        &self,
        info: StepInfo,
        step: &Step,
        early: Early,
        defaults: &[&Defaults],
    ) -> StepOutcome {
        match early {
            Early::Skipped(reason) => outcome::without_exchange(info, Status::Skipped(reason)),
            Early::Failed(walked) => self.finish(info, step, *walked, defaults),
        }
    }

    fn finish(
        &self,
        info: StepInfo,
        step: &Step,
        walked: Walked,
        defaults: &[&Defaults],
    ) -> StepOutcome {
        let mut secrets = self.job.secrets.lock();
        if walked.is_wrong() {
            let below = defaults.iter().filter_map(|one| one.request.as_deref());
            for request in below.chain(step.spec.request.as_deref()) {
                taint::literals(&mut secrets, request);
            }
        }
        outcome::of_step(
            info,
            step,
            walked,
            self.settings,
            (&secrets, self.job.sources),
        )
    }

    /// Tells how a step ended; what a person may still repeat waits until they have gone on.
    pub(super) fn tell(&mut self, outcome: StepOutcome) {
        self.keep(&outcome);
        match &mut self.tour {
            Some(tour) => tour.held.push(outcome),
            None => self.report(&outcome),
        }
    }

    /// Keeps the state after a step.
    pub(super) fn keep(&mut self, outcome: &StepOutcome) {
        if let Some(keeping) = &self.job.keeping
            && let Some(ended) = Ended::of(outcome)
        {
            self.ended.insert(outcome.step.id.clone(), ended);
            (keeping.keep)(&self.walker.state(&self.ended));
        }
    }

    /// Reports what waited.
    pub(super) fn release(&mut self) {
        let held = self
            .tour
            .as_mut()
            .map(|tour| std::mem::take(&mut tour.held));
        for outcome in held.into_iter().flatten() {
            self.report(&outcome);
        }
    }

    fn report(&mut self, outcome: &StepOutcome) {
        self.verdict.counts.add(&outcome.status);
        for problem in &outcome.problems {
            match problem.kind {
                ProblemKind::Request => self.verdict.request_failed = true,
                ProblemKind::Check | ProblemKind::Snapshot => self.verdict.check_failed = true,
            }
        }
        // A snapshot stops nothing, so that one run records a whole collection.
        let mut kinds = outcome.problems.iter().map(|problem| problem.kind);
        let stops = kinds.any(|kind| kind != ProblemKind::Snapshot);
        if stops && !self.settings.continue_on_error && self.tour.is_none() {
            self.stopped.get_or_insert_with(|| outcome.step.id.clone());
        }
        (self.emit)(&Event::StepFinished(outcome));
    }
}

/// How steps ended in earlier runs.
fn kept_steps(job: &Job<'_>) -> BTreeMap<String, Ended> {
    let begin = job.keeping.as_ref().and_then(|kept| kept.begin.as_ref());
    begin.map_or_else(BTreeMap::new, |state| state.steps.clone())
}

/// How many steps there are, those of groups included.
fn count(steps: &[Step]) -> usize {
    steps.iter().map(|step| 1 + count(&step.steps)).sum()
}
