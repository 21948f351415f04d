//! Values that come from outside the steps: who may give them, who wins, and where each came from.
//!
//! What a run captures is above all of these; it lives in the run's scope.

use std::fmt;

use crate::diagnostic::{Diagnostic, closest, list};
use crate::json::Json;
use crate::source::{SourceId, Sources, Span};

/// Where a value came from, the one that wins first: **the precedence table**.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `--variable` or `--secret`, named as it was typed.
    Flag(&'static str),
    /// Typed by a person who was asked for it.
    Typed,
    /// What a `sandbox:` environment supplies, so that real credentials do not break a sandbox run.
    Sandbox,
    /// `LCRUN_VARIABLE_x` or `LCRUN_SECRET_x`, whole.
    Process(String),
    /// `--variables-file` or `--secrets-file`.
    File(Span),
    /// `.env` beside the collection, or `--env-file`.
    DotEnv(Span),
    /// A value of the chosen environment.
    Environment(String),
    /// The default of the input.
    Default,
}

impl Origin {
    /// The origin as `-v` shows it: ``.env:3``.
    pub fn describe(&self, sources: &Sources) -> String {
        match self {
            Origin::Flag(flag) => (*flag).to_owned(),
            Origin::Typed => "typed".to_owned(),
            Origin::Sandbox => "the sandbox".to_owned(),
            Origin::Process(name) => name.clone(),
            Origin::File(span) | Origin::DotEnv(span) => {
                let source = sources.get(span.source);
                let line = source.position(span.start as usize).line;
                format!("{}:{line}", source.name())
            }
            Origin::Environment(name) => format!("environment {name}"),
            Origin::Default => "its default".to_owned(),
        }
    }
}

/// A text that somebody gave to a name from outside the collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The input.
    pub name: String,
    /// Its value as it was typed.
    pub text: String,
    /// Who gave it.
    pub origin: Origin,
    /// Whether it was given as a secret.
    pub secret: bool,
}

/// The value that wins for a name.
pub fn winner<'g>(given: &'g [Given], name: &str) -> Option<&'g Given> {
    winner_of(given, &[name])
}

/// The value that wins where several names stand for one thing.
pub fn winner_of<'g>(given: &'g [Given], names: &[&str]) -> Option<&'g Given> {
    // Of several of one rank the last wins, as the last of two flags does.
    given
        .iter()
        .filter(|value| names.contains(&value.name.as_str()))
        .reduce(|best, next| {
            if rank(&next.origin) <= rank(&best.origin) {
                next
            } else {
                best
            }
        })
}

fn rank(origin: &Origin) -> u8 {
    match origin {
        Origin::Flag(_) | Origin::Typed => 0,
        Origin::Sandbox => 1,
        Origin::Process(_) => 2,
        Origin::File(_) => 3,
        Origin::DotEnv(_) => 4,
        Origin::Environment(_) => 5,
        Origin::Default => 6,
    }
}

/// The kind of value that a text from outside is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// Any text, as it was given.
    String,
    /// A JSON number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Any JSON.
    Json,
}

impl ValueType {
    /// The type of a default value.
    pub fn of(default: &Json) -> Self {
        match default {
            Json::String(_) | Json::Null => ValueType::String,
            Json::Number(_) => ValueType::Number,
            Json::Bool(_) => ValueType::Boolean,
            Json::Array(_) | Json::Object(_) => ValueType::Json,
        }
    }

    /// Reads a text from outside; the error is a fragment such as "is not a number".
    pub fn read(self, text: &str) -> Result<Json, String> {
        let json = || Json::parse(text.trim().as_bytes());
        match self {
            ValueType::String => Ok(Json::from(text.to_owned())),
            ValueType::Number => match json() {
                Ok(number @ Json::Number(_)) => Ok(number),
                _ => Err("is not a number".to_owned()),
            },
            ValueType::Boolean => match text.trim() {
                "true" => Ok(Json::Bool(true)),
                "false" => Ok(Json::Bool(false)),
                _ => Err("is neither `true` nor `false`".to_owned()),
            },
            ValueType::Json => json().map_err(|error| format!("is not JSON: {error}")),
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValueType::String => "string",
            ValueType::Number => "number",
            ValueType::Boolean => "boolean",
            ValueType::Json => "json",
        })
    }
}

