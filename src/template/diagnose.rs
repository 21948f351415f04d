//! Failed evaluations: which part of the text is to blame, and what to type instead.
//!
//! Only a failure pays for this: the text is read again and its parts are evaluated one by one,
//! innermost first, until one fails or is undefined where it may not be.

use std::ops::Range;

use minijinja::machinery::ast::{BinOpKind, CallArg, CallType, Expr, Stmt};
use minijinja::{Error, ErrorKind};

use super::engine::Engine;
use super::error::{Cause, Fault, TemplateError};
use super::missing;
use super::value::{Unprintable, Value};
use super::{lower, print, syntax, wording};

/// A text that was evaluated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evaluated<'a> {
    pub(super) engine: &'a Engine,
    pub(super) text: &'a str,
    pub(super) is_template: bool,
    pub(super) scope: &'a Value,
}

/// Explains why an evaluation failed.
pub(super) fn failed(of: Evaluated<'_>, error: &Error) -> TemplateError {
    let range = syntax::error_range(of.text, error);
    if error.kind() == ErrorKind::OutOfFuel {
        return explain(error, range);
    }
    let found = blame(of, range.as_ref()).or_else(|| {
        let undefined = error.detail() == Some(print::HOLDS_UNDEFINED);
        undefined.then(|| undefined_items(of, range.as_ref()))?
    });
    found
        .or_else(|| missing_local(of, error, range.as_ref()?))
        .unwrap_or_else(|| explain(error, range))
}

/// Explains an undefined value that comes from a name which only the running template has: all
/// other parts have proved to be there.
fn missing_local(of: Evaluated<'_>, error: &Error, at: &Range<usize>) -> Option<TemplateError> {
    if error.kind() != ErrorKind::UndefinedError || error.detail().is_some() || !of.is_template {
        return None;
    }
    let stmt = syntax::template(of.text).ok()?;
    let mut found: Vec<Range<usize>> = Vec::new();
    syntax::expressions(&stmt, &mut Vec::new(), &mut |expr, locals| {
        syntax::visit(expr, &mut |part| {
            if found.is_empty() && syntax::range(of.text, part) == *at {
                syntax::parts(part, &mut |operand| {
                    if uses_local(operand, locals) {
                        found.push(syntax::range(of.text, operand));
                    }
                });
            }
        });
    });
    let shown: Vec<String> = found
        .iter()
        .map(|range| format!("`{}`", &of.text[range.clone()]))
        .collect();
    let place = found.first()?.start..found.last()?.end;
    let message = format!("{} is not there", shown.join(" or "));
    Some(TemplateError::new(Cause::Missing, "missing-value", message).at(place))
}

/// Explains why the value is undefined.
pub(super) fn undefined(of: Evaluated<'_>) -> TemplateError {
    blame(of, None).unwrap_or_else(|| {
        let message = format!("`{}` is undefined", of.text.trim());
        TemplateError::new(Cause::Missing, "missing-value", message).at(0..of.text.len())
    })
}

/// Explains what the value holds that it may not.
pub(super) fn holds_undefined(of: Evaluated<'_>, error: &Unprintable) -> TemplateError {
    let found = blame(of, None).or_else(|| undefined_items(of, None));
    found.unwrap_or_else(|| {
        let whole = 0..of.text.len();
        TemplateError::new(Cause::Missing, "missing-value", error.to_string()).at(whole)
    })
}

/// Explains a list with undefined items.
fn undefined_items(of: Evaluated<'_>, at: Option<&Range<usize>>) -> Option<TemplateError> {
    if !of.is_template {
        return missing::items(of, &syntax::expression(of.text).ok()?);
    }
    let stmt = syntax::template(of.text).ok()?;
    let mut found = None;
    syntax::expressions(&stmt, &mut Vec::new(), &mut |expr, _| {
        if is_meant(of.text, expr, at) {
            found = found.take().or_else(|| missing::items(of, expr));
        }
    });
    found
}

/// Whether an expression of a template can be the one that the engine means.
fn is_meant(text: &str, expr: &Expr<'_>, at: Option<&Range<usize>>) -> bool {
    let range = syntax::range(text, expr);
    at.is_none_or(|at| range.start < at.end && at.start < range.end)
}

/// Puts an error of the engine into our words.
fn explain(error: &Error, range: Option<Range<usize>>) -> TemplateError {
    let fault = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Fault>());
    let (cause, code) = match (fault, error.kind()) {
        (Some(fault), _) => (fault.cause, fault.code),
        (None, ErrorKind::UndefinedError) => (Cause::Missing, "missing-value"),
        (None, ErrorKind::OutOfFuel) => (Cause::Evaluation, "too-much-work"),
        (None, ErrorKind::MissingArgument | ErrorKind::TooManyArguments) => {
            (Cause::Evaluation, "wrong-arguments")
        }
        (None, _) => (Cause::Evaluation, "evaluation"),
    };
    let (message, help) = match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => {
            wording::plain("the evaluation takes too long or too much memory")
        }
        (_, Some(detail)) => wording::of(detail),
        (ErrorKind::MissingArgument, None) => wording::plain("an argument is missing"),
        (ErrorKind::TooManyArguments, None) => wording::plain("there are too many arguments"),
        (ErrorKind::UndefinedError, None) => wording::plain("a value is undefined"),
        (_, None) => wording::plain("the values can't be used this way"),
    };
    let mut explained = TemplateError::new(cause, code, message);
    explained.help.extend(help);
    explained
        .help
        .extend(fault.and_then(|fault| fault.help.clone()));
    explained.range = range;
    explained
}

