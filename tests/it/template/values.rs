//! How values print, compare and keep their types.

use lcrun::template::{Scope, Value, display, is_omit, to_json};

use super::{engine, evaluate, gives, render, renders, scope};

#[test]
fn values_print_as_json_prints_them() {
    renders("{{ body.ok }} {{ body.none }}.", r#""true null.""#);
    renders(
        "{{ body.chats }}!",
        r#""[{\"id\":\"C1\",\"users\":[]},{\"id\":\"C2\",\"users\":[1]}]!""#,
    );
    renders(
        "{{ {'a': [true, 1.0, none]} }}!",
        r#""{\"a\":[true,1.0,null]}!""#,
    );
    gives(
        "'a' ~ true ~ none ~ [1, 'x'] ~ 1.0",
        r#""atruenull[1,\"x\"]1.0""#,
    );
    gives("'a' ~ body.ok", r#""atrue""#);
    gives("body.ok | string", r#""true""#);
    gives("body.none | string", r#""null""#);
    gives("[true, none, 1] | join('-')", r#""true-null-1""#);
    gives("'-'.join([true, none, 1])", r#""true-null-1""#);
    gives("'%s and %d' | format(true, 3)", r#""true and 3""#);
}

#[test]
fn numbers_print_as_json_prints_them() {
    renders(
        "{{ 1.0 }} {{ 1e300 }} {{ 0.1 + 0.2 }} {{ 10 / 4 }}",
        r#""1.0 1e+300 0.30000000000000004 2.5""#,
    );
    renders("{{ 18446744073709551615 }}.", r#""18446744073709551615.""#);
    renders("{{ -9223372036854775808 }}.", r#""-9223372036854775808.""#);
    renders("{{ 10 ** 20 }}.", r#""100000000000000000000.""#);
    assert_eq!(
        to_json(&evaluate("10 ** 20").unwrap())
            .unwrap_err()
            .to_string(),
        "100000000000000000000 is a number that JSON can't hold"
    );
}

#[test]
fn a_lone_expression_keeps_its_type() {
    renders("{{ limit }}", "3");
    renders("{{ limit + 1 }}", "4");
    renders("{{ body.none }}", "null");
    renders("{{ body.chats[0] }}", r#"{"id":"C1","users":[]}"#);
    renders(" {{ limit }}", "\" 3\"");
    renders("{{ limit }}{{ limit }}", "\"33\"");
}

#[test]
fn a_trailing_line_end_belongs_to_the_text() {
    renders("{{ limit }}\n", "\"3\\n\"");
    renders("plain\n", "\"plain\\n\"");
}

#[test]
fn a_text_without_marks_is_itself() {
    let engine = engine();
    for text in [
        "",
        "plain",
        "{ not a mark }",
        "query { files { id } }",
        "100 %",
    ] {
        let template = engine.template(text).unwrap();
        assert_eq!(template.literal(), Some(text));
        assert_eq!(template.render_text(&scope().value()).unwrap(), text);
        assert_eq!(template.uses().names().count(), 0);
    }
    assert_eq!(engine.template("{{ a }}").unwrap().literal(), None);
}

#[test]
fn omit_is_a_value_of_its_own_that_nothing_prints() {
    assert!(is_omit(&render("{{ omit }}").unwrap()));
    assert!(is_omit(&render("{{ omit if token else 2 }}").unwrap()));
    assert!(is_omit(&evaluate("body.none or omit").unwrap()));
    assert!(!is_omit(&Value::from("omit")));
    assert!(render("a{{ omit }}").is_err());
    assert!(to_json(&render("{{ omit }}").unwrap()).is_err());
    assert!(to_json(&evaluate("{'a': omit}").unwrap()).is_err());
}

#[test]
fn null_true_and_false_are_defined() {
    gives(
        "[null, none, None, true, True, false]",
        "[null,null,null,true,true,false]",
    );
    gives("body.none == null and body.none is none", "true");
}

#[test]
fn equality_is_that_of_json() {
    gives("1 == 1.0 and limit == 3.0", "true");
    gives("body.ok == 1", "false");
    gives("true == 1 or false == 0", "false");
    gives("'1' == 1", "false");
    gives("body.chats[0] == {'users': [], 'id': 'C1'}", "true");
    gives(
        "body.chats == [{'id': 'C1', 'users': []}, {'id': 'C2', 'users': [1.0]}]",
        "true",
    );
    gives("body.chats != body.chats[:1]", "true");
    gives("[1, 2] == (1, 2)", "true");
    gives("none == false", "false");
}

#[test]
fn order_is_only_between_numbers_texts_and_lists() {
    gives("body.rate < 1 and 'a' < 'b' and [1, 2] < [1, 3]", "true");
    gives("0 < limit <= 3 != 4", "true");
    gives("3 < limit < (1 // 0)", "false");
    assert!(evaluate("'5' > 3").is_err());
    assert!(evaluate("none < 1").is_err());
}

#[test]
fn membership_looks_into_texts_lists_and_objects() {
    gives("'scope' in body and 'nope' not in body", "true");
    gives("'all' in body.scope", "true");
    gives("status in [200, 201]", "true");
    gives("{'id': 'C2', 'users': [1]} in body.chats", "true");
    gives("'SESSION' in headers or 'set_cookie' in headers", "true");
}

#[test]
fn documents_are_read_like_lists_and_objects() {
    gives("body.chats | length", "2");
    gives("body.chats[-1].id ~ body['chats'][0]['id']", r#""C2C1""#);
    gives("body.chats[1:] | map(attribute='id') | list", r#"["C2"]"#);
    gives("body | list | first", r#""access_token""#);
    gives("body.keys() | last", r#""chats""#);
    gives("body.get('nope', 1)", "1");
    gives("token[:-4]", r#""dal""#);
    renders(
        "{% for key, value in body.chats[1].items() %}{{ key }}={{ value }};{% endfor %}",
        r#""id=C2;users=[1];""#,
    );
}

#[test]
fn a_document_becomes_json_again_as_it_was() {
    let value = evaluate("body").unwrap();
    assert_eq!(to_json(&value).unwrap().to_string(), display(&value));
    assert!(display(&value).starts_with(r#"{"access_token":"dal:k0F","expires_in":28800"#));
    let value = evaluate("{'b': body.chats[0], 'a': token | sha256}").unwrap();
    assert!(
        to_json(&value)
            .unwrap()
            .to_string()
            .starts_with(r#"{"b":{"id":"C1","users":[]},"a":"295ead9a40c2"#)
    );
}

#[test]
fn a_scope_sees_the_scope_below_it_unless_it_has_the_name_itself() {
    let below = scope();
    let above = Scope::above(&below);
    above.set("limit", Value::from(9));
    let engine = engine();
    let template = engine
        .template("{{ token }} {{ limit }} {{ status }}")
        .unwrap();
    assert_eq!(
        template.render_text(&above.value()).unwrap(),
        "dal:k0F 9 200"
    );
    assert_eq!(
        template.render_text(&below.value()).unwrap(),
        "dal:k0F 3 200"
    );
    below.set("token", Value::from("new"));
    assert_eq!(template.render_text(&above.value()).unwrap(), "new 9 200");
    above.remove("limit");
    assert_eq!(template.render_text(&above.value()).unwrap(), "new 3 200");
    assert_eq!(
        above.names(),
        [
            "body", "cookies", "headers", "limit", "redirect", "response", "status", "token"
        ]
    );
}

#[test]
fn the_names_that_a_text_needs_are_known_with_their_places() {
    let engine = engine();
    let uses = |text: &str| -> Vec<String> {
        let template = engine.template(text).unwrap();
        let names = template.uses().names();
        names
            .map(|one| format!("{} {} {:?}", one.name, one.path, one.range))
            .collect()
    };
    assert_eq!(
        uses("{{ a }}/{{ b.c[0]['d'] | upper }}"),
        ["a a 3..4", "b b.c[0]['d'] 11..12"]
    );
    assert_eq!(
        uses("{{ a[b].c if uuid() else omit }}"),
        ["a a 3..4", "b b 5..6"]
    );
    assert_eq!(
        uses("{% for x in xs %}{{ x }}{{ loop.index }}{{ y }}{% endfor %}{{ x }}"),
        ["xs xs 12..14", "y y 43..44", "x x 62..63"]
    );
    assert_eq!(uses("{% set a = b %}{{ a }}"), ["b b 11..12"]);
    let expression = engine
        .expression("status == 200 or body.x is defined")
        .unwrap();
    assert!(expression.uses().contains("status") && !expression.uses().contains("response"));
}

#[test]
fn a_template_gives_the_same_every_time() {
    let engine = engine();
    for text in [
        "{{ token }}",
        "a{{ token }}b",
        "{{ token | upper }}",
        "a{{ token | upper }}b",
    ] {
        let template = engine.template(text).unwrap();
        let first = display(&template.render(&scope().value()).unwrap());
        for _ in 0..3 {
            assert_eq!(display(&template.render(&scope().value()).unwrap()), first);
        }
    }
}
