//! What can be said of a template or an expression without evaluating it, for those who look for
//! mistakes.
//!
//! Each looks at a text that compiles; of another one there is nothing to say.

use std::ops::Range;

use minijinja::machinery::ast::{BinOpKind, Expr, UnaryOpKind};

use super::syntax;

/// The parts of a text that stand there as they are, around its templates.
pub fn literal_parts(text: &str) -> impl Iterator<Item = &str> {
    text.split("}}")
        .map(|part| part.split_once("{{").map_or(part, |(literal, _)| literal))
        .filter(|part| !part.is_empty())
}

/// The name in a text that is one `{{ name }}` and nothing else.
pub fn lone_name(text: &str) -> Option<&str> {
    let inside = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let name = inside.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '+'));
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// An `==` or `!=` in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison<'t> {
    /// What stands before the operator.
    pub left: &'t str,
    /// What stands behind it.
    pub right: &'t str,
    /// The bytes of both with the operator.
    pub range: Range<usize>,
    /// Whether it asks for equality.
    pub is_equal: bool,
}

/// The comparisons that an expression is, or joins by `and`.
pub fn comparisons(text: &str) -> Vec<Comparison<'_>> {
    let mut found = Vec::new();
    if let Ok(expr) = syntax::expression(text) {
        joined(text, &expr, &mut found);
    }
    found
}

fn joined<'t>(text: &'t str, expr: &Expr<'_>, found: &mut Vec<Comparison<'t>>) {
    let Expr::BinOp(op) = expr else {
        return;
    };
    match op.op {
        BinOpKind::ScAnd => {
            joined(text, &op.left, found);
            joined(text, &op.right, found);
        }
        BinOpKind::Eq | BinOpKind::Ne => found.push(Comparison {
            left: &text[syntax::range(text, &op.left)],
            right: &text[syntax::range(text, &op.right)],
            range: syntax::range(text, expr),
            is_equal: matches!(op.op, BinOpKind::Eq),
        }),
        _ => {}
    }
}

/// Filters that give away nothing of what they are put on.
const DIGESTS: [&str; 4] = ["sha256", "hmac_sha256", "length", "count"];

/// The names in a template whose values can be read in what it becomes: not those that are only
/// hashed, counted or compared.
pub fn exposed_names(text: &str) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    if let Ok(stmt) = syntax::template(text) {
        syntax::expressions(&stmt, &mut Vec::new(), &mut |expr, _| {
            exposed(expr, &mut names);
        });
    }
    names
}

fn exposed(expr: &Expr<'_>, names: &mut Vec<Range<usize>>) {
    match expr {
        Expr::Var(var) => names.push(syntax::bytes(var.span())),
        Expr::Filter(filter) if DIGESTS.contains(&filter.name) => {}
        Expr::Test(_) | Expr::Compare(_) => {}
        Expr::BinOp(op) if is_answer(op.op) => {}
        Expr::UnaryOp(op) if matches!(op.op, UnaryOpKind::Not) => {}
        Expr::IfExpr(choice) => {
            exposed(&choice.true_expr, names);
            if let Some(other) = &choice.false_expr {
                exposed(other, names);
            }
        }
        _ => syntax::parts(expr, &mut |part| exposed(part, names)),
    }
}

/// Whether an operator says yes or no.
fn is_answer(op: BinOpKind) -> bool {
    matches!(
        op,
        BinOpKind::Eq
            | BinOpKind::Ne
            | BinOpKind::Lt
            | BinOpKind::Lte
            | BinOpKind::Gt
            | BinOpKind::Gte
            | BinOpKind::In
    )
}

/// Whether an expression asks if a name is defined, or says what counts where it is not.
pub fn asks_for(text: &str, name: &str) -> bool {
    let mut asks = false;
    if let Ok(expr) = syntax::expression(text) {
        syntax::visit(&expr, &mut |part| asks |= is_question(part, name));
    }
    asks
}

/// The same for the expressions of a template.
pub fn template_asks_for(text: &str, name: &str) -> bool {
    let mut asks = false;
    if let Ok(stmt) = syntax::template(text) {
        syntax::expressions(&stmt, &mut Vec::new(), &mut |expr, _| {
            syntax::visit(expr, &mut |part| asks |= is_question(part, name));
        });
    }
    asks
}

fn is_question(expr: &Expr<'_>, name: &str) -> bool {
    let is_name = |expr: &Expr<'_>| matches!(expr, Expr::Var(var) if var.id == name);
    match expr {
        Expr::Test(test) => matches!(test.name, "defined" | "undefined") && is_name(&test.expr),
        Expr::Filter(filter) => {
            matches!(filter.name, "default" | "d") && filter.expr.as_ref().is_some_and(is_name)
        }
        _ => false,
    }
}

/// Whether an expression calls a function, which may give another value each time.
pub(super) fn calls(text: &str) -> bool {
    let mut calls = false;
    if let Ok(expr) = syntax::expression(text) {
        syntax::visit(&expr, &mut |part| calls |= matches!(part, Expr::Call(_)));
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exposed_in(text: &str) -> Vec<&str> {
        let ranges = exposed_names(text).into_iter();
        ranges.map(|range| &text[range]).collect()
    }

    #[test]
    fn a_hashed_or_compared_name_is_not_exposed() {
        assert_eq!(exposed_in("a{{ token }}b"), ["token"]);
        assert_eq!(exposed_in("{{ token | base64 }}"), ["token"]);
        assert_eq!(exposed_in("{{ verifier | sha256 | base64url }}"), [""; 0]);
        assert_eq!(exposed_in("{{ a if token == 'x' else b }}"), ["a", "b"]);
    }

    #[test]
    fn comparisons_are_found_alone_and_joined_by_and() {
        let pairs = |text| -> Vec<(String, String, bool)> {
            let found = comparisons(text).into_iter();
            found
                .map(|one| (one.left.to_owned(), one.right.to_owned(), one.is_equal))
                .collect()
        };
        let same = ("x".to_owned(), "body.x".to_owned(), true);
        assert_eq!(pairs("x == body.x"), std::slice::from_ref(&same));
        assert_eq!(pairs("status == 200 and x == body.x")[1], same);
        assert_eq!(pairs("x == body.x or true"), []);
    }

    #[test]
    fn a_question_for_a_name_is_seen() {
        assert!(asks_for("x is defined and x > 1", "x"));
        assert!(asks_for("x | default(1)", "x"));
        assert!(!asks_for("y is defined and x > 1", "x"));
        assert!(template_asks_for("a{{ x | default('') }}", "x"));
    }

    #[test]
    fn a_lone_name_is_one_and_nothing_else() {
        assert_eq!(lone_name("{{ pat }}"), Some("pat"));
        assert_eq!(lone_name("{{- pat -}}"), Some("pat"));
        for text in [
            "pat",
            "{{ pat }}x",
            "{{ pat | trim }}",
            "{{ a }}{{ b }}",
            "{{ }}",
        ] {
            assert_eq!(lone_name(text), None, "{text}");
        }
    }
}
