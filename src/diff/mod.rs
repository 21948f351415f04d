//! What changed between two JSON documents, value by value, or between two texts, line by line.
//!
//! - [`exact`]: JSON that keeps every digit of its numbers, which [`crate::json`] does not; `read`
//!   and `number`: how
//! - [`change`]: one change, its path and its class
//! - [`value`]: the changes between two documents; `pairs`: which elements of two arrays belong
//!   together
//! - [`render`]: changes as lines for people; `words`: what changed in a long text
//! - [`text`]: a line diff
//! - `align`: the longest common sequence, within bounds
//!
//! All of it is bounded, so that two documents of a megabyte that have nothing in common are not
//! compared for minutes.

mod align;
pub mod change;
pub mod exact;
mod number;
mod pairs;
mod read;
pub mod render;
pub mod text;
pub mod value;
mod words;

pub use change::{Change, Class, Path, Segment};
pub use exact::Exact;
pub use render::lines;
pub use text::line_diff;
pub use value::diff;
