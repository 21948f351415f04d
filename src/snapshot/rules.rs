//! How a step's response is recorded: what it says itself over what it takes from defaults.

use std::fmt;

use serde_json_path::JsonPath;

use super::spec::SnapshotSpec;
use crate::diagnostic::Diagnostic;
use crate::kinds::Shape;
use crate::source::Spanned;
use crate::yaml::{Entries, Setting, Text};

/// How a response is recorded.
#[derive(Debug)]
pub struct Rules {
    /// The header fields, in small letters.
    pub(super) headers: Vec<String>,
    /// The parts of the body; `None` is all of it.
    pub(super) only: Option<Vec<Rule<JsonPath, ()>>>,
    /// What is replaced by its type; of two for one value the latter counts.
    pub(super) redact: Vec<Rule<Target, Shape>>,
    /// The arrays that are sorted, and the fields they are sorted by.
    pub(super) sort: Vec<Rule<JsonPath, String>>,
}

/// A key with its value, and where it was written if the step itself says it.
#[derive(Debug)]
pub(super) struct Rule<K, V> {
    pub(super) key: K,
    pub(super) value: V,
    pub(super) own: Option<Spanned<String>>,
}

/// What a redaction replaces.
#[derive(Debug)]
pub(super) enum Target {
    /// The values of a field at any depth of the body.
    Field(String),
    /// The values at a path in the body, which count before those of a field.
    Path(JsonPath),
    /// A header field, in small letters.
    Header(String),
}

/// A key of a step's own snapshot that nothing in its response matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The key and where it stands.
    pub key: Spanned<String>,
    /// What it is a key of.
    pub part: Part,
}

/// A part of a snapshot's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `only`
    Only,
    /// `redact`
    Redact,
    /// `sort`
    Sort,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Only => "only",
            Part::Redact => "redact",
            Part::Sort => "sort",
        })
    }
}

impl Unmatched {
    /// The warning for it.
    pub fn diagnostic(&self) -> Diagnostic {
        let Self { key, part } = self;
        let what = match part {
            Part::Only | Part::Redact => "nothing",
            Part::Sort => "no list",
        };
        let message = format!(
            "`{part}: {key}` matches {what} in the response",
            key = key.value
        );
        let help = match (part, key.value.starts_with("headers.")) {
            (Part::Redact, true) => "list the field under `headers` too, or remove the line",
            _ => "correct the key, or remove the line",
        };
        Diagnostic::warning("unmatched-rule", message, key.span).help(help)
    }
}

impl Rules {
    /// Merges the rules of defaults, the farthest first, and of the step; `None` if the step says
    /// `snapshot: false`.
    ///
    /// The lists `headers` and `only` are replaced as a whole, `redact` and `sort` key by key; a
    /// `null` takes away what a default says. All have passed [`SnapshotSpec::check`].
    pub fn of<'c>(
        defaults: impl IntoIterator<Item = &'c SnapshotSpec>,
        own: &'c SnapshotSpec,
    ) -> Option<Self> {
        if own.off {
            return None;
        }
        let mut layers: Vec<(&SnapshotSpec, bool)> =
            defaults.into_iter().map(|spec| (spec, false)).collect();
        layers.push((own, true));
        let mut headers = None;
        let mut only = None;
        let mut redact = Vec::new();
        let mut sort = Vec::new();
        for (spec, is_own) in layers {
            replace(&mut headers, &spec.headers, is_own);
            replace(&mut only, &spec.only, is_own);
            merge(&mut redact, &spec.redact, is_own);
            merge(&mut sort, &spec.sort, is_own);
        }
        Some(Self {
            headers: headers.map_or_else(
                || vec!["content-type".to_owned()],
                |(names, _)| names.iter().map(|name| name.to_ascii_lowercase()).collect(),
            ),
            only: only.map(|(paths, is_own)| {
                let rule = |path: &Text| Rule {
                    key: json_path(&path.value),
                    value: (),
                    own: is_own.then(|| Spanned {
                        value: path.value.clone(),
                        span: path.span,
                    }),
                };
                paths.iter().map(rule).collect()
            }),
            redact: redact.into_iter().map(redaction).collect(),
            sort: sort
                .into_iter()
                .map(|Rule { key, value, own }| Rule {
                    key: json_path(key),
                    value: value.value.clone(),
                    own,
                })
                .collect(),
        })
    }
}

fn replace<'c>(
    below: &mut Option<(&'c [Text], bool)>,
    setting: &'c Setting<Vec<Text>>,
    is_own: bool,
) {
    match setting {
        Setting::Absent => {}
        Setting::Removed => *below = None,
        Setting::Given(list) => *below = Some((list, is_own)),
    }
}

fn merge<'c>(
    below: &mut Vec<Rule<&'c str, &'c Text>>,
    setting: &'c Setting<Entries<Option<Text>>>,
    is_own: bool,
) {
    let entries = match setting {
        Setting::Absent => return,
        Setting::Removed => return below.clear(),
        Setting::Given(entries) => entries,
    };
    for (key, value) in entries {
        below.retain(|rule| !is_same_key(rule.key, &key.value));
        below.extend(value.as_ref().map(|value| Rule {
            key: key.value.as_str(),
            value,
            own: is_own.then(|| key.clone()),
        }));
    }
}

/// The case of a header field does not count.
fn is_same_key(one: &str, other: &str) -> bool {
    match (header_of(one), header_of(other)) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}

fn header_of(key: &str) -> Option<&str> {
    key.strip_prefix("headers.")
}

fn redaction(Rule { key, value, own }: Rule<&str, &Text>) -> Rule<Target, Shape> {
    let target = match header_of(key) {
        Some(name) => Target::Header(name.to_ascii_lowercase()),
        None if key.starts_with('$') => Target::Path(json_path(key)),
        None => Target::Field(key.to_owned()),
    };
    let value = Shape::parse(&value.value).expect("the collection was checked");
    Rule {
        key: target,
        value,
        own,
    }
}

fn json_path(path: &str) -> JsonPath {
    JsonPath::parse(path).expect("the collection was checked")
}
