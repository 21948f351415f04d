//! The request that follows a redirect. Counting them is `send`'s business.

use url::Url;

use crate::http::cookies::names;
use crate::http::message::{Headers, Request, Response};
use crate::secrets::is_secret_header;

/// Fields that describe a body; without one they would be lies.
const ABOUT_THE_BODY: [&str; 7] = [
    "content-type",
    "content-length",
    "content-encoding",
    "content-language",
    "content-location",
    "transfer-encoding",
    "expect",
];

/// The request that a response asks for, as browsers and curl understand it; `None` if it asks
/// for none, or for one that is not HTTP.
///
/// - 303 turns every method but HEAD into GET, 301 and 302 only POST; 307 and 308 none. The body
///   goes with the method.
/// - To another server go none of the fields that hold a secret, nor `Host`. The step from `http`
///   to `https` on the standard ports of a host counts as the same server.
pub(super) fn follow(request: &Request, response: &Response) -> Option<Request> {
    let url = target(request, response)?;
    let becomes_get = match response.status {
        303 => !matches!(&*request.method, "GET" | "HEAD"),
        301 | 302 => request.method == "POST",
        307 | 308 => false,
        _ => return None,
    };
    let mut headers = request.headers.clone();
    if becomes_get {
        for name in ABOUT_THE_BODY {
            headers.remove(name);
        }
    }
    if is_same_server(&request.url, &url) {
        drop_replaced_cookies(&mut headers, response);
    } else {
        headers = headers
            .iter()
            .filter(|(name, _)| !is_secret_header(name) && !name.eq_ignore_ascii_case("host"))
            .collect();
    }
    let (method, body) = if becomes_get {
        ("GET".to_owned(), None)
    } else {
        (request.method.clone(), request.body.clone())
    };
    Some(Request {
        method,
        url,
        headers,
        body,
        ..*request
    })
}

/// Where a response leads. A fragment is inherited (RFC 9110 §10.2.2).
fn target(request: &Request, response: &Response) -> Option<Url> {
    let location = response.headers.get("location")?;
    if location.is_empty() {
        return None;
    }
    let mut url = request.url.join(location).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    if url.fragment().is_none() {
        url.set_fragment(request.url.fragment());
    }
    Some(url)
}

fn is_same_server(from: &Url, to: &Url) -> bool {
    let server = |url: &Url| (url.scheme().to_owned(), url.port());
    from.host() == to.host()
        && (server(from) == server(to)
            || (server(from) == ("http".to_owned(), None)
                && server(to) == ("https".to_owned(), None)))
}

