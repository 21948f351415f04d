//! The browser step: from an authorize address to the redirect that carries its answer.
//!
//! There is more than one way there, and each ends with a [`Landing`]:
//!
//! - [`way`]: which one is taken, by what was asked for and what is possible
//! - [`direct`]: the server redirects by itself, as the sandbox does
//! - [`browser`]: the address is opened in the browser of this machine
//! - [`loopback`]: a listener gets the redirect to `http://127.0.0.1:PORT/…` (RFC 8252 §7.3)
//! - [`paste`]: a person copies the address that the browser ended on
//! - [`landing`]: where it ends, and what the answer says
//!
//! [`tokens`]: what a login keeps of it between runs

pub mod browser;
pub mod direct;
pub mod landing;
pub mod loopback;
pub mod paste;
pub mod tokens;
pub mod way;

pub use landing::{Landing, StateCheck};
