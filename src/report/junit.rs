//! The report for CI: the XML that JUnit's Ant task began, one `<testsuite>` a collection and one
//! `<testcase>` a step that is no prose.
//!
//! It is valid against both schemas in wide use, Windy Road's and the `junit-10` of Jenkins. A suite
//! begins with its counts, so its cases wait in a scratch file: memory does not grow with the steps.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::console;
use super::reporter::Reporter;
use super::target::Target;
use crate::event::{CollectionEnd, CollectionStart, Event, ProblemKind, Status, StepOutcome};
use crate::source::Sources;

/// Writes a JUnit report when the run ends.
pub struct Junit<'s> {
    target: Target,
    sources: &'s Sources,
    now: fn() -> Timestamp,
    /// The suites that are complete.
    suites: BufWriter<File>,
    suite_count: usize,
    /// The cases of the suite under way.
    cases: BufWriter<File>,
    suite: Suite,
    step_started: Option<Instant>,
}

/// What is known of the suite under way.
#[derive(Debug, Default)]
struct Suite {
    start: CollectionStart,
    began: Timestamp,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// How a case ended, other than well.
enum Trouble<'t> {
    Skipped(String),
    Failure(Details<'t>),
    Error(Details<'t>),
}

struct Details<'t> {
    kind: &'t str,
    message: &'t str,
    text: &'t str,
}

impl<'t> Trouble<'t> {
    /// What is wrong in a step that failed; `text` is all that is told of it.
    fn of(outcome: &'t StepOutcome, text: &'t str) -> Self {
        let first = outcome.problems.first();
        let details = Details {
            kind: first.map_or("failed", |problem| problem.diagnostic.code),
            message: first.map_or("failed", |problem| &problem.diagnostic.message),
            text,
        };
        let mut problems = outcome.problems.iter();
        if problems.any(|problem| problem.kind == ProblemKind::Request) {
            Self::Error(details)
        } else {
            Self::Failure(details)
        }
    }
}

impl<'s> Junit<'s> {
    /// A report to `file`. `sources` are the files that diagnostics point into, `now` the clock.
    ///
    /// # Errors
    ///
    /// If the report could not be written at the end, as far as that can be known.
    pub fn create(file: &Path, sources: &'s Sources, now: fn() -> Timestamp) -> io::Result<Self> {
        let target = Target::new(file)?;
        Ok(Self {
            suites: BufWriter::new(target.scratch()?),
            cases: BufWriter::new(target.scratch()?),
            target,
            sources,
            now,
            suite_count: 0,
            suite: Suite::default(),
            step_started: None,
        })
    }

    fn start(&mut self, start: &CollectionStart) {
        self.suite = Suite {
            start: start.clone(),
            began: (self.now)(),
            ..Suite::default()
        };
    }

    fn step(&mut self, outcome: &StepOutcome) -> io::Result<()> {
        let began = self.step_started.take();
        let text;
        let trouble = match &outcome.status {
            Status::Told | Status::Opened => return Ok(()),
            Status::Passed => None,
            Status::Skipped(reason) => Some(Trouble::Skipped(reason.clone())),
            Status::NotRun(reason) => Some(Trouble::Skipped(format!("not run: {reason}"))),
            Status::Failed => {
                text = console::step_text(outcome, self.sources);
                Some(Trouble::of(outcome, &text))
            }
        };
        // Where a person decides on each step, only the exchange is the step's own time.
        let exchange = outcome.duration.unwrap_or_default();
        let took = began.map_or(exchange, |began| began.elapsed());
        self.case(&self.suite.case_name(outcome), took, trouble)
    }

    fn case(&mut self, name: &str, took: Duration, trouble: Option<Trouble<'_>>) -> io::Result<()> {
        self.suite.tests += 1;
        let out = &mut self.cases;
        write!(
            out,
            "    <testcase name=\"{}\" classname=\"{}\" time=\"{}\"",
            attribute(&token(name)),
            attribute(&token(&self.suite.start.file)),
            seconds(took)
        )?;
        let (element, details) = match trouble {
            None => return out.write_all(b"/>\n"),
            Some(Trouble::Skipped(reason)) => {
                self.suite.skipped += 1;
                let reason = attribute(&reason);
                return write!(
                    out,
                    ">\n      <skipped message=\"{reason}\"/>\n    </testcase>\n"
                );
            }
            Some(Trouble::Failure(details)) => {
                self.suite.failures += 1;
                ("failure", details)
            }
            Some(Trouble::Error(details)) => {
                self.suite.errors += 1;
                ("error", details)
            }
        };
        writeln!(
            out,
            ">\n      <{element} message=\"{}\" type=\"{}\">{}</{element}>\n    </testcase>",
            attribute(details.message),
            attribute(details.kind),
            content(details.text)
        )
    }

    fn end(&mut self, end: &CollectionEnd) -> io::Result<()> {
        if let Some(error) = &end.error {
            let name = self.suite.start.name.clone();
            let details = Details {
                kind: "not-started",
                message: error.lines().next().unwrap_or_default(),
                text: error,
            };
            self.case(&name, Duration::ZERO, Some(Trouble::Error(details)))?;
        }
        self.close_suite(end.duration)
    }

