//! Who gives the value of each name: the command line, the environment, the sandbox, a default.

use std::collections::{BTreeMap, BTreeSet};

use super::refusal::{Missing, Refusal, WrongType};
use crate::collection::flow;
use crate::collection::keep;
use crate::collection::model::{Collection, Environment, Input, InputType, SandboxKind, named};
use crate::json::Json;
use crate::source::Sources;
use crate::template::Compiled;
use crate::variables::{Given, Origin, ValueType, winner};
use crate::yaml::Data;

/// A value at the beginning of a run, not worked out yet.
#[derive(Debug)]
pub(super) enum Start<'c> {
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
    pub(super) values: Vec<Initial<'c>>,
}

#[derive(Debug)]
pub(super) struct Initial<'c> {
    pub(super) name: &'c str,
    pub(super) start: Start<'c>,
    origin: Option<Origin>,
    pub(super) secret: bool,
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
        let is_declared = |name| named(&shared.inputs, name).is_some();
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
        let input = declared_input(collection, name);
        let default = input.and_then(|input| input.default.as_ref());
        let from_environment = chosen.and_then(|(label, environment)| {
            let entry = named(&environment.values, name);
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
            let kind = value_type(input);
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

/// The type that an input declares, by itself or by its default.
pub fn declared_type(collection: &Collection, name: &str) -> Option<ValueType> {
    declared_input(collection, name).map(|input| value_type(Some(input)))
}

fn declared_input<'c>(collection: &'c Collection, name: &str) -> Option<&'c Input> {
    named(&collection.shared.inputs, name).map(|(_, input)| input)
}

fn value_type(input: Option<&Input>) -> ValueType {
    let default = input.and_then(|input| input.default.as_ref());
    match input.and_then(|input| input.kind).map(|kind| kind.value) {
        Some(InputType::String) => ValueType::String,
        Some(InputType::Number) => ValueType::Number,
        Some(InputType::Boolean) => ValueType::Boolean,
        Some(InputType::Json) => ValueType::Json,
        None => default.map_or(ValueType::String, |data| ValueType::of(&data.to_json())),
    }
}

fn describe_missing(collection: &Collection, name: &str) -> Missing {
    let declared = named(&collection.shared.inputs, name);
    let input = declared.map(|(_, input)| input);
    let description = input.and_then(|input| input.description.as_ref());
    Missing {
        name: name.to_owned(),
        description: description.map(|text| text.value.trim().to_owned()),
        declared: declared.map(|(key, _)| key.span),
        secret: collection.is_secret(name),
        kind: value_type(input),
    }
}
