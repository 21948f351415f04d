//! The head of a request as it goes over the wire: the fields of the collection and those that
//! every request has.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use ureq::http::{Method, Request as Standin, Uri, Version};
use url::{Position, Url};

use super::SendErrorKind;
use super::proxy::bare;
use crate::http::message::{Headers, Request};

/// What `Accept-Encoding` says where a request does not: what is decoded in a response, gzip and
/// brotli by `ureq`, deflate in `incoming`.
pub const ACCEPT_ENCODING: &str = "gzip, br, deflate";

/// The fields that steer `ureq` in how it frames a body and keeps a connection. Of the others it
/// need not know.
const STEERING: [&str; 3] = ["connection", "expect", "transfer-encoding"];

/// Where requests go: what all URLs of one server have in common.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    scheme: String,
    /// As in `Host`: with the port where it is not the scheme's own.
    host: String,
    /// With the port in any case, for messages.
    pub(super) address: String,
    uri: Uri,
}

impl Origin {
    pub(super) fn of(url: &Url) -> Result<Self, SendErrorKind> {
        let invalid = |reason: String| SendErrorKind::InvalidRequest { reason };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid(format!(
                "`{}` URLs are not supported: use `http` or `https`",
                url.scheme()
            )));
        }
        let host = &url[Position::BeforeHost..Position::AfterPort];
        let uri = format!("{}://{host}/", url.scheme());
        let port = url.port_or_known_default().unwrap_or_default();
        Ok(Self {
            scheme: url.scheme().to_owned(),
            host: host.to_owned(),
            address: format!("{}:{port}", &url[Position::BeforeHost..Position::AfterHost]),
            uri: uri
                .parse()
                .map_err(|_| invalid(format!("`{host}` is not a host")))?,
        })
    }

    /// Whether a URL leads to this server.
    pub(super) fn holds(&self, url: &Url) -> bool {
        self.scheme == url.scheme() && self.host == url[Position::BeforeHost..Position::AfterPort]
    }
}

/// What the client adds to a request.
pub(super) struct Additions<'a> {
    pub(super) user_agent: &'a str,
    /// The cookies of the request and of the jar together.
    pub(super) cookies: Option<String>,
    /// The proxy that gets this request instead of its server.
    pub(super) forwarding_proxy: Option<&'a Url>,
}

/// A request ready for the wire.
pub(super) struct Outgoing {
    /// Every field, in the order they are sent.
    pub(super) headers: Headers,
    /// The request line, the fields and the blank line.
    pub(super) head: Vec<u8>,
    /// Whether the body may leave together with the head.
    pub(super) holds: bool,
}

impl Outgoing {
    /// Puts a request into bytes, or says why that can't be.
    pub(super) fn new(
        request: &Request,
        origin: &Origin,
        additions: Additions,
    ) -> Result<Self, SendErrorKind> {
        check(request)?;
        let forwarded = additions.forwarding_proxy.is_some();
        let headers = all_headers(request, origin, additions);
        let mut head = Vec::with_capacity(512);
        head.extend_from_slice(request.method.as_bytes());
        head.push(b' ');
        if forwarded {
            head.extend_from_slice(origin.scheme.as_bytes());
            head.extend_from_slice(b"://");
            head.extend_from_slice(origin.host.as_bytes());
        }
        let target = &request.url[Position::BeforePath..Position::AfterQuery];
        head.extend_from_slice(target.as_bytes());
        head.extend_from_slice(b" HTTP/1.1\r\n");
        for (name, value) in headers.iter() {
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        let has_body = request.body.as_ref().is_some_and(|body| !body.is_empty());
        Ok(Self {
            holds: has_body && !headers.contains("expect"),
            headers,
            head,
        })
    }
}

/// The request that `ureq` is given: it decides about the connection and the framing of the body.
/// What it writes as the head is not sent.
pub(super) fn standin<'b>(
    request: &'b Request,
    origin: &Origin,
) -> Result<Standin<&'b [u8]>, SendErrorKind> {
    let method = Method::from_bytes(request.method.as_bytes());
    let mut standin = Standin::builder()
        .method(method.map_err(|_| bad_method(&request.method))?)
        .version(Version::HTTP_11)
        .uri(origin.uri.clone());
    for (name, value) in request.headers.iter() {
        if STEERING
            .iter()
            .any(|steering| name.eq_ignore_ascii_case(steering))
        {
            standin = standin.header(name, value);
        }
    }
    let body = request.body.as_deref().unwrap_or_default();
    standin
        .body(body)
        .map_err(|error| SendErrorKind::InvalidRequest {
            reason: error.to_string(),
        })
}

