//! What is doubtful about the values that were given from outside, before anything is sent.

use std::collections::BTreeSet;

use crate::collection::flow;
use crate::collection::lint;
use crate::collection::model::Collection;
use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::template::Compiled;
use crate::variables::{Given, Origin, winner};

/// What is doubtful about the values that count for a collection; each says who gave it, and never
/// the value.
pub fn doubts<'c>(
    (collection, compiled): (&'c Collection, &Compiled<'c>),
    given: &[Given],
    environment: Option<&str>,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let chosen = collection.environment(environment);
    let sandbox = chosen.and_then(|(_, environment)| environment.sandbox);
    let counting: Vec<&Given> = flow::input_names(collection)
        .into_iter()
        .chain(flow::authorize_captures(collection))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter_map(|name| winner(given, name))
        .filter(|one| {
            let by_flag = matches!(one.origin, Origin::Flag(_));
            by_flag || !sandbox.is_some_and(|kind| kind.value.inputs().contains(&&*one.name))
        })
        .collect();
    let personal: BTreeSet<&str> = counting
        .iter()
        .filter(|one| lint::is_pat_name(&one.name))
        .map(|one| one.text.as_str())
        .collect();
    let mut found = Vec::new();
    for one in counting {
        let value = (one.name.as_str(), one.text.as_str());
        for doubt in lint::given(collection, compiled, value, &personal) {
            let origin = one.origin.describe(sources);
            let message = format!("{origin}: {}", doubt.message);
            let diagnostic = Diagnostic::warning_without_place(doubt.lint.code(), message);
            found.push(diagnostic.help(doubt.help));
        }
    }
    found
}
