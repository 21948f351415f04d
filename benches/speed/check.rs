//! How much longer `lcrun check` takes than the mere parse of the same file.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lcrun::cli::{app, context::Context};
use lcrun::diagnostic::Diagnostics;
use lcrun::source::Sources;
use lcrun::yaml;

use super::{median, timed};

/// Steps of the file that the ratio is about; the others show whether it grows with the file.
const STEPS: usize = 10_000;

/// Rounds of each side; the median counts.
const ROUNDS: usize = 7;

/// Prints the ratio for a file of [`STEPS`] steps, a smaller and a larger one.
pub fn measure(folder: &Path) {
    println!("\nlcrun check beside the mere parse");
    for steps in [STEPS / 5, STEPS, STEPS * 2] {
        let file = collection(folder, steps);
        let mut parses = Vec::new();
        let mut checks = Vec::new();
        for _ in 0..ROUNDS {
            parses.push(timed(|| parse(&file)));
            checks.push(timed(|| check(&file)));
        }
        let (parses, checks) = (median(parses), median(checks));
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!(
            "{steps:6} steps {:8.1} ms   parse {:8.1} ms   ratio {:6.2}",
            ms(checks),
            ms(parses),
            checks.as_secs_f64() / parses.as_secs_f64()
        );
    }
}

/// Reads the file to a tree, as the checking side does first.
fn parse(file: &Path) {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let bytes = fs::read(file).unwrap();
    let name = file.display().to_string();
    let source = yaml::add_source(&mut sources, &name, bytes, &mut diagnostics).unwrap();
    assert!(yaml::parse(&sources, source, &mut diagnostics).is_some());
    assert!(diagnostics.is_empty());
}

/// The whole command in this process. It finds nothing, so there is nothing to draw.
fn check(file: &Path) {
    let mut context = Context::of_process();
    context.args = vec!["lcrun".into(), "check".into(), file.into()];
    context.stdout = Box::new(std::io::sink());
    context.stderr = Box::new(std::io::sink());
    assert_eq!(app::run(&mut context).code(), 0);
}

/// A file of chats, four steps each: what follows uses what the first captures.
fn collection(folder: &Path, steps: usize) -> PathBuf {
    let mut text = HEAD.to_owned();
    for chat in 0..steps / 4 {
        let _ = write!(
            text,
            r#"
  - name: Start chat {chat}
    description: |
      A chat has a thread as long as somebody talks in it. The id of the chat stays the same, that
      of the thread doesn't.
    request:
      url: "{{{{ api_url }}}}/v3.6/agent/action/start_chat"
      headers:
        X-Region: "{{{{ region }}}}"
        X-Request-Id: "start-{chat}-{{{{ run_name | lower }}}}"
      json:
        active: true
        continuous: false
        chat: {{ properties: {{ routing: {{ source: "{{{{ run_name }}}}" }} }} }}
    capture:
      chat_{chat}: body.chat_id
      thread_{chat}: body.thread_id
    assert:
      - status == 200
      - body.chat_id is string
    snapshot:
      redact: {{ chat_id: string, thread_id: string }}

  - name: Send an event to chat {chat}
    request:
      url: "{{{{ api_url }}}}/v3.6/agent/action/send_event"
      headers: {{ X-Region: "{{{{ region }}}}" }}
      json:
        chat_id: "{{{{ chat_{chat} }}}}"
        event:
          type: message
          text: "Hello from {{{{ run_name }}}}, this is message {chat}"
          recipients: all
    capture:
      event_{chat}: body.event_id
    assert:
      - status == 200
      - body.event_id is containing(thread_{chat})
    snapshot: true

  - name: Read the thread of chat {chat}
    request:
      url: "{{{{ api_url }}}}/v3.6/agent/action/get_chat"
      headers: {{ X-Region: "{{{{ region }}}}" }}
      json: {{ chat_id: "{{{{ chat_{chat} }}}}", thread_id: "{{{{ thread_{chat} }}}}" }}
    assert:
      - status == 200
      - body.thread.id == thread_{chat}
      - body.thread.events | map(attribute="id") | list is containing(event_{chat})
    snapshot:
      redact: {{ events: any, created_at: rfc3339 }}

  - name: Deactivate chat {chat}
    when: chat_{chat} is string
    request:
      url: "{{{{ api_url }}}}/v3.6/agent/action/deactivate_chat"
      headers: {{ X-Region: "{{{{ region }}}}" }}
      json: {{ id: "{{{{ chat_{chat} }}}}" }}
    assert: [status == 200]
"#
        );
    }
    let file = folder.join(format!("check-{steps}.yaml"));
    fs::write(&file, text).unwrap();
    file
}

/// What the steps have in common.
const HEAD: &str = r#"name: Chats
inputs:
  api_url: { description: Where the API is }
  account_id: { description: The account of the token }
  pat: { description: A personal access token }
variables:
  region: dal
  run_name: "Run of {{ account_id }}"
defaults:
  request:
    method: POST
    auth: { basic: { username: "{{ account_id }}", password: "{{ pat }}" } }
    timeout: 10s
  snapshot:
    redact: { request_id: uuid, author_id: string }
steps:
"#;
