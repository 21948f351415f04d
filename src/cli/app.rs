//! From arguments to an exit code: the only place that decides which command runs.

use std::io::Write;

use anyhow::Result;
use clap::Parser;
use clap::error::ErrorKind;

use super::args::{Cli, Command};
use super::commands;
use super::context::Context;
use super::exit::Exit;

/// Runs the program; what goes wrong has been printed when it comes back.
pub fn run(context: &mut Context) -> Exit {
    let cli = match Cli::try_parse_from(&context.args) {
        Ok(cli) => cli,
        Err(error) => return usage(context, &error),
    };
    match execute(context, cli) {
        Ok(exit) => exit,
        Err(error) => {
            // A reader that has gone away is no reason to complain.
            if !is_broken_pipe(&error) {
                let _ = writeln!(context.stderr, "error: {error:#}");
            }
            Exit::Usage
        }
    }
}

fn execute(context: &mut Context, cli: Cli) -> Result<Exit> {
    match cli.command {
        None => commands::run::execute(context, &cli.run),
        Some(Command::Run(args)) => commands::run::execute(context, &args),
        Some(Command::Check(args)) => commands::check::execute(context, &args),
        Some(Command::Record(args)) => commands::record::execute(context, &args),
        Some(Command::Review(args)) => commands::review::execute(context, &args),
        Some(Command::Accept(args)) => commands::accept::execute(context, &args),
        Some(Command::Reject(args)) => commands::reject::execute(context, &args),
        Some(Command::Pending(args)) => commands::pending::execute(context, &args),
        Some(Command::Login(args)) => commands::login::execute(context, &args),
        Some(Command::Logout(args)) => commands::logout::execute(context, &args),
        Some(Command::New(args)) => commands::new::execute(context, &args),
        Some(Command::Explain(args)) => commands::explain::execute(context, &args),
        Some(Command::Token(args)) => commands::token::execute(context, &args),
        Some(Command::Fmt(args)) => commands::fmt::execute(context, &args),
        Some(Command::Schema) => commands::schema::execute(context),
        Some(Command::Completions { shell }) => commands::completions::execute(context, shell),
        #[cfg(feature = "sandbox")]
        Some(Command::Sandbox(args)) => commands::sandbox::execute(context, &args),
    }
}

/// Help and version are answers; anything else is a mistake on the command line.
fn usage(context: &mut Context, error: &clap::Error) -> Exit {
    let answer = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    let color = if answer {
        context.stdout_is_terminal
    } else {
        context.stderr_is_terminal
    };
    let plain = context
        .variable("NO_COLOR")
        .is_some_and(|value| !value.is_empty());
    let rendered = error.render();
    let text = if color && !plain {
        rendered.ansi().to_string()
    } else {
        rendered.to_string()
    };
    let out = if answer {
        &mut context.stdout
    } else {
        &mut context.stderr
    };
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if answer { Exit::Passed } else { Exit::Usage }
}

/// Whether an error only says that the reader of a pipe has gone away.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
