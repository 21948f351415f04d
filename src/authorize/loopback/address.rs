//! Redirect URIs that this machine serves itself.

/// A redirect URI on the loopback interface: `http://127.0.0.1:PORT/…` or `http://localhost:PORT/…`
/// (RFC 8252 §7.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoopbackUri {
    /// As it was written: servers compare it slash for slash.
    text: String,
    is_localhost: bool,
    port: u16,
    path: String,
}

/// The port of an address that names none.
const HTTP_PORT: u16 = 80;

impl LoopbackUri {
    /// Reads a redirect URI; `None` if a listener can't serve it, since it is elsewhere or wants TLS.
    pub fn parse(uri: &str) -> Option<Self> {
        let rest = uri.strip_prefix("http://")?;
        if uri.contains('#') {
            return None;
        }
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, read_port(port)?),
            None => (authority, HTTP_PORT),
        };
        let path = target.split('?').next().unwrap_or_default();
        Some(Self {
            text: uri.to_owned(),
            is_localhost: match host {
                "127.0.0.1" => false,
                "localhost" => true,
                _ => return None,
            },
            port,
            // A browser asks for `/` where the address has no path (RFC 9112 §3.2.1).
            path: if path.is_empty() { "/" } else { path }.to_owned(),
        })
    }

    /// The address as it was written, but for a port 0 that has become [another](Self::with_port).
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its port; 0 is any that is free.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether it says `localhost`, which may mean `::1` as well.
    pub fn is_localhost(&self) -> bool {
        self.is_localhost
    }

    /// The path that is listened on.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Host and port as a browser writes them into `Host`.
    pub fn authority(&self) -> String {
        let host = self.host();
        if self.port == HTTP_PORT {
            host.to_owned()
        } else {
            format!("{host}:{}", self.port)
        }
    }

    /// The same address with the port that was found for it.
    #[must_use]
    pub fn with_port(&self, port: u16) -> Self {
        let host = self.host();
        let written = format!("http://{host}");
        let rest = self.text.strip_prefix(&written).unwrap_or_default();
        let target = rest.find(['/', '?']).map_or("", |begin| &rest[begin..]);
        Self {
            text: format!("{written}:{port}{target}"),
            port,
            ..self.clone()
        }
    }

    fn host(&self) -> &'static str {
        if self.is_localhost {
            "localhost"
        } else {
            "127.0.0.1"
        }
    }
}

fn read_port(text: &str) -> Option<u16> {
    // A number alone may begin with a plus.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_without_tls_are_served() {
        for (uri, port, path) in [
            ("http://127.0.0.1:8765/cb", 8765, "/cb"),
            ("http://localhost:3000", 3000, "/"),
            ("http://127.0.0.1:0/", 0, "/"),
            ("http://127.0.0.1/cb/?a=b/c", 80, "/cb/"),
            ("http://localhost:3000?a=1", 3000, "/"),
        ] {
            let read = LoopbackUri::parse(uri).unwrap();
            assert_eq!((read.port(), read.path()), (port, path), "{uri}");
            assert_eq!(read.as_str(), uri);
        }
        for elsewhere in [
            "https://127.0.0.1:8765/",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1:80@evil.example/",
            "http://user@127.0.0.1/",
            "http://[::1]:8080/",
            "http://127.0.0.2:8080/",
            "http://0.0.0.0:8080/",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1:+1/",
            "http://127.0.0.1:/",
            "http://127.0.0.1:1/#f",
            "https://www.livechat.com/",
            "my_app://callback",
            "",
        ] {
            assert_eq!(LoopbackUri::parse(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn a_port_that_was_found_takes_the_place_of_the_zero_and_nothing_else_changes() {
        let found = |uri: &str| {
            let with_port = LoopbackUri::parse(uri).unwrap().with_port(4711);
            (with_port.as_str().to_owned(), with_port.authority())
        };
        assert_eq!(found("http://127.0.0.1:0").0, "http://127.0.0.1:4711");
        assert_eq!(
            found("http://localhost:0/0/cb/?a=0"),
            (
                "http://localhost:4711/0/cb/?a=0".to_owned(),
                "localhost:4711".to_owned()
            )
        );
    }
}
