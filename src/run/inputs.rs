//! The values that a run begins with: what was given from outside, what the environment and the
//! sandbox bring, defaults and variables.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::request::RenderError;
use super::taint::SharedSecrets;
use crate::collection::flow;
use crate::collection::model::{Collection, Environment, InputType, SandboxKind};
use crate::json::Json;
use crate::secrets::Secrets;
use crate::source::{Sources, Span};
use crate::template::{self, Compiled, Scope, Value};
use crate::variables::{Given, Origin, ValueType, winner};
use crate::yaml::Data;

/// A value at the beginning of a run, not worked out yet.
#[derive(Debug)]
enum Start<'c> {
    /// As it is.
    Ready(Json),
    /// Templates, worked out once.
    Templates(&'c Data),
    /// What the sandbox will say.
    Sandbox,
}

/// Everything that a run begins with.
#[derive(Debug)]
pub struct Inputs<'c> {
    /// The chosen environment.
    pub environment: Option<&'c str>,
    /// The embedded server that it starts.
    pub sandbox: Option<SandboxKind>,
    /// Whether it is the first one, whose snapshots are compared.
    pub is_first: bool,
    /// What browser steps capture and was given from outside, so that they have nothing to do.
    pub given_captures: BTreeSet<&'c str>,
    values: Vec<Initial<'c>>,
}

#[derive(Debug)]
struct Initial<'c> {
    name: &'c str,
    start: Start<'c>,
    origin: Option<Origin>,
    secret: bool,
}

/// Why a run can't begin.
#[derive(Debug)]
pub enum Refusal {
    /// The collection has no environment of this name, but these.
    NoEnvironment(Vec<String>),
    /// Inputs that the chosen steps use have no value.
    Missing(Vec<Missing>),
    /// A text from outside is not of the type of its input: origin, name and what is wrong.
    WrongType(Given, ValueType, String),
}

/// An input without a value.
#[derive(Debug, Clone)]
pub struct Missing {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Where it is declared.
    pub declared: Option<Span>,
    /// Whether it should be given as a secret.
    pub secret: bool,
}

impl<'c> Inputs<'c> {
    /// Decides for every name who gives its value. `used` are the names that the chosen steps use.
    pub fn choose(
        collection: &'c Collection,
        environment: Option<&str>,
        given: &[Given],
        used: BTreeSet<&'c str>,
        compiled: &Compiled<'c>,
    ) -> Result<Self, Refusal> {
        let shared = &collection.shared;
        let chosen = collection.environment(environment);
        if environment.is_some() && chosen.is_none() {
            let names = shared.environments.iter();
            return Err(Refusal::NoEnvironment(
                names.map(|(name, _)| name.value.clone()).collect(),
            ));
        }
        let mut inputs = Self {
            environment: chosen.map(|(name, _)| name),
            sandbox: chosen.and_then(|(_, it)| it.sandbox.map(|kind| kind.value)),
            is_first: chosen.map(|(name, _)| name)
                == collection.environment(None).map(|(name, _)| name),
            values: Vec::new(),
            given_captures: BTreeSet::new(),
        };
        let used = flow::with_dependencies(collection, chosen.map(|(_, it)| it), used, compiled);
        let captured = flow::producers(collection);
        let is_declared = |name| {
            let mut declared = shared.inputs.iter();
            declared.any(|(key, _)| key.value == name)
        };
        let mut missing = Vec::new();
        for name in flow::input_names(collection) {
            match inputs.start(collection, name, chosen, given)? {
                Some(initial) => inputs.values.push(initial),
                // What only a sandbox brings, a step may get from the real server.
                None if captured.contains_key(name) && !is_declared(name) => {}
                None if used.contains(name) => missing.push(describe_missing(collection, name)),
                None => {}
            }
        }
        if !missing.is_empty() {
            return Err(Refusal::Missing(missing));
        }
        for (name, data) in &shared.variables {
            if used.contains(name.value.as_str()) {
                inputs.values.push(Initial {
                    name: &name.value,
                    start: Start::Templates(data),
                    origin: None,
                    secret: collection.is_secret(&name.value),
                });
            }
        }
        for name in flow::authorize_captures(collection) {
            let Some(outside) = winner(given, name) else {
                continue;
            };
            inputs.given_captures.insert(name);
            inputs.values.push(Initial {
                name,
                start: Start::Ready(Json::from(outside.text.clone())),
                origin: Some(outside.origin.clone()),
                secret: outside.secret || collection.is_secret(name),
            });
        }
        Ok(inputs)
    }

