//! What can't be read, and the operator that was meant.

use super::{engine, expression_error, template_error};

#[test]
fn operators_of_other_languages_are_named_with_ours() {
    let drawn: String = [
        "status = 200",
        "status === 200",
        "status !== 200",
        "status == 200 && body.ok",
        "body.ok||limit",
        "!body.ok",
        "limit <> 3",
        "limit => 3",
        "body.ok AND limit",
        "body.scope contains 'all'",
        "body.ok ? 1 : 2",
        "limit ?? 3",
        "(limit = 3)",
        "body.chats | map(attribute='id') | list = []",
    ]
    .into_iter()
    .map(expression_error)
    .collect();
    insta::assert_snapshot!(drawn);
}

#[test]
fn braces_do_not_belong_into_an_expression() {
    insta::assert_snapshot!(expression_error("{{ status }} == 200"), @"
    error[braces-in-expression]: an expression is written without `{{ }}`
    1 | {{ status }} == 200
      | ^^^^^^^^^^^^
    help: leave them out
    1 - {{ status }} == 200
    1 + status == 200
    ");
    insta::assert_snapshot!(expression_error("{{ body.scope == 'a  b' }}"), @"
    error[braces-in-expression]: an expression is written without `{{ }}`
    1 | {{ body.scope == 'a  b' }}
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: leave them out
    1 - {{ body.scope == 'a  b' }}
    1 + body.scope == 'a  b'
    ");
    insta::assert_snapshot!(expression_error("{% if a %}"), @"
    error[syntax]: an expression has no `{% %}` blocks
    1 | {% if a %}
      | ^^
      = help: write `value if condition else other`, or the condition alone
    ");
    insta::assert_snapshot!(template_error("a {{ {{ token }} }}"), @"
    error[braces-in-expression]: `{{` is inside `{{ }}` already
    1 | a {{ {{ token }} }}
      |      ^^^^^^^^^^^
    help: leave the inner ones out
    1 - a {{ {{ token }} }}
    1 + a {{ token }}
    ");
}

#[test]
fn what_is_never_closed_is_shown_where_it_opens() {
    let drawn: String = [
        "body.scope == 'abc",
        "uuid(",
        "(limit == 3",
        "limit == 3)",
        "[1, (2]",
    ]
    .into_iter()
    .map(expression_error)
    .collect();
    insta::assert_snapshot!(drawn);
    let drawn: String = [
        "{{ token",
        "a {{ token }",
        "a {{ f( }} b",
        "{{ 'abc }} b",
        "{# abc",
        "{% raw %}abc",
        "{% for c in body.chats %}{% if c %}x{% endfor %}",
        "{% if token %}x",
        "{% endif %}",
        "{{ }}",
    ]
    .into_iter()
    .map(template_error)
    .collect();
    insta::assert_snapshot!(drawn, @"
    error[syntax]: `{{` is never closed: there is no `}}`
    1 | {{ token
      | ^^
      = help: write `}}` where the expression ends
    error[syntax]: `{{` is never closed: there is no `}}`
    1 | a {{ token }
      |   ^^
      = help: write `}}` where the expression ends
    error[syntax]: `(` is never closed
    1 | a {{ f( }} b
      |       ^
      = help: add a `)` after it
    error[syntax]: this string is never closed
    1 | {{ 'abc }} b
      |    ^^^^^
      = help: add a `'` after it
    error[syntax]: `{#` is never closed: there is no `#}`
    1 | {# abc
      | ^^
      = help: close the comment with `#}`
    error[syntax]: `{% raw %}` is never ended: there is no `{% endraw %}`
    1 | {% raw %}abc
      | ^^^^^^^^^
      = help: write `{% endraw %}` where it ends
    error[syntax]: `{% if %}` is still open: `{% endif %}` comes before this
    1 | {% for c in body.chats %}{% if c %}x{% endfor %}
      |                                     ^^^^^^^^^^^^
      = help: remove it, or begin the block before it
    error[syntax]: `{% if %}` is never ended: there is no `{% endif %}`
    1 | {% if token %}x
      | ^^^^^^^^^^^^^^
      = help: write `{% endif %}` where it ends
    error[syntax]: there is no `{% if %}` that `{% endif %}` could end
    1 | {% endif %}
      | ^^^^^^^^^^^
      = help: remove it, or begin the block before it
    error[syntax]: `{{ }}` is empty: an expression is missing
    1 | {{ }}
      | ^^^^^
      = help: write one, such as `{{ base_url }}`
    ");
}

#[test]
fn what_is_not_expected_is_shown_at_its_place() {
    let drawn: String = [
        "",
        "limit ==",
        "== 3",
        "limit token",
        "limit not 3",
        "body.",
        "limit #3",
        "{'a' 1}",
    ]
    .into_iter()
    .map(expression_error)
    .collect();
    insta::assert_snapshot!(drawn, @"
    error[syntax]: an expression is missing
    1 |
      | ^
      = help: write one, such as `body.id`, or remove it
    error[syntax]: the expression ends early: a value is missing after `==`
    1 | limit ==
      |       ^^
      = help: write what it is compared or joined with
    error[syntax]: unexpected `==`
    1 | == 3
      | ^^
      = help: a value is missing before it
    error[syntax]: expected the end of the expression, found `token`
    1 | limit token
      |       ^^^^^
      = help: an operator is missing before it, such as `==`, `in` or `and`
    error[syntax]: expected `in` after `not`, found `3`
    1 | limit not 3
      |           ^
      = help: write `x not in y`, or `x is not none`
    error[syntax]: the expression ends early: a key is missing after `.`
    1 | body.
      |     ^
      = help: write one, such as `.id`
    error[syntax]: unexpected `#`
    1 | limit #3
      |       ^
    error[syntax]: expected `:`, found `1`
    1 | {'a' 1}
      |      ^
    ");
    insta::assert_snapshot!(template_error("ż {{ limit token }}"), @"
    error[syntax]: expected the end of the expression, found `token`
    1 | ż {{ limit token }}
      |            ^^^^^
      = help: an operator is missing before it, such as `==`, `in` or `and`
    ");
}

#[test]
fn unknown_filters_tests_functions_and_methods_are_found_before_anything_runs() {
    let drawn: String = [
        "token | uper",
        "token | b64encode",
        "token is uid",
        "token is startsWith('d')",
        "uid()",
        "len(token)",
        "token.lenght()",
        "token.len()",
        "token.contains('x')",
        "body.chats | map('uper') | list",
        "body.chats | selectattr('id', 'equal', 1) | list",
        "uuid == 1",
        "false and (token | uper)",
    ]
    .into_iter()
    .map(expression_error)
    .collect();
    insta::assert_snapshot!(drawn);
}

#[test]
fn broken_patterns_are_found_before_anything_runs() {
    let drawn: String = [
        "body.scope is matching('chats(')",
        "body.scope | regex(\"a{2\")",
        "body | jsonpath('$.chats[')",
        "body | jsonpath('chats')",
    ]
    .into_iter()
    .map(expression_error)
    .collect();
    insta::assert_snapshot!(drawn, @r#"
    error[bad-regex]: invalid regular expression: unclosed group
    1 | body.scope is matching('chats(')
      |                              ^
      = help: close it with `)`, or write `\(` for the character itself
    error[bad-regex]: invalid regular expression: unclosed counted repetition
    1 | body.scope | regex("a{2")
      |                      ^^
      = help: close it with `}`, or write `\{` for the character itself
    error[bad-jsonpath]: invalid JSONPath: `[` is never closed
    1 | body | jsonpath('$.chats[')
      |                         ^
      = help: close it with `]`
    error[bad-jsonpath]: invalid JSONPath: it must begin with `$`
    1 | body | jsonpath('chats')
      |                  ^
      = help: write `$.chats`, or `$..chats` for any depth
    "#);
    let engine = engine();
    assert!(
        engine
            .expression("body.scope is matching('(' ~ ')')")
            .is_ok()
    );
}

#[test]
fn what_is_not_there_yet_or_never_will_be_is_refused() {
    let drawn: String = [
        "rows('users.csv')",
        "file('a.txt')",
        "body is schema('a.json')",
    ]
    .into_iter()
    .map(expression_error)
    .collect();
    insta::assert_snapshot!(drawn, @"
    error[not-supported]: `rows()` is not supported yet
    1 | rows('users.csv')
      | ^^^^
    error[not-supported]: `file()` is not supported yet
    1 | file('a.txt')
      | ^^^^
    error[not-supported]: `is schema(…)` is not supported yet
    1 | body is schema('a.json')
      |         ^^^^^^
    ");
    let drawn: String = [
        "{% include 'a' %}",
        "{% extends 'a' %}",
        "{% macro a() %}{% endmacro %}",
        "{% autoescape true %}{% endautoescape %}",
        "{% foo %}",
    ]
    .into_iter()
    .map(template_error)
    .collect();
    insta::assert_snapshot!(drawn, @"
    error[unknown-block]: `{% include %}` can't be used here: a template has no other files
    1 | {% include 'a' %}
      | ^^^^^^^^^^^^^^^^^
      = help: templates have `if`, `for`, `set`, `with`, `filter` and `raw`
    error[unknown-block]: `{% extends %}` can't be used here: a template has no other files
    1 | {% extends 'a' %}
      | ^^^^^^^^^^^^^^^^^
      = help: templates have `if`, `for`, `set`, `with`, `filter` and `raw`
    error[unknown-block]: there is no block `{% macro %}`
    1 | {% macro a() %}{% endmacro %}
      | ^^^^^^^^^^^^^^^
      = help: templates have `if`, `for`, `set`, `with`, `filter` and `raw`
    error[unknown-block]: `{% autoescape %}` can't be used here
    1 | {% autoescape true %}{% endautoescape %}
      | ^^^^^^^^^^^^^
    error[unknown-block]: there is no block `{% foo %}`
    1 | {% foo %}
      | ^^^^^^^^^
      = help: templates have `if`, `for`, `set`, `with`, `filter` and `raw`
    ");
}

#[test]
fn blocks_of_a_template_are_allowed() {
    let engine = engine();
    for text in [
        "{% if token %}a{% elif limit %}b{% else %}c{% endif %}",
        "{% for c in body.chats if c.id != 'C1' %}{{ c.id }}{% else %}none{% endfor %}",
        "{% set a = 1 %}{% set b %}x{% endset %}{{ a }}{{ b }}",
        "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}",
        "{% filter upper %}a{% endfilter %}",
        "{% raw %}{{ not a mark }}{% endraw %}",
        "a {#- a comment -#} b",
    ] {
        assert!(engine.template(text).is_ok(), "{text}");
    }
}

#[test]
fn an_endless_expression_is_refused() {
    let text = "limit".to_owned() + &" + limit".repeat(300);
    let error = engine().expression(&text).unwrap_err();
    assert_eq!(error.code, "expression-too-long");
    assert_eq!(
        error.message,
        "an expression may have at most 250 operators"
    );
}
