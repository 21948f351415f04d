//! What is kept between runs, and goes on where the last one ended.

use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::lab::Lab;
use crate::pty::Pty;
use crate::raw_server::{Answer, Heard, RawServer};

const COLLECTION: &str = "\
name: Orders
inputs: { url: null }
variables:
  code_verifier: \"{{ random_string(43) }}\"
  nonce: \"{{ random_string(20) }}\"
  base: \"{{ url }}/v1\"
steps:
  - name: Log in
    request: { url: \"{{ base }}/login\", query: { nonce: \"{{ nonce }}\", verifier: \"{{ code_verifier }}\" } }
    capture: { access_token: body.access_token, account: body.account }
  - name: Order
    request: { url: \"{{ base }}/order/{{ account }}\", auth: { bearer: \"{{ access_token }}\" } }
    capture: { order: body.order }
  - name: Look
    request: { url: \"{{ base }}/look/{{ order }}\", query: { nonce: \"{{ nonce }}\" } }
";

fn ok(body: &str, field: &str) -> Answer {
    Answer::Keep(
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{field}\r\n{body}",
            body.len()
        )
        .into_bytes(),
    )
}

/// A server that fails the first time somebody orders.
fn server() -> RawServer {
    let orders = AtomicUsize::new(0);
    RawServer::start(move |heard: &Heard| {
        let (_, target) = heard.method_and_target();
        if target.starts_with("/v1/login") {
            let cookie = "set-cookie: sid=cookie-monster-42\r\n";
            ok(
                r#"{"access_token":"tok-verysecret-1","account":"acme"}"#,
                cookie,
            )
        } else if target.starts_with("/v1/order") && orders.fetch_add(1, Ordering::SeqCst) == 0 {
            Answer::Keep(b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n".to_vec())
        } else {
            ok(r#"{"order":17}"#, "")
        }
    })
}

fn lab() -> Lab {
    let mut lab = Lab::new();
    lab.variable("NO_COLOR", "1");
    lab.write("a.yaml", COLLECTION);
    lab
}

fn target(heard: &Heard) -> String {
    heard.method_and_target().1.to_owned()
}

#[test]
fn a_run_goes_on_at_the_step_that_failed_with_what_the_last_one_had() {
    let (lab, server) = (lab(), server());
    let url = format!("--variable=url={}", server.url(""));
    lab.run([&*url, "--state=s.json", "a.yaml"]).exits(4);
    let (first, _) = (target(&server.next()), server.next());
    let mode = lab.path("s.json").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = lab.read("s.json");
    for secret in ["tok-verysecret-1", "cookie-monster-42"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(text.contains("\"account\": \"acme\""), "{text}");

    // What was left out is named, with how to give it.
    lab.run([&*url, "--state=s.json", "a.yaml"])
        .exits(1)
        .says("1 input of `a.yaml` has no value")
        .says("captured by log_in; the state leaves it out")
        .says("--secret access_token=…");
    let again = [
        &*url,
        "--secret=access_token=tok-verysecret-1",
        "--state=s.json",
        "a.yaml",
    ];
    lab.run(again)
        .exits(0)
        .says("note: the state holds no cookies, which are secrets")
        .says("2 passed")
        .never_says("tok-verysecret-1");
    let order = server.next();
    assert_eq!(target(&order), "/v1/order/acme");
    assert_eq!(
        order.field("Authorization"),
        Some("Bearer tok-verysecret-1")
    );
    assert_eq!(order.field("Cookie"), None);
    let look = target(&server.next());
    // A random variable is what it was.
    let nonce = first
        .split_once("nonce=")
        .unwrap()
        .1
        .split('&')
        .next()
        .unwrap();
    assert_eq!(look, format!("/v1/look/17?nonce={nonce}"));

    lab.run(again)
        .exits(0)
        .says("nothing is left to do: by `s.json` every step has passed");
    lab.run([&*url, "--state=s.json", "--from-step=look", "a.yaml"])
        .exits(0)
        .says("1 passed");
}

#[test]
fn secrets_are_kept_or_encrypted_where_that_was_asked_for() {
    for how in ["keep", "encrypt"] {
        let (mut lab, server) = (lab(), server());
        lab.variable("LCRUN_STATE_KEY", "correct horse");
        let url = format!("--variable=url={}", server.url(""));
        let secrets = format!("--state-secrets={how}");
        lab.run([&*url, &secrets, "--state=s.json", "a.yaml"])
            .exits(4);
        server.next();
        server.next();
        let shows = lab.read("s.json").contains("tok-verysecret-1");
        assert_eq!(shows, how == "keep");
        // It stays as the file has it.
        lab.run([&*url, "--state=s.json", "a.yaml"])
            .exits(0)
            .says("2 passed");
        let order = server.next();
        assert_eq!(
            order.field("Authorization"),
            Some("Bearer tok-verysecret-1")
        );
        assert_eq!(order.field("Cookie"), Some("sid=cookie-monster-42"));
        assert_eq!(
            lab.read("s.json").contains("tok-verysecret-1"),
            how == "keep"
        );
    }
}

#[test]
fn a_passphrase_is_asked_for_and_another_one_opens_nothing() {
    let (mut lab, server) = (lab(), server());
    let url = format!("--variable=url={}", server.url(""));
    let args = [&*url, "--state-secrets=encrypt", "--state=s.json", "a.yaml"];
    lab.run(args)
        .exits(1)
        .says("the secrets of the state need a passphrase: set `LCRUN_STATE_KEY`");
    let mut command = lab.command();
    command.args(args);
    let mut terminal = Pty::spawn(command, 30, 100);
    for (prompt, typed) in [
        ("passphrase of the state (not shown): ", "correct horse\r"),
        ("once more (not shown): ", "correct house\r"),
        ("passphrase of the state (not shown): ", "correct horse\r"),
        ("once more (not shown): ", "correct horse\r"),
    ] {
        let seen = terminal.shows(prompt);
        assert!(!seen.contains("horse") && !seen.contains("house"), "{seen}");
        terminal.press(typed);
    }
    terminal.shows("1 failed");
    assert_eq!(terminal.ends(), 4);
    lab.variable("LCRUN_STATE_KEY", "wrong horse");
    lab.run([&*url, "--state=s.json", "a.yaml"])
        .exits(1)
        .says("the secrets of `s.json` can't be opened: the passphrase is not the one");
}

#[test]
fn a_state_of_something_else_is_refused_and_a_changed_collection_is_noted() {
    let (lab, server) = (lab(), server());
    let url = format!("--variable=url={}", server.url(""));
    lab.run([&*url, "--state=s.json", "--state-secrets=keep", "a.yaml"])
        .exits(4);
    lab.write("b.yaml", COLLECTION);
    lab.run([&*url, "--state=s.json", "b.yaml"])
        .exits(1)
        .says("`s.json` is the state of `a.yaml`, not of `b.yaml`");
    lab.edit(
        "a.yaml",
        "inputs:",
        "environments: { live: { url: \"http://127.0.0.1:1\" } }\ninputs:",
    );
    lab.run([&*url, "--state=s.json", "a.yaml"])
        .exits(1)
        .says("`s.json` is the state of a run in no environment, not in the environment `live`");
    lab.write("a.yaml", &format!("{COLLECTION}    # changed\n"));
    lab.run([&*url, "--state=s.json", "a.yaml"])
        .exits(0)
        .says("note: the collection was changed since `s.json` was written");
    lab.write("s.json", "{\"form\": 1}");
    lab.run([&*url, "--state=s.json", "a.yaml"])
        .exits(1)
        .says("`s.json` is not the state of a run");
    assert_eq!(lab.read("s.json"), "{\"form\": 1}");
}

#[test]
fn a_state_that_can_not_be_written_is_told() {
    let (lab, server) = (lab(), server());
    let url = format!("--variable=url={}", server.url(""));
    lab.run([&*url, "--state=nowhere/s.json", "a.yaml"])
        .exits(1)
        .says("`nowhere/s.json` can't be written");
    lab.write("b.yaml", COLLECTION);
    lab.run([&*url, "--state=s.json", "a.yaml", "b.yaml"])
        .exits(1)
        .says("`--state` keeps the state of one collection");
}

#[cfg(feature = "sandbox")]
#[test]
fn the_sandbox_of_a_run_keeps_nothing_but_one_that_goes_on_does() {
    use lcrun::sandbox::{Options, Sandbox};

    let lab = Lab::with_collections();
    lab.run(["--state=s.json", "collections/agent-flow.yaml"])
        .exits(1)
        .says("its sandbox ends with the run");
    assert!(!lab.path("s.json").exists());

    let options = Options {
        port: 0,
        seed: None,
        ..Options::default()
    };
    let sandbox = Sandbox::start(&options).unwrap();
    let mut args: Vec<String> = ["--env=live", "--state=s.json", "--state-secrets=keep"]
        .map(str::to_owned)
        .into();
    for (name, value) in sandbox.inputs() {
        let known = [
            "accounts_url",
            "api_url",
            "client_id",
            "client_secret",
            "redirect_uri",
        ];
        if known.contains(&name) {
            args.push(format!("--variable={name}={value}"));
        }
    }
    args.push("collections/agent-flow.yaml".to_owned());
    let mut first = args.clone();
    first.push("--to-step=token".to_owned());
    lab.run(&first).exits(0).says("2 passed");
    lab.run(&args).exits(0).says("1 passed").says("List chats");
}
