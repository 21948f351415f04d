//! A server on a raw socket that says exactly what a test wants it to: half a head, a wrong
//! length, nothing at all.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;

/// What a server does when a request has come.
pub enum Answer {
    /// Says this and waits for the next request on the connection.
    Keep(Vec<u8>),
    /// Says this and closes the connection.
    Close(Vec<u8>),
    /// Says this and nothing more until the client closes the connection.
    Stall(Vec<u8>),
}

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Which connection it came on; the first is 0.
    pub connection: usize,
    /// Request line and fields, with line breaks as `\n`, without the blank line.
    pub head: String,
    pub body: String,
}

impl Heard {
    /// The words of the request line.
    pub fn method_and_target(&self) -> (&str, &str) {
        let mut words = self.head.split(' ');
        (words.next().unwrap(), words.next().unwrap())
    }

    /// The value of a field whose name is written exactly so.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1);
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// A running server; it ends with the test.
pub struct RawServer {
    pub address: SocketAddr,
    heard: Receiver<Heard>,
}

impl RawServer {
    /// A server that asks `answer` what to do about each request.
    pub fn start(answer: impl Fn(&Heard) -> Answer + Send + Sync + 'static) -> Self {
        Self::start_wrapped(answer, |stream| stream)
    }

    /// A server whose connections are wrapped, in TLS for example.
    pub fn start_wrapped<S: Read + Write + 'static>(
        answer: impl Fn(&Heard) -> Answer + Send + Sync + 'static,
        wrap: impl Fn(TcpStream) -> S + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, heard) = mpsc::channel();
        let shared = std::sync::Arc::new((answer, wrap));
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                let stream = stream.unwrap();
                stream.set_nodelay(true).unwrap();
                let shared = shared.clone();
                let tell = tell.clone();
                thread::spawn(move || {
                    let (answer, wrap) = &*shared;
                    let serving = serve(wrap(stream), connection, &mut |heard| {
                        // Not every test listens.
                        let _ = tell.send(heard.clone());
                        answer(heard)
                    });
                    // A client that goes away is what many tests are about.
                    drop(serving);
                });
            }
        });
        Self { address, heard }
    }

    /// A server that gives every request the same answer and keeps the connection.
    pub fn always(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |_| Answer::Keep(answer.clone()))
    }

    /// A URL on this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request that came.
    pub fn next(&self) -> Heard {
        self.heard.recv().unwrap()
    }

    /// All requests that have come so far, but for those that `next` gave.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.try_iter().collect()
    }
}

/// A response with a body and its length.
pub fn ok(body: &str) -> Vec<u8> {
    response("200 OK", &[], body)
}

/// A response with these fields, a body and its length.
pub fn response(status: &str, fields: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut all = Vec::new();
    let length = format!("Content-Length: {}", body.len());
    let status_line = format!("HTTP/1.1 {status}");
    for line in [&*status_line].iter().chain(fields).chain(&[&*length, ""]) {
        all.extend_from_slice(line.as_bytes());
        all.extend_from_slice(b"\r\n");
    }
    all.extend_from_slice(body);
    all
}

/// Serves one connection until either side is done.
fn serve(
    mut stream: impl Read + Write,
    connection: usize,
    answer: &mut dyn FnMut(&Heard) -> Answer,
) -> io::Result<()> {
    let mut unread = Vec::new();
    while let Some(heard) = read_request(&mut stream, connection, &mut unread)? {
        match answer(&heard) {
            Answer::Keep(bytes) => {
                stream.write_all(&bytes)?;
                stream.flush()?;
            }
            Answer::Close(bytes) => {
                stream.write_all(&bytes)?;
                return stream.flush();
            }
            Answer::Stall(bytes) => {
                stream.write_all(&bytes)?;
                stream.flush()?;
                io::copy(&mut stream, &mut io::sink())?;
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Reads a head and a body of known length; `None` at the end of the connection.
fn read_request(
    stream: &mut impl Read,
    connection: usize,
    unread: &mut Vec<u8>,
) -> io::Result<Option<Heard>> {
    let end = loop {
        if let Some(at) = unread.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break at;
        }
        if !read_more(stream, unread)? {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&unread[..end]).replace('\r', "");
    unread.drain(..end + 4);
    let lower = head.to_ascii_lowercase();
    let length = lower
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    while unread.len() < length {
        if !read_more(stream, unread)? {
            return Ok(None);
        }
    }
    let body: Vec<u8> = unread.drain(..length).collect();
    Ok(Some(Heard {
        connection,
        head,
        body: String::from_utf8_lossy(&body).into_owned(),
    }))
}

fn read_more(stream: &mut impl Read, into: &mut Vec<u8>) -> io::Result<bool> {
    let mut buffer = [0; 4096];
    let amount = stream.read(&mut buffer)?;
    into.extend_from_slice(&buffer[..amount]);
    Ok(amount > 0)
}
