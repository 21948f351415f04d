//! What keys have in common.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::source::Spanned;

/// A key and where it was written.
pub type Name = Spanned<String>;

/// The entry of this name.
pub fn named<'e, T>(entries: &'e [(Name, T)], name: &str) -> Option<&'e (Name, T)> {
    entries.iter().find(|(key, _)| key.value == name)
}

/// A key that a later version will know; only its place is kept, for the message.
pub type Later = Option<Spanned<NotYet>>;

/// The value of a key that a later version will know. Whatever it is, it is refused.
#[derive(Debug, Clone, Copy)]
pub struct NotYet;

impl<'de> Deserialize<'de> for NotYet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| NotYet)
    }
}

/// A key that may be left out but not be empty: `request:` with nothing behind it is a mistake.
pub(in crate::collection) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}
