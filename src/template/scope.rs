//! The names that an evaluation sees: variables in layers, and the step's response above them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use minijinja::value::{Enumerator, Object};

use super::response::{ExchangeView, RESPONSE_NAMES};
use super::value::Value;

/// Variables by name, and what the current step got. A scope may lie above another one, whose
/// names it sees unless it has them itself.
///
/// Setting and looking up work on a shared scope, so that nothing is rebuilt per evaluation. The
/// names of the response are reserved, so that they are looked up first.
#[derive(Default)]
pub struct Scope {
    below: Option<Arc<Scope>>,
    variables: RwLock<HashMap<Box<str>, Value>>,
    exchange: RwLock<Option<Arc<ExchangeView>>>,
}

/// The names alone: values may be secret.
impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scope").field(&self.names()).finish()
    }
}

impl Scope {
    /// An empty scope.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// An empty scope above another one, as for the rounds of a loop.
    pub fn above(below: &Arc<Scope>) -> Arc<Self> {
        Arc::new(Self {
            below: Some(Arc::clone(below)),
            ..Self::default()
        })
    }

    /// Gives a variable its value, in this scope.
    pub fn set(&self, name: &str, value: Value) {
        let mut variables = self
            .variables
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        match variables.get_mut(name) {
            Some(known) => *known = value,
            None => _ = variables.insert(name.into(), value),
        }
    }

    /// Forgets a variable of this scope.
    pub fn remove(&self, name: &str) {
        let mut variables = self
            .variables
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        variables.remove(name);
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<Value> {
        if RESPONSE_NAMES.contains(&name) {
            return self.exchange()?.get(name);
        }
        let variables = self
            .variables
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        match variables.get(name) {
            Some(value) => Some(value.clone()),
            None => self.below.as_ref()?.get(name),
        }
    }

    /// The names that are defined, sorted; those of the response, too.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        if let Some(exchange) = self.exchange() {
            let there = RESPONSE_NAMES
                .iter()
                .filter(|name| exchange.get(name).is_some());
            names.extend(there.map(|name| (*name).to_owned()));
        }
        let mut scope = Some(self);
        while let Some(layer) = scope {
            let variables = layer
                .variables
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            names.extend(variables.keys().map(ToString::to_string));
            scope = layer.below.as_deref();
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Sets what the current step got; `None` before it got anything.
    pub fn set_exchange(&self, exchange: Option<Arc<ExchangeView>>) {
        *self
            .exchange
            .write()
            .unwrap_or_else(PoisonError::into_inner) = exchange;
    }

    /// What the current step got.
    pub fn exchange(&self) -> Option<Arc<ExchangeView>> {
        let exchange = self.exchange.read().unwrap_or_else(PoisonError::into_inner);
        match &*exchange {
            Some(exchange) => Some(Arc::clone(exchange)),
            None => self.below.as_ref()?.exchange(),
        }
    }

    /// The scope as the value that templates and expressions are evaluated with.
    pub fn value(self: &Arc<Self>) -> Value {
        Value::from_dyn_object(Arc::clone(self))
    }
}

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.get(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.names().into_iter().map(Value::from).collect())
    }
}
