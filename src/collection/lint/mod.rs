//! Lints: what is no error but probably not meant, found before anything is sent.
//!
//! - `code`: [`Lint`], every warning that a step or a file may `allow`
//! - `told`: the warnings of a collection, those that are allowed left out
//! - `look`: goes through a collection once and shows every family its steps ([`check`])
//! - `unused`, `hidden`: names that nobody uses, or that get another meaning
//! - `reach`: steps that never run, and names that may be missing
//! - `comparison`: asserts that are always true
//! - `exposed`: secrets in URLs and over plain HTTP; `address`: the constant part of a URL
//! - `literal`: what a text holds that nobody meant to send; `slots`: where such texts stand
//! - `outside`: the same of values that come from outside ([`given`])
//! - `shapes`: what placeholders, tokens and credentials look like

mod address;
mod code;
mod comparison;
mod exposed;
mod hidden;
mod literal;
mod look;
mod outside;
mod reach;
mod shapes;
mod slots;
mod told;
mod unused;

pub use code::Lint;
pub use literal::{credentials, written_secrets};
pub use look::check;
pub use outside::{Doubt, given};
pub use shapes::{is_pat_name, placeholder};
pub use told::{Allowed, silence};
