//! A response's body: the JSON document or the text that its bytes are.

use std::borrow::Cow;
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};

use crate::http::message::Response;
use crate::json::{BadJson, Json, Unreadable};

/// What a body is.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A JSON document.
    Json(Json),
    /// Anything else, as text.
    Text(Arc<str>),
    /// The content type says JSON and the text isn't, or is beyond what can be read.
    Broken {
        /// The text.
        text: Arc<str>,
        /// What is wrong with it, with line and column.
        reason: String,
    },
}

impl Body {
    /// Reads a body: as JSON if the content type says so or if there is none and it can be read
    /// as such, else as text. An empty body is the empty text whatever the type says.
    pub(super) fn read(response: &Response) -> Self {
        let content_type = ContentType::of(response);
        if response.body.is_empty() {
            return Body::Text("".into());
        }
        if content_type.is_other {
            return Body::Text(content_type.decode(&response.body).into());
        }
        match content_type.parse(&response.body) {
            Ok(document) => Body::Json(document),
            Err(error) if content_type.is_json => Body::Broken {
                text: content_type.decode(&response.body).into(),
                reason: reason(&error),
            },
            Err(_) => Body::Text(content_type.decode(&response.body).into()),
        }
    }
}

/// What is wrong with a text that should be JSON. Not all of it is the server's fault: there are
/// numbers and depths that are not read here.
fn reason(error: &BadJson) -> String {
    let at = format!("line {} column {}", error.line, error.column);
    match &error.kind {
        Unreadable::TooLarge => {
            format!("the number at {at} of the body is beyond what a double holds")
        }
        Unreadable::TooDeep => format!("the body is nested deeper than 127 levels at {at}"),
        Unreadable::Syntax(_) => {
            format!("the response says that its body is JSON, but it is not: {error}")
        }
    }
}

/// A body's text, decoded by the charset of its content type; a byte order mark wins, and without
/// either it is UTF-8.
pub(super) fn text(response: &Response) -> String {
    ContentType::of(response).decode(&response.body)
}

/// What a response's `Content-Type` says about its body.
pub struct ContentType {
    /// Whether it names JSON.
    pub is_json: bool,
    /// Whether it names a type that isn't JSON.
    pub is_other: bool,
    charset: &'static Encoding,
}

impl ContentType {
    /// Reads the field.
    pub fn of(response: &Response) -> Self {
        let field = response.headers.get("content-type").unwrap_or("");
        let mut parts = field.split(';').map(str::trim);
        let media = parts.next().unwrap_or("").to_ascii_lowercase();
        let charset = parts
            .filter_map(|part| part.split_once('='))
            .find(|(key, _)| key.trim().eq_ignore_ascii_case("charset"))
            .and_then(|(_, label)| Encoding::for_label(label.trim().trim_matches('"').as_bytes()))
            .unwrap_or(UTF_8);
        let is_json =
            matches!(media.as_str(), "application/json" | "text/json") || media.ends_with("+json");
        Self {
            is_json,
            is_other: !is_json && !media.is_empty(),
            charset,
        }
    }

    /// The text that bytes are, by the charset; a byte order mark wins. What is no character
    /// becomes U+FFFD.
    fn decode(&self, bytes: &[u8]) -> String {
        self.charset.decode(bytes).0.into_owned()
    }

    /// The same, but nothing if some bytes are no characters.
    pub fn decode_whole<'b>(&self, bytes: &'b [u8]) -> Option<Cow<'b, str>> {
        let (text, _, is_broken) = self.charset.decode(bytes);
        (!is_broken).then_some(text)
    }

    /// JSON is UTF-8 (RFC 8259 §8.1); a byte order mark is passed over, and another charset that
    /// the content type names is believed.
    fn parse(&self, bytes: &[u8]) -> Result<Json, BadJson> {
        if self.charset == UTF_8 && Encoding::for_bom(bytes).is_none() {
            Json::parse(bytes)
        } else {
            Json::parse(self.decode(bytes).as_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::message::Headers;

    fn read(content_type: Option<&str>, body: &[u8]) -> Body {
        let headers: Headers = content_type
            .into_iter()
            .map(|value| ("Content-Type", value))
            .collect();
        Body::read(&Response {
            status: 200,
            reason: String::new(),
            headers,
            body: body.into(),
            bytes_received: 0,
        })
    }

    #[test]
    fn a_body_is_json_if_the_type_says_so_or_says_nothing() {
        let one = Body::Json(Json::parse(b"[1]").unwrap());
        for content_type in [
            Some("application/json"),
            Some("Application/Problem+JSON; charset=utf-8"),
            None,
        ] {
            assert_eq!(read(content_type, b"[1]"), one, "{content_type:?}");
        }
        assert_eq!(read(Some("text/plain"), b"[1]"), Body::Text("[1]".into()));
        assert_eq!(read(None, b"[1"), Body::Text("[1".into()));
        assert_eq!(read(Some("application/json"), b""), Body::Text("".into()));
    }

    #[test]
    fn a_body_that_only_says_it_is_json_is_neither() {
        let body = read(Some("application/json"), b"{\"a\":\n oops}");
        let Body::Broken { text, reason } = body else {
            panic!("{body:?}");
        };
        assert_eq!(&*text, "{\"a\":\n oops}");
        assert_eq!(
            reason,
            "the response says that its body is JSON, but it is not: a value is missing at line 2 column 2"
        );
    }

    #[test]
    fn json_that_can_not_be_read_is_not_called_anything_else() {
        let reason = |body: &str| match read(Some("application/json"), body.as_bytes()) {
            Body::Broken { reason, .. } => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            reason(r#"{"a": -1e400}"#),
            "the number at line 1 column 12 of the body is beyond what a double holds"
        );
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(
            reason(&nested(128)),
            "the body is nested deeper than 127 levels at line 1 column 128"
        );
        let deepest = read(Some("application/json"), nested(127).as_bytes());
        assert!(matches!(deepest, Body::Json(_)));
    }

    #[test]
    fn a_text_is_decoded_by_its_charset_and_a_byte_order_mark_wins() {
        let text = |text: &str| Body::Text(text.into());
        let latin = Some("text/plain; charset=ISO-8859-2");
        assert_eq!(read(latin, b"\xbf"), text("ż"));
        assert_eq!(read(latin, b"\xef\xbb\xbf\xc5\xbc"), text("ż"));
        assert_eq!(read(Some("text/plain"), b"a\xffb"), text("a\u{fffd}b"));
        let json = read(Some("application/json"), b"\xef\xbb\xbf{}");
        assert_eq!(json, Body::Json(Json::parse(b"{}").unwrap()));
    }
}
