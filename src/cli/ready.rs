//! All that comes before the first collection begins: loading, checking, and what is given.

use std::collections::HashMap;
use std::io::Write;

use anyhow::Result;

use super::args::RunArgs;
use super::checked::Read;
use super::context::Context;
use super::exit::Exit;
use super::kept::open::Kept;
use super::paths::{self, Wanted};
use super::prepare::{Call, Prepared};
use super::voice::Voice;
use super::{ctrl_c, listing, logins, missing, settings};
use crate::collection::model::Collection;
use crate::diagnostic::Diagnostic;
use crate::run::guide::Guide;
use crate::run::interrupt::Interrupt;
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
/// is told, and `act` is not done. The guide is asked for inputs without a value.
pub fn when_ready(
    context: &mut Context,
    args: &RunArgs,
    (guide, interrupt): (&mut dyn Guide, &Interrupt),
    act: &mut dyn FnMut(&mut Context, &mut dyn Guide, Ready<'_>) -> Result<Exit>,
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
    let decided = settings::update(args, context)
        .and_then(|update| Ok((update, settings::settings(args, context)?)));
    let (update, settings) = match decided {
        Ok(decided) => decided,
        Err(problem) => return Ok(voice.refuse(context, &[*problem], sources)),
    };
    let all = (&collections[..], sources);
    let kept = match open_state(context, args, all, (guide, interrupt))? {
        Ok(kept) => kept,
        Err(exit) => return Ok(exit),
    };
    let call = Call {
        args,
        update,
        sources,
        values,
        kept: kept.as_ref(),
    };
    if args.list {
        return listing::list(context, &call, collections);
    }
    let logins = logins::earlier(context, args, collections)?;
    let mut jobs = call.jobs(collections, &compiled, secrets, &logins);
    if let Err(refused) = &jobs
        && refused.problems.is_empty()
    {
        ctrl_c::watch(context, interrupt);
        if let Some(typed) = missing::ask(&refused.missing, guide) {
            values.answered(typed);
            voice.hide(values, collections);
            jobs = call.jobs(collections, &compiled, secrets, &logins);
        }
    }
    let jobs = match jobs {
        Ok(jobs) => jobs,
        Err(_) if interrupt.is_asked() => return Ok(Exit::Interrupted),
        Err(refused) => return Ok(voice.refuse(context, &refused.diagnostics(), sources)),
    };
    let ready = Ready {
        call,
        collections,
        jobs,
        settings,
    };
    act(context, guide, ready)
}

/// The state that the call goes on from, or why it is over.
fn open_state(
    context: &mut Context,
    args: &RunArgs,
    loaded: (&[Collection], &Sources),
    (guide, interrupt): (&mut dyn Guide, &Interrupt),
) -> Result<Result<Option<Kept>, Exit>> {
    if args.state.is_none() {
        return Ok(Ok(None));
    }
    // A passphrase may be asked for.
    ctrl_c::watch(context, interrupt);
    let kept = match Kept::open(args, context, loaded, guide) {
        Err(_) if interrupt.is_asked() => return Ok(Err(Exit::Interrupted)),
        kept => kept?,
    };
    if let Some(nothing) = kept.as_ref().and_then(Kept::nothing_left)
        && !args.selects_steps()
    {
        writeln!(context.stdout, "{nothing}")?;
        context.stdout.flush()?;
        return Ok(Err(Exit::Passed));
    }
    Ok(Ok(kept))
}
