//! The way from the decoded node to a value in it, as messages show it.

use std::fmt;

use crate::yaml::advice::shorten;
use crate::yaml::tree::Key;

/// The way from the decoded node to a value in it.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    pub(super) parent: Option<&'a Path<'a>>,
    pub(super) step: Step<'a>,
}

/// One part of the way.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    /// The value as a whole, and what it is called.
    Root(&'a str),
    /// The value of a key.
    Key(&'a Key),
    /// An item of a list, counted from 0.
    Item(usize),
}

/// As in `steps[2].request.headers["X-Id"]`.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        let is_word = |name: &str| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        match self.step {
            Step::Root(what) => f.write_str(what),
            Step::Item(index) => write!(f, "[{index}]"),
            Step::Key(key) if !is_word(&key.name) => write!(f, "[\"{}\"]", shorten(&key.name)),
            Step::Key(key) if self.is_first() => f.write_str(&key.name),
            Step::Key(key) => write!(f, ".{}", key.name),
        }
    }
}

impl Path<'_> {
    /// Whether it is a key of the whole file, or the whole value.
    pub(super) fn is_first(&self) -> bool {
        matches!(
            self.parent.map(|parent| parent.step),
            None | Some(Step::Root(""))
        )
    }

    /// Whether it is the whole file.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.step, Step::Root(""))
    }

    /// The name of the value: its key, or the last name of what the root is called. Items have none.
    pub(super) fn last_name(&self) -> Option<&str> {
        match self.step {
            Step::Key(key) => Some(&key.name),
            Step::Root(what) => {
                let name = what.rsplit('.').next().unwrap_or(what);
                Some(name).filter(|name| !name.is_empty() && !name.ends_with(']'))
            }
            Step::Item(_) => None,
        }
    }

    /// The key that holds the value, if it is not an item or the root.
    pub(super) fn key(&self) -> Option<&Key> {
        match self.step {
            Step::Key(key) => Some(key),
            _ => None,
        }
    }
}
