//! Collections that were damaged at random: whatever is done to one, loading and checking it ends
//! without a panic, and all that is said has a place and can be told in every format.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tempfile::TempDir;

use lcrun::collection::{check, load::Loader};
use lcrun::diagnostic::Diagnostic;
use lcrun::secrets::Secrets;
use lcrun::template::{Compiled, Engine, EngineOptions};

use crate::messages::FORMATS;

/// How many damaged collections are checked where `LCRUN_MUTATIONS` does not say: those with the
/// seeds from 0 on. A failure names its seed.
const MUTATIONS: u64 = 4_000;

/// What means something in a collection, and what breaks one.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    "#",
    "\"",
    "'",
    "|",
    ">",
    "-",
    "&",
    "*",
    "!",
    "%",
    "@",
    "`",
    ",",
    "?",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\\",
    " ",
    ": ",
    " #",
    "- ",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "<<: *a",
    "&a ",
    "*a",
    "!!str ",
    "---\n",
    "...\n",
    "\u{feff}",
    "ł",
    "😀",
    "\0",
    "\u{85}",
    "\u{2028}",
    "~",
    "null",
    "0123",
    "1e400",
    "|2",
    ">-",
    "{{ x }}",
    "{{ body.id | nope }}",
    "${{ x }}",
    "{{ x | }}",
    "== ",
    " and ",
    " is nope",
    "$.a",
    "(",
    ")",
    "not ",
    "'{{'",
    "\"\\u00",
    "\\x4",
    "\n  - name: Another\n    request: { url: http://a/ }\n",
    "\n    capture: { id: body.id }\n    assert: [status == 200, body.x is uuid]\n",
    "\n    snapshot: { redact: { id: uid }, sort: { $.[: id }, only: [x] }\n",
    "\n    steps:\n      - name: Inner\n",
    "\n    when: body.a === 1 && $.b\n",
    "\nextends: livechat.yaml\n",
    "\ninputs: { a: { type: number, default: x }, b: }\n",
    "\nvariables: { a: \"{{ b }}\", b: \"{{ a }}\" }\n",
    "\nenvironments: { one: { sandbox: livechat, a: 1 } }\n",
    "\ndefaults: { request: { auth: none, headers: { A: null } } }\n",
    "\nx-a: &a [1, 2]\n",
    "auth: { basic: { username: a } }",
    "timeout: 10",
    "json: *a",
];

