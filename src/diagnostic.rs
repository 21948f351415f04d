//! What is wrong with a file the user wrote, and how it is drawn.
//!
//! A [`Diagnostic`] only remembers places; lines, columns and colours are worked out while it is
//! drawn, and only here are places clamped to the text, so that no place can make drawing panic.

use std::collections::HashSet;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use crate::source::{Source, SourceId, Sources, Span, floor_boundary};

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

/// A replacement of some text that mends the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the replacement does, as a sentence fragment: "quote the whole expression".
    pub message: String,
    /// The text to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
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
        self.fix = Some(Fix {
            message: message.into(),
            span,
            replacement: replacement.into(),
        });
        self
    }

    /// Whether the file can't be used because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The lines of files that are shown when it is drawn.
    pub fn shown_lines<'s>(&self, sources: &'s Sources) -> Vec<&'s str> {
        let fix = self.fix.as_ref().map(|fix| fix.span);
        let files = self.labels_by_source().into_iter();
        let labels = files.map(|(id, labels)| {
            let spans = labels.iter().map(|(label, _)| label.span.range());
            Window::around(sources.get(id), spans).text
        });
        let fix = fix.map(|span| Window::around(sources.get(span.source), [span.range()]).text);
        labels.chain(fix).collect()
    }

    /// Draws it as rustc would, with the lines it points at; ends with a line end.
    pub fn render(&self, sources: &Sources, color: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(&*self.message).id(self.code);
        let mut main = Group::with_title(title);
        for (id, labels) in self.labels_by_source() {
            main = main.element(snippet(sources.get(id), &labels));
        }
        for note in &self.notes {
            main = main.element(Level::NOTE.message(&**note));
        }
        for help in &self.help {
            main = main.element(Level::HELP.message(&**help));
        }
        let mut groups = vec![main];
        if let Some(fix) = &self.fix {
            let source = sources.get(fix.span.source);
            let window = Window::around(source, [fix.span.range()]);
            let patch = Patch::new(window.relative(&fix.span.range()), &*fix.replacement);
            groups.push(
                Group::with_title(Level::HELP.secondary_title(&*fix.message)).element(
                    Snippet::source(window.text)
                        .line_start(window.first_line)
                        .path(source.name())
                        .patch(patch),
                ),
            );
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let mut drawn = renderer.render(&groups);
        drawn.push('\n');
        drawn
    }

    /// The labels of each file, the file of the main place first; `true` marks the main one.
    fn labels_by_source(&self) -> Vec<(SourceId, Vec<(&Label, bool)>)> {
        let mut files: Vec<(SourceId, Vec<(&Label, bool)>)> = Vec::new();
        let primary = self.primary.iter().map(|label| (label, true));
        let secondary = self.secondary.iter().map(|label| (label, false));
        for (label, main) in primary.chain(secondary) {
            match files.iter_mut().find(|(id, _)| *id == label.span.source) {
                Some((_, labels)) => labels.push((label, main)),
                None => files.push((label.span.source, vec![(label, main)])),
            }
        }
        files
    }
}

