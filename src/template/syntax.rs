//! Texts read into minijinja's syntax tree, and the exact bytes of every part of it.
//!
//! The tree's own spans start at an operator or a filter's name as often as at the expression.

use std::ops::Range;

use minijinja::Error;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt, UnaryOpKind};
use minijinja::machinery::{Span, Token, parse, parse_expr, tokenize};
use minijinja::syntax::SyntaxConfig;

use super::error::{Cause, TemplateError};
use super::hints;

/// How many operators, filters and attributes one expression may have: the tree is walked
/// recursively, by minijinja too.
const MAX_OPERATORS: usize = 250;

/// Reads a text with `{{ }}` marks.
pub(super) fn template(text: &str) -> Result<Stmt<'_>, TemplateError> {
    bounded(text, false)?;
    let parsed = parse(text, "", config()).and_then(|stmt| readable(text, false).map(|()| stmt));
    parsed.map_err(|error| hints::explain(text, false, &error))
}

/// Reads an expression.
pub(super) fn expression(text: &str) -> Result<Expr<'_>, TemplateError> {
    bounded(text, true)?;
    let parsed = parse_expr(text).and_then(|expr| readable(text, true).map(|()| expr));
    parsed.map_err(|error| hints::explain(text, true, &error))
}

/// Whether all of a text can be read: the parser looks behind a text in quotes for a second one, and
/// takes what it can't read there for the end.
fn readable(text: &str, in_expression: bool) -> Result<(), Error> {
    if !text.contains(['"', '\'']) {
        return Ok(());
    }
    let mut tokens = tokenize(text, in_expression, config());
    tokens.try_for_each(|token| token.map(drop))
}

/// Trailing line ends belong to the text.
fn config() -> SyntaxConfig {
    SyntaxConfig::builder()
        .keep_trailing_newline(true)
        .build()
        .expect("the delimiters are the default ones")
}

/// Refuses an expression that would nest too deep.
fn bounded(text: &str, in_expression: bool) -> Result<(), TemplateError> {
    if text.len() <= MAX_OPERATORS {
        return Ok(());
    }
    let (mut operators, mut branches) = (0, 0);
    for token in tokenize(text, in_expression, config()) {
        // What can't be split into tokens is reported by the parser.
        let Ok((token, span)) = token else { break };
        match token {
            Token::VariableStart | Token::BlockStart => operators = 0,
            Token::Ident("not" | "and" | "or" | "is" | "in" | "if")
            | Token::Dot
            | Token::Pipe
            | Token::BracketOpen
            | Token::ParenOpen
            | Token::BraceOpen
            | Token::Plus
            | Token::Minus
            | Token::Mul
            | Token::Div
            | Token::FloorDiv
            | Token::Pow
            | Token::Mod
            | Token::Tilde
            | Token::Eq
            | Token::Ne
            | Token::Lt
            | Token::Lte
            | Token::Gt
            | Token::Gte => operators += 1,
            Token::Ident("elif") => branches += 1,
            _ => {}
        }
        if operators > MAX_OPERATORS || branches > MAX_OPERATORS {
            return Err(TemplateError::new(
                Cause::Syntax,
                "expression-too-long",
                format!("an expression may have at most {MAX_OPERATORS} operators"),
            )
            .at(span.start_offset as usize..span.end_offset as usize));
        }
    }
    Ok(())
}

