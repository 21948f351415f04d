//! The checks of a step, in their order: the status, the asserts that need no capture of the step,
//! the captures, the other asserts. All are reported; but after a bad status the others say nothing,
//! since they were written for another answer.

use std::ops::Range;
use std::sync::Arc;

use crate::collection::model::{Name, Step, Text};
use crate::diagnostic::Diagnostic;
use crate::diff::{self, Exact};
use crate::secrets::Secrets;
use crate::source::Span;
use crate::template::{Compiled, Scope, TemplateError, Value, ValueKind};

/// What the answer to a step was, as far as the implied check is concerned.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A response with this status and reason.
    Response(u16, String),
    /// A redirect that refuses: the parameter and its value.
    Refusal(String, String),
    /// Nothing that could be wrong by itself.
    Fine,
}

/// What the checks of a step found.
#[derive(Debug, Default)]
pub struct Findings {
    /// What is wrong.
    pub wrong: Vec<Finding>,
    /// What was captured, in order.
    pub captures: Vec<(String, Value)>,
    /// The place of each assert that was looked at, and whether it held.
    pub checked: Vec<(Span, bool)>,
}

/// Something that is wrong. Values are kept as they are until all secrets of the step are known.
#[derive(Debug)]
pub struct Finding {
    diagnostic: Diagnostic,
    parts: Vec<Part>,
    /// Two lists or mappings that should be equal, and the bytes of each in the expression.
    unequal: Option<[(Range<usize>, Value); 2]>,
}

/// A part of an assert that does not hold.
#[derive(Debug)]
struct Part {
    /// The bytes of it in the expression.
    range: Range<usize>,
    /// Where its value is drawn.
    place: Span,
    /// Its value, or why it has none.
    value: Result<Value, TemplateError>,
}

impl Finding {
    /// What to tell: what differs between two lists or mappings, and the value of each part under
    /// it.
    pub fn diagnostic(self, secrets: &Secrets) -> Diagnostic {
        let hidden = made_of_secrets(&self.parts, secrets);
        let is_hidden = |range: &Range<usize>| hidden.iter().any(|part| holds(range, part));
        let unequal = self.unequal.as_ref();
        let unequal = unequal.filter(|sides| !sides.iter().any(|(range, _)| is_hidden(range)));
        let changes = unequal.and_then(|[left, right]| changes(&left.1, &right.1, secrets));
        let is_told = |range: &Range<usize>| {
            let mut sides = unequal.into_iter().flatten();
            changes.is_some() && sides.any(|(side, _)| side == range)
        };
        let parts = self.parts.into_iter().filter(|part| !is_told(&part.range));
        let drawn = parts.map(|part| {
            let text = match part.value {
                Ok(value) if value.is_undefined() => "is not there".to_owned(),
                Ok(_) if hidden.contains(&part.range) => MASKED.to_owned(),
                Ok(value) => cut_middle(&masked(&value, secrets), VALUE_WIDTH),
                Err(error) => error.message,
            };
            (part.place, text)
        });
        let diagnostic = drawn.fold(self.diagnostic, |diagnostic, (place, text)| {
            diagnostic.also(place, text)
        });
        match changes {
            Some(changes) => diagnostic.note(changes),
            None => diagnostic,
        }
    }
}

/// What stands in the place of a secret.
const MASKED: &str = "\"***\"";

/// The parts that are worked out of a secret text: in capitals, or cut, it is no less of a secret,
/// and no longer the text that is masked.
fn made_of_secrets(parts: &[Part], secrets: &Secrets) -> Vec<Range<usize>> {
    let is_secret = |part: &&Part| {
        let text = part.value.as_ref().ok().and_then(Value::as_str);
        text.is_some_and(|text| secrets.mask(text) != text)
    };
    let secret: Vec<&Range<usize>> = parts
        .iter()
        .filter(is_secret)
        .map(|part| &part.range)
        .collect();
    let tells = |part: &&Part| {
        let kind = part.value.as_ref().map(Value::kind);
        !matches!(
            kind,
            Ok(ValueKind::Number | ValueKind::Bool | ValueKind::None) | Err(_)
        )
    };
    let made = parts.iter().filter(tells).filter(|part| {
        let mut inside = secret.iter().filter(|range| ***range != part.range);
        inside.any(|range| holds(&part.range, range))
    });
    made.map(|part| part.range.clone()).collect()
}

/// Whether a range lies within another.
fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// A value in one line, its secrets masked before it is escaped.
pub fn masked(value: &Value, secrets: &Secrets) -> String {
    match (value.as_str(), crate::template::to_json(value)) {
        (None, Ok(document)) => secrets.mask_json(&document).to_string(),
        (Some(text), _) => crate::template::display(&Value::from(&*secrets.mask(text))),
        (None, Err(_)) => secrets.mask(&crate::template::display(value)).into_owned(),
    }
}

/// How many changes between two values are shown.
const MOST_CHANGES: usize = 12;

/// What differs between two values, from left to right, a line each.
fn changes(left: &Value, right: &Value, secrets: &Secrets) -> Option<String> {
    let exact = |value: &Value| {
        let json = crate::template::to_json(value).ok()?;
        Exact::parse(&secrets.mask_json(&json).to_string()).ok()
    };
    let found = diff::diff(&exact(left)?, &exact(right)?);
    let lines = diff::lines(&found, false);
    let shown = lines.iter().take(MOST_CHANGES).map(String::as_str);
    let mut shown: Vec<&str> = ["from the left side to the right:"]
        .into_iter()
        .chain(shown)
        .collect();
    let rest = lines.len().saturating_sub(MOST_CHANGES);
    let rest = format!("… {rest} more");
    if lines.len() > MOST_CHANGES {
        shown.push(&rest);
    }
    (!lines.is_empty()).then(|| shown.join("\n"))
}

