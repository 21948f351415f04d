//! The scopes that the steps of a collection need, and those that a token has not.

use crate::collection::flow;
use crate::collection::merged::Merged;
use crate::collection::model::Collection;
use crate::collection::request::Auth;
use crate::explain::scopes::{AnyOf, covers, needed_by};
use crate::template::literal_parts;

/// A step whose call needs scopes.
#[derive(Debug)]
pub struct Need<'c> {
    /// What the step is called.
    pub step: &'c str,
    /// The path of its request, as far as it stands there without templates.
    pub call: String,
    /// One scope of each list.
    pub needs: &'static [AnyOf],
}

impl Need<'_> {
    /// The lists of which none of the scopes is covered by what is held.
    pub fn missing(&self, held: &[&str]) -> Vec<&'static AnyOf> {
        let is_covered = |any: &&AnyOf| {
            any.iter()
                .any(|one| held.iter().any(|held| covers(held, one)))
        };
        self.needs.iter().filter(|any| !is_covered(any)).collect()
    }
}

/// The steps that send a token and whose calls need scopes, in order. A call is known by the end of its
/// address, so one that is a template as a whole is not.
pub fn needs(collection: &Collection) -> Vec<Need<'_>> {
    let mut found = Vec::new();
    for steps in [&collection.steps, &collection.finally] {
        let mut defaults = flow::file_defaults(collection);
        flow::walk(steps, &mut defaults, &mut |reached| {
            if let Some(merged) = reached.request()
                && sends_token(&merged)
                && let Some(url) = merged.url
            {
                let call: String = literal_parts(&url.value).collect();
                let call = call.split(['?', '#']).next().unwrap_or_default();
                let method = merged.method.map(|method| method.value.as_str());
                let method = method.unwrap_or(if merged.body.is_some() { "POST" } else { "GET" });
                if let Some(needs) = needed_by(method, call) {
                    found.push(Need {
                        step: &reached.step.spec.name.value,
                        call: call.trim_start_matches('/').to_owned(),
                        needs,
                    });
                }
            }
            true
        });
    }
    found
}

/// Whether a request says who sends it; one that does not needs no scope.
fn sends_token(merged: &Merged<'_>) -> bool {
    matches!(merged.auth, Some(Auth::Bearer(_) | Auth::Basic { .. }))
        || merged
            .headers
            .iter()
            .any(|(name, _)| name.value.eq_ignore_ascii_case("authorization"))
}
