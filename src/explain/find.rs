//! From what was seen to the entries that explain it.

use std::collections::BTreeSet;

use super::catalogue::{Catalogue, Entry};
use super::seen::Seen;

/// The facts that hold, by their names.
pub type Facts = BTreeSet<String>;

/// The entries of some catalogues that explain best what was seen, where these facts hold; none if it
/// is no error that they know.
pub fn find<'c>(
    catalogues: impl IntoIterator<Item = &'c Catalogue>,
    seen: &Seen,
    facts: &Facts,
) -> Vec<Entry<'c>> {
    let mut found = all(catalogues, seen, facts);
    let others = found.clone();
    found.retain(|entry| !is_hidden(entry, &others));
    found
}

/// The same with the entries that those hide, behind them.
pub fn all<'c>(
    catalogues: impl IntoIterator<Item = &'c Catalogue>,
    seen: &Seen,
    facts: &Facts,
) -> Vec<Entry<'c>> {
    let entries = catalogues.into_iter().flat_map(Catalogue::entries);
    let holds = |entry: &Entry<'_>| {
        let when = &entry.error.when;
        when.is_empty() || when.iter().any(|fact| facts.contains(&fact.value))
    };
    let mut found: Vec<(Entry<'c>, By)> = entries
        .filter(holds)
        .filter_map(|entry| Some((entry, by(&entry, seen)?)))
        .collect();
    // A code decides; the words beside it may be those of another error of such tables.
    if found.iter().any(|(_, by)| *by == By::Code) {
        found.retain(|(entry, by)| *by == By::Code || !has_codes(entry));
    }
    let mut told: Vec<Entry<'c>> = found.iter().map(|(entry, _)| *entry).collect();
    let others = told.clone();
    told.sort_by_key(|entry| is_hidden(entry, &others));
    told
}

/// Whether another entry of its catalogue says all that it would say.
fn is_hidden(entry: &Entry<'_>, others: &[Entry<'_>]) -> bool {
    others.iter().any(|other| {
        let mut hides = other.error.hides.iter();
        !other.is(entry)
            && std::ptr::eq(other.catalogue, entry.catalogue)
            && hides.any(|reference| entry.is_meant_by(reference))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Code,
    Words,
}

/// By what an entry was found, if it was.
fn by(entry: &Entry<'_>, seen: &Seen) -> Option<By> {
    let carries = |places: &[crate::yaml::Text], pairs: &[(String, String)]| {
        pairs.iter().any(|(place, value)| {
            places.iter().any(|known| known.value == *place) && entry.is_called(value)
        })
    };
    let table = entry.table;
    if carries(&table.parameters, &seen.parameters) || carries(&table.fields, &seen.fields) {
        return Some(By::Code);
    }
    let says = |words: &str| {
        let words = words.to_lowercase();
        let mut texts = seen.texts.iter();
        texts.any(|text| text.to_lowercase().contains(&words))
    };
    let mut texts = entry.error.text.iter();
    texts.any(|words| says(words)).then_some(By::Words)
}

fn has_codes(entry: &Entry<'_>) -> bool {
    !(entry.table.parameters.is_empty() && entry.table.fields.is_empty())
}
