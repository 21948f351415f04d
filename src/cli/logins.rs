//! What logins keep between runs: where it lies, and which runs use it.

use anyhow::{Result, bail};

use super::args::RunArgs;
use super::context::Context;
use crate::authorize::tokens::Drawer;
use crate::collection::model::Collection;
use crate::run::login::Login;

/// The place for what is kept for a collection in the chosen environment; `None` where nothing can be
/// kept: no `keep`, no file, or the embedded server, whose tokens end with it.
pub fn drawer(
    context: &Context,
    collection: &Collection,
    environment: Option<&str>,
) -> Result<Option<Drawer>> {
    let chosen = collection.environment(environment);
    let is_embedded = chosen.is_some_and(|(_, environment)| environment.sandbox.is_some());
    let Some(path) = &collection.path else {
        return Ok(None);
    };
    if collection.head.keep.is_empty() || is_embedded {
        return Ok(None);
    }
    let Some(state) = &context.state else {
        bail!("there is no folder to keep tokens in: set `HOME`, or `LCRUN_STATE_DIR` to one");
    };
    let name = chosen.map(|(name, _)| name);
    Ok(Some(Drawer::new(state, path, name)))
}

/// What the runs of some collections know of earlier logins; nothing where `--no-cache` was given.
pub fn earlier(
    context: &Context,
    args: &RunArgs,
    collections: &[Collection],
) -> Result<Vec<Option<Login>>> {
    let login = |collection: &Collection| -> Result<Option<Login>> {
        // Only a login needs such a folder.
        if context.state.is_none() {
            return Ok(None);
        }
        let Some(drawer) = drawer(context, collection, args.values.env.as_deref())? else {
            return Ok(None);
        };
        let kept = if args.no_cache { None } else { drawer.load()? };
        Ok(Some(Login::earlier(drawer, kept, Context::now)))
    };
    collections.iter().map(login).collect()
}
