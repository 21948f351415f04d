//! Collections that were damaged at random: whatever is done to one, loading and checking it ends
//! without a panic, and all that is said has a place and can be told in every format. What is
//! accepted is valid under the JSON Schema, and stays what it is in its canonical form.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use jsonschema::Validator;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use regex::bytes::Regex;
use tempfile::TempDir;

use lcrun::collection::format::Formatter;
use lcrun::collection::{check, load::Loader};
use lcrun::diagnostic::Diagnostic;
use lcrun::secrets::Secrets;
use lcrun::source::Sources;
use lcrun::template::{Compiled, Engine, EngineOptions};

use crate::messages::FORMATS;
use crate::{format, schema};

/// How many damaged collections are checked where `LCRUN_MUTATIONS` does not say. A failure names
/// its seed; those from `LCRUN_FIRST_SEED` on, or from 0, are taken.
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

/// What may stand where a value stands.
const VALUES: &[&str] = &[
    "null",
    "true",
    "5",
    "-0.5",
    "1e3",
    "0x1F",
    "10s",
    "a",
    "\"5\"",
    "''",
    "[a]",
    "[]",
    "{ a: 1 }",
    "{}",
    "\"{{ now() }}\"",
    "\"{{ 1 + 1 }}\"",
    "|\n      a\n\n      b",
    "\"a\\tb\"",
    "2026-11-22",
    "yes",
    "none",
    "status == 200",
    "*a",
    "&a b",
    "!!str 5",
    "http://a/b?c=d",
    "a # b",
    "\"a # b\"",
    "'it''s'",
];

/// Every collection that is shipped or specified, and then every one that is broken on purpose.
fn seeds() -> [Vec<(PathBuf, Vec<u8>)>; 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sound: &[&str] = &["collections", "tests/fixtures/format"];
    let broken: &[&str] = &["tests/fixtures/bad"];
    [sound, broken].map(|folders| {
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
    })
}

