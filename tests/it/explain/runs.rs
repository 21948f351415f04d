//! Steps that fail on an error of the API: the report says what it means, narrowed to what the run
//! knows of the request.

use crate::lab::{Lab, Ran};
use crate::raw_server::{RawServer, ok, response};

/// Everything that the sandbox supplies, and the browser step.
const BEGIN: &str = "name: Refused
inputs: { accounts_url: , api_url: , client_id: , client_secret: , redirect_uri: , js_client_id: , js_redirect_uri: , account_id: , pat: , organization_id: }
environments: { sandbox: { sandbox: livechat } }
secrets: [code]
steps:
";

const CODE: &str = r#"  - name: Acquire the code
    authorize:
      url: "{{ accounts_url }}/"
      query: { response_type: code, client_id: "{{ client_id }}", redirect_uri: "{{ redirect_uri }}" }
    capture: { code: redirect.query.code }
"#;

/// A token request with these parts of its form.
fn exchange(name: &str, code: &str, secret: &str, redirect_uri: &str) -> String {
    format!(
        r#"  - name: {name}
    request:
      method: POST
      url: "{{{{ accounts_url }}}}/v2/token"
      form: {{ grant_type: authorization_code, code: "{code}", client_id: "{{{{ client_id }}}}", client_secret: "{secret}", redirect_uri: "{redirect_uri}" }}
"#
    )
}

/// The browser step and the exchange that captures the token.
fn token() -> String {
    let exchange = exchange(
        "Exchange",
        "{{ code }}",
        "{{ client_secret }}",
        "{{ redirect_uri }}",
    );
    format!("{CODE}{exchange}    capture: {{ access_token: body.access_token }}\n")
}

/// A call of an API with these keys of `request`.
fn call(path: &str, keys: &str) -> String {
    format!(
        "  - name: Call\n    request:\n      method: POST\n      url: \"{{{{ api_url }}}}{path}\"\n{keys}"
    )
}

const LIST_CHATS: &str = "/v3.6/agent/action/list_chats";
const CUSTOMER_CHATS: &str =
    "/v3.6/customer/action/list_chats?organization_id={{ organization_id }}";

/// What a run of these steps explains: the lines of its report from `explained:` on.
#[track_caller]
fn explained(steps: &str) -> String {
    let lab = Lab::new();
    lab.write("a.yaml", &format!("{BEGIN}{steps}"));
    let ran = lab.run(["a.yaml"]);
    part(&ran)
}

#[track_caller]
fn part(ran: &Ran) -> String {
    ran.exits(4);
    let lines = ran.stdout.lines();
    let lines = lines.skip_while(|line| !line.starts_with("    explained: "));
    let lines: Vec<&str> = lines
        .take_while(|line| !line.is_empty())
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect();
    assert!(!lines.is_empty(), "nothing is explained:\n{}", ran.told());
    lines.join("\n")
}

