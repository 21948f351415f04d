//! `lcrun completions`: what a shell needs to complete commands, flags and their values.

use std::io::Write;

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::args::Cli;
use crate::cli::context::Context;
use crate::cli::exit::Exit;

/// Prints the completions of a shell.
pub fn execute(context: &mut Context, shell: Shell) -> Result<Exit> {
    // What clap_complete prints by itself panics where the reader of a pipe has gone away.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "lcrun", &mut script);
    context.stdout.write_all(&script)?;
    context.stdout.flush()?;
    Ok(Exit::Passed)
}
