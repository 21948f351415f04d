//! `lcrun check`: which collections, and whether mistakes are mended.

use std::path::PathBuf;

use clap::Args;

use super::{MessageArgs, ValueArgs};

/// What to check.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Collections, folders of them (recursive) or globs; `-` is standard input. Without one, this
    /// folder.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Mend in the files what can be mended in one way only; standard input is printed mended.
    #[arg(long)]
    pub fix: bool,
    /// How messages look.
    #[command(flatten)]
    pub messages: MessageArgs,
    /// The values that they would begin with: checked as far as they are given.
    #[command(flatten)]
    pub values: ValueArgs,
}