/// The range that an error of the engine names, in whole characters of the text.
pub(super) fn error_range(text: &str, error: &Error) -> Option<Range<usize>> {
    let range = error.range()?;
    let mut end = range.end.min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let mut start = range.start.min(end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    Some(start..end)
}

/// The bytes of a part of the text, its own parentheses left out.
pub(super) fn range(text: &str, expr: &Expr<'_>) -> Range<usize> {
    let span = expr.span();
    let end = span.end_offset as usize;
    match leftmost(text, expr) {
        Some(left) => grow(text, range(text, left), end).start..end,
        None => span.start_offset as usize..end,
    }
}

/// The bytes of a part of the text with the parentheses around it, as long as they end before
/// `limit`.
pub(super) fn grow(text: &str, range: Range<usize>, limit: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut grown = range;
    loop {
        let before = text[..grown.start].trim_end().len();
        let after = text.len() - text[grown.end..].trim_start().len();
        let closed = after < limit && bytes.get(after) == Some(&b')');
        if !closed || before == 0 || bytes[before - 1] != b'(' {
            return grown;
        }
        grown = before - 1..after + 1;
    }
}

/// The part that a part begins with, if it doesn't begin with something of its own.
fn leftmost<'e, 'a>(text: &str, expr: &'e Expr<'a>) -> Option<&'e Expr<'a>> {
    match expr {
        Expr::Slice(slice) => Some(&slice.expr),
        Expr::BinOp(op) => Some(&op.left),
        Expr::Compare(compare) => Some(&compare.expr),
        Expr::IfExpr(choice) => Some(&choice.true_expr),
        Expr::Filter(filter) => filter.expr.as_ref(),
        Expr::Test(checked) => Some(&checked.expr),
        Expr::GetAttr(attr) => Some(&attr.expr),
        Expr::GetItem(item) => Some(&item.expr),
        Expr::Call(call) => Some(&call.expr),
        Expr::UnaryOp(op) if is_infix_not(text, expr) => Some(&op.expr),
        Expr::Var(_)
        | Expr::Const(_)
        | Expr::UnaryOp(_)
        | Expr::List(_)
        | Expr::Tuple(_)
        | Expr::Map(_) => None,
    }
}

/// Whether a negation is the `not` of `x not in y` or `x is not y`.
pub(super) fn is_infix_not(text: &str, expr: &Expr<'_>) -> bool {
    let Expr::UnaryOp(op) = expr else {
        return false;
    };
    if !matches!(op.op, UnaryOpKind::Not) {
        return false;
    }
    match &op.expr {
        Expr::BinOp(inner) if matches!(inner.op, BinOpKind::In) => {
            let left = grow(text, range(text, &inner.left), text.len());
            let right = range(text, &inner.right);
            text[left.end..right.start.max(left.end)]
                .trim_start()
                .starts_with("not")
        }
        Expr::Test(checked) => {
            let left = grow(text, range(text, &checked.expr), text.len());
            let name = checked.span().start_offset as usize;
            let between = text[left.end..name.max(left.end)].trim_end();
            between.ends_with("not")
        }
        _ => false,
    }
}

/// Calls `visit` with every direct part of an expression, in the order they are evaluated.
pub(super) fn parts<'e, 'a>(expr: &'e Expr<'a>, visit: &mut dyn FnMut(&'e Expr<'a>)) {
    match expr {
        Expr::Var(_) | Expr::Const(_) => {}
        Expr::Slice(slice) => {
            visit(&slice.expr);
            [&slice.start, &slice.stop, &slice.step]
                .into_iter()
                .flatten()
                .for_each(visit);
        }
        Expr::UnaryOp(op) => visit(&op.expr),
        Expr::BinOp(op) => {
            visit(&op.left);
            visit(&op.right);
        }
        Expr::Compare(compare) => {
            visit(&compare.expr);
            compare.ops.iter().for_each(|op| visit(&op.expr));
        }
        Expr::IfExpr(choice) => {
            visit(&choice.test_expr);
            visit(&choice.true_expr);
            choice.false_expr.iter().for_each(visit);
        }
        Expr::Filter(filter) => {
            filter.expr.iter().for_each(&mut *visit);
            arguments(&filter.args, visit);
        }
        Expr::Test(test) => {
            visit(&test.expr);
            arguments(&test.args, visit);
        }
        Expr::GetAttr(attr) => visit(&attr.expr),
        Expr::GetItem(item) => {
            visit(&item.expr);
            visit(&item.subscript_expr);
        }
        Expr::Call(call) => {
            visit(&call.expr);
            arguments(&call.args, visit);
        }
        Expr::List(list) => list.items.iter().for_each(visit),
        Expr::Tuple(tuple) => tuple.items.iter().for_each(visit),
        Expr::Map(map) => map.keys.iter().zip(&map.values).for_each(|(key, value)| {
            visit(key);
            visit(value);
        }),
    }
}

/// Calls `look` with an expression and every part of it, outermost first.
pub(super) fn visit<'e, 'a>(expr: &'e Expr<'a>, look: &mut dyn FnMut(&'e Expr<'a>)) {
    look(expr);
    parts(expr, &mut |part| visit(part, look));
}

fn arguments<'e, 'a>(args: &'e [CallArg<'a>], visit: &mut dyn FnMut(&'e Expr<'a>)) {
    for arg in args {
        visit(argument(arg));
    }
}

