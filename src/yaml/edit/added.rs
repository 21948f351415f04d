//! What is added to a file: entries of a mapping, in braces or on lines of their own.

use std::fmt::Write as _;

use super::place::{Part, Unfit};

/// What is added: a text, or a mapping of such.
pub(super) enum Added {
    Text(String),
    Map(Vec<(String, Added)>),
}

impl Added {
    /// The entries under the keys on the way to them.
    pub(super) fn under(keys: &[Part], entries: &[(String, String)]) -> Result<Self, Unfit> {
        match keys {
            [] => {
                let texts = entries.iter().cloned();
                let texts = texts.map(|(key, value)| (key, Added::Text(value)));
                Ok(Added::Map(texts.collect()))
            }
            [Part::Key(key), rest @ ..] => {
                let inner = Added::under(rest, entries)?;
                Ok(Added::Map(vec![(key.clone(), inner)]))
            }
            // Lists are gone through where they are, and never made.
            [Part::Item(_), ..] => Err(Unfit::NoMapping),
        }
    }

    pub(super) fn flow(&self, pad: &str) -> String {
        match self {
            Added::Text(text) => quoted(text),
            Added::Map(_) => format!("{{{pad}{}{pad}}}", self.flow_entries(pad)),
        }
    }

    /// The entries of a mapping in braces, without the braces.
    pub(super) fn flow_entries(&self, pad: &str) -> String {
        match self {
            Added::Text(text) => quoted(text),
            Added::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", quoted(key), value.flow(pad)));
                entries.collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// The entries on lines of their own.
    pub(super) fn lines(&self, indent: usize, unit: usize) -> Vec<String> {
        let Added::Map(entries) = self else {
            return Vec::new();
        };
        let blanks = " ".repeat(indent);
        let mut lines = Vec::new();
        for (key, value) in entries {
            let key = quoted(key);
            match value {
                Added::Text(text) => lines.push(format!("{blanks}{key}: {}", quoted(text))),
                Added::Map(_) => {
                    lines.push(format!("{blanks}{key}:"));
                    lines.extend(value.lines(indent + unit, unit));
                }
            }
        }
        lines
    }
}

/// A scalar that is this text wherever it stands: plain where no reader of YAML, of 1.1 neither,
/// could take it for anything else.
pub(super) fn quoted(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    // A dollar begins a JSONPath, which is plain as long as it has no brackets.
    let name = text.strip_prefix("$.").unwrap_or(text);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .trim_end_matches('?')
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if is_name && !WORDS.contains(&text.to_ascii_lowercase().as_str()) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                write!(quoted, "\\u{:04x}", u32::from(c)).expect("a string takes any text");
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
