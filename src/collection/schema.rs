//! The JSON Schema (2020-12) of the format, for editors: made of the types of the
//! [`model`](super::model), whose documentation is what an editor shows.
//!
//! What types can't state and a schema can is added here: one action a step, one body a request.
//! What needs the whole file, or another one, only `check` can know.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::model::{Environment, Head, Input, LongInput, NotYet, SandboxKind};
use super::request::{Auth, AuthKeys, Duration, Redirects};
use crate::yaml::Data;

/// What the schema calls itself.
pub const TITLE: &str = "lcrun collection";

/// The schema of a collection.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(Finish);
    let schema = settings.into_generator().into_root_schema_for::<Head>();
    let mut rest = schema.to_value();
    rest["title"] = TITLE.into();
    // What it is comes first, as people read it.
    let first = ["$schema", "title", "description"];
    let first = first.map(|key| (key.to_owned(), rest[key].clone()));
    let mut whole = Map::from_iter(first);
    if let Value::Object(rest) = rest {
        whole.extend(rest);
    }
    Value::Object(whole)
}

/// What every part of the schema has in common.
#[derive(Debug, Clone)]
struct Finish;

impl Transform for Finish {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
            let free = json!({ "^x-": true });
            schema.insert("patternProperties".to_owned(), free);
        }
        // Lines are those of the source.
        if let Some(Value::String(text)) = schema.get_mut("description") {
            let paragraphs = text.split("\n\n").map(|one| one.replace('\n', " "));
            *text = paragraphs.collect::<Vec<_>>().join("\n\n");
        }
    }
}

/// What a name must be that templates use.
pub(super) fn template_name() -> Value {
    json!({ "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" })
}

/// A key that is there and not null.
fn given(key: &str) -> Value {
    json!({ "required": [key], "properties": { (key): { "not": { "type": "null" } } } })
}

/// Adds a rule: what must hold where something else does.
fn when(schema: &mut Schema, condition: &Value, rule: &Value) {
    let rules = schema.ensure_object().entry("allOf");
    if let Value::Array(rules) = rules.or_insert_with(|| json!([])) {
        rules.push(json!({ "if": condition, "then": rule }));
    }
}

/// A step does one thing, and has no keys that need another one.
pub(super) fn one_action(schema: &mut Schema) {
    when(
        schema,
        &json!({ "required": ["request"] }),
        &json!({ "properties": { "authorize": false, "steps": false } }),
    );
    when(
        schema,
        &json!({ "required": ["authorize"] }),
        &json!({ "properties": { "steps": false } }),
    );
    when(
        schema,
        &json!({ "required": ["steps"] }),
        &json!({ "properties": { "capture": { "maxProperties": 0 }, "assert": { "maxItems": 0 } } }),
    );
    when(
        schema,
        &json!({ "required": ["defaults"] }),
        &json!({ "required": ["steps"] }),
    );
    for key in ["snapshot", "show"] {
        when(schema, &given(key), &json!({ "required": ["request"] }));
    }
}

/// A request has one body.
pub(super) fn one_body(schema: &mut Schema) {
    const BODIES: [&str; 3] = ["json", "form", "text"];
    for (at, body) in BODIES.iter().enumerate() {
        let others = BODIES[at + 1..].iter();
        let none: Map<_, _> = others
            .map(|other| ((*other).to_owned(), json!({ "type": "null" })))
            .collect();
        if !none.is_empty() {
            when(schema, &given(body), &json!({ "properties": none }));
        }
    }
}

/// A request is authenticated in one way.
pub(super) fn one_kind(schema: &mut Schema) {
    let kinds = json!([{ "required": ["bearer"] }, { "required": ["basic"] }]);
    schema.insert("oneOf".to_owned(), kinds);
}

/// The default of an input is of its type.
pub(super) fn default_of_type(schema: &mut Schema) {
    for kind in ["string", "number", "boolean"] {
        when(
            schema,
            &json!({ "required": ["type"], "properties": { "type": { "const": kind } } }),
            &json!({ "properties": { "default": { "type": [kind, "null"] } } }),
        );
    }
}

impl JsonSchema for NotYet {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "NotYet".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "null", "doNotSuggest": true })
    }
}

impl JsonSchema for Input {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ShortInput".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let long = generator.subschema_for::<LongInput>();
        let short = json!(["string", "number", "boolean", "array", "null"]);
        json_schema!({ "anyOf": [long, { "type": short }] })
    }
}

impl JsonSchema for Environment {
    fn schema_name() -> Cow<'static, str> {
        "Environment".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut sandbox = generator.subschema_for::<SandboxKind>();
        let about = "The embedded server that this environment starts. It supplies every input.";
        sandbox.insert("description".to_owned(), about.into());
        sandbox.insert("examples".to_owned(), json!(["livechat"]));
        json_schema!({
            "description": "A named set of values for inputs.",
            "type": ["object", "null"],
            "properties": {
                "sandbox": sandbox,
                "snapshots": {
                    "description": "Whether snapshots are compared here although it is not the first environment.",
                    "type": "boolean",
                    "examples": [true],
                },
            },
            "additionalProperties": generator.subschema_for::<Data>(),
            "propertyNames": { "pattern": "^([A-Za-z_][A-Za-z0-9_]*$|x-)" },
        })
    }
}

impl JsonSchema for Auth {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Auth".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let kinds = generator.subschema_for::<AuthKeys>();
        // Editors tell what is wrong in the words of the first one that is near.
        json_schema!({
            "anyOf": [kinds, { "type": "string", "const": "none", "description": "Nobody: removes a default." }],
        })
    }
}

impl JsonSchema for Redirects {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Redirects".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["boolean", "integer"], "minimum": 0, "maximum": u32::MAX })
    }
}

impl JsonSchema for Duration {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?";
        json_schema!({ "type": "string", "pattern": format!("^[+]?{number}(ms|s|min|m|h)$") })
    }
}
