//! The expressions that collections are made of, on responses as the API gives them.

use std::sync::Arc;

use lcrun::template::{ExchangeView, Scope, Value, display};

use super::{engine, evaluate_in, exchange, scope_with};

#[test]
fn pages_are_collected_round_after_round() {
    let scope = Scope::new();
    scope.set("ids", Value::from(Vec::<Value>::new()));
    scope.set("page_id", Value::from(()));
    let engine = engine();
    let limit = engine.template("{{ omit if page_id else 2 }}").unwrap();
    let page = engine.template("{{ page_id or omit }}").unwrap();
    let ids = engine
        .expression("ids + (body.chats_summary | map(attribute=\"id\") | list)")
        .unwrap();
    let next = engine
        .expression("body.next_page_id | default(none)")
        .unwrap();
    let mut sent = Vec::new();
    for (number, body) in [
        r#"{"chats_summary":[{"id":"A"},{"id":"B"}],"next_page_id":"Mg"}"#,
        r#"{"chats_summary":[{"id":"C"}]}"#,
    ]
    .into_iter()
    .enumerate()
    {
        let value = scope.value();
        sent.push(display(&limit.render(&value).unwrap()));
        sent.push(display(&page.render(&value).unwrap()));
        let exchange = Arc::new(exchange(200, &[super::JSON], body));
        scope.set_exchange(Some(ExchangeView::new(exchange)));
        scope.set("ids", ids.evaluate(&value).unwrap());
        scope.set("page_id", next.evaluate(&value).unwrap());
        let is_done = evaluate_in(&scope, "page_id is none").unwrap().is_true();
        assert_eq!(is_done, number == 1);
    }
    assert_eq!(sent, ["2", "omit", "omit", r#""Mg""#]);
    let check = |text| display(&evaluate_in(&scope, text).unwrap());
    assert_eq!(check("ids"), r#"["A","B","C"]"#);
    assert_eq!(
        check("ids | unique | list | length == ids | length"),
        "true"
    );
    assert_eq!(check("ids | length == 3"), "true");
}

#[test]
fn an_event_is_found_in_a_thread() {
    let scope = scope_with(
        Some("application/json"),
        r#"{"threads":[{"events":[{"type":"system_message"},{"id":"E1","text":"hi"}]}]}"#,
    );
    scope.set("event_id", Value::from("E1"));
    scope.set("greeting", Value::from("hi"));
    let text = "body.threads[0].events | selectattr(\"id\", \"equalto\", event_id) | map(attribute=\"text\") | first == greeting";
    assert!(evaluate_in(&scope, text).unwrap().is_true());
    scope.set("event_id", Value::from("E2"));
    let error = evaluate_in(&scope, text).unwrap_err();
    assert!(error.is_missing());
    assert!(error.message.ends_with("is empty"), "{error}");
}

#[test]
fn a_form_gives_its_token() {
    let scope = scope_with(Some("text/html"), r#"<input name="csrf" value="a&b">"#);
    let text = r#"body | regex('name="csrf" value="([^"]+)"')"#;
    assert_eq!(display(&evaluate_in(&scope, text).unwrap()), r#""a&b""#);
    assert!(
        evaluate_in(
            &scope,
            "headers.content_type is startingwith(\"text/html\")"
        )
        .unwrap()
        .is_true()
    );
}

#[test]
fn an_outcome_of_another_file_is_an_object_of_its_captures() {
    let scope = Scope::new();
    let outputs = Value::from_pairs([("access_token", "dal:k0F"), ("organization_id", "o")]);
    scope.set("outputs", outputs);
    let value = evaluate_in(&scope, "outputs.access_token").unwrap();
    assert_eq!(display(&value), r#""dal:k0F""#);
    assert_eq!(
        evaluate_in(&scope, "outputs.acess_token")
            .unwrap_err()
            .fix
            .unwrap()
            .replacement,
        "access_token"
    );
}

#[test]
fn codes_are_decoded_and_never_twice() {
    let scope = Scope::new();
    scope.set("code", Value::from("dal:k0F"));
    assert!(
        evaluate_in(&scope, "code is not containing(\"%3A\")")
            .unwrap()
            .is_true()
    );
    scope.set("code", Value::from("dal%3Ak0F"));
    assert!(
        !evaluate_in(&scope, "code is not containing(\"%3A\")")
            .unwrap()
            .is_true()
    );
}
