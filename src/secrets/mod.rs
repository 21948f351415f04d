//! What must not be shown: which values are secret, and how they are kept out of every text.
//!
//! - `names`: the names whose values are secret
//! - `store`: [`Secrets`], every secret of a run; masks texts and structures
//! - `search`: where they stand in a text
//! - `messages`: the parts of HTTP messages: learns the secrets in them, and covers them
//! - `forms`: the ways to write a secret: as it is, in base64, in hex
//! - `views`: texts with their percent- or JSON-escapes undone, and the way back
//! - `index`: finds many secrets in one pass over a text

mod forms;
mod index;
mod messages;
mod names;
mod search;
mod store;
mod views;

pub use names::{is_secret_field, is_secret_header, is_secret_name, is_secret_value};
pub use store::Secrets;
