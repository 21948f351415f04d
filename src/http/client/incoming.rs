//! The head and body of a response.

use std::io::Read;
use std::sync::Arc;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use ureq::http::Response as Incoming;
use ureq::{Body, Error};

use crate::http::message::Headers;

/// The reason phrase and the fields of a raw head, as they came.
pub(super) fn parse_head(head: &[u8]) -> (String, Headers) {
    let mut lines = head
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    let status_line = lines.next().unwrap_or_default();
    // `HTTP/1.1 200 OK`: two words and the rest.
    let reason = status_line
        .splitn(3, |byte| *byte == b' ')
        .nth(2)
        .unwrap_or_default();
    let mut headers = Headers::with_capacity(16);
    for line in lines {
        if let Some(colon) = line.iter().position(|byte| *byte == b':') {
            headers.push(text(&line[..colon]), text(line[colon + 1..].trim_ascii()));
        }
    }
    (text(reason), headers)
}

/// Bytes of a head as text: UTF-8 if they are, else Latin-1, which HTTP had before (RFC 9110 §5.5).
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// Whether a response to this method and with this status can't have a body, whatever its fields
/// say (RFC 9112 §6.3).
pub(super) fn is_bodiless(method: &str, status: u16) -> bool {
    method == "HEAD" || matches!(status, 100..=199 | 204 | 304)
}

/// Reads a body to its end and undoes its encoding; more than `limit` bytes are an error.
pub(super) fn read_body(
    response: Incoming<Body>,
    headers: &Headers,
    limit: u64,
) -> Result<Arc<[u8]>, Error> {
    let mut body = response.into_body();
    let length = body.content_length();
    if length.is_some_and(|length| length > limit) {
        return Err(Error::BodyExceedsLimit(limit));
    }
    let mut reader = body.with_config().limit(limit).reader();
    let pending = codings_left(headers);
    if let Some(length) = length.and_then(|length| usize::try_from(length).ok())
        && pending.is_empty()
    {
        return read_exactly(reader, length);
    }
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    if headers.get("content-encoding") == Some("br") {
        // The decoder knows where its data ends and stops there. Only a read that finds the end
        // of the body gives the connection back; that a second decoder finds no data is no error.
        let _ = body.with_config().reader().read(&mut [0]);
    }
    for coding in pending {
        bytes = decode(&coding, &bytes, limit)?;
    }
    Ok(bytes.into())
}

/// Reads a body of known length to where it stays, without a copy in between.
fn read_exactly(mut reader: impl Read, length: usize) -> Result<Arc<[u8]>, Error> {
    let mut body: Arc<[u8]> = std::iter::repeat_n(0, length).collect();
    let room = Arc::get_mut(&mut body).expect("nobody else has it yet");
    reader.read_exact(room)?;
    // Only a read that finds the end gives the connection back.
    let at_end = reader.read(&mut [0])?;
    debug_assert_eq!(at_end, 0, "`ureq` gives no more than the length");
    Ok(body)
}

/// The content codings that `ureq` leaves to us, last one first; up to one that is unknown. It
/// undoes `gzip` and `br` where the first field says exactly that.
fn codings_left(headers: &Headers) -> Vec<String> {
    let mut fields = headers.all("content-encoding");
    let Some(first) = fields.next() else {
        return Vec::new();
    };
    let is_undone = matches!(first, "gzip" | "br");
    let left = if is_undone { None } else { Some(first) };
    let mut codings: Vec<String> = left
        .into_iter()
        .chain(fields)
        .flat_map(|field| field.split(','))
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .collect();
    codings.reverse();
    let known = |coding: &String| matches!(&**coding, "gzip" | "x-gzip" | "deflate");
    let unknown = codings.iter().position(|coding| !known(coding));
    codings.truncate(unknown.unwrap_or(codings.len()));
    codings
}

/// Undoes one content coding.
fn decode(coding: &str, bytes: &[u8], limit: u64) -> Result<Vec<u8>, Error> {
    let undo = |decoder: &mut dyn Read, name: &'static str| {
        let mut decoded = Vec::new();
        match decoder
            .take(limit.saturating_add(1))
            .read_to_end(&mut decoded)
        {
            Ok(length) if length as u64 > limit => Err(Error::BodyExceedsLimit(limit)),
            Ok(_) => Ok(decoded),
            Err(error) => Err(Error::Decompress(name, error)),
        }
    };
    match coding {
        _ if bytes.is_empty() => Ok(Vec::new()),
        "deflate" if is_zlib(bytes) => undo(&mut ZlibDecoder::new(bytes), "deflate"),
        "deflate" => undo(&mut DeflateDecoder::new(bytes), "deflate"),
        _ => undo(&mut MultiGzDecoder::new(bytes), "gzip"),
    }
}

/// Whether data begins as zlib does (RFC 1950 §2.2). `deflate` means zlib (RFC 9110 §8.4.1.2), but
/// some servers send the bare stream.
fn is_zlib(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, ..] => {
            method & 0x0f == 8 && (u16::from(*method) * 256 + u16::from(*flags)) % 31 == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, ZlibEncoder};
    use std::io::Write;

    #[test]
    fn a_head_keeps_its_reason_case_order_and_repetitions() {
        let (reason, headers) =
            parse_head(b"HTTP/1.1 200 Okey Dokey\r\nX-A: 1\r\nx-a:2 \r\nEmpty:\r\nL: \xe9\r\n\r\n");
        assert_eq!(reason, "Okey Dokey");
        let fields: Vec<_> = headers.iter().collect();
        assert_eq!(
            fields,
            [("X-A", "1"), ("x-a", "2"), ("Empty", ""), ("L", "é")]
        );
        assert_eq!(parse_head(b"HTTP/1.1 200\n\n").0, "");
        assert_eq!(
            parse_head("HTTP/1.1 200\nA: ż\n\n".as_bytes()).1.get("a"),
            Some("ż")
        );
    }

    #[test]
    fn codings_are_undone_from_the_last_one_to_the_first_unknown() {
        let left = |fields: &[&str]| {
            let headers: Headers = fields
                .iter()
                .map(|field| ("Content-Encoding", *field))
                .collect();
            codings_left(&headers).join(" ")
        };
        assert_eq!(left(&[]), "");
        assert_eq!(left(&["gzip"]), "");
        assert_eq!(left(&["br"]), "");
        assert_eq!(left(&["GZIP"]), "gzip");
        assert_eq!(left(&["deflate, gzip"]), "gzip deflate");
        assert_eq!(left(&["zstd, gzip"]), "gzip");
        assert_eq!(left(&["identity"]), "");
    }

    #[test]
    fn deflate_is_understood_with_and_without_the_zlib_frame() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"hello hello").unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(b"hello hello").unwrap();
        for bytes in [zlib.finish().unwrap(), bare.finish().unwrap()] {
            assert_eq!(decode("deflate", &bytes, 11).unwrap(), b"hello hello");
            assert!(matches!(
                decode("deflate", &bytes, 10),
                Err(Error::BodyExceedsLimit(10))
            ));
        }
    }
}
