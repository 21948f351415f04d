//! Templates and expressions: what people write, and what it means.
//!
//! - `values`: how values print, compare and keep their types
//! - `response`: what an expression sees of an exchange
//! - `calls`: filters, functions, tests and methods
//! - `syntax`: what can't be read, and the operator that was meant
//! - `evaluation`: what fails while it runs, at its place
//! - `operands`: the parts of a failed assert
//! - `bounds`: no template hangs the run or eats the memory
//! - `flows`: the expressions that collections are made of
//! - `fuzz`: texts that nobody would write

mod bounds;
mod calls;
mod evaluation;
mod flows;
mod fuzz;
mod operands;
mod response;
mod syntax;
mod values;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use lcrun::diagnostic::Diagnostic;
use lcrun::http::message::{Exchange, Headers, Redirect, Request, Response, Timings};
use lcrun::source::{Sources, Span};
use lcrun::template::{Engine, EngineOptions, ExchangeView, Scope, TemplateError, Value, display};

/// An engine with a clock that stands still, one environment variable, and a seed.
fn engine() -> Engine {
    Engine::new(options(Arc::default()))
}

/// The same, noting which environment variables are used.
fn options(used: Arc<Mutex<Vec<String>>>) -> EngineOptions {
    EngineOptions {
        environment_variable: Box::new(|name| {
            (name == "API_TOKEN").then(|| "hunter2-not-it".to_owned())
        }),
        on_environment_variable: Box::new(move |name, value| {
            used.lock()
                .expect("no test panics here")
                .push(format!("{name}={value}"));
        }),
        now: Box::new(|| "2026-11-22T10:11:12.345678Z".parse().expect("a time")),
        seed: Some(7),
    }
}

/// A response to a request to `https://accounts.example/v2/token?q=1`.
fn exchange(status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
    Exchange {
        request: Request {
            method: "POST".into(),
            url: "https://accounts.example/v2/token?q=1"
                .parse()
                .expect("an address"),
            headers: Headers::default(),
            body: None,
            timeout: None,
            follow_redirects: 0,
        },
        response: Response {
            status,
            reason: "OK".into(),
            headers: headers.iter().copied().collect(),
            body: body.as_bytes().into(),
            bytes_received: body.len() as u64,
        },
        redirects: vec![Redirect {
            status: 302,
            url: "https://accounts.example/start"
                .parse()
                .expect("an address"),
            headers: [("Set-Cookie", "session=old"), ("set-cookie", "first=1")]
                .into_iter()
                .collect(),
        }],
        timings: Timings {
            total: Duration::from_micros(12_345),
            wait: Some(Duration::from_millis(2)),
            ..Timings::default()
        },
    }
}

const JSON: (&str, &str) = ("Content-Type", "application/json; charset=utf-8");

/// Two variables and a token response: what the expressions of these tests see.
fn scope() -> Arc<Scope> {
    let headers = [
        JSON,
        ("Set-Cookie", "session=abc; Path=/; HttpOnly"),
        ("Set-Cookie", "theme=dark"),
        ("Location", "/home?code=dal%3Ak0F&x=1&x=2#state=a+b"),
        ("X-Debug-Id", "7"),
    ];
    let body = r#"{"access_token":"dal:k0F","expires_in":28800,"scope":"chats--all:ro","ok":true,
        "none":null,"rate":0.5,"chats":[{"id":"C1","users":[]},{"id":"C2","users":[1]}]}"#;
    let scope = Scope::new();
    scope.set("token", Value::from("dal:k0F"));
    scope.set("limit", Value::from(3));
    let exchange = Arc::new(exchange(200, &headers, body));
    scope.set_exchange(Some(ExchangeView::new(exchange)));
    scope
}

/// A scope that has only a response of this type and body.
fn scope_with(content_type: Option<&str>, body: &str) -> Arc<Scope> {
    let headers: Vec<(&str, &str)> = content_type
        .into_iter()
        .map(|value| ("content-type", value))
        .collect();
    let scope = Scope::new();
    let exchange = Arc::new(exchange(200, &headers, body));
    scope.set_exchange(Some(ExchangeView::new(exchange)));
    scope
}

fn evaluate_in(scope: &Arc<Scope>, text: &str) -> Result<Value, TemplateError> {
    engine().expression(text)?.evaluate(&scope.value())
}

fn evaluate(text: &str) -> Result<Value, TemplateError> {
    evaluate_in(&scope(), text)
}

fn render(text: &str) -> Result<Value, TemplateError> {
    engine().template(text)?.render(&scope().value())
}

/// Asserts the value of an expression, as one line of JSON.
#[track_caller]
fn gives(text: &str, expected: &str) {
    match evaluate(text) {
        Ok(value) => assert_eq!(display(&value), expected, "{text}"),
        Err(error) => panic!("{text}: {error:?}"),
    }
}

/// Asserts the value of a template, as one line of JSON.
#[track_caller]
fn renders(text: &str, expected: &str) {
    match render(text) {
        Ok(value) => assert_eq!(display(&value), expected, "{text}"),
        Err(error) => panic!("{text}: {error:?}"),
    }
}

/// What people are shown for an expression that fails.
#[track_caller]
fn expression_error(text: &str) -> String {
    match evaluate(text) {
        Ok(value) => panic!("{text} gives {}", display(&value)),
        Err(error) => drawn(text, error),
    }
}

/// What people are shown for a template that fails.
#[track_caller]
fn template_error(text: &str) -> String {
    match render(text) {
        Ok(value) => panic!("{text} gives {}", display(&value)),
        Err(error) => drawn(text, error),
    }
}

/// An error as it is drawn in a terminal, without the arrow's line.
fn drawn(text: &str, error: TemplateError) -> String {
    let mut sources = Sources::default();
    let id = sources.add("x", text);
    let range = error.range.clone().expect("every error has a place");
    let mut diagnostic = Diagnostic::error(error.code, error.message, Span::new(id, range));
    for help in error.help {
        diagnostic = diagnostic.help(help);
    }
    if let Some(edit) = error.fix {
        diagnostic = diagnostic.fix(edit.message, Span::new(id, edit.span), edit.replacement);
    }
    let drawn = diagnostic.render(&sources, false);
    let lines = drawn.lines().filter(|line| {
        let line = line.trim();
        !line.is_empty() && line != "|" && !line.starts_with("--> ")
    });
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}
