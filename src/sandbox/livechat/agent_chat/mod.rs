//! The Agent Chat Web API: what an agent's app does with chats.
//!
//! [`actions`] lists the methods, [`access`] says which chats they reach, [`view`] and [`user_view`] show
//! chats as agents see them, [`filters`] are those that lists share. The other files have a method or a
//! family of them each: [`list_chats`], [`archives`], [`chats`], [`users`], [`transfer`], [`events`],
//! [`properties`], [`customers`] and [`status`].

mod access;
mod actions;
mod archive_conditions;
mod archive_filters;
mod archived;
mod archives;
mod chats;
mod customers;
mod events;
mod filters;
mod list_chats;
mod properties;
mod status;
mod transfer;
mod user_view;
mod users;
mod view;

pub use actions::handle;
