//! A diagnostic as a text, in one of several formats, without secrets.

use std::borrow::Cow;

use super::{Diagnostic, human, json, short};
use crate::secrets::Secrets;
use crate::source::Sources;

/// How a diagnostic is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// As rustc would, with the lines it points at.
    Human {
        /// Whether colours are used.
        color: bool,
    },
    /// One line: `file:line:column: error[code]: message`.
    Short,
    /// One line that is a JSON object, for editors and other programs.
    Json,
}

impl Diagnostic {
    /// Tells it; ends with a line end. Secrets are masked in its texts and in the lines it shows.
    pub fn tell(&self, sources: &Sources, secrets: &Secrets, format: Format) -> String {
        let masked = self.masked(secrets);
        match format {
            Format::Human { color } => human::draw(&masked, sources, secrets, color),
            Format::Short => short::line(&masked, sources),
            Format::Json => json::line(&masked, sources),
        }
    }

    /// Draws it for people, where no secret can be in it.
    pub fn render(&self, sources: &Sources, color: bool) -> String {
        human::draw(self, sources, &Secrets::default(), color)
    }

    /// The lines of files that are shown when it is drawn.
    pub fn shown_lines<'s>(&self, sources: &'s Sources) -> Vec<&'s str> {
        human::shown_lines(self, sources)
    }

    /// A fix that would write stars in place of a secret is left out: it could be applied.
    fn masked(&self, secrets: &Secrets) -> Cow<'_, Diagnostic> {
        if secrets.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut masked = self.clone();
        masked.fix.take_if(|fix| secrets.contains(&fix.replacement));
        Cow::Owned(masked.map_texts(|text| secrets.mask(&text).into_owned()))
    }
}
