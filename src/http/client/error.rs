//! Why there is no client or no response, in words for the one who runs lcrun. Classifying what
//! went wrong below happens in `classify`.

use std::fmt;
use std::time::Duration;

use url::Url;

use crate::http::message::Request;

/// Why a client could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The file of `--cacert` can't be read.
    #[error("can't read the certificates in `{path}`: {reason}")]
    UnreadableCertificates {
        /// The file.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// The file of `--cacert` holds no certificate.
    #[error("`{path}` holds no certificate: a PEM file with `BEGIN CERTIFICATE` is expected")]
    NoCertificates {
        /// The file.
        path: String,
    },
    /// A proxy's address is not one.
    #[error(
        "`{url}` is not the address of a proxy: \
         write `http://host:port`, `https://host:port` or `socks5://host:port`"
    )]
    InvalidProxy {
        /// The address, without its password.
        url: String,
    },
    /// The user agent can't be sent in a header.
    #[error("the user agent {value:?} can't be sent: it holds a control character")]
    InvalidUserAgent {
        /// The user agent.
        value: String,
    },
}

/// Why there is no response: what went wrong, and for which request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} ({method} {url})")]
pub struct SendError {
    /// What went wrong.
    pub kind: SendErrorKind,
    /// The method of the request; after a redirect that of the last one.
    pub method: String,
    /// The URL of the request without its password; after a redirect that of the last one.
    pub url: String,
}

impl SendError {
    /// An error of `kind` about a request.
    pub(super) fn new(kind: SendErrorKind, request: &Request) -> Self {
        Self {
            kind,
            method: request.method.clone(),
            url: without_password(&request.url),
        }
    }

    /// What to try next, if there is something.
    pub fn help(&self) -> Option<&'static str> {
        self.kind.help()
    }
}

/// A URL with its password, if it has one, replaced by `***`.
fn without_password(url: &Url) -> String {
    if url.password().is_none() {
        return url.to_string();
    }
    let mut url = url.clone();
    // Only a URL without a host refuses a password, and those have none.
    let _ = url.set_password(Some("***"));
    url.to_string()
}

/// What went wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendErrorKind {
    /// Nothing listens there.
    #[error("connection refused by `{address}`")]
    Refused {
        /// The host and port.
        address: String,
    },
    /// The name has no address.
    #[error("unknown host `{host}`: {reason}")]
    UnknownHost {
        /// The host.
        host: String,
        /// What the resolver says.
        reason: String,
    },
    /// No connection for another reason.
    #[error("can't connect to `{address}`: {reason}")]
    Connect {
        /// The host and port.
        address: String,
        /// What the system says.
        reason: String,
    },
    /// No TLS with this server.
    #[error("no TLS connection with `{host}`: {problem}")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong with it.
        problem: TlsProblem,
    },
    /// A time limit was reached.
    #[error("timed out after {} while {phase}", Short(*after))]
    Timeout {
        /// What took so long.
        phase: Phase,
        /// The limit that was reached.
        after: Duration,
    },
    /// The server closed the connection without a byte of response.
    #[error("`{address}` hung up before answering")]
    Closed {
        /// The host and port.
        address: String,
    },
    /// The connection ended in the middle of the response.
    #[error("the response was cut off{}", Missing(*received, *expected))]
    Truncated {
        /// How many bytes of the body came; `None` if even its head is incomplete.
        received: Option<u64>,
        /// How many the response had announced.
        expected: Option<u64>,
    },
    /// The body is larger than allowed.
    #[error("the response body is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// More redirects than allowed.
    #[error("{}redirected more than {limit} times", if *circle { "in a circle: " } else { "" })]
    TooManyRedirects {
        /// How many were followed.
        limit: u32,
        /// Whether the last one leads to where a request went before.
        circle: bool,
    },
    /// What came is not a valid HTTP/1.1 response.
    #[error("the response is not valid HTTP: {reason}")]
    Protocol {
        /// What is wrong with it.
        reason: String,
    },
    /// The body is not in the encoding that its head names.
    #[error("the response body can't be decoded: {reason}")]
    Encoding {
        /// What is wrong with it.
        reason: String,
    },
    /// The proxy can't be reached or refuses.
    #[error("the proxy `{proxy}` failed: {reason}")]
    Proxy {
        /// The proxy's address without its password.
        proxy: String,
        /// What went wrong.
        reason: String,
    },
    /// The request can't be put on the wire.
    #[error("the request can't be sent: {reason}")]
    InvalidRequest {
        /// What is wrong with it.
        reason: String,
    },
    /// Something else broke the connection.
    #[error("the connection failed while {phase}: {reason}")]
    Io {
        /// What was being done.
        phase: Phase,
        /// What the system says.
        reason: String,
    },
    /// [`Interrupter::interrupt`](super::Interrupter::interrupt) was called.
    #[error("interrupted")]
    Interrupted,
}

impl SendErrorKind {
    fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::Refused { .. } => "is the server running, and is the port right?",
            Self::UnknownHost { .. } => "check the spelling of the host and the network",
            Self::Tls { problem, .. } => return problem.help(),
            Self::Timeout { phase, .. } if *phase <= Phase::TlsHandshake => {
                "check the address, or wait longer with `--connect-timeout` or the step's `timeout`"
            }
            Self::Timeout { .. } => "wait longer with the step's `timeout` or `--max-time`",
            Self::TooLarge { .. } => "allow more with `--max-filesize`",
            Self::TooManyRedirects { circle: true, .. } => {
                "set `follow_redirects: false` to see where the server sends the client"
            }
            Self::TooManyRedirects { .. } => "allow more with `follow_redirects`",
            Self::Proxy { .. } => {
                "check `--proxy` and the variables http_proxy, https_proxy, all_proxy and no_proxy"
            }
            _ => return None,
        })
    }
}

