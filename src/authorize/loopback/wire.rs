//! One request read within limits, one response written: all the HTTP that a listener for one
//! answer needs.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::page::Page;

/// The largest head of a request, in bytes: an address with a long token, and cookies of this host.
const MAX_HEAD: usize = 64 * 1024;

/// The largest body, in bytes: a fragment.
const MAX_BODY: usize = 64 * 1024;

/// The most header fields.
const MAX_FIELDS: usize = 100;

/// How long a connection may take to send its request, or stay without one: browsers open some that
/// they may never use.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long what a client still sends is read, once it has its answer. A connection that is closed
/// while bytes wait is reset, and the browser might not show the answer.
const LINGER: Duration = Duration::from_secs(2);

/// A request, as far as it matters here.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// The method.
    pub(super) method: String,
    /// The path and query as they were sent.
    pub(super) target: String,
    /// `Host`.
    pub(super) host: Option<String>,
    /// `Origin`: a script or a form of this origin sent it.
    pub(super) origin: Option<String>,
    /// `Sec-Fetch-Mode`: what a browser is about, `navigate` where it shows the answer.
    pub(super) fetch_mode: Option<String>,
    /// The body as text.
    pub(super) body: String,
}

/// Why there is no request to answer.
#[derive(Debug)]
pub(super) enum Unread {
    /// The client went away, said nothing for long, or is slower than any browser.
    Gone,
    /// It said something that is refused with this status.
    Refused(u16),
}

impl From<io::Error> for Unread {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// Reads one request from a connection.
pub(super) fn read(stream: &mut TcpStream) -> Result<Request, Unread> {
    let until = Instant::now() + PATIENCE;
    let mut bytes = Vec::new();
    loop {
        read_more(stream, &mut bytes, until)?;
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut head = httparse::Request::new(&mut fields);
        match head.parse(&bytes) {
            Ok(httparse::Status::Complete(length)) => {
                let (mut request, body_length) = from_head(&head)?;
                let mut body = bytes.split_off(length);
                while body.len() < body_length {
                    read_more(stream, &mut body, until)?;
                }
                body.truncate(body_length);
                request.body = String::from_utf8(body).map_err(|_| Unread::Refused(400))?;
                return Ok(request);
            }
            Ok(httparse::Status::Partial) if bytes.len() < MAX_HEAD => {}
            Ok(httparse::Status::Partial) | Err(httparse::Error::TooManyHeaders) => {
                return Err(Unread::Refused(431));
            }
            Err(_) => return Err(Unread::Refused(400)),
        }
    }
}

fn from_head(head: &httparse::Request<'_, '_>) -> Result<(Request, usize), Unread> {
    let mut request = Request {
        method: head.method.unwrap_or_default().to_owned(),
        target: head.path.unwrap_or_default().to_owned(),
        ..Request::default()
    };
    let mut length = 0;
    for field in head.headers.iter() {
        let text = || String::from_utf8_lossy(field.value).trim().to_owned();
        match field.name.to_ascii_lowercase().as_str() {
            "host" => request.host = Some(text()),
            "origin" => request.origin = Some(text()),
            "sec-fetch-mode" => request.fetch_mode = Some(text()),
            "content-length" => length = text().parse().map_err(|_| Unread::Refused(400))?,
            "transfer-encoding" => return Err(Unread::Refused(411)),
            _ => {}
        }
    }
    if length > MAX_BODY {
        return Err(Unread::Refused(413));
    }
    Ok((request, length))
}

fn read_more(stream: &mut TcpStream, into: &mut Vec<u8>, until: Instant) -> Result<(), Unread> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Unread::Gone);
    }
    stream.set_read_timeout(Some(left))?;
    let mut buffer = [0; 4096];
    match stream.read(&mut buffer)? {
        0 => Err(Unread::Gone),
        amount => {
            into.extend_from_slice(&buffer[..amount]);
            Ok(())
        }
    }
}

/// Writes a page as the only response of a connection; `with_body` is false for `HEAD`.
pub(super) fn write(stream: &mut TcpStream, page: &Page, with_body: bool) -> io::Result<()> {
    let html = page.html();
    let mut response = format!(
        "HTTP/1.1 {} {}\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {}\r\n\
         Cache-Control: no-store\r\n\
         Content-Security-Policy: {}\r\n\
         Referrer-Policy: no-referrer\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n",
        page.status(),
        page.reason(),
        html.len(),
        page.content_security_policy(),
    );
    if page.status() == 405 {
        response.push_str("Allow: GET, HEAD, POST\r\n");
    }
    response.push_str("\r\n");
    if with_body {
        response.push_str(&html);
    }
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(response.as_bytes())?;
    stream.shutdown(Shutdown::Write)
}

/// Waits until the client has closed the connection, too.
pub(super) fn linger(stream: &mut TcpStream) {
    let until = Instant::now() + LINGER;
    let mut rest = Vec::new();
    while rest.len() < MAX_BODY && read_more(stream, &mut rest, until).is_ok() {}
}
