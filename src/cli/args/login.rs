//! `lcrun login` and `lcrun logout`: whose tokens are kept, and how they are got.

use std::path::PathBuf;

use clap::Args;

use super::MessageArgs;
use super::run::{AuthorizeWay, HttpArgs, RunArgs, ValueArgs};

/// Whose tokens are kept.
#[derive(Debug, Clone, Args)]
pub struct LoginArgs {
    /// The collection, which says by `keep` what is kept.
    #[arg(value_name = "COLLECTION")]
    pub collection: PathBuf,
    /// How browser steps get their answer; without it, in the best way that is possible here.
    #[arg(long, value_name = "WAY", help_heading = "Person")]
    pub authorize: Option<AuthorizeWay>,
    /// Ask for nothing: an input without a value is an error on a terminal too.
    #[arg(long, help_heading = "Person")]
    pub no_input: bool,
    /// How messages look.
    #[command(flatten)]
    pub messages: MessageArgs,

    /// The values that it begins with.
    #[command(flatten)]
    pub values: ValueArgs,
    /// How requests are sent.
    #[command(flatten)]
    pub http: HttpArgs,
}

impl LoginArgs {
    /// The same as arguments of a run of one collection.
    pub fn to_run(&self) -> RunArgs {
        RunArgs {
            authorize: self.authorize,
            no_input: self.no_input,
            messages: self.messages.clone(),
            ..RunArgs::of(&self.collection, &self.values, &self.http)
        }
    }
}
