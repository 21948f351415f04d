//! What `lcrun review` shows of a pending snapshot.
//!
//! - [`subject`]: a pending snapshot with all that helps to judge it
//! - [`values`]: what differs, value by value
//! - [`screen`]: texts fitted into the rows and columns of a terminal

pub mod screen;
pub mod subject;
pub mod values;
