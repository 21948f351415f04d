//! Whether a call gets the arguments that it takes: their count, their names, and the kinds of
//! those that are literals.

use std::ops::Range;

use minijinja::machinery::ast::{CallArg, Expr};
use minijinja::value::ValueKind;

use super::calls::Kind;
use super::error::{Cause, TemplateError};
use super::operators::kind_name;
use super::signatures::{self, Signature, Takes};
use super::syntax;
use super::value::Value;
use crate::diagnostic::{closest, list};

/// A call of something that exists.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arguments<'a, 'e> {
    pub(super) text: &'a str,
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    /// What stands in the parentheses.
    pub(super) args: &'a [CallArg<'e>],
}

impl Arguments<'_, '_> {
    /// Looks at the arguments of a call whose bytes are `place`.
    pub(super) fn check(&self, place: Range<usize>) -> Result<(), TemplateError> {
        let Some(signature) = self.signature() else {
            return Ok(());
        };
        // What `*` brings is known when the call is made.
        let is_spread =
            |arg: &CallArg<'_>| matches!(arg, CallArg::PosSplat(_) | CallArg::KwargSplat(_));
        if self.args.iter().any(is_spread) {
            return Ok(());
        }
        // Behind the name of a test or filter stands what is that one's.
        let is_passed_on = |at: usize| at < self.positional().count();
        if !signature.passes_on.is_some_and(is_passed_on) {
            self.names(signature)?;
        }
        self.count(signature, place)?;
        self.kinds(signature)
    }

    fn signature(&self) -> Option<&'static Signature> {
        if (self.kind, self.name) == (Kind::Filter, "map") && self.positional().count() == 0 {
            return Some(&signatures::MAP_BY_ATTRIBUTE);
        }
        signatures::of(self.kind, self.name)
    }

    fn positional(&self) -> impl Iterator<Item = &Expr<'_>> {
        self.args.iter().filter_map(|arg| match arg {
            CallArg::Pos(expr) => Some(expr),
            _ => None,
        })
    }

    fn named(&self) -> impl Iterator<Item = (&str, &Expr<'_>)> {
        self.args.iter().filter_map(|arg| match arg {
            CallArg::Kwarg(name, expr) => Some((*name, expr)),
            _ => None,
        })
    }

    /// The arguments that are given by name have one that exists, and are not given twice.
    fn names(&self, signature: &Signature) -> Result<(), TemplateError> {
        let by_position = self.positional().count();
        for (name, value) in self.named() {
            let mut parameters = signature.parameters.iter().enumerate();
            let range = self.range_of_name(name, value);
            let Some((at, known)) = parameters.find(|(_, one)| one.name == Some(name)) else {
                return Err(self.unknown_name(signature, name, range));
            };
            if known.by_position && at < by_position {
                let message = format!("`{name}` is given to `{}` twice", self.name);
                return Err(wrong(message, range).help("remove one of them"));
            }
        }
        Ok(())
    }

    /// The bytes of the name before `=` and a value.
    fn range_of_name(&self, name: &str, value: &Expr<'_>) -> Range<usize> {
        let end = syntax::range(self.text, value).start;
        let start = self.text[..end].rfind(name).unwrap_or(end);
        start..(start + name.len()).min(end)
    }

    fn unknown_name(
        &self,
        signature: &Signature,
        name: &str,
        range: Range<usize>,
    ) -> TemplateError {
        let message = format!("`{}` has no argument `{name}`", self.name);
        let error = wrong(message, range.clone());
        let known: Vec<&str> = signature
            .parameters
            .iter()
            .filter_map(|one| one.name)
            .collect();
        if known.is_empty() {
            return error.help(self.usage(signature));
        }
        let help = format!("by name it takes {}", list(known.iter().copied()));
        match closest(name, known) {
            Some(meant) => error.fix(format!("did you mean `{meant}`?"), range, meant),
            None => error,
        }
        .help(help)
    }

    /// As many arguments as it takes.
    fn count(&self, signature: &Signature, place: Range<usize>) -> Result<(), TemplateError> {
        let parameters = signature.parameters;
        let by_position = parameters.iter().filter(|one| one.by_position).count();
        let positional = self.positional().count();
        let is_given = |at: usize| {
            let name = parameters[at].name;
            at < positional || self.named().any(|(named, _)| Some(named) == name)
        };
        let is_complete =
            (0..parameters.len()).all(|at| !parameters[at].is_required || is_given(at));
        if is_complete && (signature.is_open || positional <= by_position) {
            return Ok(());
        }
        let message = if is_complete && by_position == 0 && !parameters.is_empty() {
            format!("`{}` takes its arguments by name", self.name)
        } else {
            let found = match self.args.len() {
                0 => "none".to_owned(),
                count => count.to_string(),
            };
            format!("`{}` takes {}, found {found}", self.name, taken(signature))
        };
        let error = wrong(message, place).help(self.usage(signature));
        let names = parameters.iter().filter_map(|one| one.name);
        let names: Vec<&str> = names.filter(|_| by_position == 0).collect();
        Err(match names[..] {
            [] | [_] => error,
            _ => error.help(format!("by name it takes {}", list(names))),
        })
    }

    /// No literal of a kind that it never takes.
    fn kinds(&self, signature: &Signature) -> Result<(), TemplateError> {
        let parameters = signature.parameters;
        let positional = self.positional().zip(parameters);
        let named = self.named().filter_map(|(name, value)| {
            let parameter = parameters.iter().find(|one| one.name == Some(name))?;
            Some((value, parameter))
        });
        for (value, parameter) in positional.chain(named) {
            let Some(found) = refused(value, parameter.takes, parameter.is_required) else {
                continue;
            };
            let message = format!(
                "expected {} in `{}(…)`, found {found}",
                parameter.takes.words(),
                self.name
            );
            let range = syntax::range(self.text, value);
            return Err(wrong(message, range).help(self.usage(signature)));
        }
        Ok(())
    }

    /// How it is written.
    fn usage(&self, signature: &Signature) -> String {
        format!(
            "write it as in `{}`",
            usage(self.kind, self.name, signature)
        )
    }
}

