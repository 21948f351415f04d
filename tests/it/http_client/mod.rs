//! The HTTP client against real sockets: good servers, odd ones, and those that break off.
//!
//! - `exchange`: what is sent and what comes back; `bodies`: the bodies of responses
//! - `failures`: why there is no response
//! - `connections`: made, kept, found closed; `proxy`: through somebody else; `tls`: in secret
//! - `redirects`: followed, with cookies and without secrets

mod bodies;
mod connections;
mod exchange;
mod failures;
mod proxy;
mod redirects;
mod tls;

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use lcrun::http::client::{Client, ClientOptions, SendError, SendErrorKind};
use lcrun::http::message::{Exchange, Headers, Request};
use url::Url;

use crate::raw_server::{Answer, RawServer};

fn request(method: &str, url: &str) -> Request {
    Request {
        method: method.to_owned(),
        url: Url::parse(url).unwrap(),
        headers: Headers::default(),
        body: None,
        timeout: Some(Duration::from_secs(20)),
        follow_redirects: 0,
    }
}

fn client() -> Client {
    client_with(|_| {})
}

fn client_with(change: impl FnOnce(&mut ClientOptions)) -> Client {
    let mut options = ClientOptions::default();
    change(&mut options);
    Client::new(options).unwrap()
}

fn get(url: &str) -> Result<Exchange, SendError> {
    client().send(&request("GET", url))
}

/// The kind of error that a server's answer leads to.
fn failure(answer: Answer) -> SendErrorKind {
    let answer = std::sync::Mutex::new(Some(answer));
    let server = RawServer::start(move |_| answer.lock().unwrap().take().unwrap());
    get(&server.url("/")).unwrap_err().kind
}

fn text(exchange: &Exchange) -> &str {
    std::str::from_utf8(&exchange.response.body).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `hello` uncompressed within brotli: a meta-block of 5 literal bytes and the empty last one
/// (RFC 7932 §9.2).
const BROTLI_HELLO: [u8; 9] = [0x0b, 0x02, 0x80, b'h', b'e', b'l', b'l', b'o', 0x03];
