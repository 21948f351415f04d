//! `lcrun fmt`: which files, and whether they are written.

use std::path::PathBuf;

use clap::Args;

use super::MessageArgs;

/// What to format.
#[derive(Debug, Clone, Args)]
pub struct FmtArgs {
    /// Files, folders and globs; `-` is standard input, which is formatted to standard output.
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Write nothing; show what would change, and exit with 4 if something would.
    #[arg(long)]
    pub check: bool,
    /// How messages look.
    #[command(flatten)]
    pub messages: MessageArgs,
}
