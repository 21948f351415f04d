//! `lcrun login COLLECTION`: performs the steps up to the token, and keeps what `keep` names.

use std::io::Write;

use anyhow::{Result, bail};

use super::run;
use crate::cli::args::LoginArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::guide;
use crate::cli::logins;
use crate::cli::prepare::Prepared;
use crate::cli::ready::when_ready;
use crate::collection::keep;
use crate::collection::load::Loader;
use crate::collection::model::Collection;
use crate::run::guide::Guide;
use crate::run::interrupt::Interrupt;
use crate::run::login::Login;

/// Logs in anew, whatever is kept already.
pub fn execute(context: &mut Context, args: &LoginArgs) -> Result<Exit> {
    let mut run_args = args.to_run();
    run_args.no_cache = true;
    // What can't be read is told below, with its place.
    if let Some(collection) = Loader::default().load(&args.collection) {
        must_keep(&collection, args)?;
        run_args.to_step = keep::last_step(&collection).map(|step| step.id.to_string());
    }
    let interrupt = Interrupt::default();
    let mut guide = guide::whoever_is_there(context, &run_args, &interrupt);
    let person: (&mut dyn Guide, _) = (&mut *guide, &interrupt);
    when_ready(
        context,
        &run_args,
        person,
        &mut |context, guide, mut ready| {
            let mut drawers = Vec::new();
            for one in &mut ready.jobs {
                if let Prepared::Job(job) = one
                    && let Some(drawer) =
                        logins::drawer(context, job.collection, args.values.env.as_deref())?
                {
                    job.login = Some(Login::anew(drawer.clone(), Context::now));
                    drawers.push(drawer);
                }
            }
            let exit = run::perform(
                context,
                (guide, &interrupt),
                &ready.call,
                ready.jobs,
                &ready.settings,
            )?;
            for drawer in &drawers {
                if exit == Exit::Passed
                    && let Some(kept) = drawer.load()?
                {
                    let names: Vec<&str> = kept.values.keys().map(String::as_str).collect();
                    let place = drawer.path().display();
                    writeln!(context.stdout, "kept {} in {place}", names.join(", "))?;
                }
            }
            context.stdout.flush()?;
            Ok(exit)
        },
    )
}

/// Says why nothing could be kept of a collection in the chosen environment, if so.
pub(super) fn must_keep(collection: &Collection, args: &LoginArgs) -> Result<()> {
    let path = args.collection.display();
    if collection.head.keep.is_empty() {
        bail!(
            "`{path}` keeps nothing: name the captures to keep in it, such as \
             `keep: [access_token, refresh_token, expires_in]`"
        );
    }
    let chosen = collection.environment(args.values.env.as_deref());
    if let Some((name, environment)) = chosen
        && environment.sandbox.is_some()
    {
        bail!(
            "the environment `{name}` is the embedded sandbox, whose tokens end with it; choose one \
             of a real server with `--env`"
        );
    }
    Ok(())
}
