//! HTTPS: an authority made for one start of the sandbox, and the server's certificate that it has signed.
//! The only file that names `rcgen` and `tokio_rustls`.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

/// Under which names the sandbox is reached.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long the certificates are valid. Some platforms refuse those that are valid for more than 825 days.
const LIFETIME: Duration = Duration::from_secs(365 * 24 * 3600);

/// The first byte of every TLS connection: the type of a handshake record (RFC 8446 §5.1).
pub const HANDSHAKE: u8 = 0x16;

/// What a server needs to speak HTTPS.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl Tls {
    /// Makes an authority and a certificate for the sandbox, valid for a year from `since`. Returns the
    /// authority's certificate as PEM too. Its key is forgotten, so that it never signs anything else.
    ///
    /// # Errors
    /// If no key can be made.
    pub fn new(since: SystemTime) -> io::Result<(Self, String)> {
        let (certificates, key, authority) = certify(since).map_err(io::Error::other)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(certificates, key.into())
            })
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok((Self(TlsAcceptor::from(Arc::new(config))), authority))
    }

    /// Shakes hands with a client.
    ///
    /// # Errors
    /// If the client doesn't trust the sandbox, hangs up, or sends nonsense.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.0.accept(stream).await
    }
}

/// The server's certificate with its key, and the authority's certificate as PEM.
type Certified = (
    Vec<CertificateDer<'static>>,
    PrivatePkcs8KeyDer<'static>,
    String,
);

fn certify(since: SystemTime) -> Result<Certified, rcgen::Error> {
    let mut authority = params("lcrun sandbox authority", &[], since)?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let mut server = params("lcrun sandbox", &NAMES, since)?;
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Strict clients, such as Python 3.13, refuse a certificate without it.
    server.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &authority)?;
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    Ok((vec![certificate.der().clone()], key, authority.pem()))
}

fn params(
    name: &str,
    hosts: &[&str],
    since: SystemTime,
) -> Result<CertificateParams, rcgen::Error> {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    // A client's clock may be behind.
    params.not_before = (since - DAY).into();
    params.not_after = (since + LIFETIME).into();
    Ok(params)
}
