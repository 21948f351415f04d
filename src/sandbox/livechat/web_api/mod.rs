//! What the Web APIs have in common: [`error`]s, JSON [`arguments`], [`version`]s, the [`caller`] and
//! what is checked before any method runs; [`paging`] is how a list is asked for.

mod arguments;
mod caller;
mod error;
mod paging;
mod version;

pub use arguments::{Arguments, read_object};
pub use caller::{Caller, admit, authenticate};
pub use error::{ApiError, ErrorType};
pub use paging::List;
pub use version::{Target, Version};
