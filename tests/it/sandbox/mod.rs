//! The embedded sandbox as a client meets it: every rule over a real socket.

mod admin;
mod agent_chat;
mod agent_customers;
mod agent_events;
mod archives;
mod authorize;
mod calls;
mod chat_users;
mod client;
mod consent;
mod customer_chat;
mod customers;
mod hostile;
mod http;
mod paging;
mod program;
mod refresh;
mod scopes;
mod shapes;
mod tables;
mod token;
mod versions;
mod web_api;
mod widget;
