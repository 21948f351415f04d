//! A listener on the loopback interface that a browser is redirected to (RFC 8252 §7.3 and §8.3).
//!
//! It is made for one answer: 127.0.0.1 only, one path, one shot, and then the port is closed. It
//! stands on `std::net` and `httparse`, so that it is there without the sandbox and its runtime.
//!
//! - `address`: which redirect URIs are on this machine, and their port
//! - `listener`: the socket, the connections, and who of them brings the answer
//! - `wire`: one request read within limits, one response written
//! - `page`: what the browser shows

mod address;
mod listener;
mod page;
mod wire;

pub use address::LoopbackUri;
pub use listener::{BindError, Expected, Listener, Stopper, WaitError, Waiting};
