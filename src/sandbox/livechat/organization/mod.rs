//! The organization that everything belongs to: its license, groups and agents, and who is logged in.

mod account;
mod group;
mod identity;
mod model;

pub use account::{Account, Role, RoutingStatus};
pub use group::Group;
pub use identity::{Identity, IdentityException, Refused, Session};
pub use model::Organization;
