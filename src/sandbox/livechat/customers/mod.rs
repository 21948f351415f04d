//! The authorization system as customers meet it: how they get tokens and keep their identity.
//!
//! [`routes`] lists the addresses; [`grants`] are the three ways to a token, [`cookies`] the memory of a
//! browser, [`transfer`] takes an identity to another device, [`inspect`] tells what a token is and ends it.
//! All errors are 401 with `oauth_exception`, as the API's description has no other.

mod cookies;
mod grants;
mod inspect;
mod routes;
mod transfer;

pub use routes::{handle, owns};
