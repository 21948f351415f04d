//! The sandbox's own surface, under `/_admin`, which the real API has not: it sets the scene for a test.
//! It takes and gives JSON, asks for no credentials, and answers errors with `{"error":"…"}`.
//!
//! [`routes`] lists its requests, and `docs/sandbox.md` says what each takes. The other files have one family
//! of them each.

mod accounts;
mod apps;
mod clock;
mod faults;
mod identity;
mod organization;
mod personal_access_tokens;
mod routes;

pub use routes::handle;
