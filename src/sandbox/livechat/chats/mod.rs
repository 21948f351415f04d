//! The store of chats, threads, events and customers. How they look to agents or customers is decided
//! by `agent_chat` and `customer_chat`.
//!
//! [`model`] is the data, [`customer`] who comes, [`store`] keeps it all, [`page`] goes through it page by page.

mod customer;
mod model;
mod page;
mod store;

pub use customer::Customer;
pub use model::{Access, Chat, Event, Properties, Summary, Thread, User, UserType, Visibility};
pub use page::{Order, Page, PageRequest};
pub use store::{Chats, Place};
