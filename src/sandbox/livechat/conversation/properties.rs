//! Properties of chats, threads and events: reading them from a request, setting and deleting them.

use serde_json::Value;

use crate::sandbox::livechat::chats::Properties;
use crate::sandbox::livechat::web_api::{ApiError, Arguments};

/// Reads `{namespace: {name: value}}`; nothing given is nothing.
///
/// # Errors
/// If it has another shape, or a value is no string, number or boolean.
pub fn read(arguments: &Arguments<'_>, name: &str) -> Result<Properties, ApiError> {
    let mut properties = Properties::new();
    let Some(namespaces) = arguments.object(name)? else {
        return Ok(properties);
    };
    for namespace in namespaces.names() {
        let names = namespaces.required_object(namespace)?;
        for (name, value) in names.raw() {
            if !matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_)) {
                return Err(names.invalid(name, "must be a string, a number or a boolean"));
            }
            let set = properties.entry(namespace.to_owned()).or_default();
            set.insert(name.clone(), value.clone());
        }
    }
    Ok(properties)
}

/// Reads `{namespace: [name]}`: which properties to delete.
///
/// # Errors
/// If it is missing or has another shape.
pub fn read_names(arguments: &Arguments<'_>) -> Result<Vec<(String, String)>, ApiError> {
    let namespaces = arguments.required_object("properties")?;
    let mut names = Vec::new();
    for namespace in namespaces.names() {
        let listed = namespaces
            .strings(namespace, usize::MAX)?
            .unwrap_or_default();
        names.extend(
            listed
                .iter()
                .map(|name| (namespace.to_owned(), (*name).to_owned())),
        );
    }
    Ok(names)
}

/// Sets properties; those that are not named stay.
pub fn set(properties: &mut Properties, given: Properties) {
    for (namespace, names) in given {
        properties.entry(namespace).or_default().extend(names);
    }
}

/// Deletes properties, and a namespace with its last one.
pub fn delete(properties: &mut Properties, names: &[(String, String)]) {
    for (namespace, name) in names {
        if let Some(set) = properties.get_mut(namespace) {
            set.remove(name);
            if set.is_empty() {
                properties.remove(namespace);
            }
        }
    }
}
