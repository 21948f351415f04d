//! `lcrun review`, `accept`, `reject` and `pending`: which snapshots.

use std::path::PathBuf;

use clap::Args;

use super::Color;

/// Which pending snapshots.
#[derive(Debug, Clone, Args)]
pub struct PendingArgs {
    /// Folders, collections or snapshots; without one, all below this folder.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Those of this step alone, an id or a name; may be given more than once.
    #[arg(long, value_name = "STEP")]
    pub only: Vec<String>,
}

/// Which pending snapshots to look at, and how.
#[derive(Debug, Clone, Args)]
pub struct ReviewArgs {
    /// Which ones.
    #[command(flatten)]
    pub pending: PendingArgs,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// Which pending snapshots to list, and how.
#[derive(Debug, Clone, Args)]
pub struct ListPendingArgs {
    /// Which ones.
    #[command(flatten)]
    pub pending: PendingArgs,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}