/// The fields in the order they are sent: `Host` and who we are, what the collection wrote, and
/// last what depends on the body. A field that the collection wrote is never added.
fn all_headers(request: &Request, origin: &Origin, additions: Additions) -> Headers {
    let own = &request.headers;
    let mut headers = Headers::with_capacity(own.len() + 8);
    for (name, value) in [
        ("Host", origin.host.as_str()),
        ("User-Agent", additions.user_agent),
        ("Accept", "*/*"),
        ("Accept-Encoding", ACCEPT_ENCODING),
    ] {
        if !own.contains(name) {
            headers.push(name, value);
        }
    }
    if let Some(credentials) = credentials(&request.url).filter(|_| !own.contains("authorization"))
    {
        headers.push("Authorization", credentials);
    }
    if let Some(credentials) = additions.forwarding_proxy.and_then(credentials) {
        headers.push("Proxy-Authorization", credentials);
    }
    let mut cookies = additions.cookies;
    for (name, value) in own.iter() {
        if name.eq_ignore_ascii_case("cookie") {
            // The first such field takes all cookies: there may be one only (RFC 6265 §5.4).
            if let Some(cookies) = cookies.take() {
                headers.push(name, cookies);
            }
        } else {
            headers.push(name, value);
        }
    }
    if let Some(cookies) = cookies {
        headers.push("Cookie", cookies);
    }
    if let Some(length) = length(request) {
        headers.push("Content-Length", length.to_string());
    }
    headers
}

/// What `Content-Length` is to be added. Methods that mean to send something say so even if it is
/// nothing (RFC 9110 §8.6): some servers answer 411 otherwise.
fn length(request: &Request) -> Option<usize> {
    let own = &request.headers;
    if own.contains("content-length") || own.contains("transfer-encoding") {
        return None;
    }
    match &request.body {
        Some(body) => Some(body.len()),
        None => matches!(&*request.method, "POST" | "PUT" | "PATCH").then_some(0),
    }
}

/// The user and password of a URL, which may be percent-encoded there, as HTTP Basic has them.
fn credentials(url: &Url) -> Option<String> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut pair: Vec<u8> = percent_decode_str(url.username()).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(url.password().unwrap_or_default()));
    Some(format!("Basic {}", STANDARD.encode(pair)))
}

/// Refuses what would not arrive as it was written: a line break in a field would begin another
/// one, and a wrong length would leave the server waiting.
fn check(request: &Request) -> Result<(), SendErrorKind> {
    let invalid = |reason: String| Err(SendErrorKind::InvalidRequest { reason });
    if !is_token(&request.method) {
        return Err(bad_method(&request.method));
    }
    for (name, value) in request.headers.iter() {
        if !is_token(name) {
            return invalid(format!("{name:?} can't be the name of a header"));
        }
        if value.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
            return invalid(format!("the header `{name}` holds a line break"));
        }
    }
    let length = request.body.as_ref().map_or(0, |body| body.len());
    let announced = request.headers.get("content-length");
    match announced.map(|announced| announced.trim().parse::<usize>()) {
        Some(announced) if announced != Ok(length) => invalid(format!(
            "the header `Content-Length` does not say the length of the body, {length}: leave it out"
        )),
        _ => Ok(()),
    }
}

fn bad_method(method: &str) -> SendErrorKind {
    SendErrorKind::InvalidRequest {
        reason: format!("{method:?} can't be a method"),
    }
}

/// A `token` of RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}

