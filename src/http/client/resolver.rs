//! From a host to its addresses: one look-up per host and client.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::interrupt::{Bell, Waited, lock};
use super::proxy::is_localhost;
use super::trace::Trace;
use super::{Phase, SendErrorKind};

/// Looks hosts up and remembers what it found.
#[derive(Debug, Clone)]
pub(super) struct Names {
    known: Arc<Mutex<HashMap<String, Vec<IpAddr>>>>,
    trace: Trace,
    bell: Bell,
}

/// As many addresses as `ureq` keeps.
const MOST: usize = 16;

impl Names {
    pub(super) fn new(trace: Trace, bell: Bell) -> Self {
        Self {
            known: Arc::default(),
            trace,
            bell,
        }
    }

    pub(super) fn trace(&self) -> &Trace {
        &self.trace
    }

    pub(super) fn bell(&self) -> &Bell {
        &self.bell
    }

    /// Looks every host up again: one could not be reached where it was.
    pub(super) fn forget(&self) {
        lock(&self.known).clear();
    }

    fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, SendErrorKind> {
        if let Some(addresses) = special(host) {
            return Ok(addresses);
        }
        if let Some(addresses) = lock(&self.known).get(host) {
            return Ok(addresses.clone());
        }
        let unknown = |reason: String| SendErrorKind::UnknownHost {
            host: host.to_owned(),
            reason,
        };
        if host.trim_end_matches('.').ends_with(".invalid") {
            // RFC 6761 §6.4: such a name never exists, and no server is to be asked.
            return Err(unknown("names in `.invalid` never exist".to_owned()));
        }
        let begun = Instant::now();
        let name = host.to_owned();
        let until = self.trace.limit().map(|limit| limit.at);
        let found = self.bell.wait(until, move || {
            let addresses = (name.as_str(), 0).to_socket_addrs()?;
            Ok::<_, io::Error>(addresses.map(|address| address.ip()).collect::<Vec<_>>())
        });
        self.trace.looked_up(begun.elapsed());
        let mut addresses = match found {
            Waited::Done(Ok(addresses)) => addresses,
            Waited::Done(Err(error)) => return Err(unknown(plain(&error))),
            Waited::TimedOut => return Err(self.trace.timed_out()),
            Waited::Interrupted => return Err(SendErrorKind::Interrupted),
        };
        if addresses.is_empty() {
            return Err(unknown("it has no address".to_owned()));
        }
        addresses.truncate(MOST);
        lock(&self.known).insert(host.to_owned(), addresses.clone());
        Ok(addresses)
    }
}

/// The addresses of what needs no look-up: a literal, or this machine (RFC 6761 §6.3).
fn special(host: &str) -> Option<Vec<IpAddr>> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse() {
        return Some(vec![address]);
    }
    is_localhost(host).then(|| vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()])
}

/// What the system says without the words that the standard library puts before it.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let reason = text.strip_prefix("failed to lookup address information: ");
    reason.unwrap_or(&text).to_owned()
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        self.trace.enter(Phase::NameLookup);
        let forwarding = self.trace.forwarding_proxy();
        let uri = forwarding.as_ref().unwrap_or(uri);
        let host = uri.host().ok_or(Error::HostNotFound)?;
        let port = uri.port_u16().unwrap_or(match uri.scheme_str() {
            Some("https") => 443,
            Some("http") => 80,
            _ => 1080,
        });
        let addresses = self
            .addresses(host)
            .map_err(|kind| Error::Other(Box::new(kind)))?;
        let mut resolved = self.empty();
        for address in addresses {
            resolved.push(SocketAddr::new(address, port));
        }
        self.trace.enter(Phase::Connect);
        Ok(resolved)
    }
}
