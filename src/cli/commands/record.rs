//! `lcrun record COLLECTION`: finds out what changes from run to run, and writes the redactions.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Result, bail};

use super::run;
use crate::cli::args::{RecordArgs, RunArgs};
use crate::cli::context::Context;
use crate::cli::ctrl_c;
use crate::cli::embedded::Embedded;
use crate::cli::exit::Exit;
use crate::cli::prepare::Prepared;
use crate::cli::ready::when_ready;
use crate::cli::rewrite::{self, Proposal, Recorded};
use crate::cli::settings;
use crate::cli::voice::use_color;
use crate::diff::line_diff;
use crate::event::Event;
use crate::report::console::{Console, Look};
use crate::report::reporter::Reporter;
use crate::run::guide::Unattended;
use crate::run::interrupt::Interrupt;
use crate::run::job::{Job, Settings};
use crate::run::runner;
use crate::run::snapshots::Snapshots;
use crate::run::taint::SharedSecrets;
use crate::snapshot::Update;
use crate::snapshot::suggest::{Naming, Recording};

/// How often rules are looked for before a collection counts as one that never comes to rest.
const ROUNDS: usize = 5;

/// Runs the collection several times, shows the rules that would make the runs equal, and writes
/// them if asked to.
pub fn execute(context: &mut Context, args: &RecordArgs) -> Result<Exit> {
    if !args.collection.is_file() {
        let path = args.collection.display();
        bail!("`{path}` is not a file; `lcrun record` takes one collection");
    }
    let interrupt = Interrupt::default();
    ctrl_c::watch(context, &interrupt);
    let recorder = Recorder {
        args,
        run_args: args.to_run(),
        interrupt,
        color: use_color(args.messages.color, context, context.stdout_is_terminal),
    };
    let ended = if args.write {
        recorder.write(context)
    } else {
        recorder.show(context)
    };
    context.stdout.flush()?;
    ended.map(|end| match end {
        Ok(()) => Exit::Passed,
        Err(exit) => exit,
    })
}

/// What is wrong was told already where there is only an exit code.
type Ended<T> = Result<Result<T, Exit>>;

struct Recorder<'a> {
    args: &'a RecordArgs,
    run_args: RunArgs,
    interrupt: Interrupt,
    color: bool,
}

/// What a run does about snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// It only tells what they would hold.
    Look,
    /// It writes them.
    Write,
    /// It compares them.
    Compare,
}

/// What one run of the collection brought.
struct Measured {
    /// The collection as it was read.
    text: String,
    /// Its steps that take a snapshot.
    steps: Vec<Recorded>,
    /// What was recorded, by the ids of the steps.
    recordings: BTreeMap<String, Recording>,
    /// Why such a run takes no snapshots.
    not_compared: Option<String>,
    /// What the run printed.
    report: Vec<u8>,
    secrets: SharedSecrets,
    exit: Exit,
}