/// The expression of an argument, however it is passed.
pub(super) fn argument<'e, 'a>(arg: &'e CallArg<'a>) -> &'e Expr<'a> {
    match arg {
        CallArg::Pos(expr)
        | CallArg::Kwarg(_, expr)
        | CallArg::PosSplat(expr)
        | CallArg::KwargSplat(expr) => expr,
    }
}

/// Calls `visit` with every expression of a template that is evaluated by itself, and with the
/// names that the template itself defines there.
pub(super) fn expressions<'a>(
    stmt: &Stmt<'a>,
    locals: &mut Vec<&'a str>,
    visit: &mut dyn FnMut(&Expr<'a>, &[&'a str]),
) {
    match stmt {
        Stmt::Template(template) => all(&template.children, locals, visit),
        Stmt::EmitExpr(emit) => visit(&emit.expr, locals),
        Stmt::EmitRaw(_) | Stmt::Do(_) => {}
        Stmt::ForLoop(tag) => {
            visit(&tag.iter, locals);
            let outer = locals.len();
            locals.push("loop");
            define(&tag.target, locals);
            tag.filter_expr.iter().for_each(|expr| visit(expr, locals));
            all(&tag.body, locals, visit);
            locals.truncate(outer);
            all(&tag.else_body, locals, visit);
        }
        Stmt::IfCond(tag) => {
            visit(&tag.expr, locals);
            all(&tag.true_body, locals, visit);
            all(&tag.false_body, locals, visit);
        }
        Stmt::WithBlock(tag) => {
            let outer = locals.len();
            for (target, value) in &tag.assignments {
                visit(value, locals);
                define(target, locals);
            }
            all(&tag.body, locals, visit);
            locals.truncate(outer);
        }
        Stmt::Set(tag) => {
            visit(&tag.expr, locals);
            define(&tag.target, locals);
        }
        Stmt::SetBlock(tag) => {
            all(&tag.body, locals, visit);
            tag.filter.iter().for_each(|expr| visit(expr, locals));
            define(&tag.target, locals);
        }
        Stmt::AutoEscape(tag) => all(&tag.body, locals, visit),
        Stmt::FilterBlock(tag) => {
            all(&tag.body, locals, visit);
            visit(&tag.filter, locals);
        }
    }
}

/// A statement of minijinja's that templates don't have: its name and its bytes.
pub(super) fn unsupported(stmt: &Stmt<'_>) -> Option<(&'static str, Range<usize>)> {
    let within = |stmts: &[Stmt<'_>]| stmts.iter().find_map(unsupported);
    match stmt {
        Stmt::Template(template) => within(&template.children),
        Stmt::EmitExpr(_) | Stmt::EmitRaw(_) | Stmt::Set(_) => None,
        Stmt::ForLoop(tag) => within(&tag.body).or_else(|| within(&tag.else_body)),
        Stmt::IfCond(tag) => within(&tag.true_body).or_else(|| within(&tag.false_body)),
        Stmt::WithBlock(tag) => within(&tag.body),
        Stmt::SetBlock(tag) => within(&tag.body),
        Stmt::FilterBlock(tag) => within(&tag.body),
        Stmt::AutoEscape(tag) => Some(("autoescape", bytes(tag.span()))),
        Stmt::Do(tag) => Some(("do", bytes(tag.span()))),
    }
}

/// The bytes of a place.
pub(super) fn bytes(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

fn all<'a>(
    stmts: &[Stmt<'a>],
    locals: &mut Vec<&'a str>,
    visit: &mut dyn FnMut(&Expr<'a>, &[&'a str]),
) {
    for stmt in stmts {
        expressions(stmt, locals, visit);
    }
}

/// The names that a target gives values to.
fn define<'a>(target: &Expr<'a>, locals: &mut Vec<&'a str>) {
    match target {
        Expr::Var(var) => locals.push(var.id),
        Expr::List(list) => list.items.iter().for_each(|item| define(item, locals)),
        _ => {}
    }
}
