//! All that comes before the first collection begins: loading, checking, and what is given.

use std::collections::HashMap;

use anyhow::Result;

use super::args::RunArgs;
use super::checked::Read;
use super::context::Context;
use super::exit::Exit;
use super::paths::{self, Wanted};
use super::prepare::{Call, Prepared};
use super::voice::Voice;
use super::{listing, settings};
use crate::collection::model::Collection;
use crate::diagnostic::Diagnostic;
use crate::run::job::Settings;
use crate::source::Sources;

/// All that is known before the first collection begins.
pub struct Ready<'a> {
    /// What they have in common.
    pub call: Call<'a>,
    /// The collections.
    pub collections: &'a [Collection],
    /// What each would do.
    pub jobs: Vec<Prepared<'a>>,
    /// How the runs are to be done.
    pub settings: Settings,
}

/// Loads and checks what the arguments name and gathers its values, then does `act`; what is wrong
/// is told, and `act` is not done.
pub fn when_ready(
    context: &mut Context,
    args: &RunArgs,
    act: &mut dyn FnMut(&mut Context, Ready<'_>) -> Result<Exit>,
) -> Result<Exit> {
    let mut voice = Voice::new(context, &args.messages);
    let places = match paths::find(&args.paths, Wanted::Runnable) {
        Ok(places) => places,
        Err(problem) => {
            let problem = Diagnostic::without_place("no-collection", problem);
            return Ok(voice.refuse(context, &[problem], &Sources::default()));
        }
    };
    let read = (places, HashMap::new());
    let (read, mut diagnostics) = match Read::new(context, &mut voice, read, &args.values) {
        Ok(read) => read,
        Err(exit) => return Ok(exit),
    };
    let engines = read.engines(context);
    let compiled = read.compiled(&engines);
    let environment = args.values.env.as_deref();
    read.check(&compiled, environment, &mut voice, &mut diagnostics);
    let Read {
        collections,
        secrets,
        values,
        sources,
        ..
    } = &read;
    let count = voice.tell_all(context, diagnostics, sources);
    if count.errors > 0 {
        voice.nothing_was_sent(context, count);
        return Ok(Exit::Invalid);
    }
    let update = match settings::update(args, context) {
        Ok(update) => update,
        Err(problem) => return Ok(voice.refuse(context, &[*problem], sources)),
    };
    let call = Call {
        args,
        update,
        sources,
        values,
    };
    if args.list {
        return listing::list(context, &call, collections);
    }
    let jobs = match call.jobs(collections, &compiled, secrets) {
        Ok(jobs) => jobs,
        Err(problems) => return Ok(voice.refuse(context, &problems, sources)),
    };
    let settings = match settings::settings(args, context) {
        Ok(settings) => settings,
        Err(problem) => return Ok(voice.refuse(context, &[*problem], sources)),
    };
    let ready = Ready {
        call,
        collections,
        jobs,
        settings,
    };
    act(context, ready)
}
