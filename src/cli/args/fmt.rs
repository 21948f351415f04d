//! `lcrun fmt`: which files, and whether they are written.

use std::path::PathBuf;

use clap::Args;

use super::Color;

/// What to format.
#[derive(Debug, Clone, Args)]
pub struct FmtArgs {
    /// Files, folders and globs; `-` is standard input, which is formatted to standard output.
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Write nothing; show what would change, and exit with 4 if something would.
    #[arg(long)]
    pub check: bool,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}
