//! A small HTTP client over one keep-alive connection, which sends what a real one never would.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;
use url::form_urlencoded;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of a hidden field of the page's form, as a browser would send it.
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = text.split_once(&start).expect("the field is there");
        let (value, _) = rest.split_once('"').unwrap();
        value.replace("&#39;", "'").replace("&amp;", "&")
    }

    /// The decoded parameters of the address that a redirect leads to.
    pub fn redirect_parameter(&self, name: &str) -> Option<String> {
        let location = self.header("location")?;
        let (_, query) = location.split_once(['?', '#'])?;
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// One connection.
pub struct Client(BufReader<TcpStream>);

impl Client {
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        // Only so that a test of a broken server ends; no passing test waits for it.
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        Self(BufReader::new(stream))
    }

    pub fn write(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    /// Reads one response; `head` says that it has no body whatever its length says.
    pub fn read(&mut self, head: bool) -> Option<Reply> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok()?;
        let status = line.split(' ').nth(1)?.parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut reply = Reply {
            status,
            headers,
            body: Vec::new(),
        };
        let length = reply
            .header("content-length")
            .map_or(0, |value| value.parse().unwrap());
        if !head {
            reply.body = vec![0; length];
            self.0.read_exact(&mut reply.body).unwrap();
        }
        Some(reply)
    }

    /// Whether the server has closed the connection.
    pub fn is_closed(&mut self) -> bool {
        // A reset counts as well: it is what unread bytes make of a close.
        !matches!(self.0.read(&mut [0]), Ok(1..))
    }
}
