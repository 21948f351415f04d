//! Which redirect URIs an app may ask for: the rules of the whitelist in Developer Console.
//! Works on the text as it stands, because a URL parser would resolve the `..` that must be refused.

/// The parts of a redirect URI that the rules look at.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
}

/// Whether `requested` is led by an entry of `whitelist`, a comma-separated list.
///
/// Scheme, host and port are exact, the configured path leads the requested one and ends at a `/`;
/// `..`, a query and a fragment are forbidden.
pub fn is_allowed(whitelist: &str, requested: &str) -> bool {
    let Some(requested) = split(requested) else {
        return false;
    };
    entries(whitelist).filter_map(split).any(|configured| {
        configured.scheme == requested.scheme
            && configured.authority == requested.authority
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
    (plain && lettered && hosted && !path.split('/').any(is_dots)).then_some(Parts {
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
    fn every_row_of_the_documented_table_holds() {
        let rows = [
            ("http://livechat.com", "http://livechat.com", true),
            ("http://livechat.com", "http://livechat.com/archives", true),
            (
                "http://livechat.com",
                "http://livechat.com/archives/../",
                false,
            ),
            ("http://livechat.com/archives", "http://livechat.com", false),
            (
                "http://livechat.com/archives",
                "http://livechat.com/archives",
                true,
            ),
            (
                "http://livechat.com/archives",
                "http://livechat.com/archives/chats",
                true,
            ),
            ("http://localhost:3000", "http://localhost:3000", true),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000", true),
            ("http://localhost:3000", "http://localhost:4000", false),
            ("https://livechat.com", "http://livechat.com", false),
            ("http://livechat.com", "https://livechat.com", false),
            ("https://x.io/cb/", "https://x.io/cb", false),
            ("https://x.io/cb", "https://x.io/cb/", true),
            ("https://x.io/cb", "https://x.io/cbx", false),
            ("https://x.io/cb", "https://x.io/cb?a=1", false),
            ("https://x.io/cb", "https://x.io/cb#f", false),
        ];
        for (configured, requested, allowed) in rows {
            assert_eq!(
                is_allowed(configured, requested),
                allowed,
                "{configured} <- {requested}"
            );
        }
    }

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
