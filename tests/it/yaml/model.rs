//! A format much like that of collections, to decode into.

use lcrun::diagnostic::Diagnostics;
use lcrun::source::{SourceId, Sources, Spanned};
use lcrun::yaml::{self, Data, Entries, Text};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded to see what is said, not to be used")]
pub(super) struct File {
    name: Spanned<String>,
    description: Option<Text>,
    #[serde(default)]
    tags: Vec<Text>,
    #[serde(default)]
    inputs: Entries<Option<Data>>,
    #[serde(default)]
    variables: Entries<Data>,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded to see what is said, not to be used")]
pub(super) struct Step {
    name: Spanned<String>,
    id: Option<Spanned<String>>,
    request: Option<Request>,
    #[serde(default)]
    capture: Entries<Text>,
    #[serde(default)]
    assert: Vec<Text>,
    snapshot: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded to see what is said, not to be used")]
pub(super) struct Request {
    url: Text,
    method: Option<String>,
    #[serde(default)]
    headers: Entries<Text>,
    auth: Option<Auth>,
    json: Option<Data>,
    form: Option<Entries<Option<Text>>>,
    retries: Option<u8>,
    backoff: Option<f64>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Auth {
    None,
    Bearer(Text),
    Basic { username: Text, password: Text },
}

/// One file.
pub(super) fn source(text: &str) -> (Sources, SourceId) {
    let mut sources = Sources::default();
    let id = sources.add("a.yaml", text);
    (sources, id)
}

/// What is said of a collection.
pub(super) fn told(text: &str) -> String {
    told_of::<File>(text)
}

/// What is said of a file that is to be decoded into `T`.
pub(super) fn told_of<T: DeserializeOwned>(text: &str) -> String {
    let (sources, id) = source(text);
    let mut diagnostics = Diagnostics::default();
    if let Some(node) = yaml::parse(&sources, id, &mut diagnostics) {
        let _: Option<T> = node.decode(&sources, "", &mut diagnostics);
    }
    let drawn = diagnostics.into_sorted();
    let drawn: Vec<String> = drawn
        .iter()
        .map(|one| one.render(&sources, false))
        .collect();
    drawn.join("\n")
}

/// What a file without mistakes decodes to.
pub(super) fn decoded<T: DeserializeOwned>(text: &str) -> T {
    let (sources, id) = source(text);
    let mut diagnostics = Diagnostics::default();
    let node = yaml::parse(&sources, id, &mut diagnostics);
    let value = node.and_then(|node| node.decode(&sources, "", &mut diagnostics));
    assert!(diagnostics.is_empty(), "{}", told_of::<T>(text));
    value.expect("a file without diagnostics decodes")
}

/// The codes of what is said of a collection, in order.
pub(super) fn codes(text: &str) -> Vec<&'static str> {
    let (sources, id) = source(text);
    let mut diagnostics = Diagnostics::default();
    if let Some(node) = yaml::parse(&sources, id, &mut diagnostics) {
        let _: Option<File> = node.decode(&sources, "", &mut diagnostics);
    }
    let all = diagnostics.into_sorted();
    all.iter().map(|one| one.code).collect()
}
