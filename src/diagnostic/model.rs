//! What is wrong with a file the user wrote, and where. Only places are kept: lines and columns are
//! worked out when it is told.

use crate::source::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The collection can't be used.
    Error,
    /// Worth a look; the collection can be used.
    Warning,
}

/// A place that a diagnostic points at, and what to say there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is said at the place; may be empty.
    pub text: String,
}

/// Whether a fix may be applied without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// Nothing else can be meant.
    Certain,
    /// It is probably meant, such as the name nearest to a misspelt one.
    Guess,
}

/// A replacement of some text that mends the problem. The text is a part of a file, or, where
/// nobody knows the file, `P` is the bytes of the text that are replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix<P = Span> {
    /// What the replacement does, as a sentence fragment: "quote the whole expression".
    pub message: String,
    /// The text to replace.
    pub span: P,
    /// What to put there.
    pub replacement: String,
    /// Whether it may be applied without asking.
    pub applicability: Applicability,
}

impl<P> Fix<P> {
    /// A replacement that is probably meant.
    pub fn guess(message: impl Into<String>, span: P, replacement: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            span,
            replacement: replacement.into(),
            applicability: Applicability::Guess,
        }
    }

    /// The same where nothing else can be meant.
    #[must_use]
    pub fn certain(self) -> Self {
        Self {
            applicability: Applicability::Certain,
            ..self
        }
    }
}

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable kebab-case name for this kind of problem.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no period.
    pub message: String,
    /// The place of the problem; `None` only where there is no text, as for an unreadable file.
    pub primary: Option<Label>,
    /// Places that help to understand it.
    pub secondary: Vec<Label>,
    /// Facts, such as the names that are defined.
    pub notes: Vec<String>,
    /// What to type next.
    pub help: Vec<String>,
    /// A replacement that mends it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self {
            primary: Some(Label {
                span,
                text: String::new(),
            }),
            ..Self::without_place(code, message)
        }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, message, span)
        }
    }

    /// An error about something that has no text to show, such as a file that can't be read.
    pub fn without_place(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: None,
            secondary: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// A warning about something that has no text to show, such as a value that was typed.
    pub fn warning_without_place(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::without_place(code, message)
        }
    }

    /// Says something at the main place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = &mut self.primary {
            primary.text = text.into();
        }
        self
    }

    /// Points at a second place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
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

    /// Adds a replacement that mends the problem.
    #[must_use]
    pub fn fix(
        mut self,
        message: impl Into<String>,
        span: Span,
        replacement: impl Into<String>,
    ) -> Self {
        self.fix = Some(Fix::guess(message, span, replacement));
        self
    }

    /// Says of the replacement that nothing else can be meant.
    #[must_use]
    pub fn certain(mut self) -> Self {
        self.fix = self.fix.map(Fix::certain);
        self
    }

    /// Whether the file can't be used because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The same with every text changed, such as with its secrets masked.
    #[must_use]
    pub fn map_texts(self, change: impl Fn(String) -> String) -> Self {
        let label = |label: Label| Label {
            span: label.span,
            text: change(label.text),
        };
        Self {
            code: self.code,
            severity: self.severity,
            message: change(self.message),
            primary: self.primary.map(label),
            secondary: self.secondary.into_iter().map(label).collect(),
            notes: self.notes.into_iter().map(&change).collect(),
            help: self.help.into_iter().map(&change).collect(),
            fix: self.fix.map(|fix| Fix {
                message: change(fix.message),
                span: fix.span,
                replacement: change(fix.replacement),
                applicability: fix.applicability,
            }),
        }
    }
}