#[test]
fn a_wrong_secret_lists_what_the_documents_say() {
    let steps =
        CODE.to_owned() + &exchange("Wrong", "{{ code }}", "wrong-secret", "{{ redirect_uri }}");
    insta::assert_snapshot!(explained(&steps), @"
    explained: unauthorized_client
      The app may not ask for a token in this way.
      perhaps:
      - the client id is missing
      - there is no app of this client id
      - there is no such refresh token
      - the client secret is wrong
      - the redirect URI is not one of the app's
      - the code has expired, or was exchanged before
      → Check client id, client secret and redirect URI against Developer Console
      → Get a new code and exchange it within a few minutes
      more: `lcrun explain unauthorized_client`
    ");
}

#[test]
fn a_code_that_was_exchanged_before_is_the_likely_cause() {
    let steps = token()
        + &exchange(
            "Again",
            "{{ code }}",
            "{{ client_secret }}",
            "{{ redirect_uri }}",
        );
    insta::assert_snapshot!(explained(&steps), @"
    explained: unauthorized_client
      The app may not ask for a token in this way.
      likely: the code was exchanged before in this run, and a code works once
      → run the authorize step again and exchange the new code
      more: `lcrun explain unauthorized_client`
    ");
}

#[test]
fn a_redirect_uri_that_differs_by_its_slash_is_the_likely_cause() {
    let steps = CODE.to_owned()
        + &exchange(
            "Slash",
            "{{ code }}",
            "{{ client_secret }}",
            "{{ redirect_uri | trim('/') }}",
        );
    insta::assert_snapshot!(explained(&steps), @"
    explained: unauthorized_client
      The app may not ask for a token in this way.
      likely: `redirect_uri` differs from that of the authorize request by its last slash
      → send the same `redirect_uri` in both requests, character by character
      more: `lcrun explain unauthorized_client`
    ");
    let steps = CODE.to_owned()
        + &exchange(
            "Other",
            "{{ code }}",
            "{{ client_secret }}",
            "https://example.com/",
        );
    assert!(explained(&steps).contains("likely: `redirect_uri` is another one"));
}

#[test]
fn a_code_that_is_still_encoded_and_a_missing_secret_are_told() {
    let steps = CODE.to_owned()
        + &exchange(
            "Encoded",
            "{{ code | replace(':', '%3A') }}",
            "{{ client_secret }}",
            "{{ redirect_uri }}",
        );
    assert!(explained(&steps).contains("likely: the code that was sent holds `%3A`"));
    let steps = CODE.to_owned() + &exchange("None", "{{ code }}", "", "{{ redirect_uri }}");
    assert!(explained(&steps).contains("likely: no client secret was sent"));
    let steps = CODE.to_owned()
        + &exchange(
            "Client",
            "{{ code }}",
            "{{ client_secret }}",
            "{{ redirect_uri }}",
        )
        .replace("{{ client_id }}", "{{ js_client_id }}");
    let told = explained(&steps);
    assert!(
        told.contains("likely: `client_id` is another one"),
        "{told}"
    );
}

#[test]
fn a_token_whose_colon_is_still_encoded_is_the_likely_cause() {
    let bearer =
        "      auth: { bearer: \"{{ access_token | replace(':', '%3A') }}\" }\n      json: {}\n";
    insta::assert_snapshot!(explained(&(token() + &call(LIST_CHATS, bearer))), @"
    explained: Invalid access token
      The API does not take the token that was sent.
      likely: the token that was sent holds `%3A` in place of a colon
      → change `%3A` to `:`
      more: `lcrun explain invalid_access_token`
    ");
}

#[test]
fn a_personal_access_token_as_bearer_is_explained_as_what_it_is() {
    let bearer = "      auth: { bearer: \"{{ pat }}\" }\n      json: {}\n";
    insta::assert_snapshot!(explained(&call(LIST_CHATS, bearer)), @r#"
    explained: A Personal Access Token does not work
      A Personal Access Token (PAT) has rules of its own.
      likely: a Personal Access Token was sent as a Bearer token
      → write `auth: { basic: { username: "{{ account_id }}", password: "{{ pat }}" } }`
      more: `lcrun explain personal_access_token`
    "#);
    // As Developer Console shows it for Basic.
    let pair =
        "      auth: { bearer: \"{{ (account_id ~ ':' ~ pat) | base64 }}\" }\n      json: {}\n";
    assert!(explained(&call(LIST_CHATS, pair)).contains("was sent as a Bearer token"));
    let basic = "      auth: { basic: { username: \"{{ account_id }}\", password: \"{{ pat }}\" } }\n      json: {}\n";
    let told = explained(&call(CUSTOMER_CHATS, basic));
    assert!(
        told.contains("Basic credentials were sent to the Customer Chat API"),
        "{told}"
    );
}

#[test]
fn a_token_of_another_api_is_the_likely_cause_both_ways() {
    let bearer = "      auth: { bearer: \"{{ access_token }}\" }\n      json: {}\n";
    insta::assert_snapshot!(explained(&(token() + &call(CUSTOMER_CHATS, bearer))), @"
    explained: Invalid access token
      The API does not take the token that was sent.
      likely: the token that was sent is an agent's, and the Customer Chat API takes a customer's
      → create a customer with the agent's token, and send the customer's token
      more: `lcrun explain invalid_access_token`
    ");
    let customer = token()
        + r#"  - name: Create a customer
    request:
      method: POST
      url: "{{ accounts_url }}/v2/customer/token"
      auth: { bearer: "{{ access_token }}" }
      json: { grant_type: agent_token, client_id: "{{ client_id }}", response_type: token }
    capture: { customer_token: body.access_token }
"#;
    let bearer = "      auth: { bearer: \"{{ customer_token }}\" }\n      json: {}\n";
    let told = explained(&(customer + &call(LIST_CHATS, bearer)));
    assert!(
        told.contains("likely: the token that was sent is a customer's"),
        "{told}"
    );
}

#[test]
fn a_token_that_was_not_copied_whole_or_not_sent_is_told() {
    let cut = "      auth: { bearer: \"{{ access_token[:-4] }}\" }\n      json: {}\n";
    let told = explained(&(token() + &call(LIST_CHATS, cut)));
    assert!(
        told.contains("likely: the token that was sent is a part of one"),
        "{told}"
    );
    let none = explained(&call(LIST_CHATS, "      json: {}\n"));
    assert!(
        none.contains("likely: no `Authorization` was sent"),
        "{none}"
    );
}

#[test]
fn a_body_that_is_not_json_is_the_likely_cause() {
    let keys = "      auth: { bearer: \"{{ access_token }}\" }\n      headers: { Content-Type: application/json }\n      text: \"{limit: 2}\"\n";
    insta::assert_snapshot!(explained(&(token() + &call(LIST_CHATS, keys))), @"
    explained: Invalid message
      The API can't read the body of the request.
      likely: the body that was sent is not JSON
      → write it under `json:`, and lcrun writes the commas and quotes
      more: `lcrun explain invalid_message`
    ");
}

#[test]
fn a_refusal_of_the_browser_step_is_explained_by_its_details() {
    let wrong = CODE.replace("{{ client_id }}", "81e8");
    insta::assert_snapshot!(explained(&wrong), @"
    explained: client_id_not_found
      There is no app of this client id.
      perhaps: the client id is wrong or belongs to an app that is gone
      → Copy the Client Id from Developer Console, Authorization
      more: `lcrun explain client_id_not_found`
    ");
    let other = CODE.replace("{{ redirect_uri }}", "https://example.com/");
    assert!(explained(&other).contains("explained: invalid_redirect_uri"));
}

#[test]
fn a_response_type_that_does_not_fit_the_app_is_told() {
    let token = CODE.replace("response_type: code", "response_type: token");
    insta::assert_snapshot!(explained(&token), @"
    explained: invalid_request
      A parameter is missing, has a value that can't be, is there twice, or the request is broken otherwise.
      likely: `response_type=token` was asked for an app that has a client secret, and a server-side app takes `code`
      → ask with `response_type: code`
      more: `lcrun explain authorization.invalid_request`
    ");
    let code = CODE
        .replace("{{ client_id }}", "{{ js_client_id }}")
        .replace("{{ redirect_uri }}", "{{ js_redirect_uri }}");
    let told = explained(&code);
    assert!(
        told.contains("likely: `response_type=code` was asked without PKCE"),
        "{told}"
    );
}

#[test]
fn an_expired_token_is_known_by_the_time_that_came_with_it() {
    let server = RawServer::start(|heard| {
        crate::raw_server::Answer::Keep(match heard.method_and_target() {
            ("POST", "/v2/customer/token") => response(
                "200 OK",
                &["Content-Type: application/json"],
                r#"{"access_token":"fra:abcdefghij","expires_in":-5}"#,
            ),
            ("POST", "/v2/token") => response(
                "200 OK",
                &["Content-Type: application/json"],
                r#"{"access_token":"dal:abcdefghij","expires_in":0}"#,
            ),
            _ => response(
                "401 Unauthorized",
                &["Content-Type: application/json"],
                r#"{"error":{"type":"authentication","message":"Invalid access token"}}"#,
            ),
        })
    });
    let run = |path: &str, action: &str| {
        let lab = Lab::new();
        let text = format!(
            r#"name: Expired
explain: livechat
inputs: {{ base: "{}" }}
steps:
  - name: Token
    request: {{ method: POST, url: "{{{{ base }}}}{path}" }}
    capture: {{ token: body.access_token }}
  - name: Call
    request: {{ method: POST, url: "{{{{ base }}}}{action}", auth: {{ bearer: "{{{{ token }}}}" }}, json: {{}} }}
"#,
            server.url("")
        );
        lab.write("a.yaml", &text);
        part(&lab.run(["a.yaml"]))
    };
    let agent = run("/v2/token", LIST_CHATS);
    assert!(
        agent.contains("likely: the token that was sent had expired"),
        "{agent}"
    );
    let customer = run("/v2/customer/token", "/v3.6/customer/action/list_chats");
    assert!(
        customer.contains("explained: The token of a customer has expired"),
        "{customer}"
    );
    assert!(customer.contains("with its `entity_id`"), "{customer}");
}

#[test]
fn where_nothing_is_known_nothing_is_said() {
    // An error that is no error of the API, one that the step is about, and one of another API.
    let fails = token()
        + &call(
            LIST_CHATS,
            "      auth: { bearer: \"{{ access_token }}\" }\n      json: {}\n    assert: [body.found_chats < 0]\n",
        );
    let meant = call(LIST_CHATS, "      json: {}\n    assert: [status == 401]\n");
    for steps in [fails, meant] {
        let lab = Lab::new();
        lab.write("a.yaml", &format!("{BEGIN}{steps}"));
        lab.run(["a.yaml"]).never_says("explained");
    }
    let server = RawServer::always(response(
        "401 Unauthorized",
        &["Content-Type: application/json"],
        r#"{"error":"invalid_grant","message":"Invalid access token"}"#,
    ));
    let lab = Lab::new();
    let text = format!(
        "name: Other\nsteps:\n  - name: Ask\n    request: {{ url: \"{}\" }}\n",
        server.url("/")
    );
    lab.write("a.yaml", &text);
    lab.run(["a.yaml"]).exits(4).never_says("explained");
    // A text that quotes an error is none.
    let server = RawServer::always(ok(r#"{"text":"Invalid access token"}"#));
    let text = format!(
        "name: Other\nexplain: livechat\nsteps:\n  - name: Ask\n    request: {{ url: \"{}\" }}\n    assert: [body.text == \"\"]\n",
        server.url("/")
    );
    lab.write("a.yaml", &text);
    lab.run(["a.yaml"]).exits(4).never_says("explained");
}

#[test]
fn the_junit_report_holds_the_explanation_and_nothing_holds_a_secret() {
    let bearer =
        "      auth: { bearer: \"{{ access_token | replace(':', '%3A') }}\" }\n      json: {}\n";
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        &format!("{BEGIN}{}{}", token(), call(LIST_CHATS, bearer)),
    );
    let region = regex::Regex::new(r"\b(dal|fra)(:|%3A)[A-Za-z0-9_-]{8}").unwrap();
    for more in ["-q", "-v", "-vv"] {
        let ran = lab.run([
            "--seed",
            "1",
            more,
            "--report-junit",
            "report.xml",
            "a.yaml",
        ]);
        ran.exits(4).says("explained: Invalid access token");
        let report = lab.read("report.xml");
        assert!(
            report.contains("explained: Invalid access token"),
            "{report}"
        );
        for text in [&report, &ran.stdout, &ran.stderr] {
            assert!(!region.is_match(text), "{text}");
        }
    }
}

#[test]
fn a_snapshot_that_is_missing_explains_nothing_and_one_that_differs_does() {
    let keys = "      json: {}\n    assert: [status == 401]\n    snapshot: true\n";
    let lab = Lab::new();
    lab.write("a.yaml", &format!("{BEGIN}{}", call(LIST_CHATS, keys)));
    for mode in ["--check", "--update=new"] {
        lab.run([mode, "a.yaml"])
            .exits(4)
            .says("snapshot-missing")
            .never_says("explained");
    }
    lab.run(["accept"]).exits(0);
    lab.run(["a.yaml"]).exits(0).never_says("explained");
    lab.edit(
        "snapshots/a__call.snap",
        "Invalid access token",
        "Another message",
    );
    lab.run(["--check", "a.yaml"])
        .exits(4)
        .says("snapshot-differs")
        .says("explained: Invalid access token");
}
