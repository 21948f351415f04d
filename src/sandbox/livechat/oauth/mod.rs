//! What the authorization system knows: [`App`]s and their rules, [`Scopes`], grants, and the stores of
//! codes and tokens. The endpoints that hand them out are in `accounts` and `customers`.

mod app;
mod code;
mod consent;
mod customer_token;
mod error;
mod grant;
pub mod pkce;
pub mod redirect_uri;
mod scope;
mod token;

pub use app::{App, AppType};
pub use code::Code;
pub use code::Codes;
pub use consent::{Consent, Consents};
pub use customer_token::{CustomerToken, CustomerTokens, TRANSFER_LIFETIME, Transfer, Transfers};
pub use error::{OauthError, Refusal};
pub use grant::{ACCESS_LIFETIME, Grant};
pub use scope::Scopes;
pub use token::{AccessToken, Tokens};
