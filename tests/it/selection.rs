//! Which collections and steps run: paths, selection, `--list`, `--dry-run`.

use crate::lab::Lab;

const STEPS: &str = "name: Steps
tags: [all]
steps:
  - name: Prose
  - name: First step
    tags: [quick]
    assert: [true]
  - name: Group
    tags: [grouped]
    steps:
      - name: Inner one
        assert: [true]
      - name: Inner two
        tags: [quick]
        assert: [true]
  - name: Last
    id: the_end
    assert: [true]
finally:
  - name: Clean up
    assert: [true]
";

/// The names of the steps that passed.
fn passed(args: &[&str]) -> Vec<String> {
    let lab = Lab::new();
    lab.write("a.yaml", STEPS);
    let ran = lab.run(args.iter().chain(&["a.yaml"]));
    ran.exits(0);
    let lines = ran.stdout.lines();
    lines
        .filter_map(|line| line.trim().strip_prefix("✓ "))
        .map(|name| name.trim().to_owned())
        .collect()
}

#[test]
fn steps_are_selected_by_id_name_or_number_and_finally_always_runs() {
    let all = ["First step", "Inner one", "Inner two", "Last", "Clean up"];
    assert_eq!(passed(&[]), all);
    assert_eq!(
        passed(&["--only", "first_step"]),
        ["First step", "Clean up"]
    );
    assert_eq!(passed(&["--only", "Inner two"]), ["Inner two", "Clean up"]);
    assert_eq!(passed(&["--only", "3.1"]), ["Inner one", "Clean up"]);
    assert_eq!(
        passed(&["--only", "2", "--only", "the_end"]),
        ["First step", "Last", "Clean up"]
    );
    assert_eq!(
        passed(&["--only", "group"]),
        ["Inner one", "Inner two", "Clean up"]
    );
    assert_eq!(
        passed(&["--from-step", "inner_two"]),
        ["Inner two", "Last", "Clean up"]
    );
    assert_eq!(
        passed(&["--to-step", "3"]),
        ["First step", "Inner one", "Inner two", "Clean up"]
    );
    assert_eq!(
        passed(&["--from-step", "2", "--to-step", "2"]),
        ["First step", "Clean up"]
    );
}

#[test]
fn steps_are_selected_by_their_tags_and_those_around_them() {
    assert_eq!(
        passed(&["--tags", "quick"]),
        ["First step", "Inner two", "Clean up"]
    );
    assert_eq!(
        passed(&["--tags", "grouped"]),
        ["Inner one", "Inner two", "Clean up"]
    );
    assert_eq!(
        passed(&["-t", "all", "--exclude-tags", "quick,x"]),
        ["Inner one", "Last", "Clean up"]
    );
}

#[test]
fn a_step_that_is_not_there_is_named_with_the_one_that_was_meant() {
    let lab = Lab::new();
    lab.write("a.yaml", STEPS);
    lab.run(["--only", "first_setp", "a.yaml"])
        .exits(1)
        .says("there is no step `first_setp`")
        .says("did you mean `first_step`?");
    lab.run(["--tags", "nothing", "a.yaml"])
        .exits(1)
        .says("no step of `a.yaml` was selected");
}

#[test]
fn list_shows_collections_and_steps_and_sends_nothing() {
    let lab = Lab::new();
    lab.write("a.yaml", STEPS);
    insta::assert_snapshot!(lab.run(["--list", "a.yaml"]).told());
}

#[cfg(feature = "sandbox")]
#[test]
fn a_dry_run_prints_each_request_as_a_curl_line_and_sends_nothing() {
    let lab = Lab::with_collections();
    lab.write(
        "collections/.env",
        "client_secret=a-real-secret\nclient_id=from-a-file\n",
    );
    let ran = lab.run(["--dry-run", "--env", "live", "collections/agent-flow.yaml"]);
    ran.never_says("a-real-secret");
    insta::assert_snapshot!(ran.told());
    lab.run(["--dry-run", "collections/agent-flow.yaml"])
        .exits(0);
}

#[test]
fn files_folders_globs_and_standard_input_are_run() {
    let lab = Lab::new();
    let collection =
        |name: &str| format!("name: {name}\nsteps: [{{ name: Step of {name}, assert: [true] }}]\n");
    lab.write("c/one.yaml", &collection("One"))
        .write("c/deep/two.yml", &collection("Two"))
        .write("c/shared.yaml", "name: Shared\ninputs: { a: 1 }\n")
        .write("c/notes.txt", "no collection");
    lab.run(["c"])
        .exits(0)
        .says("2 collections: 2 passed")
        .never_says("Shared");
    lab.run(["c/*.yaml"])
        .exits(0)
        .says("Step of One")
        .never_says("Step of Two");
    lab.run(["c/**/*.y*ml"]).exits(0).says("2 collections");
    lab.run(["c/one.yaml", "c/one.yaml", "c"])
        .exits(0)
        .says("2 collections");
    lab.run_with_input(["-"], &collection("Three"))
        .exits(0)
        .says("Three  <stdin>");
    lab.run_with_input(["-"], "name: Three\nsteps: [{ name: [] }]\n")
        .exits(2)
        .says("<stdin>:2:17");
}

#[test]
fn what_is_not_there_is_an_error() {
    let lab = Lab::new();
    lab.write("empty/notes.txt", "")
        .write("shared.yaml", "name: Shared\n");
    lab.run(["nowhere.yaml"])
        .exits(1)
        .says("`nowhere.yaml` does not exist");
    lab.run(["empty"])
        .exits(1)
        .says("there is no collection in `empty`");
    lab.run(["*.yml"])
        .exits(1)
        .says("no collection matches `*.yml`");
    lab.run(["shared.yaml"]).exits(1).says("has no steps");
    lab.run(["--no-such-flag", "shared.yaml"])
        .exits(1)
        .says("--no-such-flag");
    lab.run::<&str>([]).exits(1).says("Usage");
    lab.run(["--version"]).exits(0).says("lcrun ");
}

#[test]
fn nothing_is_sent_if_one_of_the_files_is_broken() {
    let lab = Lab::new();
    lab.write("a.yaml", STEPS)
        .write("b.yaml", "name: B\nsteps: [{ nmae: x }]\n");
    let ran = lab.run(["a.yaml", "b.yaml"]);
    ran.exits(2).says("b.yaml:2:11");
    assert_eq!(ran.stdout, "");
}
