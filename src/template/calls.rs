//! Whether the filters, tests, functions, methods and patterns that a text names exist, found in
//! its syntax tree before anything runs.

use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::{CallArg, Expr, Filter, Test};

use super::engine::Engine;
use super::error::{Cause, TemplateError};
use super::methods;
use super::syntax;
use crate::diagnostic::{closest, list};
use crate::pattern::BadPattern;

/// Looks at what a text calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calls<'e> {
    pub(super) engine: &'e Engine,
    pub(super) text: &'e str,
}

/// What can be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Filter,
    Test,
    Function,
    Method,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Filter => "filter",
            Kind::Test => "test",
            Kind::Function => "function",
            Kind::Method => "method",
        }
    }

    fn code(self) -> &'static str {
        match self {
            Kind::Filter => "unknown-filter",
            Kind::Test => "unknown-test",
            Kind::Function => "unknown-function",
            Kind::Method => "unknown-method",
        }
    }
}

impl Calls<'_> {
    /// Looks at a filter.
    pub(super) fn filter(&self, filter: &Filter<'_>, span: Span) -> Result<(), TemplateError> {
        self.known(Kind::Filter, filter.name, named(span, filter.name))?;
        match filter.name {
            "regex" => self.regex(filter.args.first()),
            "jsonpath" => self.pattern(filter.args.first(), |text| {
                self.engine.patterns().path(text).map(drop)
            }),
            "select" | "reject" => self.by_name(Kind::Test, filter.args.first()),
            "selectattr" | "rejectattr" => self.by_name(Kind::Test, filter.args.get(1)),
            "map" => self.by_name(Kind::Filter, filter.args.first()),
            _ => Ok(()),
        }
    }

    /// Looks at a test.
    pub(super) fn test(&self, test: &Test<'_>, span: Span) -> Result<(), TemplateError> {
        let name = named(span, test.name);
        if test.name == "schema" {
            return Err(not_supported("`is schema(…)`").at(name));
        }
        self.known(Kind::Test, test.name, name)?;
        match test.name {
            "matching" => self.regex(test.args.first()),
            _ => Ok(()),
        }
    }

    /// Looks at a call of a function.
    pub(super) fn function(&self, name: &str, range: Range<usize>) -> Result<(), TemplateError> {
        if matches!(name, "rows" | "file") {
            return Err(not_supported(&format!("`{name}()`")).at(range));
        }
        self.known(Kind::Function, name, range)
    }

    /// Looks at a call of a method.
    pub(super) fn method(&self, name: &str, range: Range<usize>) -> Result<(), TemplateError> {
        self.known(Kind::Method, name, range)
    }

    /// Looks at a name that is used as a value.
    pub(super) fn is_no_function(
        &self,
        name: &str,
        range: &Range<usize>,
    ) -> Result<(), TemplateError> {
        if !self.has(Kind::Function, name) {
            return Ok(());
        }
        let message = format!("`{name}` is a function and not a value");
        let error = TemplateError::new(Cause::Syntax, "function-not-called", message);
        let call = format!("{name}()");
        let error = error.at(range.clone());
        Err(error
            .fix(format!("call it: `{call}`"), range.clone(), call)
            .certain())
    }

    fn names(&self, kind: Kind) -> &[&'static str] {
        let names = self.engine.names();
        match kind {
            Kind::Filter => &names.filters,
            Kind::Test => &names.tests,
            Kind::Function => &names.functions,
            Kind::Method => methods::NAMES,
        }
    }

    fn has(&self, kind: Kind, name: &str) -> bool {
        self.names(kind).binary_search(&name).is_ok()
    }

    fn known(&self, kind: Kind, name: &str, range: Range<usize>) -> Result<(), TemplateError> {
        if self.has(kind, name) {
            Ok(())
        } else {
            Err(self.unknown(kind, name, range))
        }
    }

    /// The test or filter that `select("matching", …)` or `map("upper")` names.
    fn by_name(&self, kind: Kind, arg: Option<&CallArg<'_>>) -> Result<(), TemplateError> {
        match constant(arg) {
            Some((name, range)) => self.known(kind, &name, within_quotes(&range)),
            None => Ok(()),
        }
    }

    fn regex(&self, arg: Option<&CallArg<'_>>) -> Result<(), TemplateError> {
        self.pattern(arg, |text| self.engine.patterns().regex(text).map(drop))
    }

    /// A pattern that stands in the text; one that is worked out is checked when it is.
    fn pattern(
        &self,
        arg: Option<&CallArg<'_>>,
        compile: impl Fn(&str) -> Result<(), BadPattern>,
    ) -> Result<(), TemplateError> {
        let Some((pattern, range)) = constant(arg) else {
            return Ok(());
        };
        let Err(broken) = compile(&pattern) else {
            return Ok(());
        };
        // A place in the pattern is one in the text only if nothing in the quotes is escaped.
        let inside = within_quotes(&range);
        let place = match broken.at {
            Some(at) if self.text.get(inside.clone()) == Some(&*pattern) => {
                let start = inside.start + at.start.min(pattern.len());
                start..(inside.start + at.end.min(pattern.len())).max(start)
            }
            _ => range,
        };
        Err(
            TemplateError::new(Cause::Syntax, broken.code, broken.message)
                .at(place)
                .help(broken.help),
        )
    }

    fn unknown(&self, kind: Kind, name: &str, range: Range<usize>) -> TemplateError {
        let message = format!("there is no {} `{name}`", kind.word());
        let error = TemplateError::new(Cause::Syntax, kind.code(), message).at(range.clone());
        let elsewhere = alias(name);
        let meant = elsewhere.filter(|meant| self.has(kind, meant));
        if let Some(meant) = meant.or_else(|| closest(name, self.names(kind).iter().copied())) {
            return error.fix(format!("did you mean `{meant}`?"), range, meant);
        }
        let meant = elsewhere.unwrap_or(name);
        if kind != Kind::Filter && self.has(Kind::Filter, meant) {
            error.help(format!("`{meant}` is a filter: `value | {meant}`"))
        } else if kind != Kind::Test && self.has(Kind::Test, meant) {
            error.help(format!("`{meant}` is a test: `value is {meant}`"))
        } else if kind != Kind::Function && self.has(Kind::Function, meant) {
            error.help(format!("`{meant}` is a function: `{meant}()`"))
        } else {
            error.help(match kind {
                Kind::Test | Kind::Function => {
                    let known = list(self.names(kind).iter().copied());
                    format!("the {}s are {known}", kind.word())
                }
                Kind::Filter => "there are `length`, `first`, `last`, `map`, `join`, `default`, `tojson`, `jsonpath` and more: see the format's page".to_owned(),
                Kind::Method => "values have few methods: most is done by filters, as in `value | upper`".to_owned(),
            })
        }
    }
}

