//! Files that are no collection at all: one of Postman, an `OpenAPI` description, a curl command, a
//! list of steps. One message says so, where a message for each key would say nothing.

use super::hints;
use super::schema::schema;
use crate::diagnostic::{Diagnostic, closest};
use crate::source::Span;
use crate::yaml::{Kind, Node};

/// What to type where nothing can be kept.
const BEGIN: &str = "`lcrun new starter -o my.yaml` writes a collection to begin with";

/// The keys that tell what else a file is.
const KINDS: &[(&[&str], &str)] = &[
    (&["info", "item"], "a Postman collection"),
    (&["openapi"], "an OpenAPI description"),
    (&["swagger"], "an OpenAPI description"),
    (&["arazzo"], "an Arazzo description"),
    (&["log"], "a HAR file"),
];

/// What is said of a file that is no collection; `None` of one that may be.
pub(super) fn explain(root: &Node) -> Option<Diagnostic> {
    let error = |message: String, span: Span| Diagnostic::error("not-a-collection", message, span);
    match &root.kind {
        Kind::Broken => None,
        Kind::Map(_) => {
            let first = root.entries().iter().map(|entry| &entry.key);
            let first = first.clone().find(|key| !key.name.starts_with("x-"))?;
            let has = |key: &&str| root.get(key).is_some();
            if ["name", "steps"].iter().any(has) {
                return None;
            }
            let kind = KINDS.iter().find(|(keys, _)| keys.iter().all(has));
            let message = match kind {
                Some((_, kind)) => format!("this is {kind}, not a collection of lcrun"),
                None if !all_keys_are_foreign(root) => return None,
                None if first.name.starts_with("curl ") => {
                    "this is a command, not a collection".to_owned()
                }
                None => "this is not a collection: it has none of the keys of one".to_owned(),
            };
            Some(error(message, first.span).help(BEGIN))
        }
        Kind::List(_) => Some(
            error("a collection is a mapping, found a list".into(), root.span)
                .help("write `name:` and `steps:` above it, and indent it below `steps:`"),
        ),
        Kind::Scalar(_) => {
            let message = format!("a collection is a mapping, found {}", root.described());
            Some(error(message, root.span).help(BEGIN))
        }
    }
}

/// Whether no key is one of a collection, looks like one, or belongs deeper in one.
fn all_keys_are_foreign(root: &Node) -> bool {
    let schema = schema();
    let known: Vec<&str> = schema["properties"]
        .as_object()
        .into_iter()
        .flat_map(|keys| keys.keys().map(String::as_str))
        .collect();
    let is_foreign = |name: &str| {
        let lower = name.to_ascii_lowercase();
        let mut habits = hints::FILE.habits.iter();
        let mut homes = hints::FILE.homes.iter();
        closest(name, known.iter().copied()).is_none()
            && !known.iter().any(|key| lower.contains(key))
            && !habits.any(|(habit, meant)| *habit == lower && known.contains(meant))
            && !homes.any(|(keys, _)| keys.contains(&name))
    };
    let mut keys = root.entries().iter().map(|entry| &*entry.key.name);
    keys.all(|key| key.starts_with("x-") || is_foreign(key))
}
