//! `lcrun PATH…`: loads, checks and runs collections.

use std::io::Write;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::cli::args::RunArgs;
use crate::cli::context::Context;
use crate::cli::ctrl_c;
use crate::cli::embedded::Embedded;
use crate::cli::exit::Exit;
use crate::cli::guide;
use crate::cli::kept::open::Kept;
use crate::cli::prepare::{Call, Prepared};
use crate::cli::ready::{Ready, when_ready};
use crate::cli::voice::use_color;
use crate::cli::{recording, settings};
use crate::event::Event;
use crate::report::console::{Console, Look};
use crate::report::junit::Junit;
use crate::report::reporter::Reporters;
use crate::run::dry;
use crate::run::guide::Guide;
use crate::run::interrupt::Interrupt;
use crate::run::job::{Settings, Verdict};
use crate::run::runner;

/// Runs what the arguments name; the exit code of several collections is the gravest.
pub fn execute(context: &mut Context, args: &RunArgs) -> Result<Exit> {
    let interrupt = Interrupt::default();
    if args.step && (context.terminal.is_none() || context.is_ci()) {
        bail!("`--step` goes through a tutorial with a person and needs a terminal; leave it out")
    }
    let mut guide = guide::whoever_is_there(context, args, &interrupt);
    let person: (&mut dyn Guide, _) = (&mut *guide, &interrupt);
    when_ready(context, args, person, &mut |context, guide, ready| {
        if args.dry_run {
            return dry_run(context, &ready.jobs, &ready.settings);
        }
        let Ready {
            call,
            collections,
            jobs,
            settings,
        } = ready;
        let ran = perform(context, (guide, &interrupt), &call, jobs, &settings)?;
        let found = recording::unreferenced(context, &call, collections)?;
        Ok(if ran == Exit::Passed { found } else { ran })
    })
}

pub(super) fn perform(
    context: &mut Context,
    (guide, interrupt): (&mut dyn Guide, &Interrupt),
    call: &Call<'_>,
    prepared: Vec<Prepared<'_>>,
    settings: &Settings,
) -> Result<Exit> {
    let started = Instant::now();
    ctrl_c::watch(context, interrupt);
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
    let mut tutor = guide::tutor(context, call, interrupt);
    let guide = if let Some(tutor) = &mut tutor {
        tutor as &mut dyn Guide
    } else {
        reporters.add(Console::new(&mut context.stdout, call.sources, look));
        guide
    };
    let ran = each(call, prepared, settings, (guide, interrupt), &mut reporters);
    // What was reported is kept, whatever ended the run.
    let reported = reporters.finish(started.elapsed());
    let verdict = ran?;
    reported?;
    call.kept.map_or(Ok(()), Kept::finish)?;
    Ok(exit(verdict))
}

/// Runs one collection after the other.
fn each(
    call: &Call<'_>,
    prepared: Vec<Prepared<'_>>,
    settings: &Settings,
    (guide, interrupt): (&mut dyn Guide, &Interrupt),
    reporters: &mut Reporters<'_>,
) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    for one in prepared {
        match one {
            Prepared::PassedOver(file, reason) => {
                if guide.is_step_by_step() {
                    guide.tell(&format!("{file} is skipped: {reason}"));
                }
                reporters.passed_over(&file, &reason);
            }
            Prepared::Job(job) if interrupt.is_asked() => {
                let file = call.sources.get(job.collection.source).name();
                reporters.passed_over(file, "interrupted");
            }
            Prepared::Job(mut job) => {
                let _embedded = Embedded::start(&mut job, call.args.seed)?;
                let mut emit = |event: &Event<'_>| reporters.report(event);
                let end = runner::run(&job, settings, interrupt, guide, &mut emit);
                if let Some(login) = &job.login {
                    login.save()?;
                }
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
