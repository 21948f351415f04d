//! What a tutorial looks like at a terminal: its head, a step before it is done, and what came of it.

use super::markdown;
use crate::ansi::{BOLD, DIM, GREEN, RED, YELLOW, clean, painted};
use crate::cli::review::screen::wrap;
use crate::event::{CollectionStart, StepInfo, StepOutcome};
use crate::report::console::step_seen;
use crate::run::guide::{Ahead, Preview};
use crate::source::Sources;

/// How many lines of a request's body are shown.
const BODY_LINES: usize = 40;

/// How far what belongs to a step is indented.
const INDENT: &str = "  ";

/// What rows are fitted into.
#[derive(Debug, Clone, Copy)]
pub struct Paper {
    /// The columns of a row.
    pub width: usize,
    /// Whether colours are used.
    pub color: bool,
}

impl Paper {
    /// The head of a collection: what it is about, and what is required.
    pub fn head(self, start: &CollectionStart) -> Vec<String> {
        let place = match &start.environment {
            Some(environment) => format!("{} ({environment})", start.file),
            None => start.file.clone(),
        };
        let mut rows = self.wrapped(&painted(BOLD, &clean(&start.name), self.color));
        rows.extend(self.wrapped(&painted(DIM, &clean(&place), self.color)));
        if let Some(description) = &start.description {
            rows.push(String::new());
            rows.extend(self.prose(description));
        }
        if !start.requires.is_empty() {
            rows.push(String::new());
            rows.push("You need".to_owned());
            let list: String = start.requires.iter().map(|one| item(one)).collect();
            rows.extend(self.prose(&list));
        }
        for note in &start.notes {
            let note = painted(YELLOW, &format!("note: {}", clean(note)), self.color);
            rows.extend(self.wrapped(&note));
        }
        rows
    }

    /// The heading of a step or a group, and its prose.
    pub fn title(self, step: &StepInfo) -> Vec<String> {
        let title = format!("{} · {}", step.number, clean(&step.name));
        let mut rows = vec![String::new()];
        let used = console::measure_text_width(&title) + 4;
        let rule = format!("── {title} {}", "─".repeat(self.width.saturating_sub(used)));
        rows.extend(self.wrapped(&painted(BOLD, &rule, self.color)));
        if let Some(description) = &step.description {
            rows.extend(self.prose(description));
        }
        rows
    }

    /// What a step will do, with which values.
    pub fn ahead(self, ahead: &Ahead<'_>, sources: &Sources) -> Vec<String> {
        let mut lines = Vec::new();
        match ahead.action {
            Preview::Prose => {}
            Preview::Checks => lines.push("checks values and sends nothing".to_owned()),
            Preview::Request { head, body } => {
                lines.extend(head.iter().map(|line| clean(line)));
                if !body.is_empty() {
                    lines.push(String::new());
                    lines.extend(body.lines().take(BODY_LINES).map(clean));
                }
                let rest = body.lines().count().saturating_sub(BODY_LINES);
                if rest > 0 {
                    lines.push(format!("… {rest} more lines"));
                }
            }
            Preview::Browser(url) => lines.push(format!("browser: {}", clean(url))),
            Preview::Waits(reason) => {
                let told = format!("{}: give it by hand, or do that step", clean(reason));
                lines.push(painted(YELLOW, &told, self.color));
            }
            Preview::Broken(diagnostic) => {
                let drawn = diagnostic.render(sources, self.color);
                lines.extend(drawn.lines().map(str::to_owned));
            }
        }
        if !ahead.values.is_empty() {
            lines.push(String::new());
        }
        for value in ahead.values {
            let shown = value.value.as_deref().unwrap_or("(no value yet)");
            let origin = painted(DIM, &format!("  {}", clean(&value.origin)), self.color);
            lines.push(format!("{} = {}{origin}", value.name, clean(shown)));
        }
        if !lines.is_empty() {
            lines.insert(0, String::new());
        }
        self.indented(lines)
    }

    /// What came of a step: the response, what was captured, what was checked.
    pub fn end(self, outcome: &StepOutcome, sources: &Sources) -> Vec<String> {
        let mut lines = vec![String::new()];
        let seen = step_seen(outcome, sources, self.color);
        lines.extend(seen.lines().map(str::to_owned));
        for (name, value) in &outcome.captures {
            lines.push(format!("    captured {name} = {}", clean(value)));
        }
        for (assert, holds) in &outcome.checks {
            let mark = if *holds {
                painted(GREEN, "✓", self.color)
            } else {
                painted(RED, "✗", self.color)
            };
            lines.push(format!("    {mark} {}", clean(assert)));
        }
        lines.iter().flat_map(|line| self.wrapped(line)).collect()
    }

    fn prose(self, text: &str) -> Vec<String> {
        let width = self.width.saturating_sub(INDENT.len());
        self.indented(markdown::rows(text, width, self.color))
    }

    /// Rows with an indent; what is too long goes on in the next one.
    fn indented(self, lines: impl IntoIterator<Item = String>) -> Vec<String> {
        let width = self.width.saturating_sub(INDENT.len()).max(1);
        let rows = lines.into_iter().flat_map(|line| wrap(&line, width));
        rows.map(|row| match row.as_str() {
            "" => row,
            row => format!("{INDENT}{row}"),
        })
        .collect()
    }

    fn wrapped(self, line: &str) -> Vec<String> {
        wrap(line, self.width)
    }
}

/// A text as the item of a Markdown list, however many lines it has.
fn item(text: &str) -> String {
    format!("- {}\n", text.trim().replace('\n', "\n  "))
}
