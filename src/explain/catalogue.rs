//! A catalogue of the errors of an API, as it is written in YAML: `docs/explain.md` has the format.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::check;
use crate::diagnostic::Diagnostics;
use crate::source::{SourceId, Sources};
use crate::yaml::{self, Decoder, EITHER, Entries, Hints, OneOrMany, Text};

/// The errors of an API, in tables.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// What the API is called.
    pub name: Text,
    /// The hosts whose errors these are, subdomains included; without any, all hosts.
    #[serde(default)]
    pub hosts: Vec<Text>,
    /// The documents that `from` names: a short name and the title.
    #[serde(default)]
    pub documents: Entries<Text>,
    /// The kinds of token that the API gives and takes.
    #[serde(default)]
    pub tokens: Entries<TokenKind>,
    /// Errors that are met in the same way.
    pub tables: Entries<Table>,
    /// The file, where `--catalogue` must name it to find these entries.
    #[serde(skip)]
    pub file: Option<String>,
}

/// A kind of token: where it comes from, and where it goes to. Paths may hold `*` for anything.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenKind {
    /// The paths whose responses carry one.
    #[serde(default)]
    pub from: Vec<Text>,
    /// The paths that take this kind and no other.
    #[serde(default)]
    pub r#for: Vec<Text>,
}

/// Errors that are met in the same way.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What its errors are called together.
    pub title: Text,
    /// Where they are met.
    pub about: Option<Text>,
    /// The parameters of an address that carry one of its codes.
    #[serde(default)]
    pub parameters: Vec<Text>,
    /// The fields of a JSON body that do, as `error.type`.
    #[serde(default)]
    pub fields: Vec<Text>,
    /// The errors by their codes.
    pub errors: Entries<Error>,
}

/// One error.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Error {
    /// What it is called where its code is no name that people meet.
    pub title: Option<Text>,
    /// What it means, in a sentence or two.
    pub means: Text,
    /// Other spellings of the code.
    #[serde(default)]
    pub spellings: Vec<Text>,
    /// Words of a response that tell of this error.
    #[serde(default)]
    pub text: Vec<Text>,
    /// It is told only where one of these facts holds.
    #[serde(default)]
    pub when: Vec<Text>,
    /// What brings it, the most frequent first.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// What brings it where a fact holds.
    #[serde(default)]
    pub likely: Vec<Likely>,
    /// What to do about it.
    #[serde(default, rename = "do")]
    pub todo: Vec<Text>,
    /// The documents that say so.
    #[serde(default)]
    pub from: Vec<Text>,
    /// Related errors, `table.code`.
    #[serde(default)]
    pub see: Vec<Text>,
    /// Errors, or whole tables, that are not told beside this one.
    #[serde(default)]
    pub hides: Vec<Text>,
    /// Words to find it by that its texts don't hold.
    #[serde(default)]
    pub also: Vec<Text>,
}

/// What brings an error, and which documents say so, if not those of the error.
#[derive(Debug, Clone)]
pub struct Cause {
    /// What it is, as the end of "it may be that".
    pub cause: String,
    /// Documents.
    pub from: Vec<Text>,
}

/// What brings an error where a fact holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Likely {
    /// The fact.
    pub when: Text,
    /// What it says of this request.
    pub cause: Text,
    /// What to do about it.
    #[serde(rename = "do")]
    pub todo: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LongCause {
    cause: Text,
    from: Option<OneOrMany<Text>>,
}

impl<'de> Deserialize<'de> for Cause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CauseVisitor;

        impl<'de> Visitor<'de> for CauseVisitor {
            type Value = Cause;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or `{cause, from}`")
            }

            fn visit_str<E>(self, text: &str) -> Result<Cause, E> {
                Ok(Cause {
                    cause: text.to_owned(),
                    from: Vec::new(),
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Cause, A::Error> {
                let long = LongCause::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Cause {
                    cause: long.cause.value,
                    from: match long.from {
                        None => Vec::new(),
                        Some(OneOrMany::One(one)) => vec![one],
                        Some(OneOrMany::Many(many)) => many,
                    },
                })
            }
        }

        deserializer.deserialize_struct(EITHER, &["cause", "from"], CauseVisitor)
    }
}

