//! TLS: the only file that names `rustls`. Nothing of it is set up before the first `https` URL.
//!
//! `ureq`'s own layer can't trust a certificate beside those of the platform.

use std::fmt;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme,
    StreamOwned,
};
use rustls_platform_verifier::Verifier;
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
    TransportAdapter,
};

use super::trace::Trace;
use super::{ClientError, Phase, SendErrorKind, TlsProblem};

/// Whom to trust.
#[derive(Debug, Clone, Default)]
pub(super) struct Trust {
    /// Certificates beside those of the platform.
    extra: Vec<CertificateDer<'static>>,
    /// Everybody.
    anybody: bool,
}

impl Trust {
    /// Trusts the platform's authorities, the certificates of a PEM file, or anybody.
    pub(super) fn new(cacert: Option<&Path>, anybody: bool) -> Result<Self, ClientError> {
        let Some(file) = cacert else {
            return Ok(Self {
                extra: Vec::new(),
                anybody,
            });
        };
        let path = file.display().to_string();
        let pem = std::fs::read(file).map_err(|error| ClientError::UnreadableCertificates {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        let extra: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        match extra {
            Ok(extra) if !extra.is_empty() => Ok(Self { extra, anybody }),
            _ => Err(ClientError::NoCertificates { path }),
        }
    }

    fn config(&self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(ring::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = if self.anybody {
            Arc::new(Anybody(Arc::clone(&provider)))
        } else {
            Arc::new(Trusted {
                platform: Verifier::new_with_extra_roots(
                    self.extra.iter().cloned(),
                    Arc::clone(&provider),
                )?,
                extra: self.extra.clone(),
            })
        };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// The platform's verifier and the certificates that were named beside.
#[derive(Debug)]
struct Trusted {
    platform: Verifier,
    extra: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Trusted {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.platform.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            // What `openssl req -x509` makes: a certificate that signed itself is an authority's
            // and, says webpki, no server's. Named in `--cacert` it is trusted as it is, as curl
            // does. Its time was checked before; its name was not.
            Err(rustls::Error::InvalidCertificate(CertificateError::Other(other)))
                if other.to_string() == "CaUsedAsEndEntity" && self.extra.contains(end_entity) =>
            {
                let certificate = ParsedCertificate::try_from(end_entity)?;
                rustls::client::verify_server_name(&certificate, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.platform
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.platform
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.platform.supported_verify_schemes()
    }
}

/// Accepts any certificate, for `-k`; the handshake must still be that certificate's.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Puts TLS around the connections of `https` URLs.
pub(super) struct Tls {
    trust: Trust,
    trace: Trace,
    /// Made once, by the first handshake.
    config: OnceLock<Result<Arc<ClientConfig>, TlsProblem>>,
}

impl Tls {
    pub(super) fn new(trust: Trust, trace: Trace) -> Self {
        Self {
            trust,
            trace,
            config: OnceLock::new(),
        }
    }

    fn shake_hands(
        &self,
        host: &str,
        connection: &mut TransportAdapter,
    ) -> Result<ClientConnection, TlsFailure> {
        let config = self.config.get_or_init(|| {
            let config = self.trust.config();
            config.map(Arc::new).map_err(|error| problem(&error))
        });
        let config = config.clone().map_err(TlsFailure::Problem)?;
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(name.to_owned()).map_err(|_| {
            TlsFailure::Problem(TlsProblem::Other(
                "its name can't be in a certificate".into(),
            ))
        })?;
        let mut tls = ClientConnection::new(config, name)
            .map_err(|error| TlsFailure::Problem(problem(&error)))?;
        tls.complete_io(connection)?;
        Ok(tls)
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}

impl<In: Transport> Connector<In> for Tls {
    type Out = Either<In, TlsTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(transport) = chained else {
            return Ok(None);
        };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        self.trace.enter(Phase::TlsHandshake);
        let begun = Instant::now();
        let host = details.uri.host().unwrap_or_default();
        let mut sock = TransportAdapter::new(transport.boxed(), Arc::clone(&details.current_time));
        let left = self.trace.time_left()?;
        sock.set_timeout(left);
        let conn = self
            .shake_hands(host, &mut sock)
            .map_err(|failure| match failure {
                TlsFailure::Problem(problem) => Error::Other(Box::new(SendErrorKind::Tls {
                    host: host.to_owned(),
                    problem,
                })),
                TlsFailure::Io(error) => Error::from(error),
            })?;
        self.trace.agreed_on_tls(begun.elapsed());
        let config = details.config;
        Ok(Some(Either::B(TlsTransport {
            stream: StreamOwned { conn, sock },
            buffers: LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
        })))
    }
}

/// Why a handshake failed: over TLS itself, or below it.
enum TlsFailure {
    Problem(TlsProblem),
    Io(io::Error),
}

impl From<io::Error> for TlsFailure {
    fn from(error: io::Error) -> Self {
        match error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            Some(inner) => TlsFailure::Problem(problem(inner)),
            None => TlsFailure::Io(error),
        }
    }
}

/// What is wrong, in our words where there are any.
fn problem(error: &rustls::Error) -> TlsProblem {
    use CertificateError as Wrong;
    use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage};
    match error {
        InvalidCertificate(Wrong::UnknownIssuer) => TlsProblem::UnknownIssuer,
        InvalidCertificate(Wrong::Other(other)) if other.to_string() == "CaUsedAsEndEntity" => {
            TlsProblem::UnknownIssuer
        }
        InvalidCertificate(Wrong::Expired | Wrong::ExpiredContext { .. }) => TlsProblem::Expired,
        InvalidCertificate(Wrong::NotValidYet | Wrong::NotValidYetContext { .. }) => {
            TlsProblem::NotValidYet
        }
        InvalidCertificate(Wrong::NotValidForName) => TlsProblem::OtherName(Vec::new()),
        InvalidCertificate(Wrong::NotValidForNameContext { presented, .. }) => {
            TlsProblem::OtherName(presented.iter().map(|name| readable(name)).collect())
        }
        InvalidCertificate(other) => TlsProblem::Certificate(other.to_string()),
        InvalidMessage(_) => TlsProblem::NotTls,
        AlertReceived(alert) => TlsProblem::Other(format!("it refused the handshake: {alert:?}")),
        other => TlsProblem::Other(other.to_string()),
    }
}

/// `example.com` of webpki's `DnsName("example.com")`.
fn readable(name: &str) -> String {
    let inside = name
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    inside.unwrap_or(name).trim_matches('"').to_owned()
}

/// A connection with TLS around it.
pub(super) struct TlsTransport {
    stream: StreamOwned<ClientConnection, TransportAdapter>,
    buffers: LazyBuffers,
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsTransport").finish_non_exhaustive()
    }
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = &self.buffers.output()[..amount];
        self.stream.write_all(output)?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
