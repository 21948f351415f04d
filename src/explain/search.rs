//! Pages and entries by the words that they hold.

use super::catalogue::{Catalogue, Entry};
use super::pages::{self, Page};

/// A page or an entry that holds all the words.
#[derive(Debug, Clone, Copy)]
pub enum Hit<'c> {
    /// The page of a diagnostic code.
    Page(Page),
    /// An error of an API.
    Entry(Entry<'c>),
}

/// Every page and entry that holds all the words of a text, those that are called so first.
pub fn search<'c>(text: &str, catalogues: &[&'c Catalogue]) -> Vec<Hit<'c>> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ',' || c == '"')
        .map(|word| word.trim_matches(['.', '?', '!', '…', '`']))
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return Vec::new();
    }
    let entries = catalogues.iter().flat_map(|catalogue| catalogue.entries());
    let entries = entries.map(|entry| (entry.title(), texts(&entry), Hit::Entry(entry)));
    let pages = pages::all().map(|page| (page.code, page.text.to_owned(), Hit::Page(page)));
    let mut hits: Vec<(Closeness, Hit<'c>)> = entries
        .chain(pages)
        .filter_map(|(title, text, hit)| {
            let title = title.to_lowercase();
            let all = format!("{title}\n{}", text.to_lowercase());
            let closeness = if words.iter().all(|word| holds(&title, word)) {
                Closeness::Title
            } else if words.iter().all(|word| holds(&all, word)) {
                Closeness::Words
            } else if words.iter().all(|word| all.contains(word)) {
                Closeness::Parts
            } else {
                return None;
            };
            Some((closeness, hit))
        })
        .collect();
    hits.sort_by_key(|(closeness, _)| *closeness);
    // Parts of words are what was meant only where the words themselves are nowhere.
    if hits
        .first()
        .is_some_and(|(first, _)| *first < Closeness::Parts)
    {
        hits.retain(|(closeness, _)| *closeness < Closeness::Parts);
    }
    hits.into_iter().map(|(_, hit)| hit).collect()
}

/// How well a page answers, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    /// It is called so.
    Title,
    /// It holds the words.
    Words,
    /// It holds them within other words.
    Parts,
}

/// Whether a text holds a word that is no part of another one; an `s` at its end does not count.
fn holds(text: &str, word: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| {
        let behind = &text[at + word.len()..];
        let behind = behind.strip_prefix('s').unwrap_or(behind);
        !is_part(text[..at].chars().next_back()) && !is_part(behind.chars().next())
    })
}

/// All that an entry says, with the words that are there to find it by.
fn texts(entry: &Entry<'_>) -> String {
    let error = entry.error;
    let causes = error.causes.iter().map(|one| one.cause.as_str());
    let likely = error.likely.iter().flat_map(|one| {
        let todo = one.todo.iter();
        std::iter::once(&one.cause).chain(todo)
    });
    let texts = std::iter::once(&error.means)
        .chain(&error.spellings)
        .chain(&error.text)
        .chain(likely)
        .chain(&error.todo)
        .chain(&error.also)
        .map(|text| text.value.as_str());
    [entry.code]
        .into_iter()
        .chain(texts)
        .chain(causes)
        .collect::<Vec<_>>()
        .join("\n")
}
