//! What to run, the values it begins with, and how requests are sent.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, ValueEnum};

use super::MessageArgs;
use super::units::{duration, header, size};
use crate::snapshot::Update;

/// What is done about snapshots that no step owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Unreferenced {
    /// They are told.
    Warn,
    /// They are told, and the call fails.
    Reject,
    /// They are deleted.
    Delete,
}

/// Which changes of a snapshot fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Every one.
    Any,
    /// All but additions.
    Breaking,
}

/// What to run, and how.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct RunArgs {
    /// Collections, folders of them (recursive) or globs; `-` is standard input.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// The values that it begins with.
    #[command(flatten)]
    pub values: ValueArgs,

    /// Begin with this step: an id, a name or a number.
    #[arg(
        long,
        alias = "from-entry",
        value_name = "STEP",
        help_heading = "Selection"
    )]
    pub from_step: Option<String>,
    /// End with this step.
    #[arg(
        long,
        alias = "to-entry",
        value_name = "STEP",
        help_heading = "Selection"
    )]
    pub to_step: Option<String>,
    /// Run this step alone; may be given more than once.
    #[arg(long, value_name = "STEP", help_heading = "Selection")]
    pub only: Vec<String>,
    /// Run the steps that have one of these tags.
    #[arg(
        short,
        long,
        value_name = "TAGS",
        value_delimiter = ',',
        help_heading = "Selection"
    )]
    pub tags: Vec<String>,
    /// Pass over the steps that have one of these tags.
    #[arg(
        long,
        value_name = "TAGS",
        value_delimiter = ',',
        help_heading = "Selection"
    )]
    pub exclude_tags: Vec<String>,
    /// Show collections and their steps; send nothing.
    #[arg(long, conflicts_with = "dry_run", help_heading = "Selection")]
    pub list: bool,
    /// Show each request as a curl line; send nothing.
    #[arg(long, help_heading = "Selection")]
    pub dry_run: bool,
    /// Go on after a failed step.
    #[arg(long, help_heading = "Selection")]
    pub continue_on_error: bool,

    /// How requests are sent.
    #[command(flatten)]
    pub http: HttpArgs,

    /// Which snapshots are written: auto, no, new, unseen, always or force.
    ///
    /// `auto` is `no` where `CI` is set, else `new`; `LCRUN_UPDATE` and `INSTA_UPDATE` count too.
    #[arg(
        long,
        value_name = "MODE",
        require_equals = true,
        help_heading = "Snapshots"
    )]
    pub update: Option<Update>,
    /// Compare snapshots and write none; the same as --update=no.
    #[arg(long, conflicts_with = "update", help_heading = "Snapshots")]
    pub check: bool,
    /// Keep snapshots in this folder; standard input needs it.
    #[arg(long, value_name = "FOLDER", help_heading = "Snapshots")]
    pub snapshot_dir: Option<PathBuf>,
    /// Find snapshots that no step owns: warn of them, fail, or delete them.
    #[arg(long, value_name = "WHAT", help_heading = "Snapshots")]
    pub unreferenced: Option<Unreferenced>,
    /// Which changes of a snapshot fail: any, or breaking, which lets additions pass.
    #[arg(
        long,
        value_name = "CHANGES",
        default_value = "any",
        help_heading = "Snapshots"
    )]
    pub fail_on: FailOn,

    /// Show prose, where values come from and what is captured; twice: every exchange.
    #[arg(short, long, action = ArgAction::Count, help_heading = "Report")]
    pub verbose: u8,
    /// Show what failed, and nothing else.
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Report")]
    pub quiet: bool,
    /// How messages look.
    #[command(flatten)]
    pub messages: MessageArgs,
    /// Write a JUnit report (XML) to this file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["list", "dry_run"], help_heading = "Report")]
    pub report_junit: Option<PathBuf>,
    /// Make the sandbox's tokens, codes and ids the same in every run.
    #[arg(long, value_name = "NUMBER", help_heading = "Report")]
    pub seed: Option<u64>,
}

/// The values that a run begins with.
#[derive(Debug, Clone, Args)]
pub struct ValueArgs {
    /// The environment; without it, the first one of each collection.
    #[arg(short, long, value_name = "NAME", help_heading = "Values")]
    pub env: Option<String>,
    /// Give an input a value.
    #[arg(
        long,
        alias = "var",
        value_name = "NAME=VALUE",
        help_heading = "Values"
    )]
    pub variable: Vec<String>,
    /// Give an input a value that is never shown.
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Values")]
    pub secret: Vec<String>,
    /// Read values from NAME=VALUE lines.
    #[arg(long, value_name = "FILE", help_heading = "Values")]
    pub variables_file: Vec<PathBuf>,
    /// Read values that are never shown from NAME=VALUE lines.
    #[arg(long, value_name = "FILE", help_heading = "Values")]
    pub secrets_file: Vec<PathBuf>,
    /// Read this file in place of the `.env` beside each collection.
    #[arg(long, value_name = "FILE", help_heading = "Values")]
    pub env_file: Option<PathBuf>,
}

/// How requests are sent.
#[derive(Debug, Clone, Args)]
pub struct HttpArgs {
    /// Allow an exchange this long, where the collection does not say: `30s`, `500ms`; 0 is no limit.
    #[arg(short, long, value_name = "TIME", value_parser = duration, help_heading = "HTTP")]
    pub max_time: Option<Duration>,
    /// Allow looking up a name and connecting this long.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "10s", help_heading = "HTTP")]
    pub connect_timeout: Duration,
    /// Refuse a response body larger than this: bytes, or `10k`, `32M`, `1G`.
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "32M", help_heading = "HTTP")]
    pub max_filesize: u64,
    /// Trust the certificates in this PEM file, beside the system's.
    #[arg(long, value_name = "FILE", help_heading = "HTTP")]
    pub cacert: Option<PathBuf>,
    /// Do not verify the server's certificate.
    #[arg(short = 'k', long, help_heading = "HTTP")]
    pub insecure: bool,
    /// Send everything through this proxy.
    #[arg(short = 'x', long, value_name = "URL", help_heading = "HTTP")]
    pub proxy: Option<String>,
    /// Hosts that are reached without the proxy, separated by commas.
    #[arg(long, value_name = "HOSTS", help_heading = "HTTP")]
    pub noproxy: Option<String>,
    /// Add a header field to every request, in place of one of the same name.
    #[arg(short = 'H', long, value_name = "NAME: VALUE", value_parser = header, help_heading = "HTTP")]
    pub header: Vec<(String, String)>,
    /// Say this as the user agent.
    #[arg(short = 'A', long, value_name = "NAME", help_heading = "HTTP")]
    pub user_agent: Option<String>,
    /// Follow redirects where the collection does not say.
    #[arg(short = 'L', long, help_heading = "HTTP")]
    pub location: bool,
    /// Follow this many redirects at the most, whoever asks for it; without it, 50.
    #[arg(long, value_name = "COUNT", help_heading = "HTTP")]
    pub max_redirs: Option<u32>,
}
