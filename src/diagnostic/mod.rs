//! What is wrong with a file the user wrote, and how it is told.
//!
//! - `model`: a [`Diagnostic`], which only remembers places
//! - `list`: all that is wrong with the files of a call
//! - `names`: the name that was meant, and lists of names
//! - `vocabulary`: names that become more on the way, for many misspelt ones
//! - `tell`: a diagnostic as a text, in one of the [`Format`]s, without secrets
//! - `human`, `short`, `json`: the formats
//! - `window`: the lines of a file that are shown; only there are places clamped to the text

mod human;
mod json;
mod list;
mod model;
mod names;
mod short;
mod tell;
mod vocabulary;
mod window;

pub use list::Diagnostics;
pub use model::{Applicability, Diagnostic, Fix, Label, Severity};
pub use names::{closest, list};
pub use tell::Format;
pub use vocabulary::Vocabulary;
