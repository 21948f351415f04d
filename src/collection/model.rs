//! The collection file as types: what may stand where. Rules that span several keys are in
//! [`check`](super::check).
//!
//! The [`schema`] is made of these types: what is said of a field is what an editor shows of the
//! key, and the order of the fields is the order that `lcrun fmt` gives the keys.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::lint::Lint;
use super::request::{AuthorizeSpec, RequestSpec};
use super::schema;
use crate::explain::Catalogue;
use crate::secrets::is_secret_name;
use crate::snapshot::SnapshotSpec;
use crate::source::{SourceId, Span, Spanned};
pub use crate::yaml::Text;
use crate::yaml::{Data, Entries, OneOrMany};

/// A key and where it was written.
pub type Name = Spanned<String>;

/// A key that a later version will know; only its place is kept, for the message.
pub type Later = Option<Spanned<NotYet>>;

/// The value of a key that a later version will know. Whatever it is, it is refused.
#[derive(Debug, Clone, Copy)]
pub struct NotYet;

impl<'de> Deserialize<'de> for NotYet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| NotYet)
    }
}

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

/// A collection: one YAML file of prose, steps and requests that lcrun performs against a server.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// What the tutorial is called. Markdown, never a template, as all prose is.
    #[schemars(example = &"Authorization in practice")]
    pub name: Text,
    /// What it is about. Markdown.
    #[schemars(example = &"From an app's Client Id to the first List Chats response.")]
    pub description: Option<Text>,
    /// What a person must have before it can be followed. Markdown.
    #[serde(default)]
    #[schemars(example = ["A LiveChat account with the Owner or Admin role"])]
    pub requires: Vec<Text>,
    /// Words to select it by: `lcrun --tags smoke`.
    #[serde(default)]
    #[schemars(example = ["smoke", "real-safe"])]
    pub tags: Vec<Text>,
    /// Codes of warnings that are not told of this file.
    #[serde(default)]
    #[schemars(example = ["unused-input"])]
    pub allow: Vec<Spanned<Lint>>,
    /// A file whose `inputs`, `variables`, `environments`, `secrets` and `defaults` this one takes,
    /// key by key, the nearer wins. The path starts from the folder of this file.
    #[schemars(example = &"livechat.yaml")]
    pub extends: Option<Text>,
    /// Catalogues of the errors of the API: files, or `livechat` for the one that comes with lcrun.
    #[schemars(example = &"livechat", example = ["livechat", "errors.yaml"])]
    pub explain: Option<OneOrMany<Text>>,

    // Known keys whose values are decoded by themselves, so that each reports its own first wrong
    // type.
    /// What may be given from outside: `name: default`, `name:` where it must be given, or
    /// `name: {description, default, type}`.
    #[expect(dead_code, reason = "decoded from the tree")]
    #[schemars(
        with = "Option<Entries<Input>>",
        extend("propertyNames" = schema::template_name()),
        example = json!({ "base_url": "http://localhost:8080", "limit": 10, "api_token": null }),
        example = json!({ "client_id": { "description": "Developer Console, Authorization" } })
    )]
    inputs: Later,
    /// Values that are worked out once a run, from inputs and each other. They can't be given from
    /// outside.
    #[expect(dead_code, reason = "decoded from the tree")]
    #[schemars(
        with = "Option<Entries<Data>>",
        extend("propertyNames" = schema::template_name()),
        example = json!({ "greeting": "Hello {{ name }}" }),
    )]
    variables: Later,
    /// Named sets of values for inputs. The first one is the default; `lcrun --env NAME` takes
    /// another.
    #[expect(dead_code, reason = "decoded from the tree")]
    #[schemars(
        with = "Option<Entries<Environment>>",
        example = json!({
            "sandbox": { "sandbox": "livechat" },
            "live": { "api_url": "https://api.livechatinc.com" },
        }),
    )]
    environments: Later,
    /// Names whose values are never shown, besides those that end in token, secret, password,
    /// verifier or pat.
    #[expect(dead_code, reason = "decoded from the tree")]
    #[schemars(with = "Option<Vec<Text>>", example = ["code"])]
    secrets: Later,
    /// Captures that `lcrun login` keeps between runs, such as tokens. Then the steps `refresh` and
    /// `revoke` wait until they are needed.
    #[serde(default)]
    #[schemars(example = ["access_token", "refresh_token", "expires_in"])]
    pub keep: Vec<Text>,
    /// What every step takes that has the key.
    #[expect(dead_code, reason = "decoded from the tree")]
    #[schemars(
        with = "Option<Defaults>",
        example = json!({ "request": { "timeout": "10s" }, "snapshot": { "redact": { "id": "uuid" } } }),
    )]
    defaults: Later,
    /// Not supported yet: a run of the whole file for each row.
    pub for_each: Later,
    /// The steps, performed in order. A file without them is there to be extended.
    #[expect(dead_code, reason = "decoded from the tree")]
    #[serde(default)]
    #[schemars(
        with = "Vec<StepSpec>",
        example = json!([{ "name": "Who am I", "request": { "url": "https://api.example.com/me" } }]),
    )]
    steps: Later,
    /// Steps that run at the end, whatever happened before.
    #[expect(dead_code, reason = "decoded from the tree")]
    #[serde(default)]
    #[schemars(
        with = "Vec<StepSpec>",
        example = json!([{ "name": "Log out", "request": { "method": "POST", "url": "https://api.example.com/logout" } }]),
    )]
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
            keep: Vec::new(),
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
    /// What the errors of the API mean, the nearest first.
    pub catalogues: Vec<Arc<Catalogue>>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Input", transform = schema::default_of_type)]
pub(super) struct LongInput {
    /// What it is, for the message that asks for it.
    #[schemars(example = &"Developer Console, Authorization, Client Id")]
    pub(super) description: Option<Text>,
    /// The value where nothing was given. Without one it must be given.
    #[schemars(example = &"https://www.livechat.com/", example = 10)]
    pub(super) default: Option<Data>,
    /// What kind of value it is. Without it, that of the default, else a string.
    #[schemars(example = &"string")]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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

/// What every step takes that has the key, merged key by key, the nearer wins; `null` takes a key
/// away again.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// For every step with a `request`.
    #[schemars(example = json!({ "method": "POST", "timeout": "10s" }))]
    pub request: Option<Box<RequestSpec>>,
    /// For every step with a `snapshot`.
    #[schemars(example = json!({ "redact": { "created_at": "rfc3339" } }))]
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
    /// Not supported yet: the request again until it is answered as it should be.
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
    pub(super) steps: Later,
    /// What to keep of the answer for later steps: names and expressions, without `{{ }}`.
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
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}
