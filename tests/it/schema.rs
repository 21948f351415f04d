//! The JSON Schema of collections: it says what `check` says, as far as a schema can.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jsonschema::Validator;
use lcrun::collection::load::Loader;
use lcrun::diagnostic::Diagnostics;
use lcrun::source::Sources;
use lcrun::yaml::{self, Data};
use regex::Regex;
use serde_json::{Value, json};

use crate::lab::{Lab, Ran};

/// What is said of files that can't be read as one YAML document: there is nothing to validate.
const UNREADABLE: &[&str] = &[
    "colon-in-text",
    "duplicate-key",
    "empty-file",
    "indentation",
    "many-documents",
    "not-utf8",
    "reserved-character",
    "tab-indentation",
    "too-deep",
    "too-large",
    "unclosed-bracket",
    "unclosed-quote",
    "unknown-anchor",
    "unquoted-expression",
    "unquoted-template",
    "yaml-syntax",
];

/// What no schema can know: it is in the meaning of texts, in other files, or in several places at
/// once. Reviewed: a code that is not here is structural, and the schema must refuse it as well. The
/// second part is in the message, where a code is structural otherwise.
const SEMANTIC: &[(&str, &str)] = &[
    // Templates and expressions.
    ("bad-jsonpath", ""),
    ("bad-regex", ""),
    ("braces-in-expression", ""),
    ("cycle", ""),
    ("syntax", ""),
    ("undefined-name", ""),
    ("unknown-block", ""),
    ("unknown-capture", ""),
    ("unknown-filter", ""),
    ("unknown-function", ""),
    ("unknown-method", ""),
    ("unknown-test", ""),
    ("unknown-attribute", ""),
    ("wrong-arguments", ""),
    ("wrong-operator", ""),
    // What is read as something else than what was written.
    ("comment-cut", ""),
    ("line-in-text", ""),
    ("number-changes", ""),
    // Several places at once, or other files.
    ("duplicate-id", ""),
    ("extends-circle", ""),
    ("missing-key", "the request has no `url`"),
    ("no-sandbox", ""),
    ("reserved-name", ""),
    ("two-meanings", ""),
    ("unreadable-file", ""),
    ("unknown-type", "invalid regular expression"),
    // What is merged is resolved before there is anything to validate.
    ("wrong-type", "`<<` takes a mapping"),
];

#[derive(Debug, PartialEq)]
enum Class {
    Unreadable,
    Semantic,
    Structural,
}

fn class(code: &str, message: &str) -> Class {
    let means = |(other, part): &(&str, &str)| *other == code && message.contains(part);
    if UNREADABLE.contains(&code) {
        Class::Unreadable
    } else if SEMANTIC.iter().any(means) {
        Class::Semantic
    } else {
        Class::Structural
    }
}

pub(crate) fn validator() -> Validator {
    jsonschema::draft202012::new(&lcrun::collection::schema::schema()).unwrap()
}

