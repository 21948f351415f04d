//! What can be typed. Flags take the names that curl, Hurl and cargo-insta gave them.

use std::path::PathBuf;
use std::time::Duration;

use crate::snapshot::Update;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

/// A tutorial you can run: performs YAML collections of HTTP requests against a real server.
#[derive(Debug, Parser)]
#[command(
    name = "lcrun",
    version,
    about,
    args_conflicts_with_subcommands = true,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 passed · 1 command line, missing input, file or environment · 2 a collection is not valid · 3 a request could not be made · 4 a check failed · 130 interrupted"
)]
pub struct Cli {
    /// What to do instead of running collections.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What to run, and how.
    #[command(flatten)]
    pub run: RunArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run collections; the same as giving the paths without a command.
    Run(Box<RunArgs>),
    /// Find out what changes from run to run, and write rules that redact it.
    Record(Box<RecordArgs>),
    /// Look at pending snapshots one by one, and accept or reject each.
    Review(ReviewArgs),
    /// Accept pending snapshots without looking at them.
    Accept(PendingArgs),
    /// Reject pending snapshots without looking at them.
    Reject(PendingArgs),
    /// List pending snapshots.
    Pending(ListPendingArgs),
    /// Write a tutorial that comes with lcrun into this folder, or list them.
    New(NewArgs),
    /// Run the embedded look-alike of the LiveChat API in the foreground.
    #[cfg(feature = "sandbox")]
    Sandbox(SandboxArgs),
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

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
    /// When to use colours.
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Report"
    )]
    pub color: Color,
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
    /// Allow an exchange this long, where the collection does not say: `30s`, `500ms`.
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
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

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
            http: self.http.clone(),
            update: None,
            check: false,
            snapshot_dir: self.snapshot_dir.clone(),
            unreferenced: None,
            fail_on: FailOn::Any,
            verbose: 0,
            quiet: true,
            color: self.color,
            report_junit: None,
            seed: None,
        }
    }
}

/// Which pending snapshots.
#[derive(Debug, Clone, Args)]
pub struct PendingArgs {
    /// Folders, collections or snapshots; without one, all below this folder.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Those of this step alone, an id or a name; may be given more than once.
    #[arg(long, value_name = "STEP")]
    pub only: Vec<String>,
}

/// Which pending snapshots to look at, and how.
#[derive(Debug, Clone, Args)]
pub struct ReviewArgs {
    /// Which ones.
    #[command(flatten)]
    pub pending: PendingArgs,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// Which pending snapshots to list, and how.
#[derive(Debug, Clone, Args)]
pub struct ListPendingArgs {
    /// Which ones.
    #[command(flatten)]
    pub pending: PendingArgs,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}

/// What to write.
#[derive(Debug, Clone, Args)]
pub struct NewArgs {
    /// The tutorial; without it, all are listed.
    pub name: Option<String>,
    /// Where to, in place of a file of its name in this folder.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite files that are there.
    #[arg(long)]
    pub force: bool,
}

/// How to run the sandbox.
#[derive(Debug, Clone, Args)]
pub struct SandboxArgs {
    /// Listen on this port of 127.0.0.1; 0 is a free one.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub port: u16,
    /// Make tokens, codes and ids the same in every run.
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
}

/// A length of time with its unit. A bare number is seconds, as curl and Hurl have it.
fn duration(text: &str) -> Result<Duration, String> {
    let with_unit = match text.parse::<f64>() {
        Ok(_) => format!("{text}s"),
        Err(_) => text.to_owned(),
    };
    let parsed: crate::collection::request::Duration = with_unit.parse()?;
    Ok(parsed.0)
}

/// A size in bytes, with curl's suffixes.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale: u64 = match &text[digits.len()..] {
        "" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        _ => return Err("write bytes, or a number with `k`, `M` or `G`".to_owned()),
    };
    let count: u64 = digits
        .parse()
        .map_err(|_| "write bytes, or a number with `k`, `M` or `G`".to_owned())?;
    count
        .checked_mul(scale)
        .ok_or_else(|| "that is more than a file can be".to_owned())
}

/// `Name: value`.
fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write `Name: value`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_time_carries_a_unit_or_is_in_seconds() {
        assert_eq!(duration("500ms").unwrap(), Duration::from_millis(500));
        assert_eq!(duration("3").unwrap(), Duration::from_secs(3));
        assert_eq!(duration("2m").unwrap(), Duration::from_secs(120));
        assert!(duration("soon").is_err());
        assert!(duration("-1s").is_err());
    }

    #[test]
    fn a_size_is_in_bytes_or_has_a_suffix() {
        assert_eq!(size("10").unwrap(), 10);
        assert_eq!(size("32M").unwrap(), 32 * 1024 * 1024);
        assert!(size("1T").is_err());
        assert!(size("99999999999999999999G").is_err());
    }
}
