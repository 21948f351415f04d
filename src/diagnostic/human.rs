//! A diagnostic as rustc would draw it.

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::window::{self, Window, unturned, visible};
use super::{Diagnostic, Fix, Label, Severity};
use crate::secrets::Secrets;
use crate::source::{SourceId, Sources};

/// Draws it with the lines it points at; ends with a line end.
pub(super) fn draw(
    diagnostic: &Diagnostic,
    sources: &Sources,
    secrets: &Secrets,
    color: bool,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible(&diagnostic.message));
    let mut main = Group::with_title(title.id(diagnostic.code));
    let files = by_file(diagnostic);
    let windows: Vec<Window> = files
        .iter()
        .map(|(id, labels)| {
            let spans = labels.iter().map(|(label, _)| label.span.range());
            Window::around(sources.get(*id), spans, secrets)
        })
        .collect();
    for ((id, labels), window) in files.iter().zip(&windows) {
        let annotations = labels.iter().map(|(label, is_primary)| {
            let kind = if *is_primary {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let annotation = kind.span(window.relative(&label.span.range()));
            if label.text.is_empty() {
                annotation
            } else {
                annotation.label(visible(&label.text))
            }
        });
        main = main.element(
            Snippet::source(&window.text)
                .line_start(window.first_line)
                .path(sources.get(*id).name())
                .annotations(annotations.collect::<Vec<_>>()),
        );
    }
    for note in &diagnostic.notes {
        main = main.element(Level::NOTE.message(visible(note)));
    }
    for help in &diagnostic.help {
        main = main.element(Level::HELP.message(visible(help)));
    }
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let source = sources.get(fix.span.source);
        (fix, Window::around(source, [fix.span.range()], secrets))
    });
    // A part of what is masked can't be shown replaced.
    let (drawable, masked) = match fix {
        Some((fix, window)) if shows(&window, fix, sources) => (Some((fix, window)), None),
        Some((fix, _)) => (None, Some(fix)),
        None => (None, None),
    };
    if let Some(fix) = masked {
        main = main.element(Level::HELP.message(visible(&fix.message)));
    }
    let mut groups = vec![main];
    if let Some((fix, window)) = &drawable {
        let patch = Patch::new(
            window.relative(&fix.span.range()),
            unturned(&fix.replacement),
        );
        groups.push(
            Group::with_title(Level::HELP.secondary_title(visible(&fix.message))).element(
                Snippet::source(&window.text)
                    .line_start(window.first_line)
                    .path(sources.get(fix.span.source).name())
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

/// Whether a window shows what a fix replaces as the file has it.
fn shows(window: &Window, fix: &Fix, sources: &Sources) -> bool {
    let written = sources.get(fix.span.source).text().get(fix.span.range());
    window.text.get(window.relative(&fix.span.range())) == written
}

/// The lines of files that are shown when it is drawn.
pub(super) fn shown_lines<'s>(diagnostic: &Diagnostic, sources: &'s Sources) -> Vec<&'s str> {
    let labels = by_file(diagnostic).into_iter().map(|(id, labels)| {
        let places: Vec<_> = labels.iter().map(|(label, _)| label.span.range()).collect();
        (id, places)
    });
    let fix = diagnostic.fix.iter();
    let fix = fix.map(|fix| (fix.span.source, vec![fix.span.range()]));
    labels
        .chain(fix)
        .map(|(id, places)| {
            let source = sources.get(id);
            &source.text()[window::lines(source, places)]
        })
        .collect()
}

/// The labels of each file, the file of the main place first; `true` marks the main one.
fn by_file(diagnostic: &Diagnostic) -> Vec<(SourceId, Vec<(&Label, bool)>)> {
    let mut files: Vec<(SourceId, Vec<(&Label, bool)>)> = Vec::new();
    let primary = diagnostic.primary.iter().map(|label| (label, true));
    let secondary = diagnostic.secondary.iter().map(|label| (label, false));
    for (label, is_primary) in primary.chain(secondary) {
        match files.iter_mut().find(|(id, _)| *id == label.span.source) {
            Some((_, labels)) => labels.push((label, is_primary)),
            None => files.push((label.span.source, vec![(label, is_primary)])),
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

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
}
