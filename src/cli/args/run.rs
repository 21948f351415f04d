//! What to run, the values it begins with, and how requests are sent.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{ArgAction, Args, ValueEnum};

use super::units::{duration, header, size};
use super::{Color, MessageArgs, MessageFormat};
use crate::authorize::way::Way;
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

/// How browser steps get their answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuthorizeWay {
    /// Open the address in a browser; it comes back to lcrun where the redirect URI is on this machine.
    Browser,
    /// Show the address, and ask for the one that the browser ended on.
    Paste,
    /// Follow the server's own redirect.
    Direct,
}

impl AuthorizeWay {
    /// The way as a run knows it.
    pub fn way(self) -> Way {
        match self {
            Self::Browser => Way::Browser,
            Self::Paste => Way::Paste,
            Self::Direct => Way::Direct,
        }
    }
}

/// What a state file does about secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StateSecrets {
    /// They are left out; a run that needs one says which.
    Omit,
    /// They are written as they are.
    Keep,
    /// They are encrypted with a passphrase.
    Encrypt,
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
    /// Do not use what `lcrun login` kept.
    #[arg(long, help_heading = "Values")]
    pub no_cache: bool,
    /// Go on after a failed step.
    #[arg(long, help_heading = "Selection")]
    pub continue_on_error: bool,

    /// How browser steps get their answer; without it, in the best way that is possible here.
    #[arg(long, value_name = "WAY", help_heading = "Person")]
    pub authorize: Option<AuthorizeWay>,
    /// Go through the tutorial step by step: read, look at the request, send it, mend a value,
    /// repeat.
    #[arg(long, conflicts_with_all = ["list", "dry_run", "no_input", "quiet"], help_heading = "Person")]
    pub step: bool,
    /// Keep the state of the run in this file after every step, and go on from there.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["list", "dry_run"], help_heading = "Person")]
    pub state: Option<PathBuf>,
    /// What the state file does about secrets; without it as the file has it, else omit.
    ///
    /// `encrypt` takes its passphrase from `LCRUN_STATE_KEY`, or asks for it.
    #[arg(long, value_name = "HOW", requires = "state", help_heading = "Person")]
    pub state_secrets: Option<StateSecrets>,
    /// Ask for nothing: an input without a value is an error on a terminal too.
    #[arg(long, help_heading = "Person")]
    pub no_input: bool,

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

impl RunArgs {
    /// Every step of one collection, and no flag but those of its values and its requests.
    pub fn of(collection: &Path, values: &ValueArgs, http: &HttpArgs) -> Self {
        Self {
            paths: vec![collection.to_owned()],
            values: values.clone(),
            from_step: None,
            to_step: None,
            only: Vec::new(),
            tags: Vec::new(),
            exclude_tags: Vec::new(),
            list: false,
            dry_run: false,
            no_cache: false,
            continue_on_error: false,
            authorize: None,
            step: false,
            state: None,
            state_secrets: None,
            no_input: false,
            http: http.clone(),
            update: None,
            check: false,
            snapshot_dir: None,
            unreferenced: None,
            fail_on: FailOn::Any,
            verbose: 0,
            quiet: false,
            messages: MessageArgs {
                message_format: MessageFormat::Human,
                color: Color::Auto,
                deny: Vec::new(),
            },
            report_junit: None,
            seed: None,
        }
    }

    /// Whether some of the steps were chosen.
    pub fn selects_steps(&self) -> bool {
        self.from_step.is_some()
            || !self.only.is_empty()
            || !self.tags.is_empty()
            || !self.exclude_tags.is_empty()
    }
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
