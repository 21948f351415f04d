//! The cookies that a response set, as expressions see them.

use std::sync::Arc;

use minijinja::value::{Enumerator, Object};

use super::value::Value;
use crate::http::message::Headers;

/// One `Set-Cookie` field, read as browsers do (RFC 6265 §5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cookie {
    pub(super) name: String,
    pub(super) value: String,
    domain: Option<String>,
    path: Option<String>,
    expires: Option<String>,
    max_age: Option<i64>,
    secure: bool,
    http_only: bool,
    same_site: Option<String>,
}

/// What is known of a cookie, in the order it prints.
pub(super) const FIELDS: &[&str] = &[
    "value",
    "domain",
    "path",
    "expires",
    "max_age",
    "secure",
    "http_only",
    "same_site",
];

impl Cookie {
    /// Reads a `Set-Cookie` field; one without a `=` or without a name sets nothing.
    fn parse(field: &str) -> Option<Self> {
        let mut parts = field.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let mut cookie = Self {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            domain: None,
            path: None,
            expires: None,
            max_age: None,
            secure: false,
            http_only: false,
            same_site: None,
        };
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim().to_owned();
            match key.trim().to_ascii_lowercase().as_str() {
                "domain" => cookie.domain = Some(value.trim_start_matches('.').to_owned()),
                "path" => cookie.path = Some(value),
                "expires" => cookie.expires = Some(value),
                "max-age" => cookie.max_age = value.parse().ok(),
                "secure" => cookie.secure = true,
                "httponly" => cookie.http_only = true,
                "samesite" => cookie.same_site = Some(value),
                _ => {}
            }
        }
        (!cookie.name.is_empty()).then_some(cookie)
    }
}

/// A cookie's fields; those it lacks are `null`.
impl Object for Cookie {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let text = |text: &Option<String>| Value::from(text.as_deref());
        Some(match key {
            "value" => Value::from(&*self.value),
            "domain" => text(&self.domain),
            "path" => text(&self.path),
            "expires" => text(&self.expires),
            "max_age" => Value::from(self.max_age),
            "secure" => Value::from(self.secure),
            "http_only" => Value::from(self.http_only),
            "same_site" => text(&self.same_site),
            _ => return None,
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(FIELDS)
    }
}

/// Cookies by name, in the order they were first set.
#[derive(Debug, Default)]
pub(super) struct Cookies(Vec<Arc<Cookie>>);

impl Cookies {
    /// Takes the cookies of some header fields; a later one of the same name wins.
    pub(super) fn take(&mut self, headers: &Headers) {
        for cookie in headers.all("set-cookie").filter_map(Cookie::parse) {
            let cookie = Arc::new(cookie);
            match self.0.iter_mut().find(|known| known.name == cookie.name) {
                Some(known) => *known = cookie,
                None => self.0.push(cookie),
            }
        }
    }
}

/// The cookies by name.
impl Object for Cookies {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let cookie = self.0.iter().find(|cookie| cookie.name == key)?;
        Some(Value::from_dyn_object(Arc::clone(cookie)))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(
            self.0
                .iter()
                .map(|cookie| Value::from(&*cookie.name))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_cookie_field_is_read_as_browsers_do() {
        let cookie = Cookie::parse(
            "session= a=b ; Path=/; DOMAIN=.x.io;Secure; HttpOnly; SameSite=Lax; Max-Age=60",
        )
        .unwrap();
        assert_eq!(cookie.name, "session");
        assert_eq!(cookie.value, "a=b");
        assert_eq!(cookie.path.as_deref(), Some("/"));
        assert_eq!(cookie.domain.as_deref(), Some("x.io"));
        assert_eq!(cookie.same_site.as_deref(), Some("Lax"));
        assert_eq!(cookie.max_age, Some(60));
        assert!(cookie.secure && cookie.http_only);
        assert_eq!(Cookie::parse("nothing"), None);
        assert_eq!(Cookie::parse("=x"), None);
    }
}
