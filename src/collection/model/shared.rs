//! What `extends` takes from another file: inputs, environments and what else several files share.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::Name;
use crate::collection::lint::Lint;
use crate::collection::request::RequestSpec;
use crate::collection::schema;
use crate::explain::Catalogue;
use crate::snapshot::SnapshotSpec;
use crate::source::{SourceId, Spanned};
use crate::yaml::{Data, Text};

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
    /// Any string, as it was given.
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
pub(in crate::collection) struct LongInput {
    /// What it is, for the message that asks for it.
    #[schemars(example = &"Developer Console, Authorization, Client Id")]
    pub(in crate::collection) description: Option<Text>,
    /// The value where nothing was given. Without one it must be given.
    #[schemars(example = &"https://www.livechat.com/", example = 10)]
    pub(in crate::collection) default: Option<Data>,
    /// What kind of value it is. Without it, that of the default, else a string.
    #[schemars(example = &"string")]
    pub(in crate::collection) r#type: Option<Spanned<InputType>>,
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

impl Shared {
    /// This part over that of an extended file: key by key, the nearer wins.
    pub(in crate::collection) fn over(self, below: Shared) -> Shared {
        let mut environments = below.environments;
        for (name, nearer) in self.environments {
            match environments
                .iter_mut()
                .find(|(key, _)| key.value == name.value)
            {
                Some((_, environment)) => environment.take(nearer),
                None => environments.push((name, nearer)),
            }
        }
        Shared {
            inputs: merged(below.inputs, self.inputs),
            variables: merged(below.variables, self.variables),
            environments,
            secrets: [below.secrets, self.secrets].concat(),
            defaults: [below.defaults, self.defaults].concat(),
            allow: [below.allow, self.allow].concat(),
            catalogues: [self.catalogues, below.catalogues].concat(),
        }
    }
}

impl Environment {
    fn take(&mut self, nearer: Environment) {
        if nearer.sandbox.is_some() {
            self.sandbox = nearer.sandbox;
        }
        self.snapshots |= nearer.snapshots;
        self.values = merged(std::mem::take(&mut self.values), nearer.values);
    }
}

fn merged<T>(mut below: Vec<(Name, T)>, nearer: Vec<(Name, T)>) -> Vec<(Name, T)> {
    for (name, value) in nearer {
        match below.iter().position(|(key, _)| key.value == name.value) {
            Some(at) => below[at] = (name, value),
            None => below.push((name, value)),
        }
    }
    below
}
