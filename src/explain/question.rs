//! From what a person types to what it asks about: a diagnostic code, an error of an API, the address
//! that a browser ended on, the body of a response, or words.

use url::Url;

use super::catalogue::{Catalogue, Entry};
use super::find::{self, Facts};
use super::pages::{self, Page};
use super::search::{self, Hit};
use super::seen::Seen;
use crate::diagnostic::closest;

/// What there is to say.
#[derive(Debug)]
pub enum Answer<'c> {
    /// The page of a code.
    Page(Page),
    /// Errors of an API; several where they share a name.
    Entries(Vec<Entry<'c>>),
    /// Pages and entries that hold the words.
    Hits(Vec<Hit<'c>>),
    /// An address or a body without an error that is known.
    NoError,
    /// No such words anywhere; perhaps the name that was meant.
    Unknown(Option<String>),
}

/// Answers what was typed.
pub fn answer<'c>(text: &str, catalogues: &[&'c Catalogue]) -> Answer<'c> {
    let text = text.trim();
    if let Some(page) = pages::page(text).or_else(|| told(text)) {
        return Answer::Page(page);
    }
    if let Some(seen) = quoted(text) {
        let entries = find::all(catalogues.iter().copied(), &seen, &Facts::new());
        if !entries.is_empty() {
            return Answer::Entries(entries);
        }
        // An address or a body holds ids and other words that mean nothing to a search.
        return Answer::NoError;
    }
    let entries = named(text, catalogues);
    if !entries.is_empty() {
        return Answer::Entries(entries);
    }
    match search::search(text, catalogues) {
        hits if hits.is_empty() => Answer::Unknown(meant(text, catalogues)),
        hits => Answer::Hits(hits),
    }
}

/// The page of the code in a message of ours that was pasted: `error[undefined-name]: …`.
fn told(text: &str) -> Option<Page> {
    ["error[", "warning["].iter().find_map(|mark| {
        let (_, rest) = text.split_once(mark)?;
        pages::page(rest.split_once(']')?.0)
    })
}

/// What a server said, if the text is that: an address, its query, or a JSON body. Line breaks and
/// blanks of a copied address are of no account, nor are the head of a response above its body.
fn quoted(text: &str) -> Option<Seen> {
    if let (Some(start), Some(end)) = (text.find('{'), text.rfind('}'))
        && start < end
    {
        let seen = Seen::of_text(&text[start..=end]);
        return (!seen.fields.is_empty()).then_some(seen);
    }
    let joined: String = text.split_whitespace().collect();
    if joined.starts_with("http://") || joined.starts_with("https://") {
        return Url::parse(&joined).ok().map(|url| Seen::of_url(&url));
    }
    let query = joined.trim_start_matches(['?', '#', '/', '&']);
    let is_query = query
        .split_once('=')
        .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    is_query.then(|| {
        let mut seen = Seen::default();
        seen.query(query);
        seen
    })
}

/// The errors of this name: a code in any spelling, `table.code`, a title, or what a server says.
fn named<'c>(text: &str, catalogues: &[&'c Catalogue]) -> Vec<Entry<'c>> {
    let entries = || catalogues.iter().flat_map(|catalogue| catalogue.entries());
    let by_code: Vec<Entry<'c>> = entries()
        .filter(|entry| entry.is_called(text) || entry.full_name() == text)
        .collect();
    if !by_code.is_empty() {
        return by_code;
    }
    let plain = plain(text);
    let by_title: Vec<Entry<'c>> = entries()
        .filter(|entry| {
            let title = self::plain(entry.title());
            title == plain || (is_sentence(&plain) && title.starts_with(&plain))
        })
        .collect();
    if !by_title.is_empty() || !is_sentence(&plain) {
        return by_title;
    }
    let says = |entry: &Entry<'_>| {
        let mut texts = entry.error.text.iter();
        texts.any(|words| plain.contains(&self::plain(words)))
    };
    // Entries that hold under a fact are of no use to somebody who only has the words.
    let unconditional = |entry: &Entry<'_>| entry.error.when.is_empty();
    entries()
        .filter(|entry| says(entry) && unconditional(entry))
        .collect()
}

/// Whether a text is long enough to be a message and no single word.
fn is_sentence(text: &str) -> bool {
    text.split(' ').count() >= 3
}

/// A text without what people leave out or add when they copy it: case, quotes, the marks and
/// blanks around it.
fn plain(text: &str) -> String {
    let text = text.to_lowercase();
    let text = text.trim_matches(['"', '\'', '`', '“', '”', '.', '…', ' ']);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name that is nearest to a misspelt one.
fn meant(text: &str, catalogues: &[&Catalogue]) -> Option<String> {
    let mut known: Vec<&str> = pages::all().map(|page| page.code).collect();
    for entry in catalogues.iter().flat_map(|catalogue| catalogue.entries()) {
        known.push(entry.code);
        known.push(entry.title());
    }
    closest(text, known).map(str::to_owned)
}
