//! Reading YAML.
//!
//! - `model`: a format much like that of collections, to decode into
//! - `broken`: text that YAML can't read, or reads as something else, and what is said of it
//! - `decode`: what values decode to, and what is said of those that don't fit
//! - `edit`: keys that are set in the text of a file
//! - `limits`: bombs, depth, size and streaming
//! - `mutations`: damaged collections, which must never bring a panic or a message without a place

mod broken;
mod decode;
mod edit;
mod limits;
mod model;
pub(crate) mod mutations;
