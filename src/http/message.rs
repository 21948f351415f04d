//! Requests, responses and what happened between them: plain data that knows no client.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

/// Header fields in the order they were written; a name may come more than once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No fields, but room for some.
    pub fn with_capacity(fields: usize) -> Self {
        Self(Vec::with_capacity(fields))
    }

    /// Adds a field behind the others.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Gives `name` this value alone, in the place of its first field, else behind the others.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self
            .0
            .iter()
            .position(|field| field.0.eq_ignore_ascii_case(name))
        {
            Some(first) => {
                let mut at = 0;
                self.0.retain(|field| {
                    at += 1;
                    at - 1 == first || !field.0.eq_ignore_ascii_case(name)
                });
                self.0[first].1 = value;
            }
            None => self.push(name, value),
        }
    }

    /// Removes every field of this name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|field| !field.0.eq_ignore_ascii_case(name));
    }

    /// The first value of a name, whatever its case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// Every value of a name, whatever its case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter()
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// Whether a field of this name is there.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All fields in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let owned = fields
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self(owned.collect())
    }
}

/// A request that is ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The method, in the case it was written.
    pub method: String,
    /// Where to.
    pub url: Url,
    /// The fields the collection asked for; those that every request has are added while sending.
    pub headers: Headers,
    /// The body; `None` sends none, and a length of 0 only with POST, PUT and PATCH.
    pub body: Option<Arc<[u8]>>,
    /// How long the whole exchange may take, redirects included; `None` is without limit.
    pub timeout: Option<Duration>,
    /// How many redirects are followed; 0 gives the redirect itself as the response.
    pub follow_redirects: u32,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The words behind the status code; may be empty.
    pub reason: String,
    /// The header fields as they came, repeated ones kept, in their original case and order.
    pub headers: Headers,
    /// The body with its content encoding undone.
    pub body: Arc<[u8]>,
    /// How many bytes the body had on the wire, encoded and with the framing of its chunks.
    pub bytes_received: u64,
}

/// A redirect that was followed.
#[derive(Debug, Clone, PartialEq)]
pub struct Redirect {
    /// The status that asked for it.
    pub status: u16,
    /// Where the request went that got it.
    pub url: Url,
    /// The cookies and other fields that came with it.
    pub headers: Headers,
}

/// How long the parts of an exchange took. A part that did not happen is `None`; with redirects
/// each is the sum over all requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// All of it, redirects included.
    pub total: Duration,
    /// The name look-up.
    pub dns: Option<Duration>,
    /// The TCP connection.
    pub connect: Option<Duration>,
    /// The TLS handshake.
    pub tls: Option<Duration>,
    /// From the request's last byte to the response's first one.
    pub wait: Option<Duration>,
    /// From the response's first byte to its last one.
    pub receive: Option<Duration>,
}

/// A request and the response it got.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// The request as it was sent, with every header field; after redirects the last one.
    pub request: Request,
    /// The response to it.
    pub response: Response,
    /// The redirects that were followed, first to last.
    pub redirects: Vec<Redirect>,
    /// How long it took.
    pub timings: Timings,
}

impl Exchange {
    /// Where the response sends the client: its `Location`, resolved against the request's URL.
    pub fn location(&self) -> Option<Url> {
        let location = self.response.headers.get("location")?;
        self.request.url.join(location).ok()
    }
}

#[cfg(test)]
impl Request {
    /// A request as tests write it.
    pub(super) fn example(
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Self {
        Self {
            method: method.to_owned(),
            url: Url::parse(url).expect("tests write valid URLs"),
            headers: headers.iter().copied().collect(),
            body: body.map(Into::into),
            timeout: None,
            follow_redirects: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_found_whatever_its_case_and_every_value_is_kept() {
        let mut headers: Headers = [("Set-Cookie", "a=1"), ("X", "y"), ("set-cookie", "b=2")]
            .into_iter()
            .collect();
        assert_eq!(headers.get("SET-COOKIE"), Some("a=1"));
        assert_eq!(
            headers.all("set-cookie").collect::<Vec<_>>(),
            ["a=1", "b=2"]
        );
        headers.set("Set-cookie", "c=3");
        assert_eq!(headers.all("set-cookie").collect::<Vec<_>>(), ["c=3"]);
        assert_eq!(headers.len(), 2);
    }
}