fn snippet<'a>(
    source: &'a Source,
    labels: &[(&'a Label, bool)],
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let window = Window::around(source, labels.iter().map(|(label, _)| label.span.range()));
    let annotations = labels.iter().map(|(label, main)| {
        let kind = if *main {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let annotation = kind.span(window.relative(&label.span.range()));
        if label.text.is_empty() {
            annotation
        } else {
            annotation.label(&*label.text)
        }
    });
    Snippet::source(window.text)
        .line_start(window.first_line)
        .path(source.name())
        .annotations(annotations.collect::<Vec<_>>())
}

/// The lines from the first place to the last one, so that a large file costs nothing to draw.
struct Window<'a> {
    text: &'a str,
    start: usize,
    first_line: usize,
}

impl<'a> Window<'a> {
    fn around(source: &'a Source, places: impl IntoIterator<Item = Range<usize>>) -> Self {
        let text = source.text();
        let (first, last) = places
            .into_iter()
            .fold((text.len(), 0), |(first, last), place| {
                (first.min(place.start), last.max(place.end))
            });
        let first = floor_boundary(text, first);
        let last = floor_boundary(text, last).max(first);
        let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
        let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
        Self {
            text: &text[start..end],
            start,
            first_line: source.position(start).line,
        }
    }

    /// A place within the window, clamped to whole characters.
    fn relative(&self, place: &Range<usize>) -> Range<usize> {
        let clamp = |at: usize| floor_boundary(self.text, at.saturating_sub(self.start));
        let start = clamp(place.start);
        start..clamp(place.end).max(start)
    }
}

/// Every diagnostic of a call, in the order of the files and of the lines in them, each once.
#[derive(Debug, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    /// What makes two of them the same.
    seen: HashSet<(&'static str, String, Option<Span>)>,
}

impl Diagnostics {
    /// Adds one; a second one of the same kind at the same place is dropped.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.primary.as_ref().map(|label| label.span);
        let message = diagnostic.message.clone();
        if self.seen.insert((diagnostic.code, message, place)) {
            self.all.push(diagnostic);
        }
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        for diagnostic in other {
            self.push(diagnostic);
        }
    }

    /// Takes away those that are not wanted.
    pub fn retain(&mut self, wanted: impl FnMut(&Diagnostic) -> bool) {
        self.all.retain(wanted);
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.all.iter().any(Diagnostic::is_error)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All of them, by file and line.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.all
            .sort_by_key(|diagnostic| diagnostic.primary.as_ref().map(|label| label.span));
        self.all
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

/// The known name nearest to a misspelt one, if any is near enough to be meant.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&lower, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= 1 + word.len().max(name.len()) / 4)
        .min()
        .map(|(_, name)| name)
}

/// A list of names as people write it: "`a`, `b` and `c`".
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> (Sources, SourceId) {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", text);
        (sources, id)
    }

    #[test]
    fn a_diagnostic_shows_the_line_and_underlines_the_place() {
        let (sources, id) = sources("name: x\nsteps:\n  - nmae: y\n");
        let at = Span::new(id, 19..23);
        let drawn = Diagnostic::error("unknown-key", "unknown key `nmae`", at)
            .label("not a key of a step")
            .fix("did you mean `name`?", at, "name")
            .render(&sources, false);
        insta::assert_snapshot!(drawn, @r"
        error[unknown-key]: unknown key `nmae`
         --> a.yaml:3:5
          |
        3 |   - nmae: y
          |     ^^^^ not a key of a step
          |
        help: did you mean `name`?
          |
        3 -   - nmae: y
        3 +   - name: y
          |
        ");
    }

    #[test]
    fn no_place_can_make_drawing_panic() {
        for text in ["", "ż", "a\n", "\n\n", "żż\r\nx"] {
            let (sources, id) = sources(text);
            for start in 0..8 {
                for end in 0..8 {
                    let span = Span::new(id, start..end);
                    let drawn = Diagnostic::error("e", "m", span)
                        .also(Span::new(id, end..end), "there")
                        .fix("f", span, "x")
                        .render(&sources, true);
                    assert!(drawn.contains('m'));
                }
            }
        }
    }

    #[test]
    fn a_misspelt_name_finds_the_one_that_was_meant() {
        assert_eq!(closest("metod", ["method", "url"]), Some("method"));
        assert_eq!(closest("JSON", ["json", "form"]), Some("json"));
        assert_eq!(closest("zzz", ["method", "url"]), None);
    }

    #[test]
    fn the_same_problem_at_the_same_place_is_told_once_and_in_order() {
        let (_, id) = sources("abc");
        let mut all = Diagnostics::default();
        all.push(Diagnostic::error("b", "second", Span::new(id, 2..3)));
        all.push(Diagnostic::error("a", "first", Span::new(id, 0..1)));
        all.push(Diagnostic::error("a", "first", Span::new(id, 0..1)));
        let codes: Vec<_> = all.into_sorted().iter().map(|one| one.code).collect();
        assert_eq!(codes, ["a", "b"]);
    }
}
