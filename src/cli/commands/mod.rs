//! The commands, one file each.
//!
//! - [`run`]: run collections
//! - [`check`]: find what is wrong with collections
//! - [`record`]: find out what changes from run to run, and write redactions
//! - [`review`]: look at pending snapshots one by one
//! - [`accept`], [`reject`], [`pending`]: the same without a terminal
//! - [`login`], [`logout`]: keep tokens between runs, and forget them
//! - [`new`]: write a tutorial that comes with lcrun
//! - [`explain`]: what a code or an error of an API means
//! - [`fmt`]: write collections in their canonical form
//! - [`schema`]: the JSON Schema of collections; [`completions`]: the completions of a shell
//! - [`sandbox`]: the embedded server in the foreground

pub mod accept;
pub mod check;
pub mod completions;
pub mod explain;
pub mod fmt;
pub mod login;
pub mod logout;
pub mod new;
pub mod pending;
pub mod record;
pub mod reject;
pub mod review;
pub mod run;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod schema;
pub mod token;
