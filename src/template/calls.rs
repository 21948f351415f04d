//! Whether the filters, tests, functions, methods and patterns that a text names exist, and get the
//! arguments they take, found in its syntax tree before anything runs.

use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::{Call, CallArg, Expr, Filter, Spanned, Test};

use super::arguments::Arguments;
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
pub(super) enum Kind {
    Filter,
    Test,
    Function,
    Method,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
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
        self.call(Kind::Filter, filter.name, &filter.args, syntax::bytes(span))
    }

    /// Looks at a test.
    pub(super) fn test(&self, test: &Test<'_>, span: Span) -> Result<(), TemplateError> {
        let name = named(span, test.name);
        if test.name == "schema" {
            return Err(not_supported("`is schema(…)`").at(name));
        }
        self.known(Kind::Test, test.name, name)?;
        self.call(Kind::Test, test.name, &test.args, syntax::bytes(span))
    }

    /// Looks at a call of a function whose name stands at `range`.
    pub(super) fn function(
        &self,
        name: &str,
        call: &Spanned<Call<'_>>,
        range: Range<usize>,
    ) -> Result<(), TemplateError> {
        if matches!(name, "rows" | "file") {
            return Err(not_supported(&format!("`{name}()`")).at(range));
        }
        let whole = range.start..syntax::bytes(call.span()).end;
        self.known(Kind::Function, name, range)?;
        self.call(Kind::Function, name, &call.args, whole)
    }

    /// Looks at a call of a method.
    pub(super) fn method(&self, name: &str, call: &Spanned<Call<'_>>) -> Result<(), TemplateError> {
        let end = call.expr.span().end_offset as usize;
        let range = end - name.len()..end;
        let whole = range.start..syntax::bytes(call.span()).end;
        self.known(Kind::Method, name, range)?;
        self.call(Kind::Method, name, &call.args, whole)
    }

    /// Looks at what a filter, test, function or method that exists gets; `whole` are the bytes
    /// of its name and its arguments.
    fn call(
        &self,
        kind: Kind,
        name: &str,
        args: &[CallArg<'_>],
        whole: Range<usize>,
    ) -> Result<(), TemplateError> {
        let text = self.text;
        let arguments = Arguments {
            text,
            kind,
            name,
            args,
        };
        arguments.check(whole.clone())?;
        match (kind, name) {
            (Kind::Filter, "regex") | (Kind::Test, "matching") => self.regex(args.first()),
            (Kind::Filter, "jsonpath") => self.pattern(args.first(), |text| {
                self.engine.patterns().path(text).map(drop)
            }),
            (Kind::Filter, "select" | "reject") => self.by_name(Kind::Test, args, whole),
            (Kind::Filter, "selectattr" | "rejectattr") => {
                self.by_name(Kind::Test, args.get(1..).unwrap_or_default(), whole)
            }
            (Kind::Filter, "map") => self.by_name(Kind::Filter, args, whole),
            _ => Ok(()),
        }
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

    /// The test or filter that `select("matching", …)` or `map("upper")` names, which gets the
    /// arguments after its name.
    fn by_name(
        &self,
        kind: Kind,
        args: &[CallArg<'_>],
        whole: Range<usize>,
    ) -> Result<(), TemplateError> {
        let Some((name, range)) = constant(args.first()) else {
            return Ok(());
        };
        self.known(kind, &name, within_quotes(&range))?;
        self.call(kind, &name, &args[1..], whole)
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

    /// A call of a function or a method as the filter or the test that it should be, and what it
    /// replaces: `len(body.items)` as `body.items | length`. Only where the arguments are simple.
    fn turned(
        &self,
        kind: Kind,
        joint: &str,
        meant: &str,
        name: &Range<usize>,
    ) -> Option<(Range<usize>, String)> {
        let inside = self.text.get(name.end..)?.strip_prefix('(')?;
        let inside = &inside[..inside.find(')')?];
        let is_simple = |c: char| c.is_alphanumeric() || "_.-$[]*@\"' ".contains(c);
        let mut arguments: Vec<&str> = inside.split(',').map(str::trim).collect();
        if !arguments
            .iter()
            .all(|one| !one.is_empty() && one.chars().all(is_simple))
        {
            return None;
        }
        let end = name.end + inside.len() + 2;
        let (start, subject) = match kind {
            Kind::Method => self.subject(name.start)?,
            // A path or a pattern alone is meant for the body.
            _ if arguments[0].starts_with(['"', '\'']) => (name.start, "body"),
            _ => (name.start, arguments.remove(0)),
        };
        let arguments = match arguments.as_slice() {
            [] => String::new(),
            given => format!("({})", given.join(", ")),
        };
        Some((start..end, format!("{subject} {joint} {meant}{arguments}")))
    }

    /// What a method at a place is called on, if that is a name with attributes, and where it begins.
    fn subject(&self, method: usize) -> Option<(usize, &str)> {
        let before = self.text.get(..method)?.strip_suffix('.')?;
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
        let subject = &before[before.trim_end_matches(is_part).len()..];
        let is_name = subject.starts_with(|c: char| c.is_alphabetic() || c == '_');
        is_name.then(|| (before.len() - subject.len(), subject))
    }

    fn unknown(&self, kind: Kind, name: &str, range: Range<usize>) -> TemplateError {
        let message = format!("there is no {} `{name}`", kind.word());
        let error = TemplateError::new(Cause::Syntax, kind.code(), message).at(range.clone());
        let elsewhere = alias(name);
        let meant = elsewhere.filter(|meant| self.has(kind, meant));
        if let Some(meant) = meant.or_else(|| closest(name, self.names(kind).iter().copied())) {
            return error.fix(format!("did you mean `{meant}`?"), range, meant);
        }
        if kind == Kind::Method && self.text.trim_start().starts_with("pm.") {
            return error.help(POSTMAN);
        }
        let meant = elsewhere.unwrap_or(name);
        for (other, joint) in [(Kind::Filter, "|"), (Kind::Test, "is")] {
            if kind == other || !self.has(other, meant) {
                continue;
            }
            return if let Some((place, turned)) = self.turned(kind, joint, meant, &range) {
                error.fix(format!("write `{turned}`"), place, turned)
            } else {
                let word = other.word();
                error.help(format!("`{meant}` is a {word}: `value {joint} {meant}`"))
            };
        }
        if kind != Kind::Function && self.has(Kind::Function, meant) {
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

/// What to say of `pm.…` in scripts of Postman.
pub const POSTMAN: &str =
    "`pm` is of Postman's scripts: use `status`, `headers` and `body`, as in `status == 200`";

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
