//! The values of a run and its next request, as a person sees and changes them between the steps.

use std::collections::BTreeSet;

use super::checks::masked;
use super::guide::{Named, Preview, ValueText};
use super::inputs;
use super::outcome;
use super::step::{Early, Walker};
use super::taint;
use crate::collection::flow::{self, Reached};
use crate::collection::model::{Action, Defaults, Step};
use crate::diagnostic::{closest, list};
use crate::template::{self, Scope, Value};
use crate::variables::ValueType;

impl<'c> Walker<'_, 'c> {
    /// Why a step is passed over whatever a person wants; a `when` that can't be worked out is told
    /// when the step is done.
    pub(super) fn passed_over(&self, step: &'c Step) -> Option<String> {
        self.when(step).unwrap_or_default()
    }

    /// What a step will do. A request is kept as it is shown, and is sent so.
    pub(super) fn preview(&mut self, step: &'c Step, defaults: &[&'c Defaults]) -> Preview {
        self.ahead = None;
        if step.is_prose() {
            return Preview::Prose;
        }
        let early = self.when(step).err().or_else(|| self.missing_capture(step));
        if let Some(early) = early {
            return self.broken(early);
        }
        let value = self.scope.value();
        let reached = Reached { step, defaults };
        match step.action() {
            Action::Request(_) => {
                let merged = reached.request().expect("the action is a request");
                match self.renderer(&value).request(&merged, step.span()) {
                    Ok(request) => {
                        let secrets = self.job.secrets.lock();
                        let (head, body) = outcome::request_text(&request, &secrets);
                        drop(secrets);
                        self.ahead = Some((&step.id, request));
                        Preview::Request { head, body }
                    }
                    Err(failure) => self.broken(self.not_rendered(failure)),
                }
            }
            Action::Authorize(spec) => match self.renderer(&value).authorize(spec) {
                Ok((request, _)) => {
                    let secrets = self.job.secrets.lock();
                    Preview::Browser(secrets.mask_url(request.url.as_str()))
                }
                Err(failure) => self.broken(self.not_rendered(failure)),
            },
            Action::Prose | Action::Group => Preview::Checks,
        }
    }

    fn broken(&self, early: Early) -> Preview {
        match early {
            Early::Skipped(reason) => Preview::Waits(reason),
            Early::Failed(walked) => {
                let secrets = self.job.secrets.lock();
                let sources = self.job.sources;
                let mask = |problem| outcome::mask_diagnostic(problem, &secrets, sources);
                walked
                    .problem
                    .map(mask)
                    .map_or(Preview::Checks, Preview::Broken)
            }
        }
    }

    /// The values that a step uses.
    pub(super) fn values(&self, step: &'c Step, defaults: &[&'c Defaults]) -> Vec<ValueText> {
        let mut used = BTreeSet::new();
        flow::used_by(&Reached { step, defaults }, self.job.compiled, &mut used);
        let own = |name: &str| step.spec.capture.get(name).is_some();
        let known: BTreeSet<String> = self.names().into_iter().map(|named| named.name).collect();
        let secrets = self.job.secrets.lock();
        let used = used.into_iter();
        used.filter(|name| known.contains(*name) && (!own(name) || self.scope.get(name).is_some()))
            .map(|name| ValueText {
                name: name.to_owned(),
                value: self.scope.get(name).map(|value| masked(&value, &secrets)),
                origin: self.origin(name),
            })
            .collect()
    }

    /// Where a value came from, in words.
    fn origin(&self, name: &str) -> String {
        if self.edited.contains(name) {
            return "typed".to_owned();
        }
        if let Some(step) = self.captured.get(name) {
            return format!("captured by {step}");
        }
        if self.kept.contains(name) {
            return "an earlier run".to_owned();
        }
        if let Some(origin) = self.job.inputs.origin(name) {
            return origin.describe(self.job.sources);
        }
        if let Some(producer) = self.producers.get(name) {
            return format!("to be captured by {}", producer.id);
        }
        "variables".to_owned()
    }

    /// Every name that can be given another value: inputs, variables and captures.
    pub(super) fn names(&self) -> Vec<Named> {
        let collection = self.job.collection;
        let mut names: BTreeSet<&str> = self.job.inputs.names().collect();
        names.extend(self.producers.keys());
        names.extend(self.kept.iter().map(String::as_str));
        names
            .into_iter()
            .map(|name| Named {
                name: name.to_owned(),
                secret: collection.is_secret(name) || self.job.inputs.is_secret(name),
            })
            .collect()
    }

    /// Gives a name another value for the rest of the run, and works out again what hangs on it; in
    /// words what was done, or why nothing was.
    pub(super) fn edit(&mut self, name: &str, text: &str) -> Result<String, String> {
        let names = self.names();
        let Some(found) = names.iter().find(|known| known.name == name) else {
            let names: Vec<&str> = names.iter().map(|known| known.name.as_str()).collect();
            return Err(match closest(name, names.iter().copied()) {
                Some(near) => format!("`{name}` has no value to change; did you mean `{near}`?"),
                None => format!("`{name}` has no value to change; there are {}", list(names)),
            });
        };
        let kind = self.kind(name);
        let value = kind
            .read(text)
            .map_err(|why| format!("`{name}` is a {kind}; that {why}"))?;
        let value = Value::from(value);
        if found.secret {
            taint::value(&mut self.job.secrets.lock(), name, &value);
        }
        self.scope.set(name, value);
        self.edited.insert(name.to_owned());
        self.captured.remove(name);
        let job = self.job;
        let again = job.inputs.refresh(
            (name, &self.edited),
            &self.scope,
            job.compiled,
            &job.secrets,
        );
        match again {
            Ok(again) if again.is_empty() => Ok(format!("`{name}` has another value now")),
            Ok(again) => Ok(format!(
                "`{name}` has another value now, and so {} {}",
                if again.len() == 1 { "has" } else { "have" },
                list(again)
            )),
            Err(failure) => {
                let secrets = job.secrets.lock();
                Err(secrets.mask(&failure.diagnostic.message).into_owned())
            }
        }
    }

    /// What a text for this name is read as: the type of the input, else that of the value it has.
    fn kind(&self, name: &str) -> ValueType {
        let collection = self.job.collection;
        let declared = inputs::declared_type(collection, name);
        let now = self.scope.get(name);
        let now = now.and_then(|value| template::to_json(&value).ok());
        declared
            .or_else(|| now.map(|value| ValueType::of(&value)))
            .unwrap_or(ValueType::String)
    }

    /// The value of an expression, masked, or why it has none. It sees the last response too.
    pub(super) fn print(&self, expression: &str) -> Result<String, String> {
        let scope = Scope::above(&self.scope);
        scope.set_exchange(self.seen.clone());
        let found = self.job.compiled.evaluate_typed(expression, &scope.value());
        let secrets = self.job.secrets.lock();
        match found {
            Ok(value) if value.is_undefined() => Err(format!("`{expression}` is not there")),
            Ok(value) => match template::to_json(&value) {
                Ok(document) if value.as_str().is_none() => {
                    Ok(secrets.mask_json(&document).to_pretty())
                }
                _ => Ok(masked(&value, &secrets)),
            },
            Err(error) => Err(secrets.mask(&error.message).into_owned()),
        }
    }
}
