//! The way to a value, as a rule calls it.

use std::fmt::{self, Write as _};

/// The way from the top of a document to a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Path(pub(super) Vec<Part>);

#[derive(Debug, Clone)]
pub(super) enum Part {
    Key(Box<str>),
    Index(usize),
    /// Every element of an array.
    Any,
}

impl Path {
    /// The field that the value is of, where a rule can call it by its name alone.
    pub(super) fn field(&self) -> Option<&str> {
        match self.0.last() {
            Some(Part::Key(key)) if !key.starts_with('$') && !key.starts_with("headers.") => {
                Some(key)
            }
            _ => None,
        }
    }

    /// The path to the same place in every element of each array.
    pub(super) fn any_element(&self) -> Self {
        let parts = self.0.iter().map(|part| match part {
            Part::Index(_) => Part::Any,
            part => part.clone(),
        });
        Self(parts.collect())
    }

    pub(super) fn then(&self, part: Part) -> Self {
        Self([self.0.as_slice(), &[part]].concat())
    }
}

/// A `JSONPath` (RFC 9535).
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('$')?;
        for part in &self.0 {
            match part {
                Part::Index(index) => write!(f, "[{index}]")?,
                Part::Any => f.write_str("[*]")?,
                Part::Key(key) if is_short(key) => write!(f, ".{key}")?,
                Part::Key(key) => {
                    f.write_str("['")?;
                    for c in key.chars() {
                        match c {
                            '\'' | '\\' => write!(f, "\\{c}")?,
                            c if c.is_ascii_control() => write!(f, "\\u{:04x}", u32::from(c))?,
                            c => f.write_char(c)?,
                        }
                    }
                    f.write_str("']")?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a key can stand behind a dot (RFC 9535 §2.5.1, in ASCII alone).
fn is_short(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
