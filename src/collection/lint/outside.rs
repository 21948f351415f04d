//! What a value from outside holds that nobody meant to send.

use std::collections::BTreeSet;

use super::code::Lint;
use super::literal::pat_behind;
use super::shapes;
use super::slots::{self, Slot};
use super::told::Allowed;
use crate::collection::flow::{self, with_dependencies};
use crate::collection::model::{Collection, Step};
use crate::template::{Compiled, lone_name};

/// Something doubtful about a value; who gave it is for the caller to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The kind of warning.
    pub lint: Lint,
    /// What is wrong, without the value: "`code` holds `%3A` where a colon is meant".
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Looks at the value that a name of a collection was given; `personal` are the values of personal
/// access tokens that were given.
///
/// What nobody uses is no concern, nor what all who use it allow.
pub fn given<'c>(
    collection: &'c Collection,
    compiled: &Compiled<'c>,
    (name, value): (&str, &str),
    personal: &BTreeSet<&str>,
) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    if shapes::placeholder(value).is_some() {
        doubts.push(Doubt {
            lint: Lint::UnreplacedPlaceholder,
            message: format!("`{name}` is a placeholder that was never replaced"),
            help: "put the value in its place".to_owned(),
        });
    } else {
        let is_token = Slot::Value(name).is_token(collection);
        let encoded = if is_token {
            shapes::encoded_colon(value)
        } else {
            shapes::encoded_token(value)
        };
        if encoded.is_some() {
            doubts.push(Doubt {
                lint: Lint::PercentEncodedToken,
                message: format!("`{name}` holds `%3A` where a colon is meant"),
                help: "write `:` in its place: it was copied out of an address, and `dal%3A…` is `dal:…`".to_owned(),
            });
        }
        let is_personal = shapes::is_basic_pair(value)
            || personal.contains(value) && pat_behind(collection, name, 0).is_none();
        if is_personal && is_bearer(collection, name) {
            doubts.push(Doubt {
                lint: Lint::PatAsBearer,
                message: format!(
                    "`{name}` is a personal access token, but is sent as a bearer token"
                ),
                help: "give an access token; a personal one goes with HTTP Basic: `auth: { basic: { username: …, password: … } }`".to_owned(),
            });
        }
    }
    if doubts.is_empty() {
        return doubts;
    }
    let users = users(collection, compiled, name);
    let allowed = Allowed::of(collection);
    doubts.retain(|doubt| {
        let mut steps = users.iter();
        steps.any(|step| !allowed.by_step(step, doubt.lint.code()))
    });
    doubts
}

/// Whether a name is sent as a bearer token.
fn is_bearer(collection: &Collection, name: &str) -> bool {
    let mut found = false;
    slots::all(collection, &mut |_, slot, text| {
        found |= slot == Slot::Bearer && lone_name(&text.value) == Some(name);
    });
    found
}

/// The steps that use a name, by itself or through what is worked out from it.
fn users<'c>(collection: &'c Collection, compiled: &Compiled<'c>, name: &str) -> Vec<&'c Step> {
    let shared = &collection.shared;
    let mut users = Vec::new();
    let mut defaults = flow::file_defaults(collection);
    for steps in [&collection.steps, &collection.finally] {
        flow::walk(steps, &mut defaults, &mut |reached| {
            let mut used = BTreeSet::new();
            flow::used_by(reached, compiled, &mut used);
            let environments = shared.environments.iter().map(|(_, one)| Some(one));
            let is_used = environments.chain([None]).any(|environment| {
                with_dependencies(collection, environment, used.clone(), compiled).contains(name)
            });
            if is_used {
                users.push(reached.step);
            }
            true
        });
    }
    users
}
