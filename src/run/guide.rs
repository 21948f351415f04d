//! The seam for interaction: what a run asks and tells a person while it goes on. The run knows
//! nothing of terminals; whoever starts it brings a guide that does.

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

    /// Tells a person what is of no use in a report, such as an address to be opened. Nothing is
    /// told where nobody is there.
    fn tell(&mut self, notice: &str);
}

/// Nobody is there: a pipe, CI, a run that is only measured.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unattended;

impl Guide for Unattended {
    fn ask(&mut self, _question: &Question<'_>) -> Option<String> {
        None
    }

    fn tell(&mut self, _notice: &str) {}
}
