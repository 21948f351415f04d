//! The template engine: minijinja, set up. The only file that names its `Environment`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use minijinja::functions::Function;
use minijinja::machinery::{Instructions, eval, make_string_output};
use minijinja::value::{FunctionArgs, FunctionResult};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior};

use super::compiled::{Expression, Template};
use super::error::{TemplateError, fail};
use super::patterns::Patterns;
use super::value::{self, Value};
use super::{filters, functions, is_tests, methods, operators, print};

/// How much one evaluation may do: about so many instructions, or 64 times as many bytes.
///
/// A text body of the largest size that is taken, 32 MiB, can be gone through a few times.
const FUEL: u64 = 2_000_000;

/// Looks up a value by its name.
pub type LookUp = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Is told a name and a value.
pub type Tell = Box<dyn Fn(&str, &str) + Send + Sync>;

/// Tells the time.
pub type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// What the engine needs from outside, and what it tells.
pub struct EngineOptions {
    /// Looks up an environment variable, for `env(name)`.
    pub environment_variable: LookUp,
    /// Is told the name and the value of every environment variable that was used, so that a
    /// secret one can be masked.
    pub on_environment_variable: Tell,
    /// The clock, for `now()` and `timestamp()`.
    pub now: Clock,
    /// Makes `uuid()`, `random_int()` and `random_string()` give the same values in every run;
    /// without it they are fit for secrets.
    pub seed: Option<u64>,
}

impl fmt::Debug for EngineOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineOptions")
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

/// Compiles and evaluates templates and expressions.
#[derive(Debug)]
pub struct Engine {
    environment: Environment<'static>,
    names: Names,
    patterns: Arc<Patterns>,
    /// How many programs are kept, see [`Engine::may_keep`].
    kept: AtomicUsize,
}

/// What an expression can call, sorted.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) filters: Vec<&'static str>,
    pub(super) tests: Vec<&'static str>,
    pub(super) functions: Vec<&'static str>,
}

impl Engine {
    /// An engine with all filters, functions and tests.
    pub fn new(options: EngineOptions) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_fuel(Some(FUEL));
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_formatter(format);
        environment.set_unknown_method_callback(methods::call);
        let mut registry = Registry {
            environment: &mut environment,
            names: Names::default(),
        };
        registry.keep_builtins();
        operators::register(&mut registry);
        let patterns = Arc::new(Patterns::default());
        filters::register(&mut registry, &patterns);
        is_tests::register(&mut registry, &patterns);
        functions::register(&mut registry, options);
        let mut names = registry.names;
        names.filters.sort_unstable();
        names.tests.sort_unstable();
        names.functions.sort_unstable();
        environment.add_global("omit", value::omit());
        environment.add_global("null", ());
        Self {
            environment,
            names,
            patterns,
            kept: AtomicUsize::new(0),
        }
    }

    /// Compiles a text that may hold `{{ }}` marks.
    pub fn template<'e>(&'e self, text: &'e str) -> Result<Template<'e>, TemplateError> {
        Template::new(self, text)
    }

    /// Compiles an expression, which stands without `{{ }}`.
    pub fn expression<'e>(&'e self, text: &'e str) -> Result<Expression<'e>, TemplateError> {
        Expression::new(self, text)
    }

    /// Whether a name is that of a function.
    pub fn is_function(&self, name: &str) -> bool {
        self.names.functions.binary_search(&name).is_ok()
    }

    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    pub(super) fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// Runs a compiled expression or template; a template prints into `out`.
    pub(super) fn run<'a>(
        &'a self,
        program: &Instructions<'a>,
        scope: &Value,
        out: &mut String,
    ) -> Result<Value, Error> {
        let blocks = BTreeMap::new();
        let result = eval(
            &self.environment,
            program,
            scope.clone(),
            &blocks,
            &mut make_string_output(out),
            AutoEscape::None,
        );
        result.map(|(value, _)| value.unwrap_or_default())
    }

    /// Whether one more program may be kept for the next time. A program takes 13 kB, and a file
    /// of 20,000 steps can hold as many different texts, each needed once.
    pub(super) fn may_keep(&self) -> bool {
        const MOST: usize = 128;
        self.kept.fetch_add(1, Ordering::Relaxed) < MOST
    }
}