/// Damages a collection in one to four places; `other` is one to take parts from.
fn damage(text: &[u8], other: &[u8], random: &mut StdRng) -> Vec<u8> {
    let mut bytes = text.to_vec();
    let most = random.random_range(1..=4);
    for _ in 0..random.random_range(1..=most) {
        let at = random.random_range(0..=bytes.len());
        let end = (at + random.random_range(0..40)).min(bytes.len());
        match random.random_range(0..16) {
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
            8..=10 => replace_value(&mut bytes, at, random),
            11 => {
                let start = line_start(&bytes, at);
                let line = bytes[start..].split_inclusive(|byte| *byte == b'\n').next();
                bytes.drain(start..start + line.unwrap_or_default().len());
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

/// Puts another value after the key or the dash of the line that `at` is in.
fn replace_value(bytes: &mut Vec<u8>, at: usize, random: &mut StdRng) {
    let start = line_start(bytes, at);
    let line = bytes[start..].split(|byte| *byte == b'\n').next();
    let line = line.unwrap_or_default();
    let end = start + line.len();
    let marks = line
        .windows(2)
        .enumerate()
        .filter(|(_, two)| *two == b": " || *two == b"- ");
    let marks: Vec<usize> = marks.map(|(at, _)| start + at + 2).collect();
    if !marks.is_empty() {
        let value = VALUES[random.random_range(0..VALUES.len())];
        let from = marks[random.random_range(0..marks.len())];
        bytes.splice(from..end, value.bytes());
    }
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
    static KEY: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^[ -]*([\w-]+):").expect("it is one"));
    if std::str::from_utf8(bytes).is_err() {
        return;
    }
    let keys: Vec<_> = KEY
        .captures_iter(bytes)
        .map(|found| found.get(1).unwrap().range())
        .collect();
    if keys.is_empty() {
        return;
    }
    let from = bytes[keys[random.random_range(0..keys.len())].clone()].to_vec();
    bytes.splice(keys[random.random_range(0..keys.len())].clone(), from);
}

/// What looks at damaged collections, made once for all of them.
struct Examiner {
    engine: Engine,
    formatter: Formatter,
    validator: Validator,
}

impl Examiner {
    fn new() -> Self {
        Self {
            engine: Engine::new(EngineOptions {
                environment_variable: Box::new(|_| None),
                on_environment_variable: Box::new(|_, _| {}),
                now: Box::new(|| "2026-11-22T10:11:12Z".parse().expect("a time")),
                seed: Some(7),
            }),
            formatter: Formatter::default(),
            validator: schema::validator(),
        }
    }

    /// Loads and checks a file as `lcrun` does.
    fn check(&self, path: &Path) -> (Sources, Vec<Diagnostic>) {
        let mut loader = Loader::default();
        let collection = loader.load(path);
        let Loader {
            sources,
            mut diagnostics,
            ..
        } = loader;
        if let Some(collection) = &collection {
            let compiled = Compiled::new(&self.engine, &sources);
            check::check(collection, &compiled, &mut diagnostics);
        } else {
            assert!(diagnostics.has_errors(), "it is refused without a word");
        }
        (sources, diagnostics.into_sorted())
    }

    /// Checks a file and tells what is wrong in every format; whether nothing is.
    fn look(&self, path: &Path, bytes: &[u8]) -> bool {
        fs::write(path, bytes).unwrap();
        let (sources, told) = self.check(path);
        let size = bytes.len();
        assert!(
            told.len() <= size + 1,
            "{} messages of {size} bytes",
            told.len()
        );
        let secrets = Secrets::default();
        for diagnostic in &told {
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
        if told.iter().any(Diagnostic::is_error) {
            return false;
        }
        self.assert_sound(path, bytes, &told);
        true
    }

    /// What is accepted is so by the schema, and its canonical form means the same and brings the
    /// same warnings.
    fn assert_sound(&self, path: &Path, bytes: &[u8], told: &[Diagnostic]) {
        let text = std::str::from_utf8(bytes).expect("it was accepted");
        let instance = schema::instance(text).expect("it was accepted");
        let errors: Vec<String> = self
            .validator
            .iter_errors(&instance)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "the schema refuses it: {errors:#?}");

        let done = format::check(&self.formatter, text);
        assert_eq!(done, Ok(true), "it can't be formatted");
        let canonical = self.formatter.format(text).expect("it was formatted");
        fs::write(path, &canonical).unwrap();
        let (_, again) = self.check(path);
        assert_eq!(
            codes(&again),
            codes(told),
            "other things are said of its canonical form:\n{canonical}"
        );
    }
}

fn codes(told: &[Diagnostic]) -> Vec<&str> {
    let mut codes: Vec<&str> = told.iter().map(|one| one.code).collect();
    codes.sort_unstable();
    codes
}

/// Every place lies in its file, between two characters.
fn assert_fits(diagnostic: &Diagnostic, sources: &Sources) {
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

/// A number that the environment sets for this test.
fn number(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how many rounds a test makes is no setting of the program"
    )]
    let number = std::env::var(name).ok();
    number.map(|number| number.parse().expect("a number"))
}

#[test]
fn no_damage_to_a_collection_brings_a_panic_a_message_without_a_place_or_two_opinions() {
    let first = number("LCRUN_FIRST_SEED").unwrap_or(0);
    let count = number("LCRUN_MUTATIONS").unwrap_or(MUTATIONS);
    let seeds = seeds();
    assert!(seeds[0].len() > 30 && seeds[1].len() > 100);
    let (next, accepted) = (AtomicU64::new(first), AtomicU64::new(0));
    let work = || {
        let folder = TempDir::new().unwrap();
        let base = folder.path().join("livechat.yaml");
        let shared = seeds[0]
            .iter()
            .find(|(path, _)| path.ends_with("collections/livechat.yaml"));
        fs::write(base, &shared.unwrap().1).unwrap();
        let file = folder.path().join("a.yaml");
        let examiner = Examiner::new();
        let mut failed = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return failed;
            }
            let mut random = StdRng::seed_from_u64(seed);
            let [text, other] = [(); 2].map(|()| {
                let files = &seeds[random.random_range(0..2)];
                &files[random.random_range(0..files.len())].1
            });
            let damaged = damage(text, other, &mut random);
            match catch_unwind(AssertUnwindSafe(|| examiner.look(&file, &damaged))) {
                Ok(is_accepted) => drop(accepted.fetch_add(is_accepted.into(), Ordering::Relaxed)),
                Err(_) => failed.push((seed, String::from_utf8_lossy(&damaged).into_owned())),
            }
        }
    };
    let mut failed: Vec<(u64, String)> = std::thread::scope(|scope| {
        let workers = [(); 2].map(|()| scope.spawn(work));
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    failed.sort();
    if let Some((seed, text)) = failed.first() {
        let seeds: Vec<u64> = failed.iter().map(|(seed, _)| *seed).collect();
        panic!("seeds {seeds:?} fail; the collection of {seed} is\n{text}");
    }
    let accepted = accepted.into_inner();
    assert!(accepted >= count / 100, "only {accepted} were accepted");
}
