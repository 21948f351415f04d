//! The browser step without a browser: what the server's own redirect gives, and what it can't.

use crate::lab::Lab;
use crate::raw_server::{Answer, RawServer, ok, response};

/// A collection that asks for a code and sends it on.
fn lab_of(server: &RawServer) -> Lab {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        &format!(
            r#"name: Authorize
inputs: {{ base_url: "{}" }}
secrets: [code]
variables: {{ state: state-1 }}
steps:
  - name: Ask
    id: ask
    authorize:
      url: "{{{{ base_url }}}}/"
      query: {{ redirect_uri: https://app.example/cb, state: "{{{{ state }}}}" }}
    capture:
      code: redirect.query.code
  - name: Use
    request: {{ url: "{{{{ base_url }}}}/use", form: {{ code: "{{{{ code }}}}" }} }}
"#,
            server.url("")
        ),
    );
    lab
}

/// A server whose authorize page redirects there.
fn redirecting(location: &str) -> RawServer {
    let location = format!("Location: {location}");
    RawServer::start(move |heard| {
        Answer::Keep(match heard.method_and_target() {
            ("POST", "/use") => ok("{}"),
            _ => response("302 Found", &[&location], ""),
        })
    })
}

#[test]
fn the_code_of_the_redirect_is_decoded_once_and_sent_on() {
    let server = redirecting("https://app.example/cb/hello?code=dal%3Aabc%252B&state=state-1");
    lab_of(&server)
        .run(["-vv", "a.yaml"])
        .exits(0)
        .never_says("dal:abc");
    server.next();
    assert_eq!(server.next().body, "code=dal%3Aabc%252B");
}

#[test]
fn a_page_or_a_redirect_to_one_needs_a_browser() {
    let page = RawServer::always(ok("<form>log in</form>"));
    lab_of(&page)
        .run(["a.yaml"])
        .exits(3)
        .says("a browser is needed")
        .says("--secret code=…");
    let login = redirecting("/signin");
    lab_of(&login)
        .run(["a.yaml"])
        .exits(3)
        .says("/signin")
        .says("a page for a person");
}

#[test]
fn a_refusal_fails_the_step_unless_that_is_what_it_is_about() {
    let server = redirecting("/ooops?oauth_exception=invalid_request&exception_details=x");
    let lab = lab_of(&server);
    lab.run(["a.yaml"])
        .exits(4)
        .says("the authorization was refused: `oauth_exception=invalid_request`")
        .says("not run: stopped after ask");
    lab.edit(
        "a.yaml",
        "    capture:\n      code: redirect.query.code\n",
        "    assert: ['redirect.query.oauth_exception == \"invalid_request\"']\n",
    );
    lab.edit("a.yaml", "\"{{ code }}\"", "none");
    lab.run(["a.yaml"]).exits(0);
}

#[test]
fn another_state_than_the_one_that_was_sent_is_refused() {
    for location in [
        "https://app.example/cb?code=abcdefgh&state=other",
        "https://app.example/cb?code=abcdefgh",
    ] {
        let server = redirecting(location);
        lab_of(&server)
            .run(["a.yaml"])
            .exits(4)
            .says("another `state`");
    }
}

#[test]
fn a_code_that_was_given_makes_the_step_superfluous() {
    let server = redirecting("/never");
    lab_of(&server)
        .run(["--secret", "code=given-code-1", "a.yaml"])
        .exits(0)
        .says("skipped: code was given")
        .never_says("given-code-1");
    let heard = server.next();
    assert_eq!(heard.method_and_target().1, "/use");
    assert_eq!(heard.body, "code=given-code-1");
}
