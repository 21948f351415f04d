//! The parts of an expression with their values, for showing why an assert failed.

use std::ops::Range;

use minijinja::machinery::ast::{BinOpKind, Call, CallType, Expr};

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
            range,
            value: diagnose::value(self.of, expr),
        });
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
