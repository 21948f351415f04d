//! The report on the terminal: a line a step, and all that helps where something is wrong.

use std::io::{self, Write};
use std::time::Duration;

use anstyle::Style;

use super::reporter::Reporter;
use crate::ansi::{BOLD, DIM, GREEN, RED, YELLOW, clean, painted};
use crate::event::{
    CollectionEnd, CollectionStart, Counts, Event, ExchangeText, Explanation, Status, StepOutcome,
    duration_text,
};
use crate::source::Sources;

/// How much is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// `-q`: what failed, and nothing else.
    Quiet,
    /// A line a step.
    Normal,
    /// `-v`: also prose, where values came from, and what was captured.
    Verbose,
    /// `-vv`: also every request and response.
    VeryVerbose,
}

/// How the report looks.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// How much is printed.
    pub verbosity: Verbosity,
    /// Whether colours are used.
    pub color: bool,
    /// Whether a person watches: then steps may show their response.
    pub terminal: bool,
}

/// The longest column of step names, in characters.
const NAME_WIDTH: usize = 46;

/// How many lines of a body are printed where nobody asked for all of it.
const BODY_LINES: usize = 40;

/// What the console prints of a step, without colours, for reporters that quote it.
pub fn step_text(outcome: &StepOutcome, sources: &Sources) -> String {
    text_of(outcome, sources, (false, false))
}

/// What the console prints of a step, with its response, for a person who goes step by step.
pub fn step_seen(outcome: &StepOutcome, sources: &Sources, color: bool) -> String {
    let mut outcome = outcome.clone();
    // The page that comes with a redirect is for browsers that know none.
    outcome.show_response |= outcome
        .response_status
        .is_none_or(|status| status / 100 != 3);
    text_of(&outcome, sources, (color, true))
}

fn text_of(outcome: &StepOutcome, sources: &Sources, (color, terminal): (bool, bool)) -> String {
    let look = Look {
        verbosity: Verbosity::Normal,
        color,
        terminal,
    };
    let mut console = Console::new(Vec::new(), sources, look);
    console.title_told = true;
    console.step(outcome).expect("memory takes every write");
    String::from_utf8(console.out).expect("only whole texts were written")
}

/// How many steps ended in which way, in words.
pub fn tally(counts: &Counts, color: bool) -> String {
    let counted = [
        (counts.passed, "passed", GREEN),
        (counts.failed, "failed", RED),
        (counts.skipped, "skipped", YELLOW),
        (counts.not_run, "not run", YELLOW),
    ];
    let parts: Vec<String> = counted
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, word, style)| painted(style, &format!("{count} {word}"), color))
        .collect();
    if parts.is_empty() {
        "nothing to run".to_owned()
    } else {
        parts.join(", ")
    }
}

/// Prints events as they come.
pub struct Console<'s, W> {
    out: W,
    sources: &'s Sources,
    look: Look,
    name_width: usize,
    title: String,
    title_told: bool,
    collections: usize,
    counts: Counts,
}

impl<'s, W: Write> Console<'s, W> {
    /// A report to `out`; `sources` are the files that diagnostics point into.
    pub fn new(out: W, sources: &'s Sources, look: Look) -> Self {
        Self {
            out,
            sources,
            look,
            name_width: 0,
            title: String::new(),
            title_told: false,
            collections: 0,
            counts: Counts::default(),
        }
    }

    fn start(&mut self, start: &CollectionStart) -> io::Result<()> {
        self.collections += 1;
        self.name_width = start.name_width.min(NAME_WIDTH);
        let environment = start.environment.as_ref();
        let place = match environment {
            Some(environment) => format!("{} ({environment})", start.file),
            None => start.file.clone(),
        };
        self.title = format!(
            "{}  {}\n",
            self.paint(BOLD, &clean(&start.name)),
            self.paint(DIM, &place)
        );
        self.title_told = false;
        if self.look.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        self.tell_title()?;
        if self.look.verbosity >= Verbosity::Verbose {
            if let Some(description) = &start.description {
                self.block(description, "  ", DIM)?;
            }
            for required in &start.requires {
                self.block(&format!("- {required}"), "  ", DIM)?;
            }
            for (name, origin) in &start.origins {
                self.styled(DIM, &format!("  {name} from {origin}\n"))?;
            }
        }
        for note in &start.notes {
            self.styled(YELLOW, &format!("  note: {note}\n"))?;
        }
        Ok(())
    }

    fn tell_title(&mut self) -> io::Result<()> {
        if !self.title_told {
            self.title_told = true;
            self.out.write_all(self.title.as_bytes())?;
        }
        Ok(())
    }

