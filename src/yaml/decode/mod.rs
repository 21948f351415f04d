//! Serde over the tree.
//!
//! - `decoder`: the way in, and what all values of one call share
//! - `value`: a node as serde's deserializer; `entries`: its keys and items; `choice`: enums;
//!   `unknown`: keys that no struct knows
//! - `setting`: a key that may be left out, taken away or given
//! - `typed`: types that remember their places; `parts`: how they get them through serde
//! - `hints`: what a format knows of its keys
//! - `mistake`: what goes wrong, and the words for it; `blame`: where it is shown; `path`: the way
//!   to it

mod blame;
mod choice;
mod decoder;
mod entries;
mod hints;
mod mistake;
mod parts;
mod path;
mod setting;
mod typed;
mod unknown;
mod value;

pub use decoder::{Decoder, Rest};
pub use hints::{Hints, Meant, Misread};
pub use setting::Setting;
pub use typed::{Data, EITHER, Entries, OneOrMany, Text};
