//! Requests and responses as plain data, and the ways in which a request carries values:
//! [`Parameters`] of the accounts API, [`multipart`] uploads. JSON of the Web APIs is read in `web_api`.

mod message;
pub mod multipart;
mod parameters;

pub use message::{Delivery, Request, Response, escape};
pub use parameters::{Malformed, Parameters, address};
