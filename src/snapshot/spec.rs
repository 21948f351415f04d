//! What a step says about its snapshot: `true`, or which parts of the response count and how.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, de};
use serde_json::json;

use crate::diagnostic::{Diagnostic, Diagnostics, closest, list};
use crate::kinds::{self, Shape, UnknownShape};
use crate::pattern;
use crate::source::Span;
use crate::yaml::{EITHER, Entries, Setting, Text};

/// The `snapshot` of a step or of `defaults`.
#[derive(Debug, Clone, Default)]
pub struct SnapshotSpec {
    /// `snapshot: false`: this step takes none although a default would.
    pub off: bool,
    /// The header fields that are recorded.
    pub headers: Setting<Vec<Text>>,
    /// The parts of the body that are recorded: `JSONPath`s (RFC 9535).
    pub only: Setting<Vec<Text>>,
    /// Which values are replaced by their type; `null` takes a default's rule away.
    pub redact: Setting<Entries<Option<Text>>>,
    /// Which arrays are sorted, and by which field; `null` takes a default's rule away.
    pub sort: Setting<Entries<Option<Text>>>,
}

/// Which parts of the response are recorded, and how.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Snapshot")]
struct Keys {
    /// The header fields that are recorded. Without it, `content-type`.
    #[schemars(example = ["content-type", "x-request-id"])]
    headers: Setting<Vec<Text>>,
    /// The parts of the body that are recorded, as `JSONPath`s (RFC 9535).
    #[schemars(example = ["$.error.type"])]
    only: Setting<Vec<Text>>,
    /// Which values are recorded as their type. The key is a field name at any depth, a `JSONPath`
    /// that begins with `$`, or `headers.<name>`. The type may end in `?`: or null. `null` takes a
    /// default's rule away.
    #[schemars(
        with = "Setting<Entries<Option<Redaction>>>",
        example = json!({ "id": "uuid", "$.chats[*].created_at": "rfc3339?", "headers.x-id": "any" }),
    )]
    redact: Setting<Entries<Option<Text>>>,
    /// Which arrays have no order, and the field that orders them. The key is a `JSONPath`. `null`
    /// takes a default's rule away.
    #[schemars(example = json!({ "$.users": "id" }))]
    sort: Setting<Entries<Option<Text>>>,
}

impl JsonSchema for SnapshotSpec {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "SnapshotOrNone".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let keys = generator.subschema_for::<Keys>();
        json_schema!({ "anyOf": [{ "type": "boolean" }, keys] })
    }
}

/// The type that a redaction puts in the place of a value.
struct Redaction;

impl JsonSchema for Redaction {
    fn schema_name() -> Cow<'static, str> {
        "Redaction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words = kinds::WORDS.iter().map(|word| (*word).to_owned());
        let or_null = kinds::WORDS.iter().map(|word| format!("{word}?"));
        json_schema!({
            "description": "The type of a value. With `?` after it: or null.",
            "anyOf": [
                { "enum": words.chain(or_null).collect::<Vec<_>>() },
                { "type": "string", "pattern": "^matching\\((\".*\"|'.*')\\)\\??$" },
            ],
        })
    }
}

impl<'de> Deserialize<'de> for SnapshotSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SpecVisitor;

        impl<'de> Visitor<'de> for SpecVisitor {
            type Value = SnapshotSpec;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`true`, `false` or `{headers, only, redact, sort}`")
            }

            fn visit_bool<E>(self, on: bool) -> Result<SnapshotSpec, E> {
                Ok(SnapshotSpec {
                    off: !on,
                    ..SnapshotSpec::default()
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SnapshotSpec, A::Error> {
                let keys = Keys::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(SnapshotSpec {
                    off: false,
                    headers: keys.headers,
                    only: keys.only,
                    redact: keys.redact,
                    sort: keys.sort,
                })
            }
        }

        const NAMES: &[&str] = &["headers", "only", "redact", "sort"];
        deserializer.deserialize_struct(EITHER, NAMES, SpecVisitor)
    }
}

impl SnapshotSpec {
    /// Checks what types can't state: every path is a `JSONPath`, every type is one.
    pub fn check(&self, diagnostics: &mut Diagnostics) {
        for path in self.only.given().into_iter().flatten() {
            check_path(&path.value, path.span, diagnostics);
        }
        for (key, kind) in self.redact.given().into_iter().flatten() {
            if key.value.starts_with('$') {
                check_path(&key.value, key.span, diagnostics);
            }
            if let Some(kind) = kind
                && let Err(problem) = Shape::parse(&kind.value)
            {
                diagnostics.push(unknown_type(&kind.value, &problem, kind.span));
            }
        }
        for (path, _) in self.sort.given().into_iter().flatten() {
            check_path(&path.value, path.span, diagnostics);
        }
    }
}

/// What other tools call some of the types.
const TYPE_HABITS: &[(&str, &str)] = &[
    ("timestamp", "rfc3339"),
    ("datetime", "rfc3339"),
    ("date-time", "rfc3339"),
    ("iso8601", "rfc3339"),
    ("time", "rfc3339"),
    ("int", "integer"),
    ("float", "number"),
    ("str", "string"),
    ("text", "string"),
    ("bool", "boolean"),
    ("guid", "uuid"),
    ("uri", "url"),
    ("token", "any"),
    ("*", "any"),
];

fn unknown_type(written: &str, problem: &UnknownShape, span: Span) -> Diagnostic {
    let word = match problem {
        UnknownShape::Word(word) => word,
        UnknownShape::Regex(error) => {
            return Diagnostic::error(error.code, &*error.message, span).help(&*error.help);
        }
    };
    let diagnostic = Diagnostic::error("unknown-type", problem.to_string(), span);
    if written.starts_with("matching") {
        return diagnostic.help("the expression is put in quotes: `matching(\"^[a-z]+$\")`");
    }
    let bare = word.trim_matches(|c| "[]?".contains(c));
    let habit = TYPE_HABITS.iter().find(|(habit, _)| *habit == bare);
    let known = habit.map(|(_, known)| *known);
    match known.or_else(|| closest(bare, kinds::WORDS.iter().copied())) {
        Some(meant) => {
            let or_null = if written.ends_with('?') { "?" } else { "" };
            let meant = format!("{meant}{or_null}");
            diagnostic.fix(format!("did you mean `{meant}`?"), span, meant)
        }
        None => diagnostic.help(format!(
            "the types are {}; or `matching(\"…\")`, with a regular expression",
            list(kinds::WORDS.iter().copied())
        )),
    }
}

fn check_path(path: &str, span: Span, diagnostics: &mut Diagnostics) {
    if let Err(error) = pattern::json_path(path) {
        diagnostics.push(Diagnostic::error(error.code, error.message, span).help(error.help));
    }
}