fn wrong(message: String, range: Range<usize>) -> TemplateError {
    TemplateError::new(Cause::Syntax, "wrong-arguments", message).at(range)
}

/// An example of a call.
fn usage(kind: Kind, name: &str, signature: &Signature) -> String {
    let example = signature.example;
    match kind {
        Kind::Filter => format!("value | {name}{example}"),
        Kind::Test => format!("value is {name}{example}"),
        Kind::Function if example.is_empty() => format!("{name}()"),
        Kind::Function => format!("{name}{example}"),
        Kind::Method if example.is_empty() => format!("value.{name}()"),
        Kind::Method => format!("value.{name}{example}"),
    }
}

/// How many arguments there can be, in words.
fn taken(signature: &Signature) -> String {
    let parameters = signature.parameters;
    let least = parameters.iter().filter(|one| one.is_required).count();
    let most = parameters.iter().filter(|one| one.by_position).count();
    let most = if most == 0 { parameters.len() } else { most };
    let arguments = |count: usize| if count == 1 { "argument" } else { "arguments" };
    match (least, most) {
        _ if signature.is_open => format!("at least {least} {}", arguments(least)),
        (0, 0) => "no arguments".to_owned(),
        (least, most) if least == most => format!("{least} {}", arguments(least)),
        (0, most) => format!("at most {most} {}", arguments(most)),
        (least, most) if least + 1 == most => format!("{least} or {most} arguments"),
        (least, most) => format!("{least} to {most} arguments"),
    }
}

impl Takes {
    fn words(self) -> &'static str {
        match self {
            Takes::Any => "a value",
            Takes::Text => "a string",
            Takes::Int => "an integer",
            Takes::Count => "an integer from 0 up",
            Takes::Flag => "`true` or `false`",
        }
    }

    fn accepts(self, value: &Value) -> bool {
        let is_boolean = value.kind() == ValueKind::Bool;
        match self {
            Takes::Any => true,
            Takes::Text => value.kind() == ValueKind::String,
            Takes::Int => is_boolean || i64::try_from(value.clone()).is_ok(),
            Takes::Count => is_boolean || usize::try_from(value.clone()).is_ok(),
            Takes::Flag => is_boolean,
        }
    }
}

