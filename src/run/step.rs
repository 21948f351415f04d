//! The walk of one step: `when` → render → send → the status → asserts → captures → asserts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::checks::{self, Answer, Findings};
use super::explain;
use super::facts::Evidence;
use super::guide::Guide;
use super::interrupt::Interrupt;
use super::job::{Job, Settings};
use super::login::Standing;
use super::memory::Memory;
use super::request::{RenderError, Renderer};
use super::snapshots::Looked;
use super::state;
use super::taint;
use crate::authorize::way::Back;
use crate::collection::flow::{self, Reached};
use crate::collection::keep;
use crate::collection::lint::Allowed;
use crate::collection::merged::Merged;
use crate::collection::model::{Action, Defaults, Step};
use crate::diagnostic::Diagnostic;
use crate::explain::{Explanation, Seen};
use crate::http::client::{Client, SendError};
use crate::http::message::{Exchange, Request};
use crate::template::{ExchangeView, Scope, Value};

/// What the walk of a step found out, before it is masked.
#[derive(Default)]
pub(super) struct Walked {
    /// The request, if one was rendered.
    pub(super) request: Option<Request>,
    /// What came of it.
    pub(super) exchange: Option<Arc<Exchange>>,
    /// What the checks found.
    pub(super) findings: Findings,
    /// What came of the snapshot.
    pub(super) looked: Looked,
    /// How a person got the answer; such a request can't be repeated by a command line.
    pub(super) by_hand: Option<ByHand>,
    /// Why there is no answer to check.
    pub(super) problem: Option<Diagnostic>,
    /// What the error that came means.
    pub(super) explanations: Vec<Explanation>,
}

impl Walked {
    /// Whether there is something to complain about.
    pub(super) fn is_wrong(&self) -> bool {
        self.problem.is_some() || !self.findings.wrong.is_empty() || self.looked.failure.is_some()
    }
}

/// How a person got the answer to a browser step.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByHand {
    /// How it came back.
    pub(super) back: Back,
    /// What is odd about it.
    pub(super) note: Option<&'static str>,
}

/// Why a step ended before its checks.
pub(super) enum Early {
    /// There is a reason to pass over it.
    Skipped(String),
    /// Its request could not be made or rendered.
    Failed(Box<Walked>),
}

/// What walks the steps: a client, and the values that they see.
pub(super) struct Walker<'r, 'c> {
    pub(super) job: &'r Job<'c>,
    pub(super) settings: &'r Settings,
    pub(super) interrupt: &'r Interrupt,
    pub(super) client: Client,
    pub(super) scope: Arc<Scope>,
    /// What was sent and came, for explanations.
    pub(super) memory: Memory,
    /// Which step captures a name.
    pub(super) producers: BTreeMap<&'c str, &'c Step>,
    /// What a login kept, and the steps that it spares.
    standing: Standing<'c>,
    /// Which step captured a name in this run.
    pub(super) captured: BTreeMap<&'c str, &'c str>,
    /// The names that a person gave another value.
    pub(super) edited: BTreeSet<String>,
    /// The names whose values an earlier run left.
    pub(super) kept: BTreeSet<String>,
    /// The request of a step as it was shown, so that it is sent so.
    pub(super) ahead: Option<(&'c str, Request)>,
    /// What the last request got, kept for a person who wants to see more of it.
    pub(super) seen: Option<Arc<ExchangeView>>,
    /// Whether there is such a person.
    pub(super) is_watched: bool,
    /// The steps that the user did not select.
    unselected: BTreeSet<&'c str>,
    /// Whether the client was made after an interrupt.
    mended: bool,
    /// Whether `finally` steps are walked: what they would clean up may never have been made.
    is_last: bool,
}

impl<'r, 'c> Walker<'r, 'c> {
    /// A walker with the values that the run begins with; fails in words.
    pub(super) fn new(
        job: &'r Job<'c>,
        settings: &'r Settings,
        interrupt: &'r Interrupt,
    ) -> Result<Self, String> {
        let mut client = Client::new(settings.client.clone()).map_err(|error| error.to_string())?;
        interrupt.watch(&client);
        let scope = Scope::new();
        let begin = job.keeping.as_ref().and_then(|kept| kept.begin.as_ref());
        let kept = begin.map(|state| state::resume(state, job, &scope, &mut client));
        job.inputs
            .fill(&scope, &job.supplied, job.compiled, &job.secrets)
            .map_err(|failure| failure.diagnostic.render(job.sources, false))?;
        let standing = Standing::begin(job, &scope);
        Ok(Self {
            job,
            settings,
            interrupt,
            client,
            scope,
            standing,
            memory: Memory::default(),
            producers: flow::producers(job.collection),
            captured: BTreeMap::new(),
            edited: BTreeSet::new(),
            kept: kept.unwrap_or_default(),
            ahead: None,
            seen: None,
            is_watched: false,
            unselected: BTreeSet::new(),
            mended: false,
            is_last: false,
        })
    }

