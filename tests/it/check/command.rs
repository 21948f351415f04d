//! What `lcrun check` looks at, prints and ends with.

use crate::lab::Lab;

const FINE: &str = "name: Fine
extends: shared.yaml
steps:
  - name: Look
    request: { url: \"{{ base_url }}\" }
";

const SHARED: &str = "# yaml-language-server: $schema=collection.schema.json
name: Shared
inputs: { base_url: http://127.0.0.1:9, for_others: 1 }
";

fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("a.yaml", FINE)
        .write("sub/b.yaml", &FINE.replace("shared", "../shared"))
        .write("shared.yaml", SHARED)
        .write("docker-compose.yaml", "name: x\nservices: {}\n");
    lab
}

#[test]
fn a_folder_is_checked_with_what_its_collections_extend() {
    let all = "checked 3 collections: nothing is wrong\n";
    for arguments in [&["check"][..], &["check", "."], &["check", "**/*.yaml"]] {
        let ran = lab().run(arguments);
        ran.exits(0);
        assert_eq!((&*ran.stdout, &*ran.stderr), (all, ""), "{arguments:?}");
    }
    let ran = lab().run(["check", "shared.yaml"]);
    assert_eq!(
        ran.exits(0).stdout,
        "checked 1 collection: nothing is wrong\n"
    );
}

#[test]
fn standard_input_is_checked_too() {
    let text = "name: x\nsteps:\n  - nmae: y\n";
    lab()
        .run_with_input(["check", "-"], text)
        .exits(2)
        .says("<stdin>:3:5")
        .says("checked 1 collection: 1 error\n");
    // What can't be read counts, and what is named twice is read once.
    for arguments in [["check", "-", "-"], ["check", "-", "a.yaml"]] {
        let ran = lab().run_with_input(arguments, "name: [\n");
        let files = if arguments[2] == "-" {
            "1 collection"
        } else {
            "3 collections"
        };
        ran.exits(2).says(&format!("checked {files}: 1 error\n"));
    }
}

#[test]
fn a_file_that_is_no_text_and_that_many_extend_is_told_once() {
    let lab = lab();
    std::fs::write(lab.path("shared.yaml"), b"name: caf\xe9\n").unwrap();
    let ran = lab.run(["check", "a.yaml", "sub/b.yaml"]);
    ran.exits(2).says("checked 3 collections: 1 error\n");
}

#[test]
fn a_mistake_in_a_file_that_many_extend_is_told_once() {
    let lab = lab();
    lab.edit(
        "shared.yaml",
        "for_others: 1",
        "for_others: 1, for_others: 2",
    );
    let ran = lab.run(["check"]);
    ran.exits(2).says("checked 3 collections: 1 error\n");
    assert_eq!(ran.stderr.matches("duplicate-key").count(), 1);
}

#[test]
fn what_does_not_exist_is_exit_code_1() {
    lab()
        .run(["check", "nope.yaml"])
        .exits(1)
        .says("does not exist");
    let empty = Lab::new();
    empty
        .run(["check"])
        .exits(1)
        .says("there is no collection in `.`");
}

#[test]
fn denied_warnings_are_errors_in_a_check_and_in_a_run() {
    let lab = lab();
    lab.edit("a.yaml", "    request", "    when: false\n    request");
    lab.run(["check", "a.yaml"])
        .exits(0)
        .says("warning[never-runs]")
        .says(": 1 warning\n");
    lab.run(["check", "--deny", "warnings", "a.yaml"])
        .exits(2)
        .says("error[never-runs]")
        .says(": 1 error\n");
    lab.run(["a.yaml", "--deny", "warnings"])
        .exits(2)
        .says("error[never-runs]")
        .says("1 error; nothing was sent");
    lab.run(["a.yaml"]).exits(0).says("warning[never-runs]");
}

#[test]
fn values_that_do_not_fit_are_told_at_once_and_missing_ones_not_at_all() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: x
inputs: { limit: 1, deep: false, url: }
environments: { one: {} }
steps:
  - name: Look
    request: { url: \"{{ url }}/{{ limit }}/{{ deep }}\" }
",
    );
    lab.run(["check", "a.yaml"]).exits(0);
    let given = ["--variable", "limit=x", "--variable", "deep=y"];
    for command in [
        &["check", "a.yaml"][..],
        &["a.yaml", "--variable", "url=http://a"],
    ] {
        lab.run(command.iter().chain(&given))
            .exits(1)
            .says("`limit` is a number, but x is not a number")
            .says("`deep` is a boolean, but y is neither `true` nor `false`");
    }
    lab.run(["check", "a.yaml", "--variable", "limt=1"])
        .exits(1)
        .says("did you mean `limit`?");
    lab.run(["check", "a.yaml", "--env", "two"])
        .exits(1)
        .says("`a.yaml` has no environment `two`");
}

#[test]
fn machines_get_one_line_a_message_and_no_summary() {
    let lab = lab();
    lab.edit("a.yaml", "    request", "    when: false\n    request");
    let ran = lab.run(["check", "--message-format", "short"]);
    assert_eq!(ran.exits(0).stdout, "");
    assert!(ran.stderr.starts_with("a.yaml:5:11: warning[never-runs]: "));
    let ran = lab.run(["check", "--message-format", "json"]);
    assert!(
        ran.stderr
            .starts_with("{\"severity\":\"warning\",\"code\":\"never-runs\"")
    );
}

#[cfg(feature = "sandbox")]
#[test]
fn the_shipped_collections_give_no_warnings() {
    let ran = Lab::with_collections().run(["check", "--deny", "warnings", "collections"]);
    assert_eq!(ran.exits(0).stderr, "");
}
