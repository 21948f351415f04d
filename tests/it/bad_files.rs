//! Broken collections: one file a kind of mistake, and what is said of it.

use std::path::Path;

use crate::lab::{Lab, settle};

/// Every file under `tests/fixtures/bad` is refused with exit code 2, at a place, with the message
/// that was reviewed, and nothing is sent.
#[test]
fn every_broken_collection_is_refused_with_the_message_that_was_reviewed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    files.sort();
    assert!(files.len() >= 60, "the fixtures were not found");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../fixtures/bad");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let lab = Lab::new();
        lab.write(&name, &std::fs::read_to_string(&file).unwrap());
        let ran = lab.run([&name]);
        assert_eq!(
            ran.code, 2,
            "{name} exits with {}:\n{}",
            ran.code, ran.stderr
        );
        assert_eq!(ran.stdout, "", "{name} prints a report");
        assert!(
            ran.stderr.contains(&format!("--> {name}:")),
            "{name} is told without a place:\n{}",
            ran.stderr
        );
        let told = settle(&ran.stderr);
        let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
        settings.bind(|| insta::assert_snapshot!(stem, told));
    }
}
