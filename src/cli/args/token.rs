//! `lcrun token`: which token is asked about, and for which collections.

use std::path::PathBuf;

use clap::Args;

use super::{HttpArgs, MessageArgs, ValueArgs};

/// Which token is asked about.
///
/// It is the input `access_token`, or a personal access token as `pat` with `account_id`; on a
/// terminal it is asked for.
#[derive(Debug, Clone, Args)]
pub struct TokenArgs {
    /// Collections whose steps the token is to be good for; `-` reads the token from standard input.
    #[arg(value_name = "COLLECTION")]
    pub paths: Vec<PathBuf>,
    /// Where the token comes from; `accounts_url` is the server.
    #[command(flatten)]
    pub values: ValueArgs,
    /// How requests are sent.
    #[command(flatten)]
    pub http: HttpArgs,
    /// Ask for nothing: no token is an error on a terminal too.
    #[arg(long, help_heading = "Person")]
    pub no_input: bool,
    /// Print a JSON object; no secret is in it.
    #[arg(long, help_heading = "Report")]
    pub json: bool,
    /// How messages look.
    #[command(flatten)]
    pub messages: MessageArgs,
}
