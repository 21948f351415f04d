//! Errors explained: by `lcrun explain`, and where a run meets them.

/// `lcrun explain` and the catalogue that comes with lcrun.
mod command;
/// Catalogues for other APIs.
mod own;
/// Steps that fail on an error of the API.
#[cfg(feature = "sandbox")]
mod runs;
