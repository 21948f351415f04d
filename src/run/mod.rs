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
//! - [`job`]: what a run is given, and how it ends
//! - [`runner`]: the loop; `step`: the walk of one step; `begin`: what is told before the first
//! - [`interrupt`]: ending a run in order
//! - [`guide`]: what a run asks and tells a person
//! - [`dry`]: the requests as curl lines, nothing sent

mod begin;
pub mod checks;
pub mod dry;
pub mod guide;
pub mod inputs;
pub mod interrupt;
pub mod job;
pub mod outcome;
pub mod plan;
pub mod request;
pub mod runner;
pub mod snapshots;
mod step;
pub mod taint;
