//! Compiled templates and expressions: what a text needs, and its evaluation.
//!
//! Most texts only put variables into a text, and most captures are a path into the body: these
//! are looked up directly. Everything else becomes a program of minijinja, made when it is first
//! needed and kept only for texts that are needed again.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::machinery::Instructions;
use minijinja::machinery::ast::{Expr, Stmt};
use minijinja::value::ValueKind;

use super::diagnose::{self, Evaluated};
use super::engine::Engine;
use super::error::{Cause, TemplateError};
use super::names::{self, Uses};
use super::operands::{self, Operand};
use super::value::{self, Value};
use super::{lower, print, syntax};

/// A text with `{{ }}` marks, ready to be rendered.
#[derive(Debug)]
pub struct Template<'e> {
    code: Code<'e>,
    shape: Shape,
}

/// How a template is rendered.
#[derive(Debug)]
enum Shape {
    /// The text as it is.
    Literal,
    /// Text and paths in turn.
    Pieces(Box<[Piece]>),
    /// A lone `{{ expression }}`, which keeps its type.
    Lone,
    /// Anything else.
    Text,
}

/// A part of a text: bytes to copy, or a path to look up.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: u32,
    end: u32,
    is_path: bool,
}

impl<'e> Template<'e> {
    pub(super) fn new(engine: &'e Engine, text: &'e str) -> Result<Self, TemplateError> {
        if !text.contains('{') {
            return Ok(Self {
                code: Code::new(engine, text, true, Uses::default()),
                shape: Shape::Literal,
            });
        }
        let stmt = syntax::template(text)?;
        let uses = names::of_template(engine, text, &stmt)?;
        Ok(Self {
            shape: shape(text, &stmt),
            code: Code::new(engine, text, true, uses),
        })
    }

    /// The text as it was written.
    pub fn text(&self) -> &'e str {
        self.code.text
    }

    /// The text, if it has no marks and is never anything else.
    pub fn literal(&self) -> Option<&'e str> {
        matches!(self.shape, Shape::Literal).then_some(self.code.text)
    }

    /// The names that must be defined.
    pub fn uses(&self) -> &Uses<'e> {
        &self.code.uses
    }

    /// The value: that of a lone `{{ expression }}` with its type, else a text.
    ///
    /// A lone one may be `omit` or `null`; it is never undefined, nor does it hold anything that is.
    pub fn render(&self, scope: &Value) -> Result<Value, TemplateError> {
        match &self.shape {
            Shape::Pieces(pieces) => match **pieces {
                [piece] if piece.is_path => match path(scope, self.slice(piece)) {
                    Some(value) => Ok(value),
                    None => self.evaluate(scope),
                },
                _ => self.render_text(scope).map(Value::from),
            },
            Shape::Lone => self.evaluate(scope),
            Shape::Literal => Ok(Value::from(self.code.text)),
            Shape::Text => self.print(scope).map(Value::from),
        }
    }

    /// The value as text, as it prints.
    pub fn render_text(&self, scope: &Value) -> Result<Cow<'e, str>, TemplateError> {
        match &self.shape {
            Shape::Literal => Ok(Cow::Borrowed(self.code.text)),
            Shape::Pieces(pieces) => match self.join(pieces, scope) {
                Some(text) => Ok(Cow::Owned(text)),
                None => self.print(scope).map(Cow::Owned),
            },
            Shape::Lone | Shape::Text => self.print(scope).map(Cow::Owned),
        }
    }

    /// Puts the pieces together, if everything is there.
    fn join(&self, pieces: &[Piece], scope: &Value) -> Option<String> {
        let mut out = String::with_capacity(self.code.text.len() + 32);
        for piece in pieces {
            let slice = self.slice(*piece);
            if piece.is_path {
                out = print::write_text(&path(scope, slice)?, out).ok()?;
            } else {
                out.push_str(slice);
            }
        }
        Some(out)
    }

    fn slice(&self, piece: Piece) -> &'e str {
        &self.code.text[piece.start as usize..piece.end as usize]
    }

    /// Runs the expression of a lone `{{ }}`.
    fn evaluate(&self, scope: &Value) -> Result<Value, TemplateError> {
        self.code.evaluate(scope, compile_lone)
    }

    /// Runs the template as a whole.
    fn print(&self, scope: &Value) -> Result<String, TemplateError> {
        if matches!(self.shape, Shape::Literal) {
            return Ok(self.code.text.to_owned());
        }
        if let Some(lone) = self.lone() {
            let value = self.code.evaluate(scope, compile_lone)?;
            let text = print::text(&value).map_err(|error| not_printed(&error, lone))?;
            return Ok(text.into_owned());
        }
        let mut out = String::with_capacity(self.code.text.len() + 32);
        self.code.run(scope, compile_text, &mut out)?;
        Ok(out)
    }

    /// The bytes of the lone expression.
    fn lone(&self) -> Option<Range<usize>> {
        match &self.shape {
            Shape::Lone => Some(0..self.code.text.len()),
            Shape::Pieces(pieces) => match **pieces {
                [piece] if piece.is_path => Some(piece.start as usize..piece.end as usize),
                _ => None,
            },
            Shape::Literal | Shape::Text => None,
        }
    }
}

