//! What agents and customers do alike: an event is drafted, a chat is opened and closed, a file uploaded.
//! Who may do it, and how it is shown, is decided by `agent_chat` and `customer_chat`.
//!
//! [`draft`] reads events, [`properties`] reads and changes properties, [`opening`] reads how a chat is
//! opened, [`starting`] opens it, [`closing`] ends it, [`threads`] lists its threads, [`postback`] presses
//! a button, [`profile`] changes what is known of a customer, [`uploads`] keeps files for a day.

mod closing;
mod draft;
mod opening;
mod postback;
mod profile;
pub mod properties;
mod speaker;
mod starting;
mod threads;
mod uploads;

pub use closing::deactivate;
pub use draft::{Draft, Side};
pub use opening::Opening;
pub use postback::Postback;
pub use profile::Profile;
pub use speaker::{Speaker, announce};
pub use starting::{Started, assign_agent, resume, start};
pub use threads::{ThreadList, ThreadsWanted};
pub use uploads::{Uploads, upload};