/// Checks an answer and captures from it into the scope.
pub fn judge<'c>(
    step: &'c Step,
    answer: &Answer,
    compiled: &Compiled<'c>,
    scope: &Arc<Scope>,
) -> Findings {
    let mut findings = Findings::default();
    if let Some(diagnostic) = implied(step, answer, compiled) {
        findings.fail(diagnostic);
        return findings;
    }
    let value = scope.value();
    let (after, before): (Vec<&Text>, Vec<&Text>) = step
        .spec
        .assert
        .iter()
        .partition(|assert| needs_capture(step, assert, compiled));
    for assert in before {
        findings.assert(assert, compiled, &value);
    }
    let mut missing = Vec::new();
    for (name, expression) in &step.spec.capture {
        match capture(name, expression, compiled, &value) {
            Ok(captured) => {
                scope.set(&name.value, captured.clone());
                findings.captures.push((name.value.clone(), captured));
            }
            Err(diagnostic) => {
                findings.fail(*diagnostic);
                missing.push(name.value.as_str());
            }
        }
    }
    for assert in after {
        // The capture has been blamed; what hangs on it has nothing to add.
        if !compiled.mentions(assert, missing.iter().copied()) {
            findings.assert(assert, compiled, &value);
        }
    }
    findings
}

impl Findings {
    /// One thing that is wrong.
    pub fn of(diagnostic: Diagnostic) -> Self {
        let mut findings = Self::default();
        findings.fail(diagnostic);
        findings
    }

    fn fail(&mut self, diagnostic: Diagnostic) {
        self.wrong.push(Finding {
            diagnostic,
            parts: Vec::new(),
            unequal: None,
        });
    }

    fn assert<'c>(&mut self, assert: &'c Text, compiled: &Compiled<'c>, scope: &Value) {
        let found = compiled.evaluate(assert, scope);
        let holds = found.as_ref().is_ok_and(Value::is_true);
        self.checked.push((assert.span, holds));
        match found {
            Ok(_) if holds => {}
            Ok(_) => self.wrong.push(does_not_hold(assert, compiled, scope)),
            Err(failure) => self.fail(failure.diagnostic),
        }
    }
}

/// The check that a step has without an assert: its status is below 400, its redirect no refusal.
fn implied<'c>(step: &'c Step, answer: &Answer, compiled: &Compiled<'c>) -> Option<Diagnostic> {
    let mentions = |names: [&str; 2]| {
        let mut asserts = step.spec.assert.iter();
        asserts.any(|assert| compiled.mentions(assert, names))
    };
    match answer {
        Answer::Response(status, reason) if *status >= 400 && !mentions(["status", "response"]) => {
            let message = format!("the server answered {status} {reason}");
            Some(
                Diagnostic::error("bad-status", message.trim_end(), step.span())
                    .label("this step expects a status below 400")
                    .help(format!(
                        "if {status} is what the step is about, say so: `assert: [status == {status}]`"
                    )),
            )
        }
        Answer::Refusal(parameter, value) if !mentions(["redirect", "response"]) => Some(
            Diagnostic::error(
                "refused",
                format!("the authorization was refused: `{parameter}={value}`"),
                step.span(),
            )
            .label("this step expects a redirect that carries what it asked for"),
        ),
        Answer::Response(..) | Answer::Refusal(..) | Answer::Fine => None,
    }
}

fn needs_capture<'c>(step: &'c Step, assert: &'c Text, compiled: &Compiled<'c>) -> bool {
    let captured = step
        .spec
        .capture
        .iter()
        .map(|(name, _)| name.value.as_str());
    compiled.mentions(assert, captured)
}

fn capture<'c>(
    name: &Name,
    expression: &'c Text,
    compiled: &Compiled<'c>,
    scope: &Value,
) -> Result<Value, Box<Diagnostic>> {
    compiled.evaluate(expression, scope).map_err(|failure| {
        let mut diagnostic = failure.diagnostic;
        diagnostic.message = format!(
            "`{}` could not be captured: {}",
            name.value, diagnostic.message
        );
        diagnostic.code = "capture-failed";
        Box::new(diagnostic)
    })
}

/// The longest text of a value in a message, in characters.
const VALUE_WIDTH: usize = 60;

/// An assert that is false, and the value of each of its parts.
fn does_not_hold<'c>(assert: &'c Text, compiled: &Compiled<'c>, scope: &Value) -> Finding {
    let words: Vec<&str> = assert.value.lines().map(str::trim).collect();
    let message = format!("`{}` does not hold", words.join(" ").trim());
    let operands = compiled.operands(assert, scope).into_iter();
    Finding {
        diagnostic: Diagnostic::error("assert-failed", message, assert.span),
        parts: operands
            .map(|operand| Part {
                place: compiled.locate(assert, operand.anchor),
                range: operand.range,
                value: operand.value,
            })
            .collect(),
        unequal: compiled.compared(assert, scope),
    }
}

/// A text of at most `width` characters: the middle of a longer one is left out.
pub fn cut_middle(text: &str, width: usize) -> String {
    let count = text.chars().count();
    if count <= width {
        return text.to_owned();
    }
    let half = (width - 1) / 2;
    let head: String = text.chars().take(half).collect();
    let tail: String = text.chars().skip(count - half).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::cut_middle;

    #[test]
    fn a_long_value_is_cut_in_the_middle() {
        assert_eq!(cut_middle("short", 7), "short");
        assert_eq!(cut_middle("abcdefghij", 7), "abc…hij");
    }
}
