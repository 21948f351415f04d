//! What a response or an address carries that may be an error: parameters, fields of a JSON body,
//! texts.

use url::Url;

use crate::http::message::{Exchange, Response};
use crate::json::Json;

/// The longest body that is searched, in bytes: an error is short.
const LONGEST: usize = 64 * 1024;

/// What may be an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Parameters of a query or a fragment.
    pub parameters: Vec<(String, String)>,
    /// The texts of a JSON body by their paths: `error.type`.
    pub fields: Vec<(String, String)>,
    /// Every text, a body that is no JSON as a whole.
    pub texts: Vec<String>,
}

impl Seen {
    /// What a response carries, and where it and the redirects before it lead.
    pub fn of_exchange(exchange: &Exchange) -> Self {
        let mut seen = Self::default();
        if let Some(url) = exchange.location() {
            seen.url(&url);
        }
        if !exchange.redirects.is_empty() {
            seen.url(&exchange.request.url);
        }
        seen.response(&exchange.response);
        seen
    }

    /// What an address carries.
    pub fn of_url(url: &Url) -> Self {
        let mut seen = Self::default();
        seen.url(url);
        seen
    }

    /// What a text carries that is a query, a JSON document or any other text.
    pub fn of_text(text: &str) -> Self {
        let mut seen = Self::default();
        match Json::parse(text.as_bytes()) {
            Ok(document) => seen.json(&document, ""),
            Err(_) => seen.texts.push(text.to_owned()),
        }
        seen
    }

    /// The parameters of an address.
    pub fn url(&mut self, url: &Url) {
        self.query(url.query().unwrap_or_default());
        self.query(url.fragment().unwrap_or_default());
    }

    /// The parameters of a query.
    pub fn query(&mut self, query: &str) {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        self.parameters
            .extend(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())));
    }

    /// What the body of a response that is an error says; others may quote any text.
    fn response(&mut self, response: &Response) {
        if response.status < 400 || response.body.len() > LONGEST {
            return;
        }
        if let Ok(document) = Json::parse(&response.body) {
            self.json(&document, "");
        } else {
            let text = String::from_utf8_lossy(&response.body);
            self.texts.push(text.into_owned());
        }
    }

    fn json(&mut self, value: &Json, path: &str) {
        match value {
            Json::String(text) => {
                self.fields.push((path.to_owned(), text.to_string()));
                self.texts.push(text.to_string());
            }
            Json::Object(object) => {
                for (key, value) in object.iter() {
                    let path = if path.is_empty() {
                        key.to_string()
                    } else {
                        format!("{path}.{key}")
                    };
                    self.json(value, &path);
                }
            }
            Json::Array(_) | Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
}
