//! The Customer Chat API: what a website does with chats on behalf of its visitor.
//!
//! [`actions`] lists the methods and checks whose token it is, [`view`] shows chats as customers see
//! them. The other files have a family of methods each: [`chats`], [`events`], [`customer`] and [`widget`].

mod actions;
mod chats;
mod customer;
mod events;
mod view;
mod widget;

pub use actions::handle;
