//! `lcrun PATH…`: loads, checks and runs collections.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::Result;

use crate::cli::args::RunArgs;
use crate::cli::context::Context;
use crate::cli::embedded::Embedded;
use crate::cli::exit::Exit;
use crate::cli::prepare::{Call, Prepared};
use crate::cli::ready::when_ready;
use crate::cli::voice::use_color;
use crate::cli::{recording, settings};
use crate::event::Event;
use crate::report::console::{Console, Look};
use crate::report::junit::Junit;
use crate::report::reporter::Reporters;
use crate::run::dry;
use crate::run::guide::Unattended;
use crate::run::interrupt::Interrupt;
use crate::run::job::{Settings, Verdict};
use crate::run::runner;

/// Runs what the arguments name; the exit code of several collections is the gravest.
pub fn execute(context: &mut Context, args: &RunArgs) -> Result<Exit> {
    when_ready(context, args, &mut |context, ready| {
        if args.dry_run {
            return dry_run(context, &ready.jobs, &ready.settings);
        }
        let ran = perform(context, &ready.call, ready.jobs, &ready.settings)?;
        let found = recording::unreferenced(context, &ready.call, ready.collections)?;
        Ok(if ran == Exit::Passed { found } else { ran })
    })
}

fn perform(
    context: &mut Context,
    call: &Call<'_>,
    prepared: Vec<Prepared<'_>>,
    settings: &Settings,
) -> Result<Exit> {
    let started = Instant::now();
    let interrupt = Interrupt::default();
    watch_for_ctrl_c(&interrupt);
    let look = Look {
        verbosity: settings::verbosity(call.args),
        color: use_color(
            call.args.messages.color,
            context,
            context.stdout_is_terminal,
        ),
        terminal: context.stdout_is_terminal,
    };
    let mut reporters = Reporters::default();
    if let Some(file) = &call.args.report_junit {
        reporters.add(Junit::create(file, call.sources, Context::now)?);
    }
    reporters.add(Console::new(&mut context.stdout, call.sources, look));
    let ran = each(call, prepared, settings, &interrupt, &mut reporters);
    // What was reported is kept, whatever ended the run.
    let reported = reporters.finish(started.elapsed());
    let verdict = ran?;
    reported?;
    Ok(exit(verdict))
}

/// Runs one collection after the other.
fn each(
    call: &Call<'_>,
    prepared: Vec<Prepared<'_>>,
    settings: &Settings,
    interrupt: &Interrupt,
    reporters: &mut Reporters<'_>,
) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    for one in prepared {
        match one {
            Prepared::PassedOver(file, reason) => reporters.passed_over(&file, &reason),
            Prepared::Job(job) if interrupt.is_asked() => {
                let file = call.sources.get(job.collection.source).name();
                reporters.passed_over(file, "interrupted");
            }
            Prepared::Job(mut job) => {
                let _embedded = Embedded::start(&mut job, call.args.seed)?;
                let mut emit = |event: &Event<'_>| reporters.report(event);
                let end = runner::run(&job, settings, interrupt, &mut Unattended, &mut emit);
                verdict = verdict.and(end);
            }
        }
    }
    Ok(verdict)
}

fn dry_run(context: &mut Context, prepared: &[Prepared<'_>], settings: &Settings) -> Result<Exit> {
    let mut exit = Exit::Passed;
    let out = &mut context.stdout;
    for one in prepared {
        let Prepared::Job(job) = one else { continue };
        writeln!(out, "# {}", job.collection.head.name.value)?;
        let mut broken = Ok(());
        dry::run(job, settings, &mut |step| {
            let told = match &step.line {
                Ok(line) => writeln!(out, "\n# {}\n{line}", step.title),
                Err(why) => {
                    exit = Exit::Request;
                    writeln!(out, "\n# {}\n# can't be rendered: {why}", step.title)
                }
            };
            if broken.is_ok() {
                broken = told;
            }
        });
        broken?;
    }
    out.flush()?;
    Ok(exit)
}

/// The first Ctrl-C ends the run in order, the second one at once.
pub(super) fn watch_for_ctrl_c(interrupt: &Interrupt) {
    let interrupt = interrupt.clone();
    let pressed = AtomicBool::new(false);
    // Only the first handler of a process is set, which is enough.
    let _ = ctrlc::set_handler(move || {
        if pressed.swap(true, Ordering::SeqCst) {
            leave();
        }
        interrupt.trigger();
    });
}

#[expect(clippy::exit, reason = "the second Ctrl-C means now")]
fn leave() -> ! {
    std::process::exit(i32::from(Exit::Interrupted.code()))
}

/// The exit code of a verdict.
pub(super) fn exit(verdict: Verdict) -> Exit {
    if verdict.interrupted {
        Exit::Interrupted
    } else if verdict.request_failed {
        Exit::Request
    } else if verdict.check_failed {
        Exit::Check
    } else {
        Exit::Passed
    }
}