/// What is wrong with a TLS connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsProblem {
    /// Nobody who is trusted vouches for the certificate.
    #[error("its certificate is not signed by a trusted authority")]
    UnknownIssuer,
    /// The certificate's time is over.
    #[error("its certificate has expired")]
    Expired,
    /// The certificate's time has not begun.
    #[error("its certificate is not valid yet")]
    NotValidYet,
    /// The certificate is for other names.
    #[error("its certificate is for {}", names(.0))]
    OtherName(Vec<String>),
    /// Another complaint about the certificate.
    #[error("its certificate is not valid: {0}")]
    Certificate(String),
    /// What answers is no TLS server.
    #[error("what it answers is not TLS")]
    NotTls,
    /// The server closed the connection.
    #[error("it hung up during the handshake")]
    HungUp,
    /// TLS itself can't be used here.
    #[error("{0}")]
    Other(String),
}

impl TlsProblem {
    fn help(&self) -> Option<&'static str> {
        match self {
            Self::UnknownIssuer => Some(
                "trust its authority with `--cacert FILE`, or, where that is safe, \
                 accept any certificate with `-k`",
            ),
            Self::Expired | Self::NotValidYet | Self::OtherName(_) | Self::Certificate(_) => {
                Some("where that is safe, accept any certificate with `-k`")
            }
            Self::NotTls => Some("it may speak plain HTTP: try `http://`"),
            Self::HungUp | Self::Other(_) => None,
        }
    }
}

/// `` `a`, `b` `` or words for none.
fn names(names: &[String]) -> String {
    if names.is_empty() {
        return "another host".to_owned();
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// The parts of an exchange, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Phase {
    /// Asking for the addresses of the host.
    #[default]
    NameLookup,
    /// Opening the TCP connection, through a proxy if there is one.
    Connect,
    /// Agreeing on TLS.
    TlsHandshake,
    /// Sending the request.
    Send,
    /// Waiting for the first byte of the response.
    Wait,
    /// Receiving the response.
    Receive,
}

/// What is being done, to stand after "while".
impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::NameLookup => "looking up the host",
            Phase::Connect => "connecting",
            Phase::TlsHandshake => "agreeing on TLS",
            Phase::Send => "sending the request",
            Phase::Wait => "waiting for the response",
            Phase::Receive => "receiving the response",
        })
    }
}

/// A duration as it is written in a collection: `10s`, `1500ms`.
struct Short(Duration);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.subsec_nanos() == 0 {
            write!(f, "{}s", self.0.as_secs())
        } else {
            write!(f, "{}ms", self.0.as_millis())
        }
    }
}

/// How much of a body is missing, as the end of a sentence.
struct Missing(Option<u64>, Option<u64>);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.1) {
            (Some(received), Some(expected)) => {
                write!(f, " after {received} of {expected} bytes")
            }
            (Some(received), None) => write!(f, " after {received} bytes"),
            (None, _) => f.write_str(" in the middle of its head"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_that_says_what_and_for_which_url() {
        let cases = [
            (
                SendErrorKind::Refused {
                    address: "127.0.0.1:9".into(),
                },
                "connection refused by `127.0.0.1:9`",
            ),
            (
                SendErrorKind::Timeout {
                    phase: Phase::Wait,
                    after: Duration::from_millis(1500),
                },
                "timed out after 1500ms while waiting for the response",
            ),
            (
                SendErrorKind::Truncated {
                    received: Some(2),
                    expected: Some(20),
                },
                "the response was cut off after 2 of 20 bytes",
            ),
            (
                SendErrorKind::Truncated {
                    received: None,
                    expected: None,
                },
                "the response was cut off in the middle of its head",
            ),
            (
                SendErrorKind::TooManyRedirects {
                    limit: 5,
                    circle: true,
                },
                "in a circle: redirected more than 5 times",
            ),
            (
                SendErrorKind::Tls {
                    host: "localhost".into(),
                    problem: TlsProblem::OtherName(vec!["example.com".into(), "b".into()]),
                },
                "no TLS connection with `localhost`: its certificate is for `example.com`, `b`",
            ),
        ];
        for (kind, expected) in cases {
            let error = SendError {
                kind,
                method: "GET".into(),
                url: "http://127.0.0.1:9/x".into(),
            };
            assert_eq!(
                error.to_string(),
                format!("{expected} (GET http://127.0.0.1:9/x)")
            );
        }
    }

    #[test]
    fn the_password_of_a_url_is_never_shown() {
        let request = Request {
            method: "GET".into(),
            url: Url::parse("http://ann:hunter22@127.0.0.1:9/x").unwrap(),
            headers: crate::http::message::Headers::default(),
            body: None,
            timeout: None,
            follow_redirects: 0,
        };
        let error = SendError::new(SendErrorKind::Interrupted, &request);
        assert_eq!(
            error.to_string(),
            "interrupted (GET http://ann:***@127.0.0.1:9/x)"
        );
    }
}
