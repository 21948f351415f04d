//! The values that a run begins with: what was given from outside, what the environment and the
//! sandbox bring, defaults and variables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::request::RenderError;
use super::taint::SharedSecrets;
use crate::collection::flow;
use crate::collection::keep;
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
    /// Captures that were given from outside, so that the steps that bring them have nothing to do.
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

/// What a run takes from the state of an earlier one.
#[derive(Debug, Default)]
pub struct Resume<'c> {
    /// The variables and captures that it has.
    pub restored: BTreeSet<&'c str>,
    /// Those that it has not, and that no step of this run captures: they must be given if they are
    /// used. Each with the step that captured it, if one did.
    pub open: BTreeMap<&'c str, Option<&'c str>>,
}

/// Why a run can't begin.
#[derive(Debug)]
pub enum Refusal {
    /// The collection has no environment of this name, but these.
    NoEnvironment(Vec<String>),
    /// Values that do not fit, or that are not there.
    Values {
        /// The texts from outside that are not of the type of their input.
        wrong: Vec<WrongType>,
        /// The inputs without a value that the chosen steps use.
        missing: Vec<Missing>,
    },
}

/// A text from outside that is not of the type of its input.
#[derive(Debug, Clone)]
pub struct WrongType {
    /// The text, and who gave it.
    pub given: Given,
    /// The type.
    pub kind: ValueType,
    /// What is wrong, as a fragment: "is not a number".
    pub why: String,
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
    /// What a text that is given is read as.
    pub kind: ValueType,
}

