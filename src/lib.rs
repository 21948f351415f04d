//! lcrun: a tutorial you can run.
//!
//! A collection is a YAML file of prose, steps and requests. lcrun performs it against a real
//! server, carries values from one response into the next request, and checks what it was told to
//! check. This page is the map of how.
//!
//! # The walk of a step
//!
//! ```text
//! YAML text ── yaml ──▶ nodes that know their bytes
//!           ── collection::load ──▶ Collection of Steps, whose texts remember where they stand
//!           ── collection::check ──▶ Diagnostics: everything that is wrong, before anything is sent
//!           ── run::plan ──▶ Plan: the steps to run
//! a step    ── run::request ──▶ Request, rendered from the RequestSpec and its defaults
//!           ── http::client ──▶ Exchange: request as sent, response, timings
//!           ── run::checks ──▶ captures for later steps, and what is wrong
//!           ── run::outcome ──▶ StepOutcome, masked
//!           ── event ──▶ reporters
//! ```
//!
//! Forward only: nothing reaches back.
//!
//! # The layers
//!
//! The modules below are listed from the lowest layer to the highest; a module imports only lower
//! ones, which a test checks. `report` imports only `ansi`, `atomic_file`, `source`, `diagnostic`,
//! `http`'s messages and `event`: what it gets is masked already, so that no reporter can leak a secret.
//!
//! # Words
//!
//! - **collection**: a file; **step**: an item of it, which does at most one thing
//! - **spec**: as it is written, with templates; **request**: rendered; **exchange**: it happened;
//!   **outcome**: it was judged
//! - **input**: may be given from outside; **variable**: worked out from inputs; **capture**: kept
//!   from a response
//! - **environment**: a named set of values; **sandbox**: the embedded server
//! - **tainted**: a value that is secret from the moment it is seen; **masked**: what is printed of it

pub mod ansi;
pub mod atomic_file;
pub mod hex;

pub mod json;
pub mod pattern;
pub mod private;
pub mod secrets;
pub mod source;

pub mod kinds;
#[cfg(feature = "sandbox")]
pub mod sandbox;

pub mod diff;
pub mod http;

pub mod diagnostic;

pub mod yaml;

pub mod variables;

pub mod template;

pub mod explain;
pub mod snapshot;

pub mod collection;

pub mod event;

pub mod authorize;

pub mod run;

pub mod report;

pub mod cli;
