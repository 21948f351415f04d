//! Values from outside: who wins, where they come from, and what is said of wrong ones.

use crate::lab::Lab;

/// `x` is what the test says; `who` asserts it.
fn lab_expecting(who: &str) -> Lab {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        &format!(
            "name: A\ninputs: {{ x: default }}\nenvironments: {{ one: {{}}, two: {{ x: environment }} }}\nsteps:\n  - name: Who\n    assert: ['x == \"{who}\"']\n"
        ),
    );
    lab
}

#[test]
fn each_source_of_values_wins_over_those_below_it() {
    let rows = [
        "flag",
        "process",
        "file",
        "dotenv",
        "environment",
        "default",
    ];
    for (height, winner) in rows.iter().enumerate() {
        let mut lab = lab_expecting(winner);
        let mut args: Vec<&str> = Vec::new();
        for row in &rows[height..] {
            match *row {
                "flag" => args.extend(["--variable", "x=flag"]),
                "process" => {
                    lab.variable("LCRUN_VARIABLE_x", "process");
                }
                "file" => {
                    lab.write("values", "x=file\n");
                    args.extend(["--variables-file", "values"]);
                }
                "dotenv" => {
                    lab.write(".env", "OTHER=1\nx=dotenv\n");
                }
                "environment" => args.extend(["--env", "two"]),
                _ => {}
            }
        }
        args.push("a.yaml");
        lab.run(&args).exits(0);
    }
}

#[cfg(feature = "sandbox")]
#[test]
fn the_sandbox_wins_over_real_credentials_but_not_over_a_flag() {
    let mut lab = Lab::with_collections();
    lab.write("collections/.env", "client_secret=a-real-secret\n");
    lab.variable("LCRUN_SECRET_client_secret", "another-real-secret");
    lab.run(["collections/agent-flow.yaml"]).exits(0);
    lab.run([
        "--secret",
        "client_secret=not-the-one",
        "collections/agent-flow.yaml",
    ])
    .exits(4);
}

#[test]
fn verbose_says_where_a_value_came_from() {
    let lab = lab_expecting("dotenv");
    lab.write(".env", "# mine\n\nx=dotenv\n");
    lab.run(["-v", "a.yaml"]).exits(0).says("x from .env:3");
    lab.write("other.env", "x=dotenv\n");
    lab.run(["-v", "--env-file", "other.env", "a.yaml"])
        .exits(0)
        .says("x from other.env:1");
}

#[test]
fn every_missing_input_is_named_with_its_description_and_how_to_give_it() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: A
inputs:
  client_id: { description: Developer Console }
  api_token: { description: Shown once }
  unused:
steps:
  - name: Use
    assert: [client_id != api_token]
",
    );
    insta::assert_snapshot!(lab.run(["a.yaml"]).exits(1).told());
    lab.run([
        "--variable",
        "client_id=1",
        "--secret",
        "api_token=23456789",
        "a.yaml",
    ])
    .exits(0);
}

#[test]
fn a_name_that_is_no_input_is_refused_with_the_one_that_was_meant() {
    let mut lab = lab_expecting("default");
    lab.run(["--variable", "xx=1", "a.yaml"])
        .exits(1)
        .says("--variable: `xx` is not an input; did you mean `x`?");
    lab.variable("LCRUN_VARIABLE_zzzzz", "1");
    lab.run(["a.yaml"])
        .exits(1)
        .says("LCRUN_VARIABLE_zzzzz: `zzzzz` is not an input");
}

#[test]
fn a_value_is_read_as_the_type_of_its_input() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: A
inputs: { n: 1, on: false, text: '1', any: { type: json, default: [] } }
steps:
  - name: Types
    assert: [n == 5, on is boolean, text == '5', 'any.a == [1]']
",
    );
    let give = |n: &str, on: &str| {
        lab.run([
            "--variable",
            &format!("n={n}"),
            "--variable",
            &format!("on={on}"),
            "--variable",
            "text=5",
            "--variable",
            "any={\"a\":[1]}",
            "a.yaml",
        ])
    };
    give("5", "true").exits(0);
    give("five", "true")
        .exits(1)
        .says("`n` is a number, but five is not a number");
    give("5", "yes")
        .exits(1)
        .says("is neither `true` nor `false`");
}

#[test]
fn a_secret_that_was_typed_wrong_is_not_repeated() {
    let lab = lab_expecting("default");
    lab.run(["--secret", "hunter2-hunter2", "a.yaml"])
        .exits(1)
        .says("--secret NAME=VALUE")
        .never_says("hunter2");
    lab.run(["--secret", "n=hunter2-hunter2", "a.yaml"])
        .exits(1)
        .never_says("hunter2");
    lab.write("secrets", "x=fine\nhunter2-hunter2\n");
    lab.run(["--secrets-file", "secrets", "a.yaml"])
        .exits(1)
        .never_says("hunter2");
}

#[test]
fn an_environment_that_is_not_there_is_named_with_those_that_are() {
    let lab = lab_expecting("default");
    lab.run(["--env", "live", "a.yaml"])
        .exits(1)
        .says("no environment `live`")
        .says("`one` and `two`");
    lab.write(
        "b.yaml",
        "name: B\nsteps: [{ name: One, assert: [true] }]\n",
    );
    lab.edit("a.yaml", "two:", "live:")
        .edit("a.yaml", "\"default\"", "\"environment\"");
    lab.run(["--env", "live", "a.yaml", "b.yaml"])
        .exits(0)
        .says("- b.yaml  skipped: it has no environment live");
}

#[test]
fn variables_are_worked_out_once_from_inputs_and_each_other() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: A
inputs: { host: example.com }
variables:
  url: \"https://{{ path }}\"
  path: \"{{ host }}/x\"
  id: \"{{ uuid() }}\"
  same: \"{{ id }}\"
  unused: \"{{ env('NOT_SET') }}\"
steps:
  - name: Once
    assert: [url == 'https://example.com/x', id == same, id is uuid]
",
    );
    lab.run(["a.yaml"]).exits(0);
    lab.run(["--variable", "url=x", "a.yaml"])
        .exits(1)
        .says("`url` is not an input");
}
