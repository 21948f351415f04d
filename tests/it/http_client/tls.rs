//! HTTPS: whom the client trusts, and what it says where it does not.

use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use lcrun::http::client::{Client, ClientError, ClientOptions, Phase, SendErrorKind, TlsProblem};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::{client_with, get, request, text};
use crate::raw_server::{Answer, RawServer, ok};

fn certificate(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/certificates/");
    PathBuf::from(format!("{folder}{name}.pem"))
}

pub(super) fn tls_server(name: &str) -> RawServer {
    let key = certificate(name).with_extension("key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_file(certificate(name)).unwrap()],
            PrivateKeyDer::from_pem_file(key).unwrap(),
        )
        .unwrap();
    let config = Arc::new(config);
    RawServer::start_wrapped(
        |heard| match heard.method_and_target().1 {
            "/cut" => Answer::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab".to_vec()),
            "/stall" => Answer::Stall(Vec::new()),
            _ => Answer::Keep(ok("safe")),
        },
        move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            StreamOwned::new(connection, stream)
        },
    )
}

fn tls_problem(server: &RawServer, cacert: Option<&str>) -> TlsProblem {
    let mut client = client_with(|options| options.cacert = cacert.map(certificate));
    let error = client
        .send(&request("GET", &https(server, "/")))
        .unwrap_err();
    match error.kind {
        SendErrorKind::Tls { host, problem } => {
            assert_eq!(host, "127.0.0.1");
            problem
        }
        other => panic!("{other:?}"),
    }
}

fn https(server: &RawServer, path: &str) -> String {
    format!("https://{}{path}", server.address)
}

#[test]
fn a_certificate_is_trusted_by_its_authority_by_itself_or_blindly() {
    for (server, cacert, insecure) in [
        ("server", Some("authority"), false),
        ("self-signed", Some("self-signed"), false),
        ("server", None, true),
        ("expired", None, true),
        ("elsewhere", Some("authority"), true),
    ] {
        let running = tls_server(server);
        let mut client = client_with(|options| {
            options.cacert = cacert.map(certificate);
            options.insecure = insecure;
        });
        for connection_is_new in [true, false] {
            let mut post = request("POST", &https(&running, "/"));
            post.body = Some(b"hello".as_slice().into());
            let exchange = client.send(&post).unwrap();
            assert_eq!(text(&exchange), "safe");
            assert_eq!(
                exchange.timings.tls.is_some(),
                connection_is_new,
                "{server}"
            );
            assert_eq!(running.next().body, "hello");
        }
    }
}

#[test]
fn a_certificate_that_is_not_trusted_is_explained() {
    assert_eq!(
        tls_problem(&tls_server("server"), None),
        TlsProblem::UnknownIssuer
    );
    assert_eq!(
        tls_problem(&tls_server("server"), Some("self-signed")),
        TlsProblem::UnknownIssuer
    );
    assert_eq!(
        tls_problem(&tls_server("self-signed"), None),
        TlsProblem::UnknownIssuer
    );
    assert_eq!(
        tls_problem(&tls_server("expired"), Some("authority")),
        TlsProblem::Expired
    );
    assert_eq!(
        tls_problem(&tls_server("elsewhere"), Some("authority")),
        TlsProblem::OtherName(vec!["example.com".into(), "www.example.com".into()])
    );
}

#[test]
fn a_server_without_tls_is_recognised() {
    let plain = RawServer::start(|_| Answer::Close(Vec::new()));
    let chatty = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = chatty.local_addr().unwrap();
    let greeting = thread::spawn(move || {
        let (mut stream, _) = chatty.accept().unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .unwrap();
        // Until the client has read it and gone.
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let error = get(&format!("https://{address}/")).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "no TLS connection with `127.0.0.1`: what it answers is not TLS (GET https://{address}/)"
        )
    );
    assert_eq!(error.help(), Some("it may speak plain HTTP: try `http://`"));
    greeting.join().unwrap();
    drop(plain);
}

#[test]
fn time_limits_and_cut_bodies_look_the_same_under_tls() {
    let server = tls_server("server");
    let mut client = client_with(|options| options.insecure = true);
    let mut stalled = request("GET", &https(&server, "/stall"));
    stalled.timeout = Some(Duration::from_millis(200));
    assert!(matches!(
        client.send(&stalled).unwrap_err().kind,
        SendErrorKind::Timeout {
            phase: Phase::Wait,
            ..
        }
    ));
    assert_eq!(
        client
            .send(&request("GET", &https(&server, "/cut")))
            .unwrap_err()
            .kind,
        SendErrorKind::Truncated {
            received: Some(2),
            expected: Some(9)
        }
    );
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let after = Duration::from_millis(30);
    let mut client = client_with(|options| options.connect_timeout = after);
    let url = format!("https://{}/", silent.local_addr().unwrap());
    assert_eq!(
        client.send(&request("GET", &url)).unwrap_err().kind,
        SendErrorKind::Timeout {
            phase: Phase::TlsHandshake,
            after
        }
    );
}

#[test]
fn a_file_without_certificates_is_refused_before_anything_is_sent() {
    let new = |file: PathBuf| {
        let options = ClientOptions {
            cacert: Some(file),
            ..ClientOptions::default()
        };
        Client::new(options).unwrap_err()
    };
    assert!(matches!(
        new(certificate("missing")),
        ClientError::UnreadableCertificates { .. }
    ));
    let key = certificate("server").with_extension("key");
    assert!(matches!(new(key), ClientError::NoCertificates { .. }));
}
