//! The place of an edit in a document, and why there can be none.

/// One part of the way from the top of a document to a place in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// The value of a key.
    Key(String),
    /// An item of a list, counted from 0.
    Item(usize),
}

/// Why a text can't be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The text can't be read.
    #[error("it can't be read as YAML")]
    Unreadable,
    /// Nothing stands at the place, or something else than a mapping, `true` or nothing.
    #[error("there is no mapping to add to")]
    NoMapping,
    /// An alias or a merge brings the mapping in, so that an edit would change other places too.
    #[error("an alias or a merge brings it in")]
    Shared,
    /// It is written in a way that no edit here keeps the meaning of.
    #[error("it is written in a form that is not edited")]
    Form,
}
