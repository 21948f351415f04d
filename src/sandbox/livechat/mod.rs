//! The behaviour of the LiveChat look-alike: pure functions from a request and the state to a response.
//!
//! - [`service`] routes a [`Request`]: to [`accounts`] and [`customers`], the authorization system; to
//!   [`agent_chat`], [`customer_chat`] and [`configuration`], the Web APIs; or to [`admin`], the
//!   sandbox's own surface.
//! - [`wire`] and [`web_api`] are what requests and errors look like; [`conversation`] is what agents
//!   and customers do alike.
//! - [`State`] holds it all: the [`organization`], what the authorization system knows ([`oauth`]), the
//!   [`chats`], a virtual [`clock`], [`random`] values, [`faults`] and a [`rate_limit`]. [`seed`] fills it.

mod accounts;
mod admin;
mod agent_chat;
mod chats;
mod clock;
mod configuration;
mod conversation;
mod customer_chat;
mod customers;
mod faults;
mod oauth;
mod organization;
mod random;
mod rate_limit;
mod seed;
mod service;
mod state;
mod web_api;
mod wire;

pub use service::{Rejection, handle, reject};
pub use state::State;
pub use wire::{Delivery, Request, Response};
