//! The cookies that servers set, kept for the requests that follow (RFC 6265). The rules of
//! domains, paths and expiry are `cookie_store`'s.

use cookie_store::{Cookie, CookieDomain, CookieStore};
use url::Url;

use crate::json::Json;

/// The cookies of a run.
///
/// There is no list of public suffixes: a server of `a.co.uk` could set a cookie for `co.uk`.
#[derive(Debug, Default)]
pub struct CookieJar(CookieStore);

impl CookieJar {
    /// Keeps what the `Set-Cookie` fields of a response from `url` say. What breaks the rules is
    /// left out, as in browsers: another site's domain, or `Secure` on a connection that is not
    /// (loopback counts as secure).
    pub fn store<'a>(&mut self, url: &Url, set_cookie: impl Iterator<Item = &'a str>) {
        for field in set_cookie {
            if let Ok(cookie) = Cookie::parse(field, url)
                && (cookie.secure() != Some(true) || is_trustworthy(url))
            {
                // An error is a cookie that may not be set from here.
                let _ = self.0.insert(cookie.into_owned(), url);
            }
        }
    }

    /// The names and values of the cookies that a request to `url` carries, those of the longest
    /// path first, else the oldest (RFC 6265 §5.4).
    pub fn matching(&self, url: &Url) -> Vec<(&str, &str)> {
        // `cookie_store` sends `Secure` cookies to `localhost` itself, but not to names below it.
        let as_secure = (url.scheme() == "http" && is_trustworthy(url)).then(|| {
            let mut secure = url.clone();
            // `http` and `https` can stand for each other, so this works.
            let _ = secure.set_scheme("https");
            secure
        });
        let mut cookies = self.0.matches(as_secure.as_ref().unwrap_or(url));
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        cookies
            .into_iter()
            .map(|cookie| cookie.name_value())
            .collect()
    }

    /// The value of the `Cookie` field of a request to `url` that brings `own` such fields itself:
    /// those first, as they are, then what was kept under other names.
    pub(super) fn header<'a>(
        &self,
        url: &Url,
        own: impl Iterator<Item = &'a str>,
    ) -> Option<String> {
        let mut header = String::new();
        for field in own {
            join(&mut header, format_args!("{field}"));
        }
        let own_end = header.len();
        for (name, value) in self.matching(url) {
            if !names(&header[..own_end]).any(|own| own == name) {
                join(&mut header, format_args!("{name}={value}"));
            }
        }
        (!header.is_empty()).then_some(header)
    }

    /// The names and values of all cookies.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter_any().map(|cookie| cookie.name_value())
    }

    /// Every cookie with its rules, to be restored later; those that last as long as a session, too.
    pub fn export(&self) -> Vec<Json> {
        let cookies = self.0.iter_unexpired();
        // Names, values and times can always be written.
        let written = cookies.filter_map(|cookie| serde_json::to_vec(cookie).ok());
        written.filter_map(|text| Json::parse(&text).ok()).collect()
    }

    /// Takes up cookies as [`export`](Self::export) gave them; what is none is left out, and so is what
    /// has expired since.
    pub fn restore(&mut self, cookies: &[Json]) {
        for cookie in cookies {
            let read = serde_json::from_str::<Cookie<'static>>(&cookie.to_string());
            if let Ok(cookie) = read
                && let Ok(url) = origin(&cookie)
            {
                // An error is a cookie that may not be set from there, or that has expired.
                let _ = self.0.insert(cookie, &url);
            }
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.iter_any().next().is_none()
    }
}

/// An address that may set a cookie as this one.
fn origin(cookie: &Cookie<'_>) -> Result<Url, url::ParseError> {
    let host: &str = match &cookie.domain {
        CookieDomain::HostOnly(host) | CookieDomain::Suffix(host) => host,
        CookieDomain::NotPresent | CookieDomain::Empty => "",
    };
    Url::parse(&format!("https://{host}{}", &*cookie.path))
}

