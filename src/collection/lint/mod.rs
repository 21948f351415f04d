//! Lints: what is no error but probably not meant, found before anything is sent.
//!
//! - `code`: [`Lint`], every warning that a step or a file may `allow`
//! - `told`: the warnings of a collection, those that are allowed left out

mod code;
mod told;

pub use code::Lint;
pub use told::{Allowed, silence};
