//! What fails while it runs, at its place.

use lcrun::template::{Cause, Scope, Value};

use super::{engine, evaluate, evaluate_in, expression_error, render, scope_with, template_error};

#[test]
fn a_name_that_nothing_defines_is_shown_with_those_that_are() {
    insta::assert_snapshot!(expression_error("tokn"), @"
    error[undefined-name]: `tokn` is not defined
    1 | tokn
      | ^^^^
      = help: defined here: `body`, `cookies`, `headers`, `limit`, `redirect`, `response`, `status` and `token`
    help: did you mean `token`?
    1 | token
      |    +
    ");
    insta::assert_snapshot!(template_error("Bearer {{ tokn }}"), @"
    error[undefined-name]: `tokn` is not defined
    1 | Bearer {{ tokn }}
      |           ^^^^
      = help: defined here: `body`, `cookies`, `headers`, `limit`, `redirect`, `response`, `status` and `token`
    help: did you mean `token`?
    1 | Bearer {{ token }}
      |              +
    ");
    for text in [
        "tokn",
        "tokn == 1",
        "1 == tokn",
        "tokn | upper",
        "not tokn",
        "limit + tokn",
        "tokn.x",
        "limit in tokn",
        "tokn in [1]",
        "[tokn]",
        "{'a': tokn}",
        "tokn is integer",
        "limit < tokn",
        "'a' ~ tokn",
        "uuid() if tokn else 1",
        "token.split(tokn)",
        "true and tokn",
    ] {
        let error = evaluate(text).unwrap_err();
        assert_eq!(error.message, "`tokn` is not defined", "{text}");
        assert_eq!(error.cause, Cause::Name);
        assert_eq!(&text[error.range.unwrap()], "tokn");
    }
    for text in [
        "{{ tokn }}",
        "a{{ tokn }}",
        "{{ [tokn] }}b",
        "{{ token }}{{ tokn | upper }}",
        "{% if tokn %}{% endif %}",
        "{% for x in tokn %}{% endfor %}",
        "{% set a = tokn.x %}",
    ] {
        let error = render(text).unwrap_err();
        assert_eq!(error.message, "`tokn` is not defined", "{text}");
        assert_eq!(&text[error.range.unwrap()], "tokn");
    }
}

#[test]
fn a_value_that_the_response_lacks_is_shown_with_those_it_has() {
    let drawn: String = [
        "body.acess_token",
        "body.acess_token == 'x' and status == 200",
        "body['acess_token']",
        "body.chats[5].id",
        "body.chats.id",
        "body.chats[0].idd.x",
        "body.scope.x",
        "body.none.x",
        "status.x",
        "headers.contenttype",
        "cookies.sesion",
        "(body.chats | first).idd",
        "body.chats[limit]",
        "redirect.query.kode",
    ]
    .into_iter()
    .map(expression_error)
    .collect();
    insta::assert_snapshot!(drawn);
}

#[test]
fn a_missing_value_is_found_wherever_it_stands() {
    for text in [
        "body.x",
        "body.x == 1",
        "1 == body.x",
        "body.x < 1",
        "not body.x",
        "body.x in [1]",
        "1 in body.x",
        "body.x | upper",
        "body.x | length",
        "body.x | join",
        "body.x ~ 'a'",
        "body.x + 1",
        "body.x.y is defined",
        "body.x and true",
        "body.x if true else 1",
        "1 < body.x < 3",
        "{'a': [body.x]}",
        "body.x | tojson",
        "body.x | sha256",
        "body.x | jsonpath('$')",
        "body.x | regex('a')",
        "token is containing(body.x)",
        "body.x | default(body.x)",
        "limit.x or body.x",
    ] {
        let error = evaluate(text).unwrap_err();
        assert!(error.is_missing(), "{text}: {error:?}");
        let at = &text[error.range.clone().unwrap()];
        assert!(["body.x", "limit.x"].contains(&at), "{text}: {error:?}");
    }
}

#[test]
fn what_is_guarded_may_be_missing() {
    for text in [
        "body.x | default(1)",
        "body.x is undefined",
        "body.ok or body.x",
        "status == 201 and body.x",
        "1 if body.ok else body.x",
        "'x' not in body or body.x",
    ] {
        assert!(evaluate(text).is_ok(), "{text}");
    }
}

#[test]
fn what_finds_nothing_says_so() {
    let drawn: String = [
        "body.scope | regex('zzz')",
        "body | jsonpath('$.zzz')",
        "body.chats[0].users | first",
        "body.chats | map(attribute='nope') | list",
        "body.chats | map(attribute='nope') | first == 1",
        "token if false",
    ]
    .into_iter()
    .map(expression_error)
    .collect();
    insta::assert_snapshot!(drawn, @r#"
    error[missing-value]: `zzz` matches nothing in `body.scope`
    1 | body.scope | regex('zzz')
      | ^^^^^^^^^^^^^^^^^^^^^^^^^
    error[missing-value]: `$.zzz` leads nowhere in `body`
    1 | body | jsonpath('$.zzz')
      | ^^^^^^^^^^^^^^^^^^^^^^^^
    error[missing-value]: `body.chats[0].users | first` is not there: `body.chats[0].users` is empty
    1 | body.chats[0].users | first
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    error[missing-value]: not every item of `body.chats` has `nope`
    1 | body.chats | map(attribute='nope') | list
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: `selectattr("nope", "defined")` takes those that have it
    error[missing-value]: not every item of `body.chats` has `nope`
    1 | body.chats | map(attribute='nope') | first == 1
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: `selectattr("nope", "defined")` takes those that have it
    error[missing-value]: nothing is chosen: `false` is false and there is no `else`
    1 | token if false
      | ^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(template_error("{% for c in body.chats %}{{ c.nope }}{% endfor %}"), @"
    error[missing-value]: `c.nope` is not there
    1 | {% for c in body.chats %}{{ c.nope }}{% endfor %}
      |                             ^^^^^^
    ");
    let of_loop = |text: &str| {
        render(&format!(
            "{{% for c in body.chats %}}{{{{ {text} }}}}{{% endfor %}}"
        ))
        .unwrap_err()
        .message
    };
    assert_eq!(of_loop("c.nope == 1"), "`c.nope` is not there");
    assert_eq!(of_loop("c.nope | upper"), "`c.nope` is not there");
    assert_eq!(of_loop("c.nope < c.no"), "`c.nope` or `c.no` is not there");
    assert_eq!(of_loop("c.id == tokn"), "`tokn` is not defined");
    insta::assert_snapshot!(template_error("{{ body.chats | map(attribute='nope') | list }}!"), @r#"
    error[missing-value]: not every item of `body.chats` has `nope`
    1 | {{ body.chats | map(attribute='nope') | list }}!
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: `selectattr("nope", "defined")` takes those that have it
    "#);
}

#[test]
fn values_that_can_not_be_used_this_way_are_named() {
    let drawn: String = [
        "token + 1",
        "token % 1",
        "'5' > 3",
        "1 in 2",
        "[1] * 3",
        "1 // 0",
        "token | int",
        "token | fromjson",
        "'*' | base64_decode",
        "body.lower()",
        "status ~ omit",
        "random_int(3, 1)",
        "env('NOPE')",
        "now('%!')",
        "body.scope is matching(token ~ '(')",
        "range(1000000)",
    ]
    .into_iter()
    .map(expression_error)
    .collect();
    insta::assert_snapshot!(drawn);
    insta::assert_snapshot!(template_error("a {{ omit }}"), @"
    error[evaluation]: `omit` is where a value is needed
    1 | a {{ omit }}
      |      ^^^^
    ");
}

#[test]
fn many_keys_are_not_all_listed() {
    let keys: Vec<String> = (10..40).map(|n| format!("\"k{n}\":{n}")).collect();
    let scope = scope_with(Some("application/json"), &format!("{{{}}}", keys.join(",")));
    let error = evaluate_in(&scope, "body.zzz").unwrap_err();
    assert!(error.help[0].ends_with("`k29` and 10 more"), "{error:?}");
    let empty = scope_with(Some("application/json"), "{}");
    assert_eq!(
        evaluate_in(&empty, "body.zzz").unwrap_err().help,
        ["`body` is empty"]
    );
}

#[test]
fn an_empty_scope_has_no_names_to_offer() {
    let error = engine()
        .expression("a")
        .unwrap()
        .evaluate(&Scope::new().value())
        .unwrap_err();
    assert_eq!((error.help.len(), error.fix), (0, None));
    let scope = Scope::new();
    scope.set("none", Value::from(()));
    assert!(evaluate_in(&scope, "nonne").unwrap_err().fix.is_some());
}