/// Prints a value the way JSON prints it.
fn format(out: &mut Output, _state: &mut State, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if value.kind() == minijinja::value::ValueKind::String => {
            out.write_str(text).map_err(Error::from)
        }
        _ => {
            let text = print::text(value).map_err(|error| fail(error.0))?;
            out.write_str(&text).map_err(Error::from)
        }
    }
}

/// Takes the filters, tests and functions of the other files.
pub(super) struct Registry<'r> {
    environment: &'r mut Environment<'static>,
    names: Names,
}

/// Which of minijinja's own filters stay. The others print as Python does, or are for HTML.
const BUILTIN_FILTERS: &[&str] = &[
    "abs",
    "attr",
    "batch",
    "bool",
    "capitalize",
    "chain",
    "count",
    "d",
    "default",
    "dictsort",
    "first",
    "float",
    "groupby",
    "indent",
    "int",
    "items",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "replace",
    "reverse",
    "round",
    "select",
    "slice",
    "sort",
    "sum",
    "title",
    "trim",
    "unique",
    "upper",
    "zip",
];

/// Which of minijinja's own functions stay.
const BUILTIN_FUNCTIONS: &[&str] = &["range"];

impl Registry<'_> {
    /// Keeps what is useful of minijinja's own filters, tests and functions. What isn't named
    /// here can't be named in an expression.
    fn keep_builtins(&mut self) {
        self.names.filters.extend(BUILTIN_FILTERS);
        self.names.functions.extend(BUILTIN_FUNCTIONS);
        self.names.tests.extend(["defined", "undefined"]);
        for name in ["debug", "dict", "namespace"] {
            self.environment.remove_global(name);
        }
    }

    /// Adds an operator: a filter that no expression can name.
    pub(super) fn operator<F, R, A>(&mut self, name: &'static str, function: F)
    where
        F: Function<R, A>,
        R: FunctionResult,
        A: for<'a> FunctionArgs<'a>,
    {
        self.environment.add_filter(name, function);
    }

    /// Adds a filter.
    pub(super) fn filter<F, R, A>(&mut self, name: &'static str, function: F)
    where
        F: Function<R, A>,
        R: FunctionResult,
        A: for<'a> FunctionArgs<'a>,
    {
        self.environment.add_filter(name, function);
        self.names.filters.push(name);
    }

    /// Adds a test.
    pub(super) fn test<F, R, A>(&mut self, name: &'static str, function: F)
    where
        F: Function<R, A>,
        R: FunctionResult,
        A: for<'a> FunctionArgs<'a>,
    {
        self.environment.add_test(name, function);
        self.names.tests.push(name);
    }

    /// Adds a function.
    pub(super) fn function<F, R, A>(&mut self, name: &'static str, function: F)
    where
        F: Function<R, A>,
        R: FunctionResult,
        A: for<'a> FunctionArgs<'a>,
    {
        self.environment.add_function(name, function);
        self.names.functions.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::super::functions::RESERVED_NAMES;
    use super::*;

    #[test]
    fn every_name_that_can_be_called_is_the_engines_own_and_no_variables() {
        let engine = Engine::new(EngineOptions {
            environment_variable: Box::new(|_| None),
            on_environment_variable: Box::new(|_, _| {}),
            now: Box::new(|| Timestamp::UNIX_EPOCH),
            seed: None,
        });
        let mut state = engine.environment.empty_state();
        for name in &engine.names.filters {
            let error = state
                .apply_filter(name, &[])
                .err()
                .map(|error| error.kind());
            assert_ne!(error, Some(minijinja::ErrorKind::UnknownFilter), "{name}");
        }
        for name in &engine.names.tests {
            let error = state
                .perform_test(name, &[])
                .err()
                .map(|error| error.kind());
            assert_ne!(error, Some(minijinja::ErrorKind::UnknownTest), "{name}");
        }
        let globals: Vec<&str> = engine.environment.globals().map(|(name, _)| name).collect();
        for name in globals {
            assert!(RESERVED_NAMES.contains(&name), "{name}");
        }
        for names in [
            &engine.names.filters,
            &engine.names.tests,
            &engine.names.functions,
        ] {
            assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        }
        assert!(methods::NAMES.is_sorted_by(|a, b| a < b));
    }
}
