//! The seam for interaction: what a run asks and tells a person while it goes on. The run knows
//! nothing of terminals; whoever starts it brings a guide that does.

use crate::diagnostic::Diagnostic;
use crate::event::{CollectionEnd, CollectionStart, StepInfo, StepOutcome};

/// Something that only a person can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question<'q> {
    /// What is asked for, in a few words and without a mark at its end: `client_secret`.
    pub asked: &'q str,
    /// What helps to answer it: Markdown, as descriptions in a collection are.
    pub help: Option<&'q str>,
    /// Whether the answer must not be seen while it is typed.
    pub secret: bool,
    /// What an empty answer means; without it, the question is put again.
    pub default: Option<&'q str>,
    /// Whether an answer may come on several lines, as a pasted address does that a mail has
    /// broken: an empty line ends it, and the answer holds the line breaks.
    pub several_lines: bool,
}

impl<'q> Question<'q> {
    /// A question whose answer is one line that may be seen.
    pub fn new(asked: &'q str) -> Self {
        Self {
            asked,
            help: None,
            secret: false,
            default: None,
            several_lines: false,
        }
    }
}

/// A person, as far as a run has to do with one.
///
/// What a guide is told is masked already. What it answers may be secret, and whoever asked takes
/// note of that before anything else is done with it.
pub trait Guide {
    /// Asks a person and waits for the answer. `None` when there is nobody who could answer, or
    /// nobody who will: who presses Ctrl-C has also triggered the run's
    /// [`Interrupt`](super::interrupt::Interrupt).
    fn ask(&mut self, question: &Question<'_>) -> Option<String>;

    /// Whether somebody is there who can be asked.
    fn is_there(&self) -> bool;

    /// Tells a person what is of no use in a report, such as an address to be opened.
    fn tell(&mut self, notice: &str);

    /// Whether the run goes step by step: only then is what follows here called.
    fn is_step_by_step(&self) -> bool {
        false
    }

    /// A collection begins.
    fn begins(&mut self, _start: &CollectionStart) {}

    /// A group opens; its steps follow.
    fn opens(&mut self, _group: &StepInfo) {}

    /// What is to be done about the step that is next. Asked again after all but [`Turn::Go`],
    /// [`Turn::Skip`], [`Turn::RunRest`] and [`Turn::Quit`].
    fn before(&mut self, _ahead: &Ahead<'_>) -> Turn {
        Turn::Go
    }

    /// A step ended, was passed over or was not run.
    fn ended(&mut self, _outcome: &StepOutcome) {}

    /// What is to be done after a step that failed: [`Turn::Go`] leaves it behind.
    fn mend(&mut self, _desk: &Desk<'_>) -> Turn {
        Turn::Go
    }

    /// A collection ended.
    fn ends(&mut self, _end: &CollectionEnd) {}
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Do the step; after one that failed, go on behind it.
    Go,
    /// Pass over the step.
    Skip,
    /// Give a value another text.
    Edit {
        /// The name of the value.
        name: String,
        /// What was typed, read as the type of the value.
        text: String,
    },
    /// Tell the value of an expression.
    Print(String),
    /// Do the last step that was done once more.
    Repeat,
    /// Ask no more until a step fails.
    RunRest,
    /// Do no further step but `finally` ones.
    Quit,
}

/// The step that is next. All texts are masked.
#[derive(Debug)]
pub struct Ahead<'a> {
    /// Which one.
    pub step: &'a StepInfo,
    /// What it will do.
    pub action: &'a Preview,
    /// The values that it uses, and where each came from.
    pub values: &'a [ValueText],
    /// What can be changed and done besides.
    pub desk: Desk<'a>,
}

/// What a step will do.
#[derive(Debug, Clone)]
pub enum Preview {
    /// Nothing: it tells something.
    Prose,
    /// It checks values and sends nothing.
    Checks,
    /// It sends this request.
    Request {
        /// The request line and header fields, each a line.
        head: Vec<String>,
        /// The body, for people.
        body: String,
    },
    /// It opens this address in a browser.
    Browser(String),
    /// It will be skipped for this reason, such as `needs code from code`.
    Waits(String),
    /// It can't be done as things are.
    Broken(Diagnostic),
}

/// A value as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueText {
    /// Its name.
    pub name: String,
    /// The value in one line, masked; `None` if it has none yet.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: String,
}

/// What lies before a person who decides what is next.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// Every name that can be given another value.
    pub names: &'a [Named],
    /// The number of the step that can be repeated.
    pub last: Option<&'a str>,
}

/// A name that can be given another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Whether its value must not be seen.
    pub secret: bool,
}

/// Nobody is there: a pipe, CI, a run that is only measured.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unattended;

impl Guide for Unattended {
    fn ask(&mut self, _question: &Question<'_>) -> Option<String> {
        None
    }

    fn is_there(&self) -> bool {
        false
    }

    fn tell(&mut self, _notice: &str) {}
}
