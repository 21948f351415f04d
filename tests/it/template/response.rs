//! What an expression sees of an exchange.

use std::sync::Arc;

use lcrun::template::{Body, ExchangeView, Scope, display, to_json};

use super::{JSON, evaluate, evaluate_in, exchange, gives, render, scope_with};

#[test]
fn headers_are_found_whatever_their_case_and_dashes() {
    gives(
        "headers.content_type",
        r#""application/json; charset=utf-8""#,
    );
    gives(
        "headers['X-Debug-Id'] ~ headers['x_debug_ID'] ~ headers.x_debug_id",
        r#""777""#,
    );
    gives(
        "headers.set_cookie",
        r#""session=abc; Path=/; HttpOnly, theme=dark""#,
    );
    gives(
        "headers.all('set-cookie')",
        r#"["session=abc; Path=/; HttpOnly","theme=dark"]"#,
    );
    gives("headers.all('nope')", "[]");
    gives(
        "headers | list",
        r#"["Content-Type","Set-Cookie","Location","X-Debug-Id"]"#,
    );
    gives("headers.nope is defined", "false");
}

#[test]
fn cookies_have_fields_and_print_as_their_value() {
    gives(
        "cookies.session.http_only and not cookies.session.secure",
        "true",
    );
    gives("cookies.session.path", r#""/""#);
    gives("cookies.session.domain", "null");
    gives("cookies.session.value", r#""abc""#);
    gives(
        "cookies.session == 'abc' and 'abc' == cookies.session",
        "true",
    );
    gives("cookies.session ~ ''", r#""abc""#);
    gives("cookies.nope is defined", "false");
    let cookie = render("{{ cookies.session }}").unwrap();
    assert_eq!(to_json(&cookie).unwrap().to_string(), r#""abc""#);
    assert!(display(&cookie).contains(r#""http_only":true"#));
}

#[test]
fn cookies_of_followed_redirects_are_seen_and_later_ones_win() {
    gives("cookies.first.value ~ cookies.session.value", r#""1abc""#);
    gives("cookies | list", r#"["session","first","theme"]"#);
}

#[test]
fn a_redirect_is_resolved_and_decoded_once() {
    gives(
        "redirect.url",
        r#""https://accounts.example/home?code=dal%3Ak0F&x=1&x=2#state=a+b""#,
    );
    gives(
        "redirect.scheme ~ ' ' ~ redirect.host ~ ' ' ~ redirect.port",
        r#""https accounts.example 443""#,
    );
    gives("redirect.path", r#""/home""#);
    gives("redirect.query", r#"{"code":"dal:k0F","x":["1","2"]}"#);
    gives("redirect.fragment.state", r#""a b""#);
    let plain = scope_with(None, "");
    assert_eq!(
        display(&evaluate_in(&plain, "redirect is undefined").unwrap()),
        "true"
    );
}

#[test]
fn the_response_holds_the_names_and_more() {
    gives(
        "response.status == status and response.body == body",
        "true",
    );
    gives("response.reason", r#""OK""#);
    gives("response.url", r#""https://accounts.example/v2/token?q=1""#);
    gives("response.elapsed", "12.345");
    gives("response.elapsed < 2000", "true");
    gives(
        "response.timings",
        r#"{"total":12.345,"dns":null,"connect":null,"tls":null,"wait":2.0,"receive":null}"#,
    );
    gives(
        "response.redirects",
        r#"[{"status":302,"url":"https://accounts.example/start"}]"#,
    );
    gives("response.bytes == response.text | length", "true");
    gives("response.nope is defined", "false");
}

#[test]
fn a_body_is_parsed_or_decoded_by_its_type() {
    let body = |content_type, text: &str| {
        display(&evaluate_in(&scope_with(content_type, text), "body").unwrap())
    };
    assert_eq!(
        body(Some("application/problem+json"), r#"{"a":1}"#),
        r#"{"a":1}"#
    );
    assert_eq!(body(None, "[1]"), "[1]");
    assert_eq!(body(None, "[1"), r#""[1""#);
    assert_eq!(body(Some("text/html"), "[1]"), r#""[1]""#);
    assert_eq!(body(Some("application/json"), ""), r#""""#);
}

#[test]
fn a_body_that_only_says_it_is_json_fails_wherever_it_is_used() {
    let scope = scope_with(Some("application/json"), "<html>\n502</html>");
    for text in [
        "body.access_token",
        "body.x == 1",
        "body is defined",
        "response.body",
        "[body]",
    ] {
        let error = evaluate_in(&scope, text).unwrap_err();
        assert_eq!(
            error.message,
            "the response says that its body is JSON, but it is not: a value is missing at line 1 column 1"
        );
        assert_eq!(error.code, "body-not-json");
        assert_eq!(error.help, ["`response.text` is the body as it came"]);
        let at = error.range.unwrap();
        assert!(["body", "response.body"].contains(&&text[at]), "{text}");
    }
    let text = evaluate_in(&scope, "response.text is containing('502')").unwrap();
    assert!(text.is_true());
    let status = evaluate_in(&scope, "status == 200").unwrap();
    assert!(status.is_true());
}

#[test]
fn a_body_is_shared_and_not_copied() {
    let view = ExchangeView::new(Arc::new(exchange(200, &[JSON], r#"{"a":[1,2]}"#)));
    let Some(Body::Json(document)) = view.body() else {
        panic!("{view:?}");
    };
    let scope = Scope::new();
    scope.set_exchange(Some(Arc::clone(&view)));
    let list = to_json(&evaluate_in(&scope, "body.a").unwrap()).unwrap();
    let (lcrun::json::Json::Array(one), Some(lcrun::json::Json::Array(other))) =
        (&list, document.get("a"))
    else {
        panic!("{list:?}");
    };
    assert!(Arc::ptr_eq(one, other));
}

#[test]
fn an_authorize_step_sees_the_redirect_and_its_url_only() {
    let url = "https://www.livechat.com/?code=dal%3Ak0F".parse().unwrap();
    let scope = Scope::new();
    scope.set_exchange(Some(ExchangeView::authorized(url)));
    let show = |text| display(&evaluate_in(&scope, text).unwrap());
    assert_eq!(show("redirect.query.code"), r#""dal:k0F""#);
    assert_eq!(
        show("response.url"),
        r#""https://www.livechat.com/?code=dal%3Ak0F""#
    );
    assert_eq!(
        show("redirect.query.exception_details | default('a code')"),
        r#""a code""#
    );
    assert_eq!(scope.names(), ["redirect", "response"]);
    let error = evaluate_in(&scope, "status == 200").unwrap_err();
    assert_eq!(
        error.message,
        "`status` is not there: an authorize step sees `redirect` and `response.url` only"
    );
    assert!(error.is_missing());
}

#[test]
fn before_a_request_there_is_no_response() {
    let error = evaluate_in(&Scope::new(), "body.x == 1").unwrap_err();
    assert_eq!(
        error.message,
        "`body` is not there: nothing was requested yet"
    );
    let error = evaluate("redirect.query.nope").unwrap_err();
    assert_eq!(error.message, "`redirect.query.nope` is not there");
}
