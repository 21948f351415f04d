//! The walk of a browser step: render → a way to the answer → what the redirect says → checks.
//!
//! - `walk`: the step from its beginning to its end
//! - `errand`: what is asked for, and the port that its answer comes back to
//! - `person`: the ways on which a person takes part
//! - `trouble`: why there is no answer, in words

mod errand;
mod person;
mod trouble;
mod walk;