/// What a file of `NAME=VALUE` lines gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// `--variables-file`.
    Variables,
    /// `--secrets-file`.
    Secrets,
    /// `.env` or `--env-file`: may hold anything, as other programs read it too.
    DotEnv,
}

/// Reads a file of `NAME=VALUE` lines.
///
/// Empty lines and lines that begin with `#` are passed over, `export ` before the name too. A value
/// in single or double quotes loses them; nothing else is changed or expanded in it. In a `.env`, whose
/// syntax other programs settled, ` #` behind a value begins a comment.
pub fn read_file(
    sources: &Sources,
    id: SourceId,
    kind: FileKind,
) -> Result<Vec<Given>, Vec<Diagnostic>> {
    let mut given = Vec::new();
    let mut problems = Vec::new();
    let text = sources.get(id).text();
    let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut start = text.len() - unmarked.len();
    for line in unmarked.split_inclusive('\n') {
        let span = Span::new(id, start..start + line.trim_end().len());
        start += line.len();
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let assignment = line.strip_prefix("export ").unwrap_or(line);
        match assignment.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => given.push(Given {
                name: name.trim().to_owned(),
                text: match kind {
                    FileKind::DotEnv => unquote(without_comment(value.trim())).to_owned(),
                    FileKind::Variables | FileKind::Secrets => unquote(value.trim()).to_owned(),
                },
                origin: match kind {
                    FileKind::DotEnv => Origin::DotEnv(span),
                    FileKind::Variables | FileKind::Secrets => Origin::File(span),
                },
                secret: kind == FileKind::Secrets,
            }),
            // Other programs read `.env` too, each with a syntax of its own.
            _ if kind == FileKind::DotEnv => {}
            // The line may be the secret itself, so it is not shown.
            _ if kind == FileKind::Secrets => problems.push(
                Diagnostic::without_place(
                    "bad-assignment",
                    format!("{} is not a `NAME=VALUE` line", sources.locate(span)),
                )
                .help("write one `NAME=VALUE` a line, `#` before a comment"),
            ),
            _ => problems.push(
                Diagnostic::error("bad-assignment", "this is not a `NAME=VALUE` line", span)
                    .help("write one `NAME=VALUE` a line, `#` before a comment"),
            ),
        }
    }
    if problems.is_empty() {
        Ok(given)
    } else {
        Err(problems)
    }
}

/// A value of a `.env` without the comment behind it; a `#` in quotes is no comment.
fn without_comment(value: &str) -> &str {
    let quoted = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let closed = quoted.and_then(|quote| Some(value[1..].find(quote)? + 2));
    let searched = closed.unwrap_or(0);
    match value[searched..].find(" #") {
        Some(at) => value[..searched + at].trim_end(),
        None => value,
    }
}

fn unquote(value: &str) -> &str {
    for quote in ['"', '\''] {
        let inner = value
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner;
        }
    }
    value
}

