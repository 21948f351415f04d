//! Texts that nobody would write: whatever they are, there is an answer or an error with a place.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use lcrun::template::TemplateError;

use super::{engine, scope};

/// What the texts are made of.
const WORDS: &[&str] = &[
    "body",
    "token",
    "tokn",
    "limit",
    "status",
    "ż",
    "'a'",
    "\"b",
    "'",
    "1",
    "2.5",
    "-",
    "+",
    "*",
    "/",
    "//",
    "%",
    "**",
    "~",
    "==",
    "!=",
    "<",
    ">=",
    "=",
    "!",
    "&&",
    "?",
    ":",
    ",",
    ".",
    "|",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "for",
    "endfor",
    "endif",
    "set",
    "filter",
    "raw",
    "endraw",
    "upper",
    "length",
    "map",
    "first",
    "regex",
    "jsonpath",
    "defined",
    "uuid",
    "matching",
    "default",
    "chats",
    "id",
    "attribute",
    "none",
    "true",
    "omit",
    "lower",
    "range",
    "loop",
    "\n",
    "-}}",
    "{{-",
    "\\",
    "$",
];

fn text(rng: &mut StdRng) -> String {
    let count = rng.random_range(1..14);
    let mut text = String::new();
    for _ in 0..count {
        text.push_str(WORDS[rng.random_range(0..WORDS.len())]);
        if rng.random_bool(0.6) {
            text.push(' ');
        }
    }
    text
}

/// Parts of good expressions, so that more of the texts can be read.
const PARTS: &[&str] = &[
    "body.chats",
    "token",
    "limit",
    "body.nope",
    "tokn",
    "(body.chats | first)",
    "[limit, token]",
    "{'a': limit}",
    "uuid()",
    "body.chats[0].id",
    "token[1:]",
    "none",
    "'x'",
    "3",
    "headers.all('a')",
    "cookies.session",
    "redirect.query",
    "body | length",
    "token is string",
    "body.scope | regex('z')",
    "not limit",
    "body.chats | map(attribute='id') | list",
    "response",
    "omit",
];

const BETWEEN: &[&str] = &[
    " == ",
    " != ",
    " < ",
    " and ",
    " or ",
    " in ",
    " not in ",
    " ~ ",
    " + ",
    " * ",
    " - ",
    " | join(",
    " if ",
    " is containing(",
    " | default(",
    ".x",
    "[0]",
    " is not defined and ",
];

fn expression(rng: &mut StdRng) -> String {
    let mut text = PARTS[rng.random_range(0..PARTS.len())].to_owned();
    for _ in 0..rng.random_range(0..4) {
        let between = BETWEEN[rng.random_range(0..BETWEEN.len())];
        text.push_str(between);
        if between.ends_with([']', 'x']) {
            continue;
        }
        text.push_str(PARTS[rng.random_range(0..PARTS.len())]);
        if between.ends_with('(') {
            text.push(')');
        }
    }
    text
}

#[track_caller]
fn has_a_place(text: &str, error: &TemplateError) {
    let place = |range: &std::ops::Range<usize>| text.get(range.clone()).is_some();
    assert!(
        !error.message.is_empty() && !error.message.ends_with('.'),
        "{text:?}: {error:?}"
    );
    assert!(
        error.range.as_ref().is_some_and(place),
        "{text:?}: {error:?}"
    );
    if let Some(edit) = &error.fix {
        assert!(place(&edit.span), "{text:?}: {error:?}");
    }
}

#[test]
fn whatever_is_written_there_is_an_answer_or_an_error_with_a_place() {
    let engine = engine();
    let scope = scope().value();
    let mut rng = StdRng::seed_from_u64(11);
    let (mut good, mut bad) = (0, 0);
    for round in 0..10_000 {
        let text = if round % 2 == 0 {
            text(&mut rng)
        } else {
            expression(&mut rng)
        };
        match engine.expression(&text) {
            Err(error) => has_a_place(&text, &error),
            Ok(expression) => {
                for operand in expression.operands(&scope) {
                    assert_eq!(text.get(operand.range.clone()), Some(operand.text));
                    if let Err(error) = operand.value {
                        has_a_place(&text, &error);
                    }
                }
                match expression.evaluate(&scope) {
                    Ok(_) => good += 1,
                    Err(error) => {
                        bad += 1;
                        has_a_place(&text, &error);
                    }
                }
            }
        }
        let text = if round % 3 == 0 {
            text
        } else {
            format!("ż{{{{ {text} }}}}")
        };
        let rendered = engine
            .template(&text)
            .and_then(|template| template.render(&scope));
        if let Err(error) = rendered {
            has_a_place(&text, &error);
        }
    }
    assert!(
        good > 300 && bad > 300,
        "{good} good ones and {bad} bad ones are too few to tell"
    );
}
