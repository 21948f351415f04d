//! `lcrun explain`: codes, errors, messages, addresses, bodies and words.

use std::collections::BTreeSet;

use crate::lab::{Lab, Ran};

/// The authorization errors, as the public page lists them, in its order.
const AUTHORIZATION: [&str; 11] = [
    "invalid_request",
    "unauthorized_client",
    "access_denied",
    "unsupported_response_type",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "unsupported_grant_type",
    "invalid_grant",
    "invalid_client",
    "missing_grant",
];

/// How many reasons the page gives for each of them.
const REASONS: [usize; 11] = [2, 5, 1, 1, 3, 2, 0, 1, 2, 1, 3];

/// The details that come beside them.
const DETAILS: [&str; 4] = [
    "client_id_not_found",
    "redirect_uri_not_set",
    "invalid_redirect_uri",
    "too_many_redirects",
];

/// The authentication errors.
const IDENTITY: [&str; 6] = [
    "invalid_request",
    "unauthorized",
    "server_error",
    "access_denied",
    "identity_lost",
    "credentials_login_disabled",
];

/// The types of error that the Web APIs document.
const WEB: [&str; 27] = [
    "authentication",
    "authorization",
    "missing_access",
    "validation",
    "not_found",
    "chat_inactive",
    "limit_reached",
    "agent_offline",
    "entity_too_large",
    "too_many_requests",
    "misdirected_request",
    "unsupported_version",
    "license_expired",
    "license_not_found",
    "wrong_product_version",
    "internal",
    "service_unavailable",
    "request_timeout",
    "customer_banned",
    "chat_anonymized",
    "greeting_not_found",
    "group_not_found",
    "group_offline",
    "group_unavailable",
    "groups_offline",
    "not_allowed",
    "already_exists",
];

fn explain(word: &str) -> Ran {
    Lab::new().run(["explain", word])
}

/// The names of a section of `--list`.
fn section<'t>(listed: &'t str, title: &str, count: usize) -> Vec<&'t str> {
    let heading = format!("{title} ({count})");
    let mut lines = listed.lines();
    assert!(
        lines.any(|line| line == heading),
        "`{heading}` is not there:\n{listed}"
    );
    lines
        .take_while(|line| line.starts_with("  "))
        .map(|line| line.split_whitespace().next().unwrap())
        .collect()
}

#[test]
fn the_list_counts_the_tables_of_the_documentation() {
    let ran = Lab::new().run(["explain", "--list"]);
    ran.exits(0);
    let listed = &ran.stdout;
    let authorization = section(listed, "LiveChat: Authorization errors", 11);
    assert_eq!(authorization, AUTHORIZATION);
    assert_eq!(section(listed, "LiveChat: Exception details", 4), DETAILS);
    let identity = section(listed, "LiveChat: Authentication errors", 6);
    assert_eq!(identity, IDENTITY);
    assert_eq!(section(listed, "LiveChat: Web API errors", 27), WEB);
    let pages = lcrun::explain::pages::all().count();
    assert_eq!(section(listed, "Diagnostics of lcrun", pages).len(), pages);
}

#[test]
fn every_reason_of_the_documentation_is_there_and_says_where_it_comes_from() {
    let catalogue = lcrun::explain::livechat();
    for (code, reasons) in AUTHORIZATION.iter().zip(REASONS) {
        let name = format!("authorization.{code}");
        let entry = catalogue
            .entries()
            .find(|entry| entry.full_name() == name)
            .unwrap();
        // What only one of the documents says names it.
        let of_both = entry
            .error
            .causes
            .iter()
            .filter(|cause| cause.from.is_empty())
            .count();
        let newer_only = usize::from(*code == "invalid_scope");
        assert_eq!(of_both + newer_only, reasons, "{code}");
    }
    for entry in catalogue.entries() {
        assert!(!entry.error.from.is_empty(), "{}", entry.full_name());
        assert!(
            !entry.error.todo.is_empty(),
            "{} says nothing to do",
            entry.full_name()
        );
    }
    explain("invalid_scope")
        .says("scopes of an administrator")
        .says("(Troubleshooting)");
}

