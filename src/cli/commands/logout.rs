//! `lcrun logout COLLECTION`: forgets what a login kept, and revokes it where the collection has a
//! step `revoke`.

use std::io::Write;

use anyhow::Result;

use super::{login, run};
use crate::cli::args::LoginArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::guide;
use crate::cli::logins;
use crate::cli::ready::when_ready;
use crate::collection::keep;
use crate::collection::load::Loader;
use crate::run::guide::Guide;
use crate::run::interrupt::Interrupt;

/// Forgets it even where it can't be revoked, and says so.
pub fn execute(context: &mut Context, args: &LoginArgs) -> Result<Exit> {
    let mut run_args = args.to_run();
    let environment = args.values.env.as_deref();
    let interrupt = Interrupt::default();
    let mut guide = guide::whoever_is_there(context, &run_args, &interrupt);
    let person: (&mut dyn Guide, _) = (&mut *guide, &interrupt);
    let collection = Loader::default()
        .load(&args.collection)
        .filter(|collection| {
            environment.is_none() || collection.environment(environment).is_some()
        });
    let Some(collection) = collection else {
        // It tells what is wrong with the file or the environment, with its place.
        return when_ready(context, &run_args, person, &mut |_, _, _| Ok(Exit::Usage));
    };
    login::must_keep(&collection, args)?;
    let drawer = logins::drawer(context, &collection, environment)?;
    let Some(drawer) = drawer.filter(|drawer| drawer.path().exists()) else {
        writeln!(context.stdout, "nobody is logged in: nothing is kept")?;
        context.stdout.flush()?;
        return Ok(Exit::Passed);
    };
    let revoke = keep::waiting(&collection, keep::REVOKE);
    let revoked = revoke.map(|step| {
        run_args.only = vec![step.id.to_string()];
        when_ready(context, &run_args, person, &mut |context, guide, ready| {
            let person = (guide, &interrupt);
            run::perform(context, person, &ready.call, ready.jobs, &ready.settings)
        })
    });
    drawer.forget()?;
    let how = match &revoked {
        None => "forgotten; the collection has no step `revoke`, so that the server still takes it",
        Some(Ok(Exit::Passed)) => "revoked and forgotten",
        Some(_) => "forgotten, but not revoked",
    };
    writeln!(context.stdout, "{how}: {}", drawer.path().display())?;
    context.stdout.flush()?;
    revoked.unwrap_or(Ok(Exit::Passed))
}
