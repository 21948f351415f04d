//! Inputs without a value, asked for at a terminal.

use crate::lab::Lab;
use crate::pty::Pty;
use crate::raw_server::RawServer;

const COLLECTION: &str = "\
name: Chats
inputs:
  url: { description: \"Where the **server** is\" }
  api_token: { description: \"Shown once\" }
  limit: { type: number }
steps:
  - name: List
    request: { url: \"{{ url }}/list\", auth: { bearer: \"{{ api_token }}\" }, json: { limit: \"{{ limit }}\" } }
";

fn lab() -> Lab {
    let mut lab = Lab::new();
    lab.variable("NO_COLOR", "1");
    lab.write("a.yaml", COLLECTION);
    lab
}

fn start(lab: &Lab, args: &[&str]) -> Pty {
    let mut command = lab.command();
    command.args(args);
    Pty::spawn(command, 30, 80)
}

#[test]
fn what_is_missing_is_asked_for_and_a_secret_is_never_seen() {
    let lab = lab();
    let server = RawServer::always("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    let mut terminal = start(&lab, &["-v", "a.yaml"]);
    terminal.shows("3 inputs of `a.yaml` have no value");
    let prompt = terminal.shows("url: ");
    assert!(prompt.contains("1 of 3") && prompt.contains("Where the server is"));
    terminal.press(&format!("{}x\u{7f}\r", server.url("")));
    terminal.shows("api_token (not shown): ");
    terminal.press("tok-verysecret-1\r");
    let typed = terminal.shows("limit: ");
    assert!(!typed.contains("tok-verysecret-1"), "{typed}");
    terminal.press("many\r");
    terminal.shows("`limit` is a number; that is not a number");
    terminal.shows("limit: ");
    terminal.press("5\r");
    let report = terminal.shows("1 passed");
    assert!(report.contains("api_token from typed"), "{report}");
    assert!(!report.contains("tok-verysecret-1"), "{report}");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.is_as_found());
    let heard = server.next();
    assert_eq!(
        heard.field("Authorization"),
        Some("Bearer tok-verysecret-1")
    );
    assert_eq!(heard.body, r#"{"limit":5}"#);
}

#[test]
fn ctrl_c_at_a_prompt_ends_with_130() {
    let lab = lab();
    let mut terminal = start(&lab, &["a.yaml"]);
    terminal.shows("url: ");
    terminal.press("http\u{3}");
    assert_eq!(terminal.ends(), 130);
    assert!(terminal.is_as_found());
}

#[test]
fn ctrl_d_at_a_prompt_says_how_else_to_give_it() {
    let lab = lab();
    let mut terminal = start(&lab, &["a.yaml"]);
    terminal.shows("url: ");
    terminal.press("\u{4}");
    terminal.shows("give them on the command line");
    assert_eq!(terminal.ends(), 1);
    assert!(terminal.is_as_found());
}

#[test]
fn a_signal_at_a_prompt_leaves_the_terminal_as_it_was() {
    let lab = lab();
    let mut terminal = start(&lab, &["a.yaml"]);
    terminal.shows("url: ");
    terminal.terminate();
    assert_eq!(terminal.ends(), 130);
    assert!(terminal.is_as_found());
}

#[test]
fn nobody_is_asked_in_ci_or_with_no_input() {
    let mut lab = lab();
    let mut terminal = start(&lab, &["--no-input", "a.yaml"]);
    terminal.shows("give them on the command line");
    assert_eq!(terminal.ends(), 1);
    lab.variable("CI", "true");
    let mut terminal = start(&lab, &["a.yaml"]);
    terminal.shows("give them on the command line");
    assert_eq!(terminal.ends(), 1);
    lab.run(["a.yaml"]).exits(1).says("3 inputs of `a.yaml`");
}
