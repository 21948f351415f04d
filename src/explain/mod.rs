//! What errors mean: those that lcrun gives and those that an API gives. Texts are data and not
//! code: a page of `docs/diagnostics.md`, an entry of a catalogue.
//!
//! - [`catalogue`]: the errors of an API, as a YAML file says them; `check`: what types can't state;
//!   `embedded`: the one of the LiveChat API
//! - [`fact`]: what a run can tell that makes a cause likely
//! - [`seen`]: what a response or an address carries that may be an error
//! - [`find`]: from what was seen to the entries that explain it
//! - [`explanation`]: an entry put into a few lines, for a report; [`article`]: all of it
//! - [`question`]: from what a person types to what it asks about
//! - [`pages`]: the page of each diagnostic code
//! - [`scopes`]: which scopes the calls of the LiveChat API need
//! - [`search`]: pages and entries by their words

pub mod article;
pub mod catalogue;
mod check;
mod embedded;
pub mod explanation;
pub mod fact;
pub mod find;
pub mod pages;
pub mod question;
pub mod scopes;
pub mod search;
pub mod seen;

pub use catalogue::Catalogue;
pub use embedded::livechat;
pub use explanation::Explanation;
pub use seen::Seen;
