//! The templates and expressions of a collection, each different text compiled once, and their
//! errors turned into diagnostics at the place in the file.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::{
    Cause, Engine, Expression, Operand, Scope, Template, TemplateError, Value, facts, is_omit,
    to_json,
};
use crate::diagnostic::{Diagnostic, Fix};
use crate::json::Json;
use crate::source::{Sources, Span};
use crate::yaml::{self, Data, Text};

/// Compiles texts, keeps what came of it, and evaluates them.
#[derive(Debug)]
pub struct Compiled<'c> {
    engine: &'c Engine,
    sources: &'c Sources,
    templates: Kept<'c, Template<'c>>,
    expressions: Kept<'c, Expression<'c>>,
}

/// What came of each text.
type Kept<'c, T> = RefCell<HashMap<&'c str, Result<Rc<T>, Box<TemplateError>>>>;

/// Why a text could not be evaluated.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What is wrong and where.
    pub diagnostic: Diagnostic,
    /// The name that nothing defined, if that is the reason.
    pub missing_name: Option<String>,
}

impl From<Diagnostic> for Box<Failure> {
    fn from(diagnostic: Diagnostic) -> Self {
        Box::new(Failure {
            diagnostic,
            missing_name: None,
        })
    }
}

impl<'c> Compiled<'c> {
    /// An empty cache; `sources` are the files that the texts stand in.
    pub fn new(engine: &'c Engine, sources: &'c Sources) -> Self {
        Self {
            engine,
            sources,
            templates: RefCell::default(),
            expressions: RefCell::default(),
        }
    }

    /// A text that may hold `{{ }}`, compiled.
    pub fn template(&self, text: &'c Text) -> Result<Rc<Template<'c>>, Box<Diagnostic>> {
        keep(&self.templates, &text.value, |text| {
            self.engine.template(text)
        })
        .map_err(|error| Box::new(self.diagnose(text, *error)))
    }

    /// An expression, compiled.
    pub fn expression(&self, text: &'c Text) -> Result<Rc<Expression<'c>>, Box<Diagnostic>> {
        keep(&self.expressions, &text.value, |text| {
            self.engine.expression(text)
        })
        .map_err(|error| {
            // What YAML took for a comment is the better explanation of what is missing.
            let cut = yaml::comment_cut(self.sources.get(text.span.source), text.span);
            Box::new(cut.unwrap_or_else(|| self.diagnose(text, *error)))
        })
    }

    /// The value of a template: that of a lone `{{ expression }}` with its type, else a text.
    pub fn render(&self, text: &'c Text, scope: &Value) -> Result<Value, Box<Failure>> {
        let template = self.template(text).map_err(|problem| Box::from(*problem))?;
        template
            .render(scope)
            .map_err(|error| self.failure(text, error))
    }

    /// The value of a template as text.
    pub fn render_text(&self, text: &'c Text, scope: &Value) -> Result<String, Box<Failure>> {
        let template = self.template(text).map_err(|problem| Box::from(*problem))?;
        match template.render_text(scope) {
            Ok(rendered) => Ok(rendered.into_owned()),
            Err(error) => Err(self.failure(text, error)),
        }
    }

    /// The value of an expression.
    pub fn evaluate(&self, text: &'c Text, scope: &Value) -> Result<Value, Box<Failure>> {
        let expression = self
            .expression(text)
            .map_err(|problem| Box::from(*problem))?;
        expression
            .evaluate(scope)
            .map_err(|error| self.failure(text, error))
    }

    /// The parts of an expression with their values.
    pub fn operands(&self, text: &'c Text, scope: &Value) -> Vec<Operand<'c>> {
        self.expression(text)
            .map(|expression| expression.operands(scope))
            .unwrap_or_default()
    }

    /// The two lists or mappings that an expression found unequal, and where they stand.
    pub fn compared(&self, text: &'c Text, scope: &Value) -> Option<[(Range<usize>, Value); 2]> {
        let expression = self.expression(text).ok()?;
        expression.compared(scope)
    }

    /// Data whose texts are templates, as JSON; `None` where all of it is `omit`.
    pub fn render_json(&self, data: &'c Data, scope: &Value) -> Result<Option<Json>, Box<Failure>> {
        Ok(Some(match data {
            Data::Null(_) => Json::Null,
            Data::Bool(value) => Json::Bool(value.value),
            Data::Number(value) => Json::Number(value.value.clone()),
            Data::Text(text) => {
                let value = self.render(text, scope)?;
                if is_omit(&value) {
                    return Ok(None);
                }
                to_json(&value).map_err(|error| {
                    Box::from(Diagnostic::error("not-json", error.to_string(), text.span))
                })?
            }
            Data::List(items) => {
                let mut rendered = Vec::with_capacity(items.value.len());
                for item in &items.value {
                    rendered.extend(self.render_json(item, scope)?);
                }
                Json::Array(rendered.into())
            }
            Data::Map(entries) => {
                let mut rendered = Vec::with_capacity(entries.value.len());
                for (name, value) in &entries.value {
                    if let Some(value) = self.render_json(value, scope)? {
                        rendered.push((name.value.as_str().into(), value));
                    }
                }
                Json::from_entries(rendered)
            }
        }))
    }

    /// Data whose texts are templates, as a value; a lone expression keeps what JSON can't hold.
    pub fn render_data(&self, data: &'c Data, scope: &Value) -> Result<Value, Box<Failure>> {
        match data {
            Data::Text(text) => self.render(text, scope),
            _ => Ok(match self.render_json(data, scope)? {
                Some(document) => Value::from(document),
                None => Value::UNDEFINED,
            }),
        }
    }

    /// Calls `visit` with each name that a template uses and its bytes in the text.
    pub fn template_names(&self, text: &'c Text, visit: &mut dyn FnMut(&'c str, Range<usize>)) {
        if let Ok(template) = self.template(text) {
            template
                .uses()
                .names()
                .for_each(|one| visit(one.name, one.range));
        }
    }

    /// Calls `visit` with each name that an expression uses and its bytes in the text.
    pub fn expression_names(&self, text: &'c Text, visit: &mut dyn FnMut(&'c str, Range<usize>)) {
        if let Ok(expression) = self.expression(text) {
            expression
                .uses()
                .names()
                .for_each(|one| visit(one.name, one.range));
        }
    }

    /// Whether an expression uses one of some names.
    pub fn mentions<'n>(&self, text: &'c Text, names: impl IntoIterator<Item = &'n str>) -> bool {
        self.expression(text).is_ok_and(|expression| {
            names
                .into_iter()
                .any(|name| expression.uses().contains(name))
        })
    }

