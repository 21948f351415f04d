//! Proxies, of HTTP and of SOCKS.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use lcrun::http::client::ProxySettings;

use super::tls::tls_server;
use super::{client_with, request, text};
use crate::raw_server::{RawServer, ok, response};

/// A proxy that passes everything on to `upstream` after a `CONNECT`, and answers other requests
/// itself.
fn proxy_to(upstream: std::net::SocketAddr) -> (std::net::SocketAddr, mpsc::Receiver<String>) {
    use std::io::{BufRead, BufReader};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> = lines
                .by_ref()
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .collect();
            let is_connect = head[0].starts_with("CONNECT ");
            tell.send(head.join("\n")).unwrap();
            if !is_connect {
                stream.write_all(&ok("from the proxy")).unwrap();
                continue;
            }
            stream
                .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
                .unwrap();
            let server = std::net::TcpStream::connect(upstream).unwrap();
            for (mut from, mut to) in [
                (stream.try_clone().unwrap(), server.try_clone().unwrap()),
                (server, stream),
            ] {
                thread::spawn(move || std::io::copy(&mut from, &mut to));
            }
        }
    });
    (address, told)
}

#[test]
fn a_proxy_gets_plain_requests_whole_and_tunnels_the_others() {
    let server = tls_server("server");
    let (proxy, told) = proxy_to(server.address);
    let through = |url: &str| {
        let mut client = client_with(|options| {
            let proxy = format!("http://me:pass%20word@{proxy}");
            options.proxy = ProxySettings::explicit(&proxy, None).unwrap();
            options.insecure = true;
        });
        client.send(&request("GET", url)).unwrap()
    };

    let exchange = through("http://nowhere.invalid/x?y");
    assert_eq!(text(&exchange), "from the proxy");
    let head = told.recv().unwrap();
    assert!(head.starts_with("GET http://nowhere.invalid/x?y HTTP/1.1\nHost: nowhere.invalid\n"));
    assert!(head.contains("\nProxy-Authorization: Basic bWU6cGFzcyB3b3Jk"));

    let exchange = through("https://nowhere.invalid/x?y");
    assert_eq!(text(&exchange), "safe");
    assert_eq!(exchange.response.reason, "OK");
    assert!(!exchange.request.headers.contains("proxy-authorization"));
    let head = told.recv().unwrap();
    assert!(
        head.starts_with("CONNECT nowhere.invalid:443 HTTP/1.1\n"),
        "{head}"
    );
    assert!(head.contains("\nProxy-Authorization: Basic bWU6cGFzcyB3b3Jk"));
    let inner = server.next();
    assert_eq!(inner.method_and_target(), ("GET", "/x?y"));
    assert_eq!(inner.field("Proxy-Authorization"), None);
}

#[test]
fn a_proxy_that_is_down_or_refuses_is_blamed() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let down = closed.local_addr().unwrap();
    drop(closed);
    let refusing = RawServer::always(response("403 Forbidden", &[], ""));
    let through = |proxy: std::net::SocketAddr, url: &str| {
        let mut client = client_with(|options| {
            let proxy = format!("http://me:hunter22@{proxy}");
            options.proxy = ProxySettings::explicit(&proxy, None).unwrap();
        });
        client
            .send(&request("GET", url))
            .unwrap_err()
            .kind
            .to_string()
    };
    for url in ["http://a.test/", "https://a.test/"] {
        assert_eq!(
            through(down, url),
            format!("the proxy `http://{down}` failed: connection refused")
        );
    }
    assert_eq!(
        through(refusing.address, "https://a.test/"),
        format!(
            "the proxy `http://{}` failed: it answers `CONNECT` with status 403",
            refusing.address
        )
    );
}

#[test]
fn a_socks_proxy_is_spoken_to_as_rfc_1928_says() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let proxy = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).unwrap();
        stream.write_all(&[5, 0]).unwrap();
        let mut connect = [0; 5 + 15 + 2];
        stream.read_exact(&mut connect).unwrap();
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
        let mut head = [0; 5];
        stream.read_exact(&mut head).unwrap();
        stream.write_all(&ok("by socks")).unwrap();
        (connect.to_vec(), head)
    });
    let mut client = client_with(|options| {
        options.proxy = ProxySettings::explicit(&format!("socks5h://{address}"), None).unwrap();
    });
    let exchange = client
        .send(&request("GET", "http://nowhere.invalid/"))
        .unwrap();
    assert_eq!(text(&exchange), "by socks");
    let (connect, head) = proxy.join().unwrap();
    assert_eq!(connect[..5], [5, 1, 0, 3, 15]);
    assert_eq!(&head, b"GET /");
}
