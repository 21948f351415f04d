//! The collection file as types: what may stand where. Rules that span several keys are in
//! [`check`](super::check).

use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::lint::Lint;
use super::request::{AuthorizeSpec, RequestSpec};
use crate::secrets::is_secret_name;
use crate::snapshot::SnapshotSpec;
use crate::source::{SourceId, Span, Spanned};
pub use crate::yaml::Text;
use crate::yaml::{Data, Entries};

/// A key and where it was written.
pub type Name = Spanned<String>;

/// A key that a later version will know; only its place is kept, for the message.
pub type Later = Option<Spanned<IgnoredAny>>;

/// One collection with everything that it takes by `extends`.
#[derive(Debug)]
pub struct Collection {
    /// The file.
    pub source: SourceId,
    /// The files that it extends, the nearest first.
    pub extended: Vec<SourceId>,
    /// The path of the file; standard input has none.
    pub path: Option<PathBuf>,
    /// The keys but for those that can be inherited and the steps.
    pub head: Head,
    /// What is shared by `extends`, its own part the nearest.
    pub shared: Shared,
    /// The steps in order; empty in a file that is only extended.
    pub steps: Vec<Step>,
    /// The steps that run whatever happened before.
    pub finally: Vec<Step>,
    /// What could not be decoded, so that nothing is blamed for using it.
    pub gaps: Gaps,
}

/// What of a collection could not be decoded; there is an error for each.
#[derive(Debug, Default)]
pub struct Gaps {
    /// The names that broken steps capture.
    pub captures: Vec<String>,
    /// Whether a file that is extended is missing.
    pub shared: bool,
}

/// The keys of a file that are its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// What the tutorial is called. Markdown, never a template, as all prose is.
    pub name: Text,
    /// What it is about.
    pub description: Option<Text>,
    /// What a person must have before it can be followed.
    #[serde(default)]
    pub requires: Vec<Text>,
    /// Words to select it by.
    #[serde(default)]
    pub tags: Vec<Text>,
    /// Warnings that are not told of this file.
    #[serde(default)]
    pub allow: Vec<Spanned<Lint>>,
    /// A file whose shared part this one takes.
    pub extends: Option<Text>,
    /// Not supported yet: an error catalogue of the API.
    pub explain: Later,
    /// Not supported yet: captures that are kept between runs.
    pub keep: Later,
    /// Not supported yet: a run of the whole file for each row.
    pub for_each: Later,

    // Known keys whose values are decoded by themselves, so that each reports its own first wrong
    // type.
    #[expect(dead_code, reason = "decoded from the tree")]
    inputs: Later,
    #[expect(dead_code, reason = "decoded from the tree")]
    variables: Later,
    #[expect(dead_code, reason = "decoded from the tree")]
    environments: Later,
    #[expect(dead_code, reason = "decoded from the tree")]
    secrets: Later,
    #[expect(dead_code, reason = "decoded from the tree")]
    defaults: Later,
    #[expect(dead_code, reason = "decoded from the tree")]
    steps: Later,
    #[expect(dead_code, reason = "decoded from the tree")]
    finally: Later,
}

impl Head {
    /// The head of a file whose own can't be decoded.
    pub(super) fn unreadable(span: Span) -> Self {
        Self {
            name: Text {
                value: String::new(),
                span,
                plain: false,
            },
            description: None,
            requires: Vec::new(),
            tags: Vec::new(),
            allow: Vec::new(),
            extends: None,
            explain: None,
            keep: None,
            for_each: None,
            inputs: None,
            variables: None,
            environments: None,
            secrets: None,
            defaults: None,
            steps: None,
            finally: None,
        }
    }
}

/// What `extends` takes from another file; merged key by key, the nearer wins.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    /// What may be given from outside.
    pub inputs: Vec<(Name, Input)>,
    /// Values worked out once a run from inputs and each other.
    pub variables: Vec<(Name, Data)>,
    /// Named sets of values; the first one is the default.
    pub environments: Vec<(Name, Environment)>,
    /// Names whose values are secret besides those that are so by their name.
    pub secrets: Vec<Text>,
    /// What every step takes that has the key: one of each file, the farthest first.
    pub defaults: Vec<Defaults>,
    /// The warnings that the head of each file allows in it.
    pub allow: Vec<(SourceId, Lint)>,
}

/// What may be given from outside, and how.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// What it is, for the message that asks for it.
    pub description: Option<Text>,
    /// The value where nothing was given; without one it must be given.
    pub default: Option<Data>,
    /// What kind of value it is; without one, that of the default, else a string.
    pub kind: Option<Spanned<InputType>>,
}

/// The kind of value that an input takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InputType {
    /// Any text, as it was given.
    String,
    /// A JSON number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Any JSON.
    Json,
}

/// The long form of an input.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LongInput {
    pub(super) description: Option<Text>,
    pub(super) default: Option<Data>,
    pub(super) r#type: Option<Spanned<InputType>>,
}

/// A named set of values.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// The embedded server that this environment starts.
    pub sandbox: Option<Spanned<SandboxKind>>,
    /// Whether snapshots are compared here although it is not the first environment.
    pub snapshots: bool,
    /// The values it gives to inputs.
    pub values: Vec<(Name, Data)>,
}

/// An embedded server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SandboxKind {
    /// The look-alike of the LiveChat API.
    Livechat,
}

impl SandboxKind {
    /// The inputs that the server supplies.
    pub fn inputs(self) -> &'static [&'static str] {
        match self {
            SandboxKind::Livechat => &[
                "accounts_url",
                "api_url",
                "admin_url",
                "client_id",
                "client_secret",
                "redirect_uri",
                "js_client_id",
                "js_redirect_uri",
                "account_id",
                "pat",
                "organization_id",
            ],
        }
    }
}

