use crate::lab::Lab;
use crate::pty::Pty;
use crate::raw_server::{Answer, Heard, RawServer, ok};

const SEED: &str =
    "https://www.livechat.com/hello-again/?code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4&state=";

const PROMPT: &str = "the address that the browser ended on (an empty line ends it): ";

/// The tutorial as it would be run against the real API, with a server in its place.
fn lab() -> (Lab, RawServer) {
    let server = RawServer::start(|heard: &Heard| {
        Answer::Keep(match heard.method_and_target() {
            ("POST", "/v2/token") => ok(
                r#"{"access_token":"dal:token-1-secret","refresh_token":"refresh-1-secret","token_type":"Bearer","expires_in":28800,"scope":"chats--all:ro"}"#,
            ),
            ("POST", _) => ok(r#"{"chats_summary":[],"found_chats":0}"#),
            _ => ok("<form>log in</form>"),
        })
    });
    let mut lab = Lab::with_collections();
    lab.variable("NO_COLOR", "1");
    lab.edit(
        "collections/livechat.yaml",
        "https://accounts.livechat.com",
        &server.url(""),
    );
    lab.edit(
        "collections/livechat.yaml",
        "https://api.livechatinc.com",
        &server.url(""),
    );
    (lab, server)
}

fn start(lab: &Lab, args: &[&str]) -> Pty {
    let mut command = lab.command();
    command.args([
        "--env",
        "live",
        "--variable",
        "client_id=81e8a326ec4a63252faa0ae6f660c0c8",
    ]);
    command.args([
        "--secret",
        "client_secret=secret-of-mine",
        "collections/agent-flow.yaml",
    ]);
    command.args(args);
    Pty::spawn(command, 40, 300)
}

#[test]
fn the_address_of_the_tutorial_is_pasted_as_it_stands_there() {
    let (lab, server) = lab();
    let mut terminal = start(&lab, &[]);
    let shown = terminal.shows(PROMPT);
    let address = format!(
        "{}/?response_type=code&client_id=81e8a326ec4a63252faa0ae6f660c0c8&redirect_uri=https%3A%2F%2Fwww.livechat.com%2F&state=",
        server.url("")
    );
    assert!(shown.contains("open this address in a browser"), "{shown}");
    assert!(shown.contains(&address), "{shown}");
    terminal.press(&format!("{SEED}\r\r"));
    let report = terminal.shows("3 passed");
    assert!(report.contains("pasted  it carried no `state`"), "{report}");
    assert_eq!(terminal.ends(), 0);
    let exchange = server.next();
    assert_eq!(exchange.method_and_target(), ("POST", "/v2/token"));
    assert_eq!(
        exchange.body,
        "grant_type=authorization_code&code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4\
         &client_id=81e8a326ec4a63252faa0ae6f660c0c8&client_secret=secret-of-mine\
         &redirect_uri=https%3A%2F%2Fwww.livechat.com%2F"
    );
}

#[test]
fn an_address_that_was_broken_into_lines_is_joined() {
    let (lab, server) = lab();
    let mut terminal = start(&lab, &[]);
    terminal.shows(PROMPT);
    terminal.press(&format!("{}\r{}\r\r", &SEED[..60], &SEED[60..]));
    terminal.shows("3 passed");
    assert_eq!(terminal.ends(), 0);
    assert!(
        server
            .next()
            .body
            .contains("code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4&")
    );
}

#[test]
fn what_is_no_answer_is_said_and_asked_for_again() {
    let (lab, _server) = lab();
    let mut terminal = start(&lab, &[]);
    terminal.shows(PROMPT);
    terminal.press("https://accounts.livechat.com/?response_type=code&client_id=1\r\r");
    terminal.shows("this is the address to open");
    terminal.shows(PROMPT);
    terminal.press("https://www.livechat.com/\r\r");
    terminal.shows("neither a code nor a token");
    terminal.shows(PROMPT);
    terminal.press("?code=dal%3Aabcdef&state=of-another-run\r\r");
    terminal.shows("it belongs to another request");
    terminal.shows(PROMPT);
    terminal.press("dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4\r\r");
    terminal.shows("3 passed");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_refusal_can_be_pasted_too() {
    let (lab, _server) = lab();
    let mut terminal = start(&lab, &[]);
    terminal.shows(PROMPT);
    terminal.press("https://accounts.livechat.com/ooops?oauth_exception=access_denied\r\r");
    terminal.shows("the authorization was refused: `oauth_exception=access_denied`");
    assert_eq!(terminal.ends(), 4);
}

#[test]
fn who_gives_up_is_told_how_to_give_the_code_later() {
    let (lab, _server) = lab();
    let mut terminal = start(&lab, &[]);
    terminal.shows(PROMPT);
    terminal.press("?code=dal%3Aabcdef&state=of-another-run\r\r");
    terminal.shows("it belongs to another request");
    terminal.shows(PROMPT);
    terminal.press("\u{4}");
    terminal.shows("error[wrong-state]");
    assert_eq!(terminal.ends(), 4);
    let mut terminal = start(&lab, &[]);
    terminal.shows(PROMPT);
    terminal.press("\u{4}");
    terminal.shows("`--secret code=…`");
    assert_eq!(terminal.ends(), 3);
    let mut terminal = start(&lab, &[]);
    terminal.shows(PROMPT);
    terminal.press("\u{3}");
    assert_eq!(terminal.ends(), 130);
}

#[test]
fn a_secret_in_the_address_is_not_shown_and_the_step_says_why() {
    let (lab, _server) = lab();
    let mut terminal = start(&lab, &["--secret", "redirect_uri=https://secret.example/"]);
    terminal.shows("error[hidden-address]: the address holds a secret in `redirect_uri`");
    assert_eq!(terminal.ends(), 3);
}

#[test]
fn where_a_browser_is_at_hand_it_opens_by_itself_and_the_answer_is_pasted() {
    let (mut lab, _server) = lab();
    super::browser::note_addresses(&mut lab);
    let mut terminal = start(&lab, &[]);
    let address = super::browser::opened(&lab);
    let shown = terminal.shows(PROMPT);
    assert!(shown.contains("a browser opens this address"), "{shown}");
    assert!(shown.contains(address.as_str()), "{shown}");
    terminal.press(&format!("{SEED}\r\r"));
    terminal.shows("3 passed");
    assert_eq!(terminal.ends(), 0);
    // `paste` opens nothing, and CI neither opens nor asks.
    let mut terminal = start(&lab, &["--authorize", "paste"]);
    let shown = terminal.shows(PROMPT);
    assert!(shown.contains("open this address in a browser"), "{shown}");
    terminal.press("\u{3}");
    terminal.ends();
    lab.variable("CI", "true");
    let mut terminal = start(&lab, &[]);
    terminal.shows("a browser is needed");
    assert_eq!(terminal.ends(), 3);
}

#[test]
fn with_a_redirect_uri_of_this_machine_the_browser_comes_back_by_itself() {
    let (mut lab, _server) = lab();
    super::browser::note_addresses(&mut lab);
    let mut terminal = start(&lab, &["--variable", "redirect_uri=http://127.0.0.1:0/cb"]);
    super::browser::opened(&lab);
    let shown = terminal.shows("Ctrl-C ends the wait");
    assert!(
        shown.contains("it comes back to http://127.0.0.1:"),
        "{shown}"
    );
    assert!(shown.contains("within 5 minutes"), "{shown}");
}
