//! How what is wrong with a collection is told.

use clap::{Args, ValueEnum};

use super::Color;

/// How messages about collections look.
#[derive(Debug, Clone, Args)]
pub struct MessageArgs {
    /// How mistakes in collections are told: for people, one line each, or one JSON object a line.
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Report"
    )]
    pub message_format: MessageFormat,
    /// Take warnings for errors, so that nothing is sent.
    #[arg(long, value_name = "WHAT", help_heading = "Report")]
    pub deny: Vec<Deny>,
    /// When to use colours.
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Report"
    )]
    pub color: Color,
}

/// What is taken for an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Every warning about a collection.
    Warnings,
}

/// The ways to tell a mistake in a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// With the lines it is about.
    Human,
    /// `file:line:column: error[code]: message`.
    Short,
    /// One JSON object a line, for editors.
    Json,
}
