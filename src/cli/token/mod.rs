//! What a token is good for, as the Token Debugger of Developer Console shows it.
//!
//! - [`credentials`]: the token that is asked about, and where it comes from
//! - [`server`]: who is asked
//! - [`lookup`]: asking, and what is answered
//! - [`needs`]: the scopes that the steps of a collection need
//! - [`told`]: the answer, for people and for programs

pub mod credentials;
pub mod lookup;
pub mod needs;
pub mod server;
pub mod told;
