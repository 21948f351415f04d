//! The `lcrun` command: the process in, an exit code out.

use std::process::ExitCode;

use lcrun::cli::{app, context::Context};

fn main() -> ExitCode {
    ExitCode::from(app::run(&mut Context::of_process()).code())
}