    /// Notes that the user did not select a step.
    pub(super) fn leave_out(&mut self, step: &'c Step) {
        self.unselected.insert(&step.id);
        for inner in &step.steps {
            self.leave_out(inner);
        }
    }

    /// Makes ready for a `finally` step: what was interrupted can't send any more, so that cleaning
    /// up gets a client of its own.
    pub(super) fn finish(&mut self, interrupt: &Interrupt) {
        self.is_last = true;
        if interrupt.is_asked()
            && !self.mended
            && let Ok(client) = Client::new(self.settings.client.clone())
        {
            self.client = client;
            self.mended = true;
        }
    }

    /// Walks a step: `when`, render, send, checks and captures.
    pub(super) fn step(
        &mut self,
        step: &'c Step,
        defaults: &[&'c Defaults],
        guide: &mut dyn Guide,
    ) -> Result<Box<Walked>, Early> {
        self.scope.set_exchange(None);
        if self.standing.spared.steps.contains(&*step.id) {
            return Err(Early::Skipped(self.spared_by()));
        }
        if let Some(reason) = self.when(step)? {
            return Err(Early::Skipped(reason));
        }
        if let Some(early) = self.missing_capture(step) {
            return Err(early);
        }
        let reached = Reached { step, defaults };
        match step.action() {
            Action::Request(_) => {
                let merged = reached.request().expect("the action is a request");
                self.request(&reached, &merged)
            }
            Action::Authorize(spec) => self.authorize(step, spec, guide),
            Action::Prose | Action::Group => Ok(Box::new(Walked {
                findings: self.judge(step, &Answer::Fine),
                ..Walked::default()
            })),
        }
    }

    /// What is kept between runs.
    pub(super) fn standing(&self) -> &Standing<'c> {
        &self.standing
    }

    /// Forgets what was kept: it is of no use, and the run has to get it anew.
    pub(super) fn forget_kept(&mut self) {
        self.standing.forget(&self.scope);
    }

    /// Why a step that only leads to what is kept has nothing to do.
    fn spared_by(&self) -> String {
        let collection = self.job.collection;
        let there = keep::names(collection).filter(|name| self.scope.get(name).is_some());
        let names: Vec<&str> = there.collect();
        let (is, how) = if self.job.inputs.given_captures.is_empty() {
            ("kept", "by a login")
        } else {
            ("given", "")
        };
        let verb = if names.len() == 1 { "is" } else { "are" };
        format!("{} {verb} {is} {how}", names.join(", "))
            .trim_end()
            .to_owned()
    }

    /// Why the step's `when` passes over it, if it does.
    pub(super) fn when(&self, step: &'c Step) -> Result<Option<String>, Early> {
        let Some(when) = &step.spec.when else {
            return Ok(None);
        };
        match self.job.compiled.evaluate(when, &self.scope.value()) {
            Ok(value) if value.is_true() => Ok(None),
            Ok(_) => Ok(Some(format!("`{}` is false", when.value))),
            Err(failure) => Err(self.not_rendered(failure)),
        }
    }

    fn request(
        &mut self,
        reached: &Reached<'_, 'c>,
        merged: &Merged<'c>,
    ) -> Result<Box<Walked>, Early> {
        let step = reached.step;
        let request = match self.ahead.take() {
            Some((id, request)) if *id == *step.id => request,
            _ => {
                let value = self.scope.value();
                let rendered = self.renderer(&value).request(merged, step.span());
                rendered.map_err(|failure| self.not_rendered(failure))?
            }
        };
        let exchange = match self.client.send(&request) {
            Ok(exchange) => Arc::new(exchange),
            Err(error) => return Err(not_sent(step, request, &error)),
        };
        taint::response(&mut self.job.secrets.lock(), &exchange);
        let response = &exchange.response;
        let answer = Answer::Response(response.status, response.reason.clone());
        self.scope
            .set_exchange(Some(ExchangeView::new(Arc::clone(&exchange))));
        let findings = self.judge(step, &answer);
        if self.is_watched {
            self.seen = self.scope.exchange();
        }
        self.scope.set_exchange(None);
        // What failed its checks is not what anybody wants to record.
        let looked = if findings.wrong.is_empty() {
            let job = self.job;
            let mut looked =
                job.snapshots
                    .look(reached, &exchange.response, &job.secrets, job.sources);
            if !looked.warnings.is_empty() {
                let allowed = Allowed::of(job.collection);
                let warnings = &mut looked.warnings;
                warnings.retain(|warning| !allowed.by_step(step, warning.code));
            }
            looked
        } else {
            Looked::default()
        };
        let mut walked = Walked {
            findings,
            looked,
            ..Walked::default()
        };
        // A response that was never reviewed may well be an error that is meant.
        let failure = walked.looked.failure.as_ref();
        let differs = failure.is_some_and(|failure| failure.code == "snapshot-differs");
        if differs || !walked.findings.wrong.is_empty() {
            walked.explanations = self.explain(&request, &Seen::of_exchange(&exchange));
        }
        self.memory.keep(&exchange);
        walked.request = Some(request);
        walked.exchange = Some(exchange);
        Ok(Box::new(walked))
    }

