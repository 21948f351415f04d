//! The values that a run begins with: what was given from outside, what the environment and the
//! sandbox bring, defaults and variables.
//!
//! - `choice`: [`Inputs`], who gives the value of each name
//! - `refusal`: [`Refusal`], why a run can't begin
//! - `fill`: the values worked out and put into the scope

mod choice;
mod fill;
mod refusal;

pub use choice::{Inputs, Resume, declared_type, given_captures};
pub use refusal::{Missing, Refusal, WrongType};
