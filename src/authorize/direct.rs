//! The way without a browser: the server is asked for the address and redirects by itself.
//!
//! The sandbox does so, and a real server may for an account that is logged in and has consented.
//! Anything else is a page that a person must see, and then a browser is needed.

use super::Landing;
use crate::http::client::{Client, SendError};
use crate::http::message::{Exchange, Request};

/// What came of asking the server.
#[derive(Debug)]
pub enum Answer {
    /// It redirected to where the answer belongs, or refused by a redirect.
    Landed(Landing, Box<Exchange>),
    /// It wants a person: a log-in page, a consent page, a redirect to one.
    NeedsBrowser(Box<Exchange>),
}

/// Asks the server for the address and looks at where it redirects to.
///
/// `redirect_uri` is what the request asked for; where it is not known, any redirect is the answer.
pub fn ask(
    client: &mut Client,
    request: &Request,
    redirect_uri: Option<&str>,
) -> Result<Answer, SendError> {
    let exchange = Box::new(client.send(request)?);
    let redirected = (300..400).contains(&exchange.response.status);
    let Some(url) = exchange.location().filter(|_| redirected) else {
        return Ok(Answer::NeedsBrowser(exchange));
    };
    let landing = Landing { url };
    let answers = landing.refusal().is_some()
        || redirect_uri.is_none_or(|redirect_uri| landing.is_at(redirect_uri));
    Ok(if answers {
        Answer::Landed(landing, exchange)
    } else {
        Answer::NeedsBrowser(exchange)
    })
}