/// What a literal is, if it is certainly none that is taken.
fn refused(expr: &Expr<'_>, takes: Takes, is_required: bool) -> Option<String> {
    if takes == Takes::Any {
        return None;
    }
    let value = match expr {
        Expr::List(_) | Expr::Tuple(_) => return Some("a list".to_owned()),
        Expr::Map(_) => return Some("an object".to_owned()),
        literal => literal.as_const()?,
    };
    if takes.accepts(&value) || value.is_none() && !is_required {
        return None;
    }
    Some(match value.kind() {
        ValueKind::Number => format!("`{value}`"),
        _ => kind_name(&value).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use minijinja::ErrorKind;

    use super::super::engine::{Engine, EngineOptions};
    use super::super::scope::Scope;
    use super::super::signatures::Parameter;
    use super::super::{lower, methods};
    use super::*;
    use crate::kinds;

    fn engine() -> Engine {
        Engine::new(EngineOptions {
            environment_variable: Box::new(|_| None),
            on_environment_variable: Box::new(|_, _| {}),
            now: Box::new(|| Timestamp::UNIX_EPOCH),
            seed: Some(1),
        })
    }

    /// Everything that can be called.
    fn all(engine: &Engine) -> Vec<(Kind, &'static str)> {
        let names = engine.names();
        let kinds = [
            (Kind::Filter, names.filters.as_slice()),
            (Kind::Test, &names.tests),
            (Kind::Function, &names.functions),
            (Kind::Method, methods::NAMES),
        ];
        let pairs = |(kind, names): (Kind, &[&'static str])| {
            names
                .iter()
                .map(move |name| (kind, *name))
                .collect::<Vec<_>>()
        };
        kinds.into_iter().flat_map(pairs).collect()
    }

    /// A call with arguments; some tests can only be called by `select`.
    fn call(kind: Kind, name: &str, args: &[String]) -> String {
        let inside = args.join(", ");
        match kind {
            Kind::Filter => format!("value | {name}({inside})"),
            Kind::Test if name.chars().all(char::is_alphanumeric) => {
                format!("value is {name}({inside})")
            }
            Kind::Test => {
                let separator = if args.is_empty() { "" } else { ", " };
                format!("[value] | select(\"{name}\"{separator}{inside})")
            }
            Kind::Function => format!("{name}({inside})"),
            Kind::Method => format!("value.{name}({inside})"),
        }
    }

    fn sample(takes: Takes) -> Value {
        match takes {
            Takes::Any | Takes::Text => Value::from("upper"),
            Takes::Int | Takes::Count => Value::from(2),
            Takes::Flag => Value::from(true),
        }
    }

    /// What the engine says of a call that nobody checked, for several kinds of value.
    fn run(engine: &Engine, text: &str, args: &[(String, Value)]) -> Vec<Result<(), ErrorKind>> {
        let values = [
            Value::from("text"),
            Value::from(5),
            Value::from(vec!["a", "b"]),
            Value::from_iter([("a", 1)]),
        ];
        let expr = syntax::expression(text).expect("the call is written well");
        let run = |value: Value| {
            let scope = Scope::new();
            scope.set("value", value);
            for (name, value) in args {
                scope.set(name, value.clone());
            }
            let program = lower::expression(text, &expr);
            let result = engine.run(&program, &scope.value(), &mut String::new());
            match result.map_err(|error| (error.kind(), error.detail().unwrap_or("").to_owned())) {
                Ok(_) => Some(Ok(())),
                Err((_, detail)) if detail.contains("has no method") => None,
                Err((_, detail)) if detail == "filter name is required" => {
                    Some(Err(ErrorKind::MissingArgument))
                }
                Err((kind, _)) => Some(Err(kind)),
            }
        };
        values.into_iter().filter_map(run).collect()
    }

    fn refuses_count(result: Result<(), ErrorKind>) -> bool {
        matches!(
            result,
            Err(ErrorKind::MissingArgument | ErrorKind::TooManyArguments)
        )
    }

    /// Names for arguments, and values of the kinds that a signature asks for.
    fn arguments(signature: &Signature, count: usize) -> Vec<(String, Value)> {
        let takes = |at: usize| {
            signature
                .parameters
                .get(at)
                .map_or(Takes::Any, |one| one.takes)
        };
        (0..count)
            .map(|at| (format!("a{at}"), sample(takes(at))))
            .collect()
    }

    #[test]
    fn everything_that_can_be_called_has_a_signature_whose_example_is_right() {
        let engine = engine();
        for (kind, name) in all(&engine) {
            let signature = signatures::of(kind, name);
            let signature = signature.unwrap_or_else(|| panic!("{kind:?} {name}"));
            let usage = usage(kind, name, signature);
            if kind == Kind::Test && !name.chars().all(char::is_alphanumeric) {
                continue;
            }
            assert!(engine.expression(&usage).is_ok(), "{usage}");
        }
    }

    #[test]
    fn no_signature_is_of_something_that_is_gone() {
        let engine = engine();
        let mut known: Vec<(Kind, &str)> = all(&engine);
        known.retain(|(kind, name)| *kind != Kind::Test || !kinds::WORDS.contains(name));
        let mut listed = signatures::names();
        let key = |pair: &(Kind, &'static str)| (pair.0.word(), pair.1);
        known.sort_by_key(key);
        listed.sort_by_key(key);
        assert_eq!(listed, known);
    }

    #[test]
    fn the_check_refuses_the_counts_that_the_engine_refuses_and_no_others() {
        let engine = engine();
        for (kind, name) in all(&engine) {
            let signature = signatures::of(kind, name).expect("everything has one");
            for count in 0..=6 {
                let args = arguments(signature, count);
                let names: Vec<String> = args.iter().map(|(name, _)| name.clone()).collect();
                let text = call(kind, name, &names);
                // What is named counts the others, which only a literal tells the check.
                let is_passed_on = signature.passes_on.is_some_and(|at| count > at + 1);
                // `all` is a method of the headers alone.
                if is_passed_on || (kind, name) == (Kind::Method, "all") {
                    continue;
                }
                let checked = engine.expression(&text).err();
                let refused = checked.as_ref().map(|error| error.code);
                assert!(
                    matches!(refused, None | Some("wrong-arguments")),
                    "{text}: {refused:?}"
                );
                for result in run(&engine, &text, &args) {
                    let is_refused = refuses_count(result);
                    assert_eq!(
                        refused.is_some(),
                        is_refused,
                        "{text}: {checked:?}, {result:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_check_refuses_the_names_of_arguments_that_the_engine_refuses_and_no_others() {
        let engine = engine();
        let mut keywords = vec!["nope"];
        for (kind, name) in all(&engine) {
            let signature = signatures::of(kind, name).expect("everything has one");
            keywords.extend(signature.parameters.iter().filter_map(|one| one.name));
        }
        keywords.sort_unstable();
        keywords.dedup();
        for (kind, name) in all(&engine) {
            let signature = signatures::of(kind, name).expect("everything has one");
            let is_needed = |one: &&Parameter| one.is_required && one.name.is_none();
            let needed = signature.parameters.iter().filter(is_needed).count();
            for keyword in &keywords {
                let mut args = arguments(signature, needed);
                let named = signature
                    .parameters
                    .iter()
                    .find(|one| one.name == Some(keyword));
                args.push((
                    "k".to_owned(),
                    sample(named.map_or(Takes::Any, |one| one.takes)),
                ));
                let written = args.iter().map(|(name, _)| match &**name {
                    "k" => format!("{keyword}=k"),
                    name => name.to_owned(),
                });
                let text = call(kind, name, &written.collect::<Vec<_>>());
                if (kind, name) == (Kind::Filter, "map") || (kind, name) == (Kind::Method, "all") {
                    continue;
                }
                let is_refused = engine.expression(&text).is_err();
                let results = run(&engine, &text, &args);
                if is_refused {
                    assert!(results.iter().all(Result::is_err), "{text}: {results:?}");
                } else {
                    assert!(
                        !results.iter().copied().any(refuses_count),
                        "{text}: {results:?}"
                    );
                }
            }
        }
    }
}
