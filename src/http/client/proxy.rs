//! Which requests go through which proxy. Talking to it is `ureq`'s business, and `outgoing`'s.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Position, Url};

use super::ClientError;

/// The proxies of a run: those of `--proxy` or of the usual variables.
#[derive(Clone, Default)]
pub struct ProxySettings {
    http: Option<Url>,
    https: Option<Url>,
    bypass: Bypass,
    /// Whether the command line named it, and not the variables that other clients read too.
    named: bool,
}

/// How a request reaches its server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Route<'a> {
    Direct,
    /// The proxy gets the request itself, with the whole URL in its first line, as proxies expect
    /// it for plain HTTP: many refuse `CONNECT` to port 80.
    Forward(&'a Url),
    /// The proxy gets a `CONNECT` or what SOCKS has for it.
    Tunnel(&'a Url),
}

/// Which hosts are reached without a proxy.
#[derive(Debug, Clone, Default)]
struct Bypass {
    /// This machine; for proxies that come from variables, as in browsers and Go, so that a
    /// sandbox on 127.0.0.1 works where a proxy is the only way out.
    loopback: bool,
    everything: bool,
    /// Names in lower case; their subdomains count too.
    names: Vec<String>,
    networks: Vec<(IpAddr, u8)>,
}

impl ProxySettings {
    /// One proxy for every request, this machine included; `no_proxy` lists the exceptions.
    pub fn explicit(url: &str, no_proxy: Option<&str>) -> Result<Self, ClientError> {
        let url = parse(url)?;
        Ok(Self {
            http: Some(url.clone()),
            https: Some(url),
            bypass: Bypass::parse(no_proxy.unwrap_or_default(), false),
            named: true,
        })
    }

    /// The proxies that the usual variables name. `variable` gives the value of one.
    ///
    /// As in curl, `http_proxy` counts in lower case only (in a CGI program the other is what a
    /// client sent); `https_proxy`, `all_proxy` and `no_proxy` in both.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ClientError> {
        let first = |names: &[&str]| {
            let mut values = names.iter().filter_map(|name| variable(name));
            values.find(|value| !value.is_empty())
        };
        let proxy = |names: &[&str]| first(names).as_deref().map(parse).transpose();
        let no_proxy = first(&["no_proxy", "NO_PROXY"]).unwrap_or_default();
        Ok(Self {
            http: proxy(&["http_proxy", "all_proxy", "ALL_PROXY"])?,
            https: proxy(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?,
            bypass: Bypass::parse(&no_proxy, true),
            named: false,
        })
    }

    /// The proxy on the way to a URL that a client in the same environment would not find by itself.
    pub fn named_for(&self, url: &Url) -> Option<&Url> {
        match self.route(url) {
            Route::Forward(proxy) | Route::Tunnel(proxy) if self.named => Some(proxy),
            _ => None,
        }
    }

    /// The way to a URL.
    pub(super) fn route(&self, url: &Url) -> Route<'_> {
        let secure = url.scheme() == "https";
        let proxy = if secure { &self.https } else { &self.http };
        match proxy {
            None => Route::Direct,
            Some(_) if self.bypass.covers(url) => Route::Direct,
            Some(proxy) if !secure && proxy.scheme() == "http" => Route::Forward(proxy),
            Some(proxy) => Route::Tunnel(proxy),
        }
    }
}

/// Without the proxies' passwords.
impl fmt::Debug for ProxySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxySettings")
            .field("http", &self.http.as_ref().map(bare))
            .field("https", &self.https.as_ref().map(bare))
            .field("bypass", &self.bypass)
            .field("named", &self.named)
            .finish()
    }
}

/// A proxy for a message: its scheme, host and port.
pub(super) fn bare(proxy: &Url) -> String {
    let host = &proxy[Position::BeforeHost..Position::AfterPort];
    format!("{}://{host}", proxy.scheme())
}

/// The address of a proxy; without a scheme it is `http`.
fn parse(text: &str) -> Result<Url, ClientError> {
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&with_scheme).ok().filter(|url| {
        let schemes = [
            "http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h",
        ];
        schemes.contains(&url.scheme()) && url.host().is_some()
    });
    url.ok_or_else(|| ClientError::InvalidProxy {
        url: match text.rsplit_once('@') {
            Some((_, host)) => format!("***@{host}"),
            None => text.to_owned(),
        },
    })
}

impl Bypass {
    /// A list as in `no_proxy`: names, addresses and networks apart by commas or blanks, or `*`.
    fn parse(list: &str, loopback: bool) -> Self {
        let mut bypass = Self {
            loopback,
            ..Self::default()
        };
        let entries = list.split([',', ' ', '\t']).map(str::trim);
        for entry in entries.filter(|entry| !entry.is_empty()) {
            if entry == "*" {
                bypass.everything = true;
            } else if let Some(network) = network(entry) {
                bypass.networks.push(network);
            } else {
                let name = entry.strip_prefix('*').unwrap_or(entry);
                let name = name.trim_matches('.').to_ascii_lowercase();
                bypass.names.push(name);
            }
        }
        bypass
    }

