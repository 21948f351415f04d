//! A tutorial step by step, at a terminal.

use lcrun::sandbox::{Options, Sandbox};

use crate::lab::Lab;
use crate::pty::Pty;

fn start(lab: &Lab, args: &[&str], columns: u16) -> Pty {
    let mut command = lab.command();
    command.args(args);
    Pty::spawn(command, 40, columns)
}

fn plain(mut lab: Lab) -> Lab {
    lab.variable("NO_COLOR", "1");
    lab
}

/// What stands behind the keys of every question.
const HELP: &str = "? help";

/// The secret of the sandbox's app, where its numbers begin with this seed.
fn client_secret(seed: u64) -> String {
    let options = Options {
        port: 0,
        seed: Some(seed),
        ..Options::default()
    };
    let sandbox = Sandbox::start(&options).unwrap();
    let inputs = sandbox.inputs();
    let found = inputs.iter().find(|(name, _)| *name == "client_secret");
    found.unwrap().1.clone()
}

#[test]
fn a_wrong_secret_is_mended_and_the_step_repeated() {
    let lab = plain(Lab::with_collections());
    let secret = client_secret(7);
    let args = [
        "--step",
        "--seed=7",
        "--secret=client_secret=wrong-secret-of-mine",
        "--report-junit=report.xml",
        "collections/agent-flow.yaml",
    ];
    let mut terminal = start(&lab, &args, 100);
    let head = terminal.shows("You need");
    assert!(head.contains("Authorization in practice"), "{head}");
    terminal.shows("1 · Configure the Authorization building block");
    terminal.shows(HELP);
    terminal.press("\r");
    let code = terminal.shows(HELP);
    assert!(code.contains("2 · Acquire the code"), "{code}");
    assert!(code.contains("browser: http://127.0.0.1"), "{code}");
    assert!(code.contains("  the sandbox"), "{code}");
    terminal.press("\r");
    let token = terminal.shows(HELP);
    assert!(token.contains("captured code = \"***\""), "{token}");
    assert!(token.contains("✓ code is not containing"), "{token}");
    assert!(token.contains("POST http://127.0.0.1"), "{token}");
    assert!(
        token.contains("client_secret = \"***\"  --secret"),
        "{token}"
    );
    assert!(
        token.contains("code = \"***\"  captured by code"),
        "{token}"
    );
    terminal.press("\r");
    let failed = terminal.shows(HELP);
    assert!(failed.contains("the server answered 401"), "{failed}");
    assert!(failed.contains("c go on"), "{failed}");
    terminal.press("e");
    terminal.shows("edit (NAME=VALUE, or NAME): ");
    terminal.press("client_secret\r");
    terminal.shows("client_secret (not shown): ");
    terminal.press(&format!("{secret}\r"));
    let mended = terminal.shows("`client_secret` has another value now");
    assert!(!mended.contains(&secret), "{mended}");
    terminal.shows(HELP);
    terminal.press("r");
    let list = terminal.shows(HELP);
    assert!(list.contains("✓ body.token_type == \"Bearer\""), "{list}");
    assert!(list.contains("4 · List chats"), "{list}");
    terminal.press("p");
    terminal.shows("print (a name or an expression): ");
    terminal.press("body.expires_in // 3600\r");
    terminal.shows("8\r\n");
    terminal.shows(HELP);
    terminal.press("\r");
    let end = terminal.shows("3 passed in");
    assert!(end.contains("chats_summary"), "{end}");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.is_as_found());
    let report = lab.read("report.xml");
    assert_eq!(report.matches("<testcase ").count(), 3, "{report}");
    assert!(report.contains("failures=\"0\""), "{report}");
    assert!(!report.contains(&secret));
}

/// Three steps of which the second one asks for what the first one captured, and one at the end.
const LOCAL: &str = "\
name: Local
inputs: { start: 1 }
variables:
  twice: \"{{ start * 2 }}\"
steps:
  - name: First
    capture: { first: start }
    assert: [start > 1, twice > 2]
  - name: Second
    when: first > 5
    assert: [true]
  - name: Prose
    description: Read **this**.
  - name: Third
    assert: [first == 2]
finally:
  - name: Clean up
    assert: [true]
";

fn local() -> Lab {
    let lab = Lab::new();
    lab.write("a.yaml", LOCAL);
    plain(lab)
}

