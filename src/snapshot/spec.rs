//! What a step says about its snapshot: `true`, or which parts of the response count and how.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, de};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::kinds::{self, Shape};
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

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Keys {
    headers: Setting<Vec<Text>>,
    only: Setting<Vec<Text>>,
    redact: Setting<Entries<Option<Text>>>,
    sort: Setting<Entries<Option<Text>>>,
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
                diagnostics.push(
                    Diagnostic::error("unknown-type", problem.to_string(), kind.span)
                        .note(format!("the types are {}", kinds::WORDS.join(", "))),
                );
            }
        }
        for (path, _) in self.sort.given().into_iter().flatten() {
            check_path(&path.value, path.span, diagnostics);
        }
    }
}

fn check_path(path: &str, span: crate::source::Span, diagnostics: &mut Diagnostics) {
    if let Err(error) = serde_json_path::JsonPath::parse(path) {
        let message = format!("`{path}` is no JSONPath: {}", error.message());
        diagnostics.push(
            Diagnostic::error("bad-jsonpath", message, span)
                .help("a JSONPath begins with `$`, such as `$.error.type` (RFC 9535)"),
        );
    }
}