    fn covers(&self, url: &Url) -> bool {
        self.everything
            || (self.loopback && is_loopback(url))
            || match url.host() {
                Some(Host::Domain(name)) => self.names.iter().any(|listed| {
                    name.strip_suffix(&**listed)
                        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                }),
                Some(Host::Ipv4(address)) => self.holds(address.into()),
                Some(Host::Ipv6(address)) => self.holds(address.into()),
                None => false,
            }
    }

    fn holds(&self, address: IpAddr) -> bool {
        self.networks
            .iter()
            .any(|&(network, bits)| match (network, address) {
                (IpAddr::V4(network), IpAddr::V4(address)) => {
                    let apart = u32::from(network) ^ u32::from(address);
                    apart.checked_shr(32 - u32::from(bits)).unwrap_or(0) == 0
                }
                (IpAddr::V6(network), IpAddr::V6(address)) => {
                    let apart = u128::from(network) ^ u128::from(address);
                    apart.checked_shr(128 - u32::from(bits)).unwrap_or(0) == 0
                }
                _ => false,
            })
    }
}

/// An address such as `10.0.0.1`, `[::1]` or a network such as `10.0.0.0/8`.
fn network(entry: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = match entry.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (entry, None),
    };
    let address: IpAddr = address.trim_matches(['[', ']']).parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(most);
    (bits <= most).then_some((address, bits))
}

/// Whether a URL leads to this machine, by its name or address alone (RFC 6761 §6.3).
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether a name is `localhost` or below it.
pub(super) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let top = name.rsplit('.').next().unwrap_or(name);
    top.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &'static [(&str, &str)]) -> ProxySettings {
        ProxySettings::from_variables(|name| {
            let value = pairs.iter().find(|pair| pair.0 == name)?;
            Some(value.1.to_owned())
        })
        .unwrap()
    }

    fn route(settings: &ProxySettings, url: &str) -> String {
        match settings.route(&Url::parse(url).unwrap()) {
            Route::Direct => "direct".into(),
            Route::Forward(proxy) => format!("forward {proxy}"),
            Route::Tunnel(proxy) => format!("tunnel {proxy}"),
        }
    }

    #[test]
    fn the_variables_are_read_as_curl_reads_them() {
        let both = variables(&[("http_proxy", "p:3128"), ("HTTPS_PROXY", "http://s:1")]);
        assert_eq!(route(&both, "http://a.test/"), "forward http://p:3128/");
        assert_eq!(route(&both, "https://a.test/"), "tunnel http://s:1/");

        let upper = variables(&[("HTTP_PROXY", "p:1"), ("https_proxy", "")]);
        assert_eq!(route(&upper, "http://a.test/"), "direct");
        assert_eq!(route(&upper, "https://a.test/"), "direct");

        let all = variables(&[("ALL_PROXY", "socks5h://p:1080")]);
        assert_eq!(route(&all, "http://a.test/"), "tunnel socks5h://p:1080");
    }

    #[test]
    fn no_proxy_lists_names_with_their_subdomains_addresses_and_networks() {
        let settings = variables(&[
            ("all_proxy", "p:1"),
            (
                "no_proxy",
                "example.com, .corp.test,*.wild.test,10.1.0.0/16 [fd00::1],192.0.2.7",
            ),
        ]);
        for (url, direct) in [
            ("http://example.com/", true),
            ("http://api.EXAMPLE.com/", true),
            ("http://notexample.com/", false),
            ("http://a.corp.test/", true),
            ("http://corp.test/", true),
            ("http://a.wild.test/", true),
            ("http://10.1.200.3/", true),
            ("http://10.2.0.1/", false),
            ("http://[fd00::1]/", true),
            ("http://[fd00::2]/", false),
            ("http://192.0.2.7:8080/", true),
        ] {
            assert_eq!(route(&settings, url) == "direct", direct, "{url}");
        }
        let none = variables(&[("all_proxy", "p:1"), ("NO_PROXY", "*")]);
        assert_eq!(route(&none, "https://a.test/"), "direct");
    }

    #[test]
    fn this_machine_is_reached_directly_unless_the_proxy_was_asked_for() {
        let from_variables = variables(&[("all_proxy", "p:1")]);
        let explicit = ProxySettings::explicit("p:1", None).unwrap();
        for url in [
            "http://127.0.0.1:1/",
            "http://localhost/",
            "https://api.localhost/",
            "http://[::1]/",
        ] {
            assert_eq!(route(&from_variables, url), "direct");
            assert_ne!(route(&explicit, url), "direct");
        }
        let except = ProxySettings::explicit("p:1", Some("localhost")).unwrap();
        assert_eq!(route(&except, "http://localhost/"), "direct");
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_its_password() {
        let error = ProxySettings::explicit("ftp://ann:hunter22@p:1", None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`***@p:1` is not the address of a proxy: \
             write `http://host:port`, `https://host:port` or `socks5://host:port`"
        );
    }
}
