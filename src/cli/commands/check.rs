//! `lcrun check`: finds what is wrong with collections and sends nothing.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;

use crate::cli::args::CheckArgs;
use crate::cli::checked::Read;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::paths::{self, Wanted};
use crate::cli::voice::{Count, Voice};
use crate::cli::{mend, prepare, recording};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::run::inputs::{Inputs, Refusal, Resume};
use crate::source::Sources;
use crate::template::Compiled;

/// Checks what the arguments name; with `--fix` mends it first.
pub fn execute(context: &mut Context, args: &CheckArgs) -> Result<Exit> {
    let mut voice = Voice::new(context, &args.messages);
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() {
        here.as_slice()
    } else {
        &args.paths
    };
    let places = match paths::find(paths, Wanted::All) {
        Ok(places) => places,
        Err(problem) => {
            let problem = Diagnostic::without_place("no-collection", problem);
            return Ok(voice.refuse(context, &[problem], &Sources::default()));
        }
    };
    if args.fix {
        return mend::mend(context, &mut voice, &places, args);
    }
    let read = (places, HashMap::new());
    match Read::new(context, &mut voice, read, &args.values) {
        Ok(read) => report(context, &mut voice, read, args, Stream::Output),
        Err(exit) => Ok(exit),
    }
}

/// Where it is said how much was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error, where standard output is the mended text.
    Error,
}

impl Stream {
    /// The stream itself.
    pub fn of(self, context: &mut Context) -> &mut dyn Write {
        match self {
            Stream::Output => &mut context.stdout,
            Stream::Error => &mut context.stderr,
        }
    }
}

/// Checks what was read, tells what was found and how much it was.
pub fn report(
    context: &mut Context,
    voice: &mut Voice,
    (read, mut diagnostics): (Read, Diagnostics),
    args: &CheckArgs,
    stream: Stream,
) -> Result<Exit> {
    let engines = read.engines(context);
    let compiled = read.compiled(&engines);
    let environment = args.values.env.as_deref();
    read.check(&compiled, environment, voice, &mut diagnostics);
    let files = read.count;
    let count = voice.tell_all(context, diagnostics, &read.sources);
    // As in a run, the values are looked at once the collections are as they should be.
    let problems = if count.errors == 0 {
        value_problems(&read, &compiled, environment)
    } else {
        Vec::new()
    };
    for problem in &problems {
        voice.tell(context, problem, &read.sources);
    }
    if voice.is_for_people() {
        let s = if files == 1 { "" } else { "s" };
        let total = Count {
            errors: count.errors + problems.len(),
            ..count
        };
        let out = stream.of(context);
        writeln!(out, "checked {files} collection{s}: {total}")?;
        out.flush()?;
    }
    Ok(if count.errors > 0 {
        Exit::Invalid
    } else if problems.is_empty() {
        Exit::Passed
    } else {
        Exit::Usage
    })
}

/// What is wrong with the values that were given, and with the places of snapshots. That an input
/// has no value is for a run to say.
fn value_problems<'a>(
    read: &'a Read,
    compiled: &[Compiled<'a>],
    environment: Option<&str>,
) -> Vec<Diagnostic> {
    let Read {
        collections,
        values,
        sources,
        ..
    } = read;
    let mut problems = Vec::new();
    if !collections.is_empty() {
        problems.extend(prepare::unknown_names(values, sources, collections, None));
    }
    problems.extend(recording::snapshot_clashes(sources, collections, None));
    let mut lacking = Vec::new();
    for (index, (collection, compiled)) in collections.iter().zip(compiled).enumerate() {
        let given = values.of(index);
        let (used, resume) = (BTreeSet::new(), Resume::default());
        let file = sources.get(collection.source).name();
        match Inputs::choose(collection, environment, &given, used, &resume, compiled) {
            Ok(_) => {}
            Err(Refusal::NoEnvironment(there)) => {
                lacking.push(prepare::no_environment(file, environment, &there));
            }
            Err(Refusal::Values { wrong, .. }) => {
                problems.extend(wrong.iter().map(|one| prepare::wrong_type(one, sources)));
            }
        }
    }
    // As in a run, a collection without the environment is passed over, unless none has it.
    if lacking.len() == collections.len() {
        problems.extend(lacking);
    }
    problems
}
