//! What everything that can be called takes: one table, which a test holds against the engine.

use Takes::{Any, Count, Flag, Int, Text};

use super::calls::Kind;
use crate::kinds;

/// What can stand in the parentheses of a call.
#[derive(Debug)]
pub(super) struct Signature {
    /// The arguments, those that are given by position first.
    pub(super) parameters: &'static [Parameter],
    /// Whether any number of further arguments may follow.
    pub(super) is_open: bool,
    /// Which argument names the test or filter that the further ones are for.
    pub(super) passes_on: Option<usize>,
    /// An example with its parentheses.
    pub(super) example: &'static str,
}

/// One argument of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter {
    /// The name it can be given by.
    pub(super) name: Option<&'static str>,
    pub(super) takes: Takes,
    pub(super) is_required: bool,
    pub(super) by_position: bool,
}

/// What an argument has to be, as far as a literal can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Any,
    Text,
    /// An integer; `true`, `false` and `2.0` pass for one.
    Int,
    /// The same, and not negative.
    Count,
    Flag,
}

/// What a name takes; `None` if there is no such name.
pub(super) fn of(kind: Kind, name: &str) -> Option<&'static Signature> {
    let table = match kind {
        Kind::Filter => FILTERS,
        Kind::Test if kinds::WORDS.contains(&name) => return Some(&KIND),
        Kind::Test => TESTS,
        Kind::Function => FUNCTIONS,
        Kind::Method => METHODS,
    };
    let at = table.binary_search_by(|(known, _)| (*known).cmp(name));
    Some(&table[at.ok()?].1)
}

/// Everything in the tables.
#[cfg(test)]
pub(super) fn names() -> Vec<(Kind, &'static str)> {
    let tables = [
        (Kind::Filter, FILTERS),
        (Kind::Test, TESTS),
        (Kind::Function, FUNCTIONS),
        (Kind::Method, METHODS),
    ];
    let pairs = |(kind, table): (Kind, Table)| table.iter().map(move |(name, _)| (kind, *name));
    tables.into_iter().flat_map(pairs).collect()
}

const fn takes(parameters: &'static [Parameter], example: &'static str) -> Signature {
    Signature {
        parameters,
        is_open: false,
        passes_on: None,
        example,
    }
}

/// The same, and any number of further arguments.
const fn open(parameters: &'static [Parameter], example: &'static str) -> Signature {
    Signature {
        is_open: true,
        ..takes(parameters, example)
    }
}

/// The same, where the argument at a place names what the further ones are for.
const fn passing_on(
    at: usize,
    parameters: &'static [Parameter],
    example: &'static str,
) -> Signature {
    Signature {
        passes_on: Some(at),
        ..open(parameters, example)
    }
}

/// An argument that must be given, by position.
const fn needed(takes: Takes) -> Parameter {
    Parameter {
        name: None,
        takes,
        is_required: true,
        by_position: true,
    }
}

/// One that may be left out.
const fn optional(takes: Takes) -> Parameter {
    Parameter {
        is_required: false,
        ..needed(takes)
    }
}

/// One that may be left out, or given by position or by name.
const fn either(name: &'static str, takes: Takes) -> Parameter {
    Parameter {
        name: Some(name),
        ..optional(takes)
    }
}

/// One that may be left out and is given by name only.
const fn named(name: &'static str, takes: Takes) -> Parameter {
    Parameter {
        by_position: false,
        ..either(name, takes)
    }
}

const fn required(parameter: Parameter) -> Parameter {
    Parameter {
        is_required: true,
        ..parameter
    }
}

static KIND: Signature = NOTHING;

