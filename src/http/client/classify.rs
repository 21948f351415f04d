//! What `ureq` reports, as one of our errors: which part of the exchange it broke tells more than
//! the error itself.

use std::error::Error as _;
use std::io::{self, ErrorKind};

use ureq::Error;

use super::trace::Trace;
use super::{Phase, SendErrorKind, TlsProblem};

/// Names the failure of an exchange with `address`, a host and port.
pub(super) fn classify(error: Error, address: &str, max_body: u64, trace: &Trace) -> SendErrorKind {
    match error {
        Error::Other(inner) => match inner.downcast::<SendErrorKind>() {
            Ok(kind) => *kind,
            Err(other) => unexpected(other.to_string(), trace),
        },
        Error::Timeout(_) => trace.timed_out(),
        Error::Io(error) => broken(&error, address, trace),
        Error::Protocol(error) => malformed(&error.to_string(), trace),
        Error::BodyExceedsLimit(_) => SendErrorKind::TooLarge { limit: max_body },
        Error::LargeResponseHeader(size, limit) => SendErrorKind::Protocol {
            reason: format!("its head has {size} bytes, more than {limit}"),
        },
        Error::Decompress(encoding, error) => undecodable(encoding, &error, trace),
        Error::ConnectProxyFailed(reason) => SendErrorKind::Connect {
            address: address.to_owned(),
            reason: refusal(reason),
        },
        other => unexpected(other.to_string(), trace),
    }
}

/// Why a proxy makes no tunnel. `ureq` says `proxy server responded 403/403`.
fn refusal(reason: String) -> String {
    let status = reason
        .strip_prefix("proxy server responded ")
        .and_then(|both| both.split('/').next());
    match status {
        Some(status) => format!("it answers `CONNECT` with status {status}"),
        None => reason,
    }
}

/// The failure of a connection.
fn broken(error: &io::Error, address: &str, trace: &Trace) -> SendErrorKind {
    let address = address.to_owned();
    let phase = trace.phase();
    match phase {
        Phase::NameLookup | Phase::Connect if error.kind() == ErrorKind::ConnectionRefused => {
            SendErrorKind::Refused { address }
        }
        Phase::NameLookup | Phase::Connect => SendErrorKind::Connect {
            address,
            reason: error.to_string(),
        },
        Phase::TlsHandshake if is_end(error) => SendErrorKind::Tls {
            host: host_of(&address).to_owned(),
            problem: TlsProblem::HungUp,
        },
        Phase::Send | Phase::Wait if is_end(error) => SendErrorKind::Closed { address },
        Phase::Receive if is_end(error) => cut_off(trace),
        _ => unexpected(error.to_string(), trace),
    }
}

/// Whether an error is how a connection looks that the other side closed.
pub(super) fn is_end(error: &io::Error) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof
    )
}

fn cut_off(trace: &Trace) -> SendErrorKind {
    SendErrorKind::Truncated {
        received: trace.body_bytes(),
        expected: trace.with_head(announced_length),
    }
}

/// The `Content-Length` of a head.
fn announced_length(head: &[u8]) -> Option<u64> {
    let mut lines = head.split(|byte| *byte == b'\n');
    lines.find_map(|line| {
        let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
        let value = name
            .eq_ignore_ascii_case("content-length")
            .then_some(value)?;
        value.trim().parse().ok()
    })
}

/// What came is no HTTP/1.1; its beginning shows what it may be.
fn malformed(reason: &str, trace: &Trace) -> SendErrorKind {
    let reason = reason.strip_prefix("http parse fail: ").unwrap_or(reason);
    let reason = match trace.body_bytes() {
        Some(_) => reason.to_owned(),
        None => trace.with_head(|head| match head {
            // The first bytes of a TLS record: an alert or a handshake.
            [0x15 | 0x16, 0x03, ..] => "the server speaks TLS: use `https://`".to_owned(),
            head => format!("{reason}: it begins with `{}`", beginning(head)),
        }),
    };
    SendErrorKind::Protocol { reason }
}

/// The first line of what came, at most 40 bytes of it, in printable characters.
fn beginning(bytes: &[u8]) -> String {
    const MOST: usize = 40;
    let line = bytes
        .split(|byte| matches!(byte, b'\r' | b'\n'))
        .next()
        .unwrap_or_default();
    let shown = line[..line.len().min(MOST)].escape_ascii().to_string();
    let more = if line.len() > MOST { "…" } else { "" };
    format!("{shown}{more}")
}

/// The failure of a decoder. One that lacks its end may only say that it is broken.
fn undecodable(encoding: &str, error: &io::Error, trace: &Trace) -> SendErrorKind {
    let came = trace.body_bytes();
    let announced = trace.with_head(announced_length);
    match (came, announced) {
        (Some(came), Some(announced)) if came < announced => cut_off(trace),
        _ if error.kind() == ErrorKind::UnexpectedEof => SendErrorKind::Encoding {
            reason: format!("its {encoding} ends too early"),
        },
        _ => SendErrorKind::Encoding {
            reason: format!("it is not {encoding}: {}", root(error)),
        },
    }
}

/// The innermost cause of an error.
fn root(error: &io::Error) -> String {
    let mut cause = error.source();
    while let Some(inner) = cause.and_then(std::error::Error::source) {
        cause = Some(inner);
    }
    cause.map_or_else(|| error.to_string(), ToString::to_string)
}

fn unexpected(reason: String, trace: &Trace) -> SendErrorKind {
    SendErrorKind::Io {
        phase: trace.phase(),
        reason,
    }
}

/// The host of a host and port.
fn host_of(address: &str) -> &str {
    address.rsplit_once(':').map_or(address, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_what_came_is_shown_in_printable_characters() {
        assert_eq!(beginning(b"SSH-2.0-OpenSSH\r\nmore"), "SSH-2.0-OpenSSH");
        assert_eq!(beginning(b"\x00\x1b[31m"), "\\x00\\x1b[31m");
        assert_eq!(beginning(&[b'a'; 41]), format!("{}…", "a".repeat(40)));
    }

    #[test]
    fn the_announced_length_is_read_from_the_head() {
        let head = b"HTTP/1.1 200 OK\r\nX: y\r\ncontent-length:  12 \r\n\r\n";
        assert_eq!(announced_length(head), Some(12));
        assert_eq!(announced_length(b"HTTP/1.1 200 OK\r\n\r\n"), None);
    }
}
