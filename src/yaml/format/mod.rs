//! A file in its canonical form, comments and meaning as they were. It knows nothing of
//! collections: the order of keys comes from outside.
//!
//! - `layout`: from a text to its canonical form ([`format()`]), checked by reading it again
//! - `part`: the document as it is written, aliases and merges included; `read`: how it is read
//! - `comments`: what each comment belongs to
//! - `order`: the order of keys ([`Order`])
//! - `scalar`: quotes; `flow`: lists and mappings in brackets; `write`: lines

mod comments;
mod flow;
mod layout;
mod order;
mod part;
mod read;
mod scalar;
mod write;

pub use layout::{Unfit, format};
pub use order::Order;
pub use scalar::in_flow;
