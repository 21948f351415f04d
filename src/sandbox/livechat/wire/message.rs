//! Requests and responses as plain data, so that handlers need no server to be called.
//! Knows nothing of sockets, and nothing of what is asked or answered.

use std::time::Duration;

use serde::Serialize;

/// A request whose body has arrived as a whole.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method as sent, `GET`.
    pub method: String,
    /// The path as sent, not percent-decoded.
    pub path: String,
    /// The query as sent, without the `?`.
    pub query: String,
    headers: Vec<(String, String)>,
    /// The body, without its transfer encoding.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: &str, path: &str, query: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a header; `name` is in lower case.
    pub fn push_header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// The value of the header `name` (lower case), or nothing if it is absent or repeated:
    /// two `Authorization` headers must not let the client choose which one counts.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(given, _)| given == name);
        let first = values.next()?;
        values.next().is_none().then_some(first.1.as_str())
    }

    /// The media type of the body in lower case, without parameters such as `charset`.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        let (essence, _) = value.split_once(';').unwrap_or((value, ""));
        Some(essence.trim().to_ascii_lowercase())
    }

    /// The method, with `HEAD` taken as the `GET` that it stands for.
    pub fn verb(&self) -> &str {
        if self.method == "HEAD" {
            "GET"
        } else {
            &self.method
        }
    }
}

/// How a response goes on its way; anything but `Prompt` was asked for by a test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// At once.
    #[default]
    Prompt,
    /// After a while.
    Late(Duration),
    /// Not at all: the connection is closed instead.
    Never,
}

/// What is sent back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case and values, in order.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How it goes on its way.
    pub delivery: Delivery,
}

/// How a page looks: readable, and no more.
const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}\
     button{font:inherit;margin-right:.5rem}";

impl Response {
    fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self {
            status,
            headers,
            body,
            delivery: Delivery::Prompt,
        }
    }

    /// The response of a method that has nothing to say.
    pub fn empty() -> Self {
        Self::new(200, "application/json", b"{}".to_vec())
    }

    /// A JSON response.
    ///
    /// # Panics
    /// If `value` has a map whose keys are not strings, which none of our types has.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        let body = serde_json::to_vec(value).expect("our own types have string keys");
        Self::new(status, "application/json", body)
    }

    /// A small HTML page; `content` is markup.
    pub fn html(status: u16, title: &str, content: &str) -> Self {
        let title = escape(title);
        let body = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\n\
             <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head>\n\
             <body><h1>{title}</h1>\n{content}\n</body></html>\n"
        );
        Self::new(status, "text/html; charset=utf-8", body.into_bytes())
    }

    /// A 302 to `location`, with a page for those who don't follow.
    pub fn redirect(location: &str) -> Self {
        let link = escape(location);
        let page = format!("<p>Go on to <a href=\"{link}\">{link}</a>.</p>");
        Self::html(302, "Redirecting", &page).with("location", location.to_owned())
    }

    /// The response with one more header; `name` is in lower case.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// Text that is safe within HTML, in content and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_header_counts_as_absent() {
        let mut request = Request::new("GET", "/", "");
        request.push_header("authorization", "Bearer a");
        assert_eq!(request.header("authorization"), Some("Bearer a"));
        request.push_header("authorization", "Bearer b");
        assert_eq!(request.header("authorization"), None);
    }

    #[test]
    fn a_page_cannot_be_broken_out_of() {
        let page = Response::html(200, "<script>", &escape("\"'><img>"));
        let text = String::from_utf8(page.body).unwrap();
        assert!(!text.contains("<script>") && !text.contains("<img>"));
    }
}