#[test]
fn what_hangs_on_a_value_is_worked_out_again() {
    let lab = local();
    let mut terminal = start(&lab, &["--step", "a.yaml"], 80);
    terminal.shows(HELP);
    terminal.press("\r");
    let failed = terminal.shows(HELP);
    assert!(
        failed.contains("✗ start > 1") && failed.contains("✗ twice > 2"),
        "{failed}"
    );
    terminal.press("e");
    terminal.shows("edit");
    terminal.press("start=two\r");
    terminal.shows("`start` is a number; that is not a number");
    terminal.shows(HELP);
    terminal.press("e");
    terminal.shows("edit");
    terminal.press("strat=2\r");
    terminal.shows("did you mean `start`?");
    terminal.shows(HELP);
    terminal.press("e");
    terminal.shows("edit");
    terminal.press("start=2\r");
    terminal.shows("`start` has another value now, and so has `twice`");
    terminal.shows(HELP);
    terminal.press("r");
    let second = terminal.shows("Read this.");
    assert!(second.contains("skipped: `first > 5` is false"), "{second}");
    terminal.shows(HELP);
    terminal.press("c");
    terminal.shows("3 passed, 1 skipped in");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn who_leaves_has_the_last_steps_run_all_the_same() {
    let lab = local();
    let args = [
        "--step",
        "--variable=start=2",
        "--report-junit=r.xml",
        "a.yaml",
    ];
    let mut terminal = start(&lab, &args, 80);
    terminal.shows(HELP);
    terminal.press("\r");
    terminal.shows("Read this.");
    terminal.shows(HELP);
    terminal.press("q");
    terminal.shows("leaving: no further step is done but `finally` ones");
    terminal.shows("Clean up");
    terminal.shows("2 passed, 1 skipped, 1 not run in");
    assert_eq!(terminal.ends(), 0);
    assert!(lab.read("r.xml").contains("left at prose"));
}

#[test]
fn a_failed_step_that_is_left_behind_fails_the_run() {
    let lab = local();
    let mut terminal = start(&lab, &["--step", "a.yaml"], 80);
    terminal.shows(HELP);
    terminal.press("s");
    terminal.shows("skipped: by hand");
    let second = terminal.shows(HELP);
    assert!(second.contains("needs first from first"), "{second}");
    terminal.press("s");
    terminal.shows("Read this.");
    terminal.shows(HELP);
    terminal.press("\r");
    let third = terminal.shows(HELP);
    assert!(third.contains("needs first from first"), "{third}");
    terminal.press("e");
    terminal.shows("edit");
    terminal.press("first=3\r");
    terminal.shows(HELP);
    terminal.press("\r");
    let failed = terminal.shows(HELP);
    assert!(failed.contains("✗ first == 2"), "{failed}");
    terminal.press("c");
    terminal.shows("Clean up");
    terminal.shows(HELP);
    terminal.press("\r");
    terminal.shows("1 passed, 1 failed");
    assert_eq!(terminal.ends(), 4);
}

#[test]
fn ctrl_c_leaves_with_130_and_the_terminal_as_it_was() {
    let lab = local();
    let mut terminal = start(&lab, &["--step", "a.yaml"], 80);
    terminal.shows(HELP);
    terminal.press("\u{3}");
    terminal.shows("passed");
    assert_eq!(terminal.ends(), 130);
    assert!(terminal.is_as_found());
}

#[test]
fn no_row_is_wider_than_the_terminal() {
    for columns in [40, 200] {
        let mut lab = plain(Lab::with_collections());
        lab.variable("LCRUN_VARIABLE_client_id", "an-id");
        let mut terminal = start(&lab, &["--step", "collections/agent-flow.yaml"], columns);
        let mut all = String::new();
        for _ in 0..4 {
            all.push_str(&terminal.shows(HELP));
            terminal.press("\r");
        }
        all.push_str(&terminal.shows("3 passed in"));
        assert_eq!(terminal.ends(), 0);
        let wide = all
            .lines()
            .find(|row| row.chars().count() > usize::from(columns));
        assert_eq!(wide, None);
    }
}

#[test]
fn a_live_environment_asks_for_what_it_needs_and_shows_no_secret() {
    let lab = plain(Lab::with_collections());
    let args = ["--step", "--env=live", "collections/agent-flow.yaml"];
    let mut terminal = start(&lab, &args, 200);
    terminal.shows("client_id: ");
    terminal.press("my-client-id\r");
    terminal.shows("client_secret (not shown): ");
    terminal.press("my-very-secret\r");
    terminal.shows(HELP);
    terminal.press("\r");
    let code = terminal.shows(HELP);
    assert!(code.contains("https://accounts.livechat.com/?"), "{code}");
    assert!(
        code.contains("client_id = \"my-client-id\"  typed"),
        "{code}"
    );
    terminal.press("s");
    let token = terminal.shows(HELP);
    assert!(token.contains("needs code from code"), "{token}");
    terminal.press("e");
    terminal.shows("edit");
    terminal.press("code=dal:not-shown-either\r");
    let token = terminal.shows(HELP);
    assert!(
        token.contains("code=***&client_id=my-client-id&client_secret=***"),
        "{token}"
    );
    assert!(
        !token.contains("not-shown-either") && !token.contains("my-very-secret"),
        "{token}"
    );
    terminal.press("q");
    terminal.shows("not run");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn without_a_terminal_step_says_so() {
    local()
        .run(["--step", "a.yaml"])
        .exits(1)
        .says("`--step` goes through a tutorial with a person and needs a terminal");
}
