//! The two cookies by which a customer's browser is known for two years after its last request.
//! The real ones carry `Domain`, `Secure` and `SameSite=None`; on plain http to a loopback address a client
//! would never send such cookies back, so the sandbox leaves these three out.

use std::time::Duration;

use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Request, Response};

/// The cookie with the customer's id.
const ID: &str = "__lc_cid";

/// The cookie with the secret that proves it.
const SECRET: &str = "__lc_cst";

/// How long the cookies live.
const LIFETIME: Duration = Duration::from_secs(63_072_000);

/// The customer whose cookies a request carries, if both are right and still valid.
pub fn recognise(state: &State, request: &Request, group_id: Option<i64>) -> Option<String> {
    let header = request.header("cookie")?;
    let value = |wanted: &str| {
        header.split(';').find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == wanted).then_some(value)
        })
    };
    let customer = state.chats.customer(value(ID)?)?;
    let (secret, expires_at) = state.cookies.get(&customer.id)?;
    let valid = value(SECRET)? == secret && state.clock.now() < *expires_at;
    (valid && customer.group_id == group_id).then(|| customer.id.clone())
}

/// Adds the cookies to a response, and starts their time anew.
pub fn remember(state: &mut State, response: Response, customer_id: &str, path: &str) -> Response {
    let expires_at = state.clock.now().plus(LIFETIME);
    let known = state
        .cookies
        .get(customer_id)
        .map(|(secret, _)| secret.clone());
    let secret = known.unwrap_or_else(|| state.random.cookie());
    state
        .cookies
        .insert(customer_id.to_owned(), (secret.clone(), expires_at));
    let attributes = format!(
        "Path={path}; Expires={}; Max-Age={}; HttpOnly",
        expires_at.http_date(),
        LIFETIME.as_secs()
    );
    response
        .with("set-cookie", format!("{ID}={customer_id}; {attributes}"))
        .with("set-cookie", format!("{SECRET}={secret}; {attributes}"))
}