/// A proxy as `ureq` names it.
pub(super) fn proxy_uri(proxy: &Url) -> Result<Uri, SendErrorKind> {
    let without_path = &proxy[..Position::AfterPort];
    without_path.parse().map_err(|_| SendErrorKind::Proxy {
        proxy: bare(proxy),
        reason: "its address is not valid".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(request: &Request, proxy: Option<&str>) -> String {
        let proxy = proxy.map(|proxy| Url::parse(proxy).unwrap());
        let additions = Additions {
            user_agent: "lcrun",
            cookies: None,
            forwarding_proxy: proxy.as_ref(),
        };
        let origin = Origin::of(&request.url).unwrap();
        let outgoing = Outgoing::new(request, &origin, additions).unwrap();
        String::from_utf8(outgoing.head).unwrap()
    }

    #[test]
    fn every_request_says_its_host_who_asks_and_what_can_be_decoded() {
        let get = Request::example("GET", "http://a.test:81/x y?q=[1]#top", &[], None);
        insta::assert_snapshot!(head(&get, None).replace('\r', ""), @r"
        GET /x%20y?q=[1] HTTP/1.1
        Host: a.test:81
        User-Agent: lcrun
        Accept: */*
        Accept-Encoding: gzip, br, deflate

        ");
    }

    #[test]
    fn what_the_collection_wrote_keeps_its_case_and_order_and_is_not_added_again() {
        let fields = [
            ("X-b", "1"),
            ("hOST", "other"),
            ("A", "2"),
            ("x-B", "3"),
            ("accept", "a/b"),
        ];
        let post = Request::example("POST", "https://a.test/", &fields, Some(b"hi"));
        insta::assert_snapshot!(head(&post, None).replace('\r', ""), @r"
        POST / HTTP/1.1
        User-Agent: lcrun
        Accept-Encoding: gzip, br, deflate
        X-b: 1
        hOST: other
        A: 2
        x-B: 3
        accept: a/b
        Content-Length: 2

        ");
    }

    #[test]
    fn a_proxy_for_plain_http_gets_the_whole_url_and_its_credentials() {
        let get = Request::example("GET", "http://ann:p%40ss@a.test/x?y", &[], None);
        insta::assert_snapshot!(head(&get, Some("http://me:%3A@p:1")).replace('\r', ""), @r"
        GET http://a.test/x?y HTTP/1.1
        Host: a.test
        User-Agent: lcrun
        Accept: */*
        Accept-Encoding: gzip, br, deflate
        Authorization: Basic YW5uOnBAc3M=
        Proxy-Authorization: Basic bWU6Og==

        ");
    }

    #[test]
    fn a_length_is_said_where_there_is_a_body_or_could_be_one() {
        let says = |method, body| {
            let head = head(&Request::example(method, "http://a.test/", &[], body), None);
            head.lines()
                .find_map(|line| line.strip_prefix("Content-Length: ").map(str::to_owned))
        };
        assert_eq!(says("GET", None), None);
        assert_eq!(says("DELETE", None), None);
        assert_eq!(says("GET", Some(b"abc")).as_deref(), Some("3"));
        assert_eq!(says("POST", None).as_deref(), Some("0"));
        assert_eq!(says("PURGE", Some(b"")).as_deref(), Some("0"));
    }

    #[test]
    fn what_would_not_arrive_as_written_is_refused() {
        let cases = [
            (
                Request::example("GE T", "http://a.test/", &[], None),
                "\"GE T\" can't be a method",
            ),
            (
                Request::example("GET", "http://a.test/", &[("A b", "c")], None),
                "\"A b\" can't be the name of a header",
            ),
            (
                Request::example("GET", "http://a.test/", &[("A", "b\r\nC: d")], None),
                "the header `A` holds a line break",
            ),
            (
                Request::example("GET", "http://a.test/", &[("Content-Length", "5")], None),
                "the header `Content-Length` does not say the length of the body, 0: leave it out",
            ),
        ];
        for (request, reason) in cases {
            let error = check(&request).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("the request can't be sent: {reason}")
            );
        }
        let error = Origin::of(&Url::parse("ftp://a.test/").unwrap()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the request can't be sent: `ftp` URLs are not supported: use `http` or `https`"
        );
    }
}
