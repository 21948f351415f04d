//! `lcrun accept`: pending snapshots become the snapshots of their steps.

use anyhow::Result;

use crate::cli::args::PendingArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::snapshots;
use crate::snapshot::store::Pending;

/// Accepts what the arguments name, and says which files those were.
pub fn execute(context: &mut Context, args: &PendingArgs) -> Result<Exit> {
    snapshots::settle(context, args, "accepted", Pending::accept)
}
