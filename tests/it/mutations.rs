//! The tutorial with one mistake in it, for every mistake that can be made in it line by line.

use std::path::Path;

use regex::Regex;

use crate::lab::{Lab, Ran};

const FILE: &str = "collections/agent-flow.yaml";

/// The keys of the format that the tutorial uses; others name themselves, as those of a form do.
const KEYS: [&str; 21] = [
    "name",
    "description",
    "requires",
    "tags",
    "extends",
    "steps",
    "id",
    "authorize",
    "url",
    "query",
    "capture",
    "assert",
    "request",
    "method",
    "form",
    "snapshot",
    "auth",
    "json",
    "show",
    "bearer",
    "headers",
];

/// Runs the tutorial with this text, in a lab that has what it extends and its snapshots.
fn run(lab: &Lab, text: &str) -> Ran {
    lab.write(FILE, text);
    lab.run([FILE])
}

fn tutorial() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE)).unwrap()
}

/// The tutorial with every match of `pattern`, one at a time, replaced; and the line of each.
fn mutants(pattern: &str, with: &str) -> Vec<(usize, String)> {
    let text = tutorial();
    let pattern = Regex::new(pattern).unwrap();
    let places: Vec<_> = pattern
        .captures_iter(&text)
        .map(|found| found.get(0).unwrap().range())
        .collect();
    places
        .into_iter()
        .map(|range| {
            let line = text[..range.start].matches('\n').count() + 1;
            let changed = pattern.replace(&text[range.clone()], with).into_owned();
            (
                line,
                format!("{}{changed}{}", &text[..range.start], &text[range.end..]),
            )
        })
        .collect()
}

#[track_caller]
fn assert_refused(mutants: Vec<(usize, String)>, at_least: usize) {
    assert!(mutants.len() >= at_least, "{} mutants", mutants.len());
    let lab = Lab::with_collections();
    for (line, text) in mutants {
        let ran = run(&lab, &text);
        let place = format!("{FILE}:{line}:");
        assert_eq!(ran.code, 2, "line {line}:\n{}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stderr.contains(&place),
            "line {line} is not blamed:\n{}",
            ran.stderr
        );
    }
}

#[test]
fn every_misspelt_key_is_refused_at_its_line() {
    let mutants: Vec<_> = mutants(r"(?m)^( *(?:- )?)([a-z_]+)(:)", "${1}${2}q${3}")
        .into_iter()
        .filter(|(line, text)| {
            let written = text
                .lines()
                .nth(line - 1)
                .unwrap()
                .trim()
                .trim_start_matches("- ");
            let key = written.split("q:").next().unwrap();
            KEYS.contains(&key)
        })
        .collect();
    assert_refused(mutants, 30);
}

#[test]
fn every_undefined_name_and_broken_template_is_refused_at_its_line() {
    assert_refused(mutants(r"\{\{ (\w+) \}\}", "{{ ${1}q }}"), 10);
    assert_refused(mutants(r"\{\{ (\w+) \}\}", "{{ ${1} | }}"), 10);
    assert_refused(mutants(r"\{\{ (\w+) \}\}", "{{ ${1} }"), 10);
    assert_refused(mutants(r"\{\{ (\w+) \}\}", "{{ nofunction(${1}) }}"), 10);
}

#[test]
fn every_broken_expression_is_refused_at_its_line() {
    assert_refused(mutants(r"(?m)^(      - (?:body|code).*)$", "${1} =="), 6);
    assert_refused(mutants(r"(?m)^(      - )body(.*)$", "${1}bodi${2}"), 5);
    assert_refused(
        mutants(
            r"(?m)^(      \w+: )(redirect|body)(\..*)$",
            "${1}${2}${3} | nofilter",
        ),
        2,
    );
}

#[test]
fn every_wrong_type_is_refused_at_its_line() {
    assert_refused(
        mutants(
            r"(?m)^( +(?:- )?(?:name|id|url|method|extends): ).*$",
            "${1}[1]",
        ),
        11,
    );
    assert_refused(mutants(r"(?m)^( +snapshot: )true$", "${1}[yes]"), 2);
    assert_refused(mutants(r"(?m)^( +show: )response$", "${1}{}"), 1);
    assert_refused(mutants(r"(?m)^( +auth: ).*$", "${1}[a]"), 1);
}

/// Replaces `from` by `to`, and expects the run to blame the line of `blamed`.
#[track_caller]
fn assert_blamed(from: &str, to: &str, blamed: &str, exit: i32) {
    let text = tutorial();
    let find = |part: &str| {
        text.find(part)
            .unwrap_or_else(|| panic!("`{part}` is not in the tutorial"))
    };
    find(from);
    let line = text[..find(blamed)].matches('\n').count() + 1;
    let ran = run(&Lab::with_collections(), &text.replacen(from, to, 1));
    assert_eq!(ran.code, exit, "`{to}`:\n{}{}", ran.stdout, ran.stderr);
    let place = format!("{FILE}:{line}:");
    assert!(
        ran.stdout.contains(&place),
        "`{to}` is not blamed at {place}\n{}",
        ran.stdout
    );
}

#[test]
fn every_changed_asserted_or_captured_value_fails_at_its_line() {
    for (from, to) in [
        ("containing(\"%3A\")", "containing(\"%3A\") and false"),
        ("\"Bearer\"", "\"bearer\""),
        ("== 28800", "== 3600"),
        ("(all|access)", "(none|neither)"),
        ("is string", "is number"),
        ("is sequence", "is mapping"),
        ("body.found_chats >=", "body.found_chats <"),
        ("redirect.query.code", "redirect.query.cod"),
        ("body.access_token", "body.acess_token"),
    ] {
        assert_blamed(from, to, from, 4);
    }
}

#[test]
fn every_changed_address_or_field_fails_the_step_and_names_its_line() {
    let (code, token, list) = (
        "- name: Acquire the code",
        "- name: Exchange the code",
        "- name: List chats",
    );
    let authorize = "\"{{ accounts_url }}/\"";
    let chats = "\"{{ api_url }}/v3.6/agent/action/list_chats\"";
    for (from, to, blamed, exit) in [
        (authorize, "\"{{ accounts_url }}/elsewhere\"", code, 3),
        (authorize, "\"http://127.0.0.1:1/\"", code, 3),
        ("/v2/token", "/v2/tokens", token, 4),
        ("authorization_code", "authorization_cod", token, 4),
        ("/v3.6/agent", "/v9.9/agent", list, 4),
        ("action/list_chats", "action/list_chat", list, 4),
        ("POST", "PUT", token, 4),
        (chats, "\"ftp://host\"", chats, 3),
        (chats, "\"not an address\"", chats, 3),
    ] {
        assert_blamed(from, to, blamed, exit);
    }
}