/// Appends to a `Cookie` field.
fn join(header: &mut String, more: std::fmt::Arguments) {
    use std::fmt::Write;
    let between = if header.is_empty() { "" } else { "; " };
    write!(header, "{between}{more}").expect("a String takes everything");
}

/// The names of the cookies in a `Cookie` field.
pub(super) fn names(header: &str) -> impl Iterator<Item = &str> {
    let pairs = header.split(';');
    pairs.map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name).trim())
}

/// Whether a connection to a URL can't be listened to: TLS, or it stays on this machine.
fn is_trustworthy(url: &Url) -> bool {
    use url::Host;
    url.scheme() == "https"
        || match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(set: &[(&str, &str)], own: &[&str], to: &str) -> String {
        let mut jar = CookieJar::default();
        for (url, field) in set {
            jar.store(&Url::parse(url).unwrap(), [*field].into_iter());
        }
        let header = jar.header(&Url::parse(to).unwrap(), own.iter().copied());
        header.unwrap_or_default()
    }

    #[test]
    fn a_cookie_goes_back_to_its_host_and_path_until_it_expires() {
        let set = [
            ("http://a.test/x/y", "here=1"),
            ("http://a.test/x/y", "root=2; Path=/"),
            ("http://a.test/", "gone=3; Max-Age=0"),
            ("http://b.test/", "other=4"),
            ("http://a.test/", "wrong=5; Domain=b.test"),
        ];
        assert_eq!(sent(&set, &[], "http://a.test/x/z"), "here=1; root=2");
        assert_eq!(sent(&set, &[], "http://a.test/"), "root=2");
        assert_eq!(sent(&set, &[], "http://sub.a.test/"), "");
        assert_eq!(sent(&set, &[], "http://b.test/"), "other=4");
        let domain = [("http://a.test/", "wide=1; Domain=a.test")];
        assert_eq!(sent(&domain, &[], "http://sub.a.test/"), "wide=1");
    }

    #[test]
    fn a_secure_cookie_needs_tls_or_this_machine() {
        for (url, kept) in [
            ("https://a.test/", true),
            ("http://a.test/", false),
            ("http://127.0.0.1:8080/", true),
            ("http://[::1]/", true),
            ("http://localhost/", true),
            ("http://api.localhost/", true),
        ] {
            let back = sent(&[(url, "s=1; Secure; HttpOnly")], &[], url);
            assert_eq!(back == "s=1", kept, "{url}");
        }
        let over_tls = [("https://a.test/", "s=1; Secure")];
        assert_eq!(sent(&over_tls, &[], "http://a.test/"), "");
    }

    #[test]
    fn cookies_are_restored_with_their_rules() {
        let mut jar = CookieJar::default();
        let url = Url::parse("https://a.test/x/y").unwrap();
        let set = [
            "s=1; Secure",
            "wide=2; Domain=a.test; Path=/",
            "gone=3; Max-Age=0",
            "t=4; Max-Age=60",
        ];
        jar.store(&url, set.into_iter());
        let mut again = CookieJar::default();
        again.restore(&jar.export());
        for url in [
            "https://a.test/x/z",
            "https://b.a.test/",
            "http://a.test/x/",
            "https://c.test/",
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(again.matching(&url), jar.matching(&url), "{url}");
        }
        again.restore(&[Json::Null, Json::from("nonsense".to_owned())]);
    }

    #[test]
    fn what_the_request_brings_comes_first_and_wins() {
        let set = [("http://a.test/", "a=jar"), ("http://a.test/", "b=jar")];
        assert_eq!(
            sent(&set, &["a=own; c=own"], "http://a.test/"),
            "a=own; c=own; b=jar"
        );
        assert_eq!(sent(&[], &["a=1", "b=2"], "http://a.test/"), "a=1; b=2");
        assert_eq!(sent(&[], &[], "http://a.test/"), "");
    }
}
