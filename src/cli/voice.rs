//! Where diagnostics go: standard error, without secrets.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;

use super::args::{Color, Deny, MessageArgs, MessageFormat};
use super::context::Context;
use super::exit::Exit;
use super::outside::Values;
use crate::collection::lint::{self, placeholder};
use crate::collection::model::Collection;
use crate::collection::written;
use crate::diagnostic::{Diagnostic, Diagnostics, Format, Severity};
use crate::run::taint;
use crate::secrets::Secrets;
use crate::source::{SourceId, Sources};
use crate::template::literal_parts;
use crate::yaml::Data;

/// Tells diagnostics.
pub struct Voice {
    format: Format,
    secrets: Secrets,
    /// Whether warnings are errors.
    denies: bool,
}

/// How many diagnostics of each kind there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |count: usize, one: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {one}s")),
        };
        let told = [words(self.errors, "error"), words(self.warnings, "warning")];
        let told: Vec<String> = told.into_iter().flatten().collect();
        f.write_str(
            if told.is_empty() {
                "nothing is wrong".to_owned()
            } else {
                told.join(", ")
            }
            .as_str(),
        )
    }
}

impl Voice {
    /// A voice that tells as asked.
    pub fn new(context: &Context, args: &MessageArgs) -> Self {
        let format = match args.message_format {
            MessageFormat::Human => Format::Human {
                color: use_color(args.color, context, context.stderr_is_terminal),
            },
            MessageFormat::Short => Format::Short,
            MessageFormat::Json => Format::Json,
        };
        Self {
            format,
            secrets: Secrets::default(),
            denies: args.deny.contains(&Deny::Warnings),
        }
    }

    /// From now on masks what was given as a secret or to a name that is one.
    pub fn hide(&mut self, values: &Values, loaded: &[Collection]) {
        for given in values.all() {
            let is_secret = |collection: &Collection| collection.is_secret(&given.name);
            if given.secret || loaded.iter().any(is_secret) {
                self.secrets.add(&given.name, &given.text);
            }
        }
    }

    /// Masks what stands in a file and should not: its lines are about to be shown.
    pub fn hide_literals(&mut self, collection: &Collection) {
        let shared = &collection.shared;
        let defaults = shared
            .inputs
            .iter()
            .filter_map(|(name, input)| Some((name, input.default.as_ref()?)));
        let variables = shared.variables.iter().map(|(name, data)| (name, data));
        let environments = shared.environments.iter();
        let values = environments.flat_map(|(_, environment)| &environment.values);
        for (name, data) in defaults
            .chain(variables)
            .chain(values.map(|(name, data)| (name, data)))
        {
            if let Data::Text(text) = data
                && collection.is_secret(&name.value)
            {
                // A placeholder is no secret, and what is said of it names it.
                let parts = literal_parts(&text.value);
                for part in parts.filter(|part| placeholder(part).is_none()) {
                    self.secrets.add(&name.value, part);
                }
            }
        }
        let defaults = shared
            .defaults
            .iter()
            .filter_map(|one| one.request.as_deref());
        let steps = collection.all_steps();
        let own = steps.flat_map(|step| {
            let group = step
                .spec
                .defaults
                .as_ref()
                .and_then(|one| one.request.as_deref());
            group.into_iter().chain(step.spec.request.as_deref())
        });
        for request in defaults.chain(own) {
            taint::literals(&mut self.secrets, request);
        }
        lint::written_secrets(collection, &mut |secret| self.secrets.add("secret", secret));
    }

    /// Masks what stands in files whose lines are about to be shown, also where they can't be
    /// decoded.
    pub fn hide_written(&mut self, files: &BTreeSet<SourceId>, sources: &Sources) {
        let files: Vec<SourceId> = files.iter().copied().collect();
        written::secrets(sources, &files, &mut self.secrets);
    }

    /// A text without the secrets that are known.
    pub fn mask(&self, text: &str) -> String {
        self.secrets.mask(text).to_string()
    }

    /// Tells one.
    pub fn tell(&self, context: &mut Context, diagnostic: &Diagnostic, sources: &Sources) {
        let mut told = diagnostic.tell(sources, &self.secrets, self.format);
        if self.is_for_people() {
            told.push('\n');
        }
        // Nobody is left to tell where standard error is gone.
        let _ = context.stderr.write_all(told.as_bytes());
    }

    /// Whether more may be said than one line a diagnostic.
    pub fn is_for_people(&self) -> bool {
        matches!(self.format, Format::Human { .. })
    }

    /// Tells why nothing is run.
    pub fn refuse(
        &mut self,
        context: &mut Context,
        problems: &[Diagnostic],
        sources: &Sources,
    ) -> Exit {
        self.hide_written(&files_of(problems), sources);
        for problem in problems {
            self.tell(context, problem, sources);
        }
        Exit::Usage
    }

    /// Tells all of them; warnings as errors where they are denied.
    pub fn tell_all(
        &mut self,
        context: &mut Context,
        diagnostics: Diagnostics,
        sources: &Sources,
    ) -> Count {
        self.hide_written(&files_of(diagnostics.iter()), sources);
        let mut count = Count::default();
        for mut diagnostic in diagnostics.into_sorted() {
            if self.denies {
                diagnostic.severity = Severity::Error;
            }
            if diagnostic.is_error() {
                count.errors += 1;
            } else {
                count.warnings += 1;
            }
            self.tell(context, &diagnostic, sources);
        }
        count
    }

    /// Says at the end why nothing was sent.
    pub fn nothing_was_sent(&self, context: &mut Context, count: Count) {
        if self.is_for_people() {
            let errors = Count {
                warnings: 0,
                ..count
            };
            let _ = writeln!(context.stderr, "{errors}; nothing was sent");
        }
    }
}

/// The files that diagnostics show.
fn files_of<'d>(problems: impl IntoIterator<Item = &'d Diagnostic>) -> BTreeSet<SourceId> {
    let problems = problems.into_iter();
    problems
        .flat_map(|problem| problem.primary.iter().chain(&problem.secondary))
        .map(|label| label.span.source)
        .collect()
}

/// Whether to use colours: as asked, else on a terminal without `NO_COLOR`.
pub fn use_color(color: Color, context: &Context, terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && context.variable("NO_COLOR").is_none_or(str::is_empty),
    }
}
