//! The values worked out, each after those that it refers to, and put into the scope.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::choice::{Initial, Inputs, Start};
use crate::collection::flow;
use crate::run::request::RenderError;
use crate::run::taint::{self, SharedSecrets};
use crate::template::{Compiled, Scope, Value};

impl<'c> Inputs<'c> {
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
            taint::value(&mut secrets.lock(), initial.name, &value);
        }
        scope.set(initial.name, value);
        Ok(())
    }
}
