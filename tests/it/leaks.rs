//! Secrets: nothing that is printed holds one, in any form, whatever goes wrong.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::lab::{Lab, Ran};
use crate::raw_server::{Answer, RawServer, response};

/// A secret with characters that every encoding changes.
const SECRET: &str = "s3cr+t/Zażółć:42~value";

/// Looks for a secret in all the forms that it could be printed in.
#[track_caller]
fn assert_hidden(ran: &Ran, secret: &str) {
    let all = format!("{}{}", ran.stdout, ran.stderr);
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let forms = [
        secret.to_owned(),
        secret[3..].to_owned(),
        secret[..secret.len() - 3].to_owned(),
        percent.to_lowercase(),
        percent,
        form.to_lowercase(),
        form,
        STANDARD.encode(secret),
        STANDARD.encode(secret).trim_end_matches('=').to_owned(),
        URL_SAFE_NO_PAD.encode(secret),
        STANDARD.encode(format!("user:{secret}"))[8..].to_owned(),
        hex.to_uppercase(),
        hex,
        serde_json::to_string(secret).unwrap(),
    ];
    for form in forms {
        assert!(!all.contains(&form), "`{form}` is printed:\n{all}");
    }
}

/// Every way to print more, and a failure at the end; reports count as printed.
fn print_everything(lab: &Lab, more: &[&str]) -> Vec<Ran> {
    let junit = ["--report-junit", "report.xml"];
    let ways: [&[&str]; 5] = [&junit, &["-v"], &["-vv"], &["-q"], &["--dry-run"]];
    let call = |way: &&[&str]| {
        let mut ran = lab.run(way.iter().chain(more).chain(&["a.yaml"]));
        if way.contains(&"--report-junit") {
            ran.stdout.push_str(&lab.read("report.xml"));
        }
        ran
    };
    ways.iter().map(call).collect()
}

#[test]
fn a_secret_from_outside_is_hidden_wherever_it_is_sent_and_comes_back() {
    let server = RawServer::start(|heard| {
        let echo = format!("{}\n{}", heard.head, heard.body);
        Answer::Keep(response("500 Oops", &["Content-Type: text/plain"], echo))
    });
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        &format!(
            r#"name: Leaks
inputs: {{ base_url: "{}", api_key_value: }}
secrets: [api_key_value]
steps:
  - name: Everywhere
    request:
      url: "{{{{ base_url }}}}/path/{{{{ api_key_value | urlencode }}}}"
      query: {{ q: "{{{{ api_key_value }}}}" }}
      headers:
        X-Plain: "in {{{{ api_key_value | urlencode }}}} text"
        X-Base: "{{{{ ('user:' ~ api_key_value) | base64 }}}}"
      auth: {{ basic: {{ username: user, password: "{{{{ api_key_value }}}}" }} }}
      json: {{ a: "{{{{ api_key_value }}}}", b: ["x {{{{ api_key_value }}}} y"] }}
"#,
            server.url("")
        ),
    );
    let given = format!("api_key_value={SECRET}");
    for (way, ran) in print_everything(&lab, &["--secret", &given])
        .iter()
        .enumerate()
    {
        assert_eq!(
            ran.code,
            if way == 4 { 0 } else { 4 },
            "{}{}",
            ran.stdout,
            ran.stderr
        );
        assert_hidden(ran, SECRET);
        assert!(ran.stdout.contains("***"));
    }
}

#[test]
fn a_token_that_a_server_sends_is_hidden_captured_or_not() {
    let body = serde_json::json!({
        "access_token": SECRET,
        "note": format!("your token is {SECRET}, keep it"),
        "inner": { "refresh_token": "another-one-0123" },
    });
    let server = RawServer::always(response(
        "200 OK",
        &[
            "Content-Type: application/json",
            "Set-Cookie: sid=cookie-secret-99; Path=/",
            "Location: /next?access_token=query-secret-77",
        ],
        body.to_string(),
    ));
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        &format!(
            r#"name: Leaks
inputs: {{ base_url: "{}" }}
steps:
  - name: Nothing captured
    request: {{ url: "{{{{ base_url }}}}/" }}
    show: response
    assert:
      - body.note == "something else"
      - body.access_token == "{{{{"
  - name: Captured
    request: {{ url: "{{{{ base_url }}}}/" }}
    capture:
      whole: body
      my_token: body.note | regex("is (.*),")
    assert:
      - whole == 1
      - my_token | length == 1
"#,
            server.url("")
        ),
    );
    for ran in print_everything(&lab, &["--continue-on-error"])
        .iter()
        .take(4)
    {
        ran.exits(4);
        assert_hidden(ran, SECRET);
        for secret in ["another-one-0123", "cookie-secret-99", "query-secret-77"] {
            ran.never_says(secret);
        }
    }
}

