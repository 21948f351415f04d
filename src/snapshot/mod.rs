//! Snapshots: a response as it was recorded, reviewed and committed.
//!
//! - [`spec`]: what a step says about its snapshot; [`rules`]: with what it takes from defaults
//! - [`mod@record`]: from a response to the text that is recorded; `redact`: its JSON body
//! - [`mod@compare`]: what differs between two recorded responses
//! - [`policy`]: which files are written when; the way in for a run is [`settle`]
//! - [`place`]: where the snapshots of a collection lie
//! - [`mod@file`]: one file, in insta's format
//! - [`store`]: the files of a project: written, listed, accepted, rejected
//! - [`suggest`]: the rules that would make several recordings of a step equal

pub mod compare;
pub mod file;
pub mod place;
pub mod policy;
pub mod record;
mod redact;
pub mod rules;
pub mod spec;
pub mod store;
pub mod suggest;

pub use compare::{Difference, compare};
pub use policy::{Done, Place, Settled, Update, Verdict, settle};
pub use record::{Recorded, record};
pub use rules::Rules;
pub use spec::SnapshotSpec;