/// A text as an editor validates it, read by our own reader of YAML.
pub(crate) fn instance(text: &str) -> Option<Value> {
    let mut sources = Sources::default();
    let id = sources.add("a.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let root = yaml::parse(&sources, id, &mut diagnostics)?;
    let data: Data = root.decode(&sources, "", &mut diagnostics)?;
    Some(serde_json::to_value(data.to_json()).unwrap())
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "yaml")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The codes and messages of the errors that are told of a file, but not of what it extends.
fn told(file: &Path) -> Vec<(String, String)> {
    static ERROR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^(?:(.*):\d+:\d+: )?error\[([a-z-]+)\]: (.*)$").unwrap());
    let (folder, name) = (file.parent().unwrap(), file.file_name().unwrap());
    let mut list = Lab::new().command();
    list.current_dir(folder);
    list.args(["--list", "--message-format", "short"]).arg(name);
    let ran = Ran::of(&list.output().unwrap());
    let errors = ERROR.captures_iter(&ran.stderr);
    errors
        .filter(|found| found.get(1).is_none_or(|place| place.as_str() == name))
        .map(|found| (found[2].to_owned(), found[3].to_owned()))
        .filter(|(code, _)| code != "no-steps")
        .collect()
}

#[test]
fn the_committed_schema_is_the_one_that_is_printed() {
    let printed = Lab::new().run(["schema"]);
    printed.exits(0);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("collection.schema.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed.replace('\r', "") == printed.stdout,
        "the format has changed: run `cargo run -- schema > collection.schema.json`"
    );
}

#[test]
fn the_schema_is_one_of_the_draft_that_it_names() {
    let schema = lcrun::collection::schema::schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert!(jsonschema::meta::is_valid(&schema));
}

#[test]
fn what_check_accepts_is_valid_and_what_is_wrong_in_structure_is_not() {
    let validator = validator();
    let mut counts = [0, 0, 0, 0];
    for file in ["collections", "tests/fixtures"]
        .into_iter()
        .flat_map(files)
    {
        let bytes = std::fs::read(&file).unwrap();
        // What is no text has no structure to speak of.
        let Ok(text) = String::from_utf8(bytes) else {
            counts[0] += 1;
            continue;
        };
        let told = told(&file);
        let is_any = |wanted: Class| {
            let mut classes = told.iter().map(|(code, message)| class(code, message));
            classes.any(|class| class == wanted)
        };
        if is_any(Class::Unreadable) {
            counts[0] += 1;
            continue;
        }
        // What merges no mapping has no value that a schema could look at.
        let Some(instance) = instance(&text) else {
            assert!(!told.is_empty(), "{} is unreadable", file.display());
            counts[0] += 1;
            continue;
        };
        let errors: Vec<String> = validator
            .iter_errors(&instance)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if is_any(Class::Structural) {
            counts[1] += 1;
            let file = file.display();
            assert!(!errors.is_empty(), "the schema accepts {file}: {told:?}");
        } else {
            counts[if told.is_empty() { 2 } else { 3 }] += 1;
            let file = file.display();
            assert!(errors.is_empty(), "{file}: {told:?}\n{errors:#?}");
        }
    }
    assert!(counts.iter().all(|count| *count >= 10), "{counts:?}");
}

/// A collection with one of its steps at a time: the text, and where what is new in it begins.
fn steps_alone(text: &str) -> Vec<(usize, String)> {
    let Some(steps) = text.find("\nsteps:\n") else {
        return vec![(0, text.to_owned())];
    };
    let begin = Regex::new(r"(?m)^(?:  - |[a-z])").unwrap();
    let found = begin.find_iter(text).map(|found| found.start());
    let mut starts: Vec<usize> = found.filter(|start| *start > steps + 1).collect();
    let (mut head, mut new) = (text[..starts[0]].to_owned(), 0);
    starts.push(text.len());
    let mut alone = Vec::new();
    for part in starts.windows(2) {
        let part = &text[part[0]..part[1]];
        if part.starts_with("  - ") {
            alone.push((new, format!("{head}{part}")));
            new = head.len();
        } else {
            // `finally:` in the place of `steps:`.
            assert!(part.starts_with("finally:"), "{part}");
            head = format!("{}{part}", &text[..=steps]);
            new = steps + 1;
        }
    }
    alone
}

/// The shipped collections, a step at a time, with each scalar replaced by something else, and each
/// key misspelt.
fn mutants() -> Vec<String> {
    let scalar = Regex::new(r"(?m)(: |- )([^\s{\[|>][^\n]*)$").unwrap();
    let key = Regex::new(r"(?m)^( *(?:- )?)([a-z_]+)(:)").unwrap();
    let mut mutants = Vec::new();
    for file in files("collections") {
        let text = std::fs::read_to_string(file).unwrap();
        for (new, text) in steps_alone(&text) {
            let mut replace = |at: std::ops::Range<usize>, with: &str| {
                if at.start >= new {
                    mutants.push(format!("{}{with}{}", &text[..at.start], &text[at.end..]));
                }
            };
            for found in scalar.captures_iter(&text) {
                for other in ["[a]", "{ a: 1 }", "null", "5", "true", "a", "10s"] {
                    replace(found.get(2).unwrap().range(), other);
                }
            }
            for found in key.captures_iter(&text) {
                replace(found.get(2).unwrap().range(), "zz");
            }
        }
    }
    mutants
}

#[test]
fn the_schema_and_the_types_agree_on_collections_with_one_mistake() {
    let validator = validator();
    let mut refused = 0;
    for text in mutants() {
        let mut loader = Loader::default();
        // What it extends is not there, and not needed.
        let text = text.replace("extends: livechat.yaml\n", "");
        loader.load_bytes("a.yaml", text.clone().into_bytes());
        let told: Vec<_> = loader.diagnostics.into_sorted();
        let is_any = |wanted: Class| {
            let mut errors = told.iter().filter(|one| one.is_error());
            errors.any(|one| class(one.code, &one.message) == wanted)
        };
        if is_any(Class::Unreadable) {
            continue;
        }
        let valid = validator.is_valid(&instance(&text).unwrap());
        if is_any(Class::Structural) {
            refused += 1;
            assert!(!valid, "the schema accepts {told:?}:\n{text}");
        } else if !valid {
            // `check` may know more than the types do.
            let ran = Lab::new().run_with_input(["--list", "-"], &text);
            assert_eq!(ran.code, 2, "only the schema refuses this:\n{text}");
        }
    }
    assert!(refused > 200, "{refused}");
}

/// Calls `visit` with every key of the format: where it is, and its schema.
fn visit_keys(schema: &Value, path: &str, visit: &mut dyn FnMut(&str, &Value)) {
    match schema {
        Value::Object(parts) => {
            for (name, part) in parts {
                let path = format!("{path}/{name}");
                // Rules say when a key may be there, and not what it is.
                if name == "allOf" || name == "examples" {
                    continue;
                }
                if name == "properties" {
                    for (key, schema) in part.as_object().unwrap() {
                        visit(&format!("{path}/{key}"), schema);
                    }
                }
                visit_keys(part, &path, visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| visit_keys(item, path, visit)),
        _ => {}
    }
}

/// Every string in a value.
fn texts_of(value: &Value) -> Box<dyn Iterator<Item = &str> + '_> {
    match value {
        Value::String(text) => Box::new(std::iter::once(text.as_str())),
        Value::Array(items) => Box::new(items.iter().flat_map(texts_of)),
        Value::Object(entries) => Box::new(entries.values().flat_map(texts_of)),
        _ => Box::new(std::iter::empty()),
    }
}

#[test]
fn every_key_is_described_and_has_an_example_that_is_valid() {
    let schema = lcrun::collection::schema::schema();
    let mut keys = BTreeSet::new();
    visit_keys(&schema, "", &mut |path, key| {
        let name = path.rsplit('/').next().unwrap().to_owned();
        let description = key["description"].as_str().unwrap_or_default();
        assert!(description.ends_with('.'), "{path}: {description:?}");
        if description.starts_with("Not supported yet") {
            return;
        }
        let examples = key["examples"].as_array();
        let examples = examples.unwrap_or_else(|| panic!("{path} has no example"));
        let mut alone = key.clone();
        alone["$defs"] = schema["$defs"].clone();
        let validator = jsonschema::draft202012::new(&alone).unwrap();
        for example in examples {
            // A step in an example may be a part of one; a whole one has a name.
            assert!(validator.is_valid(example), "{path}: {example}");
            // Editors that complete a key write its example below it, without quotes.
            let is_plain = |text: &str| {
                let parts = [": ", " #"];
                !text.starts_with(|c| "{[*&!|>%@`\"'#,?-".contains(c))
                    && !parts.iter().any(|part| text.contains(part))
            };
            assert!(
                example.is_string() || texts_of(example).all(is_plain),
                "{path}: {example}"
            );
        }
        keys.insert(name);
    });
    for name in [
        "name",
        "request",
        "basic",
        "redact",
        "type",
        "sandbox",
        "follow_redirects",
    ] {
        assert!(keys.contains(name), "{name} is not in the schema");
    }
}

#[test]
fn an_editor_is_told_of_every_key_that_does_not_belong() {
    let validator = validator();
    let mut collection =
        json!({ "name": "A", "x-free": 1, "steps": [{ "name": "B", "x-too": [] }] });
    assert!(validator.is_valid(&collection));
    collection["steps"][0]["reqest"] = json!({});
    let errors: Vec<_> = validator.iter_errors(&collection).collect();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].instance_path().to_string(), "/steps/0");
}