    fn step(&mut self, outcome: &StepOutcome) -> io::Result<()> {
        self.counts.add(&outcome.status);
        let failed = outcome.status == Status::Failed;
        if self.look.verbosity == Verbosity::Quiet && !failed {
            return Ok(());
        }
        self.tell_title()?;
        self.line(outcome)?;
        if self.look.verbosity >= Verbosity::Verbose {
            if let Some(description) = &outcome.step.description {
                self.block(description, "      ", DIM)?;
            }
            for (name, value) in &outcome.captures {
                self.styled(DIM, &format!("      {name} = {}\n", clean(value)))?;
            }
        }
        let problems = outcome.problems.iter().map(|problem| &problem.diagnostic);
        for diagnostic in problems.chain(&outcome.warnings) {
            let drawn = diagnostic.render(self.sources, self.look.color);
            writeln!(self.out)?;
            self.indented(&drawn, "    ")?;
        }
        for explanation in &outcome.explanations {
            self.explanation(explanation)?;
        }
        self.changes(&outcome.snapshot_changes)?;
        if self.look.verbosity >= Verbosity::Verbose {
            self.changes(&outcome.snapshot_diff)?;
        }
        self.exchange(outcome, failed)?;
        // As one line a step is written by one call, so that a reader sees it as it happens.
        self.out.flush()
    }

    /// What an error means: a cause that is likely stands for all others.
    fn explanation(&mut self, explanation: &Explanation) -> io::Result<()> {
        let title = self.paint(BOLD, &clean(&explanation.title));
        writeln!(self.out, "\n    explained: {title}")?;
        writeln!(self.out, "      {}", clean(&explanation.means))?;
        let lead = if explanation.is_likely {
            "likely"
        } else {
            "perhaps"
        };
        let lead = self.paint(YELLOW, lead);
        match &explanation.causes[..] {
            [] => {}
            [cause] => writeln!(self.out, "      {lead}: {}", clean(cause))?,
            causes => {
                writeln!(self.out, "      {lead}:")?;
                for cause in causes {
                    writeln!(self.out, "      - {}", clean(cause))?;
                }
            }
        }
        for todo in &explanation.todo {
            writeln!(self.out, "      → {}", clean(todo))?;
        }
        self.styled(
            DIM,
            &format!("      more: `{}`\n", clean(&explanation.command)),
        )
    }

    fn line(&mut self, outcome: &StepOutcome) -> io::Result<()> {
        let (mark, style) = match &outcome.status {
            Status::Passed => ("✓", GREEN),
            Status::Failed => ("✗", RED),
            Status::Skipped(_) | Status::NotRun(_) => ("-", YELLOW),
            Status::Told | Status::Opened => ("·", DIM),
        };
        let indent = "  ".repeat(outcome.step.depth + 1);
        let name = clean(&outcome.step.name);
        let mut line = format!("{indent}{} {name}", self.paint(style, mark));
        let mut tail = Vec::new();
        if let Some(request) = &outcome.request {
            tail.push(format!("{} {}", request.method, request.path));
        }
        if let Some(status) = outcome.response_status {
            tail.push(self.paint(status_style(status), &status.to_string()));
        }
        if let Some(duration) = outcome.duration {
            tail.push(self.paint(DIM, &duration_text(duration)));
        }
        match &outcome.status {
            Status::Skipped(reason) => tail.push(self.paint(YELLOW, &format!("skipped: {reason}"))),
            Status::NotRun(reason) => tail.push(self.paint(YELLOW, &format!("not run: {reason}"))),
            Status::Passed | Status::Failed | Status::Told | Status::Opened => {}
        }
        for note in &outcome.notes {
            tail.push(self.paint(DIM, note));
        }
        if !tail.is_empty() {
            let used = name.chars().count() + 2 * outcome.step.depth;
            line.push_str(&" ".repeat(self.name_width.saturating_sub(used)));
            line.push_str("  ");
            line.push_str(&tail.join("  "));
        }
        line.push('\n');
        self.out.write_all(line.as_bytes())
    }

