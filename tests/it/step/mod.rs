//! A person at the terminal: what is asked, a tutorial step by step, and what is kept between runs.

mod inputs;
#[cfg(feature = "sandbox")]
mod tutorial;
