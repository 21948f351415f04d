//! `lcrun reject`: pending snapshots are thrown away; their steps keep the snapshots they have.

use anyhow::Result;

use crate::cli::args::PendingArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::snapshots;
use crate::snapshot::store::Pending;

/// Rejects what the arguments name, and says which files those were.
pub fn execute(context: &mut Context, args: &PendingArgs) -> Result<Exit> {
    snapshots::settle(context, args, "rejected", Pending::reject)
}
