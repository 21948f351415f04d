//! What can be chosen about a sandbox: by its user, and by a test.

use std::time::{Duration, SystemTime};

/// What a caller chooses about a sandbox.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The loopback port to listen on; 0 takes a free one.
    pub port: u16,
    /// Makes tokens, codes, ids and times the same in every start; without it they are random.
    pub seed: Option<u64>,
    /// Speaks HTTPS rather than HTTP, with certificates for the year that begins at this moment:
    /// the sandbox itself never reads the clock.
    pub tls: Option<SystemTime>,
}

/// The limits of a sandbox's connections and where its time begins.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How long a connection may take to send a request's head, or stay idle.
    pub header_timeout: Duration,
    /// How long a request's body may take to arrive as a whole.
    pub body_timeout: Duration,
    /// The largest body that is accepted, in bytes.
    pub body_limit: usize,
    /// Where the sandbox's clock starts; without it, at a constant moment in June 2026.
    pub now: Option<SystemTime>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            body_limit: 12 * 1024 * 1024,
            now: None,
        }
    }
}
