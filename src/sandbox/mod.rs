//! The embedded sandbox: a LiveChat look-alike on a loopback port, so that every tutorial runs without an account.
//!
//! - `server` owns the sockets: one thread, one listener on 127.0.0.1, limits on what a client may send.
//! - `livechat` owns the behaviour: plain functions from a request and the state to a response.
//!
//! It imports nothing of the rest of the crate, so that it could be a program of its own.

mod livechat;
mod server;

pub use server::{Options, Sandbox, Setup, Stopper};
