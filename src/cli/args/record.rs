//! `lcrun record`: which collection, and how often.

use std::path::PathBuf;

use clap::Args;

use super::MessageArgs;
use super::run::{FailOn, HttpArgs, RunArgs, ValueArgs};

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
            paths: vec![self.collection.clone()],
            values: self.values.clone(),
            from_step: None,
            to_step: None,
            only: Vec::new(),
            tags: Vec::new(),
            exclude_tags: Vec::new(),
            list: false,
            dry_run: false,
            continue_on_error: false,
            authorize: None,
            step: false,
            no_input: true,
            http: self.http.clone(),
            update: None,
            check: false,
            snapshot_dir: self.snapshot_dir.clone(),
            unreferenced: None,
            fail_on: FailOn::Any,
            verbose: 0,
            quiet: true,
            messages: self.messages.clone(),
            report_junit: None,
            seed: None,
        }
    }
}
