//! Where the snapshots of a collection lie, and which of them no step owns.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::args::{FailOn, Unreferenced};
use super::context::Context;
use super::exit::Exit;
use super::prepare::Call;
use crate::collection::model::Collection;
use crate::diagnostic::Diagnostic;
use crate::run::inputs::Inputs;
use crate::run::snapshots::{self, Policy, Snapshots};
use crate::snapshot::Update;
use crate::snapshot::place::{self, Home};
use crate::snapshot::store::{self, Owner, Turns};
use crate::source::Sources;

/// What the files of a collection without a file begin with.
const STDIN_STEM: &str = "stdin";

impl Call<'_> {
    /// What a run of the collection does about snapshots.
    pub fn snapshots(&self, collection: &Collection, inputs: &Inputs<'_>) -> Snapshots {
        let environment = inputs.environment.filter(|_| !inputs.is_first);
        if let Some(environment) = environment
            && !compares(collection, environment)
        {
            return Snapshots::NotCompared(format!("environment {environment}"));
        }
        let Some(home) = home(self.args.snapshot_dir.as_deref(), collection, environment) else {
            return Snapshots::NotCompared("standard input: give --snapshot-dir".to_owned());
        };
        let source = collection.path.as_deref().map_or_else(
            || STDIN_STEM.to_owned(),
            |path| {
                let root = store::project_root(collection.folder());
                place::source_name(path, root.unwrap_or(collection.folder()))
            },
        );
        Snapshots::Compared(Policy {
            home,
            source,
            update: self.update,
            additions_pass: self.args.fail_on == FailOn::Breaking,
        })
    }
}

/// Where the snapshots of a collection lie, in `folder` if one was chosen; `None` where there is no
/// place for them.
fn home(folder: Option<&Path>, collection: &Collection, environment: Option<&str>) -> Option<Home> {
    let path = collection.path.as_deref();
    match (folder, path) {
        (Some(folder), path) => {
            let stem = path
                .and_then(Path::file_stem)
                .unwrap_or(STDIN_STEM.as_ref());
            Some(Home::inside(folder, stem, environment))
        }
        (None, Some(path)) => Some(Home::of(path, environment)),
        (None, None) => None,
    }
}

/// The homes of a collection's snapshots, one for each environment that may have some.
fn homes(folder: Option<&Path>, collection: &Collection) -> Vec<Home> {
    let environments = collection.shared.environments.iter().skip(1);
    let others = environments.filter(|(_, environment)| environment.snapshots);
    let names = others.map(|(name, _)| Some(name.value.as_str()));
    std::iter::once(None)
        .chain(names)
        .filter_map(|environment| home(folder, collection, environment))
        .collect()
}

/// Two steps that would share a snapshot file, such as those of `a/flow.yaml` and `a/flow.yml`.
pub fn snapshot_clashes(
    sources: &Sources,
    loaded: &[Collection],
    folder: Option<&Path>,
) -> Vec<Diagnostic> {
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for collection in loaded {
        let name = sources.get(collection.source).name();
        if let Some(home) = homes(folder, collection).first() {
            let own = snapshots::files(collection, home);
            files.extend(
                own.into_iter()
                    .map(|(file, step)| (file, format!("`{step}` of {name}"))),
            );
        }
    }
    place::clashes(files)
        .into_iter()
        .map(|clash| {
            let message = format!(
                "{} and {} would share the snapshot `{}`",
                clash.first,
                clash.second,
                clash.file.display()
            );
            Diagnostic::without_place("shared-snapshot", message)
                .help("rename one of the files, or keep the snapshots of one in another folder with `--snapshot-dir`")
        })
        .collect()
}

/// Whether snapshots are compared under an environment that is not the first one.
fn compares(collection: &Collection, environment: &str) -> bool {
    let mut environments = collection.shared.environments.iter();
    environments.any(|(name, it)| name.value == environment && it.snapshots)
}

/// Finds the snapshots of the collections that no step owns, and does what was asked about them.
pub fn unreferenced(context: &mut Context, call: &Call<'_>, loaded: &[Collection]) -> Result<Exit> {
    let Some(what) = call.args.unreferenced else {
        return Ok(Exit::Passed);
    };
    let owners: Vec<Owner> = loaded.iter().filter_map(|one| owner(call, one)).collect();
    let lost = store::unreferenced(&owners)?;
    for file in &lost {
        let told = match what {
            Unreferenced::Delete if call.update == Update::No => {
                "no step owns this snapshot; it stays, since nothing is written here"
            }
            Unreferenced::Delete => {
                store::remove(file)?;
                "deleted, since no step owns it"
            }
            Unreferenced::Warn | Unreferenced::Reject => "no step owns this snapshot",
        };
        writeln!(context.stderr, "{}: {told}", file.display())?;
    }
    Ok(match what {
        Unreferenced::Reject if !lost.is_empty() => Exit::Check,
        _ => Exit::Passed,
    })
}

fn owner(call: &Call<'_>, collection: &Collection) -> Option<Owner> {
    let homes = homes(call.args.snapshot_dir.as_deref(), collection);
    let first = homes.first()?;
    let once = || Turns::Exactly(BTreeSet::from([Vec::new()]));
    let steps: BTreeMap<String, Turns> = snapshots::files(collection, first)
        .into_iter()
        .map(|(_, step)| (step.to_owned(), once()))
        .collect();
    Some(Owner {
        collection: collection.path.clone()?,
        homes,
        steps,
    })
}
