//! A key that a step or a default may leave out, take away or give: [`Setting`].

use serde::{Deserialize, Deserializer};

/// A key that may come from a default: left out, taken away, or given. It is decoded with
/// `#[serde(default)]`.
#[derive(Debug, Clone, Default)]
pub enum Setting<T> {
    /// The key is not there: the default counts.
    #[default]
    Absent,
    /// The key is `null`: no default counts.
    Removed,
    /// The value.
    Given(T),
}

impl<T> Setting<T> {
    /// The value, if there is one.
    pub fn given(&self) -> Option<&T> {
        match self {
            Setting::Given(value) => Some(value),
            Setting::Absent | Setting::Removed => None,
        }
    }

    /// Whether the key is there at all, `null` included.
    pub fn is_set(&self) -> bool {
        !matches!(self, Setting::Absent)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Setting<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<T>::deserialize(deserializer)? {
            Some(value) => Setting::Given(value),
            None => Setting::Removed,
        })
    }
}
