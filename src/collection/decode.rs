//! Parts of a file as types: its steps, and what files share.

use serde::de::DeserializeOwned;

use super::hints;
use super::model::{
    Defaults, Environment, Gaps, Head, Input, LongInput, Name, Shared, Step, StepSpec,
};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Sources, Spanned};
use crate::yaml::{Data, Decoder, Entries, Node, Rest, Text};

/// The top-level lists whose items are decoded one by one.
pub(super) const LISTS: [&str; 2] = ["steps", "finally"];

impl Gaps {
    /// Notes what a step would have captured that could not be decoded.
    pub(super) fn captures_of(&mut self, step: &Node) {
        let captures = step.get("capture").map_or(&[][..], Node::entries);
        self.captures
            .extend(captures.iter().map(|entry| entry.key.name.to_string()));
        for inner in step.get("steps").map_or(&[][..], Node::items) {
            self.captures_of(inner);
        }
    }
}

/// Decodes the keys of a file but for its steps and what files share.
pub(super) fn decode_head(root: &Node, sources: &Sources, diagnostics: &mut Diagnostics) -> Head {
    let decoder = Decoder::new(sources, "").hints(hints::FILE);
    let head = decode_named(&decoder, root, diagnostics).map(|rest| rest.value);
    // A broken head is told already; the steps are checked all the same.
    head.unwrap_or_else(|| Head::unreadable(root.span))
}

/// Decodes a step; `fallback` is its id where its name gives none.
pub(super) fn decode_step(
    node: &Node,
    fallback: &str,
    what: &str,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Step> {
    let decoder = Decoder::new(sources, what).hints(hints::STEP);
    let spec: Option<Rest<StepSpec>> = decode_named(&decoder, node, diagnostics);
    let mut steps = Vec::new();
    let mut lacks_steps = false;
    if let Some(list) = node.get("steps") {
        if list.is_list() {
            for (index, item) in list.items().iter().enumerate() {
                let what = format!("{what}.steps[{index}]");
                let fallback = format!("{fallback}_{}", index + 1);
                steps.extend(decode_step(item, &fallback, &what, sources, diagnostics));
            }
            lacks_steps = steps.len() < list.items().len();
        } else {
            wrong_list("steps", list, diagnostics);
            lacks_steps = true;
        }
    }
    let Rest {
        value: spec,
        is_whole,
        is_misspelt,
    } = spec?;
    let id = match &spec.id {
        Some(id) => id.value.as_str().into(),
        None => default_id(&spec.name.value).unwrap_or_else(|| fallback.into()),
    };
    let keys = node.entries().iter();
    let keys = keys.map(|entry| (entry.key.name.as_ref().into(), entry.key.span));
    Some(Step {
        spec,
        id,
        steps,
        keys: keys.collect(),
        place: node.span,
        is_whole: is_whole && !is_misspelt && !lacks_steps,
    })
}

/// Decodes what must have a `name` as far as it fits; what else is wrong is found though it has none.
fn decode_named<T: DeserializeOwned>(
    decoder: &Decoder<'_>,
    node: &Node,
    diagnostics: &mut Diagnostics,
) -> Option<Rest<T>> {
    decoder.decode_rest(node, diagnostics).or_else(|| {
        let named = node.is_map().then(|| node.with_text("name", ""))?;
        let rest = decoder.decode_rest(&named, &mut Diagnostics::default())?;
        Some(Rest {
            is_whole: false,
            ..rest
        })
    })
}

fn wrong_list(key: &str, node: &Node, diagnostics: &mut Diagnostics) {
    let help = "write each step as an item: `- name: …`";
    tell_wrong("a list", key, node, diagnostics, help);
}

/// Tells that a part of the file has the wrong type, unless that it is broken was told.
fn tell_wrong(expected: &str, what: &str, node: &Node, diagnostics: &mut Diagnostics, help: &str) {
    if !node.is_broken() {
        let message = format!(
            "expected {expected} for `{what}`, found {}",
            node.described()
        );
        diagnostics.push(Diagnostic::error("wrong-type", message, node.span).help(help));
    }
}

/// The name of a step in `snake_case`, if that makes an id.
pub(super) fn default_id(name: &str) -> Option<Box<str>> {
    let mut id = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            id.push(c.to_ascii_lowercase());
        } else if !id.is_empty() && !id.ends_with('_') {
            id.push('_');
        }
    }
    let id = id.trim_end_matches('_');
    id.starts_with(|c: char| c.is_ascii_lowercase())
        .then(|| id.into())
}

