//! A collection: the YAML file that a person writes.
//!
//! - [`model`]: the file as types: what may stand where
//! - [`request`]: a request as it is written; [`merged`]: how defaults are merged into it
//! - [`load`]: paths to collections, `extends` resolved; `decode`: the parts of a file as types
//! - [`check`]: the rules that types can't state, each with its message
//! - [`schema`]: the JSON Schema of all that, for editors
//! - [`format`](mod@format): the order of its keys
//! - `foreign`: files that are no collection at all: a Postman one, a command, a list
//! - `hints`: what the format knows of its keys, for the help in messages
//! - `meant`: what a value of the wrong type was meant to be
//! - [`lint`]: what is no error but probably not meant, and `allow`
//! - [`flow`]: which step uses which names, and what those are worked out from
//! - [`names`]: which names are known where, so that a misspelt one is found before anything is sent
//! - [`written`]: the secrets that stand in a file, whether or not it can be used
//! - `keys`: keys that a value lacks for certain
//! - [`keep`]: what is kept between runs, and the steps that bring it

pub mod check;
mod decode;
pub mod flow;
mod foreign;
pub mod format;
mod hints;
pub mod keep;
mod keys;
pub mod lint;
pub mod load;
mod meant;
pub mod merged;
pub mod model;
pub mod names;
pub mod request;
pub mod schema;
pub mod written;
