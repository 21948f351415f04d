//! Lists and mappings in brackets, on one line.

use super::part::{Group, Part, Shape};
use super::scalar::written;

/// A part on one line, as it stands in brackets; `None` if it is written in a way that is not laid
/// out anew.
pub(super) fn line(part: &Part, text: &str, in_flow: bool) -> Option<String> {
    if part.is_odd {
        return None;
    }
    let value = match &part.shape {
        Shape::Empty => String::new(),
        Shape::Scalar(style, value) if part.properties.is_empty() => {
            written(&text[part.at.clone()], *style, value, in_flow)
        }
        Shape::Alias | Shape::Scalar(..) => text[part.at.clone()].to_owned(),
        Shape::Group(group) => group_line(group, text)?,
    };
    let mut words = part.properties.clone();
    words.extend((!value.is_empty()).then_some(value));
    Some(words.join(" "))
}

pub(super) fn group_line(group: &Group, text: &str) -> Option<String> {
    let mut parts = Vec::with_capacity(group.children.len());
    for child in &group.children {
        let value = line(&child.value, text, true)?;
        parts.push(match &child.key {
            // A blank keeps the colon away from the name of an alias.
            Some(key) => format!("{}: {value}", line(key, text, true)?),
            None => value,
        });
    }
    let parts = parts.join(", ");
    Some(match (group.is_map, parts.is_empty()) {
        (true, true) => "{}".to_owned(),
        (true, false) => format!("{{ {parts} }}"),
        (false, _) => format!("[{parts}]"),
    })
}