impl<'c> Inputs<'c> {
    /// Decides for every name who gives its value. `used` are the names that the chosen steps use,
    /// but for what `resume` has already.
    pub fn choose(
        collection: &'c Collection,
        environment: Option<&str>,
        given: &[Given],
        mut used: BTreeSet<&'c str>,
        resume: &Resume<'c>,
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
        used.retain(|name| !resume.restored.contains(name));
        let used = flow::with_dependencies(collection, chosen.map(|(_, it)| it), used, compiled);
        let captured = flow::producers(collection);
        let is_declared = |name| {
            let mut declared = shared.inputs.iter();
            declared.any(|(key, _)| key.value == name)
        };
        let mut wrong = Vec::new();
        let mut missing = inputs.open(collection, given, resume, &used);
        for name in flow::input_names(collection) {
            match inputs.start(collection, name, chosen, given) {
                Ok(Some(initial)) => inputs.values.push(initial),
                // What only a sandbox brings, a step may get from the real server.
                Ok(None) if captured.contains_key(name) && !is_declared(name) => {}
                Ok(None) if used.contains(name) => {
                    missing.push(describe_missing(collection, name));
                }
                Ok(None) => {}
                Err(one) => wrong.push(*one),
            }
        }
        if !wrong.is_empty() || !missing.is_empty() {
            return Err(Refusal::Values { wrong, missing });
        }
        for (name, data) in &shared.variables {
            let name_is_open = resume.open.contains_key(name.value.as_str());
            if used.contains(name.value.as_str()) && !name_is_open {
                inputs.values.push(Initial {
                    name: &name.value,
                    start: Start::Templates(data),
                    origin: None,
                    secret: collection.is_secret(&name.value),
                });
            }
        }
        for (name, outside) in given_captures(collection, environment, given) {
            if resume.open.contains_key(name) {
                continue;
            }
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

    /// Takes what was given of all that the state of an earlier run leaves open; what was not, and is
    /// used.
    fn open(
        &mut self,
        collection: &'c Collection,
        given: &[Given],
        resume: &Resume<'c>,
        used: &BTreeSet<&'c str>,
    ) -> Vec<Missing> {
        let mut missing = Vec::new();
        for (&name, from) in &resume.open {
            let secret = collection.is_secret(name);
            match winner(given, name) {
                Some(outside) => self.values.push(Initial {
                    name,
                    start: Start::Ready(Json::from(outside.text.clone())),
                    origin: Some(outside.origin.clone()),
                    secret: secret || outside.secret,
                }),
                None if used.contains(name) => missing.push(Missing {
                    name: name.to_owned(),
                    description: Some(match from {
                        Some(step) => format!("captured by {step}; the state leaves it out"),
                        None => "worked out by the last run; the state leaves it out".to_owned(),
                    }),
                    declared: None,
                    secret,
                    kind: ValueType::String,
                }),
                None => {}
            }
        }
        missing
    }

    fn start(
        &self,
        collection: &'c Collection,
        name: &'c str,
        chosen: Option<(&'c str, &'c Environment)>,
        given: &[Given],
    ) -> Result<Option<Initial<'c>>, Box<WrongType>> {
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
                Err(why) => {
                    let given = outside.clone();
                    return Err(Box::new(WrongType { given, kind, why }));
                }
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

    /// The names of all values.
    pub fn names(&self) -> impl Iterator<Item = &'c str> + '_ {
        self.values.iter().map(|value| value.name)
    }

    /// The names of the values that are worked out from others.
    pub fn worked_out(&self) -> impl Iterator<Item = &'c str> + '_ {
        let templates = self.values.iter();
        let templates = templates.filter(|value| matches!(value.start, Start::Templates(_)));
        templates.map(|value| value.name)
    }

    /// Where the value of an input came from; a variable came from nowhere else.
    pub fn origin(&self, name: &str) -> Option<&Origin> {
        let value = self.values.iter().find(|value| value.name == name)?;
        value.origin.as_ref()
    }

    /// Whether a value is secret, by its name or by how it was given.
    pub fn is_secret(&self, name: &str) -> bool {
        let mut values = self.values.iter();
        values.any(|value| value.name == name && value.secret)
    }

    /// Works out again what hangs on a name that was given another value, but for what was given one
    /// by hand too; the names that have another value now.
    pub fn refresh(
        &self,
        (name, by_hand): (&str, &BTreeSet<String>),
        scope: &Arc<Scope>,
        compiled: &Compiled<'c>,
        secrets: &SharedSecrets,
    ) -> Result<Vec<&'c str>, RenderError> {
        let mut again: Vec<&Initial<'c>> = Vec::new();
        loop {
            let next = self.values.iter().find(|value| {
                let known = again.iter().any(|one| one.name == value.name);
                let Start::Templates(data) = &value.start else {
                    return false;
                };
                let names = flow::names_of(data, compiled);
                let hangs =
                    names.contains(name) || again.iter().any(|one| names.contains(one.name));
                hangs && !known && !by_hand.contains(value.name)
            });
            match next {
                Some(next) => again.push(next),
                None => break,
            }
        }
        for value in &again {
            scope.remove(value.name);
        }
        for value in &again {
            // What the sandbox supplies is in the scope already.
            self.fill_one(value, scope, &[], compiled, secrets)?;
        }
        Ok(again.into_iter().map(|value| value.name).collect())
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

/// The captures that are given from outside in place of the steps that bring them.
pub fn given_captures<'c, 'g>(
    collection: &'c Collection,
    environment: Option<&str>,
    given: &'g [Given],
) -> Vec<(&'c str, &'g Given)> {
    let chosen = collection.environment(environment);
    let is_embedded = chosen.is_some_and(|(_, environment)| environment.sandbox.is_some());
    let names = keep::settable(collection).into_iter();
    let found = names.filter_map(|name| Some((name, winner(given, name)?)));
    // A real token that waits in a `.env` means nothing to a sandbox.
    let is_kept = |name: &str| keep::names(collection).any(|kept| kept == name);
    let is_meant = |one: &Given| matches!(one.origin, Origin::Flag(_));
    found
        .filter(|(name, one)| !is_embedded || !is_kept(name) || is_meant(one))
        .collect()
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

/// The type that an input declares, by itself or by its default.
pub fn declared_type(collection: &Collection, name: &str) -> Option<ValueType> {
    let mut inputs = collection.shared.inputs.iter();
    let (_, input) = inputs.find(|(key, _)| key.value == name)?;
    let kind = input.kind.map(|kind| kind.value);
    Some(value_type(kind, input.default.as_ref()))
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
        kind: declared_type(collection, name).unwrap_or(ValueType::String),
    }
}
