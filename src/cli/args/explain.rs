//! `lcrun explain`: what is asked about.

use std::path::PathBuf;

use clap::Args;

use super::Color;

/// What to explain.
#[derive(Debug, Clone, Args)]
#[command(arg_required_else_help = true)]
pub struct ExplainArgs {
    /// A code such as `undefined-name` or `invalid_grant`, a message, the address that a browser
    /// ended on, the body of a response, or words to look for; `-` reads it from standard input.
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// List every code and error.
    #[arg(long, conflicts_with = "words")]
    pub list: bool,
    /// A catalogue of the errors of another API, as `explain:` in a collection names it.
    #[arg(long, value_name = "FILE")]
    pub catalogue: Vec<PathBuf>,
    /// When to use colours.
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
}