fn not_printed(error: &value::Unprintable, range: Range<usize>) -> TemplateError {
    TemplateError::new(Cause::Evaluation, "not-printable", error.to_string()).at(range)
}

/// An expression, ready to be evaluated.
#[derive(Debug)]
pub struct Expression<'e> {
    code: Code<'e>,
    is_path: bool,
}

impl<'e> Expression<'e> {
    pub(super) fn new(engine: &'e Engine, text: &'e str) -> Result<Self, TemplateError> {
        let expr = syntax::expression(text)?;
        let uses = names::of_expression(engine, text, &expr)?;
        Ok(Self {
            is_path: is_path(text.trim(), &expr),
            code: Code::new(engine, text, false, uses),
        })
    }

    /// The expression as it was written.
    pub fn text(&self) -> &'e str {
        self.code.text
    }

    /// The names that must be defined.
    pub fn uses(&self) -> &Uses<'e> {
        &self.code.uses
    }

    /// The value, which is never undefined, nor holds anything that is.
    pub fn evaluate(&self, scope: &Value) -> Result<Value, TemplateError> {
        if self.is_path
            && let Some(value) = path(scope, self.code.text.trim())
        {
            return Ok(value);
        }
        self.code.evaluate(scope, compile_expression)
    }

    /// Whether the value counts as true: not `false`, `null`, 0, or empty.
    pub fn is_true(&self, scope: &Value) -> Result<bool, TemplateError> {
        self.evaluate(scope).map(|value| value.is_true())
    }

    /// The parts of the expression with their values, for showing why it is false.
    pub fn operands(&self, scope: &Value) -> Vec<Operand<'e>> {
        operands::of(self.code.evaluated(scope), self.code.text)
    }

    /// The two lists or mappings that the expression found unequal, and their bytes in it; `None`
    /// if it is another expression.
    pub fn compared(&self, scope: &Value) -> Option<[(Range<usize>, Value); 2]> {
        operands::compared(self.code.evaluated(scope), self.code.text)
    }
}

/// What templates and expressions share.
#[derive(Debug)]
struct Code<'e> {
    engine: &'e Engine,
    text: &'e str,
    is_template: bool,
    uses: Uses<'e>,
    program: OnceLock<Box<Program<'e>>>,
    was_run: AtomicBool,
}

struct Program<'e>(Instructions<'e>);

impl std::fmt::Debug for Program<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").finish_non_exhaustive()
    }
}

type Compile<'e> = fn(&'e str) -> Result<Instructions<'e>, TemplateError>;

impl<'e> Code<'e> {
    fn new(engine: &'e Engine, text: &'e str, is_template: bool, uses: Uses<'e>) -> Self {
        Self {
            engine,
            text,
            is_template,
            uses,
            program: OnceLock::new(),
            was_run: AtomicBool::new(false),
        }
    }

    /// Runs the program for its value.
    fn evaluate(&self, scope: &Value, compile: Compile<'e>) -> Result<Value, TemplateError> {
        let value = self.run(scope, compile, &mut String::new())?;
        if value.is_undefined() {
            return Err(diagnose::undefined(self.evaluated(scope)));
        }
        let Err(error) = value::check(&value) else {
            return Ok(value::settled(value));
        };
        if value::check_size(&value).is_err() {
            let explained =
                TemplateError::new(Cause::Evaluation, "too-much-work", error.to_string());
            return Err(explained.at(0..self.text.len()));
        }
        Err(diagnose::holds_undefined(self.evaluated(scope), &error))
    }

