//! The authorization system as agents and their apps meet it.
//!
//! A browser comes to [`authorize`], which reads a [`wish`], may show one of the [`pages`] or ask for a
//! [`login`], and [`approve`]s it; an app comes to [`token`] (in its first version: [`legacy`]).
//! [`inspect`] tells what a token is, [`revoke`] ends it, [`sessions`] are those of the browser.

mod approve;
mod authorize;
mod inspect;
mod legacy;
mod login;
mod pages;
mod revoke;
mod routes;
mod sessions;
mod token;
mod wish;

pub use inspect::{bearer, subject};
pub use routes::handle;
