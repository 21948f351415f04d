//! All that comes before the first collection begins: loading, checking, and what is given.

use anyhow::Result;

use super::args::RunArgs;
use super::context::Context;
use super::exit::Exit;
use super::outside::Values;
use super::paths::{self, Place, STDIN};
use super::prepare::{Call, Prepared};
use super::voice::Voice;
use super::{listing, settings};
use crate::collection::model::Collection;
use crate::collection::{check, load::Loader};
use crate::diagnostic::Diagnostic;
use crate::run::job::Settings;
use crate::run::taint::SharedSecrets;
use crate::template::{Compiled, Engine};

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
    let mut loader = Loader::default();
    let places = match paths::find(&args.paths) {
        Ok(places) => places,
        Err(problem) => {
            let problem = Diagnostic::without_place("no-collection", problem);
            return Ok(voice.refuse(context, &[problem], &loader.sources));
        }
    };
    let collections: Vec<Collection> = places
        .into_iter()
        .filter_map(|place| match place {
            Place::File(path) => loader.load(&path),
            Place::Stdin(text) => loader.load_text(STDIN, text),
        })
        .collect();
    let values = match Values::gather(args, context, &collections, &mut loader.sources) {
        Ok(values) => values,
        Err(problems) => return Ok(voice.refuse(context, &problems, &loader.sources)),
    };
    voice.hide(&values, &collections);
    let Loader {
        sources,
        mut diagnostics,
        ..
    } = loader;
    let secrets: Vec<SharedSecrets> = collections
        .iter()
        .map(|_| SharedSecrets::default())
        .collect();
    let engines: Vec<Engine> = secrets
        .iter()
        .map(|secrets| Engine::new(settings::engine_options(context, secrets.clone())))
        .collect();
    let compiled: Vec<Compiled> = engines
        .iter()
        .map(|engine| Compiled::new(engine, &sources))
        .collect();
    for (collection, compiled) in collections.iter().zip(&compiled) {
        check::check(collection, compiled, &mut diagnostics);
    }
    if !diagnostics.is_empty() {
        for collection in &collections {
            voice.hide_literals(collection);
        }
    }
    if voice.tell_all(context, diagnostics, &sources) {
        return Ok(Exit::Invalid);
    }
    let update = match settings::update(args, context) {
        Ok(update) => update,
        Err(problem) => return Ok(voice.refuse(context, &[*problem], &sources)),
    };
    let call = Call {
        args,
        update,
        sources: &sources,
        values: &values,
    };
    if args.list {
        return listing::list(context, &call, &collections);
    }
    let jobs = match call.jobs(&collections, &compiled, &secrets) {
        Ok(jobs) => jobs,
        Err(problems) => return Ok(voice.refuse(context, &problems, &sources)),
    };
    let settings = match settings::settings(args, context) {
        Ok(settings) => settings,
        Err(problem) => return Ok(voice.refuse(context, &[*problem], &sources)),
    };
    let ready = Ready {
        call,
        collections: &collections,
        jobs,
        settings,
    };
    act(context, ready)
}
