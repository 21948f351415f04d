//! Which redirect URIs an app may ask for: the rules of the whitelist in Developer Console.
//! Works on the text as it stands, because a URL parser would resolve the `..` that must be refused.

/// The hosts whose port may be left open in a whitelist.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// The parts of a redirect URI that the rules look at.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
}

/// Whether `requested` is led by an entry of `whitelist`, a comma-separated list.
///
/// Scheme, host and port are exact, the configured path leads the requested one and ends at a `/`;
/// `..`, a query and a fragment are forbidden. An entry for the loopback interface may say `*` for the port,
/// which Developer Console does not know: a native app listens on whichever port is free (RFC 8252 §7.3).
pub fn is_allowed(whitelist: &str, requested: &str) -> bool {
    let Some(requested) = split(requested) else {
        return false;
    };
    entries(whitelist).filter_map(split).any(|configured| {
        configured.scheme == requested.scheme
            && hosts(configured.authority, requested.authority)
            && leads(configured.path, requested.path)
    })
}

/// The entries of a comma-separated whitelist.
pub fn entries(whitelist: &str) -> impl Iterator<Item = &str> {
    whitelist
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
}

/// Whether a URI is well formed enough to be put on a whitelist.
pub fn is_configurable(uri: &str) -> bool {
    split(uri).is_some()
}

/// Whether the URI's scheme is an app's own (`my_app://`), which is allowed only with PKCE.
pub fn has_custom_scheme(uri: &str) -> bool {
    !uri.starts_with("http://") && !uri.starts_with("https://")
}

fn hosts(configured: &str, requested: &str) -> bool {
    let Some(host) = any_port_of(configured) else {
        return configured == requested;
    };
    match requested.strip_prefix(host) {
        Some("") => true,
        Some(rest) => rest.strip_prefix(':').is_some_and(is_port),
        None => false,
    }
}

fn is_port(text: &str) -> bool {
    // A number alone may begin with a plus.
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

/// The loopback host of an authority such as `127.0.0.1:*`, which stands for each of its ports.
fn any_port_of(authority: &str) -> Option<&str> {
    let host = authority.strip_suffix(":*")?;
    LOOPBACK.contains(&host).then_some(host)
}

fn leads(configured: &str, requested: &str) -> bool {
    requested
        .strip_prefix(configured)
        .is_some_and(|rest| rest.is_empty() || configured.ends_with('/') || rest.starts_with('/'))
}

fn split(uri: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = uri.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let plain = uri
        .bytes()
        .all(|b| b.is_ascii_graphic() && !b"?#\\@<>\"".contains(&b));
    let lettered = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-._".contains(&b));
    let hosted = !authority.is_empty() || has_custom_scheme(uri);
    let ported = !authority.contains('*') || any_port_of(authority).is_some();
    (plain && lettered && hosted && ported && !path.split('/').any(is_dots)).then_some(Parts {
        scheme,
        authority,
        path,
    })
}

/// Whether a path segment is `.` or `..`, percent-encoded or not.
fn is_dots(segment: &str) -> bool {
    let plain = segment.replace("%2e", ".").replace("%2E", ".");
    plain == "." || plain == ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whitelist_is_a_comma_separated_list() {
        let list = "https://a.example/, https://b.example/cb";
        assert!(is_allowed(list, "https://a.example/x"));
        assert!(is_allowed(list, "https://b.example/cb"));
        assert!(!is_allowed(
            list,
            "https://a.example/, https://b.example/cb"
        ));
        assert!(!is_allowed("", "https://a.example/"));
    }

    #[test]
    fn a_loopback_entry_may_leave_the_port_open() {
        let list = "http://127.0.0.1:*/,http://localhost:*/cb,http://[::1]:*";
        for fine in [
            "http://127.0.0.1:49152/",
            "http://127.0.0.1:1/any/path",
            "http://127.0.0.1/",
            "http://localhost:65535/cb",
            "http://[::1]:8080",
        ] {
            assert!(is_allowed(list, fine), "{fine}");
        }
        for wrong in [
            "http://127.0.0.1:0/",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1:/",
            "http://127.0.0.1:*/",
            "http://127.0.0.1:+1/",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1:80@evil.example/",
            "https://127.0.0.1:443/",
            "http://localhost:3000/",
        ] {
            assert!(!is_allowed(list, wrong), "{wrong}");
        }
        assert!(!is_configurable("http://livechat.com:*/"));
        assert!(!is_configurable("http://*.livechat.com/"));
    }

    #[test]
    fn disguises_are_refused() {
        let whitelist = "https://x.io,http://livechat.com";
        for disguise in [
            "https://x.io.evil.example/",
            "https://x.io@evil.example/",
            "https://x.io\\@evil.example/",
            "https://x.io/%2e%2E/",
            "https://x.io/a/./b",
            "https://X.io",
            "HTTPS://x.io",
            "https://x.io:443",
            "https:/x.io",
            "https://x.io/a b",
            "https://x.io/\u{e9}",
            "//x.io",
            "",
        ] {
            assert!(!is_allowed(whitelist, disguise), "{disguise}");
        }
    }

    #[test]
    fn an_apps_own_scheme_is_recognised() {
        assert!(is_allowed("my_app://callback", "my_app://callback"));
        assert!(has_custom_scheme("my_app://callback"));
        assert!(!has_custom_scheme("http://localhost"));
    }
}
