//! The sandbox's sockets; what is answered is decided by [`super::livechat`]. The only place that names hyper,
//! tokio and what TLS is made of.
//!
//! - [`running`] starts a sandbox in a thread of its own and stops it; [`setup`] is what can be chosen.
//! - [`connection`] serves a connection: HTTP/1 with limits, to the end of what the client sends.
//! - [`tls`] makes the certificates for HTTPS.

mod connection;
mod running;
mod setup;
mod tls;

pub use running::{Sandbox, Stopper};
pub use setup::{Options, Setup};
