//! Keys that a value lacks for certain, because all of it stands in the file or because a browser
//! step has no more.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::flow::input_names;
use super::model::{Collection, Name, Step};
use super::names::LISTED;
use crate::diagnostic::{Diagnostic, closest, list};
use crate::source::Span;
use crate::template::NameUse;
use crate::yaml::Data;

/// The variables whose value is a mapping in the file and nothing else: no environment, nobody
/// from outside and no step gives them another one.
pub(super) struct Literals<'c>(BTreeMap<&'c str, (&'c Name, &'c Data)>);

impl<'c> Literals<'c> {
    /// Those of a collection; `producers` are the steps that capture names.
    pub(super) fn new(collection: &'c Collection, producers: &BTreeMap<&str, &Step>) -> Self {
        let inputs: BTreeSet<&str> = input_names(collection).into_iter().collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, _) in &collection.shared.variables {
            *counts.entry(&name.value).or_default() += 1;
        }
        let variables = collection.shared.variables.iter();
        let own = variables.filter(|(name, data)| {
            let name = name.value.as_str();
            matches!(data, Data::Map(_))
                && counts[name] == 1
                && !inputs.contains(name)
                && !producers.contains_key(name)
                && !collection.gaps.captures.iter().any(|gap| gap == name)
        });
        Self(
            own.map(|(name, data)| (name.value.as_str(), (name, data)))
                .collect(),
        )
    }

    /// What is asked of a name that certainly lacks it: a response in a browser step, or a variable
    /// whose value is written in the file.
    pub(super) fn wrong_key<'n>(
        &self,
        one: &NameUse<'n>,
        in_browser: bool,
    ) -> Option<WrongKey<'n, 'c>> {
        if in_browser && one.name == "response" {
            let (key, range) = keys(one).next()?;
            return (key != "url").then_some(WrongKey {
                base: one.name,
                key,
                range,
                known: vec!["url"],
                of: None,
            });
        }
        let (name, value) = *self.0.get(one.name)?;
        let mut found = value;
        let mut base_end = one.name.len();
        for (key, range) in keys(one) {
            let Data::Map(entries) = found else {
                return None;
            };
            let entries = &entries.value;
            let Some((_, value)) = entries.iter().find(|(name, _)| name.value == key) else {
                return Some(WrongKey {
                    base: &one.path[..base_end],
                    key,
                    range,
                    known: entries.iter().map(|(name, _)| &*name.value).collect(),
                    of: Some(name),
                });
            };
            found = value;
            base_end = range.end - one.range.start;
        }
        None
    }
}

/// The keys after a name, as far as they are written as `.key`, and their bytes in the text.
fn keys<'n>(one: &NameUse<'n>) -> impl Iterator<Item = (&'n str, Range<usize>)> {
    let path = one.path;
    let start = one.range.start;
    let mut at = one.name.len();
    std::iter::from_fn(move || {
        let rest = path[at..].strip_prefix('.')?;
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let key = at + 1..at + 1 + length;
        at = key.end;
        (length > 0).then(|| (&path[key.clone()], start + key.start..start + key.end))
    })
}

/// A key that a value lacks for certain.
pub(super) struct WrongKey<'n, 'c> {
    /// The value as it is written.
    base: &'n str,
    key: &'n str,
    /// The bytes of the key in the text.
    pub(super) range: Range<usize>,
    known: Vec<&'c str>,
    /// The variable that it is a part of.
    of: Option<&'c Name>,
}

impl WrongKey<'_, '_> {
    /// What is said of it.
    pub(super) fn diagnostic(self, span: Span) -> Diagnostic {
        let Self {
            base,
            key,
            known,
            of,
            ..
        } = self;
        let message = match of {
            Some(_) => format!("`{base}` has no `{key}`"),
            None => format!("`{base}` has no `{key}` in a browser step"),
        };
        let diagnostic = Diagnostic::error("unknown-attribute", message, span);
        let diagnostic = match (of, closest(key, known.iter().copied())) {
            (Some(_), Some(meant)) => {
                diagnostic.fix(format!("did you mean `{meant}`?"), span, meant)
            }
            _ => diagnostic,
        };
        let diagnostic = if known.is_empty() {
            diagnostic.help(format!("`{base}` is empty"))
        } else {
            let names = list(known.iter().copied().take(LISTED));
            let more = match known.len().saturating_sub(LISTED) {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            diagnostic.help(format!("`{base}` has {names}{more}"))
        };
        match of {
            Some(name) => diagnostic.also(name.span, "the variable"),
            None => diagnostic.help(
                "it ends on a redirect: `redirect` has its parts, such as `redirect.query.code`",
            ),
        }
    }
}
