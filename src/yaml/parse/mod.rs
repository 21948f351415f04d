//! From the parser's events to the tree.
//!
//! - `document`: the one document of a file, whole or item by item
//! - `builder`: nodes, lists and the limit of depth
//! - `mapping`: keys, duplicates and merges; `scalars`: texts and tags; `anchors`: aliases

mod anchors;
mod builder;
mod document;
mod mapping;
mod scalars;

pub use builder::MAX_DEPTH;
pub use document::{parse, parse_streaming};
pub(super) use scalars::block_range;
