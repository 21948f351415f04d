//! From several recordings of one step to the rules that make them equal: which values change from
//! run to run, and what kind each is of. Where rules are written is no business of this module.
//!
//! - `suggestion`: recordings in, rules out
//! - `walk`: several documents gone through at once; `path`: the way to a value
//! - `guess`: the kind that some values have in common

mod guess;
mod path;
mod suggestion;
mod walk;

pub use suggestion::{Body, Naming, Recording, Rule, Section, Suggestion, suggest};