/// The innermost part that fails or is undefined, looked for where the engine says it failed.
fn blame(of: Evaluated<'_>, at: Option<&Range<usize>>) -> Option<TemplateError> {
    let search = Search { of };
    if !of.is_template {
        let expr = syntax::expression(of.text).ok()?;
        return search.expr(&expr, &[], false);
    }
    let stmt = syntax::template(of.text).ok()?;
    search.stmt(&stmt, &mut Vec::new(), at)
}

struct Search<'s> {
    of: Evaluated<'s>,
}

impl Search<'_> {
    /// Looks through the expressions of a template that the engine can have meant.
    fn stmt<'a>(
        &self,
        stmt: &Stmt<'a>,
        locals: &mut Vec<&'a str>,
        at: Option<&Range<usize>>,
    ) -> Option<TemplateError> {
        let mut found = None;
        syntax::expressions(stmt, locals, &mut |expr, locals| {
            if found.is_none() && is_meant(self.of.text, expr, at) {
                found = self.expr(expr, locals, false);
            }
        });
        found
    }

    /// Blames an expression or a part of it. `lenient` is where the expression itself, but none of
    /// its parts, may be undefined.
    fn expr(&self, expr: &Expr<'_>, locals: &[&str], lenient: bool) -> Option<TemplateError> {
        if matches!(expr, Expr::Const(_)) {
            return None;
        }
        self.parts(expr, locals).or_else(|| {
            if uses_local(expr, locals) || is_open(expr) {
                return None;
            }
            match self.value(expr) {
                Ok(value) if value.is_undefined() && !lenient => {
                    Some(missing::explain(self.of, expr))
                }
                Ok(_) => None,
                // An undefined part was looked for above, and is one of the program's own.
                Err(error) if error.kind() == ErrorKind::UndefinedError => None,
                Err(error) => {
                    let range = syntax::range(self.of.text, expr);
                    Some(explain(&error, Some(range)))
                }
            }
        })
    }

    fn value(&self, expr: &Expr<'_>) -> Result<Value, Error> {
        run(self.of, expr)
    }

    /// Blames a part of an expression, in the order they are evaluated, as far as they are.
    fn parts(&self, expr: &Expr<'_>, locals: &[&str]) -> Option<TemplateError> {
        let strict = |part: &Expr<'_>| self.expr(part, locals, false);
        match expr {
            Expr::BinOp(op) if matches!(op.op, BinOpKind::ScAnd | BinOpKind::ScOr) => {
                let goes_on = matches!(op.op, BinOpKind::ScAnd);
                strict(&op.left).or_else(|| {
                    let left = self.value(&op.left).ok()?;
                    (left.is_true() == goes_on).then(|| strict(&op.right))?
                })
            }
            Expr::IfExpr(choice) => strict(&choice.test_expr).or_else(|| {
                if self.value(&choice.test_expr).ok()?.is_true() {
                    strict(&choice.true_expr)
                } else {
                    strict(choice.false_expr.as_ref()?)
                }
            }),
            Expr::Filter(filter) => {
                let lenient = matches!(filter.name, "default" | "d");
                let input = filter.expr.as_ref();
                input
                    .and_then(|input| self.expr(input, locals, lenient))
                    .or_else(|| self.arguments(&filter.args, locals))
            }
            Expr::Test(test) => {
                let lenient = matches!(test.name, "defined" | "undefined");
                self.expr(&test.expr, locals, lenient)
                    .or_else(|| self.arguments(&test.args, locals))
            }
            Expr::Call(call) => {
                let object = match call.identify_call() {
                    CallType::Method(object, _) | CallType::Object(object) => strict(object),
                    CallType::Function(_) => None,
                };
                object.or_else(|| self.arguments(&call.args, locals))
            }
            _ => {
                let mut found = None;
                syntax::parts(expr, &mut |part| {
                    found = found.take().or_else(|| strict(part));
                });
                found
            }
        }
    }

    fn arguments(&self, args: &[CallArg<'_>], locals: &[&str]) -> Option<TemplateError> {
        args.iter()
            .find_map(|arg| self.expr(syntax::argument(arg), locals, false))
    }
}

/// Whether an expression needs a name that only a running template gives a value.
fn uses_local(expr: &Expr<'_>, locals: &[&str]) -> bool {
    if let Expr::Var(var) = expr {
        return locals.contains(&var.id);
    }
    let mut found = false;
    syntax::parts(expr, &mut |part| found = found || uses_local(part, locals));
    found
}

/// Whether an expression is the chain of filters of a block, which has no value by itself.
fn is_open(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Filter(filter) => filter.expr.as_ref().is_none_or(is_open),
        _ => false,
    }
}

/// The value of a part of a text, or why it has none.
pub(super) fn value(of: Evaluated<'_>, expr: &Expr<'_>) -> Result<Value, TemplateError> {
    match run(of, expr) {
        Ok(value) if value.is_undefined() => Err(missing::explain(of, expr)),
        Ok(value) => Ok(value),
        Err(error) => {
            let blamed = Search { of }.expr(expr, &[], false);
            let range = syntax::range(of.text, expr);
            Err(blamed.unwrap_or_else(|| explain(&error, Some(range))))
        }
    }
}

/// Runs a part of a text by itself.
pub(super) fn run(of: Evaluated<'_>, expr: &Expr<'_>) -> Result<Value, Error> {
    let program = lower::expression(of.text, expr);
    of.engine.run(&program, of.scope, &mut String::new())
}