    /// Puts the suite under way behind the ones that are complete.
    fn close_suite(&mut self, took: Duration) -> io::Result<()> {
        let Suite { start, .. } = &self.suite;
        let name = token(&start.name);
        let file = token(&start.file);
        let out = &mut self.suites;
        writeln!(
            out,
            "  <testsuite name=\"{}\" package=\"{}\" id=\"{}\" timestamp=\"{}\" \
             hostname=\"localhost\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" \
             time=\"{}\">",
            attribute(if name.is_empty() { &file } else { &name }),
            attribute(&file),
            self.suite_count,
            self.suite.began.strftime("%Y-%m-%dT%H:%M:%S"),
            self.suite.tests,
            self.suite.failures,
            self.suite.errors,
            self.suite.skipped,
            seconds(took)
        )?;
        out.write_all(b"    <properties>\n")?;
        if let Some(environment) = &start.environment {
            let value = attribute(environment);
            writeln!(
                out,
                "      <property name=\"environment\" value=\"{value}\"/>"
            )?;
        }
        out.write_all(b"    </properties>\n")?;
        self.suite_count += 1;
        append(&mut self.cases, out)?;
        let notes: String = start
            .notes
            .iter()
            .map(|note| content(note) + "\n")
            .collect();
        write!(
            out,
            "    <system-out>{notes}</system-out>\n    <system-err></system-err>\n  </testsuite>\n"
        )
    }
}

impl Reporter for Junit<'_> {
    fn report(&mut self, event: &Event<'_>) -> io::Result<()> {
        let told = match event {
            Event::CollectionStarted(start) => {
                self.start(start);
                Ok(())
            }
            Event::StepStarted(_) => {
                self.step_started = Some(Instant::now());
                Ok(())
            }
            Event::StepFinished(outcome) => self.step(outcome),
            Event::CollectionFinished(end) => self.end(end),
        };
        told.map_err(|error| self.target.blame(&error))
    }

    fn passed_over(&mut self, file: &str, reason: &str) -> io::Result<()> {
        self.start(&CollectionStart {
            file: file.to_owned(),
            name: file.to_owned(),
            ..CollectionStart::default()
        });
        let skipped = Trouble::Skipped(reason.to_owned());
        self.case(file, Duration::ZERO, Some(skipped))
            .and_then(|()| self.close_suite(Duration::ZERO))
            .map_err(|error| self.target.blame(&error))
    }

    fn finish(&mut self, _: Duration) -> io::Result<()> {
        let suites = &mut self.suites;
        self.target.write(|file| {
            let mut out = BufWriter::new(file);
            out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")?;
            append(suites, &mut out)?;
            out.write_all(b"</testsuites>\n")?;
            out.flush()
        })
    }
}

impl Suite {
    /// The step's name; where several have it, with the number that tells which.
    fn case_name(&self, outcome: &StepOutcome) -> String {
        let step = &outcome.step;
        if self.start.repeated_names.contains(&step.name) {
            format!("{} ({})", step.name, step.number)
        } else {
            step.name.clone()
        }
    }
}

/// Moves everything from a scratch file to `out`; the scratch file is empty afterwards.
fn append(scratch: &mut BufWriter<File>, out: &mut impl Write) -> io::Result<()> {
    scratch.flush()?;
    let file = scratch.get_mut();
    file.rewind()?;
    io::copy(file, out)?;
    file.set_len(0)?;
    file.rewind()
}

/// Seconds as both schemas take them: with at most three decimals, without an exponent.
fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}

/// What XML Schema calls a token: single blanks, none at the ends.
fn token(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text between tags.
fn content(text: &str) -> String {
    escape(text, false)
}

/// A text between quotes.
fn attribute(text: &str) -> String {
    escape(text, true)
}

/// Escapes what has a meaning in XML, and replaces what XML 1.0 (§2.2) forbids in any form.
fn escape(text: &str, quoted: bool) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if quoted => escaped.push_str("&quot;"),
            // Readers turn these into blanks or line feeds unless they are written as numbers.
            '\r' => escaped.push_str("&#13;"),
            '\n' | '\t' if quoted => {
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            '\n' | '\t' => escaped.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_is_replaced_and_what_it_reads_is_escaped() {
        assert_eq!(
            content("a\u{1b}[31m<b>\u{0} ]]> & \u{ffff}\t\n\r\n\u{1f600}"),
            "a\u{fffd}[31m&lt;b&gt;\u{fffd} ]]&gt; &amp; \u{fffd}\t\n&#13;\n\u{1f600}"
        );
        assert_eq!(attribute("say \"a\"\n\t"), "say &quot;a&quot;&#10;&#9;");
    }

    #[test]
    fn seconds_have_three_decimals() {
        assert_eq!(seconds(Duration::from_micros(1500)), "0.002");
        assert_eq!(seconds(Duration::from_secs(1234)), "1234.000");
    }

    #[test]
    fn a_name_is_one_line_without_blanks_at_its_ends() {
        assert_eq!(token("  List\n  chats\t"), "List chats");
    }
}
