use std::fs::{OpenOptions, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use url::Url;

use crate::lab::{Lab, Ran};
use crate::raw_server::{Answer, Heard, RawServer, ok};

/// No test takes so long: whatever has not come by then never will.
const WATCHDOG: Duration = Duration::from_secs(60);

/// A program that stands in for the browser: it notes the address that it should open.
pub fn note_addresses(lab: &mut Lab) {
    let fifo = lab.path("opened");
    let made = Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" > '{}'\n", fifo.display());
    lab.write("browser", &script);
    let program = lab.path("browser");
    std::fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    lab.variable("BROWSER", program.to_str().unwrap());
}

/// Waits for the address that a browser was asked to open.
#[track_caller]
pub fn opened(lab: &Lab) -> Url {
    let (send, address) = channel();
    let fifo = lab.path("opened");
    thread::spawn(move || {
        // Open for both, so that it does not end before something was written.
        let fifo = OpenOptions::new().read(true).write(true).open(fifo);
        let mut line = String::new();
        BufReader::new(fifo.unwrap()).read_line(&mut line).unwrap();
        send.send(line)
    });
    let line = address.recv_timeout(WATCHDOG).expect("nothing was opened");
    Url::parse(line.trim()).unwrap()
}

/// The binary, under way.
pub fn start(lab: &Lab, args: &[&str]) -> Child {
    let mut command = lab.command();
    command.args(["--authorize", "browser"]).args(args);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// How it ended.
pub fn end(child: Child) -> Ran {
    Ran::of(&child.wait_with_output().unwrap())
}

fn parameter(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs();
    let found = pairs.find(|(key, _)| key == name);
    found
        .unwrap_or_else(|| panic!("no {name} in {url}"))
        .1
        .into_owned()
}

/// Goes to an address as a browser does, and gives what is shown.
fn visit(address: &str) -> String {
    let url = Url::parse(address).unwrap();
    let authority = format!("127.0.0.1:{}", url.port().unwrap());
    let mut stream = TcpStream::connect(&authority).unwrap();
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request = format!("GET {target} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page
}

/// A collection that asks for a code with any free port and sends it on, and its server.
fn lab() -> (Lab, RawServer) {
    let server = RawServer::start(|heard: &Heard| {
        Answer::Keep(match heard.method_and_target() {
            ("POST", "/token") => ok(r#"{"token_type":"Bearer"}"#),
            _ => ok("<form>log in</form>"),
        })
    });
    let mut lab = Lab::new();
    note_addresses(&mut lab);
    lab.write(
        "a.yaml",
        &format!(
            r#"name: Authorize
inputs: {{ base_url: "{}", redirect_uri: "http://127.0.0.1:0/cb" }}
secrets: [code]
steps:
  - name: Ask
    id: ask
    authorize:
      url: "{{{{ base_url }}}}/"
      listen: "{{{{ redirect_uri }}}}"
      query: {{ response_type: code, redirect_uri: "{{{{ redirect_uri }}}}" }}
    capture:
      code: redirect.query.code
  - name: Exchange
    request:
      url: "{{{{ base_url }}}}/token"
      form: {{ code: "{{{{ code }}}}", redirect_uri: "{{{{ redirect_uri }}}}" }}
"#,
            server.url("")
        ),
    );
    (lab, server)
}

#[test]
fn the_browser_opens_and_the_free_port_stands_in_this_step_and_the_later_ones() {
    let (lab, server) = lab();
    let child = start(&lab, &["-vv", "a.yaml"]);
    let address = opened(&lab);
    let redirect_uri = parameter(&address, "redirect_uri");
    let port = Url::parse(&redirect_uri).unwrap().port().unwrap();
    assert_eq!(redirect_uri, format!("http://127.0.0.1:{port}/cb"));
    let state = parameter(&address, "state");
    assert_eq!(
        state.len(),
        32,
        "a state is added where the collection has none"
    );
    let page = visit(&format!("{redirect_uri}?code=dal%3Aabcdef&state={state}"));
    assert!(page.contains("You can close this window"), "{page}");
    end(child)
        .exits(0)
        .says(address.as_str())
        .says("in the browser")
        .says("2 passed")
        .never_says("abcdef");
    let exchange = server.next();
    assert_eq!(
        exchange.body,
        format!("code=dal%3Aabcdef&redirect_uri=http%3A%2F%2F127.0.0.1%3A{port}%2Fcb")
    );
}

#[test]
fn a_state_of_the_collection_is_sent_as_it_is_and_null_sends_none() {
    let (lab, _server) = lab();
    lab.edit("a.yaml", "response_type: code", "state: my-state-1");
    let child = start(&lab, &["a.yaml"]);
    let address = opened(&lab);
    assert_eq!(parameter(&address, "state"), "my-state-1");
    visit(&format!(
        "{}?code=abcdefgh&state=my-state-1",
        parameter(&address, "redirect_uri")
    ));
    end(child).exits(0);
    lab.edit("a.yaml", "state: my-state-1", "state: null");
    let child = start(&lab, &["a.yaml"]);
    let address = opened(&lab);
    assert!(!address.as_str().contains("state"), "{address}");
    visit(&format!(
        "{}?code=abcdefgh",
        parameter(&address, "redirect_uri")
    ));
    end(child).exits(0);
}

#[test]
fn an_answer_with_another_state_ends_the_step() {
    let (lab, _server) = lab();
    let child = start(&lab, &["a.yaml"]);
    let address = opened(&lab);
    let page = visit(&format!(
        "{}?code=abcdefgh&state=other",
        parameter(&address, "redirect_uri")
    ));
    assert!(page.contains("belongs to another request"), "{page}");
    end(child)
        .exits(4)
        .says("error[wrong-state]: the redirect carries another `state` than the request")
        .says("not run: stopped after ask")
        .never_says("abcdefgh");
}

#[test]
fn a_person_who_cancels_ends_the_step_with_the_refusal() {
    let (lab, _server) = lab();
    let child = start(&lab, &["a.yaml"]);
    let address = opened(&lab);
    let page = visit(&format!(
        "{}?error=access_denied",
        parameter(&address, "redirect_uri")
    ));
    assert!(page.contains("error=access_denied"), "{page}");
    end(child)
        .exits(4)
        .says("the authorization was refused: `error=access_denied`")
        .never_says("to repeat it");
}

#[test]
fn a_browser_that_does_not_come_back_is_waited_for_as_long_as_the_step_says() {
    let (lab, _server) = lab();
    lab.edit("a.yaml", "listen:", "timeout: 300ms\n      listen:");
    let child = start(&lab, &["a.yaml"]);
    let address = opened(&lab);
    end(child)
        .exits(3)
        .says("error[no-answer]: the browser did not come back within 300 ms")
        .says("--authorize paste");
    let redirect_uri = Url::parse(&parameter(&address, "redirect_uri")).unwrap();
    let port = redirect_uri.port().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn ctrl_c_ends_the_wait_at_once() {
    let (lab, _server) = lab();
    let child = start(&lab, &["a.yaml"]);
    opened(&lab);
    let pid = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(killed.success());
    end(child)
        .exits(130)
        .says("the wait for the browser was interrupted");
}

#[test]
fn a_port_that_another_program_has_is_told_with_what_to_do() {
    let (lab, _server) = lab();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!(
        "redirect_uri=http://127.0.0.1:{}/cb",
        other.local_addr().unwrap().port()
    );
    end(start(&lab, &["--variable", &uri, "a.yaml"]))
        .exits(3)
        .says("error[not-listening]")
        .says("is in use by another program")
        .says("take another port that the server allows");
}

#[test]
fn a_free_port_that_has_no_way_into_the_request_is_told() {
    let (lab, _server) = lab();
    lab.edit(
        "a.yaml",
        "redirect_uri: \"{{ redirect_uri }}\" }\n    capture",
        "redirect_uri: \"http://127.0.0.1:0/cb\" }\n    capture",
    );
    end(start(&lab, &["a.yaml"]))
        .exits(3)
        .says("error[open-port]");
}

#[test]
fn where_nobody_is_there_the_step_says_exactly_what_to_give() {
    let (lab, _server) = lab();
    let elsewhere = "redirect_uri=https://www.livechat.com/";
    for way in ["browser", "paste"] {
        lab.run(["--authorize", way, "--variable", elsewhere, "a.yaml"])
            .exits(3)
            .says("nobody can be asked: there is no terminal")
            .says("redirect_uri=https%3A%2F%2Fwww.livechat.com%2F")
            .says("`--secret code=…`");
    }
    // The code of another run would be of no use: the verifier is another one by then.
    lab.edit(
        "a.yaml",
        "response_type: code,",
        "code_challenge: abcdefgh,",
    );
    lab.run(["--variable", elsewhere, "a.yaml"])
        .exits(3)
        .says("binds the code to this run")
        .never_says("--secret code=…");
}

#[test]
fn an_address_with_a_secret_is_opened_but_not_shown() {
    let (lab, _server) = lab();
    lab.edit(
        "a.yaml",
        "response_type: code",
        "client_id: \"{{ env('MY_SECRET') }}\"",
    );
    let mut command = lab.command();
    command.args(["--authorize", "browser", "a.yaml"]);
    command.env("MY_SECRET", "hidden-value-1");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = child.spawn().unwrap();
    let address = opened(&lab);
    assert_eq!(parameter(&address, "client_id"), "hidden-value-1");
    visit(&format!(
        "{}?code=abcdefgh&state={}",
        parameter(&address, "redirect_uri"),
        parameter(&address, "state")
    ));
    end(child)
        .exits(0)
        .says("client_id=***")
        .never_says("hidden-value-1");
}