    fn evaluated<'s>(&'s self, scope: &'s Value) -> Evaluated<'s> {
        Evaluated {
            engine: self.engine,
            text: self.text,
            is_template: self.is_template,
            scope,
        }
    }

    fn run(
        &self,
        scope: &Value,
        compile: Compile<'e>,
        out: &mut String,
    ) -> Result<Value, TemplateError> {
        let result = if let Some(program) = self.program.get() {
            self.engine.run(&program.0, scope, out)
        } else {
            let program = compile(self.text)?;
            let result = self.engine.run(&program, scope, out);
            if self.was_run.swap(true, Ordering::Relaxed) && self.engine.may_keep() {
                _ = self.program.set(Box::new(Program(program)));
            }
            result
        };
        result.map_err(|error| diagnose::failed(self.evaluated(scope), &error))
    }
}

fn compile_expression(text: &str) -> Result<Instructions<'_>, TemplateError> {
    syntax::expression(text).map(|expr| lower::expression(text, &expr))
}

fn compile_text(text: &str) -> Result<Instructions<'_>, TemplateError> {
    syntax::template(text).map(|stmt| lower::template(text, &stmt))
}

fn compile_lone(text: &str) -> Result<Instructions<'_>, TemplateError> {
    let stmt = syntax::template(text)?;
    Ok(match lone(&stmt) {
        Some(expr) => lower::expression(text, expr),
        None => lower::template(text, &stmt),
    })
}

/// The expression of a text that is one `{{ expression }}` and nothing else.
pub(super) fn lone<'s, 'a>(stmt: &'s Stmt<'a>) -> Option<&'s Expr<'a>> {
    let Stmt::Template(template) = stmt else {
        return None;
    };
    match template.children.as_slice() {
        [Stmt::EmitExpr(emit)] => Some(&emit.expr),
        _ => None,
    }
}

fn shape(text: &str, stmt: &Stmt<'_>) -> Shape {
    let Stmt::Template(template) = stmt else {
        return Shape::Text;
    };
    let pieces: Option<Box<[Piece]>> = template
        .children
        .iter()
        .map(|child| match child {
            Stmt::EmitExpr(emit) => {
                let range = syntax::range(text, &emit.expr);
                let is_path = is_path(&text[range.clone()], &emit.expr);
                is_path.then(|| Piece::new(range, true))
            }
            Stmt::EmitRaw(raw) => {
                let span = raw.span();
                let range = span.start_offset as usize..span.end_offset as usize;
                (text.get(range.clone()) == Some(raw.raw)).then(|| Piece::new(range, false))
            }
            _ => None,
        })
        .collect();
    match pieces {
        Some(pieces) if pieces.len() == 1 && !pieces[0].is_path && pieces[0].is_all(text) => {
            Shape::Literal
        }
        Some(pieces) => Shape::Pieces(pieces),
        None if lone(stmt).is_some() => Shape::Lone,
        None => Shape::Text,
    }
}

impl Piece {
    fn new(range: Range<usize>, is_path: bool) -> Self {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: offset(range.start),
            end: offset(range.end),
            is_path,
        }
    }

    fn is_all(self, text: &str) -> bool {
        self.start == 0 && self.end as usize == text.len()
    }
}

/// Whether an expression is a name and attributes, written without blanks.
fn is_path(slice: &str, expr: &Expr<'_>) -> bool {
    let mut expr = expr;
    loop {
        match expr {
            Expr::GetAttr(attr) => expr = &attr.expr,
            Expr::Var(_) => break,
            _ => return false,
        }
    }
    slice
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}

/// The value of a path, if it is there and needs no further look.
fn path(scope: &Value, path: &str) -> Option<Value> {
    let mut value: Option<Value> = None;
    for name in path.split('.') {
        let next = value.as_ref().unwrap_or(scope).get_attr(name).ok()?;
        if matches!(next.kind(), ValueKind::Undefined | ValueKind::Invalid) {
            return None;
        }
        value = Some(next);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_can_be_shared_between_threads() {
        fn is_shared<T: Send + Sync>() {}
        is_shared::<Engine>();
        is_shared::<Template<'static>>();
        is_shared::<Expression<'static>>();
        is_shared::<super::super::Scope>();
    }

    #[test]
    fn what_is_compiled_stays_small() {
        assert!(size_of::<Template<'static>>() <= 128);
        assert!(size_of::<Expression<'static>>() <= 128);
        assert!(size_of::<TemplateError>() <= 128);
    }
}