/// An error where it stands: what its code alone does not say.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'c> {
    /// The catalogue.
    pub catalogue: &'c Catalogue,
    /// The name of its table.
    pub table_name: &'c str,
    /// Its table.
    pub table: &'c Table,
    /// Its code.
    pub code: &'c str,
    /// The error.
    pub error: &'c Error,
}

/// What the format knows of its keys.
const HINTS: Hints<'static> = Hints {
    examples: &[
        ("name", "name: What the API is called"),
        ("tables", "tables: {…}"),
        ("means", "means: What the error means"),
    ],
    ..Hints::NONE
};

impl Catalogue {
    /// Reads a catalogue from a source; `None` if it can't be used, which is then told.
    pub fn read(
        sources: &Sources,
        id: SourceId,
        diagnostics: &mut Diagnostics,
    ) -> Option<Catalogue> {
        let root = yaml::parse(sources, id, diagnostics)?;
        let catalogue: Catalogue = Decoder::new(sources, "")
            .hints(HINTS)
            .decode(&root, diagnostics)?;
        check::check(&catalogue, diagnostics);
        Some(catalogue)
    }

    /// Every error in order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.tables.iter().flat_map(move |(name, table)| {
            table.errors.iter().map(move |(code, error)| Entry {
                catalogue: self,
                table_name: &name.value,
                table,
                code: &code.value,
                error,
            })
        })
    }

    /// Whether the errors of a host are these.
    pub fn is_of(&self, host: &str) -> bool {
        self.hosts.is_empty()
            || self.hosts.iter().any(|own| {
                host.strip_suffix(&own.value)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            })
    }

    /// The kind of token that a path gives.
    pub fn given_by(&self, path: &str) -> Option<&str> {
        self.kind(path, |kind| &kind.from)
    }

    /// The kind of token that a path takes.
    pub fn taken_by(&self, path: &str) -> Option<&str> {
        self.kind(path, |kind| &kind.r#for)
    }

    fn kind(&self, path: &str, paths: impl Fn(&TokenKind) -> &Vec<Text>) -> Option<&str> {
        let mut kinds = self.tokens.iter();
        kinds
            .find(|(_, kind)| paths(kind).iter().any(|pattern| fits(path, pattern)))
            .map(|(name, _)| name.value.as_str())
    }
}

impl<'c> Entry<'c> {
    /// What people call it: its title, or its code.
    pub fn title(&self) -> &'c str {
        self.error
            .title
            .as_ref()
            .map_or(self.code, |title| &title.value)
    }

    /// `table.code`, which no other error of the catalogue has.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.table_name, self.code)
    }

    /// Whether a word is its code, in any spelling.
    pub fn is_called(&self, word: &str) -> bool {
        let mut spellings = self.error.spellings.iter();
        self.code.eq_ignore_ascii_case(word)
            || spellings.any(|spelling| spelling.eq_ignore_ascii_case(word))
    }

    /// Whether `see` or `hides` means it: `table.code`, or the table.
    pub fn is_meant_by(&self, reference: &str) -> bool {
        reference == self.table_name
            || reference
                .split_once('.')
                .is_some_and(|(table, code)| table == self.table_name && code == self.code)
    }

    /// Whether they are the same error.
    pub fn is(&self, other: &Entry<'_>) -> bool {
        std::ptr::eq(self.error, other.error)
    }

    /// The titles of documents.
    pub fn documents(&self, names: &'c [Text]) -> impl Iterator<Item = &'c str> {
        let catalogue = self.catalogue;
        names.iter().map(move |name| {
            let title = catalogue.documents.get(name);
            title.map_or(name.value.as_str(), |title| title.value.as_str())
        })
    }
}

/// Whether a path is what a pattern describes, in which `*` stands for anything.
fn fits(path: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_part_of_a_path() {
        assert!(fits("/v2/token", "/v2/token"));
        assert!(!fits("/v2/token/", "/v2/token"));
        assert!(fits("/v3.6/agent/action/list_chats", "*/agent/action/*"));
        assert!(fits("/customer/", "/customer*"));
        assert!(!fits("/v2/customer/token", "/customer*"));
        assert!(fits("/a/b/a", "/a*/a"));
        assert!(!fits("/a", "/a*/a"));
    }
}
