//! The pending snapshots that a call is about: which they are and how they are called.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::args::PendingArgs;
use super::context::Context;
use super::exit::Exit;
use crate::diagnostic::{closest, list};
use crate::snapshot::store::{self, Pending, StoreError};

/// The pending snapshots that arguments name.
pub fn pending(args: &PendingArgs) -> Result<Vec<Pending>> {
    let mut found = below(args)?;
    found.retain(|one| args.only.is_empty() || args.only.iter().any(|step| is_of(one, step)));
    Ok(found)
}

fn below(args: &PendingArgs) -> Result<Vec<Pending>, StoreError> {
    if args.paths.is_empty() {
        store::pending(&["."])
    } else {
        store::pending(&args.paths)
    }
}

/// Whether a person would call its step so.
fn is_of(pending: &Pending, step: &str) -> bool {
    pending.header.step == step || pending.header.description == step
}

/// What to say where arguments name no pending snapshot.
pub fn nothing(args: &PendingArgs) -> Result<String> {
    let others = below(args)?;
    let steps: BTreeSet<&str> = others.iter().map(|one| &*one.header.step).collect();
    let Some(asked) = args.only.first().filter(|_| !steps.is_empty()) else {
        return Ok("no snapshot is pending".to_owned());
    };
    Ok(match closest(asked, steps.iter().copied()) {
        Some(near) => format!("no snapshot of `{asked}` is pending; did you mean `{near}`?"),
        None => format!(
            "no snapshot of `{asked}` is pending, but of {}",
            list(steps)
        ),
    })
}

/// Does one thing with each pending snapshot that arguments name, and says `done` of each.
///
/// One that fails keeps none of the others back.
pub fn settle(
    context: &mut Context,
    args: &PendingArgs,
    done: &str,
    act: fn(&Pending) -> Result<(), StoreError>,
) -> Result<Exit> {
    let found = pending(args)?;
    if found.is_empty() {
        let nothing = nothing(args)?;
        // What was named and is not there is a mistake; that nothing waits is good news.
        if !args.only.is_empty() && !below(args)?.is_empty() {
            bail!(nothing);
        }
        writeln!(context.stdout, "{nothing}")?;
    }
    let mut failed = 0;
    for one in &found {
        match act(one) {
            Ok(()) => writeln!(context.stdout, "{done} {}", shown(&one.target()))?,
            Err(error) => {
                failed += 1;
                writeln!(context.stderr, "error: {:#}", anyhow::Error::from(error))?;
            }
        }
    }
    context.stdout.flush()?;
    if failed > 0 {
        bail!("{failed} of {} could not be {done}", found.len());
    }
    Ok(Exit::Passed)
}

/// The collection that a pending snapshot is of; it need not be there.
pub fn collection(pending: &Pending) -> PathBuf {
    let named = Path::new(&pending.header.source);
    let beside = pending.collection().map(|file| plain(&file).to_owned());
    beside.unwrap_or_else(|| {
        // Its folder was chosen (`--snapshot-dir`): the path in the header begins at the project.
        let folder = pending.path.canonicalize().unwrap_or_default();
        let in_project = store::project_root(&folder).map(|root| root.join(named));
        in_project
            .filter(|file| file.exists())
            .unwrap_or_else(|| named.to_owned())
    })
}

/// Where its step was written when it was recorded: `collections/agent-flow.yaml:37`.
pub fn place(pending: &Pending) -> String {
    let file = shown(&collection(pending));
    match pending.header.assertion_line {
        Some(line) => format!("{file}:{line}"),
        None => file,
    }
}

/// A path as people write it.
pub fn shown(path: &Path) -> String {
    plain(path).display().to_string()
}

/// A path without the `./` that a search in this folder puts before it.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}
