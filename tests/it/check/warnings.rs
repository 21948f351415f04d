//! One file a family of warnings, with what is warned of and what is not, and what is said of it.

use crate::lab::fixtures;
use crate::lab::{Lab, settle};

/// Every file under `tests/fixtures/warnings` is accepted, with the warnings that were reviewed; in
/// none of them is a secret shown, or anything of the steps that are fine or meant.
#[test]
fn every_doubtful_collection_is_accepted_with_the_warnings_that_were_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../fixtures/warnings");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let files = fixtures("warnings");
    assert!(files.len() >= 10, "the fixtures were not found");
    for (name, text) in files {
        let lab = Lab::new();
        lab.write(&name, &text);
        let ran = lab.run(["check", &name]);
        ran.exits(0).says(" warning");
        for secret in [
            "A420efTzSm2CcqIybW4NLyghoWI",
            "ghp_abc",
            "0123456789abcdef",
            "0a1b2c3d4e5f6",
            "s3cret",
            "a1b2c3d4",
            "k0FTiZgtBkTLnzXlatwt6Fgvpp4",
            "MGMyYTViOWUt",
        ] {
            ran.never_says(secret);
        }
        let stem = name.trim_end_matches(".yaml").to_owned();
        settings.bind(|| insta::assert_snapshot!(stem, settle(&ran.stderr)));
    }
}

/// What a run prints first is what `check` prints.
#[test]
fn a_run_warns_as_the_check_does() {
    let (name, text) = fixtures("warnings").remove(0);
    let lab = Lab::new();
    lab.write(&name, &text);
    let checked = lab.run(["check", &name]);
    let listed = lab.run(["--list", &name]);
    assert_eq!(checked.stderr, listed.stderr);
    assert!(checked.stderr.contains("warning["));
}