const NOTHING: Signature = takes(&[], "");
const A_NUMBER: Signature = takes(&[needed(Any)], "(5)");
const A_STRING: Signature = takes(&[needed(Any)], "(\"a\")");
const A_LIST: Signature = takes(&[needed(Any)], "([1, 2])");
const LISTS: Signature = open(&[], "([1, 2])");
const CHUNKS: Signature = takes(&[needed(Count), optional(Any)], "(3)");
const DEFAULT: Signature = takes(&[optional(Any), optional(Any)], r#"("none")"#);
const EXTREME: Signature = takes(
    &[named("attribute", Text), named("case_sensitive", Flag)],
    r#"(attribute="id")"#,
);
const PART: Signature = takes(&[needed(Text)], r#"("a")"#);
const REPLACE: Signature = takes(
    &[needed(Any), needed(Any), either("count", Int)],
    r#"("a", "b")"#,
);
const SPLIT: Signature = takes(&[optional(Text), optional(Int)], r#"(",")"#);
const STRIP: Signature = takes(&[optional(Text)], r#"("/")"#);
const BY_TEST: Signature = passing_on(0, &[optional(Any)], r#"("matching", "^a")"#);
const BY_ATTRIBUTE: Signature = passing_on(
    1,
    &[needed(Text), optional(Text)],
    r#"("type", "equalto", "message")"#,
);

/// What `map` takes if it names no filter.
pub(super) static MAP_BY_ATTRIBUTE: Signature = takes(
    &[required(named("attribute", Any)), named("default", Any)],
    r#"(attribute="id")"#,
);

/// Names and what they take, sorted. They are not formatted so that each stays on a line.
type Table = &'static [(&'static str, Signature)];

#[rustfmt::skip]
static FILTERS: Table = &[
    ("abs", NOTHING),
    ("attr", takes(&[needed(Any)], r#"("id")"#)),
    ("base64", NOTHING),
    ("base64_decode", NOTHING),
    ("base64url", NOTHING),
    ("batch", CHUNKS),
    ("bool", NOTHING),
    ("capitalize", NOTHING),
    ("chain", LISTS),
    ("count", NOTHING),
    ("d", DEFAULT),
    ("default", DEFAULT),
    ("dictsort", takes(&[named("by", Text), named("case_sensitive", Flag), named("reverse", Flag)], r#"(by="value")"#)),
    ("first", NOTHING),
    ("float", takes(&[either("default", Any)], "(default=0)")),
    ("format", open(&[], r#"(1, "a")"#)),
    ("fromjson", NOTHING),
    ("groupby", takes(&[required(either("attribute", Text)), named("default", Any), named("case_sensitive", Flag)], r#"("type")"#)),
    ("hmac_sha256", takes(&[needed(Any)], "(key)")),
    ("indent", takes(&[either("width", Count), either("first", Flag), either("blank", Flag)], "(2, first=true)")),
    ("int", takes(&[either("default", Any), either("base", Count)], "(default=0)")),
    ("items", NOTHING),
    ("join", takes(&[either("d", Text), named("attribute", Text)], r#"(", ")"#)),
    ("jsonpath", takes(&[needed(Text)], r#"("$.items[*].id")"#)),
    ("last", NOTHING),
    ("length", NOTHING),
    ("lines", NOTHING),
    ("list", NOTHING),
    ("lower", NOTHING),
    ("map", passing_on(0, &[needed(Text)], r#"("upper")"#)),
    ("max", EXTREME),
    ("min", EXTREME),
    ("regex", takes(&[needed(Text)], r#"("id=([0-9]+)")"#)),
    ("reject", BY_TEST),
    ("rejectattr", BY_ATTRIBUTE),
    ("replace", REPLACE),
    ("reverse", NOTHING),
    ("round", takes(&[either("precision", Int), either("method", Text)], "(2)")),
    ("select", BY_TEST),
    ("selectattr", BY_ATTRIBUTE),
    ("sha256", NOTHING),
    ("slice", CHUNKS),
    ("sort", takes(&[named("attribute", Text), named("case_sensitive", Flag), named("reverse", Flag)], r#"(attribute="id")"#)),
    ("split", SPLIT),
    ("string", NOTHING),
    ("sum", takes(&[either("attribute", Text), either("start", Any)], r#"("price")"#)),
    ("title", NOTHING),
    ("tojson", takes(&[named("indent", Any)], "(indent=true)")),
    ("trim", takes(&[optional(Any)], r#"("/")"#)),
    ("unique", EXTREME),
    ("upper", NOTHING),
    ("urldecode", NOTHING),
    ("urlencode", NOTHING),
    ("zip", LISTS),
];

/// The tests besides those that name a kind of value.
#[rustfmt::skip]
static TESTS: Table = &[
    ("!=", A_STRING),
    ("<", A_NUMBER),
    ("<=", A_NUMBER),
    ("==", A_STRING),
    (">", A_NUMBER),
    (">=", A_NUMBER),
    ("containing", A_STRING),
    ("defined", NOTHING),
    ("divisibleby", A_NUMBER),
    ("empty", NOTHING),
    ("endingwith", A_STRING),
    ("eq", A_STRING),
    ("equalto", A_STRING),
    ("even", NOTHING),
    ("false", NOTHING),
    ("float", NOTHING),
    ("ge", A_NUMBER),
    ("greaterthan", A_NUMBER),
    ("gt", A_NUMBER),
    ("in", A_LIST),
    ("int", NOTHING),
    ("iterable", NOTHING),
    ("le", A_NUMBER),
    ("lessthan", A_NUMBER),
    ("like", takes(&[needed(Any)], r#"({"type": "message"})"#)),
    ("lower", NOTHING),
    ("lt", A_NUMBER),
    ("mapping", NOTHING),
    ("matching", takes(&[needed(Text)], r#"("^[a-z]+$")"#)),
    ("ne", A_STRING),
    ("none", NOTHING),
    ("odd", NOTHING),
    ("sequence", NOTHING),
    ("startingwith", A_STRING),
    ("true", NOTHING),
    ("undefined", NOTHING),
    ("upper", NOTHING),
];

#[rustfmt::skip]
static FUNCTIONS: Table = &[
    ("env", takes(&[needed(Text), optional(Any)], r#"("HOME")"#)),
    ("now", takes(&[optional(Text)], r#"("%Y-%m-%d")"#)),
    ("random_int", takes(&[needed(Int), needed(Int)], "(1, 6)")),
    ("random_string", takes(&[needed(Count)], "(12)")),
    ("range", takes(&[needed(Int), optional(Int), optional(Int)], "(1, 5)")),
    ("timestamp", NOTHING),
    ("uuid", NOTHING),
];

/// The methods, of whatever kind of value.
#[rustfmt::skip]
static METHODS: Table = &[
    ("all", takes(&[needed(Text)], r#"("vary")"#)),
    ("capitalize", NOTHING),
    ("count", A_STRING),
    ("endswith", A_STRING),
    ("find", PART),
    ("get", takes(&[needed(Any), optional(Any)], r#"("id")"#)),
    ("isalnum", NOTHING),
    ("isalpha", NOTHING),
    ("isascii", NOTHING),
    ("isdigit", NOTHING),
    ("islower", NOTHING),
    ("isnumeric", NOTHING),
    ("isspace", NOTHING),
    ("isupper", NOTHING),
    ("items", NOTHING),
    ("join", A_LIST),
    ("keys", NOTHING),
    ("lower", NOTHING),
    ("lstrip", STRIP),
    ("replace", REPLACE),
    ("rfind", PART),
    ("rstrip", STRIP),
    ("split", SPLIT),
    ("splitlines", NOTHING),
    ("startswith", A_STRING),
    ("strip", STRIP),
    ("title", NOTHING),
    ("upper", NOTHING),
    ("values", NOTHING),
];
