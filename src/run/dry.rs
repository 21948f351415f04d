//! What a run would send, as curl lines; nothing is sent and nothing is started.
//!
//! A value that only a run knows, captured or supplied by the sandbox, is written as its name in
//! capitals, as documentation does.

use super::job::{Job, Settings};
use super::outcome;
use super::plan;
use super::request::Renderer;
use crate::collection::flow::{self, Reached};
use crate::collection::model::{Action, Step};
use crate::template::{Scope, Value};

/// One step of a dry run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryStep {
    /// The number and name of the step.
    pub title: String,
    /// The curl line, or why there is none.
    pub line: Result<String, String>,
}

/// Renders every chosen request of a collection; `tell` gets each step that would send one.
pub fn run(job: &Job<'_>, settings: &Settings, tell: &mut dyn FnMut(&DryStep)) {
    let scope = Scope::new();
    let placeholder = |name: &str| Value::from(name.to_uppercase());
    for name in flow::producers(job.collection).keys() {
        scope.set(name, placeholder(name));
    }
    let kinds = job.inputs.sandbox.iter().flat_map(|kind| kind.inputs());
    let supplied: Vec<(&'static str, String)> = kinds
        .map(|name| {
            let value = name.to_uppercase();
            let is_address = name.ends_with("_url") || name.ends_with("_uri");
            (
                *name,
                if is_address {
                    format!("http://{value}")
                } else {
                    value
                },
            )
        })
        .collect();
    let filled = job
        .inputs
        .fill(&scope, &supplied, job.compiled, &job.secrets);
    if let Err(failure) = filled {
        tell(&DryStep {
            title: job.collection.head.name.value.clone(),
            line: Err(failure.diagnostic.message),
        });
        return;
    }
    let value = scope.value();
    let renderer = Renderer {
        compiled: job.compiled,
        scope: &value,
        secrets: &job.secrets,
        overrides: &settings.overrides,
    };
    let listed = plan::list(job.collection);
    let mut defaults = flow::file_defaults(job.collection);
    let mut place = 0;
    flow::walk(&job.collection.steps, &mut defaults, &mut |reached| {
        let number = &listed[place].number;
        if job.plan.contains(place) {
            one(&renderer, (job, settings), reached, number, tell);
        }
        place += 1;
        true
    });
    flow::walk(&job.collection.finally, &mut defaults, &mut |reached| {
        one(&renderer, (job, settings), reached, "finally", tell);
        true
    });
}

fn one<'c>(
    renderer: &Renderer<'_, 'c>,
    (job, settings): (&Job<'c>, &Settings),
    reached: &Reached<'_, 'c>,
    number: &str,
    tell: &mut dyn FnMut(&DryStep),
) {
    if let Some(line) = line(renderer, (job, settings), reached) {
        let title = format!("{number}. {}", reached.step.spec.name.value);
        tell(&DryStep {
            title: job.secrets.lock().mask(&title).into_owned(),
            line,
        });
    }
}

fn line<'c>(
    renderer: &Renderer<'_, 'c>,
    (job, settings): (&Job<'c>, &Settings),
    reached: &Reached<'_, 'c>,
) -> Option<Result<String, String>> {
    let step: &Step = reached.step;
    let request = match step.action() {
        Action::Request(_) => renderer.request(&reached.request()?, step.span()),
        Action::Authorize(spec) => renderer.authorize(spec).map(|(request, _)| request),
        Action::Prose | Action::Group => return None,
    };
    Some(match request {
        Ok(request) => Ok(outcome::curl_line(
            &request,
            &settings.client,
            &job.secrets.lock(),
        )),
        Err(failure) => Err(job
            .secrets
            .lock()
            .mask(&failure.diagnostic.message)
            .into_owned()),
    })
}
