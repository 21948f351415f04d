use std::io::Write;

use lcrun::sandbox::{Options, Sandbox};

use super::browser::{end, note_addresses, opened, start};
use super::web_driver::WebDriver;
use crate::lab::Lab;

/// Says on the output of the tests that nothing was tested here, captured or not.
fn skipped() {
    let note = "SKIPPED: no Chromium here: `apt-get install chromium chromium-driver`\n";
    std::io::stderr().write_all(note.as_bytes()).unwrap();
}

/// The value that a sandbox supplies.
fn input(sandbox: &Sandbox, name: &str) -> String {
    let inputs = sandbox.inputs();
    let found = inputs.into_iter().find(|(key, _)| *key == name);
    found.unwrap().1
}

/// The tutorial, about to run against a sandbox as against a real server: with its live environment.
fn lab(sandbox: &Sandbox) -> Lab {
    let mut lab = Lab::with_collections();
    let url = input(sandbox, "accounts_url");
    for host in [
        "https://accounts.livechat.com",
        "https://api.livechatinc.com",
    ] {
        lab.edit("collections/livechat.yaml", host, &url);
    }
    lab.edit(
        "collections/agent-flow.yaml",
        "response_type: code",
        "response_type: code\n        prompt: consent",
    );
    note_addresses(&mut lab);
    lab
}

/// The arguments of a run with the sandbox's sample app.
fn live(sandbox: &Sandbox) -> Vec<String> {
    [
        "--env=live",
        &format!("--variable=client_id={}", input(sandbox, "client_id")),
        &format!("--secret=client_secret={}", input(sandbox, "client_secret")),
        "--variable=redirect_uri=http://127.0.0.1:0/callback",
        "collections/agent-flow.yaml",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[test]
fn a_person_allows_it_in_chromium_and_the_run_goes_on_to_list_chats() {
    let Some(mut chromium) = WebDriver::start() else {
        return skipped();
    };
    let sandbox = Sandbox::start(&Options::default()).unwrap();
    let lab = lab(&sandbox);
    let args = live(&sandbox);
    let child = start(&lab, &args.iter().map(String::as_str).collect::<Vec<_>>());
    chromium.open(&opened(&lab));
    chromium.click("button[value=allow]");
    chromium.shows_heading("The answer has come");
    assert_eq!(chromium.address().path(), "/callback");
    end(child)
        .exits(0)
        .says("Acquire the code                            GET /  in the browser")
        .says("List chats                                  POST /v3.6/agent/action/list_chats  200")
        .says("3 passed");
}

#[test]
fn a_person_cancels_it_in_chromium_and_the_wait_ends_with_what_that_may_mean() {
    let Some(mut chromium) = WebDriver::start() else {
        return skipped();
    };
    let sandbox = Sandbox::start(&Options::default()).unwrap();
    let lab = lab(&sandbox);
    lab.edit(
        "collections/agent-flow.yaml",
        "    authorize:\n",
        "    authorize:\n      timeout: 1s\n",
    );
    let args = live(&sandbox);
    let child = start(&lab, &args.iter().map(String::as_str).collect::<Vec<_>>());
    chromium.open(&opened(&lab));
    chromium.click("button[value=cancel]");
    chromium.shows_heading("Ooops");
    end(child)
        .exits(3)
        .says("the browser did not come back within 1 second")
        .says("if it shows an error, the server refused");
}

#[test]
fn the_token_of_an_implicit_grant_comes_back_by_the_fragment_in_chromium() {
    let Some(mut chromium) = WebDriver::start() else {
        return skipped();
    };
    let sandbox = Sandbox::start(&Options::default()).unwrap();
    let mut lab = Lab::new();
    note_addresses(&mut lab);
    lab.write(
        "a.yaml",
        &format!(
            r#"name: Implicit grant
inputs: {{ redirect_uri: "http://localhost:0/callback" }}
steps:
  - name: Acquire the token
    authorize:
      url: "{url}/"
      query: {{ response_type: token, client_id: {id}, redirect_uri: "{{{{ redirect_uri }}}}", prompt: consent }}
    capture:
      access_token: redirect.fragment.access_token
  - name: List chats
    request:
      method: POST
      url: "{url}/v3.6/agent/action/list_chats"
      auth: {{ bearer: "{{{{ access_token }}}}" }}
      json: {{}}
"#,
            url = input(&sandbox, "accounts_url"),
            id = input(&sandbox, "js_client_id"),
        ),
    );
    let child = start(&lab, &["a.yaml"]);
    chromium.open(&opened(&lab));
    chromium.click("button[value=allow]");
    chromium.shows_heading("The answer has come");
    // The token does not stay in the address, nor in the history behind it.
    assert_eq!(chromium.address().fragment(), None);
    end(child).exits(0).says("2 passed");
}