    fn exchange(&mut self, outcome: &StepOutcome, failed: bool) -> io::Result<()> {
        let all = self.look.verbosity == Verbosity::VeryVerbose;
        if let Some(exchange) = &outcome.exchange {
            if all {
                self.whole_exchange(exchange)?;
            } else if failed && !exchange.response_body.is_empty() {
                let status = exchange.response_head.first().map_or("", String::as_str);
                self.styled(DIM, &format!("\n    {}\n", clean(status)))?;
                self.body(&exchange.response_body, BODY_LINES)?;
            } else if outcome.show_response && self.look.terminal {
                writeln!(self.out)?;
                self.body(&exchange.response_body, BODY_LINES)?;
                writeln!(self.out)?;
            }
        }
        if failed && let Some(curl) = &outcome.curl {
            self.styled(DIM, "\n    to repeat it:\n")?;
            self.indented(curl, "      ")?;
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn whole_exchange(&mut self, exchange: &ExchangeText) -> io::Result<()> {
        for line in &exchange.request_head {
            writeln!(self.out, "    > {}", clean(line))?;
        }
        if !exchange.request_body.is_empty() {
            writeln!(self.out, "    >")?;
            self.lines(&exchange.request_body, "    > ")?;
        }
        for hop in &exchange.redirects {
            writeln!(self.out, "    * redirected: {}", clean(hop))?;
        }
        for line in &exchange.response_head {
            writeln!(self.out, "    < {}", clean(line))?;
        }
        if !exchange.response_body.is_empty() {
            writeln!(self.out, "    <")?;
            self.lines(&exchange.response_body, "    < ")?;
        }
        let timings = format!("    * {}\n", exchange.timings);
        self.styled(DIM, &timings)
    }

    /// Changes of a snapshot: what came in green, what went in red.
    fn changes(&mut self, changes: &[String]) -> io::Result<()> {
        if !changes.is_empty() {
            writeln!(self.out)?;
        }
        for line in changes.iter().flat_map(|change| change.lines()) {
            let style = match line.trim_start().chars().next() {
                Some('+') => GREEN,
                Some('-') => RED,
                _ if line.contains('→') => YELLOW,
                _ => Style::new(),
            };
            self.styled(style, &format!("      {}\n", clean(line)))?;
        }
        Ok(())
    }

    fn body(&mut self, body: &str, most: usize) -> io::Result<()> {
        let count = body.lines().count();
        for line in body.lines().take(most) {
            writeln!(self.out, "      {}", clean(line))?;
        }
        if count > most {
            let rest = format!("      … {} more lines; -vv shows all\n", count - most);
            self.styled(DIM, &rest)?;
        }
        Ok(())
    }

    fn end(&mut self, end: &CollectionEnd) -> io::Result<()> {
        if let Some(error) = &end.error {
            self.tell_title()?;
            writeln!(self.out)?;
            self.indented(error, "    ")?;
        }
        if end.interrupted {
            self.tell_title()?;
            self.styled(YELLOW, "  interrupted\n")?;
        }
        if self.look.verbosity > Verbosity::Quiet {
            writeln!(self.out)?;
        }
        self.out.flush()
    }

    fn block(&mut self, text: &str, indent: &str, style: Style) -> io::Result<()> {
        for line in text.trim_end().lines() {
            let line = format!("{indent}{}\n", clean(line));
            self.styled(style, &line)?;
        }
        Ok(())
    }

    fn lines(&mut self, text: &str, indent: &str) -> io::Result<()> {
        for line in text.lines() {
            writeln!(self.out, "{indent}{}", clean(line))?;
        }
        Ok(())
    }

    /// Lines that were drawn here and may hold colours of their own.
    fn indented(&mut self, text: &str, indent: &str) -> io::Result<()> {
        for line in text.lines() {
            writeln!(self.out, "{indent}{line}")?;
        }
        Ok(())
    }

    fn styled(&mut self, style: Style, text: &str) -> io::Result<()> {
        let painted = self.paint(style, text);
        self.out.write_all(painted.as_bytes())
    }

    fn paint(&self, style: Style, text: &str) -> String {
        painted(style, text, self.look.color)
    }
}

impl<W: Write> Reporter for Console<'_, W> {
    fn report(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::CollectionStarted(start) => self.start(start),
            Event::StepStarted(_) => Ok(()),
            Event::StepFinished(outcome) => self.step(outcome),
            Event::CollectionFinished(end) => self.end(end),
        }
    }

    fn passed_over(&mut self, file: &str, reason: &str) -> io::Result<()> {
        if self.look.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        let line = format!("- {file}  skipped: {reason}\n");
        self.styled(DIM, &line)
    }

    fn finish(&mut self, duration: Duration) -> io::Result<()> {
        if self.look.verbosity == Verbosity::Quiet {
            return self.out.flush();
        }
        let files = match self.collections {
            0 | 1 => String::new(),
            count => format!("{count} collections: "),
        };
        writeln!(
            self.out,
            "{files}{} in {}",
            tally(&self.counts, self.look.color),
            duration_text(duration)
        )?;
        self.out.flush()
    }
}

fn status_style(status: u16) -> Style {
    match status {
        400.. => RED,
        300.. => YELLOW,
        _ => GREEN,
    }
}
