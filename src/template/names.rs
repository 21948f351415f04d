//! The names that a text needs from outside, found in its syntax tree. That what it calls exists
//! is looked at on the way, by [`super::calls`].

use std::ops::Range;

use minijinja::machinery::ast::{CallArg, CallType, Expr, Stmt};

use super::attributes;
use super::calls::Calls;
use super::engine::Engine;
use super::error::{Cause, TemplateError};
use super::syntax;

/// The names that a text needs from outside, in the order they are written.
#[derive(Debug, Default)]
pub struct Uses<'e> {
    text: &'e str,
    names: Box<[Use]>,
}

/// Where a name starts and ends, and where the path that begins with it ends.
#[derive(Debug, Clone, Copy)]
struct Use {
    start: u32,
    name_end: u32,
    path_end: u32,
    is_asked_for: bool,
}

/// A name that a text needs from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameUse<'e> {
    /// The name.
    pub name: &'e str,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The name with the attributes and constant items behind it, as written: `body.chats[0].id`.
    pub path: &'e str,
    /// Whether the path may be undefined: `x.y is defined`, `x.y | default(1)`.
    pub is_asked_for: bool,
}

impl<'e> Uses<'e> {
    /// The names, a repeated one as often as it is written.
    pub fn names(&self) -> impl Iterator<Item = NameUse<'e>> + '_ {
        let text = self.text;
        self.names.iter().map(move |one| {
            let range = one.start as usize..one.name_end as usize;
            NameUse {
                name: &text[range.clone()],
                range,
                path: &text[one.start as usize..one.path_end as usize],
                is_asked_for: one.is_asked_for,
            }
        })
    }

    /// Whether a name is among them.
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|one| one.name == name)
    }
}

/// Looks at an expression.
pub(super) fn of_expression<'e>(
    engine: &'e Engine,
    text: &'e str,
    expr: &Expr<'e>,
) -> Result<Uses<'e>, TemplateError> {
    let mut look = Look::new(engine, text);
    look.expr(expr)?;
    Ok(look.into_uses())
}

/// Looks at a text with `{{ }}` marks.
pub(super) fn of_template<'e>(
    engine: &'e Engine,
    text: &'e str,
    stmt: &Stmt<'e>,
) -> Result<Uses<'e>, TemplateError> {
    let mut look = Look::new(engine, text);
    look.stmt(stmt)?;
    Ok(look.into_uses())
}

/// Names that are values of the language itself.
const CONSTANTS: &[&str] = &["null", "omit"];

struct Look<'e> {
    text: &'e str,
    calls: Calls<'e>,
    /// What `set`, `for` and `with` have defined here.
    locals: Vec<&'e str>,
    uses: Vec<Use>,
}

impl<'e> Look<'e> {
    fn new(engine: &'e Engine, text: &'e str) -> Self {
        Self {
            text,
            calls: Calls { engine, text },
            locals: Vec::new(),
            uses: Vec::new(),
        }
    }

    fn into_uses(self) -> Uses<'e> {
        Uses {
            text: self.text,
            names: self.uses.into(),
        }
    }

    fn stmt(&mut self, stmt: &Stmt<'e>) -> Result<(), TemplateError> {
        if let Some((name, place)) = syntax::unsupported(stmt) {
            let start = self.text[..place.start].rfind("{%").unwrap_or(place.start);
            let place = start..place.end.min(start + 2 + name.len() + 1).max(start);
            let message = format!("`{{% {name} %}}` can't be used here");
            return Err(TemplateError::new(Cause::Syntax, "unknown-block", message).at(place));
        }
        let mut result = Ok(());
        syntax::expressions(stmt, &mut Vec::new(), &mut |expr, locals| {
            if result.is_ok() {
                self.locals = locals.to_vec();
                result = self.expr(expr);
            }
        });
        result
    }

    fn expr(&mut self, expr: &Expr<'e>) -> Result<(), TemplateError> {
        match expr {
            Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_) => self.path(expr, false),
            Expr::Filter(filter) => {
                self.calls.filter(filter, filter.span())?;
                let may_lack = matches!(filter.name, "default" | "d");
                let input = filter.expr.iter();
                input
                    .into_iter()
                    .try_for_each(|input| self.operand(input, may_lack))?;
                self.arguments(&filter.args)
            }
            Expr::Test(test) => {
                self.calls.test(test, test.span())?;
                let may_lack = matches!(test.name, "defined" | "undefined");
                self.operand(&test.expr, may_lack)?;
                self.arguments(&test.args)
            }
            Expr::Call(call) => {
                match call.identify_call() {
                    CallType::Function(name) if self.locals.contains(&name) => {}
                    CallType::Function(name) => {
                        let range = syntax::bytes(call.expr.span());
                        self.calls.function(name, call, range)?;
                    }
                    CallType::Method(object, name) => {
                        self.calls.method(name, call)?;
                        self.expr(object)?;
                    }
                    CallType::Object(object) => self.expr(object)?,
                }
                self.arguments(&call.args)
            }
            _ => self.parts(expr),
        }
    }

    /// What a filter or a test stands after; `may_lack` is whether it may be undefined.
    fn operand(&mut self, expr: &Expr<'e>, may_lack: bool) -> Result<(), TemplateError> {
        match expr {
            Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_) => self.path(expr, may_lack),
            _ => self.expr(expr),
        }
    }

    fn arguments(&mut self, args: &[CallArg<'e>]) -> Result<(), TemplateError> {
        args.iter()
            .try_for_each(|arg| self.expr(syntax::argument(arg)))
    }

    fn parts(&mut self, expr: &Expr<'e>) -> Result<(), TemplateError> {
        let mut result = Ok(());
        syntax::parts(expr, &mut |part| {
            if result.is_ok() {
                result = self.expr(part);
            }
        });
        result
    }

    /// A name with attributes and items behind it.
    fn path(&mut self, expr: &Expr<'e>, is_asked_for: bool) -> Result<(), TemplateError> {
        let (mut base, mut end) = (expr, syntax::range(self.text, expr).end);
        let mut subscripts = Vec::new();
        let mut parts = Vec::new();
        loop {
            if !matches!(base, Expr::Var(_)) {
                parts.push(base);
            }
            match base {
                Expr::GetAttr(attr) => base = &attr.expr,
                Expr::GetItem(item) => {
                    base = &item.expr;
                    if !matches!(item.subscript_expr, Expr::Const(_)) {
                        subscripts.push(&item.subscript_expr);
                        end = syntax::range(self.text, base).end;
                    }
                }
                Expr::Var(var) => {
                    if !is_asked_for && !self.locals.contains(&var.id) {
                        attributes::check(self.text, var.id, parts.iter().rev().copied())?;
                    }
                    let range = syntax::bytes(var.span());
                    self.name(var.id, range, end, is_asked_for)?;
                    break;
                }
                _ => {
                    self.expr(base)?;
                    break;
                }
            }
        }
        let mut subscripts = subscripts.into_iter().rev();
        subscripts.try_for_each(|subscript| self.expr(subscript))
    }

    fn name(
        &mut self,
        name: &str,
        range: Range<usize>,
        path_end: usize,
        is_asked_for: bool,
    ) -> Result<(), TemplateError> {
        if self.locals.contains(&name) || CONSTANTS.contains(&name) {
            return Ok(());
        }
        self.calls.is_no_function(name, &range)?;
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        self.uses.push(Use {
            start: offset(range.start),
            name_end: offset(range.end),
            path_end: offset(path_end.max(range.end)),
            is_asked_for,
        });
        Ok(())
    }
}
