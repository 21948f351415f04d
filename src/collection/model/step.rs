//! A step.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::key::present;
use super::{Defaults, Later};
use crate::collection::lint::Lint;
use crate::collection::request::{AuthorizeSpec, RequestSpec};
use crate::collection::schema;
use crate::snapshot::SnapshotSpec;
use crate::source::{Span, Spanned};
use crate::yaml::{Entries, Text};

/// One step: at most one action, what to keep of the response and what to check in it.
#[derive(Debug)]
pub struct Step {
    /// What stands in the file.
    pub spec: StepSpec,
    /// The name in messages, snapshots and selections.
    pub id: Box<str>,
    /// The steps of a group.
    pub steps: Vec<Step>,
    /// Where each of its keys stands.
    pub(in crate::collection) keys: Box<[(Box<str>, Span)]>,
    /// All of it in the file.
    pub place: Span,
    /// Whether all of it could be decoded; if not, that was told, and what could is there.
    pub is_whole: bool,
}

/// A step. It does at most one thing: `request`, `authorize` or `steps`; without one of them it is
/// prose, or a check of variables.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Step", transform = schema::one_action)]
pub struct StepSpec {
    /// What the step does. Markdown, never a template.
    #[schemars(example = &"Exchange the code for an access token")]
    pub name: Text,
    /// The name to call it by in messages, snapshots and `--only`. Without one, the name in
    /// `snake_case`.
    #[schemars(
        example = &"token",
        extend("type" = ["string", "boolean", "null"], "pattern" = "^[a-z_][a-z0-9_]*$"),
    )]
    pub id: Option<Text>,
    /// What a reader should know. Markdown.
    #[schemars(example = &"The code is good for one exchange, within a few minutes.")]
    pub description: Option<Text>,
    /// Words to select it by: `lcrun --tags smoke`.
    #[serde(default)]
    #[schemars(example = ["smoke"])]
    pub tags: Vec<Text>,
    /// Codes of warnings that are not told of this step, nor of the steps of a group.
    #[serde(default)]
    #[schemars(example = ["secret-in-url"])]
    pub allow: Vec<Spanned<Lint>>,
    /// Not supported yet: the step once for each item.
    pub for_each: Later,
    /// Not supported yet: the step again and again, each round counts.
    pub repeat: Later,
    /// Whether it runs at all: an expression, without `{{ }}`.
    #[schemars(example = &"environment == \"live\"")]
    pub when: Option<Text>,
    /// Not supported yet: a time to wait before it.
    pub delay: Later,
    /// Not supported yet: another file, performed here.
    #[serde(rename = "use")]
    pub uses: Later,
    /// Not supported yet: values for the inputs of the other file.
    pub with: Later,
    /// Not supported yet: whether the other file is performed only once.
    pub once: Later,
    /// The request that it sends.
    #[serde(default, deserialize_with = "present")]
    #[schemars(
        with = "RequestSpec",
        example = json!({ "url": "https://api.example.com/items", "query": { "limit": 10 } }),
    )]
    pub request: Option<Box<RequestSpec>>,
    /// The browser step that it performs. It ends on the redirect.
    #[serde(default, deserialize_with = "present")]
    #[schemars(
        with = "AuthorizeSpec",
        example = json!({ "url": "https://accounts.livechat.com/", "query": { "response_type": "code" } }),
    )]
    pub authorize: Option<Box<AuthorizeSpec>>,
    /// Not supported yet: the request again until the response is as it should be.
    pub retry: Later,
    /// What the steps of this group take.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Defaults", example = json!({ "request": { "method": "POST" } }))]
    pub defaults: Option<Box<Defaults>>,
    /// The steps of a group.
    #[serde(default)]
    #[schemars(
        with = "Vec<StepSpec>",
        extend("minItems" = 1),
        example = json!([{ "name": "Without a token", "request": { "auth": "none" } }]),
    )]
    pub(in crate::collection) steps: Later,
    /// What to keep of the response for later steps: names and expressions, without `{{ }}`.
    #[serde(default)]
    #[schemars(
        extend("propertyNames" = schema::template_name()),
        example = json!({ "access_token": "body.access_token" }),
    )]
    pub capture: Entries<Text>,
    /// What must hold: expressions, without `{{ }}`. A status of 400 or more fails by itself unless
    /// one of them mentions `status` or `response`.
    #[serde(default)]
    #[schemars(example = ["status == 201", "body.items | length <= 10"])]
    pub assert: Vec<Text>,
    /// Records the response and compares it with the one that was reviewed and committed.
    #[serde(default, deserialize_with = "present")]
    #[schemars(
        with = "SnapshotSpec",
        example = true,
        example = json!({ "redact": { "id": "uuid" } }),
    )]
    pub snapshot: Option<Box<SnapshotSpec>>,
    /// What of it is shown on a terminal although nothing is wrong.
    #[schemars(example = &"response")]
    pub show: Option<Spanned<Show>>,
}

/// What of a step is shown on a terminal although nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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
