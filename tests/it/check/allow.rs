//! `allow`: warnings that a step or a file does not want to hear.

use crate::lab::Lab;

const NUMBERS: &str = "name: Numbers
steps:
  - name: One
    request: { url: http://127.0.0.1:9/, json: { a: 1.50 } }
  - name: Many
    steps:
      - name: Two
        request: { url: http://127.0.0.1:9/, json: { b: 2.50 } }
";

fn listed(text: &str) -> String {
    let ran = Lab::new().run_with_input(["--list", "-"], text);
    ran.exits(0);
    ran.stderr
}

#[test]
fn a_step_silences_its_own_warnings_and_no_others() {
    assert_eq!(listed(NUMBERS).matches("number-changes").count(), 2);
    let one = NUMBERS.replace("One\n", "One\n    allow: [number-changes]\n");
    assert!(!listed(&one).contains("1.50") && listed(&one).contains("2.50"));
    let another = NUMBERS.replace("One\n", "One\n    allow: [unused-capture]\n");
    assert_eq!(listed(&another).matches("number-changes").count(), 2);
}

#[test]
fn a_group_silences_those_of_its_steps_and_a_file_all_of_its_own() {
    let group = NUMBERS.replace("Many\n", "Many\n    allow: [number-changes]\n");
    assert!(listed(&group).contains("1.50") && !listed(&group).contains("2.50"));
    let file = NUMBERS.replace("Numbers\n", "Numbers\nallow: [number-changes]\n");
    assert_eq!(listed(&file), "");
}

#[test]
fn a_code_that_is_no_warning_is_answered_with_the_one_that_was_meant() {
    let text = NUMBERS.replace("One\n", "One\n    allow: [number-change]\n");
    Lab::new()
        .run_with_input(["--list", "-"], &text)
        .exits(2)
        .says("unknown value `number-change`")
        .says("did you mean `number-changes`?");
    let error = NUMBERS.replace("One\n", "One\n    allow: [undefined-name]\n");
    Lab::new()
        .run_with_input(["--list", "-"], &error)
        .exits(2)
        .says("unknown value `undefined-name`");
}
