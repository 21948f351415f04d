//! `lcrun sandbox`: the embedded server in the foreground.

use std::io::Write;

use anyhow::{Context as _, Result};

use crate::cli::args::SandboxArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::sandbox::{Options, Sandbox};

/// Starts the sandbox, prints how to reach it, and waits for Ctrl-C.
pub fn execute(context: &mut Context, args: &SandboxArgs) -> Result<Exit> {
    let options = Options {
        port: args.port,
        seed: args.seed,
    };
    let sandbox = Sandbox::start(&options)
        .with_context(|| format!("the sandbox can't listen on 127.0.0.1:{}", args.port))?;
    let out = &mut context.stdout;
    writeln!(
        out,
        "The LiveChat sandbox listens on http://{}",
        sandbox.address()
    )?;
    writeln!(
        out,
        "Its state is in memory and gone with it; nothing here is a real credential.\n"
    )?;
    for (name, value) in sandbox.inputs() {
        writeln!(out, "{name}={value}")?;
    }
    let address = sandbox.address();
    writeln!(out, "\nTry it:")?;
    writeln!(
        out,
        "  curl -u \"$account_id:$pat\" -H 'Content-Type: application/json' -d '{{}}' http://{address}/v3.6/agent/action/list_chats"
    )?;
    writeln!(out, "Press Ctrl-C to stop.")?;
    out.flush()?;
    let stopper = sandbox.stopper();
    ctrlc::set_handler(move || stopper.stop()).context("Ctrl-C can't be watched")?;
    sandbox.wait();
    Ok(Exit::Passed)
}