/// Decodes what files share.
pub(super) fn decode_shared(
    root: &Node,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Shared {
    let mut shared = Shared::default();
    for key in LISTS {
        if let Some(node) = root.get(key).filter(|node| !node.is_list()) {
            wrong_list(key, node, diagnostics);
        }
    }
    if let Some(node) = given(root, "inputs") {
        each(
            node,
            "inputs",
            diagnostics,
            &mut |name, node, what, diagnostics| {
                let input = decode_input(node, what, sources, diagnostics);
                shared.inputs.extend(input.map(|input| (name, input)));
            },
        );
    }
    if let Some(node) = given(root, "environments") {
        each(
            node,
            "environments",
            diagnostics,
            &mut |name, node, what, diagnostics| {
                let environment = decode_environment(node, what, sources, diagnostics);
                shared.environments.extend(environment.map(|it| (name, it)));
            },
        );
    }
    if let Some(node) = given(root, "variables") {
        let variables: Option<Entries<Data>> = decode(node, "variables", sources, diagnostics);
        shared.variables = variables.map(|entries| entries.0).unwrap_or_default();
    }
    if let Some(node) = given(root, "secrets") {
        let secrets: Option<Vec<Text>> = decode(node, "secrets", sources, diagnostics);
        shared.secrets = secrets.unwrap_or_default();
    }
    if let Some(node) = given(root, "defaults") {
        let defaults: Option<Defaults> = Decoder::new(sources, "defaults")
            .hints(hints::STEP)
            .decode(node, diagnostics);
        shared.defaults.extend(defaults);
    }
    shared
}

/// Decodes a part of the file outside of its steps.
fn decode<T: DeserializeOwned>(
    node: &Node,
    what: &str,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    Decoder::new(sources, what)
        .hints(hints::FILE)
        .decode(node, diagnostics)
}

/// The value of a key, if it is there and not `null`.
fn given<'n>(root: &'n Node, key: &str) -> Option<&'n Node> {
    root.get(key).filter(|node| !node.is_null())
}

/// Calls `take` with each entry of a mapping: its name, value and what messages call it.
fn each(
    node: &Node,
    key: &str,
    diagnostics: &mut Diagnostics,
    take: &mut dyn FnMut(Name, &Node, &str, &mut Diagnostics),
) {
    if !node.is_map() {
        let help = "write each as `name: …`";
        tell_wrong("a mapping", key, node, diagnostics, help);
    }
    for entry in node.entries() {
        let name = Spanned {
            value: entry.key.name.to_string(),
            span: entry.key.span,
        };
        let what = format!("{key}.{}", entry.key.name);
        take(name, &entry.value, &what, diagnostics);
    }
}

/// `name: default`, `name:` or `name: {description, default, type}`.
fn decode_input(
    node: &Node,
    what: &str,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Input> {
    if node.is_map() {
        let long: LongInput = decode(node, what, sources, diagnostics)?;
        return Some(Input {
            description: long.description,
            default: long.default,
            kind: long.r#type,
        });
    }
    Some(Input {
        default: Some(decode(node, what, sources, diagnostics)?),
        ..Input::default()
    })
}

/// `sandbox`, `snapshots`, and values for inputs.
fn decode_environment(
    node: &Node,
    what: &str,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Environment> {
    let mut environment = Environment::default();
    if node.is_null() {
        return Some(environment);
    }
    if !node.is_map() {
        let help = "write each value as `input: value`, or `sandbox: livechat`";
        tell_wrong("a mapping", what, node, diagnostics, help);
        return None;
    }
    for entry in node.entries() {
        let what = format!("{what}.{}", entry.key.name);
        match &*entry.key.name {
            "sandbox" => environment.sandbox = decode(&entry.value, &what, sources, diagnostics),
            "snapshots" => {
                let on = decode(&entry.value, &what, sources, diagnostics);
                environment.snapshots = on.unwrap_or_default();
            }
            key if key.starts_with("x-") => {}
            key => {
                let name = Spanned {
                    value: key.to_owned(),
                    span: entry.key.span,
                };
                let value: Option<Data> = decode(&entry.value, &what, sources, diagnostics);
                environment.values.extend(value.map(|value| (name, value)));
            }
        }
    }
    Some(environment)
}

#[cfg(test)]
mod tests {
    use super::default_id;

    #[test]
    fn an_id_is_the_name_in_snake_case() {
        assert_eq!(default_id("List chats").as_deref(), Some("list_chats"));
        assert_eq!(default_id("  Who am I?").as_deref(), Some("who_am_i"));
        assert_eq!(default_id("日本"), None);
        assert_eq!(default_id("2nd try"), None);
    }
}