#[test]
fn every_code_and_error_can_be_asked_for_and_fits_into_80_columns() {
    let lab = Lab::new();
    let pages = lcrun::explain::pages::all().map(|page| page.code.to_owned());
    let catalogue = lcrun::explain::livechat();
    let entries = catalogue.entries().flat_map(|entry| {
        let spellings = entry.error.spellings.iter().map(|one| one.value.clone());
        spellings
            .chain([entry.full_name(), entry.title().to_owned()])
            .collect::<Vec<_>>()
    });
    let words: BTreeSet<String> = pages.chain(entries).collect();
    assert!(words.len() > 150);
    for word in words {
        let ran = lab.run(["explain", &word]);
        ran.exits(0);
        for line in ran.stdout.lines().filter(|line| !line.starts_with("    ")) {
            assert!(line.chars().count() <= 80, "{word}: {line}");
        }
        assert!(!ran.stdout.contains('\u{1b}'));
    }
}

#[test]
fn the_page_of_a_code_is_printed_as_it_stands_in_the_docs() {
    insta::assert_snapshot!(explain("undefined-name").exits(0).stdout, @r#"
    `undefined-name`

    A template or expression uses a name that is nowhere: no input, variable or
    built-in has it, and no earlier step captures it. It is found before anything is
    sent. The help names what was probably meant, or the later step that captures
    it.

        name: A name
        inputs: { base_url: https://api.example.com }
        steps:
          - name: Look
            request: { url: "{{ base_ulr }}/items" }
          - name: Look at one
            request: { url: "{{ base_url }}/items/1" }

    Mended:

        name: A name
        inputs: { base_url: https://api.example.com }
        steps:
          - name: Look
            request: { url: "{{ base_url }}/items" }
          - name: Look at one
            request: { url: "{{ base_url }}/items/1" }
    "#);
    let color = Lab::new().run(["explain", "--color", "always", "undefined-name"]);
    assert!(color.stdout.contains("\u{1b}[1mundefined-name\u{1b}[0m"));
}

#[test]
fn an_error_says_causes_remedies_documents_and_what_is_related() {
    insta::assert_snapshot!(explain("Invalid access token").exits(0).stdout, @"
    Invalid access token

    The API does not take the token that was sent.

    It may be that

      - the token is for another API. The Customer Chat API takes the token of a
        customer, the Agent Chat and Configuration APIs that of an app or an agent
      - the token was not copied whole
      - the token holds `%3A` where a colon belongs
      - the token is not valid any more
      - the token lacks something that the Token Debugger shows. It can't show the
        token of a customer

    What to do

      - Send the token of the right API, whole, with a colon behind its region
      - Get a new token; the tutorial `lcrun new agent-flow` shows how
      - Look at the token in the Token Debugger:
        https://platform.text.com/console/tools/token-debugger/

    LiveChat: Frequently asked. It is met by the words “Invalid access token”.

      - See also “A Personal Access Token does not work”:
        `lcrun explain personal_access_token`
      - See also “The token of a customer has expired”:
        `lcrun explain expired_customer_token`
      - See also “authentication”: `lcrun explain authentication`

    Source: Troubleshooting; Authorization FAQ.
    ");
}

#[test]
fn a_name_that_two_tables_share_is_explained_for_both() {
    let ran = explain("access_denied");
    ran.exits(0)
        .says("`access_denied` is the name of 2 errors")
        .says("lcrun explain identity.access_denied")
        .says("`lcrun explain authorization.access_denied`");
    explain("identity.access_denied")
        .exits(0)
        .says("banned")
        .never_says("a scope is asked for");
}

#[test]
fn both_spellings_and_both_hosts_of_an_error_address_are_known() {
    for (address, told) in [
        (
            "https://accounts.livechat.com/ooops?oauth_exception=invalid_request&exception_details=too_many_redirects",
            "too_many_redirects",
        ),
        (
            "https://accounts.livechatinc.com/ooops?oauth_exception=invalid_request&exception_details=to_many_redirects",
            "too_many_redirects",
        ),
        (
            "https://accounts.livechat.com/?identity_exception=identity_lost&entity_id=5b0c",
            "identity_lost",
        ),
        (
            "https://accounts.livechat.com/\n  ?identity_exception=credentials_login_disabled",
            "credentials_login_disabled",
        ),
        ("oauth_exception=missing_grant", "missing_grant"),
        ("?error=invalid_scope&state=x", "invalid_scope"),
        (
            "https://my-application.com/#error=access_denied",
            "access_denied",
        ),
    ] {
        let ran = explain(address);
        ran.exits(0);
        assert_eq!(ran.stdout.lines().next(), Some(told), "{address}");
    }
    // The parameter tells which of two errors of one name it is.
    explain("https://accounts.livechat.com/?identity_exception=access_denied")
        .exits(0)
        .says("banned")
        .never_says("is the name of");
}

#[test]
fn a_body_is_understood_as_an_argument_and_from_standard_input() {
    let body = r#"{"error":{"type":"validation","message":"Invalid message"}}"#;
    explain(body)
        .exits(0)
        .says("a comma, quote or bracket is missing");
    let with_head = format!("HTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n{body}\n");
    let lab = Lab::new();
    lab.run_with_input(["explain", "-"], &with_head)
        .exits(0)
        .says("Invalid message");
    lab.run_with_input(["explain", "-"], "invalid_grant\n")
        .exits(0)
        .says("the refresh token has expired");
    lab.run_with_input(["explain", "-"], " \n")
        .exits(1)
        .says("standard input is empty");
    explain(r#"{"oauth_exception":"unsupported_grant_type"}"#)
        .exits(0)
        .says("client credentials");
}

#[test]
fn the_messages_of_the_faq_are_found_as_people_copy_them() {
    for (message, told) in [
        (
            "the client is not authorized to request a token using this method.",
            "it can be exchanged for a token once",
        ),
        (
            "“The request is missing a required parameter…”",
            "its last slash included",
        ),
        ("Invalid message", "the body is not JSON"),
        (
            "The authorization grant type is not supported by the authorization server.",
            "RFC 6749 §4.4",
        ),
        (
            "Authorizing requests with a Personal Access Token doesn't work",
            "another scheme than Basic",
        ),
        ("access token of my customer has expired", "`entity_id`"),
    ] {
        let ran = explain(message);
        let text: Vec<&str> = ran.exits(0).stdout.split_whitespace().collect();
        let text = text.join(" ");
        assert!(text.contains(told), "{message}:\n{}", ran.stdout);
    }
}

#[test]
fn words_are_searched_and_the_typos_of_the_older_page_too() {
    explain("bussiness").exits(0).says("the identity is banned");
    explain("stategies")
        .exits(0)
        .says("credentials_login_disabled");
    explain("demermining").exits(0).says("who logs in");
    explain("access token expires")
        .exits(0)
        .says("invalid_grant");
    for typo in ["bussiness", "stategies", "demermining"] {
        let listed = Lab::new().run(["explain", "--list"]);
        listed.never_says(typo);
        explain(typo).never_says(typo);
    }
    insta::assert_snapshot!(explain("verifier").exits(0).stdout, @"
    invalid_grant

    The code or the refresh token is invalid, expired, revoked, was made for another
    redirect URI, or belongs to another app.

    It may be that

      - the refresh token has expired
      - the access token has expired

    What to do

      - Authorize again and use the new code and tokens
      - With PKCE, send the verifier that the challenge was made of

    LiveChat: Authorization errors. They end on the error page,
    `https://accounts.livechat.com/ooops?oauth_exception=…`, or come as `error` of a
    response. It is met as `oauth_exception` or `error` of an address, as
    `oauth_exception` or `error` of a JSON body, by the words “The provided
    authorization grant”.

    Source: Troubleshooting; Errors (the older page).
    ");
    let several = Lab::new().run(["explain", "percent", "nothing-like-this"]);
    several.exits(1);
}

#[test]
fn what_is_unknown_gets_the_nearest_name_and_exit_code_1() {
    explain("invalid_grnt")
        .exits(1)
        .says("did you mean `invalid_grant`?");
    explain("undefind-name")
        .exits(1)
        .says("did you mean `undefined-name`?");
    explain("qqqq").exits(1).says("lcrun explain --list");
    // An address may hold a code that works.
    explain("https://www.livechat.com/?code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4")
        .exits(1)
        .never_says("k0FTiZ");
    Lab::new().run(["explain"]).exits(1).says("Usage");
}

#[test]
fn a_message_of_lcrun_that_was_pasted_gives_the_page_of_its_code() {
    for pasted in [
        "error[undefined-name]",
        "error[undefined-name]: `acess_token` is not defined",
        "agent-flow.yaml:71:27: error[undefined-name]: `acess_token` is not defined",
    ] {
        let page = explain("undefined-name").exits(0).stdout.clone();
        assert_eq!(explain(pasted).exits(0).stdout, page);
    }
}
