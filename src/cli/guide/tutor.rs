//! A tutorial as a person follows it, step by step.

use super::attended::Attended;
use super::page::Paper;
use crate::cli::review::screen;
use crate::cli::terminal::Key;
use crate::event::{CollectionEnd, CollectionStart, StepInfo, StepOutcome, duration_text};
use crate::report::console::tally;
use crate::run::guide::{Ahead, Desk, Guide, Preview, Question, Turn};
use crate::source::Sources;

/// Goes through collections with a person.
#[derive(Debug)]
pub struct Tutor<'s> {
    person: Attended,
    /// The files that diagnostics point into.
    sources: &'s Sources,
    /// The step that was shown last, which is not shown again where only a value was looked at.
    shown: String,
}

/// A key and what it does.
type Keys<'k> = Vec<(&'k str, String)>;

impl<'s> Tutor<'s> {
    /// A tutor for this person.
    pub fn new(person: Attended, sources: &'s Sources) -> Self {
        Self {
            person,
            sources,
            shown: String::new(),
        }
    }

    fn paper(&self) -> Paper {
        Paper {
            width: self.person.width(),
            color: self.person.color(),
        }
    }

    /// Shows the keys and waits for one that says what is next.
    fn turn(
        &mut self,
        keys: &Keys<'_>,
        desk: &Desk<'_>,
        can: impl Fn(Key) -> Option<Turn>,
    ) -> Turn {
        let mut all = keys.clone();
        all.push(("?", "help".to_owned()));
        let rows = screen::keys(&all, self.person.width(), self.person.color());
        self.person.print([String::new()]);
        self.person.print(rows);
        loop {
            let key = match self.person.key() {
                Key::Interrupt => {
                    self.person.interrupt();
                    return Turn::Quit;
                }
                Key::Closed => return self.quit(),
                key => key,
            };
            let turn = match (can(key), key) {
                (Some(Turn::Quit), _) => Some(self.quit()),
                (Some(turn), _) => Some(turn),
                (None, Key::Char('e')) => self.edit(desk),
                (None, Key::Char('p')) => self.expression(),
                (None, Key::Char('r')) if desk.last.is_some() => Some(Turn::Repeat),
                (None, Key::Char('?')) => {
                    self.help(&all);
                    None
                }
                _ => continue,
            };
            match turn {
                Some(turn) => return turn,
                None if self.person.is_interrupted() => return Turn::Quit,
                None => {}
            }
        }
    }

    fn quit(&mut self) -> Turn {
        let notice = "leaving: no further step is done but `finally` ones";
        self.person.print([notice]);
        Turn::Quit
    }

    /// Asks for a name and its new value; a secret one is hidden as it is typed, behind its name too.
    fn edit(&mut self, desk: &Desk<'_>) -> Option<Turn> {
        let is_secret = |name: &str| {
            let mut names = desk.names.iter();
            names.any(|named| named.secret && named.name == name.trim())
        };
        let typed = self
            .person
            .hidden_line("edit (NAME=VALUE, or NAME): ", &|typed| {
                typed
                    .split_once('=')
                    .is_some_and(|(name, _)| is_secret(name))
            })?;
        if typed.trim().is_empty() {
            return None;
        }
        if let Some((name, text)) = typed.split_once('=') {
            let name = name.trim().to_owned();
            let text = text.to_owned();
            return Some(Turn::Edit { name, text });
        }
        let name = typed.trim().to_owned();
        let secret = is_secret(&name);
        let about = if secret { " (not shown)" } else { "" };
        let text = self.person.line(&format!("{name}{about}: "), secret)?;
        Some(Turn::Edit { name, text })
    }

    fn expression(&mut self) -> Option<Turn> {
        let typed = self
            .person
            .line("print (a name or an expression): ", false)?;
        let typed = typed.trim();
        (!typed.is_empty()).then(|| Turn::Print(typed.to_owned()))
    }

    fn help(&mut self, keys: &Keys<'_>) {
        let rows = keys.iter().map(|(key, what)| format!("  {key:<6} {what}"));
        let rows: Vec<String> = rows.collect();
        self.person.print(rows);
        self.person.print([
            "  e and p take inputs, variables and captures alike; p sees the last response too:",
            "  `body`, `status`, `headers`. A value that is changed stays so for this run.",
        ]);
    }
}

impl Guide for Tutor<'_> {
    fn ask(&mut self, question: &Question<'_>) -> Option<String> {
        self.person.ask(question)
    }

    fn is_there(&self) -> bool {
        self.person.is_there()
    }

    fn tell(&mut self, notice: &str) {
        self.person.tell(notice);
    }

    fn is_step_by_step(&self) -> bool {
        true
    }

    fn begins(&mut self, start: &CollectionStart) {
        self.shown.clear();
        let rows = self.paper().head(start);
        self.person.print(rows);
    }

    fn opens(&mut self, group: &StepInfo) {
        let rows = self.paper().title(group);
        self.person.print(rows);
    }

    fn before(&mut self, ahead: &Ahead<'_>) -> Turn {
        if self.shown != ahead.step.number {
            self.shown.clone_from(&ahead.step.number);
            let rows = self.paper().title(ahead.step);
            self.person.print(rows);
        }
        let rows = self.paper().ahead(ahead, self.sources);
        self.person.print(rows);
        let is_prose = matches!(ahead.action, Preview::Prose);
        let go = match ahead.action {
            Preview::Prose => "go on",
            Preview::Checks => "check",
            Preview::Request { .. } => "send",
            Preview::Browser(_) => "open",
            Preview::Waits(_) | Preview::Broken(_) => "try it all the same",
        };
        let mut keys = vec![("Enter", go.to_owned()), ("e", "edit".to_owned())];
        if !is_prose {
            keys.push(("s", "skip".to_owned()));
        }
        keys.push(("p", "print".to_owned()));
        if let Some(last) = ahead.desk.last {
            keys.push(("r", format!("repeat step {last}")));
        }
        keys.push(("c", "run the rest".to_owned()));
        keys.push(("q", "quit".to_owned()));
        self.turn(&keys, &ahead.desk, |key| match key {
            Key::Enter => Some(Turn::Go),
            Key::Char('s') if !is_prose => Some(Turn::Skip),
            Key::Char('c') => Some(Turn::RunRest),
            Key::Char('q') => Some(Turn::Quit),
            _ => None,
        })
    }

    fn ended(&mut self, outcome: &StepOutcome) {
        if self.shown != outcome.step.number {
            self.shown.clone_from(&outcome.step.number);
            let rows = self.paper().title(&outcome.step);
            self.person.print(rows);
        }
        let rows = self.paper().end(outcome, self.sources);
        self.person.print(rows);
    }

    fn mend(&mut self, desk: &Desk<'_>) -> Turn {
        let keys = [
            ("e", "edit"),
            ("r", "repeat"),
            ("p", "print"),
            ("c", "go on"),
            ("q", "quit"),
        ];
        let keys = keys.map(|(key, what)| (key, what.to_owned())).into();
        self.turn(&keys, desk, |key| match key {
            Key::Char('c') => Some(Turn::Go),
            Key::Char('q') => Some(Turn::Quit),
            _ => None,
        })
    }

    fn ends(&mut self, end: &CollectionEnd) {
        let mut rows = vec![String::new()];
        if let Some(error) = &end.error {
            rows.extend(error.lines().map(str::to_owned));
        }
        let told = tally(&end.counts, self.person.color());
        rows.push(format!("{told} in {}", duration_text(end.duration)));
        self.person.print(rows);
    }
}
