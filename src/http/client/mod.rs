//! The HTTP client: sends one [`Request`](super::message::Request) and gives the
//! [`Exchange`](super::message::Exchange), with its redirects, cookies and timings.
//!
//! It stands on `ureq`, and nothing outside this room names that crate.
//!
//! - `send`: [`Client`], the loop of one request: attempts, cookies, redirects
//! - `options`: [`ClientOptions`], what a run decides once
//! - `proxy`: [`ProxySettings`], which proxy a URL goes through
//! - `error`: [`SendError`], why there is no response, in words for a reader
//! - `interrupt`: [`Interrupter`], which ends a request from another thread
//! - `outgoing`: the head of a request as it goes over the wire
//! - `incoming`: the head and body of a response
//! - `redirect`: the request that follows a redirect
//! - `tap`: the watched connection; `trace`: what is known of the exchange on it: limits, times;
//!   `received`: what came back, as raw bytes
//! - `resolver`, `tcp`, `tls`: from a name to an address to a connection
//! - `classify`: what `ureq` reports as one of our errors

mod classify;
mod error;
mod incoming;
mod interrupt;
mod options;
mod outgoing;
mod proxy;
mod received;
mod redirect;
mod resolver;
mod send;
mod tap;
mod tcp;
mod tls;
mod trace;

pub use error::{ClientError, Phase, SendError, SendErrorKind, TlsProblem};
pub use interrupt::Interrupter;
pub use options::ClientOptions;
pub use outgoing::ACCEPT_ENCODING;
pub use proxy::ProxySettings;
pub use send::Client;
