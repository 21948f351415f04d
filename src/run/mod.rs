//! Performing a collection.
//!
//! ```text
//! Collection ─ plan ─▶ the steps to run
//!     inputs ────────▶ Scope: the values that templates see
//!     runner: for each step, walk by walk
//!         request ───▶ Request ─ http ─▶ Exchange
//!         checks ────▶ captures into the Scope, Problems
//!         outcome ───▶ StepOutcome, masked ─▶ Event ─▶ reporters
//! ```
//!
//! - [`plan`]: which steps run, and how they are called
//! - [`inputs`]: the values that a run begins with
//! - [`request`]: a `RequestSpec` rendered to a `Request`
//! - [`checks`]: the status check, asserts and captures of a step
//! - [`snapshots`]: its response compared with the snapshot
//! - [`taint`]: secrets found in what was sent and received
//! - [`outcome`]: a step's end, masked for the reporters
//! - [`state`]: what is kept of a run for the next one
//! - [`job`]: what a run is given, and how it ends
//! - `memory`: what is remembered of tokens and codes; `facts`: what that says of a request;
//!   `explain`: what the error of an answer means
//! - [`runner`]: the loop; `step`: the walk of one step, `authorize` that of a browser step;
//!   `begin`: what is told before the first
//! - [`interrupt`]: ending a run in order
//! - [`guide`]: what a run asks and tells a person
//! - `tour`: a run step by step; `desk`: its values and requests as a person sees them between
//! - [`dry`]: the requests as curl lines, nothing sent

mod authorize;
mod begin;
pub mod checks;
mod desk;
pub mod dry;
mod explain;
mod facts;
pub mod guide;
pub mod inputs;
pub mod interrupt;
pub mod job;
pub mod login;
mod memory;
pub mod outcome;
pub mod plan;
pub mod request;
pub mod runner;
pub mod snapshots;
pub mod state;
mod step;
pub mod taint;
mod tour;
