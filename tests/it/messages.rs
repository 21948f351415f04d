//! How what is wrong is told: for people, in one line, and as JSON.

use std::ops::Range;
use std::path::Path;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value;

use lcrun::diagnostic::{Diagnostic, Format, Label};
use lcrun::secrets::Secrets;
use lcrun::source::{SourceId, Sources, Span};

use crate::lab::Lab;

/// Every way to tell a diagnostic.
pub const FORMATS: [Format; 4] = [
    Format::Human { color: false },
    Format::Human { color: true },
    Format::Short,
    Format::Json,
];

/// Two mistakes, the second with a fix, in lines with characters of several bytes.
const BROKEN: &str = "name: Zażółć\nsteps:\n  - name: Look\n    request: { url: http://a/, json: { a: ż }, metod: GET }\n    assert:\n      - status === 200\n";

fn broken() -> Lab {
    let lab = Lab::new();
    lab.write("a.yaml", BROKEN);
    lab
}

#[test]
fn a_short_message_is_one_line_with_file_line_and_column() {
    let ran = broken().run(["--message-format", "short", "a.yaml"]);
    ran.exits(2);
    insta::assert_snapshot!(ran.stderr, @r"
    a.yaml:4:48: error[unknown-key]: unknown key `metod`
    a.yaml:6:16: error[wrong-operator]: `===` is not an operator here: write `==`
    ");
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_place_behind_a_masked_secret_is_the_same_in_every_format() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: x\nvariables: { app_secret: Zm9vYmFyYmF6, url: \"{{ nope }}\" }\nsteps: []\n",
    );
    for color in ["never", "always"] {
        lab.run(["check", "--color", color, "a.yaml"])
            .says("a.yaml:2:49\n")
            .says("app_secret: ***, url:");
    }
    lab.run(["check", "--message-format", "short", "a.yaml"])
        .says("a.yaml:2:49: error");
}

#[test]
fn a_json_message_is_one_object_a_line_whose_places_and_fix_fit_the_file() {
    let ran = broken().run(["--message-format=json", "a.yaml"]);
    ran.exits(2);
    let messages: Vec<Value> = ran
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    insta::assert_snapshot!(serde_json::to_string_pretty(&messages[0]).unwrap());
    let mut fixed = BROKEN.to_owned();
    for message in messages.iter().rev() {
        let fix = &message["fix"];
        let at = |point: &Value| usize::try_from(point["offset"].as_u64().unwrap()).unwrap();
        let range = at(&fix["start"])..at(&fix["end"]);
        fixed.replace_range(range, fix["replacement"].as_str().unwrap());
    }
    assert!(fixed.contains("method: GET") && fixed.contains("status == 200"));
    let lab = Lab::new();
    lab.write("a.yaml", &fixed)
        .run(["--list", "a.yaml"])
        .exits(0);
}

#[test]
fn the_message_that_the_page_shows_is_what_is_printed() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/messages.md");
    let page = std::fs::read_to_string(page).unwrap();
    let shown = page.split("```json\n").nth(1).unwrap();
    let shown = shown.split("```").next().unwrap();
    let lab = Lab::new();
    let text = "name: A\nsteps:\n  - name: B\n    request: { url: http://a/, metod: GET }\n";
    let ran = lab
        .write("a.yaml", text)
        .run(["--message-format=json", "a.yaml"]);
    assert_eq!(ran.stderr, shown);
}

#[test]
fn whatever_keeps_a_run_from_beginning_is_told_in_the_format_that_was_asked_for() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: A\ninputs: { who: }\nsteps: [{ name: A, when: who == 1 }]\n",
    );
    for arguments in [
        &["nowhere.yaml"][..],
        &["a.yaml"],
        &["a.yaml", "--variable", "whom=1"],
        &["a.yaml", "--only", "elsewhere"],
        &["a.yaml", "--env", "live"],
        &["a.yaml", "--cacert", "nowhere.pem", "--variable", "who=1"],
    ] {
        let json = lab.run(["--message-format=json"].iter().chain(arguments));
        json.exits(1);
        for line in json.stderr.lines() {
            let message: Value = serde_json::from_str(line).unwrap();
            assert_eq!(message["severity"], "error", "{line}");
            assert!(message["code"].is_string(), "{line}");
        }
        let short = lab.run(["--message-format=short"].iter().chain(arguments));
        short.exits(1);
        assert_eq!(json.stderr.lines().count(), short.stderr.lines().count());
        for line in short.stderr.lines() {
            assert!(line.contains("error["), "{line}");
        }
    }
}

#[test]
fn no_format_shows_a_secret_or_writes_stars_into_a_file() {
    let secret = "hunter2hunter2";
    let mut sources = Sources::default();
    let text = format!("key: {secret} and more\nlater: ż\n");
    let id = sources.add("a.yaml", &*text);
    let mut secrets = Secrets::default();
    secrets.add("password", secret);
    let diagnostic = Diagnostic::error("e", format!("not {secret}"), Span::new(id, 5..19))
        .label(format!("here {secret}"))
        .also(Span::new(id, 24..28), secret)
        .note(format!("is {secret}"))
        .help(format!("type {secret}"))
        .fix(secret, Span::new(id, 5..19), format!("\"{secret}\""));
    for format in FORMATS {
        let told = diagnostic.tell(&sources, &secrets, format);
        assert!(!told.contains("hunter"), "{told}");
    }
    insta::assert_snapshot!(diagnostic.tell(&sources, &secrets, FORMATS[0]), @r"
    error[e]: not ***
     --> a.yaml:1:6
      |
    1 | key: *** and more
      |      ^^^     ---- ***
      |      |
      |      here ***
      |
      = note: is ***
      = help: type ***
    ");
    let json = diagnostic.tell(&sources, &secrets, Format::Json);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["fix"], Value::Null);
    assert_eq!(json["end"]["offset"], 19);
}

