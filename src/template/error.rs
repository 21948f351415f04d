//! What is wrong with a template or an expression, at which of its bytes.
//!
//! Knows nothing of files: whoever holds the text's place in its file turns a range into a span.

use std::fmt;
use std::ops::Range;

use crate::diagnostic::Fix;

/// Which kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The text can't be read: wrong grammar, an unknown filter, function, test or method, a
    /// pattern that can't be compiled. An error of the file, found before anything runs.
    Syntax,
    /// A name that nothing defines. An error of the file, too.
    Name,
    /// A value that isn't there, such as a key that the response lacks: a failed check, so that a
    /// retry goes on.
    Missing,
    /// The values that are there can't be used this way, or the evaluation took too much.
    Evaluation,
}

/// A problem with a template or an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// A stable kebab-case name for this kind of problem.
    pub code: &'static str,
    /// What is wrong: lower case, no period.
    pub message: String,
    /// The bytes of the text that are wrong; `None` only where no part is to blame.
    pub range: Option<Range<usize>>,
    /// What to type next, and facts such as the names that exist.
    pub help: Vec<String>,
    /// A replacement that mends it.
    pub fix: Option<Box<Fix<Range<usize>>>>,
    /// Which kind of thing went wrong.
    pub cause: Cause,
}

impl TemplateError {
    /// A problem without a place.
    pub fn new(cause: Cause, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            range: None,
            help: Vec::new(),
            fix: None,
            cause,
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, range: Range<usize>) -> Self {
        self.range = Some(range);
        self
    }

    /// Adds what to type next.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds what to type next, where there is something to say.
    #[must_use]
    pub fn maybe_help(self, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.help(text),
            None => self,
        }
    }

    /// Adds a replacement that mends it.
    #[must_use]
    pub fn fix(
        mut self,
        message: impl Into<String>,
        range: Range<usize>,
        replacement: impl Into<String>,
    ) -> Self {
        self.fix = Some(Box::new(Fix::guess(message, range, replacement)));
        self
    }

    /// Says of the replacement that nothing else can be meant.
    #[must_use]
    pub fn certain(mut self) -> Self {
        self.fix = self.fix.map(|fix| Box::new(fix.certain()));
        self
    }

    /// Whether a value isn't there that a later answer could bring.
    pub fn is_missing(&self) -> bool {
        self.cause == Cause::Missing
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TemplateError {}

/// What one of our filters, tests or functions has to say, carried through the engine inside its
/// own error.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) help: Option<String>,
    pub(super) cause: Cause,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl std::error::Error for Fault {}

/// An error of a filter, test or function, with its message.
pub(super) fn fail(message: impl Into<String>) -> minijinja::Error {
    minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, message.into())
}

/// The same with a code, a cause and what to type next.
pub(super) fn fault(
    message: impl Into<String>,
    code: &'static str,
    cause: Cause,
    help: Option<String>,
) -> minijinja::Error {
    fail(message).with_source(Fault { code, help, cause })
}

/// A value that should have been there is not; the engine's caller finds out which.
pub(super) fn undefined() -> minijinja::Error {
    minijinja::Error::from(minijinja::ErrorKind::UndefinedError)
}
