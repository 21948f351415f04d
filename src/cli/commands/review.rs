//! `lcrun review`: pending snapshots one by one, each accepted, rejected or skipped by a key. The keys
//! are those of `cargo insta review`.

use std::io::Write;

use anyhow::{Result, bail};

use crate::ansi::{BOLD, clean, painted};
use crate::cli::args::ReviewArgs;
use crate::cli::context::Context;
use crate::cli::editor;
use crate::cli::exit::Exit;
use crate::cli::review::screen::{Leaf, Look, Screen};
use crate::cli::review::subject::{Subject, View};
use crate::cli::snapshots::{self, shown};
use crate::cli::terminal::{Key, Terminal};
use crate::cli::voice::use_color;
use crate::snapshot::store::{Pending, StoreError};

/// Asks about every pending snapshot that the arguments name.
pub fn execute(context: &mut Context, args: &ReviewArgs) -> Result<Exit> {
    let Some(terminal) = context.terminal.clone() else {
        bail!(
            "`lcrun review` asks a person and needs a terminal; \
             without one, use `lcrun pending`, `lcrun accept` or `lcrun reject`"
        );
    };
    let found = snapshots::pending(&args.pending)?;
    if found.is_empty() {
        writeln!(context.stdout, "{}", snapshots::nothing(&args.pending)?)?;
        context.stdout.flush()?;
        return Ok(Exit::Passed);
    }
    terminal.watch_for_signals();
    let name = context.variable("TERM").unwrap_or_default();
    let is_dumb = !cfg!(windows) && (name.is_empty() || name == "dumb");
    let mut review = Review {
        color: use_color(args.color, context, !is_dumb),
        clears: !is_dumb,
        context,
        terminal,
        view: View::Values,
        tally: Tally::default(),
    };
    let end = review.all(&found)?;
    review.summary(found.len())?;
    match review.tally.failures.len() {
        _ if end == End::Interrupted => Ok(Exit::Interrupted),
        0 => Ok(Exit::Passed),
        failed => bail!("{failed} of {} could not be reviewed", found.len()),
    }
}

/// What is done with a pending snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accept,
    Reject,
    Skip,
}

/// What a person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    This(Verdict),
    ThisAndTheRest(Verdict),
    Leave(End),
}

/// Why no more is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    Left,
    Interrupted,
}

/// What became of which snapshots.
#[derive(Debug, Default)]
struct Tally {
    accepted: Vec<String>,
    rejected: Vec<String>,
    skipped: Vec<String>,
    failures: Vec<String>,
}

/// What a key says of the snapshot that is shown, if it says anything.
fn answer(key: Key) -> Option<Answer> {
    Some(match key {
        Key::Char('a') | Key::Enter => Answer::This(Verdict::Accept),
        Key::Char('r') | Key::Escape => Answer::This(Verdict::Reject),
        Key::Char('s' | ' ') => Answer::This(Verdict::Skip),
        Key::Char('A') => Answer::ThisAndTheRest(Verdict::Accept),
        Key::Char('R') => Answer::ThisAndTheRest(Verdict::Reject),
        Key::Char('S') => Answer::ThisAndTheRest(Verdict::Skip),
        Key::Char('q') | Key::Closed => Answer::Leave(End::Left),
        Key::Interrupt => Answer::Leave(End::Interrupted),
        _ => return None,
    })
}

struct Review<'x> {
    context: &'x mut Context,
    terminal: Terminal,
    color: bool,
    clears: bool,
    /// What somebody wants to see of a snapshot that has changed.
    view: View,
    tally: Tally,
}

