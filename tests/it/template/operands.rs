//! The parts of a failed assert with their values.

use std::fmt::Write as _;

use lcrun::template::display;

use super::{engine, scope};

/// Each part under its place, as a report can draw it.
fn parts(text: &str) -> String {
    let engine = engine();
    let expression = engine.expression(text).expect(text);
    let mut drawn = format!("{text}\n");
    for operand in expression.operands(&scope().value()) {
        assert_eq!(&text[operand.range.clone()], operand.text);
        let value = match operand.value {
            Ok(value) => display(&value),
            Err(error) => format!("({error})"),
        };
        let cut: String = value.chars().take(40).collect();
        let indent = " ".repeat(operand.range.start);
        let carets = "^".repeat(operand.range.len());
        writeln!(drawn, "{indent}{carets} {cut}").expect("a text takes any text");
    }
    drawn
}

#[test]
fn both_sides_of_a_comparison_are_shown_but_constants() {
    insta::assert_snapshot!(parts("body.expires_in == 3600"), @"
    body.expires_in == 3600
    ^^^^^^^^^^^^^^^ 28800
    ");
    insta::assert_snapshot!(parts("body.access_token != token"), @r#"
    body.access_token != token
    ^^^^^^^^^^^^^^^^^ "dal:k0F"
                         ^^^^^ "dal:k0F"
    "#);
    insta::assert_snapshot!(parts("1 < body.expires_in < limit"), @"
    1 < body.expires_in < limit
        ^^^^^^^^^^^^^^^ 28800
                          ^^^^^ 3
    ");
    insta::assert_snapshot!(parts("body.chats[0].id in ['x', token]"), @r#"
    body.chats[0].id in ['x', token]
    ^^^^^^^^^^^^^^^^ "C1"
                              ^^^^^ "dal:k0F"
    "#);
    insta::assert_snapshot!(parts("body.chats[limit - 2].id not in body.scope"), @r#"
    body.chats[limit - 2].id not in body.scope
               ^^^^^ 3
               ^^^^^^^^^ 1
    ^^^^^^^^^^^^^^^^^^^^^^^^ "C2"
                                    ^^^^^^^^^^ "chats--all:ro"
    "#);
}

#[test]
fn only_the_side_that_decided_is_shown() {
    insta::assert_snapshot!(parts("body.ok and limit == 4"), @"
    body.ok and limit == 4
                ^^^^^ 3
    ");
    insta::assert_snapshot!(parts("limit == 4 and tokn"), @"
    limit == 4 and tokn
    ^^^^^ 3
    ");
    insta::assert_snapshot!(parts("limit == 4 or status == 201"), @"
    limit == 4 or status == 201
    ^^^^^ 3
                  ^^^^^^ 200
    ");
    insta::assert_snapshot!(parts("not (limit == 3 or tokn)"), @"
    not (limit == 3 or tokn)
         ^^^^^ 3
    ");
    insta::assert_snapshot!(parts("limit == 4 if body.ok else tokn"), @"
    limit == 4 if body.ok else tokn
                  ^^^^^^^ true
    ^^^^^ 3
    ");
}

#[test]
fn filters_tests_calls_and_arithmetic_are_shown_step_by_step() {
    insta::assert_snapshot!(parts("body.chats | length == 3"), @r#"
    body.chats | length == 3
    ^^^^^^^^^^ [{"id":"C1","users":[]},{"id":"C2","user
    ^^^^^^^^^^^^^^^^^^^ 2
    "#);
    insta::assert_snapshot!(parts("body.scope is matching('rw$')"), @r#"
    body.scope is matching('rw$')
    ^^^^^^^^^^ "chats--all:ro"
    "#);
    insta::assert_snapshot!(parts("body.scope is not containing(token[4:] | lower)"), @r#"
    body.scope is not containing(token[4:] | lower)
    ^^^^^^^^^^ "chats--all:ro"
                                 ^^^^^ "dal:k0F"
                                 ^^^^^^^^^ "k0F"
                                 ^^^^^^^^^^^^^^^^^ "k0f"
    "#);
    insta::assert_snapshot!(parts("headers.all('set-cookie') | length == 1"), @r#"
    headers.all('set-cookie') | length == 1
    ^^^^^^^ {"Content-Type":"application/json; chars
    ^^^^^^^^^^^^^^^^^^^^^^^^^ ["session=abc; Path=/; HttpOnly","theme=
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 2
    "#);
    insta::assert_snapshot!(parts("(limit + 1) * 2 == body.rate"), @"
    (limit + 1) * 2 == body.rate
     ^^^^^ 3
     ^^^^^^^^^ 4
    ^^^^^^^^^^^^^^^ 8
                       ^^^^^^^^^ 0.5
    ");
    insta::assert_snapshot!(parts("(body.chats | map(attribute='id') | list)[0] == token"), @r#"
    (body.chats | map(attribute='id') | list)[0] == token
     ^^^^^^^^^^ [{"id":"C1","users":[]},{"id":"C2","user
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ["C1","C2"]
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ["C1","C2"]
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ "C1"
                                                    ^^^^^ "dal:k0F"
    "#);
}

#[test]
fn what_has_no_value_says_why() {
    insta::assert_snapshot!(parts("body.x == 1"), @"
    body.x == 1
    ^^^^^^ (`body.x` is not there)
    ");
    insta::assert_snapshot!(parts("limit < token"), @r#"
    limit < token
    ^^^^^ 3
            ^^^^^ "dal:k0F"
    "#);
    insta::assert_snapshot!(parts("(token | fromjson) == limit"), @r#"
    (token | fromjson) == limit
     ^^^^^ "dal:k0F"
     ^^^^^^^^^^^^^^^^ (the string is not JSON: a value is miss
                          ^^^^^ 3
    "#);
}

#[test]
fn a_random_value_is_not_drawn_again() {
    insta::assert_snapshot!(parts("uuid() == token"), @r#"
    uuid() == token
              ^^^^^ "dal:k0F"
    "#);
}
