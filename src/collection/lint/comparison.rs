//! Asserts that compare something with itself.

use super::code::Lint;
use super::look::Look;
use crate::collection::model::{Step, Text};
use crate::template::{Comparison, comparisons};

/// Tells of asserts that compare a capture with what it was just captured from.
pub(super) fn step<'c>(look: &mut Look<'_, 'c>, step: &'c Step) {
    for assert in &step.spec.assert {
        let may_compare = assert.value.contains("==") || assert.value.contains("!=");
        let texts = may_compare.then(|| comparisons(&assert.value));
        for comparison in texts.into_iter().flatten() {
            if let Some(reason) = reason(step, &comparison) {
                tell(look, step, assert, &comparison, &reason);
            }
        }
    }
}

/// Why both sides are the same: the capture's own expression, or the same words.
enum Reason<'c> {
    Captured(&'c Text),
    SameWords,
}

fn reason<'c>(step: &'c Step, comparison: &Comparison<'_>) -> Option<Reason<'c>> {
    let (left, right) = (comparison.left.trim(), comparison.right.trim());
    let is_path = left.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if left == right && is_path && !left.contains('(') {
        return Some(Reason::SameWords);
    }
    step.spec.capture.iter().find_map(|(name, expression)| {
        let (name, expression_text) = (name.value.as_str(), expression.value.trim());
        let same = |one: &str, other: &str| one == name && other == expression_text;
        (same(left, right) || same(right, left)).then_some(Reason::Captured(expression))
    })
}

fn tell<'c>(
    look: &mut Look<'_, 'c>,
    step: &'c Step,
    assert: &'c Text,
    comparison: &Comparison<'_>,
    reason: &Reason<'c>,
) {
    let always = if comparison.is_equal { "true" } else { "false" };
    let message = format!("this is always {always}: both sides are the same value");
    let diagnostic = Lint::SelfComparison.at(look.place(assert, comparison.range.clone()), message);
    let diagnostic = match reason {
        Reason::Captured(expression) => diagnostic.also(expression.span, "captured from this"),
        Reason::SameWords => diagnostic,
    };
    look.tell(
        Some(step),
        diagnostic.help("compare it with what it should be: an input, a capture of an earlier step, or a literal"),
    );
}
