//! What a run decides once about how its requests are sent.

use std::path::PathBuf;
use std::time::Duration;

use super::ProxySettings;

/// How requests are sent; the defaults are those of the command line.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// How long the name look-up, the connection and the TLS handshake may take together; 10 s.
    pub connect_timeout: Duration,
    /// How long any exchange may take, redirects included; the smaller of this and
    /// [`Request::timeout`](crate::http::message::Request::timeout) counts. No limit by default.
    pub max_time: Option<Duration>,
    /// How many bytes a body may have once its content encoding is undone; 32 MiB.
    pub max_body: u64,
    /// A PEM file with certificates to trust beside those of the platform.
    pub cacert: Option<PathBuf>,
    /// Accept any certificate.
    pub insecure: bool,
    /// Which requests go through a proxy; none by default.
    pub proxy: ProxySettings,
    /// What `User-Agent` says where a request does not; `lcrun/` and the version.
    pub user_agent: String,
    /// Whether cookies are kept and sent back; yes.
    pub cookies: bool,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            max_time: None,
            max_body: 32 * 1024 * 1024,
            cacert: None,
            insecure: false,
            proxy: ProxySettings::default(),
            user_agent: concat!("lcrun/", env!("CARGO_PKG_VERSION")).to_owned(),
            cookies: true,
        }
    }
}