    /// What the error of an answer means, by what the run knows of the request.
    pub(super) fn explain(&self, request: &Request, seen: &Seen) -> Vec<Explanation> {
        let evidence = Evidence {
            request,
            memory: &self.memory,
            scope: &self.scope,
        };
        explain::explanations(self.job, &evidence, seen)
    }

    pub(super) fn judge(&mut self, step: &'c Step, answer: &Answer) -> Findings {
        let findings = checks::judge(step, answer, self.job.compiled, &self.scope);
        if findings.wrong.is_empty() {
            self.standing
                .note(self.job, &self.scope, &findings.captures);
        }
        for (name, _) in &step.spec.capture {
            if findings
                .captures
                .iter()
                .any(|(found, _)| *found == name.value)
            {
                self.captured.insert(&name.value, &step.id);
                self.edited.remove(&name.value);
            }
        }
        let mut secrets = self.job.secrets.lock();
        for (name, value) in &findings.captures {
            if self.job.collection.is_secret(name) {
                taint::value(&mut secrets, name, value);
            }
        }
        findings
    }

    pub(super) fn renderer<'x>(&'x self, scope: &'x Value) -> Renderer<'x, 'c> {
        Renderer {
            compiled: self.job.compiled,
            scope,
            secrets: &self.job.secrets,
            overrides: &self.settings.overrides,
        }
    }

    /// A value that the checks of a step need and that no step captured: then it is not sent.
    pub(super) fn missing_capture(&self, step: &'c Step) -> Option<Early> {
        let own = |name: &str| step.spec.capture.get(name).is_some();
        let mut missing = None;
        let captures = step.spec.capture.iter().map(|(_, expression)| expression);
        for expression in captures.chain(&step.spec.assert) {
            self.job
                .compiled
                .expression_names(expression, &mut |name, _| {
                    if missing.is_none()
                        && let Some(producer) = self.producers.get(name)
                        && !own(name)
                        && self.scope.get(name).is_none()
                    {
                        missing = Some((name, *producer));
                    }
                });
        }
        let (name, producer) = missing?;
        Some(Early::Skipped(format!("needs {name} from {}", producer.id)))
    }

    /// A request that could not be rendered: a value that no step captured is a reason to pass over
    /// the step, anything else is an error.
    pub(super) fn not_rendered(&self, failure: RenderError) -> Early {
        let producer = failure.missing_name.as_deref().and_then(|name| {
            let producer = self.producers.get(name)?;
            Some((name, *producer))
        });
        match producer {
            Some((name, producer)) if self.unselected.contains(&*producer.id) && !self.is_last => {
                let diagnostic = failure.diagnostic.help(format!(
                    "`{name}` is captured by `{}`, which was not selected: select it too",
                    producer.id
                ));
                Early::Failed(Box::new(Walked {
                    problem: Some(diagnostic),
                    ..Walked::default()
                }))
            }
            Some((name, producer)) => Early::Skipped(format!("needs {name} from {}", producer.id)),
            None => Early::Failed(Box::new(Walked {
                problem: Some(failure.diagnostic),
                ..Walked::default()
            })),
        }
    }
}

pub(super) fn not_sent(step: &Step, request: Request, error: &SendError) -> Early {
    let diagnostic = Diagnostic::error("request-failed", error.to_string(), step.span())
        .maybe_help(error.help());
    Early::Failed(Box::new(Walked {
        request: Some(request),
        problem: Some(diagnostic),
        ..Walked::default()
    }))
}
