//! What people and programs get to see of a run.
//!
//! Reporters get events whose texts are masked already; they know neither the run nor its secrets.
//!
//! - [`reporter`]: what every reporter can do, and several of them as one
//! - [`console`]: the terminal
//! - [`junit`]: a file for CI, in the XML of JUnit
//! - [`target`]: a file that is written whole or not at all

pub mod console;
pub mod junit;
pub mod reporter;
pub mod target;
