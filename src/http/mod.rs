//! HTTP as lcrun sees it.
//!
//! - [`message`]: requests, responses and what happened between them, as plain data
//! - [`cookies`]: the cookies that servers set
//! - [`client`]: sends requests; the only room that names `ureq` and `rustls`
//! - [`curl`]: a request as a curl command line

pub mod client;
pub mod cookies;
pub mod curl;
pub mod message;
