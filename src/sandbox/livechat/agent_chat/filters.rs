//! Filters that several lists have: by properties, and by a set of values.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sandbox::livechat::chats::Properties;
use crate::sandbox::livechat::web_api::{ApiError, Arguments};

/// A condition on one property.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PropertyFilter {
    namespace: String,
    name: String,
    condition: Condition,
}

/// What is asked of a value, or of a set of values.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Condition {
    /// That there is one, or none.
    Exists(bool),
    /// That it is one of these.
    Values(Vec<Value>),
    /// That it is none of these.
    ExcludeValues(Vec<Value>),
}

impl Condition {
    /// Reads exactly one of `exists`, `values` and `exclude_values`.
    ///
    /// # Errors
    /// If there is none, or more than one.
    pub fn read(arguments: &Arguments<'_>) -> Result<Self, ApiError> {
        let values = |name| match arguments.get(name) {
            None => Ok(None),
            Some(Value::Array(values)) => Ok(Some(values.clone())),
            Some(_) => Err(arguments.invalid(name, "must be an array")),
        };
        let given = [
            arguments.boolean("exists")?.map(Self::Exists),
            values("values")?.map(Self::Values),
            values("exclude_values")?.map(Self::ExcludeValues),
        ];
        let mut given = given.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(condition), None) => Ok(condition),
            _ => Err(arguments.invalid(
                "exists",
                "or one of `values` and `exclude_values` is required, and only one of them",
            )),
        }
    }
}

impl PropertyFilter {
    /// Reads `properties.<namespace>.<name>.<condition>` of a list's filters.
    ///
    /// # Errors
    /// If a condition is missing or wrong.
    pub fn read_all(filters: &Arguments<'_>) -> Result<Vec<Self>, ApiError> {
        let mut all = Vec::new();
        let Some(namespaces) = filters.object("properties")? else {
            return Ok(all);
        };
        for namespace in namespaces.names() {
            let names = namespaces.required_object(namespace)?;
            for name in names.names() {
                let condition = names.required_object(name)?;
                condition.allow(&["exists", "values", "exclude_values"])?;
                all.push(Self {
                    namespace: namespace.to_owned(),
                    name: name.to_owned(),
                    condition: Condition::read(&condition)?,
                });
            }
        }
        Ok(all)
    }

    /// Whether these properties are as the condition says.
    pub fn accepts(&self, properties: &Properties) -> bool {
        let value = properties
            .get(&self.namespace)
            .and_then(|names| names.get(&self.name));
        match &self.condition {
            Condition::Exists(wanted) => value.is_some() == *wanted,
            Condition::Values(values) => value.is_some_and(|value| values.contains(value)),
            Condition::ExcludeValues(values) => value.is_none_or(|value| !values.contains(value)),
        }
    }
}

/// A condition on a set of values: an agent among those of a thread, a tag among its tags.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetFilter {
    condition: Condition,
    require_every_value: bool,
}

impl SetFilter {
    /// Reads a condition, and whether all of its values are meant together.
    ///
    /// # Errors
    /// If there is no condition, or more than one.
    pub fn read(filters: &Arguments<'_>, name: &str) -> Result<Option<Self>, ApiError> {
        let Some(arguments) = filters.object(name)? else {
            return Ok(None);
        };
        arguments.allow(&["exists", "values", "exclude_values", "require_every_value"])?;
        Self::of(&arguments).map(Some)
    }

    /// Reads a condition from the object that holds it.
    ///
    /// # Errors
    /// If there is no condition, or more than one.
    pub fn of(arguments: &Arguments<'_>) -> Result<Self, ApiError> {
        let require_every_value = arguments.boolean("require_every_value")?.unwrap_or(false);
        let condition = Condition::read(arguments)?;
        Ok(Self {
            condition,
            require_every_value,
        })
    }

    /// Whether a set is as the condition says.
    pub fn accepts(&self, set: &[&str]) -> bool {
        let is_there = |value: &Value| match value {
            Value::String(text) => set.contains(&text.as_str()),
            other => set.contains(&other.to_string().as_str()),
        };
        let are_there = |values: &[Value]| {
            if self.require_every_value {
                values.iter().all(is_there)
            } else {
                values.iter().any(is_there)
            }
        };
        match &self.condition {
            Condition::Exists(wanted) => set.is_empty() != *wanted,
            Condition::Values(values) => are_there(values),
            Condition::ExcludeValues(values) => !are_there(values),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(condition: Condition, require_every_value: bool, set: &[&str]) -> bool {
        SetFilter {
            condition,
            require_every_value,
        }
        .accepts(set)
    }

    #[test]
    fn a_set_has_any_or_every_value_or_none() {
        let both = || vec![Value::from("a"), Value::from("b")];
        assert!(accepts(Condition::Values(both()), false, &["a"]));
        assert!(!accepts(Condition::Values(both()), true, &["a"]));
        assert!(accepts(Condition::Values(both()), true, &["b", "a"]));
        assert!(!accepts(Condition::ExcludeValues(both()), false, &["a"]));
        assert!(accepts(Condition::ExcludeValues(both()), true, &["a"]));
        assert!(accepts(Condition::Exists(false), false, &[]));
        assert!(!accepts(Condition::Exists(true), false, &[]));
    }
}