/// What every step takes that has the key.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// For every step with a `request`.
    pub request: Option<Box<RequestSpec>>,
    /// For every step with a `snapshot`.
    pub snapshot: Option<Box<SnapshotSpec>>,
}

/// One step: at most one action, what to keep of the answer and what to check in it.
#[derive(Debug)]
pub struct Step {
    /// What stands in the file.
    pub spec: StepSpec,
    /// The name in messages, snapshots and selections.
    pub id: Box<str>,
    /// The steps of a group.
    pub steps: Vec<Step>,
    /// Where each of its keys stands.
    pub(super) keys: Box<[(Box<str>, Span)]>,
    /// All of it in the file.
    pub place: Span,
}

/// The keys of a step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepSpec {
    /// What the step does.
    pub name: Text,
    /// The name to call it by; without one, the name in `snake_case`.
    pub id: Option<Text>,
    /// Prose.
    pub description: Option<Text>,
    /// Words to select it by.
    #[serde(default)]
    pub tags: Vec<Text>,
    /// Whether it runs at all: an expression.
    pub when: Option<Text>,
    /// The request it sends.
    #[serde(default, deserialize_with = "present")]
    pub request: Option<Box<RequestSpec>>,
    /// The browser step it performs.
    #[serde(default, deserialize_with = "present")]
    pub authorize: Option<Box<AuthorizeSpec>>,
    /// For the steps of a group.
    #[serde(default, deserialize_with = "present")]
    pub defaults: Option<Box<Defaults>>,
    /// What to keep of the answer: names and expressions.
    #[serde(default)]
    pub capture: Entries<Text>,
    /// What must hold: expressions.
    #[serde(default)]
    pub assert: Vec<Text>,
    /// How its response is recorded.
    #[serde(default, deserialize_with = "present")]
    pub snapshot: Option<Box<SnapshotSpec>>,
    /// What of it is shown on a terminal.
    pub show: Option<Spanned<Show>>,
    /// Not supported yet.
    pub for_each: Later,
    /// Not supported yet.
    pub repeat: Later,
    /// Not supported yet.
    pub retry: Later,
    /// Not supported yet.
    pub delay: Later,
    /// Not supported yet.
    #[serde(rename = "use")]
    pub uses: Later,
    /// Not supported yet.
    pub with: Later,
    /// Not supported yet.
    pub once: Later,
    /// Warnings that are not told of this step, nor of the steps of a group.
    #[serde(default)]
    pub allow: Vec<Spanned<Lint>>,

    pub(super) steps: Later,
}

/// What of a step is shown on a terminal although nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// The body of its response.
    Response,
}

/// What a step does.
#[derive(Debug, Clone, Copy)]
pub enum Action<'c> {
    /// Nothing but prose, or a check of variables.
    Prose,
    /// Sends a request.
    Request(&'c RequestSpec),
    /// Performs a browser step.
    Authorize(&'c AuthorizeSpec),
    /// Runs its steps.
    Group,
}

impl Step {
    /// Where a key of it stands, else its name.
    pub fn place_of(&self, key: &str) -> Span {
        let found = self.keys.iter().find(|(name, _)| **name == *key);
        found.map_or(self.span(), |(_, span)| *span)
    }

    /// What it does; the check has made sure that there is only one answer.
    pub fn action(&self) -> Action<'_> {
        if let Some(request) = &self.spec.request {
            Action::Request(request)
        } else if let Some(authorize) = &self.spec.authorize {
            Action::Authorize(authorize)
        } else if self.spec.steps.is_some() {
            Action::Group
        } else {
            Action::Prose
        }
    }

    /// Whether it only tells something: no action and nothing to check or capture.
    pub fn is_prose(&self) -> bool {
        matches!(self.action(), Action::Prose)
            && self.spec.assert.is_empty()
            && self.spec.capture.is_empty()
    }

    /// The place that stands for the step: its name.
    pub fn span(&self) -> Span {
        self.spec.name.span
    }
}

impl Collection {
    /// The folder of the file, which relative paths start from.
    pub fn folder(&self) -> &Path {
        let path = self.path.as_deref();
        path.and_then(Path::parent).unwrap_or(Path::new(""))
    }

    /// Whether a name holds a secret: by its last word, or because the collection says so.
    pub fn is_secret(&self, name: &str) -> bool {
        let mut listed = self.shared.secrets.iter();
        is_secret_name(name) || listed.any(|secret| secret.value == name)
    }

    /// Every step with those of groups behind their group, `finally` last.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        flatten(&self.steps).chain(flatten(&self.finally))
    }

    /// The file and those that it extends.
    pub fn files(&self) -> Vec<SourceId> {
        [&[self.source], self.extended.as_slice()].concat()
    }

    /// The environment of this name, or the first one without a name.
    pub fn environment(&self, name: Option<&str>) -> Option<(&str, &Environment)> {
        let mut environments = self.shared.environments.iter();
        let found = match name {
            Some(name) => environments.find(|(key, _)| key.value == name),
            None => environments.next(),
        };
        found.map(|(key, environment)| (key.value.as_str(), environment))
    }
}

/// Steps with those of groups behind their group.
fn flatten(steps: &[Step]) -> Box<dyn Iterator<Item = &Step> + '_> {
    Box::new(
        steps
            .iter()
            .flat_map(|step| std::iter::once(step).chain(flatten(&step.steps))),
    )
}

/// A key that may be left out but not be empty: `request:` with nothing behind it is a mistake.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}
