//! A person who is asked what nobody else can say.

use std::io;

use anstyle::Style;

use super::line::{self, Line};
use super::markdown;
use crate::ansi::{BOLD, clean, painted};
use crate::cli::terminal::{Key, Terminal};
use crate::run::guide::{Guide, Question};
use crate::run::interrupt::Interrupt;

/// The widest that prose is set, in columns: longer lines are hard to read.
const WIDEST: usize = 100;

/// A person at a terminal.
#[derive(Debug)]
pub struct Attended {
    terminal: Terminal,
    interrupt: Interrupt,
    color: bool,
    /// Why nothing can be asked any more.
    broken: Option<io::Error>,
}

impl Attended {
    /// A person at this terminal, whose Ctrl-C ends the run.
    pub fn new(terminal: Terminal, interrupt: Interrupt, color: bool) -> Self {
        Self {
            terminal,
            interrupt,
            color,
            broken: None,
        }
    }

    /// Whether colours are used.
    pub fn color(&self) -> bool {
        self.color
    }

    /// How many columns a text has.
    pub fn width(&self) -> usize {
        self.terminal.size().1.clamp(20, WIDEST)
    }

    /// Prints rows.
    pub fn print(&mut self, rows: impl IntoIterator<Item = impl AsRef<str>>) {
        let mut text = String::new();
        for row in rows {
            text.push_str(row.as_ref());
            text.push('\n');
        }
        if let Err(error) = self.terminal.write(&text) {
            self.broken.get_or_insert(error);
        }
    }

    /// Waits for a line; `None` where the person wants to end it or can't be heard any more.
    pub fn line(&mut self, prompt: &str, secret: bool) -> Option<String> {
        self.hidden_line(prompt, &|_| secret)
    }

    /// Waits for a line of which a part may be secret, as [`line::read`] does.
    pub fn hidden_line(&mut self, prompt: &str, hides: &dyn Fn(&str) -> bool) -> Option<String> {
        match line::read(&self.terminal, prompt, hides) {
            Ok(Line::Typed(text)) => Some(text),
            Ok(Line::Interrupted) => {
                self.interrupt.trigger();
                None
            }
            Ok(Line::Closed) => None,
            Err(error) => {
                self.broken.get_or_insert(error);
                None
            }
        }
    }

    /// Waits for a key; a terminal that can't be read any more is closed.
    pub fn key(&mut self) -> Key {
        let key = self.terminal.raw().and_then(|_raw| self.terminal.key());
        key.unwrap_or_else(|error| {
            self.broken.get_or_insert(error);
            Key::Closed
        })
    }

    /// Ends the run as Ctrl-C does.
    pub fn interrupt(&self) {
        self.interrupt.trigger();
    }

    /// Whether the run was asked to end.
    pub fn is_interrupted(&self) -> bool {
        self.interrupt.is_asked()
    }

    /// A text in a style, where colours are used.
    pub fn painted(&self, style: Style, text: &str) -> String {
        painted(style, text, self.color)
    }

    fn prompt(&self, question: &Question<'_>) -> String {
        let asked = self.painted(BOLD, &clean(question.asked));
        let mut about = Vec::new();
        if question.secret {
            about.push("not shown".to_owned());
        }
        if question.several_lines {
            about.push("an empty line ends it".to_owned());
        }
        if let Some(default) = question.default {
            about.push(format!("Enter for {}", clean(default)));
        }
        if about.is_empty() {
            format!("{asked}: ")
        } else {
            format!("{asked} ({}): ", about.join(", "))
        }
    }

    /// Lines up to an empty one, joined by line breaks; an address that was pasted as one line ends
    /// with that empty line too.
    fn lines(&mut self, prompt: &str, secret: bool) -> Option<String> {
        let mut lines = vec![self.line(prompt, secret)?];
        while lines.last().is_some_and(|last| !last.trim().is_empty()) {
            lines.push(self.line("", secret)?);
        }
        lines.pop();
        Some(lines.join("\n"))
    }
}

impl Guide for Attended {
    fn ask(&mut self, question: &Question<'_>) -> Option<String> {
        if let Some(help) = question.help {
            let width = self.width();
            self.print(markdown::rows(help, width, self.color));
        }
        let prompt = self.prompt(question);
        while !self.is_interrupted() {
            let answer = if question.several_lines {
                self.lines(&prompt, question.secret)?
            } else {
                self.line(&prompt, question.secret)?
            };
            match (answer.is_empty(), question.default) {
                (false, _) => return Some(answer),
                (true, Some(default)) => return Some(default.to_owned()),
                (true, None) => {}
            }
        }
        None
    }

    fn is_there(&self) -> bool {
        self.broken.is_none()
    }

    fn tell(&mut self, notice: &str) {
        self.print(notice.lines().map(clean));
    }
}