/// The message about a name from outside that no collection of the call knows.
pub fn unknown_name<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let near = closest(name, known.clone());
    let known = list(known);
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "the collection has no inputs".to_owned(),
        None => format!("the inputs are {known}"),
    };
    format!("`{name}` is not an input; {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str, text: &str, origin: Origin) -> Given {
        Given {
            name: name.to_owned(),
            text: text.to_owned(),
            origin,
            secret: false,
        }
    }

    #[test]
    fn each_row_of_the_precedence_table_wins_over_the_rows_below_it() {
        let mut sources = Sources::default();
        let at = Span::new(sources.add("v.env", "x=1\n"), 0..3);
        let table = [
            Origin::Flag("--variable"),
            Origin::Sandbox,
            Origin::Process("LCRUN_VARIABLE_x".to_owned()),
            Origin::File(at),
            Origin::DotEnv(at),
            Origin::Environment("live".to_owned()),
            Origin::Default,
        ];
        for upper in 0..table.len() {
            for lower in upper + 1..table.len() {
                let high = given("x", "high", table[upper].clone());
                let low = given("x", "low", table[lower].clone());
                for order in [vec![high.clone(), low.clone()], vec![low, high]] {
                    assert_eq!(winner(&order, "x").unwrap().text, "high");
                }
            }
        }
    }

    #[test]
    fn the_last_of_two_flags_wins() {
        let flags = [
            given("x", "first", Origin::Flag("--variable")),
            given("x", "last", Origin::Flag("--secret")),
            given("y", "other", Origin::Flag("--variable")),
        ];
        assert_eq!(winner(&flags, "x").unwrap().text, "last");
        assert_eq!(winner(&flags, "z"), None);
    }

    #[test]
    fn a_text_from_outside_is_read_as_the_type_of_the_input() {
        assert_eq!(ValueType::Number.read("5").unwrap(), Json::Number(5.into()));
        assert_eq!(
            ValueType::String.read("00012").unwrap().as_str(),
            Some("00012")
        );
        assert_eq!(ValueType::Boolean.read("true").unwrap(), Json::Bool(true));
        assert_eq!(ValueType::Json.read("[1]").unwrap().to_string(), "[1]");
        assert_eq!(
            ValueType::Number.read("five").unwrap_err(),
            "is not a number"
        );
        assert!(ValueType::Boolean.read("yes").is_err());
        assert!(ValueType::Json.read("{").is_err());
    }

    #[test]
    fn a_file_of_assignments_is_read_line_by_line() {
        let mut sources = Sources::default();
        let text = "# a comment\n\nexport a=1\nb = \"two words\"\nc='x=y'\nd=\n";
        let id = sources.add(".env", text);
        let given = read_file(&sources, id, FileKind::DotEnv).unwrap();
        let pairs: Vec<_> = given.iter().map(|one| (&*one.name, &*one.text)).collect();
        assert_eq!(
            pairs,
            [("a", "1"), ("b", "two words"), ("c", "x=y"), ("d", "")]
        );
        assert_eq!(given[1].origin.describe(&sources), ".env:4");
    }

    #[test]
    fn a_comment_behind_a_value_belongs_to_a_dot_env_only() {
        let text = "a=1 # one\nb=\"x # y\" # two\nc=x#y\nd='z'\ne=it's # three\nf=# four\n";
        let mut sources = Sources::default();
        let id = sources.add(".env", text);
        let texts = |kind| -> Vec<String> {
            let given = read_file(&sources, id, kind).unwrap();
            given.into_iter().map(|one| one.text).collect()
        };
        assert_eq!(
            texts(FileKind::DotEnv),
            ["1", "x # y", "x#y", "z", "it's", "# four"]
        );
        assert_eq!(texts(FileKind::Secrets)[0], "1 # one");
    }

    #[test]
    fn a_line_without_an_equals_sign_is_an_error_but_in_a_dot_env() {
        let mut sources = Sources::default();
        let id = sources.add("vars", "a=1\nnonsense\n");
        let problems = read_file(&sources, id, FileKind::Variables).unwrap_err();
        assert_eq!(
            sources.locate(problems[0].primary.as_ref().unwrap().span),
            "vars:2:1"
        );
        assert_eq!(read_file(&sources, id, FileKind::DotEnv).unwrap().len(), 1);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_one_that_was_meant() {
        let known = ["client_id", "client_secret"];
        assert_eq!(
            unknown_name("client_ids", known),
            "`client_ids` is not an input; did you mean `client_id`?"
        );
        assert!(unknown_name("zzz", known).ends_with("`client_id` and `client_secret`"));
    }
}
