//! Filters, functions, tests and methods.

use std::sync::{Arc, Mutex};

use lcrun::template::{Engine, EngineOptions, Scope, display};

use super::{engine, evaluate, gives, options, scope};

#[test]
fn hashes_are_bytes_that_print_as_hex() {
    gives(
        "'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' | sha256 | base64url",
        r#""E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM""#,
    );
    let hmac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let signed = "'what do ya want for nothing?' | hmac_sha256('Jefe')";
    gives(signed, &format!("\"{hmac}\""));
    gives(&format!("({signed}) == '{hmac}'"), "true");
    gives(&format!("({signed}) ~ '' == '{hmac}'"), "true");
    gives("'' | sha256 | string | length", "64");
    gives("'' | sha256 | length", "32");
}

#[test]
fn base64_and_percent_encoding_go_both_ways() {
    gives("'a:b?>' | base64", r#""YTpiPz4=""#);
    gives("'a:b?>' | base64url", r#""YTpiPz4""#);
    gives("'YTpiPz4=' | base64_decode", r#""a:b?>""#);
    gives("'YTpiPz4' | base64_decode", r#""a:b?>""#);
    gives("'_w' | base64_decode", r#""ff""#);
    gives(
        "'dal:k0F/ ż+~' | urlencode",
        r#""dal%3Ak0F%2F%20%C5%BC%2B~""#,
    );
    gives("{'a': 'x y', 'b': true} | urlencode", r#""a=x%20y&b=true""#);
    gives("'dal%3Ak0F+%20%zz%' | urldecode", r#""dal:k0F+ %zz%""#);
    gives("'dal%253A' | urldecode", r#""dal%3A""#);
}

#[test]
fn json_goes_both_ways() {
    gives(
        "body.chats[0] | tojson",
        r#""{\"id\":\"C1\",\"users\":[]}""#,
    );
    gives("{'a': 1} | tojson(indent=true)", r#""{\n  \"a\": 1\n}""#);
    gives("('[1, {\"a\": null}]' | fromjson)[1]", r#"{"a":null}"#);
}

#[test]
fn jsonpath_gives_one_node_or_a_list() {
    gives("body | jsonpath('$.chats[0].id')", r#""C1""#);
    gives("body | jsonpath('$..id')", r#"["C1","C2"]"#);
    gives(
        "body | jsonpath('$.chats[?@.users[0] == 1].id')",
        r#"["C2"]"#,
    );
    gives("body | jsonpath('$.nope[*]')", "[]");
    gives(
        "body | jsonpath('$.nope') | default('none there')",
        r#""none there""#,
    );
    gives("{'a': [1, 2]} | jsonpath(\"$['a'][-1]\")", "2");
}

#[test]
fn regex_gives_the_first_group_or_the_match() {
    gives("body.scope | regex('--(.*):')", r#""all""#);
    gives("body.scope | regex('[a-z]+:ro$')", r#""all:ro""#);
    gives("body.scope | regex('zzz') | default(0)", "0");
    gives("'(\\d+)' ~ ''", r#""(\\d+)""#);
    gives("'id=42' | regex('(\\d+)') | int + 1", "43");
}

#[test]
fn texts_are_split_as_python_splits_them() {
    gives("'a,b,,c' | split(',')", r#"["a","b","","c"]"#);
    gives("'a,b,c'.split(',', 1)", r#"["a","b,c"]"#);
    gives("'  a  b c ' | split", r#"["a","b","c"]"#);
    gives("'  a  b c '.split(none, 1)", r#"["a","b c "]"#);
    gives("'a\nb\r\nc'.splitlines()", r#"["a","b","c"]"#);
    gives("' Ab '.strip().lower().upper()", r#""AB""#);
}

#[test]
fn tests_know_the_kinds() {
    for (text, kind) in [
        ("'919108f7-52d1-4320-9bac-f847db4148a8'", "uuid"),
        ("'2026-11-22T10:11:12Z'", "rfc3339"),
        ("'2026-11-22'", "date"),
        ("'a@b.c'", "email"),
        ("'https://x.io/'", "url"),
        ("'127.0.0.1'", "ip"),
        ("'YQ=='", "base64"),
        ("'ff'", "hex"),
        ("'eyJhbGciOiJub25lIn0.e30.'", "jwt"),
        ("body.expires_in", "integer"),
        ("1.0", "integer"),
        ("0.5", "number"),
        ("token", "string"),
        ("false", "boolean"),
        ("none", "any"),
        ("body.chats", "sequence"),
        ("body.chats[1:]", "sequence"),
        ("body", "mapping"),
        ("body.chats[0].users", "empty"),
        ("''", "empty"),
        ("body.scope", "matching('^chats--(all|access):ro$')"),
        ("token", "startingwith('dal:')"),
        ("token", "endingwith('0F')"),
        ("token", "containing(':')"),
        ("body.chats", "containing({'id': 'C1', 'users': []})"),
        ("limit", "odd"),
        ("3", "in [1, 2, 3]"),
        ("limit", "eq 3"),
        ("body.ok", "true"),
    ] {
        gives(&format!("{text} is {kind}"), "true");
        gives(&format!("{text} is not {kind}"), "false");
    }
    gives(
        "true is integer or '1' is number or 1 is string or none is sequence",
        "false",
    );
    gives("1 is matching('1')", "false");
}

#[test]
fn like_compares_what_the_pattern_has() {
    gives(
        "body is like({'ok': true, 'chats': [{'id': 'C1'}, {'users': [1]}]})",
        "true",
    );
    gives("body is like({'chats': [{'id': 'C1'}]})", "false");
    gives("body is like({'nope': none})", "false");
    gives("body.rate is like(0.5)", "true");
}

#[test]
fn a_test_of_something_that_is_not_there_fails_instead_of_being_false() {
    for test in [
        "integer",
        "none",
        "sequence",
        "empty",
        "eq(1)",
        "odd",
        "matching('x')",
        "any",
        "true",
    ] {
        let error = evaluate(&format!("body.nope is {test}")).unwrap_err();
        assert_eq!(error.message, "`body.nope` is not there", "{test}");
        assert!(error.is_missing());
        let error = evaluate(&format!("body.nope is not {test}")).unwrap_err();
        assert_eq!(error.message, "`body.nope` is not there", "{test}");
    }
    gives(
        "body.nope is undefined and body.nope is not defined",
        "true",
    );
    gives("body.ok is defined and body.ok is not undefined", "true");
}

#[test]
fn items_that_lack_an_attribute_are_not_selected() {
    let events = "[{'type': 'message', 'id': 1}, {'id': 2}, {'type': 'file', 'id': 3}]";
    gives(
        &format!(
            "{events} | selectattr('type', 'equalto', 'message') | map(attribute='id') | list"
        ),
        "[1]",
    );
    gives(
        &format!("{events} | rejectattr('type', 'eq', 'message') | map(attribute='id') | list"),
        "[2,3]",
    );
    gives(&format!("{events} | selectattr('type') | length"), "2");
    gives(
        &format!("{events} | selectattr('type', 'undefined') | length"),
        "1",
    );
    gives(
        "body.chats | selectattr('users.0', 'eq', 1) | map(attribute='id') | list",
        r#"["C2"]"#,
    );
}

#[test]
fn time_is_read_from_the_clock_that_was_given() {
    gives("now()", r#""2026-11-22T10:11:12.345Z""#);
    gives("now() is rfc3339", "true");
    gives("now('%Y-%m-%d')", r#""2026-11-22""#);
    gives("timestamp()", "1795342272");
}

#[test]
fn random_values_are_what_they_say_and_the_same_for_one_seed() {
    gives("uuid() is uuid", "true");
    gives("random_string(43) is matching('^[A-Za-z0-9]{43}$')", "true");
    gives("random_int(5, 5)", "5");
    let draw = |seed: Option<u64>| {
        let engine = Engine::new(EngineOptions {
            seed,
            ..options(Arc::default())
        });
        let text = "{{ uuid() }} {{ random_int(-9, 1000000) }} {{ random_string(9) }}";
        let value = engine
            .template(text)
            .unwrap()
            .render(&Scope::new().value())
            .unwrap();
        display(&value)
    };
    assert_eq!(draw(Some(1)), draw(Some(1)));
    assert_ne!(draw(Some(1)), draw(Some(2)));
    assert_ne!(draw(None), draw(None));
    let engine = engine();
    let two = engine.expression("uuid() != uuid()").unwrap();
    assert!(two.is_true(&scope().value()).unwrap());
}

#[test]
fn an_environment_variable_is_told_when_it_is_used() {
    let used = Arc::new(Mutex::new(Vec::new()));
    let engine = Engine::new(options(Arc::clone(&used)));
    let value = |text| engine.expression(text).unwrap().evaluate(&scope().value());
    assert_eq!(
        display(&value("env('API_TOKEN')").unwrap()),
        r#""hunter2-not-it""#
    );
    assert_eq!(
        display(&value("env('NOPE', 'default')").unwrap()),
        r#""default""#
    );
    assert_eq!(*used.lock().unwrap(), ["API_TOKEN=hunter2-not-it"]);
    let error = value("env('NOPE')").unwrap_err();
    assert_eq!(error.message, "the environment variable `NOPE` is not set");
}
