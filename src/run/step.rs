//! The walk of one step: `when` → render → send → the status → asserts → captures → asserts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::checks::{self, Answer, Findings};
use super::guide::Guide;
use super::inputs;
use super::interrupt::Interrupt;
use super::job::{Job, Settings};
use super::request::{RenderError, Renderer};
use super::snapshots::Looked;
use super::taint;
use crate::authorize::direct;
use crate::collection::flow::{self, Reached};
use crate::collection::lint::Allowed;
use crate::collection::model::{Action, Defaults, Step};
use crate::collection::request::{AuthorizeSpec, Merged};
use crate::diagnostic::Diagnostic;
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
    /// Why there is no answer to check.
    pub(super) problem: Option<Diagnostic>,
}

impl Walked {
    /// Whether there is something to complain about.
    pub(super) fn is_wrong(&self) -> bool {
        self.problem.is_some() || !self.findings.wrong.is_empty() || self.looked.failure.is_some()
    }
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
    job: &'r Job<'c>,
    settings: &'r Settings,
    client: Client,
    scope: Arc<Scope>,
    /// Which step captures a name.
    producers: BTreeMap<&'c str, &'c Step>,
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
        interrupt: &Interrupt,
    ) -> Result<Self, String> {
        let client = Client::new(settings.client.clone()).map_err(|error| error.to_string())?;
        interrupt.watch(&client);
        let scope = Scope::new();
        job.inputs
            .fill(&scope, &job.supplied, job.compiled, &job.secrets)
            .map_err(|failure| failure.diagnostic.render(job.sources, false))?;
        Ok(Self {
            job,
            settings,
            client,
            scope,
            producers: flow::producers(job.collection),
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
        let value = self.scope.value();
        let rendered = self.renderer(&value).request(merged, step.span());
        let request = rendered.map_err(|failure| self.not_rendered(failure))?;
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
        Ok(Box::new(Walked {
            request: Some(request),
            exchange: Some(exchange),
            findings,
            looked,
            problem: None,
        }))
    }

    fn authorize(
        &mut self,
        step: &'c Step,
        spec: &'c AuthorizeSpec,
        _guide: &mut dyn Guide,
    ) -> Result<Box<Walked>, Early> {
        if let Some(reason) = self.given_already(step) {
            return Err(Early::Skipped(reason));
        }
        let value = self.scope.value();
        let rendered = self.renderer(&value).authorize(spec);
        let (request, redirect_uri) = rendered.map_err(|failure| self.not_rendered(failure))?;
        let state = query_value(&request, "state");
        let answer = match direct::ask(&mut self.client, &request, redirect_uri.as_deref()) {
            Ok(answer) => answer,
            Err(error) => return Err(not_sent(step, request, &error)),
        };
        let (landing, exchange) = match answer {
            direct::Answer::Landed(landing, exchange) => (landing, exchange),
            direct::Answer::NeedsBrowser(exchange) => {
                taint::response(&mut self.job.secrets.lock(), &exchange);
                return Err(Early::Failed(Box::new(Walked {
                    problem: Some(needs_browser(step, &exchange)),
                    request: Some(request),
                    exchange: Some(Arc::new(*exchange)),
                    ..Walked::default()
                })));
            }
        };
        {
            let mut secrets = self.job.secrets.lock();
            taint::response(&mut secrets, &exchange);
            taint::url(&mut secrets, &landing.url, Some("code"));
        }
        let answer = match landing.refusal() {
            Some((parameter, value)) => Answer::Refusal(parameter, value),
            None => Answer::Fine,
        };
        let other_state = state.filter(|state| {
            matches!(answer, Answer::Fine) && landing.parameter("state").as_ref() != Some(state)
        });
        self.scope
            .set_exchange(Some(ExchangeView::authorized(landing.url)));
        let findings = match other_state {
            None => self.judge(step, &answer),
            Some(_) => Findings::of(other_state_came(step)),
        };
        self.scope.set_exchange(None);
        Ok(Box::new(Walked {
            request: Some(request),
            exchange: Some(Arc::new(*exchange)),
            findings,
            ..Walked::default()
        }))
    }

    /// Why a browser step has nothing to do: all that it captures was given from outside.
    fn given_already(&self, step: &Step) -> Option<String> {
        let names: Vec<&str> = step
            .spec
            .capture
            .iter()
            .map(|(name, _)| name.value.as_str())
            .collect();
        let all = !names.is_empty()
            && names
                .iter()
                .all(|name| self.job.inputs.given_captures.contains(name));
        all.then(|| match &names[..] {
            [name] => format!("{name} was given"),
            _ => format!("{} were given", names.join(", ")),
        })
    }

    fn judge(&mut self, step: &'c Step, answer: &Answer) -> Findings {
        let findings = checks::judge(step, answer, self.job.compiled, &self.scope);
        let mut secrets = self.job.secrets.lock();
        for (name, value) in &findings.captures {
            if self.job.collection.is_secret(name) {
                inputs::taint(&mut secrets, name, value);
            }
        }
        findings
    }

    fn renderer<'x>(&'x self, scope: &'x Value) -> Renderer<'x, 'c> {
        Renderer {
            compiled: self.job.compiled,
            scope,
            secrets: &self.job.secrets,
            overrides: &self.settings.overrides,
        }
    }

    /// A value that the checks of a step need and that no step captured: then it is not sent.
    fn missing_capture(&self, step: &'c Step) -> Option<Early> {
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
    fn not_rendered(&self, failure: RenderError) -> Early {
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

fn not_sent(step: &Step, request: Request, error: &SendError) -> Early {
    let diagnostic = Diagnostic::error("request-failed", error.to_string(), step.span())
        .maybe_help(error.help());
    Early::Failed(Box::new(Walked {
        request: Some(request),
        problem: Some(diagnostic),
        ..Walked::default()
    }))
}

fn query_value(request: &Request, name: &str) -> Option<String> {
    let mut pairs = request.url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn needs_browser(step: &Step, exchange: &Exchange) -> Diagnostic {
    let status = exchange.response.status;
    let message = match exchange.location() {
        Some(url) if status < 400 => {
            format!("a browser is needed: the server redirects to `{url}`, a page for a person")
        }
        _ if status < 400 => {
            format!(
                "a browser is needed: the server answered {status} with a page and did not redirect"
            )
        }
        _ => format!("the server answered {status} where a redirect was expected"),
    };
    let captures: Vec<String> = step
        .spec
        .capture
        .iter()
        .map(|(name, _)| format!("--secret {}=…", name.value))
        .collect();
    Diagnostic::error("needs-browser", message, step.span()).help(format!(
        "open the address in a browser, log in, and give what the redirect carries: `{}`",
        captures.join(" ")
    ))
}

fn other_state_came(step: &Step) -> Diagnostic {
    Diagnostic::error(
        "wrong-state",
        "the redirect carries another `state` than the request",
        step.span(),
    )
    .help("the answer may belong to another request (RFC 6749 §10.12); run the step again")
}
