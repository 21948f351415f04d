//! `lcrun completions`: what a shell needs to complete commands, flags and their values.

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::Result;
use clap::CommandFactory;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;

use crate::cli::args::Cli;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::tutorials;
use crate::explain::{self, pages};

/// The command line, and what its free words may be.
fn command() -> clap::Command {
    let tutorials = tutorials::all();
    let tutorials = tutorials.iter().map(|tutorial| tutorial.name);
    let tutorials = PossibleValuesParser::new(tutorials.collect::<Vec<_>>());
    let pages = pages::all().map(|page| page.code);
    let errors = explain::livechat().entries().map(|entry| entry.code);
    let codes: BTreeSet<&str> = pages.chain(errors).collect();
    let codes = PossibleValuesParser::new(codes);
    Cli::command()
        .mut_subcommand("new", |new| {
            new.mut_arg("name", |name| name.value_parser(tutorials))
        })
        .mut_subcommand("explain", |explain| {
            explain.mut_arg("words", |words| words.value_parser(codes))
        })
}

/// Prints the completions of a shell.
pub fn execute(context: &mut Context, shell: Shell) -> Result<Exit> {
    // What clap_complete prints by itself panics where the reader of a pipe has gone away.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "lcrun", &mut script);
    context.stdout.write_all(&script)?;
    context.stdout.flush()?;
    Ok(Exit::Passed)
}