    fn start(
        &self,
        collection: &'c Collection,
        name: &'c str,
        chosen: Option<(&'c str, &'c Environment)>,
        given: &[Given],
    ) -> Result<Option<Initial<'c>>, Refusal> {
        let declared = collection
            .shared
            .inputs
            .iter()
            .find(|(key, _)| key.value == name);
        let input = declared.map(|(_, input)| input);
        let default = input.and_then(|input| input.default.as_ref());
        let from_environment = chosen.and_then(|(label, environment)| {
            let entry = environment.values.iter().find(|(key, _)| key.value == name);
            entry.map(|(_, data)| (label, data))
        });
        let outside = winner(given, name);
        let sandbox = self
            .sandbox
            .is_some_and(|kind| kind.inputs().contains(&name));
        let above_sandbox = outside.is_some_and(|given| matches!(given.origin, Origin::Flag(_)));
        let mut secret = collection.is_secret(name);
        let (start, origin) = if sandbox && !above_sandbox {
            (Start::Sandbox, Origin::Sandbox)
        } else if let Some(outside) = outside {
            // Given once as a secret, it is one whoever wins.
            secret |= given.iter().any(|one| one.name == name && one.secret);
            let kind = value_type(
                input.and_then(|input| input.kind.map(|kind| kind.value)),
                default,
            );
            match kind.read(&outside.text) {
                Ok(value) => (Start::Ready(value), outside.origin.clone()),
                Err(why) => return Err(Refusal::WrongType(outside.clone(), kind, why)),
            }
        } else if let Some((label, data)) = from_environment {
            (
                Start::Templates(data),
                Origin::Environment(label.to_owned()),
            )
        } else if let Some(default) = default.filter(|data| !matches!(data, Data::Null(_))) {
            (Start::Ready(default.to_json()), Origin::Default)
        } else {
            return Ok(None);
        };
        Ok(Some(Initial {
            name,
            start,
            origin: Some(origin),
            secret,
        }))
    }

    /// Where each value came from that was not simply a default: a name and a place.
    pub fn origins(&self, sources: &Sources) -> Vec<(String, String)> {
        self.values
            .iter()
            .filter_map(|value| match &value.origin {
                None | Some(Origin::Default) => None,
                Some(origin) => Some((value.name.to_owned(), origin.describe(sources))),
            })
            .collect()
    }

    /// Works out every value and puts it into the scope; secret ones are noted.
    ///
    /// `supplied` is what the sandbox says, if there is one.
    pub fn fill(
        &self,
        scope: &Arc<Scope>,
        supplied: &[(&'static str, String)],
        compiled: &Compiled<'c>,
        secrets: &SharedSecrets,
    ) -> Result<(), RenderError> {
        scope.set(
            "environment",
            self.environment.map_or(Value::from(()), Value::from),
        );
        for initial in &self.values {
            self.fill_one(initial, scope, supplied, compiled, secrets)?;
        }
        Ok(())
    }

    fn fill_one(
        &self,
        initial: &Initial<'c>,
        scope: &Arc<Scope>,
        supplied: &[(&'static str, String)],
        compiled: &Compiled<'c>,
        secrets: &SharedSecrets,
    ) -> Result<(), RenderError> {
        if scope.get(initial.name).is_some() {
            return Ok(());
        }
        let value = match &initial.start {
            Start::Ready(json) => Value::from(json.clone()),
            Start::Sandbox => {
                let found = supplied.iter().find(|(name, _)| *name == initial.name);
                found.map_or(Value::UNDEFINED, |(_, value)| Value::from(&**value))
            }
            Start::Templates(data) => {
                // What it refers to comes first; the check has made sure that this ends.
                for name in flow::names_of(data, compiled) {
                    if let Some(other) = self.values.iter().find(|one| one.name == name) {
                        self.fill_one(other, scope, supplied, compiled, secrets)?;
                    }
                }
                compiled.render_data(data, &scope.value())?
            }
        };
        if initial.secret {
            taint(&mut secrets.lock(), initial.name, &value);
        }
        scope.set(initial.name, value);
        Ok(())
    }
}

/// Notes a secret value: a text or number as it is, those within anything larger.
pub fn taint(secrets: &mut Secrets, name: &str, value: &Value) {
    match (value.as_str(), template::to_json(value)) {
        (Some(text), _) => secrets.add(name, text),
        (None, Ok(document @ (Json::Array(_) | Json::Object(_)))) => {
            taint_within(secrets, name, &document);
        }
        (None, Ok(Json::Null | Json::Bool(_))) => {}
        (None, _) => secrets.add(name, &template::display(value)),
    }
}

/// The shortest number that is noted within something larger: shorter ones are everywhere.
const SHORTEST_NUMBER: usize = 6;

fn taint_within(secrets: &mut Secrets, name: &str, document: &Json) {
    match document {
        Json::String(text) => secrets.add(name, text),
        Json::Number(number) => {
            let digits = number.to_string();
            if digits.len() >= SHORTEST_NUMBER {
                secrets.add(name, &digits);
            }
        }
        Json::Array(items) => {
            for item in items.iter() {
                taint_within(secrets, name, item);
            }
        }
        Json::Object(object) => {
            for (_, item) in object.iter() {
                taint_within(secrets, name, item);
            }
        }
        Json::Null | Json::Bool(_) => {}
    }
}

fn value_type(kind: Option<InputType>, default: Option<&Data>) -> ValueType {
    match kind {
        Some(InputType::String) => ValueType::String,
        Some(InputType::Number) => ValueType::Number,
        Some(InputType::Boolean) => ValueType::Boolean,
        Some(InputType::Json) => ValueType::Json,
        None => default.map_or(ValueType::String, |data| ValueType::of(&data.to_json())),
    }
}

fn describe_missing(collection: &Collection, name: &str) -> Missing {
    let declared = collection
        .shared
        .inputs
        .iter()
        .find(|(key, _)| key.value == name);
    Missing {
        name: name.to_owned(),
        description: declared
            .and_then(|(_, input)| input.description.as_ref())
            .map(|text| text.value.trim().to_owned()),
        declared: declared.map(|(key, _)| key.span),
        secret: collection.is_secret(name),
    }
}
