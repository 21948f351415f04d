//! `lcrun record`: which collection, and how often.

use std::path::PathBuf;

use clap::Args;

use super::MessageArgs;
use super::run::{HttpArgs, RunArgs, ValueArgs};

/// What to record.
#[derive(Debug, Clone, Args)]
pub struct RecordArgs {
    /// The collection.
    #[arg(value_name = "COLLECTION")]
    pub collection: PathBuf,

    /// Run it this often to see what changes.
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 2,
        value_parser = clap::value_parser!(u32).range(2..)
    )]
    pub times: u32,
    /// Write the rules into the collection and record its snapshots, in place of only showing the
    /// rules.
    #[arg(long)]
    pub write: bool,
    /// Keep snapshots in this folder.
    #[arg(long, value_name = "FOLDER")]
    pub snapshot_dir: Option<PathBuf>,
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

impl RecordArgs {
    /// The same as arguments of a run: every step of the one collection, nothing told but failures.
    pub fn to_run(&self) -> RunArgs {
        RunArgs {
            snapshot_dir: self.snapshot_dir.clone(),
            quiet: true,
            no_input: true,
            messages: self.messages.clone(),
            ..RunArgs::of(&self.collection, &self.values, &self.http)
        }
    }
}