    /// The value of an expression that stands in no file, as when a person types it.
    pub fn evaluate_typed(&self, text: &str, scope: &Value) -> Result<Value, TemplateError> {
        self.engine.expression(text)?.evaluate(scope)
    }

    /// Whether an expression always has the same answer under some values, because it uses no
    /// other names and calls no functions: that answer.
    pub fn constant(&self, text: &'c Text, values: &[(&str, Value)]) -> Option<bool> {
        let expression = self.expression(text).ok()?;
        let known = |name: &str| values.iter().any(|(key, _)| *key == name);
        if !expression.uses().names().all(|one| known(one.name)) || facts::calls(&text.value) {
            return None;
        }
        let scope = Scope::new();
        for (name, value) in values {
            scope.set(name, value.clone());
        }
        expression.is_true(&scope.value()).ok()
    }

    /// Whether a name is that of a function.
    pub fn is_function(&self, name: &str) -> bool {
        self.engine.is_function(name)
    }

    /// Where a range of bytes of a text's value stands in its file.
    pub fn locate(&self, text: &Text, range: Range<usize>) -> Span {
        let source = self.sources.get(text.span.source);
        yaml::locate(source, text.span, &text.value, range)
    }

    fn failure(&self, text: &Text, error: TemplateError) -> Box<Failure> {
        let missing_name = match (&error.cause, &error.range) {
            (Cause::Name, Some(range)) => text.value.get(range.clone()).map(str::to_owned),
            _ => None,
        };
        Box::new(Failure {
            diagnostic: self.diagnose(text, error),
            missing_name,
        })
    }

    fn diagnose(&self, text: &Text, error: TemplateError) -> Diagnostic {
        let span = match error.range {
            Some(range) => self.locate(text, range),
            None => text.span,
        };
        let mut diagnostic = Diagnostic::error(error.code, error.message, span);
        diagnostic.help = error.help;
        diagnostic.fix = error.fix.map(|fix| {
            let source = self.sources.get(text.span.source);
            let written = source.text().get(text.span.range()).unwrap_or("");
            Fix {
                message: fix.message,
                span: self.locate(text, fix.span),
                replacement: yaml::written_in(written, fix.replacement),
                applicability: fix.applicability,
            }
        });
        diagnostic
    }
}

fn keep<'c, T>(
    kept: &Kept<'c, T>,
    text: &'c str,
    compile: impl FnOnce(&'c str) -> Result<T, TemplateError>,
) -> Result<Rc<T>, Box<TemplateError>> {
    if let Some(known) = kept.borrow().get(text) {
        return known.clone();
    }
    let made = compile(text).map(Rc::new).map_err(Box::new);
    kept.borrow_mut().insert(text, made.clone());
    made
}
