//! What a run sends, and how it takes what comes back.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::lab::{Lab, Ran};
use crate::raw_server::{Answer, RawServer, ok, response};

/// A collection whose `base_url` is a server of the test.
fn collection(server: &RawServer, rest: &str) -> Lab {
    let lab = Lab::new();
    let head = format!(
        "name: Wire\ninputs: {{ base_url: \"{}\" }}\n",
        server.url("")
    );
    lab.write("a.yaml", &format!("{head}{rest}"));
    lab
}

#[test]
fn a_request_is_sent_as_it_is_written() {
    let server = RawServer::always(ok("{}"));
    let lab = collection(
        &server,
        r#"
variables: { n: 3, tags: [a, "b c"] }
steps:
  - name: First
    request:
      url: "{{ base_url }}/items?page=1"
      query: { q: "ż & x", tag: "{{ tags }}", none: "{{ null }}", left: "{{ omit }}" }
      headers: { X-Number: "{{ n }}", X-Many: [one, two] }
      cookies: { theme: dark }
      auth: { basic: { username: ada, password: lovelace } }
      json:
        number: "{{ n }}"
        text: "n is {{ n }}"
        written: 00012x
        left: "{{ omit }}"
        nothing: null
        list: ["{{ omit }}", "{{ n + 1 }}"]
"#,
    );
    lab.run(["a.yaml"]).exits(0);
    let heard = server.next();
    assert_eq!(
        heard.method_and_target(),
        ("POST", "/items?page=1&q=%C5%BC+%26+x&tag=a&tag=b+c")
    );
    assert_eq!(heard.field("X-Number"), Some("3"));
    assert!(heard.head.contains("X-Many: one\nX-Many: two"));
    assert_eq!(heard.field("Authorization"), Some("Basic YWRhOmxvdmVsYWNl"));
    assert_eq!(heard.field("Content-Type"), Some("application/json"));
    assert!(heard.head.to_lowercase().contains("cookie: theme=dark"));
    assert_eq!(
        heard.body,
        r#"{"number":3,"text":"n is 3","written":"00012x","nothing":null,"list":[4]}"#
    );
}

#[test]
fn a_form_and_a_text_are_sent_with_their_content_type() {
    let server = RawServer::always(ok(""));
    let lab = collection(
        &server,
        r#"
steps:
  - name: Form
    request:
      url: "{{ base_url }}/"
      form: { zip: 00012, version: 3.10, word: yes, sign: "a+b=c", none: null }
  - name: Text
    request:
      method: PUT
      url: "{{ base_url }}/"
      headers: { content-type: text/csv }
      text: |
        a,b
        1,2
"#,
    );
    lab.run(["a.yaml"]).exits(0);
    let form = server.next();
    assert_eq!(form.body, "zip=00012&version=3.10&word=yes&sign=a%2Bb%3Dc");
    assert_eq!(
        form.field("Content-Type"),
        Some("application/x-www-form-urlencoded")
    );
    let text = server.next();
    assert_eq!(text.body, "a,b\n1,2\n");
    assert_eq!(text.method_and_target().0, "PUT");
    assert!(text.head.contains("text/csv") && !text.head.contains("text/plain"));
}

