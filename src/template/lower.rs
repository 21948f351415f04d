//! The syntax tree made ready for minijinja's compiler.
//!
//! Every part gets its exact place, so that every error has one. Operators whose meaning is not
//! JSON's or whose work has no bound become calls of [`super::operators`].

use minijinja::machinery::ast::{self, BinOpKind, CallArg, CompareOpKind, Expr, Spanned, Stmt};
use minijinja::machinery::{CodeGenerator, Instructions, Span};

use super::operators;
use super::syntax;

/// Compiles an expression of `text`.
pub(super) fn expression<'a>(text: &'a str, expr: &Expr<'a>) -> Instructions<'a> {
    let mut generator = CodeGenerator::new("", text);
    generator.compile_expr(&Lowering { text }.expr(expr));
    generator.finish().0
}

/// Compiles a text with `{{ }}` marks.
pub(super) fn template<'a>(text: &'a str, stmt: &Stmt<'a>) -> Instructions<'a> {
    let mut generator = CodeGenerator::new("", text);
    generator.compile_stmt(&Lowering { text }.stmt(stmt));
    generator.finish().0
}

struct Lowering<'a> {
    text: &'a str,
}

impl<'a> Lowering<'a> {
    /// The exact place of a part. The line is always 1: the compiler drops the place of a part
    /// whose line is not that of the part before it.
    fn place(&self, expr: &Expr<'_>) -> Span {
        let range = syntax::range(self.text, expr);
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            start_line: 1,
            start_col: 0,
            start_offset: offset(range.start),
            end_line: 1,
            end_col: 1,
            end_offset: offset(range.end),
        }
    }

    fn exprs(&self, exprs: &[Expr<'a>]) -> Vec<Expr<'a>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn maybe(&self, expr: Option<&Expr<'a>>) -> Option<Expr<'a>> {
        expr.map(|expr| self.expr(expr))
    }

    fn args(&self, args: &[CallArg<'a>]) -> Vec<CallArg<'a>> {
        let lower = |arg: &CallArg<'a>| match arg {
            CallArg::Pos(expr) => CallArg::Pos(defined(self.expr(expr))),
            CallArg::Kwarg(name, expr) => CallArg::Kwarg(name, defined(self.expr(expr))),
            CallArg::PosSplat(expr) => CallArg::PosSplat(self.expr(expr)),
            CallArg::KwargSplat(expr) => CallArg::KwargSplat(self.expr(expr)),
        };
        args.iter().map(lower).collect()
    }

    /// `left | name(right)`
    fn call(name: &'static str, left: Expr<'a>, right: Option<Expr<'a>>, place: Span) -> Expr<'a> {
        Expr::Filter(Spanned::new(
            ast::Filter {
                name,
                expr: Some(left),
                args: right.into_iter().map(CallArg::Pos).collect(),
            },
            place,
        ))
    }

    fn expr(&self, expr: &Expr<'a>) -> Expr<'a> {
        let place = self.place(expr);
        match expr {
            Expr::Var(var) => Expr::Var(Spanned::new(ast::Var { id: var.id }, place)),
            Expr::Const(constant) => {
                let value = constant.value.clone();
                Expr::Const(Spanned::new(ast::Const { value }, place))
            }
            Expr::UnaryOp(op) => {
                let node = ast::UnaryOp {
                    op: match op.op {
                        ast::UnaryOpKind::Not => ast::UnaryOpKind::Not,
                        ast::UnaryOpKind::Neg => ast::UnaryOpKind::Neg,
                    },
                    expr: self.expr(&op.expr),
                };
                Expr::UnaryOp(Spanned::new(node, place))
            }
            Expr::BinOp(op) => self.operator(op, place),
            Expr::Compare(compare) => self.comparison(compare, place),
            Expr::IfExpr(choice) => {
                let node = ast::IfExpr {
                    test_expr: self.expr(&choice.test_expr),
                    true_expr: self.expr(&choice.true_expr),
                    false_expr: self.maybe(choice.false_expr.as_ref()),
                };
                Expr::IfExpr(Spanned::new(node, place))
            }
            Expr::List(_) | Expr::Tuple(_) | Expr::Map(_) => self.literal(expr, place),
            _ => self.postfix(expr, place),
        }
    }

    /// What stands behind a value: attributes, items, slices, calls, filters and tests.
    fn postfix(&self, expr: &Expr<'a>, place: Span) -> Expr<'a> {
        match expr {
            Expr::Slice(slice) => {
                let node = ast::Slice {
                    expr: self.expr(&slice.expr),
                    start: self.maybe(slice.start.as_ref()),
                    stop: self.maybe(slice.stop.as_ref()),
                    step: self.maybe(slice.step.as_ref()),
                };
                Expr::Slice(Spanned::new(node, place))
            }
            Expr::Filter(filter) => {
                let node = ast::Filter {
                    name: filter.name,
                    expr: self.maybe(filter.expr.as_ref()),
                    args: self.args(&filter.args),
                };
                Expr::Filter(Spanned::new(node, place))
            }
            Expr::Test(test) => {
                let node = ast::Test {
                    name: test.name,
                    expr: self.expr(&test.expr),
                    args: self.args(&test.args),
                };
                Expr::Test(Spanned::new(node, place))
            }
            Expr::GetAttr(attr) => {
                let node = ast::GetAttr {
                    expr: self.expr(&attr.expr),
                    name: attr.name,
                };
                Expr::GetAttr(Spanned::new(node, place))
            }
            Expr::GetItem(item) => {
                let node = ast::GetItem {
                    expr: self.expr(&item.expr),
                    subscript_expr: self.expr(&item.subscript_expr),
                };
                Expr::GetItem(Spanned::new(node, place))
            }
            Expr::Call(call) => Expr::Call(Spanned::new(self.function(call), place)),
            _ => unreachable!("every other expression is lowered by `expr`"),
        }
    }

    fn function(&self, call: &ast::Call<'a>) -> ast::Call<'a> {
        ast::Call {
            expr: self.expr(&call.expr),
            args: self.args(&call.args),
        }
    }

    fn operator(&self, op: &ast::BinOp<'a>, place: Span) -> Expr<'a> {
        let left = self.expr(&op.left);
        let right = self.expr(&op.right);
        let name = match op.op {
            BinOpKind::Eq => "==",
            BinOpKind::Ne => "!=",
            BinOpKind::Lt => "<",
            BinOpKind::Lte => "<=",
            BinOpKind::Gt => ">",
            BinOpKind::Gte => ">=",
            BinOpKind::In => "in",
            BinOpKind::Concat => "~",
            BinOpKind::Mul => return Self::native(op.op, factor(left), factor(right), place),
            BinOpKind::Add if grows(&left) && grows(&right) => {
                let sum = Self::native(op.op, left, right, place);
                return Self::call(operators::BOUNDED, sum, None, place);
            }
            _ => return Self::native(op.op, left, right, place),
        };
        Self::call(name, left, Some(right), place)
    }

    fn native(op: BinOpKind, left: Expr<'a>, right: Expr<'a>, place: Span) -> Expr<'a> {
        Expr::BinOp(Spanned::new(ast::BinOp { op, left, right }, place))
    }

    /// `a < b < c`, in pairs where the middle ones may be worked out twice.
    fn comparison(&self, compare: &ast::Compare<'a>, place: Span) -> Expr<'a> {
        let last = compare.ops.len() - 1;
        if compare.ops[..last].iter().any(|op| has_call(&op.expr)) {
            let lower = |op: &ast::CompareOp<'a>| ast::CompareOp {
                op: op.op,
                expr: self.expr(&op.expr),
            };
            let node = ast::Compare {
                expr: self.expr(&compare.expr),
                ops: compare.ops.iter().map(lower).collect(),
            };
            return Expr::Compare(Spanned::new(node, place));
        }
        let mut left = &compare.expr;
        let mut all: Option<Expr<'a>> = None;
        for op in &compare.ops {
            let pair = self.pair(left, op, place);
            all = Some(match all {
                Some(before) => Self::native(BinOpKind::ScAnd, before, pair, place),
                None => pair,
            });
            left = &op.expr;
        }
        all.expect("a chain has at least two comparisons")
    }

    fn pair(&self, left: &Expr<'a>, op: &ast::CompareOp<'a>, place: Span) -> Expr<'a> {
        let name = match op.op {
            CompareOpKind::Eq => "==",
            CompareOpKind::Ne => "!=",
            CompareOpKind::Lt => "<",
            CompareOpKind::Lte => "<=",
            CompareOpKind::Gt => ">",
            CompareOpKind::Gte => ">=",
            CompareOpKind::In | CompareOpKind::NotIn => "in",
        };
        let pair = Self::call(name, self.expr(left), Some(self.expr(&op.expr)), place);
        if !matches!(op.op, CompareOpKind::NotIn) {
            return pair;
        }
        let node = ast::UnaryOp {
            op: ast::UnaryOpKind::Not,
            expr: pair,
        };
        Expr::UnaryOp(Spanned::new(node, place))
    }

    fn stmts(&self, stmts: &[Stmt<'a>]) -> Vec<Stmt<'a>> {
        stmts.iter().map(|stmt| self.stmt(stmt)).collect()
    }

    fn stmt(&self, stmt: &Stmt<'a>) -> Stmt<'a> {
        match stmt {
            Stmt::Template(template) => {
                let children = self.stmts(&template.children);
                let place = one_line(template.span());
                Stmt::Template(Spanned::new(ast::Template { children }, place))
            }
            Stmt::EmitExpr(emit) => {
                let expr = self.expr(&emit.expr);
                let place = expr.span();
                Stmt::EmitExpr(Spanned::new(ast::EmitExpr { expr }, place))
            }
            Stmt::EmitRaw(raw) => {
                let place = one_line(raw.span());
                Stmt::EmitRaw(Spanned::new(ast::EmitRaw { raw: raw.raw }, place))
            }
            _ => self.block(stmt),
        }
    }

    fn block(&self, stmt: &Stmt<'a>) -> Stmt<'a> {
        match stmt {
            Stmt::ForLoop(tag) => {
                let node = ast::ForLoop {
                    target: self.target(&tag.target),
                    iter: self.expr(&tag.iter),
                    filter_expr: self.maybe(tag.filter_expr.as_ref()),
                    recursive: tag.recursive,
                    body: self.stmts(&tag.body),
                    else_body: self.stmts(&tag.else_body),
                };
                Stmt::ForLoop(Spanned::new(node, one_line(tag.span())))
            }
            Stmt::IfCond(tag) => {
                let node = ast::IfCond {
                    expr: self.expr(&tag.expr),
                    true_body: self.stmts(&tag.true_body),
                    false_body: self.stmts(&tag.false_body),
                };
                Stmt::IfCond(Spanned::new(node, one_line(tag.span())))
            }
            Stmt::WithBlock(tag) => {
                let assign = |(target, value): &(_, _)| (self.target(target), self.expr(value));
                let node = ast::WithBlock {
                    assignments: tag.assignments.iter().map(assign).collect(),
                    body: self.stmts(&tag.body),
                };
                Stmt::WithBlock(Spanned::new(node, one_line(tag.span())))
            }
            _ => self.assignment(stmt),
        }
    }

    fn assignment(&self, stmt: &Stmt<'a>) -> Stmt<'a> {
        match stmt {
            Stmt::Set(tag) => {
                let node = ast::Set {
                    target: self.target(&tag.target),
                    expr: self.expr(&tag.expr),
                };
                Stmt::Set(Spanned::new(node, one_line(tag.span())))
            }
            Stmt::SetBlock(tag) => {
                let node = ast::SetBlock {
                    target: self.target(&tag.target),
                    filter: self.maybe(tag.filter.as_ref()),
                    body: self.stmts(&tag.body),
                };
                Stmt::SetBlock(Spanned::new(node, one_line(tag.span())))
            }
            Stmt::FilterBlock(tag) => {
                let node = ast::FilterBlock {
                    filter: self.expr(&tag.filter),
                    filter_span: one_line(tag.filter_span),
                    body: self.stmts(&tag.body),
                };
                Stmt::FilterBlock(Spanned::new(node, one_line(tag.span())))
            }
            // Refused when the names are looked at, and never run.
            Stmt::Do(_) | Stmt::AutoEscape(_) => {
                let children = Vec::new();
                Stmt::Template(Spanned::new(ast::Template { children }, Span::default()))
            }
            _ => unreachable!("every other statement is lowered by `stmt` or `block`"),
        }
    }

    /// What a value is given to: a name, names in a row, or an attribute.
    fn target(&self, target: &Expr<'a>) -> Expr<'a> {
        match target {
            Expr::List(list) => {
                let items = list.items.iter().map(|item| self.target(item)).collect();
                Expr::List(Spanned::new(ast::List { items }, self.place(target)))
            }
            _ => self.expr(target),
        }
    }

    fn literal(&self, expr: &Expr<'a>, place: Span) -> Expr<'a> {
        let lowered = match expr {
            Expr::List(list) => {
                let items = self.exprs(&list.items);
                Expr::List(Spanned::new(ast::List { items }, place))
            }
            Expr::Tuple(tuple) => {
                let items = self.exprs(&tuple.items);
                Expr::Tuple(Spanned::new(ast::Tuple { items }, place))
            }
            Expr::Map(map) => {
                let (keys, values) = (self.exprs(&map.keys), self.exprs(&map.values));
                Expr::Map(Spanned::new(ast::Map { keys, values }, place))
            }
            _ => unreachable!("only literals get here"),
        };
        if lowered.as_const().is_some() {
            return lowered;
        }
        Self::call(operators::BOUNDED, lowered, None, place)
    }
}

/// The place of a statement, on one line as those of expressions are.
fn one_line(span: Span) -> Span {
    Span {
        start_line: 1,
        end_line: 1,
        ..span
    }
}

/// A side of `*`, with lists refused: a list of lists that was multiplied a few times is endless.
fn factor(side: Expr<'_>) -> Expr<'_> {
    if matches!(side, Expr::Const(_)) {
        return side;
    }
    let place = side.span();
    Lowering::call(operators::FACTOR, side, None, place)
}

/// An argument, refused if it is undefined: minijinja takes that for one that is not given.
fn defined(argument: Expr<'_>) -> Expr<'_> {
    if matches!(argument, Expr::Const(_)) {
        return argument;
    }
    let place = argument.span();
    Lowering::call(operators::DEFINED, argument, None, place)
}

/// Whether a side of `+` may be a list.
fn grows(side: &Expr<'_>) -> bool {
    !matches!(side, Expr::Const(_))
}

/// Whether evaluating it twice may give two values.
fn has_call(expr: &Expr<'_>) -> bool {
    let mut found = matches!(expr, Expr::Call(_));
    syntax::parts(expr, &mut |part| found = found || has_call(part));
    found
}
