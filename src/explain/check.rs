//! What the types of a catalogue can't state: that everything it names is there.

use super::catalogue::{Catalogue, Error};
use super::fact;
use crate::diagnostic::{Diagnostic, Diagnostics, closest, list};
use crate::yaml::Text;

/// Tells what a catalogue names and does not have.
pub(super) fn check(catalogue: &Catalogue, diagnostics: &mut Diagnostics) {
    let facts = fact::known(catalogue);
    for entry in catalogue.entries() {
        let Error {
            when,
            causes,
            likely,
            from,
            see,
            hides,
            ..
        } = entry.error;
        for name in when.iter().chain(likely.iter().map(|one| &one.when)) {
            if !facts.contains(&name.value) {
                diagnostics.push(problem("unknown-fact", "fact", name, &facts));
            }
        }
        for name in from.iter().chain(causes.iter().flat_map(|one| &one.from)) {
            if catalogue.documents.get(name).is_none() {
                let documents = catalogue.documents.iter();
                let known: Vec<String> = documents.map(|(name, _)| name.value.clone()).collect();
                diagnostics.push(problem("unknown-document", "document", name, &known));
            }
        }
        for name in see {
            if !catalogue
                .entries()
                .any(|other| other.full_name() == name.value)
            {
                diagnostics.push(problem("unknown-error", "error", name, &errors(catalogue)));
            }
        }
        for name in hides {
            if !catalogue.entries().any(|other| other.is_meant_by(name)) {
                let mut known = errors(catalogue);
                known.extend(catalogue.tables.iter().map(|(name, _)| name.value.clone()));
                diagnostics.push(problem("unknown-error", "error or table", name, &known));
            }
        }
    }
}

fn errors(catalogue: &Catalogue) -> Vec<String> {
    catalogue.entries().map(|entry| entry.full_name()).collect()
}

/// The most names that a message lists.
const LISTED: usize = 20;

fn problem(code: &'static str, what: &str, name: &Text, known: &[String]) -> Diagnostic {
    let message = format!("there is no {what} `{}` in this catalogue", name.value);
    let names = known.iter().map(String::as_str);
    let diagnostic = Diagnostic::error(code, message, name.span);
    match closest(name, names.clone()) {
        Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
        None if known.is_empty() => diagnostic.help(format!("the catalogue has no {what} yet")),
        None => diagnostic.help(format!("there are {}", list(names.take(LISTED)))),
    }
}
