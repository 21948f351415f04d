//! Damaged collections: whatever is done to one, there is no panic, nothing is lost without a
//! word, and every message has a place in the file.

use std::fs;
use std::path::Path;

use lcrun::diagnostic::Diagnostics;
use lcrun::yaml::{self, Node};

use super::model::{File, Step, source};

/// How many damaged collections are read.
const MUTATIONS: usize = 3_000;

/// The seed of the first one; a failure names its own.
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// What is put into a collection: all that means something to YAML, and some that breaks it.
const PIECES: &[&str] = &[
    "{", "}", "[", "]", ":", "#", "\"", "'", "|", ">", "-", "&", "*", "!", "%", "@", "`", ",", "?",
    "\t", "\n", "\\", " ", ": ", " #", "- ", "{{", "}}", "<<: *x", "&a ", "*a", "!!str ", "---\n",
    "\r", "\u{feff}", "ł", "😀", "\0", "\u{85}", "~", "null", "0123", "|2", ">-",
];

/// Numbers that look random and are the same in every run (xorshift64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).expect("less than `bound`")
    }
}

pub(crate) fn collections() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/format");
    let files = fs::read_dir(folder).expect("the folder is in the repository");
    let paths = files.map(|entry| entry.expect("a file").path());
    let mut paths: Vec<_> = paths.collect();
    paths.sort();
    let texts = paths.iter().map(fs::read_to_string);
    texts.map(|text| text.expect("a text")).collect()
}

/// Flips a bit, deletes, repeats or inserts something, swaps two lines, or cuts the end off.
pub(crate) fn damage(text: &str, numbers: &mut Numbers) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(24)).min(bytes.len());
        match numbers.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let repeated = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len() + 1);
                bytes.splice(to..to, repeated);
            }
            3 => {
                let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
                let (one, other) = (numbers.below(lines.len()), numbers.below(lines.len()));
                lines.swap(one, other);
                bytes = lines.join(&b'\n');
            }
            4 => bytes.truncate(at),
            _ => {
                let piece = PIECES[numbers.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads a collection in every way; panics if a place lies outside the file or nothing is said of
/// what can't be read.
fn read(text: &str) {
    let (sources, id) = source(text);
    let mut diagnostics = Diagnostics::default();
    match yaml::parse(&sources, id, &mut diagnostics) {
        Some(node) => {
            visit(&node, text);
            let file: Option<File> = node.decode(&sources, "", &mut diagnostics);
            assert!(file.is_some() || diagnostics.has_errors());
        }
        None => assert!(diagnostics.has_errors()),
    }
    let lists = ["steps", "finally"];
    let mut decode = |_, node: Node, diagnostics: &mut Diagnostics| {
        let _: Option<Step> = node.decode(&sources, "step", diagnostics);
    };
    yaml::parse_streaming(&sources, id, &lists, &mut decode, &mut diagnostics);
    for diagnostic in diagnostics.into_sorted() {
        let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
        let fix = diagnostic.fix.iter().map(|fix| fix.span);
        let places: Vec<_> = labels.map(|label| label.span).chain(fix).collect();
        assert!(diagnostic.primary.is_some(), "{diagnostic:?}");
        for place in places {
            assert!(text.get(place.range()).is_some(), "{diagnostic:?}");
        }
        assert!(!diagnostic.render(&sources, false).is_empty());
    }
}

/// Checks every place of a tree, and that texts can be found again in the file.
fn visit(node: &Node, text: &str) {
    let (sources, id) = source(text);
    let mut nodes = vec![node];
    while let Some(node) = nodes.pop() {
        assert!(text.get(node.span.range()).is_some(), "{node:?}");
        let length = node.as_text().map_or(0, str::len);
        for at in (0..length).step_by(length / 3 + 1) {
            let place = node.locate(sources.get(id), at..at + 1);
            assert!(node.span.start <= place.start && place.start <= place.end);
            assert!(text.len() >= place.range().end);
        }
        nodes.extend(node.items());
        nodes.extend(node.entries().iter().map(|entry| &entry.value));
    }
}

#[test]
fn no_damage_to_a_collection_brings_a_panic_or_a_message_without_a_place() {
    let collections = collections();
    assert_eq!(collections.len(), 10);
    for number in 0..MUTATIONS {
        let mut numbers = Numbers(SEED.wrapping_mul(number as u64 + 1) | 1);
        let text = damage(&collections[number % collections.len()], &mut numbers);
        let read = std::panic::catch_unwind(|| read(&text));
        assert!(read.is_ok(), "mutation {number} can't be read:\n{text}");
    }
}

#[test]
fn a_collection_cut_off_anywhere_is_read_or_told() {
    for collection in collections() {
        for (end, _) in collection.char_indices().step_by(41) {
            read(&collection[..end]);
        }
    }
}

#[test]
fn the_collections_of_the_specification_are_read_without_a_word() {
    for collection in collections() {
        let (sources, id) = source(&collection);
        let mut diagnostics = Diagnostics::default();
        assert!(yaml::parse(&sources, id, &mut diagnostics).is_some());
        assert!(diagnostics.is_empty());
    }
}
