//! What YAML does to people, and what to type instead.
//!
//! - `broken`: rules for text that YAML can't read for want of quotes, and the table of all rules
//!   about broken text
//! - `escape`: the rule for escapes in double quotes
//! - `layout`: rules for lines that stand where they can't
//! - `stray`: rules for what got into a file by accident
//! - `misread`: rules for text that YAML reads, but as something else than was meant
//! - `line`: what can be told of a line without a parser

mod broken;
mod escape;
mod layout;
mod line;
mod misread;
mod stray;

pub(super) use broken::{Broken, advice};
pub use line::written_in;
pub(super) use line::{glued_key, line_at, quote, shorten, value_at};
pub use misread::comment_cut;
pub(super) use misread::{Wanted, explain};
