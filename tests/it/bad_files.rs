//! Broken collections: one file a kind of mistake, and what is said of it.

use std::path::{Path, PathBuf};

use regex::Regex;

use crate::lab::{Lab, settle};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad")
}

/// The broken collections, by name.
fn files() -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    files.sort();
    files
}

/// Every file under `tests/fixtures/bad` is refused with exit code 2, at a place, with the message
/// that was reviewed, and nothing is sent.
#[test]
fn every_broken_collection_is_refused_with_the_message_that_was_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../fixtures/bad");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for file in files() {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let lab = Lab::new();
        // What some of them extend.
        let part = "parts/broken.yaml";
        lab.write(part, &std::fs::read_to_string(folder().join(part)).unwrap());
        std::fs::copy(&file, lab.path(&name)).unwrap();
        let ran = lab.run([&name]);
        assert_eq!(
            ran.code, 2,
            "{name} exits with {}:\n{}",
            ran.code, ran.stderr
        );
        assert_eq!(ran.stdout, "", "{name} prints a report");
        let told = settle(&ran.stderr);
        let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
        settings.bind(|| insta::assert_snapshot!(stem, told));
    }
}

/// What is told of all of them, as JSON: the severity, code, message, line and column of each, and
/// the text that is meant.
fn told_of(change: impl Fn(&str) -> String) -> Vec<String> {
    let lab = Lab::new();
    let mut names = vec!["parts/broken.yaml".to_owned()];
    for file in files() {
        names.push(file.file_name().unwrap().to_str().unwrap().to_owned());
    }
    for name in &names {
        let bytes = std::fs::read(folder().join(name)).unwrap();
        match String::from_utf8(bytes) {
            Ok(text) => lab.write(name, &change(&text)),
            Err(_) => continue,
        };
    }
    names.retain(|name| lab.path(name).exists());
    let ran = lab.run(
        ["check", "--message-format", "json"]
            .into_iter()
            .chain(names.iter().map(|name| &**name)),
    );
    let told = ran.exits(2).stderr.lines().map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        let (file, start, end) = (&message["file"], &message["start"], &message["end"]);
        let text = lab.read(file.as_str().unwrap());
        let at =
            |point: &serde_json::Value| usize::try_from(point["offset"].as_u64().unwrap()).unwrap();
        let meant = &text[at(start)..at(end)];
        let one = format!(
            "{file} {}:{} {} {} {} {meant:?}",
            start["line"],
            start["column"],
            message["severity"],
            message["code"],
            message["message"]
        );
        one.replace("\\r\\n", "\\n")
    });
    told.collect()
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_change_nothing_of_what_is_told() {
    let plain = told_of(str::to_owned);
    assert!(plain.len() > 200, "{}", plain.len());
    let windows = |text: &str| text.replace("\r\n", "\n").replace('\n', "\r\n");
    let marked = |text: &str| match text.strip_prefix('\u{feff}') {
        Some(_) => text.to_owned(),
        None => format!("\u{feff}{text}"),
    };
    for other in [
        told_of(windows),
        told_of(marked),
        told_of(|text| marked(&windows(text))),
    ] {
        for (plain, other) in plain.iter().zip(&other) {
            assert_eq!(plain, other);
        }
        assert_eq!(plain.len(), other.len());
    }
}

/// What serde and the parsers below it say where they know nothing better.
const FOREIGN: &str = "invalid type|invalid value|invalid length|missing field|unknown field|\
    unknown variant|duplicate field|did not match any variant|expected value at|expected one of|\
    at line \\d+|EOF while|while parsing|did not find|mapping values are not allowed|could not find";

/// Of every kind of mistake there is a file; no message speaks as the libraries below do, each has
/// a place, and each says what to type or shows what stands in the way.
#[test]
fn every_message_has_a_place_and_says_what_to_type_next() {
    let files = files();
    assert!(files.len() >= 120, "{} broken collections", files.len());
    let foreign = Regex::new(FOREIGN).unwrap();
    for file in files {
        let snapshot = std::fs::read_to_string(file.with_extension("snap")).unwrap();
        let (_, told) = snapshot.split_once("\n---\n").unwrap();
        assert!(!foreign.is_match(told), "{}:\n{told}", file.display());
        for message in told.split("\n\n").filter(|part| part.starts_with("error")) {
            let place = format!("--> {}:", file.file_name().unwrap().to_str().unwrap());
            let other = "--> parts/broken.yaml:";
            assert!(
                message.contains(&place) || message.contains(other),
                "{message}"
            );
            assert!(message.contains("help: "), "{}:\n{message}", file.display());
        }
    }
}
