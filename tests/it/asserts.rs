//! Failed asserts: the expression with the value of each part under it, as the binary draws it.

use insta::assert_snapshot;

use crate::lab::{Lab, settle};
use crate::raw_server::{RawServer, response};

/// What the asserts are about.
const BODY: &str = r#"{
    "access_token": "us-south1:tokentokentoken",
    "account_id": "b7eff798",
    "count": 3,
    "items": [
        {"id": "c1", "name": "Ada", "tags": ["a", "b"]},
        {"id": "c2", "name": "Grace", "tags": []},
        {"id": "c3", "name": "Edsger", "tags": ["b"]}
    ],
    "limits": {"day": 10, "hour": 2, "note": "soft"},
    "scope": "accounts--my:ro,agents--all:ro,agents--my:rw,chats--access:rw,chats--all:ro,customers:rw",
    "text": "first line\nsecond line"
}"#;

/// What is said of asserts, each a line of the list of a step or several.
fn failed(asserts: &str) -> String {
    let server = RawServer::always(response(
        "200 OK",
        &["Content-Type: application/json", "X-Rate: 7"],
        BODY,
    ));
    let lab = Lab::new();
    let lines: String = asserts
        .trim()
        .lines()
        .map(|line| format!("      {line}\n"))
        .collect();
    let collection = format!(
        r#"name: Asserts
inputs: {{ url: "{}" }}
variables: {{ n: 3, low: 1, word: agent, wanted: {{ day: 10, hour: 3, week: 60 }}, tags: [a, c] }}
steps:
  - name: Look
    request: {{ url: "{{{{ url }}}}" }}
    assert:
{lines}"#,
        server.url("/")
    );
    lab.write("a.yaml", &collection);
    let ran = lab.run(["a.yaml"]);
    ran.exits(4);
    drawings(&ran.told())
}

/// The drawings alone, without what stands around them in a run.
fn drawings(told: &str) -> String {
    let end = told.find("\n    HTTP/1.1 ").unwrap_or(told.len());
    let start = told.find("    error[").unwrap_or(0);
    let lines: Vec<&str> = told[start..end]
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .filter(|line| !line.trim_start().starts_with("-->"))
        .collect();
    settle(lines.join("\n").trim_end())
}

#[test]
fn scalars_are_drawn_under_their_parts() {
    assert_snapshot!(failed(
        r"
- body.count == 4
- body.account_id == word
- 4 == n
- status == 201 + 0
- headers.x_rate == '8'
- body.count != n
- -n == 3
"
    ));
}

#[test]
fn lists_and_mappings_are_compared_value_by_value() {
    assert_snapshot!(failed(
        r#"
- body.items[0].tags == tags
- body.limits == wanted
- status == 200 and body.limits == wanted
- "body.limits == {'day': 10, 'hour': 2}"
- body.items | map(attribute='id') == ['c1', 'c3']
- body.items == []
- body.limits == tags
- body.count == tags
- body.limits != body.limits
"#
    ));
}

#[test]
fn what_is_looked_for_and_where_are_drawn() {
    assert_snapshot!(failed(
        r#"
- "'d' in body.items[0].tags"
- word in body.scope
- "'agents--all:ro' not in body.scope"
- word in ['a', body.account_id]
- word in body.limits
"#
    ));
}

#[test]
fn a_test_shows_what_it_looks_at_and_its_arguments() {
    assert_snapshot!(failed(
        r"
- body.count is divisibleby(2)
- body.count is string
- body.count is not number
- body.scope is startingwith(word)
- body.nothing is defined
- body.account_id is undefined
"
    ));
}

#[test]
fn each_filter_and_call_shows_what_it_made_at_its_name() {
    assert_snapshot!(failed(
        r"
- body.items | length == 4
- (body.items | length) > n + 1
- body.items | map(attribute='name') | join(', ') == word
- body.scope.split(',') | length == 2
- body.account_id.upper() == body.account_id
- body.items | selectattr('name', 'equalto', 'Ada') | first == none
- word | base64url == ''
- uuid() == word
"
    ));
}

#[test]
fn only_the_side_that_decided_is_drawn() {
    assert_snapshot!(failed(
        r"
- status == 200 and body.count == 4
- status == 201 and body.count == 4
- body.count == 4 or n == 5
- (status == 200 and n == 3) and (body.count == 5 or low == 2)
- not (n == 3 or low == 2)
- not body.items
"
    ));
}

#[test]
fn chained_comparisons_choices_slices_and_arithmetic_show_their_parts() {
    assert_snapshot!(failed(
        r"
- 1 < body.count < 3
- low < n < body.count
- (n if low == 1 else word) == 4
- body.items[1:] | length == 1
- body.account_id[:3] == word
- body.items[low].id == 'c1'
- body.items[-1].id == 'c1'
- low + n * 2 == 8
- word ~ n == 'agent4'
"
    ));
}

#[test]
fn long_values_are_cut_and_line_ends_are_written() {
    assert_snapshot!(failed(
        r#"
- body.scope == word
- body.text == 'x'
- body.items == word
- body.scope | length == 3
- "'ż' in body.text"
- "'żółć' == word and n == 3"
"#
    ));
}

#[test]
fn a_secret_is_masked_and_so_is_what_is_made_of_it() {
    assert_snapshot!(failed(
        r#"
- body.access_token == word
- body.access_token | upper == word
- body.access_token[:8] == word
- body.access_token | length == 3
- body.access_token.split(':') == ['a']
- "{'access_token': body.access_token, 'n': 1} == {'access_token': 'x', 'n': 2}"
"#
    ));
}

#[test]
fn the_drawing_points_into_every_kind_of_scalar() {
    assert_snapshot!(failed(
        r#"
- >-
  body.count == 4
  and n == 3
- |
  n == 3 and
  body.count == 4 and
  low == 1
- |
  body.items[0].tags
    == tags
- 'body.account_id == ''it''''s'''
- "body.account_id == \"\u0061\""
- n == 3 and
  body.count == 5
- &same body.count == 6
"#
    ));
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    assert_snapshot!(failed(
        r#"
- body.acess_token == word
- body["acess_token"] == word
- body.items.length == 3
- body.items[7].id == 'c1'
- body.items.name == 'Ada'
- body.count.x == 1
- headers.x_rat == '7'
"#
    ));
}

#[test]
fn an_assert_behind_an_anchor_is_drawn_where_it_is_written() {
    let lab = Lab::new();
    let collection = "name: Anchors
variables: { n: 3, long: &same 'n + 1 == 5' }
x-common: &common
  - n == 4
steps:
  - name: First
    assert: *common
  - name: Second
    assert: [*same]
";
    let ran = lab.run_with_input(["--continue-on-error", "-"], collection);
    ran.exits(4);
    assert_snapshot!(ran.told());
}
