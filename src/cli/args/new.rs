//! `lcrun new`: which tutorial, and where to.

use std::path::PathBuf;

use clap::Args;

/// What to write.
#[derive(Debug, Clone, Args)]
pub struct NewArgs {
    /// The tutorial, or `starter`; without it, all are listed.
    pub name: Option<String>,
    /// Where to, in place of a file of its name in this folder: a file, a folder, or `-` for standard
    /// output, without the files that go with it.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite files that are there.
    #[arg(long)]
    pub force: bool,
}
