//! The parts of an expression with their values, for showing why an assert failed.

use std::ops::Range;

use minijinja::machinery::ast::{BinOpKind, Call, CallType, CompareOpKind, Expr};
use minijinja::value::ValueKind;

use super::diagnose::{self, Evaluated};
use super::error::TemplateError;
use super::functions;
use super::syntax;
use super::value::Value;

/// A part of an expression and its value.
#[derive(Debug)]
pub struct Operand<'e> {
    /// The bytes of the part in the expression.
    pub range: Range<usize>,
    /// The bytes that say what the part adds, to draw its value at: of `a | length` the
    /// `length`, of `a + b` the `+`.
    pub anchor: Range<usize>,
    /// The part as it is written.
    pub text: &'e str,
    /// Its value, or why it has none.
    pub value: Result<Value, TemplateError>,
}

/// The parts that an expression's value comes from, in the order they are evaluated. Constants
/// are left out, and so is what did not decide: of `a and b` only `a` if that is false.
pub(super) fn of<'e>(of: Evaluated<'_>, text: &'e str) -> Vec<Operand<'e>> {
    let Ok(expr) = syntax::expression(text) else {
        return Vec::new();
    };
    let mut collect = Collect {
        of,
        text,
        operands: Vec::new(),
    };
    collect.expr(&expr);
    collect.operands
}

/// The two sides of an expression that is `a == b`, or whose deciding part of an `and` is, where
/// both are lists or mappings; and the bytes of each.
pub(super) fn compared(of: Evaluated<'_>, text: &str) -> Option<[(Range<usize>, Value); 2]> {
    let expr = syntax::expression(text).ok()?;
    let (left, right) = equation(of, &expr)?;
    let side = |expr: &Expr<'_>| {
        let value = diagnose::value(of, expr).ok()?;
        let holds_more = matches!(value.kind(), ValueKind::Map | ValueKind::Seq);
        holds_more.then(|| (syntax::range(text, expr), value))
    };
    Some([side(left)?, side(right)?])
}

fn equation<'e, 'a>(of: Evaluated<'_>, expr: &'e Expr<'a>) -> Option<(&'e Expr<'a>, &'e Expr<'a>)> {
    match expr {
        Expr::Compare(compare) => match &compare.ops[..] {
            [only] if matches!(only.op, CompareOpKind::Eq) => Some((&compare.expr, &only.expr)),
            _ => None,
        },
        Expr::BinOp(op) if matches!(op.op, BinOpKind::Eq) => Some((&op.left, &op.right)),
        Expr::BinOp(op) if matches!(op.op, BinOpKind::ScAnd) => {
            let holds = diagnose::value(of, &op.left).is_ok_and(|value| value.is_true());
            equation(of, if holds { &op.right } else { &op.left })
        }
        _ => None,
    }
}

struct Collect<'s, 'e> {
    of: Evaluated<'s>,
    text: &'e str,
    operands: Vec<Operand<'e>>,
}

impl Collect<'_, '_> {
    fn is_true(&self, expr: &Expr<'_>) -> bool {
        diagnose::value(self.of, expr).is_ok_and(|value| value.is_true())
    }

    /// Adds a part itself.
    fn push(&mut self, expr: &Expr<'_>) {
        let range = syntax::range(self.text, expr);
        self.operands.push(Operand {
            text: &self.text[range.clone()],
            anchor: self.anchor(expr, &range),
            range,
            value: diagnose::value(self.of, expr),
        });
    }

    /// What a part adds to the parts that it begins with.
    fn anchor(&self, expr: &Expr<'_>, range: &Range<usize>) -> Range<usize> {
        let behind = |first: &Expr<'_>| {
            let first = syntax::range(self.text, first);
            syntax::grow(self.text, first, range.end).end
        };
        let start = match expr {
            Expr::Filter(filter) => filter.expr.as_ref().map(behind),
            Expr::Slice(slice) => Some(behind(&slice.expr)),
            Expr::Call(call) => match call.identify_call() {
                CallType::Method(object, _) => Some(behind(object)),
                CallType::Function(_) | CallType::Object(_) => None,
            },
            Expr::BinOp(op) => {
                let right = syntax::range(self.text, &op.right);
                let between = behind(&op.left)..right.start.max(behind(&op.left));
                let written = &self.text[between.clone()];
                let operator = written.trim_end_matches(|c: char| c == '(' || c.is_whitespace());
                let start = between.end - written.trim_start().len();
                return start..(between.start + operator.len()).max(start);
            }
            _ => None,
        };
        let Some(start) = start else {
            return range.clone();
        };
        let added = &self.text[start..range.end];
        let added = added.trim_start_matches(|c: char| c == '|' || c == '.' || c.is_whitespace());
        range.end - added.len()..range.end
    }

    fn expr(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::Const(_) => {}
            Expr::Var(_) => self.push(expr),
            Expr::GetAttr(_) | Expr::GetItem(_) => {
                self.path(expr);
                self.push(expr);
            }
            Expr::BinOp(op) => match op.op {
                BinOpKind::ScAnd | BinOpKind::ScOr => {
                    self.choice(&op.left, &op.right, matches!(op.op, BinOpKind::ScAnd));
                }
                BinOpKind::Add
                | BinOpKind::Sub
                | BinOpKind::Mul
                | BinOpKind::Div
                | BinOpKind::FloorDiv
                | BinOpKind::Rem
                | BinOpKind::Pow
                | BinOpKind::Concat => {
                    self.parts(expr);
                    self.push(expr);
                }
                _ => self.parts(expr),
            },
            Expr::IfExpr(choice) => {
                self.expr(&choice.test_expr);
                if self.is_true(&choice.test_expr) {
                    self.expr(&choice.true_expr);
                } else if let Some(other) = &choice.false_expr {
                    self.expr(other);
                }
            }
            Expr::Filter(_) | Expr::Slice(_) => {
                self.parts(expr);
                self.push(expr);
            }
            Expr::Call(call) => self.call(expr, call),
            Expr::UnaryOp(_)
            | Expr::Compare(_)
            | Expr::Test(_)
            | Expr::List(_)
            | Expr::Tuple(_)
            | Expr::Map(_) => self.parts(expr),
        }
    }

    fn parts(&mut self, expr: &Expr<'_>) {
        syntax::parts(expr, &mut |part| self.expr(part));
    }

    /// `left and right`, `left or right`: the sides that made it what it is.
    fn choice(&mut self, left: &Expr<'_>, right: &Expr<'_>, is_and: bool) {
        let (left_true, right_true) = (self.is_true(left), self.is_true(right));
        if left_true != is_and {
            self.expr(left);
        } else if right_true != is_and {
            self.expr(right);
        } else {
            self.expr(left);
            self.expr(right);
        }
    }

    /// What stands in a path and isn't its own name: the base if it is worked out, and subscripts.
    fn path(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::GetAttr(attr) => self.path(&attr.expr),
            Expr::GetItem(item) => {
                self.path(&item.expr);
                self.expr(&item.subscript_expr);
            }
            Expr::Var(_) => {}
            base => self.expr(base),
        }
    }

    fn call(&mut self, expr: &Expr<'_>, call: &Call<'_>) {
        let repeatable = match call.identify_call() {
            CallType::Function(name) => !functions::is_random(name),
            CallType::Method(object, _) | CallType::Object(object) => {
                self.expr(object);
                true
            }
        };
        for argument in &call.args {
            self.expr(syntax::argument(argument));
        }
        // Another random value than the one that was compared would mislead.
        if repeatable {
            self.push(expr);
        }
    }
}