impl Recorder<'_> {
    /// Shows the rules and changes nothing.
    fn show(&self, context: &mut Context) -> Ended<()> {
        let (run, proposal) = match self.told_proposal(context)? {
            Ok(found) => found,
            Err(exit) => return Ok(Err(exit)),
        };
        if !proposal.is_empty() {
            self.tell_diff(context, &run, &proposal)?;
            writeln!(
                context.stdout,
                "\nnothing was written; `--write` writes these rules and records the snapshots"
            )?;
        }
        Ok(Ok(()))
    }

    /// Writes rules and snapshots until a further run finds nothing that differs.
    fn write(&self, context: &mut Context) -> Ended<()> {
        for _ in 0..ROUNDS {
            let (run, proposal) = match self.told_proposal(context)? {
                Ok(found) => found,
                Err(exit) => return Ok(Err(exit)),
            };
            if !proposal.is_empty() {
                self.write_rules(context, &run, &proposal)?;
                continue;
            }
            if proposal.is_hopeless() {
                let path = self.args.collection.display();
                writeln!(
                    context.stdout,
                    "no rule can make `{path}` the same in every run; no snapshot was recorded"
                )?;
                return Ok(Err(Exit::Check));
            }
            if let Some(reason) = &run.not_compared {
                writeln!(context.stdout, "no snapshot was recorded: {reason}")?;
                return Ok(Ok(()));
            }
            if let Some(end) = self.record(context)? {
                return Ok(end);
            }
        }
        let path = self.args.collection.display();
        bail!("`{path}` still differs from run to run after {ROUNDS} rounds of rules");
    }

    /// Writes the snapshots and compares a further run with them; nothing if that brought new rules.
    fn record(&self, context: &mut Context) -> Result<Option<Result<(), Exit>>> {
        let written = match self.passing_run(context, Purpose::Write)? {
            Ok(run) => run,
            Err(exit) => return Ok(Some(Err(exit))),
        };
        let compared = match self.run(context, Purpose::Compare)? {
            Ok(run) => run,
            Err(exit) => return Ok(Some(Err(exit))),
        };
        let count = counted(written.recordings.len(), "snapshot");
        if compared.exit == Exit::Passed {
            writeln!(context.stdout, "recorded {count}; a further run passed")?;
            return Ok(Some(Ok(())));
        }
        let runs = [written, compared];
        let proposal = propose(&runs);
        if proposal.is_empty() {
            let [_, compared] = &runs;
            writeln!(
                context.stdout,
                "recorded {count}; a further run did not pass:"
            )?;
            context.stdout.write_all(&compared.report)?;
            return Ok(Some(Err(compared.exit)));
        }
        self.tell(context, &runs, &proposal)?;
        self.write_rules(context, &runs[0], &proposal)?;
        Ok(None)
    }

    fn write_rules(
        &self,
        context: &mut Context,
        run: &Measured,
        proposal: &Proposal,
    ) -> Result<()> {
        let path = &self.args.collection;
        let new_text = self.tell_diff(context, run, proposal)?;
        rewrite::replace(&path.display().to_string(), path, &run.text, &new_text)?;
        let rules = counted(proposal.count(), "rule");
        writeln!(
            context.stdout,
            "\nwrote {rules} into `{}`\n",
            path.display()
        )?;
        Ok(())
    }

    /// Tells the rules, and what no rule helps with.
    fn tell(&self, context: &mut Context, runs: &[Measured], proposal: &Proposal) -> Result<()> {
        let path = self.args.collection.display();
        let count = counted(runs.len(), "run");
        let told = proposal.told();
        if told.is_empty() {
            writeln!(context.stdout, "{count} of `{path}`: nothing differs")?;
        } else {
            let told = runs[0].secrets.lock().mask(&told).into_owned();
            writeln!(
                context.stdout,
                "{count} of `{path}`: some values differ\n{told}"
            )?;
        }
        Ok(())
    }

    /// Shows what the rules change in the file, and gives its new text.
    fn tell_diff(
        &self,
        context: &mut Context,
        run: &Measured,
        proposal: &Proposal,
    ) -> Result<String> {
        let new_text = proposal.applied(&run.text)?;
        let secrets = run.secrets.lock();
        for line in line_diff(&run.text, &new_text, self.color) {
            writeln!(context.stdout, "{}", secrets.mask(&line))?;
        }
        Ok(new_text)
    }

    /// The first of as many runs as asked for, and what would make them equal, which is told.
    fn told_proposal(&self, context: &mut Context) -> Ended<(Measured, Proposal)> {
        let mut runs = match self.passing_runs(context)? {
            Ok(runs) => runs,
            Err(exit) => return Ok(Err(exit)),
        };
        let proposal = propose(&runs);
        self.tell(context, &runs, &proposal)?;
        Ok(Ok((runs.swap_remove(0), proposal)))
    }

    /// As many runs as asked for, all of which passed.
    fn passing_runs(&self, context: &mut Context) -> Ended<Vec<Measured>> {
        let mut runs: Vec<Measured> = Vec::new();
        for _ in 0..self.args.times {
            match self.passing_run(context, Purpose::Look)? {
                Ok(run) => runs.push(run),
                Err(exit) => return Ok(Err(exit)),
            }
        }
        let path = self.args.collection.display();
        let first = runs.first().expect("at least two runs are asked for");
        if runs.iter().any(|run| run.text != first.text) {
            bail!("`{path}` was changed meanwhile; nothing was written");
        }
        if first.steps.is_empty() {
            bail!(
                "no step of `{path}` takes a snapshot; give `snapshot: true` to those whose \
                 response should stay as it is"
            );
        }
        Ok(Ok(runs))
    }

    /// A run that passed; what it printed is told if it did not.
    fn passing_run(&self, context: &mut Context, purpose: Purpose) -> Ended<Measured> {
        let run = match self.run(context, purpose)? {
            Ok(run) if run.exit != Exit::Passed => run,
            other => return Ok(other),
        };
        context.stdout.write_all(&run.report)?;
        let path = self.args.collection.display();
        if run.exit != Exit::Interrupted {
            writeln!(
                context.stdout,
                "`{path}` does not pass; only what passes can be recorded"
            )?;
        }
        Ok(Err(run.exit))
    }

    /// Runs the collection once, as it is in its file now.
    fn run(&self, context: &mut Context, purpose: Purpose) -> Ended<Measured> {
        let mut measured = None;
        let exit = when_ready(
            context,
            &self.run_args,
            (&mut Unattended, &self.interrupt),
            &mut |_, _, ready| {
                for one in ready.jobs {
                    if let Prepared::Job(mut job) = one {
                        measured = Some(self.measure(&mut job, &ready.settings, purpose)?);
                    }
                }
                Ok(Exit::Passed)
            },
        )?;
        Ok(measured.ok_or(exit))
    }

    fn measure(
        &self,
        job: &mut Job<'_>,
        settings: &Settings,
        purpose: Purpose,
    ) -> Result<Measured> {
        let not_compared = match &mut job.snapshots {
            Snapshots::NotCompared(reason) => Some(reason.clone()),
            Snapshots::Compared(policy) => {
                policy.update = match purpose {
                    Purpose::Write => Update::Always,
                    Purpose::Look | Purpose::Compare => Update::No,
                };
                None
            }
            Snapshots::Told => None,
        };
        if purpose == Purpose::Look {
            job.snapshots = Snapshots::Told;
        }
        let _embedded = Embedded::start(job, None)?;
        let look = Look {
            verbosity: settings::verbosity(&self.run_args),
            color: self.color,
            terminal: false,
        };
        let mut recordings = BTreeMap::new();
        let mut report = Vec::new();
        let mut console = Console::new(&mut report, job.sources, look);
        let mut told = Ok(());
        let mut tell = |event: &Event<'_>| {
            if told.is_ok() {
                told = console.report(event);
            }
            if let Event::StepFinished(outcome) = event
                && let Some(text) = &outcome.recorded
            {
                let recording = Recording::of_contents(&text.contents, text.is_json);
                recordings.insert(outcome.step.id.clone(), recording);
            }
        };
        let verdict = runner::run(job, settings, &self.interrupt, &mut Unattended, &mut tell);
        drop(console);
        told?;
        Ok(Measured {
            text: job.sources.get(job.collection.source).text().to_owned(),
            steps: rewrite::recorded_steps(job.collection),
            recordings,
            not_compared,
            report,
            secrets: job.secrets.clone(),
            exit: run::exit(verdict),
        })
    }
}

fn propose(runs: &[Measured]) -> Proposal {
    let recordings: Vec<_> = runs.iter().map(|run| &run.recordings).collect();
    let first = &runs[0];
    let by_field = Proposal::of(&first.steps, &recordings, Naming::Fields);
    // What the file says already has no effect: a rule by path stands above it.
    let is_there = by_field.applied(&first.text).ok().as_ref() == Some(&first.text);
    if is_there && !by_field.is_empty() {
        Proposal::of(&first.steps, &recordings, Naming::Paths)
    } else {
        by_field
    }
}

fn counted(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}