/// A cookie that the redirect sets replaces the one that the request brought.
fn drop_replaced_cookies(headers: &mut Headers, response: &Response) {
    let Some(own) = headers.get("cookie") else {
        return;
    };
    let set: Vec<&str> = response
        .headers
        .all("set-cookie")
        .filter_map(|field| names(field).next())
        .collect();
    let kept: Vec<&str> = own
        .split(';')
        .map(str::trim)
        .filter(|pair| !names(pair).any(|name| set.contains(&name)))
        .collect();
    let kept = kept.join("; ");
    if kept.is_empty() {
        headers.remove("cookie");
    } else {
        headers.set("cookie", kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, url: &str) -> Request {
        let fields = [
            ("Authorization", "Bearer t"),
            ("Cookie", "a=1; b=2"),
            ("X-Api-Key", "k"),
            ("Host", "virtual"),
            ("Content-Type", "text/plain"),
            ("X-Other", "o"),
        ];
        Request {
            method: method.to_owned(),
            url: Url::parse(url).unwrap(),
            headers: fields.into_iter().collect(),
            body: Some(b"body".as_slice().into()),
            timeout: None,
            follow_redirects: 5,
        }
    }

    fn response(status: u16, headers: &[(&str, &str)]) -> Response {
        Response {
            status,
            reason: String::new(),
            headers: headers.iter().copied().collect(),
            body: Vec::new().into(),
            bytes_received: 0,
        }
    }

    #[test]
    fn the_method_and_the_body_follow_the_table() {
        let becomes = [
            (
                "GET",
                [301, 302, 303, 307, 308],
                ["GET", "GET", "GET", "GET", "GET"],
            ),
            (
                "HEAD",
                [301, 302, 303, 307, 308],
                ["HEAD", "HEAD", "HEAD", "HEAD", "HEAD"],
            ),
            (
                "POST",
                [301, 302, 303, 307, 308],
                ["GET", "GET", "GET", "POST", "POST"],
            ),
            (
                "PUT",
                [301, 302, 303, 307, 308],
                ["PUT", "PUT", "GET", "PUT", "PUT"],
            ),
            (
                "DELETE",
                [301, 302, 303, 307, 308],
                ["DELETE", "DELETE", "GET", "DELETE", "DELETE"],
            ),
        ];
        for (method, statuses, methods) in becomes {
            for (status, expected) in statuses.into_iter().zip(methods) {
                let redirect = response(status, &[("Location", "/next")]);
                let next = follow(&request(method, "http://a.test/x#f"), &redirect).unwrap();
                assert_eq!(next.method, expected, "{method} {status}");
                assert_eq!(next.body.is_some(), method == expected, "{method} {status}");
                assert_eq!(next.headers.contains("content-type"), next.body.is_some());
                assert_eq!(next.url.as_str(), "http://a.test/next#f");
            }
        }
    }

    #[test]
    fn what_is_no_redirect_to_http_is_not_followed() {
        let follows = |status, headers| {
            follow(
                &request("GET", "http://a.test/"),
                &response(status, headers),
            )
            .is_some()
        };
        assert!(follows(302, &[("location", "b")]));
        for status in [200, 201, 300, 304, 305, 399, 404] {
            assert!(!follows(status, &[("location", "b")]), "{status}");
        }
        assert!(!follows(302, &[]));
        assert!(!follows(302, &[("location", "")]));
        assert!(!follows(302, &[("location", "livechat://done")]));
        assert!(!follows(302, &[("location", "http://[")]));
    }

    #[test]
    fn secrets_stay_with_the_server_they_were_meant_for() {
        let cases = [
            ("http://a.test/", "/next", true),
            ("http://a.test/", "http://a.test:80/next", true),
            ("http://a.test/", "https://a.test/next", true),
            ("http://a.test/", "//b.test/", false),
            ("http://a.test/", "http://sub.a.test/", false),
            ("http://a.test/", "http://a.test:81/", false),
            ("http://a.test:81/", "https://a.test/", false),
            ("https://a.test/", "http://a.test/", false),
        ];
        for (from, location, kept) in cases {
            let redirect = response(307, &[("Location", location)]);
            let next = follow(&request("GET", from), &redirect).unwrap();
            for name in ["Authorization", "Cookie", "X-Api-Key", "Host"] {
                assert_eq!(
                    next.headers.contains(name),
                    kept,
                    "{name}: {from} -> {location}"
                );
            }
            assert!(next.headers.contains("X-Other"));
        }
    }

    #[test]
    fn a_cookie_that_the_redirect_sets_replaces_the_one_of_the_request() {
        let cookies = |set: &[(&str, &str)]| {
            let mut headers = vec![("Location", "/")];
            headers.extend(set);
            let next = follow(&request("GET", "http://a.test/"), &response(302, &headers));
            next.unwrap().headers.get("cookie").map(str::to_owned)
        };
        assert_eq!(cookies(&[]).as_deref(), Some("a=1; b=2"));
        assert_eq!(
            cookies(&[("Set-Cookie", "a=9; Path=/")]).as_deref(),
            Some("b=2")
        );
        assert_eq!(
            cookies(&[("Set-Cookie", "a=9"), ("Set-Cookie", "b=9")]),
            None
        );
    }
}