#[test]
fn nothing_that_is_told_steers_the_terminal_or_turns_its_writing() {
    let evil = "a\u{1b}[31m\u{202e}b\u{9b}c\u{200f}\rd";
    let mut sources = Sources::default();
    let id = sources.add("a.yaml", format!("{evil}: 1\n"));
    let diagnostic = Diagnostic::error("e", evil, Span::new(id, 0..3))
        .label(evil)
        .note(evil)
        .help(evil)
        .fix(evil, Span::new(id, 1..2), evil);
    for format in [Format::Human { color: false }, Format::Short] {
        let told = diagnostic.tell(&sources, &Secrets::default(), format);
        let steers = |c: char| {
            (c.is_control() && c != '\n')
                || ('\u{202a}'..='\u{202e}').contains(&c)
                || c == '\u{200f}'
        };
        assert!(!told.contains(steers), "{told:?}");
    }
}

/// Texts whose lines, characters and ends are awkward.
const TEXTS: [&str; 12] = [
    "",
    "\n",
    "\r\n",
    "\u{feff}name: x\n",
    "ż",
    "a: ż\r\nb: 😀\r\n\r\nc",
    "\ta:\tb\n\t\t- c\t\n",
    "a\rb\rc",
    "name: x\nsteps:\n  - nmae: y\n\n\n",
    "e\u{301}\u{200d}\u{202e}\u{0}\u{7f}\u{85}\u{2028}x\n",
    "日本語: 日本語\n日本: 語",
    "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve",
];

/// How many random diagnostics are told in each format.
const ROUNDS: u64 = 4_000;

/// A place that need not lie in the text, between characters or forwards.
fn place(random: &mut StdRng, id: SourceId, length: usize) -> Span {
    let length = u32::try_from(length).unwrap();
    let offset = |random: &mut StdRng| match random.random_range(0..8) {
        0 => 0,
        1 => length,
        2 => length + random.random_range(0..4),
        3 => u32::MAX - random.random_range(0..2),
        _ => random.random_range(0..=length),
    };
    // The fields are public, so that nothing keeps a place from running backwards.
    Span {
        source: id,
        start: offset(random),
        end: offset(random),
    }
}

#[test]
fn no_place_can_make_any_format_panic_or_print_a_secret() {
    let words = ["", "here", "two\nlines", "żółć", "\t\r\u{1b}"];
    for seed in 0..ROUNDS {
        let mut random = StdRng::seed_from_u64(seed);
        let mut sources = Sources::default();
        let pick = |random: &mut StdRng| TEXTS[random.random_range(0..TEXTS.len())];
        let texts = [pick(&mut random), pick(&mut random)];
        let ids = texts.map(|text| sources.add("a.yaml", text));
        let any = |random: &mut StdRng| {
            let file = random.random_range(0..2);
            place(random, ids[file], texts[file].len())
        };
        let word = |random: &mut StdRng| words[random.random_range(0..words.len())];
        let mut diagnostic = Diagnostic::error("e", "m", any(&mut random)).label(word(&mut random));
        for _ in 0..random.random_range(0..4) {
            diagnostic = diagnostic.also(any(&mut random), word(&mut random));
        }
        if random.random_bool(0.5) {
            diagnostic = diagnostic.fix("f", any(&mut random), word(&mut random));
        }
        let mut secrets = Secrets::default();
        if random.random_bool(0.3) {
            secrets.add(
                "word",
                ["name: x", "日本語: 日本", "b: 😀\r\n"][random.random_range(0..3)],
            );
        }
        let told = std::panic::catch_unwind(|| {
            FORMATS.map(|format| diagnostic.tell(&sources, &secrets, format))
        });
        let Ok([human, _, short, json]) = told else {
            panic!("seed {seed}: {diagnostic:?} can't be told in {texts:?}");
        };
        assert!(human.contains("error[e]: m"), "seed {seed}:\n{human}");
        assert_eq!(short.matches('\n').count(), 1, "seed {seed}: {short:?}");
        assert_eq!(json.matches('\n').count(), 1, "seed {seed}: {json:?}");
        let json: Value = serde_json::from_str(&json).unwrap();
        for label in json["labels"].as_array().unwrap() {
            let offset =
                |end: &str| usize::try_from(label[end]["offset"].as_u64().unwrap()).unwrap();
            let fits = |text: &&str| text.get(offset("start")..offset("end")).is_some();
            assert!(texts.iter().any(fits), "seed {seed}: {label}");
        }
    }
}

#[test]
fn a_label_may_lie_in_any_range_of_a_line() {
    let mut sources = Sources::default();
    let id = sources.add("a.yaml", "ab\r\nżc\n");
    let length = sources.get(id).text().len() + 2;
    let all = (0..length).flat_map(|start| (0..length).map(move |end| start..end));
    for range in all.collect::<Vec<Range<usize>>>() {
        let mut diagnostic = Diagnostic::error("e", "m", Span::new(id, range.clone()));
        diagnostic.secondary.push(Label {
            span: Span::new(id, range.end..range.start),
            text: "there".to_owned(),
        });
        for format in FORMATS {
            assert!(
                !diagnostic
                    .tell(&sources, &Secrets::default(), format)
                    .is_empty()
            );
        }
    }
}
