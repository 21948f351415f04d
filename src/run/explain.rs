//! What the error of a step that failed means: the entries of the catalogues, narrowed by the facts.

use super::facts::Evidence;
use super::job::Job;
use crate::explain::explanation::{Explanation, explain};
use crate::explain::find::find;
use crate::explain::{Catalogue, Seen, livechat};

/// The most errors of one answer that are explained.
const MOST: usize = 2;

/// What explains what was seen; nothing where no catalogue knows it. Not masked yet.
pub(super) fn explanations(
    job: &Job<'_>,
    evidence: &Evidence<'_>,
    seen: &Seen,
) -> Vec<Explanation> {
    let host = evidence.request.url.host_str().unwrap_or_default();
    let own = job.collection.shared.catalogues.iter().map(|one| &**one);
    // The errors of the sandbox are those of the API that it plays.
    let embedded = (job.inputs.sandbox.is_some() || livechat().is_of(host)).then(livechat);
    own.filter(|catalogue| catalogue.is_of(host))
        .chain(embedded)
        .map(|catalogue| explained_by(catalogue, evidence, seen))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn explained_by(catalogue: &Catalogue, evidence: &Evidence<'_>, seen: &Seen) -> Vec<Explanation> {
    let facts = evidence.facts(catalogue);
    find([catalogue], seen, &facts)
        .iter()
        .take(MOST)
        .map(|entry| explain(entry, &facts))
        .collect()
}
