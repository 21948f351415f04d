//! A diagnostic in one line, as compilers write it and most editors can read it.

use super::window::visible;
use super::{Diagnostic, Severity};
use crate::source::Sources;

/// `file:line:column: error[code]: message`; without a place it begins with `error`.
pub(super) fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let place = diagnostic
        .primary
        .as_ref()
        .map(|label| format!("{}: ", sources.locate(label.span)))
        .unwrap_or_default();
    let line = format!(
        "{place}{severity}[{}]: {}",
        diagnostic.code, diagnostic.message
    );
    let words: Vec<&str> = line.lines().collect();
    format!("{}\n", visible(&words.join(" ")))
}
