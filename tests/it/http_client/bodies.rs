//! The bodies of responses: their end, their encoding, their size.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

use super::{BROTLI_HELLO, client, client_with, get, gzip, request, text};
use crate::raw_server::{Answer, RawServer, ok, response};

#[test]
fn a_response_to_head_has_no_body_whatever_its_length_and_encoding() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99999999999\r\n\r\n";
    let server = RawServer::always(answer);
    let mut client = client();
    for _ in 0..2 {
        let exchange = client.send(&request("HEAD", &server.url("/"))).unwrap();
        assert_eq!(text(&exchange), "");
        assert_eq!(
            exchange.response.headers.get("content-length"),
            Some("99999999999")
        );
        assert_eq!(server.next().connection, 0);
    }
}

#[test]
fn bodies_come_by_length_in_chunks_or_up_to_the_end_of_the_connection() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                   5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX-Trailer: v\r\n\r\n";
    for answer in [
        Answer::Keep(ok("hello world")),
        Answer::Keep(chunked.into()),
        Answer::Close("HTTP/1.0 200 OK\r\n\r\nhello world".into()),
        Answer::Close("HTTP/1.1 200 OK\nContent-Length: 11\n\nhello world".into()),
    ] {
        let answer = std::sync::Mutex::new(Some(answer));
        let server = RawServer::start(move |_| answer.lock().unwrap().take().unwrap());
        let exchange = get(&server.url("/")).unwrap();
        assert_eq!(text(&exchange), "hello world");
    }
}

#[test]
fn encoded_bodies_are_decoded_and_their_size_on_the_wire_is_known() {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(b"hello").unwrap();
    let mut bare = DeflateEncoder::new(Vec::new(), Compression::best());
    bare.write_all(b"hello").unwrap();
    for (coding, bytes) in [
        ("gzip", gzip(b"hello")),
        ("GZip", gzip(b"hello")),
        ("deflate", zlib.finish().unwrap()),
        ("deflate", bare.finish().unwrap()),
        ("br", BROTLI_HELLO.to_vec()),
        ("identity", b"hello".to_vec()),
        ("unheard-of", b"hello".to_vec()),
    ] {
        let field = format!("Content-Encoding: {coding}");
        let server = RawServer::always(response("200 OK", &[&field], &bytes));
        let exchange = get(&server.url("/")).unwrap();
        assert_eq!(text(&exchange), "hello", "{coding}");
        assert_eq!(exchange.response.bytes_received, bytes.len() as u64);
        assert_eq!(
            exchange.response.headers.get("content-encoding"),
            Some(coding)
        );
    }
}

#[test]
fn a_body_over_the_limit_is_an_error_that_names_the_flag() {
    let bomb = gzip(&vec![0; 1_000_000]);
    assert!(bomb.len() < 2_000);
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                    fff\r\nx\r\n0\r\n\r\n";
    let mut long_chunk = chunked[..chunked.len() - 8].to_vec();
    long_chunk.extend(vec![b'x'; 0xfff]);
    for answer in [
        response("200 OK", &["Content-Encoding: gzip"], bomb.clone()),
        response("200 OK", &["Content-Encoding: GZIP"], bomb),
        response("200 OK", &[], vec![b'x'; 1001]),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec(),
        long_chunk,
    ] {
        let server = RawServer::always(answer);
        let mut client = client_with(|options| options.max_body = 1000);
        let error = client.send(&request("GET", &server.url("/"))).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the response body is larger than 1000 bytes (GET {})",
                server.url("/")
            )
        );
        assert_eq!(error.help(), Some("allow more with `--max-filesize`"));
    }
    let server = RawServer::always(response("200 OK", &[], vec![b'x'; 1000]));
    let mut client = client_with(|options| options.max_body = 1000);
    assert!(client.send(&request("GET", &server.url("/"))).is_ok());
}