#[test]
fn a_secret_is_hidden_in_errors_of_the_network_and_of_the_file() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: Leaks
inputs: { my_token: , other_token: literal-token-in-the-file }
steps:
  - name: Nobody there
    request:
      url: \"http://127.0.0.1:1/{{ my_token | urlencode }}?other={{ other_token }}\"
  - name: No URL
    request:
      url: \"{{ my_token }}\"
  - name: Not a number
    assert:
      - my_token + 1 == 2
",
    );
    let given = format!("my_token={SECRET}");
    for ran in print_everything(&lab, &["--continue-on-error", "--secret", &given]) {
        assert_hidden(&ran, SECRET);
        ran.never_says("literal-token-in-the-file");
    }
}

#[test]
fn a_line_of_the_file_that_holds_a_secret_is_not_shown() {
    let server = RawServer::always(response("200 OK", &[], "{}"));
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        &format!(
            r#"name: Literal
steps:
  - name: Literal secret
    request: {{ url: "{}", json: {{ client_secret: "literal-secret-1", x: "{{{{ 1 + 'a' }}}}" }} }}
  - name: Literal token
    request: {{ url: "{}", auth: {{ bearer: literal-token-2 }} }}
    assert: [status == 201, "body.x != 'literal-token-2'"]
"#,
            server.url("/"),
            server.url("/")
        ),
    );
    for ran in print_everything(&lab, &["--continue-on-error"]) {
        ran.never_says("literal-secret-1")
            .never_says("literal-token-2");
    }
}

#[test]
fn an_environment_variable_with_a_secret_name_is_hidden() {
    let server = RawServer::always(response("500 No", &[], "you sent env-secret-value-1"));
    let mut lab = Lab::new();
    lab.variable("MY_API_TOKEN", "env-secret-value-1");
    lab.write(
        "a.yaml",
        &format!(
            "name: Leaks\nsteps:\n  - name: Env\n    request: {{ url: \"{}\", query: {{ k: \"{{{{ env('MY_API_TOKEN') }}}}\" }} }}\n",
            server.url("/")
        ),
    );
    for ran in print_everything(&lab, &[]) {
        ran.never_says("env-secret-value-1");
    }
}

#[test]
fn a_short_secret_is_hidden_where_it_is_the_whole_value_and_warned_about() {
    let server =
        RawServer::start(|heard| Answer::Keep(response("500 No", &[], heard.body.clone())));
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        &format!(
            "name: Short\ninputs: {{ password: }}\nsteps:\n  - name: Send\n    request: {{ url: \"{}\", json: {{ a: \"{{{{ password }}}}\", b: abacus }} }}\n",
            server.url("/")
        ),
    );
    let ran = lab.run(["--secret", "password=abc", "a.yaml"]);
    ran.exits(4)
        .says("\"a\": \"***\"")
        .says("abacus")
        .says("`password`");
}

#[cfg(feature = "sandbox")]
#[test]
fn nothing_of_the_sandbox_s_tokens_is_printed_on_success_or_failure() {
    let lab = Lab::with_collections();
    lab.edit(
        "collections/agent-flow.yaml",
        "body.chats_summary is sequence",
        "body is string",
    );
    let ran = lab.run(["-vv", "--seed", "7", "collections/agent-flow.yaml"]);
    ran.exits(4).says("***");
    // The prose of the tutorial shows how a code begins, and no more.
    let token = regex::Regex::new("dal(:|%3A)[A-Za-z0-9_-]{10,}").unwrap();
    assert!(!token.is_match(&ran.stdout), "{}", ran.stdout);
}

#[test]
fn a_token_is_hidden_in_a_body_that_is_no_one_json_document() {
    let bodies = [
        "\u{feff}{\"access_token\":\"first-token-1\"}",
        "{\"access_token\":\"first-token-1\",\"e\":1e400}",
        "{\"access_token\" : \"first-token-1\"}\n{\"refresh_token\":\"second-token-2\"}\n",
        "{\"access_token\":\"first-token-1\",\"cut",
        "<script>var t = {\"client_secret\":\"first-token-1\"}</script>",
        "{\"client_secret\":1234567890123}",
    ];
    for body in bodies {
        let fields = ["Content-Type: application/json"];
        let server = RawServer::always(response("500 No", &fields, body));
        let lab = Lab::new();
        let text = format!(
            "name: A\nsteps: [{{ name: One, request: {{ url: \"{}\" }} }}]\n",
            server.url("/")
        );
        lab.write("a.yaml", &text);
        for ran in print_everything(&lab, &[]) {
            for secret in ["first-token-1", "second-token-2", "1234567890123"] {
                assert!(!ran.stdout.contains(secret), "{body}:\n{}", ran.stdout);
            }
        }
    }
}