/// What people call things elsewhere.
fn alias(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "len" | "size" => "length",
        "contains" | "includes" => "containing",
        "startswith" | "starts_with" => "startingwith",
        "endswith" | "ends_with" => "endingwith",
        "matches" | "match" | "regex" => "matching",
        "b64encode" | "base64_encode" | "base64encode" => "base64",
        "b64decode" | "base64decode" => "base64_decode",
        "json" | "to_json" | "stringify" => "tojson",
        "parse_json" | "from_json" => "fromjson",
        "url_encode" | "encodeuricomponent" => "urlencode",
        "url_decode" | "decodeuricomponent" => "urldecode",
        "object" | "dict" | "map" => "mapping",
        "array" | "list" | "collection" => "sequence",
        "null" | "nil" => "none",
        "bool" => "boolean",
        "str" | "text" | "tostring" => "string",
        "datetime" | "iso8601" | "isodate" => "rfc3339",
        "exists" => "defined",
        "tolowercase" | "downcase" => "lower",
        "touppercase" | "upcase" => "upper",
        "parseint" | "number" => "int",
        _ => return None,
    })
}

/// Something that a later version will have.
fn not_supported(what: &str) -> TemplateError {
    TemplateError::new(
        Cause::Syntax,
        "not-supported",
        format!("{what} is not supported yet"),
    )
}

/// A text that stands as an argument, and its bytes with the quotes.
fn constant(arg: Option<&CallArg<'_>>) -> Option<(String, Range<usize>)> {
    let Some(CallArg::Pos(Expr::Const(constant))) = arg else {
        return None;
    };
    Some((
        constant.value.as_str()?.to_owned(),
        syntax::bytes(constant.span()),
    ))
}

/// The bytes of the name that a filter's or a test's own place begins with.
fn named(place: Span, name: &str) -> Range<usize> {
    let start = place.start_offset as usize;
    start..start + name.len()
}

/// The bytes between the quotes of a text.
fn within_quotes(range: &Range<usize>) -> Range<usize> {
    let start = range.start + 1;
    start..range.end.saturating_sub(1).max(start)
}
