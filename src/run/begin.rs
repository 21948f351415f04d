//! What reporters are told when a collection begins.

use std::collections::BTreeMap;

use super::job::{Job, Settings};
use crate::collection::model::{Collection, Step};
use crate::diagnostic::list;
use crate::event::CollectionStart;
use crate::secrets::Secrets;

/// What is known when a collection begins, masked.
pub(super) fn beginning(job: &Job<'_>, settings: &Settings) -> CollectionStart {
    let head = &job.collection.head;
    let secrets = job.secrets.lock();
    let mask = |text: &str| secrets.mask(text).into_owned();
    let collection = job.collection;
    CollectionStart {
        file: job.sources.get(job.collection.source).name().to_owned(),
        name: mask(&head.name.value),
        description: head.description.as_ref().map(|text| mask(&text.value)),
        requires: head.requires.iter().map(|text| mask(&text.value)).collect(),
        environment: job.inputs.environment.map(str::to_owned),
        origins: job.inputs.origins(job.sources),
        notes: notes(job, settings, &secrets),
        name_width: name_width(&collection.steps, 0).max(name_width(&collection.finally, 0)),
        repeated_names: repeated_names(collection, mask),
    }
}

/// What the user should know before anything is sent.
fn notes(job: &Job<'_>, settings: &Settings, secrets: &Secrets) -> Vec<String> {
    let kept = job.keeping.as_ref();
    let mut notes = kept.map_or_else(Vec::new, |kept| kept.notes.clone());
    if settings.client.insecure {
        notes.push("certificates are not verified (--insecure): anybody may listen in".to_owned());
    }
    let short: Vec<&str> = secrets.short_names().collect();
    if !short.is_empty() {
        let (s, is) = if short.len() == 1 {
            ("", "is")
        } else {
            ("s", "are")
        };
        notes.push(format!(
            "the secret{s} {} {is} shorter than 6 characters and hidden only as a whole value",
            list(short)
        ));
    }
    notes
}

/// The names that more than one step has, as reporters see them. Prose is never told apart.
fn repeated_names(collection: &Collection, mask: impl Fn(&str) -> String) -> Vec<String> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for step in collection.all_steps().filter(|step| !step.is_prose()) {
        *times.entry(mask(&step.spec.name.value)).or_default() += 1;
    }
    times.retain(|_, times| *times > 1);
    times.into_keys().collect()
}

/// The longest step name in characters, with the indent of groups.
fn name_width(steps: &[Step], indent: usize) -> usize {
    let widths = steps.iter().map(|step| {
        let own = indent + step.spec.name.value.chars().count();
        own.max(name_width(&step.steps, indent + INDENT))
    });
    widths.max().unwrap_or(0)
}

/// How far the steps of a group are indented, in characters.
const INDENT: usize = 2;
