//! What can be typed. Flags take the names that curl, Hurl and cargo-insta gave them.
//!
//! - `run`: what runs a collection, its values and how requests are sent
//! - `check`, `record`, `pending`, `login`, `new`, `explain`, `fmt`, `sandbox`,
//!   `token`: the other commands
//! - `messages`: how what is wrong with a collection is told
//! - `units`: times, sizes and header fields as people type them

mod check;
mod explain;
mod fmt;
mod login;
mod messages;
mod new;
mod pending;
mod record;
mod run;
#[cfg(feature = "sandbox")]
mod sandbox;
mod token;
mod units;

pub use check::CheckArgs;
pub use explain::ExplainArgs;
pub use fmt::FmtArgs;
pub use login::LoginArgs;
pub use messages::{Deny, MessageArgs, MessageFormat};
pub use new::NewArgs;
pub use pending::{ListPendingArgs, PendingArgs, ReviewArgs};
pub use record::RecordArgs;
pub use run::{AuthorizeWay, FailOn, HttpArgs, RunArgs, StateSecrets, Unreferenced, ValueArgs};
#[cfg(feature = "sandbox")]
pub use sandbox::SandboxArgs;
pub use token::TokenArgs;

use clap::{Parser, Subcommand, ValueEnum};

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
    /// Find what is wrong with collections; send nothing.
    Check(CheckArgs),
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
    /// Log in, and keep the tokens for later runs.
    Login(Box<LoginArgs>),
    /// Forget the tokens that a login kept, and revoke them where the collection says how.
    Logout(Box<LoginArgs>),
    /// Write a tutorial that comes with lcrun, or a starter, into this folder, or list them.
    New(NewArgs),
    /// Say what a diagnostic code, or an error of an API, means and what to do about it.
    Explain(ExplainArgs),
    /// Ask the API what an access token or a personal access token is good for.
    Token(Box<TokenArgs>),
    /// Write collections in their canonical form: the order of keys, indentation, quotes.
    Fmt(FmtArgs),
    /// Print the JSON Schema of collections, for editors.
    Schema,
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