#[test]
fn numbers_in_a_secret_structure_are_hidden() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: A\ninputs: { my_secret: { type: json, default: { a: inner-secret, b: [1, 22222222] } } }\nsteps:\n  - name: One\n    assert: [my_secret == 1]\n",
    );
    for ran in print_everything(&lab, &[]).iter().take(3) {
        ran.exits(4)
            .never_says("inner-secret")
            .never_says("22222222");
    }
}

/// Lines with a secret and something that is wrong beside it, so that they are shown.
const BROKEN_LINES: &[&str] = &[
    // What can't be decoded.
    "inputs: { client_secret: { default: SECRET, kind: string } }",
    "inputs: { client_secret: { default: 'SECRET', type: strnig } }",
    "variables: { access_token: SECRET, access_token: SECRET }",
    "variables: { all: { tokens: { access_token: [SECRET] } }, 5x: 1 }",
    "secrets: [odd]\nvariables: { odd: SECRET, x y: 1 }",
    "environments: { live: { password: SECRET, sandbox: livchat } }",
    "defaults: { request: { auth: { bearer: SECRET, basic: {} } } }",
    "defaults: { request: { auth: { basic: { usrname: ada, password: SECRET } } } }",
    "defaults: { request: { headers: { Authorization: Bearer SECRET }, timeoutt: 1 } }",
    "defaults: { request: { headers: { X-Api-Key: SECRET, X: { y: 1 } } } }",
    "defaults: { request: { json: { a: [{ refresh_token: SECRET }] }, query: 5 } }",
    "defaults: { request: { url: 'http://ada:SECRET@example.com', query: 5 } }",
    "defaults: { request: { url: 'http://example.com/?access_token=SECRET', query: 5 } }",
    "defaults: { request: { text: \"client_secret=SECRET&x=y\", query: 5 } }",
    // What is no template.
    "variables: { access_token: 'SECRET{{ 1 + }}' }",
    "variables: { access_token: 'SECRET', b: '{{ 1 + }}' }",
    // What is no YAML.
    "variables: { access_token: SECRET",
    "variables:\n  access_token: SECRET: x",
    "variables:\n  access_token: \"SECRET",
    "variables:\n  access_token: 'SECRET' x",
    "variables:\n  access_token: [SECRET",
    "variables:\n  access_token:\n  - SECRET\n - x",
    "variables: { \"access_token\": \"SECRET\" \"x\" }",
    "variables:\n  password: SECRET # as of today\n  - x",
    "secrets:\n- odd\nvariables:\n  odd: SECRET: x",
    "defaults:\n  request:\n    headers:\n      Authorization: Bearer SECRET\n      - x",
    "defaults: { request: { auth: { bearer: SECRET } }",
];

#[test]
fn a_secret_that_stands_in_a_broken_file_is_hidden_wherever_it_stands() {
    const WRITTEN: &str = "Sup3rS3cretValue42";
    for line in BROKEN_LINES {
        let lab = Lab::new();
        let text = format!(
            "name: Broken\n{}\nsteps: [name: A]\n",
            line.replace("SECRET", WRITTEN)
        );
        lab.write("a.yaml", &text);
        let calls: [&[&str]; 6] = [
            &["check", "a.yaml"],
            &["check", "--message-format", "short", "a.yaml"],
            &["check", "--message-format", "json", "a.yaml"],
            &["check", "--fix", "a.yaml"],
            &["fmt", "--check", "a.yaml"],
            &["a.yaml"],
        ];
        for call in calls {
            lab.write("a.yaml", &text);
            let ran = lab.run(call);
            assert_hidden(&ran, WRITTEN);
            if call[0] == "a.yaml" {
                assert!(ran.stderr.contains("***"), "{line}:\n{}", ran.stderr);
                ran.exits(2);
            }
        }
    }
}

#[test]
fn a_path_that_is_captured_as_a_token_stays_readable() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: A\nsteps:\n  - name: B\n    request: { url: 'http://localhost/' }\n    capture: { access_token: body.access_token | lowr }\n",
    );
    lab.run(["check", "a.yaml"])
        .exits(2)
        .says("capture: { access_token: body.access_token | lowr }");
}