/// Every collection that is shipped, specified or broken on purpose, by its path.
fn seeds() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["collections", "tests/fixtures/format", "tests/fixtures/bad"];
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        // Its size is what is wrong with it, and every copy costs as much.
        .filter(|path| !path.ends_with("alias-bomb.yaml"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

/// Damages a collection in one to four places; `other` is one to take parts from.
fn damage(text: &[u8], other: &[u8], random: &mut StdRng) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for _ in 0..random.random_range(1..=4) {
        let at = random.random_range(0..=bytes.len());
        let end = (at + random.random_range(0..40)).min(bytes.len());
        match random.random_range(0..12) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.random_range(0..8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let repeated = bytes[at..end].to_vec();
                let to = random.random_range(0..=bytes.len());
                bytes.splice(to..to, repeated);
            }
            3 => swap_lines(&mut bytes, random),
            4 => swap_keys(&mut bytes, random),
            5 => {
                let lines: Vec<&[u8]> = other.split_inclusive(|byte| *byte == b'\n').collect();
                let first = random.random_range(0..=lines.len());
                let last = (first + random.random_range(0..6)).min(lines.len());
                let to = line_start(&bytes, at);
                bytes.splice(to..to, lines[first..last].concat());
            }
            6 if random.random_bool(0.3) => bytes.truncate(at),
            7 => {
                let start = line_start(&bytes, at);
                let blanks = " ".repeat(random.random_range(0..4));
                let removed = bytes[start..]
                    .iter()
                    .take_while(|byte| **byte == b' ')
                    .count();
                let removed = removed.min(random.random_range(0..4));
                bytes.splice(start..start + removed, blanks.into_bytes());
            }
            _ => {
                let piece = PIECES[random.random_range(0..PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    bytes
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    let before = &bytes[..at];
    before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1)
}

fn swap_lines(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let (one, other) = (
        random.random_range(0..lines.len()),
        random.random_range(0..lines.len()),
    );
    lines.swap(one, other);
    *bytes = lines.join(&b'\n');
}

/// Puts the key of one line in the place of another one.
fn swap_keys(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let key = regex::bytes::Regex::new(r"(?m)^[ -]*([\w-]+):").unwrap();
    let keys: Vec<_> = key
        .captures_iter(text.as_bytes())
        .map(|found| found.get(1).unwrap().range())
        .collect();
    if keys.is_empty() {
        return;
    }
    let from = bytes[keys[random.random_range(0..keys.len())].clone()].to_vec();
    bytes.splice(keys[random.random_range(0..keys.len())].clone(), from);
}

fn engine() -> Engine {
    Engine::new(EngineOptions {
        environment_variable: Box::new(|_| None),
        on_environment_variable: Box::new(|_, _| {}),
        now: Box::new(|| "2026-11-22T10:11:12Z".parse().expect("a time")),
        seed: Some(7),
    })
}

/// Loads and checks a file as `lcrun` does, and tells what is wrong in every format.
fn look(path: &Path, size: usize) {
    let mut loader = Loader::default();
    let collection = loader.load(path);
    let Loader {
        sources,
        mut diagnostics,
        ..
    } = loader;
    let engine = engine();
    if let Some(collection) = &collection {
        check::check(
            collection,
            &Compiled::new(&engine, &sources),
            &mut diagnostics,
        );
    } else {
        assert!(diagnostics.has_errors(), "it is refused without a word");
    }
    let secrets = Secrets::default();
    let all = diagnostics.into_sorted();
    assert!(
        all.len() <= size + 1,
        "{} messages of {size} bytes",
        all.len()
    );
    for diagnostic in &all {
        let unreadable = ["unreadable-file", "too-large"].contains(&diagnostic.code);
        assert!(
            diagnostic.primary.is_some() || unreadable,
            "{diagnostic:?} has no place"
        );
        assert_fits(diagnostic, &sources);
        for format in FORMATS {
            assert!(diagnostic.tell(&sources, &secrets, format).ends_with('\n'));
        }
    }
}

/// Every place lies in its file, between two characters.
fn assert_fits(diagnostic: &Diagnostic, sources: &lcrun::source::Sources) {
    let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
    let fix = diagnostic.fix.iter().map(|fix| fix.span);
    for span in labels.map(|label| label.span).chain(fix) {
        let text = sources.get(span.source).text();
        assert!(
            text.get(span.range()).is_some(),
            "{diagnostic:?} points beside the text"
        );
    }
}

#[test]
fn no_damage_to_a_collection_brings_a_panic_or_a_message_without_a_place() {
    #[expect(
        clippy::disallowed_methods,
        reason = "how many rounds a test makes is no setting of the program"
    )]
    let count = std::env::var("LCRUN_MUTATIONS").ok();
    let count = count.map_or(MUTATIONS, |count| count.parse().expect("a number"));
    let seeds: Arc<[(PathBuf, Vec<u8>)]> = seeds().into();
    assert!(seeds.len() > 100);
    let workers = 2;
    let run = |worker: u64| {
        let seeds = Arc::clone(&seeds);
        std::thread::spawn(move || {
            let folder = TempDir::new().unwrap();
            let base = folder.path().join("livechat.yaml");
            let shared = seeds
                .iter()
                .find(|(path, _)| path.ends_with("collections/livechat.yaml"));
            fs::write(base, &shared.unwrap().1).unwrap();
            let file = folder.path().join("a.yaml");
            let mut failed = Vec::new();
            for seed in (worker..count).step_by(workers) {
                let mut random = StdRng::seed_from_u64(seed);
                let (_, text) = &seeds[random.random_range(0..seeds.len())];
                let (_, other) = &seeds[random.random_range(0..seeds.len())];
                let damaged = damage(text, other, &mut random);
                fs::write(&file, &damaged).unwrap();
                if catch_unwind(AssertUnwindSafe(|| look(&file, damaged.len()))).is_err() {
                    failed.push((seed, String::from_utf8_lossy(&damaged).into_owned()));
                }
            }
            failed
        })
    };
    let workers: Vec<_> = (0..workers as u64).map(run).collect();
    for worker in workers {
        let failed = worker.join().unwrap();
        let seeds: Vec<u64> = failed.iter().map(|(seed, _)| *seed).collect();
        if let Some((seed, text)) = failed.first() {
            panic!("seeds {seeds:?} fail; the collection of {seed} is\n{text}");
        }
    }
}
