//! Reading YAML so that every message can point at the very text it is about.
//!
//! - `input`: bytes to a source ([`add_source`], [`MAX_FILE_BYTES`])
//! - `parse`: events to a [`Node`] tree, whole ([`parse()`]) or item by item ([`parse_streaming`])
//! - `tree`: the nodes; `scalar`: what a plain one stands for
//! - `decode`: serde over the tree ([`Node::decode`], [`Decoder`]), and the types [`Text`],
//!   [`Entries`] and [`Data`], which remember their places
//! - `locate`: from a place in a value to the place in the file ([`locate()`])
//! - `schema`: what those types look like in a JSON Schema
//! - [`edit`]: keys set in the text of a file, all else left as it is
//! - [`format`](mod@format): a file in its canonical form
//! - `syntax` and `advice`: what is said of broken YAML and of what YAML does to people
//!   ([`comment_cut`])
//!
//! The codes of its diagnostics: `colon-in-text`, `comment-cut`, `duplicate-key`, `empty-file`,
//! `indentation`, `line-in-text`, `many-documents`, `missing-key`, `not-utf8`, `number-changes`,
//! `reserved-character`, `tab-indentation`, `too-deep`, `too-large`, `unclosed-bracket`,
//! `unclosed-quote`, `unknown-anchor`, `unknown-key`, `unknown-value`, `unquoted-expression`,
//! `unquoted-template`, `wrong-type`, `wrong-value`, `yaml-syntax`.
//!
//! It is the only module that names a YAML crate.

mod advice;
mod decode;
pub mod edit;
pub mod format;
mod input;
mod locate;
mod parse;
mod scalar;
mod schema;
mod syntax;
mod tree;

pub use advice::{comment_cut, written_in};
pub use decode::{
    Data, Decoder, EITHER, Entries, Hints, Meant, Misread, OneOrMany, Rest, Setting, Text,
};
pub use input::{MAX_FILE_BYTES, add_source};
pub use locate::locate;
pub use parse::{MAX_DEPTH, parse, parse_streaming};
pub use tree::{Entry, Key, Kind, Node, Scalar, Style};
