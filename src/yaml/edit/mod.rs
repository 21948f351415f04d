//! Setting keys of a mapping in the text of a file. Everything else stays byte for byte: comments,
//! quotes, blank lines, line ends.
//!
//! - `place`: where an edit is ([`Part`]), and why there can be none ([`Unfit`])
//! - `set`: what changes in the text ([`set()`])
//! - `layout`: how the text is laid out: where parts end, what is in braces, indentation
//! - `added`: what is put there, in the style of what is around it
//! - `comparison`: the new text must mean the same but for the new keys

mod added;
mod comparison;
mod layout;
mod place;
mod set;

pub use place::{Part, Unfit};
pub use set::set;
