//! The functions: `uuid()`, `now()`, `timestamp()`, `random_int()`, `random_string()`, `env()`.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::Error;
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use uuid::Builder;

use super::engine::{EngineOptions, Registry};
use super::error::{Cause, fail, fault};
use super::value::Value;

/// The longest text that `random_string` makes.
const LONGEST: usize = 4096;

/// What `random_string` is made of: unreserved in URLs, so that it is a PKCE verifier, too
/// (RFC 7636 §4.1).
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The names that no variable can have besides those of the response: values and words of the
/// language, what the run sets itself, and the functions, those to come included.
pub const RESERVED_NAMES: &[&str] = &[
    "and",
    "else",
    "env",
    "environment",
    "false",
    "False",
    "file",
    "if",
    "in",
    "is",
    "loop",
    "none",
    "None",
    "not",
    "now",
    "null",
    "omit",
    "or",
    "outputs",
    "random_int",
    "random_string",
    "range",
    "rows",
    "timestamp",
    "true",
    "True",
    "uuid",
];

/// Gives the functions to the engine.
pub(super) fn register(registry: &mut Registry<'_>, options: EngineOptions) {
    let chance = Arc::new(match options.seed {
        Some(seed) => Chance::Seeded(Box::new(Mutex::new(StdRng::seed_from_u64(seed)))),
        None => Chance::Secure,
    });
    let clock = Arc::new(options.now);
    let random = Arc::clone(&chance);
    registry.function("uuid", move || {
        let mut bytes = [0; 16];
        random.with(|rng| rng.fill_bytes(&mut bytes));
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    });
    let random = Arc::clone(&chance);
    registry.function("random_int", move |from: i64, to: i64| {
        if from > to {
            return Err(fail(format!("there is no integer from {from} to {to}")));
        }
        Ok(random.with(|rng| rng.random_range(from..=to)))
    });
    registry.function("random_string", move |length: usize| {
        if length > LONGEST {
            return Err(fail(format!(
                "a random string has at most {LONGEST} letters"
            )));
        }
        Ok(chance.with(|rng| letters(rng, length)))
    });
    let now = Arc::clone(&clock);
    registry.function("now", move |format: Option<&str>| formatted(now(), format));
    registry.function("timestamp", move || clock().as_second());
    let (look_up, tell) = (
        options.environment_variable,
        options.on_environment_variable,
    );
    registry.function(
        "env",
        move |name: &str, default: Option<Value>| match look_up(name) {
            Some(value) => {
                tell(name, &value);
                Ok(Value::from(value))
            }
            None => default.ok_or_else(|| unset(name)),
        },
    );
}

/// Whether a function gives another value at every call.
pub(super) fn is_random(name: &str) -> bool {
    matches!(
        name,
        "uuid" | "random_int" | "random_string" | "now" | "timestamp"
    )
}

fn unset(name: &str) -> Error {
    fault(
        format!("the environment variable `{name}` is not set"),
        "environment-variable",
        Cause::Evaluation,
        Some(format!(
            "set it, or give a default: `env(\"{name}\", \"…\")`"
        )),
    )
}

/// Where random values come from.
enum Chance {
    /// From a seed: the same in every run.
    Seeded(Box<Mutex<StdRng>>),
    /// From the system: fit for secrets.
    Secure,
}

impl Chance {
    fn with<T>(&self, draw: impl FnOnce(&mut dyn RngCore) -> T) -> T {
        match self {
            Chance::Seeded(rng) => draw(&mut *rng.lock().unwrap_or_else(PoisonError::into_inner)),
            Chance::Secure => draw(&mut rand::rng()),
        }
    }
}

fn letters(rng: &mut dyn RngCore, length: usize) -> String {
    let letter = |_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]);
    (0..length).map(letter).collect()
}

/// The time in UTC: RFC 3339 with milliseconds, or by a format as `strftime` has it.
fn formatted(now: Timestamp, format: Option<&str>) -> Result<String, Error> {
    let Some(format) = format else {
        return Ok(format!("{now:.3}"));
    };
    if format.len() > 256 {
        return Err(fail("a format of a time has at most 256 characters"));
    }
    let zoned = now.to_zoned(TimeZone::UTC);
    jiff::fmt::strtime::format(format, &zoned).map_err(|error| {
        let why = error.to_string();
        let why = why
            .strip_prefix("strftime formatting failed: ")
            .unwrap_or(&why);
        fail(format!("this is not a time format: {why}"))
    })
}