impl Review<'_> {
    fn all(&mut self, found: &[Pending]) -> Result<End> {
        let mut rest = None;
        for (index, pending) in found.iter().enumerate() {
            let verdict = match rest {
                Some(verdict) => verdict,
                None => match self.ask(pending, index + 1, found.len())? {
                    Some(Answer::This(verdict)) => verdict,
                    Some(Answer::ThisAndTheRest(verdict)) => *rest.insert(verdict),
                    Some(Answer::Leave(end)) => return Ok(end),
                    None => continue,
                },
            };
            self.settle(pending, verdict);
        }
        Ok(End::Done)
    }

    fn settle(&mut self, pending: &Pending, verdict: Verdict) {
        let (done, list) = match verdict {
            Verdict::Accept => (pending.accept(), &mut self.tally.accepted),
            Verdict::Reject => (pending.reject(), &mut self.tally.rejected),
            Verdict::Skip => (Ok(()), &mut self.tally.skipped),
        };
        match done {
            Ok(()) => list.push(shown(&pending.target())),
            Err(error) => self.tally.fail(error),
        }
    }

    /// Shows a pending snapshot until somebody has judged it; `None` if it can't be read.
    fn ask(&mut self, pending: &Pending, number: usize, count: usize) -> Result<Option<Answer>> {
        let mut subject = match Subject::read(pending) {
            Ok(subject) => subject,
            Err(error) => {
                self.tally.fail(error);
                return Ok(None);
            }
        };
        // Whoever looked at the last one as a whole must not miss what differs in this one.
        self.view = View::Values;
        let mut top = 0;
        let mut status = None;
        loop {
            let screen = self.show(
                &subject,
                &format!("{number} of {count}"),
                top,
                status.take(),
            )?;
            let key = self.terminal.key()?;
            if let Some(answer) = answer(key) {
                return Ok(Some(answer));
            }
            match key {
                Key::Char('d') if subject.is_new() => {
                    status = Some("there is no older one to compare with".to_owned());
                }
                Key::Char('d') => {
                    self.view = self.view.next();
                    top = 0;
                }
                Key::Char('o') => match self.open(pending, &subject) {
                    Ok(again) => subject = again,
                    Err(problem) => status = Some(problem),
                },
                key => top = screen.top_after(key),
            }
        }
    }

    /// Opens the collection; afterwards the prose and the line may be others.
    fn open(&self, pending: &Pending, subject: &Subject) -> Result<Subject, String> {
        editor::open(self.context, &subject.file, subject.line)?;
        Subject::read(pending).map_err(|error| error.to_string())
    }

    fn show(
        &mut self,
        subject: &Subject,
        number: &str,
        top: usize,
        status: Option<String>,
    ) -> Result<Screen> {
        let (rows, columns) = self.terminal.size();
        let look = Look {
            rows,
            columns,
            color: self.color,
            clears: self.clears,
        };
        let view = subject.view(self.view);
        let screen = Screen::draw(&self.leaf(subject, number, view, status), look, top);
        let out = &mut self.context.stdout;
        out.write_all(screen.text.as_bytes())?;
        out.flush()?;
        Ok(screen)
    }

    fn leaf(&self, subject: &Subject, number: &str, view: View, status: Option<String>) -> Leaf {
        let bold = |text: &str| painted(BOLD, text, self.color);
        let (id, name) = &subject.step;
        let collection = subject.collection.as_deref().unwrap_or_default();
        let mut head = vec![
            bold(&format!("Reviewing {number}")),
            format!("{}  {}", subject.place(), clean(collection)),
            format!("{}  {}", bold(id), clean(name)),
            clean(&subject.request),
        ];
        head.extend(subject.note.as_deref().map(clean));
        let mut keys = vec![
            ("a", "accept".to_owned()),
            ("r", "reject".to_owned()),
            ("s", "skip".to_owned()),
            ("A R S", "also all the rest".to_owned()),
        ];
        if !subject.is_new() {
            keys.push(("d", format!("show {}", self.view.next().name())));
        }
        keys.push(("o", "open the YAML".to_owned()));
        keys.push(("q", "leave".to_owned()));
        Leaf {
            head,
            prose: clean_lines(subject.prose.as_deref().unwrap_or_default()),
            title: if subject.is_new() {
                "new: the step has no snapshot yet".to_owned()
            } else {
                format!("changed: {}", view.name())
            },
            body: subject.lines(view, self.color),
            status,
            keys,
        }
    }

    fn summary(&mut self, count: usize) -> Result<()> {
        let tally = &self.tally;
        let out = &mut self.context.stdout;
        writeln!(out)?;
        for (word, files) in [
            ("accepted", &tally.accepted),
            ("rejected", &tally.rejected),
            ("skipped", &tally.skipped),
        ] {
            for file in files {
                writeln!(out, "{word} {file}")?;
            }
        }
        let settled = tally.accepted.len() + tally.rejected.len();
        let left = count - settled - tally.failures.len();
        if left > 0 {
            let (are, them) = if left == 1 {
                ("is", "it")
            } else {
                ("are", "them")
            };
            writeln!(
                out,
                "{left} {are} still pending; `lcrun review` shows {them} again"
            )?;
        }
        out.flush()?;
        for failure in &tally.failures {
            writeln!(self.context.stderr, "error: {failure}")?;
        }
        Ok(())
    }
}

impl Tally {
    fn fail(&mut self, error: StoreError) {
        let error = anyhow::Error::from(error);
        self.failures.push(format!("{error:#}"));
    }
}

/// A text of several lines without what would steer the terminal.
fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}
