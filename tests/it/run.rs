//! `lcrun PATH…`: what a run does, prints and ends with.

use crate::lab::Lab;
use crate::tutorials;

#[test]
fn the_tutorial_passes_on_the_sandbox_and_shows_three_passed_steps() {
    let lab = Lab::with_collections();
    let ran = lab.run(["collections/agent-flow.yaml"]);
    insta::assert_snapshot!(ran.told());
}

#[test]
fn a_folder_runs_every_collection_but_those_without_steps() {
    let lab = Lab::with_collections();
    let ran = lab.run(["collections/"]);
    ran.exits(0)
        .says(&format!("{} collections: ", tutorials::names().len()))
        .never_says("livechat.yaml")
        .never_says("sandbox.yaml");
}

#[test]
fn a_wrong_secret_blames_the_token_step_and_is_printed_nowhere() {
    let lab = Lab::with_collections();
    let place = lab.place("collections/agent-flow.yaml", "Exchange the code for");
    for verbosity in ["--color=never", "-v", "-vv", "-q"] {
        let ran = lab.run([
            verbosity,
            "--secret",
            "client_secret=hunter2-not-it",
            "collections/agent-flow.yaml",
        ]);
        ran.exits(4)
            .says("✗ Exchange the code for an access token")
            .says("unauthorized_client")
            .says(&place)
            .never_says("hunter2");
        if verbosity == "--color=never" {
            ran.says("- List chats")
                .says("not run: stopped after token");
        }
    }
}

#[test]
fn a_failed_assert_shows_its_line_and_the_value_of_its_parts() {
    let lab = Lab::with_collections();
    lab.edit(
        "collections/agent-flow.yaml",
        "body.expires_in == 28800",
        "body.expires_in == 3600",
    );
    let ran = lab.run(["collections/agent-flow.yaml"]);
    insta::assert_snapshot!(ran.told());
}

#[test]
fn after_an_error_the_run_goes_on_only_if_asked_to() {
    let lab = Lab::new();
    lab.write("a.yaml", TWO_ASSERTS);
    lab.run(["a.yaml"])
        .exits(4)
        .says("not run: stopped after first")
        .says("1 failed, 1 not run");
    lab.run(["--continue-on-error", "a.yaml"])
        .exits(4)
        .says("1 passed, 1 failed");
}

const TWO_ASSERTS: &str = "
name: Two
variables: { n: 1 }
steps:
  - name: First
    assert: [n == 2]
  - name: Second
    assert: [n == 1]
";

#[test]
fn a_step_whose_value_was_never_captured_is_skipped_and_says_what_it_needs() {
    let lab = Lab::with_collections();
    lab.edit(
        "collections/agent-flow.yaml",
        "    id: code\n",
        "    id: code\n    when: false\n",
    );
    lab.run(["collections/agent-flow.yaml"])
        .exits(0)
        .says("skipped: `false` is false")
        .says("skipped: needs code from code")
        .says("skipped: needs access_token from token");
}

#[test]
fn finally_steps_run_after_a_failure() {
    let lab = Lab::new();
    let text = format!("{TWO_ASSERTS}finally:\n  - name: Clean up\n    assert: [n == 1]\n");
    lab.write("a.yaml", &text);
    lab.run(["a.yaml"])
        .exits(4)
        .says("✓ Clean up")
        .says("1 passed, 1 failed, 1 not run");
}

const NEVER_CAPTURED: &str = r#"name: Never captured
inputs: { base_url: http://127.0.0.1:1 }
steps:
  - name: First
    request: { url: "{{ base_url }}/1" }
    when: false
    capture: { made: body.id }
  - name: Second
    request: { method: DELETE, url: "{{ base_url }}/2" }
    assert: [body.id == made]
  - name: Third
    tags: [smoke]
    assert: [true]
finally:
  - name: Clean up
    request: { url: "{{ base_url }}/{{ made }}" }
"#;

#[test]
fn a_step_whose_checks_need_a_value_that_was_never_captured_sends_nothing() {
    let lab = Lab::new();
    lab.write("a.yaml", NEVER_CAPTURED);
    lab.run(["a.yaml"])
        .exits(0)
        .says("- Second")
        .says("skipped: needs made from first")
        .says("1 passed, 3 skipped");
}

#[test]
fn a_selection_leaves_nothing_to_clean_up() {
    let lab = Lab::new();
    lab.write("c/a.yaml", NEVER_CAPTURED);
    lab.run(["--tags", "smoke", "c/a.yaml"])
        .exits(0)
        .says("✓ Third")
        .says("skipped: needs made from first");
    lab.write("c/b.yaml", "name: B\nsteps: [{ name: Other, assert: [true] }]\nfinally: [{ name: Never, assert: [false] }]\n");
    lab.run(["--tags", "smoke", "c"])
        .exits(0)
        .says("c/b.yaml  skipped: none of its steps was selected")
        .never_says("Never\n");
    lab.run(["--only", "second", "c/a.yaml"])
        .exits(0)
        .says("needs made from first");
}
