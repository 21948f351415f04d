//! The state of a run in a file, for `--state`.
//!
//! - [`open`]: the state that a call begins with, and whether it fits the collection
//! - [`mod@file`]: how it is written down
//! - [`seal`]: secrets under a passphrase

pub mod file;
pub mod open;
pub mod seal;