#[test]
fn defaults_are_merged_key_by_key_and_null_takes_one_away() {
    let server = RawServer::always(ok("{}"));
    let lab = collection(
        &server,
        r#"
defaults:
  request:
    method: POST
    url: "{{ base_url }}/"
    headers: { X-A: file, X-B: file }
    json: { a: 1, inner: { x: 1, y: 2 } }
steps:
  - name: Group
    defaults: { request: { headers: { x-b: group }, json: { inner: { y: null, z: 3 } } } }
    steps:
      - name: Merged
        request: { headers: { X-A: null }, json: { b: 2 } }
      - name: Another body
        request: { form: { a: b } }
      - name: No body
        request: { method: null, json: null, headers: null }
"#,
    );
    lab.run(["a.yaml"]).exits(0);
    let merged = server.next();
    assert_eq!(merged.body, r#"{"a":1,"inner":{"x":1,"z":3},"b":2}"#);
    assert_eq!(merged.field("x-b"), Some("group"));
    assert!(!merged.head.contains("X-A"));
    assert_eq!(server.next().body, "a=b");
    let bare = server.next();
    assert_eq!(bare.method_and_target().0, "GET");
    assert_eq!((bare.body.as_str(), bare.head.contains("X-A")), ("", false));
}

#[test]
fn flags_add_to_every_request() {
    let server = RawServer::start(|heard| {
        Answer::Keep(match heard.method_and_target().1 {
            "/old" => response("302 Found", &["Location: /new"], ""),
            _ => ok("{}"),
        })
    });
    let lab = collection(
        &server,
        "steps: [{ name: One, request: { url: \"{{ base_url }}/old\", headers: { X-A: file } } }]\n",
    );
    lab.run([
        "-H",
        "x-a: flag",
        "-H",
        "X-B: more",
        "-A",
        "tester/1",
        "-L",
        "a.yaml",
    ])
    .exits(0);
    let first = server.next();
    assert_eq!(first.field("X-B"), Some("more"));
    assert!(first.head.contains("tester/1") && first.head.contains("flag"));
    assert!(!first.head.contains(": file"));
    assert_eq!(server.next().method_and_target().1, "/new");
}

#[test]
fn what_a_response_says_can_be_captured_and_checked() {
    let server = RawServer::always(response(
        "200 Fine",
        &[
            "Content-Type: application/json; charset=utf-8",
            "Set-Cookie: sid=42-is-the-answer; Path=/; HttpOnly",
            "X-Rate: 1",
            "x-rate: 2",
        ],
        r#"{"items":[{"id":7,"name":"ż"}],"next":null,"big":18446744073709551615}"#,
    ));
    let lab = collection(
        &server,
        r#"
steps:
  - name: First
    request: { url: "{{ base_url }}/" }
    capture:
      id: body.items[0].id
      twice: id * 2
      all_names: body | jsonpath("$..name")
      digits: cookies.sid | regex("^([0-9]+)")
    assert:
      - status == 200
      - response.reason == "Fine"
      - headers.content_type is startingwith("application/json")
      - headers["X-RATE"] == "1, 2"
      - headers.all("x-rate") == ["1", "2"]
      - cookies.sid.http_only
      - body.items | length == 1
      - body.next is none
      - body.big == 18446744073709551615
      - twice == 14
      - all_names == ["ż"] or all_names == "ż"
      - digits == "42"
      - redirect is undefined
      - response.elapsed < 60000
  - name: Second
    request: { url: "{{ base_url }}/{{ id }}" }
"#,
    );
    lab.run(["a.yaml"]).exits(0);
    server.next();
    assert_eq!(server.next().method_and_target().1, "/7");
}

#[test]
fn a_server_that_can_not_be_used_ends_with_3_and_one_line_that_says_why() {
    let cases: Vec<(&str, RawServer, &str)> = vec![
        (
            "hang-up",
            RawServer::start(|_| Answer::Close(Vec::new())),
            "hung up before answering",
        ),
        (
            "truncated",
            RawServer::start(|_| {
                Answer::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok".to_vec())
            }),
            "20",
        ),
        (
            "stall",
            RawServer::start(|_| Answer::Stall(Vec::new())),
            "time",
        ),
        (
            "garbage",
            RawServer::start(|_| Answer::Close(b"SSH-2.0-OpenSSH\r\n".to_vec())),
            "HTTP",
        ),
    ];
    for (name, server, word) in cases {
        let lab = collection(
            &server,
            "steps:\n  - name: First\n    request: { url: \"{{ base_url }}/x\" }\n  - name: Second\n",
        );
        let ran = lab.run(["--max-time", "300ms", "a.yaml"]);
        ran.exits(3)
            .says("error[request-failed]")
            .says("a.yaml:4:11")
            .says(&server.url("/x"));
        assert!(ran.stdout.contains(word), "{name}: {}", ran.stdout);
    }
}

#[test]
fn nobody_listens_is_one_line_and_exit_code_3() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: A\nsteps: [{ name: One, request: { url: \"http://127.0.0.1:1/x\" } }]\n",
    );
    lab.run(["a.yaml"])
        .exits(3)
        .says("refused")
        .says("http://127.0.0.1:1/x");
}

#[test]
fn a_body_beyond_the_limit_is_an_error_that_names_the_flag() {
    let server = RawServer::always(ok(&"x".repeat(5000)));
    let lab = collection(
        &server,
        "steps: [{ name: One, request: { url: \"{{ base_url }}/\" } }]\n",
    );
    lab.run(["--max-filesize", "4k", "a.yaml"])
        .exits(3)
        .says("--max-filesize");
    lab.run(["--max-filesize", "8k", "a.yaml"]).exits(0);
}

#[test]
fn a_failure_shows_the_answer_without_what_would_steer_the_terminal() {
    let server = RawServer::always(response("500 Oh no", &[], "bad \u{1b}[31mred\u{7} thing"));
    let lab = collection(
        &server,
        "steps: [{ name: One, request: { url: \"{{ base_url }}/\" } }]\n",
    );
    let ran = lab.run(["a.yaml"]);
    ran.exits(4)
        .says("the server answered 500 Oh no")
        .says("thing");
    assert!(!ran.stdout.contains('\u{1b}') && !ran.stdout.contains('\u{7}'));
}

const INTERRUPTED: &str = r#"
steps:
  - name: Slow
    request: { url: "{{ base_url }}/slow" }
  - name: Never
    request: { url: "{{ base_url }}/never" }
finally:
  - name: Clean up
    request: { url: "{{ base_url }}/clean" }
"#;

/// Sends the signal of Ctrl-C.
fn interrupt(id: u32) {
    let status = Command::new("kill")
        .args(["-INT", &id.to_string()])
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn ctrl_c_abandons_the_request_runs_finally_and_reports() {
    let server = RawServer::start(|heard| match heard.method_and_target().1 {
        "/slow" => Answer::Stall(Vec::new()),
        _ => Answer::Keep(ok("{}")),
    });
    let lab = collection(&server, INTERRUPTED);
    let child = lab
        .command()
        .arg("a.yaml")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    assert_eq!(server.next().method_and_target().1, "/slow");
    interrupt(child.id());
    let ran = Ran::of(&child.wait_with_output().unwrap());
    ran.exits(130)
        .says("✗ Slow")
        .says("- Never")
        .says("not run: interrupted")
        .says("✓ Clean up")
        .says("1 passed, 1 failed, 1 not run");
    assert_eq!(server.next().method_and_target().1, "/clean");
}

#[test]
fn a_second_ctrl_c_ends_at_once() {
    let server = RawServer::start(|_| Answer::Stall(Vec::new()));
    let lab = collection(&server, INTERRUPTED);
    let mut child = lab
        .command()
        .arg("a.yaml")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    server.next();
    interrupt(child.id());
    assert_eq!(server.next().method_and_target().1, "/clean");
    interrupt(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_reader_that_goes_away_does_not_stop_the_run() {
    let server = RawServer::always(ok("{}"));
    let lab = collection(&server, INTERRUPTED);
    let mut child = lab
        .command()
        .arg("a.yaml")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(told, "");
    let paths: Vec<String> = server
        .heard()
        .iter()
        .map(|heard| heard.method_and_target().1.to_owned())
        .collect();
    assert_eq!(paths, ["/slow", "/never", "/clean"]);
}
