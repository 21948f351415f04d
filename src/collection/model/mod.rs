//! The collection file as types: what may stand where. Rules that span several keys are in
//! [`check`](super::check).
//!
//! The [`schema`](super::schema) is made of these types: what is said of a field is what an editor
//! shows of the key, and the order of the fields is the order that `lcrun fmt` gives the keys.
//!
//! - `collection`: [`Collection`], and [`Head`], its keys but for those that are shared and its steps
//! - `shared`: [`Shared`], what `extends` takes from another file
//! - `step`: [`Step`], and [`StepSpec`] as it is written
//! - `key`: what keys have in common

mod collection;
mod key;
mod shared;
mod step;

pub use collection::{Collection, Gaps, Head};
pub(super) use key::present;
pub use key::{Later, Name, NotYet, named};
pub(super) use shared::LongInput;
pub use shared::{Defaults, Environment, Input, InputType, SandboxKind, Shared};
pub use step::{Action, Show, Step, StepSpec};

pub use crate::yaml::Text;
