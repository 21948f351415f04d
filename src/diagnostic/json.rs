//! A diagnostic as a JSON object in one line. `docs/messages.md` promises its fields.

use serde::Serialize;

use super::{Applicability, Diagnostic, Label, Severity};
use crate::source::{Source, Sources, Span};

/// The object and a line end.
pub(super) fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let told = Told::of(diagnostic, sources);
    let json = serde_json::to_string(&told).expect("texts and numbers can be written");
    json + "\n"
}

#[derive(Serialize)]
struct Told<'d> {
    severity: &'static str,
    code: &'static str,
    message: &'d str,
    file: Option<&'d str>,
    start: Option<Point>,
    end: Option<Point>,
    labels: Vec<Pointer<'d>>,
    notes: &'d [String],
    help: &'d [String],
    fix: Option<Mend<'d>>,
}

impl<'d> Told<'d> {
    fn of(diagnostic: &'d Diagnostic, sources: &'d Sources) -> Self {
        let primary = diagnostic.primary.as_ref();
        let place = primary.map(|label| Place::of(label.span, sources));
        let labels = primary.into_iter().chain(&diagnostic.secondary);
        Self {
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            code: diagnostic.code,
            message: &diagnostic.message,
            file: place.as_ref().map(|place| place.file),
            start: place.as_ref().map(|place| place.start),
            end: place.as_ref().map(|place| place.end),
            labels: labels
                .enumerate()
                .map(|(index, label)| Pointer::of(label, index == 0 && primary.is_some(), sources))
                .collect(),
            notes: &diagnostic.notes,
            help: &diagnostic.help,
            fix: diagnostic.fix.as_ref().map(|fix| Mend {
                message: &fix.message,
                place: Place::of(fix.span, sources),
                replacement: &fix.replacement,
                certain: fix.applicability == Applicability::Certain,
            }),
        }
    }
}

#[derive(Serialize)]
struct Pointer<'d> {
    #[serde(flatten)]
    place: Place<'d>,
    text: &'d str,
    primary: bool,
}

impl<'d> Pointer<'d> {
    fn of(label: &'d Label, primary: bool, sources: &'d Sources) -> Self {
        Self {
            place: Place::of(label.span, sources),
            text: &label.text,
            primary,
        }
    }
}

#[derive(Serialize)]
struct Mend<'d> {
    message: &'d str,
    #[serde(flatten)]
    place: Place<'d>,
    replacement: &'d str,
    certain: bool,
}

#[derive(Serialize)]
struct Place<'d> {
    file: &'d str,
    start: Point,
    end: Point,
}

impl<'d> Place<'d> {
    fn of(span: Span, sources: &'d Sources) -> Self {
        let source = sources.get(span.source);
        Self {
            file: source.name(),
            start: Point::of(span.start, source),
            end: Point::of(span.end.max(span.start), source),
        }
    }
}

/// A place between two characters of a file.
#[derive(Clone, Copy, Serialize)]
struct Point {
    offset: usize,
    line: usize,
    column: usize,
}

impl Point {
    fn of(offset: u32, source: &Source) -> Self {
        let offset = source.clamp(offset as usize);
        let position = source.position(offset);
        Self {
            offset,
            line: position.line,
            column: position.column,
        }
    }
}
