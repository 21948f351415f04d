//! A file, and all that it takes from others.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{Defaults, Environment, Input, Later, Shared, Step, StepSpec, named};
use crate::collection::lint::Lint;
use crate::collection::schema;
use crate::secrets::is_secret_name;
use crate::source::{SourceId, Span, Spanned};
use crate::yaml::{Data, Entries, OneOrMany, Text};

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
        let environments = &self.shared.environments;
        let found = match name {
            Some(name) => named(environments, name),
            None => environments.first(),
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
    pub(in crate::collection) fn unreadable(span: Span) -> Self {
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
