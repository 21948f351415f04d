//! A person at the terminal: what is asked, a tutorial step by step, and what is kept between runs.

mod inputs;
mod state;
#[cfg(feature = "sandbox")]
mod tutorial;
