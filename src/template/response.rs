//! An exchange as expressions see it: `status`, `headers`, `body`, `cookies`, `redirect` and
//! `response`, each worked out when it is first looked at.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use minijinja::State;
use minijinja::value::{Enumerator, Object, from_args};
use serde_json::Number;
use url::{Url, form_urlencoded};

use super::body::{self, Body};
use super::cookies::Cookies;
use super::error::{Cause, fault};
use super::value::Value;
use crate::http::message::{Exchange, Headers, Redirect, Timings};
use crate::json::Json;

/// The names that a request step's expressions see besides the variables.
pub const RESPONSE_NAMES: &[&str] = &[
    "status", "headers", "body", "cookies", "redirect", "response",
];

/// What `response` holds, in the order it prints; `text` is left out of the printing.
pub(super) const FIELDS: &[&str] = &[
    "status",
    "reason",
    "url",
    "headers",
    "cookies",
    "redirect",
    "redirects",
    "elapsed",
    "timings",
    "bytes",
    "body",
];

/// What an expression sees of the step that was just performed.
#[derive(Debug)]
pub struct ExchangeView {
    origin: Origin,
    body: OnceLock<Body>,
    cookies: OnceLock<Arc<Cookies>>,
    redirect: OnceLock<Option<Json>>,
}

#[derive(Debug)]
enum Origin {
    Exchange(Arc<Exchange>),
    Authorized(Url),
}

impl ExchangeView {
    /// The view of a request and its response.
    pub fn new(exchange: Arc<Exchange>) -> Arc<Self> {
        Arc::new(Self::of(Origin::Exchange(exchange)))
    }

    /// The view of an authorize step that ended on this redirect; `redirect` and `response.url`
    /// are all that is seen.
    pub fn authorized(redirect: Url) -> Arc<Self> {
        Arc::new(Self::of(Origin::Authorized(redirect)))
    }

    fn of(origin: Origin) -> Self {
        Self {
            origin,
            body: OnceLock::new(),
            cookies: OnceLock::new(),
            redirect: OnceLock::new(),
        }
    }

    /// The exchange, but for an authorize step.
    pub fn exchange(&self) -> Option<&Arc<Exchange>> {
        match &self.origin {
            Origin::Exchange(exchange) => Some(exchange),
            Origin::Authorized(_) => None,
        }
    }

    /// The body, parsed or decoded at the first call; `None` for an authorize step.
    pub fn body(&self) -> Option<&Body> {
        let exchange = self.exchange()?;
        Some(self.body.get_or_init(|| Body::read(&exchange.response)))
    }

    /// The value of one of [`RESPONSE_NAMES`], if there is one.
    pub fn get(self: &Arc<Self>, name: &str) -> Option<Value> {
        let response = || self.exchange().map(|exchange| &exchange.response);
        match name {
            "status" => Some(Value::from(response()?.status)),
            "headers" => {
                let exchange = Arc::clone(self.exchange()?);
                Some(Value::from_object(HeadersView(exchange)))
            }
            "body" => self.body().map(body_value),
            "cookies" => self.cookies(),
            "redirect" => {
                let redirect = self.redirect.get_or_init(|| match &self.origin {
                    Origin::Exchange(exchange) => exchange.location().as_ref().map(url_parts),
                    Origin::Authorized(url) => Some(url_parts(url)),
                });
                redirect.clone().map(Value::from)
            }
            "response" => Some(Value::from_object(ResponseView(Arc::clone(self)))),
            _ => None,
        }
    }

    fn cookies(&self) -> Option<Value> {
        let exchange = self.exchange()?;
        let cookies = self.cookies.get_or_init(|| {
            let mut cookies = Cookies::default();
            for redirect in &exchange.redirects {
                cookies.take(&redirect.headers);
            }
            cookies.take(&exchange.response.headers);
            Arc::new(cookies)
        });
        Some(Value::from_dyn_object(Arc::clone(cookies)))
    }
}

fn body_value(body: &Body) -> Value {
    match body {
        Body::Json(document) => Value::from(document.clone()),
        Body::Text(text) => Value::from(text),
        Body::Broken { reason, .. } => Value::from(fault(
            reason.clone(),
            "body-not-json",
            Cause::Missing,
            Some("`response.text` is the body as it came".to_owned()),
        )),
    }
}

/// `response`: everything that is known of the exchange.
#[derive(Debug)]
struct ResponseView(Arc<ExchangeView>);

impl Object for ResponseView {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        if let (Origin::Authorized(url), "url") = (&self.0.origin, key) {
            return Some(Value::from(url.as_str()));
        }
        let exchange = self.0.exchange()?;
        match key {
            "reason" => Some(Value::from(&*exchange.response.reason)),
            "text" => Some(Value::from(body::text(&exchange.response))),
            "elapsed" => Some(Value::from(Json::Number(milliseconds(
                exchange.timings.total,
            )))),
            "timings" => Some(Value::from(timings(&exchange.timings))),
            "url" => Some(Value::from(exchange.request.url.as_str())),
            "redirects" => {
                let hops = exchange.redirects.iter().map(redirect);
                Some(Value::from(Json::Array(Arc::new(hops.collect()))))
            }
            "bytes" => Some(Value::from(exchange.response.bytes_received)),
            "response" => None,
            name => self.0.get(name),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match self.0.origin {
            Origin::Exchange(_) => Enumerator::Values(
                FIELDS
                    .iter()
                    .filter(|field| self.get_value_by_str(field).is_some())
                    .map(|field| Value::from(*field))
                    .collect(),
            ),
            Origin::Authorized(_) => Enumerator::Str(&["url"]),
        }
    }
}

/// `headers`: a field is found whatever its case, `_` is as good as `-`, repeated ones are joined
/// by `, `.
#[derive(Debug)]
struct HeadersView(Arc<Exchange>);

impl HeadersView {
    fn headers(&self) -> &Headers {
        &self.0.response.headers
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.headers().iter();
        fields.filter_map(move |(field, value)| same_field(field, name).then_some(value))
    }
}

/// Whether two names mean one field: case and `-` or `_` don't count.
fn same_field(a: &str, b: &str) -> bool {
    let plain = |byte: u8| match byte {
        b'_' => b'-',
        byte => byte.to_ascii_lowercase(),
    };
    a.len() == b.len() && a.bytes().map(plain).eq(b.bytes().map(plain))
}

impl Object for HeadersView {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let mut values = self.all(key);
        let first = values.next()?;
        let Some(second) = values.next() else {
            return Some(Value::from(first));
        };
        let mut joined = format!("{first}, {second}");
        for value in values {
            joined.push_str(", ");
            joined.push_str(value);
        }
        Some(Value::from(joined))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.headers().iter() {
            if !names.iter().any(|known| same_field(known, name)) {
                names.push(name);
            }
        }
        Enumerator::Values(names.into_iter().map(Value::from).collect())
    }

    /// `headers.all("set-cookie")`: every value of a field, in order.
    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, minijinja::Error> {
        if method != "all" {
            return Err(minijinja::ErrorKind::UnknownMethod.into());
        }
        let (name,): (&str,) = from_args(args)?;
        Ok(self.all(name).map(Value::from).collect())
    }
}

/// An address in its parts; query and fragment decoded once, a repeated key a list.
pub(super) fn url_parts(url: &Url) -> Json {
    let mut entries: Vec<(Arc<str>, Json)> = Vec::new();
    let mut add = |key: &str, value: Json| entries.push((key.into(), value));
    add("url", Json::String(url.as_str().into()));
    add("scheme", Json::String(url.scheme().into()));
    add(
        "host",
        url.host_str()
            .map_or(Json::Null, |host| Json::String(host.into())),
    );
    let port = url.port_or_known_default();
    add(
        "port",
        port.map_or(Json::Null, |port| Json::Number(port.into())),
    );
    add("path", Json::String(url.path().into()));
    add("query", decoded(url.query().unwrap_or("")));
    add("fragment", decoded(url.fragment().unwrap_or("")));
    Json::from_entries(entries)
}

/// The keys and values of a query or fragment: percent-encoding and `+` undone.
fn decoded(text: &str) -> Json {
    let mut entries: Vec<(Arc<str>, Vec<Json>)> = Vec::new();
    for (key, value) in form_urlencoded::parse(text.as_bytes()) {
        let value = Json::from(value.into_owned());
        match entries.iter_mut().find(|(known, _)| **known == *key) {
            Some((_, values)) => values.push(value),
            None => entries.push((key.into(), vec![value])),
        }
    }
    let entries = entries.into_iter().map(|(key, mut values)| {
        let value = match values.len() {
            1 => values.swap_remove(0),
            _ => Json::Array(Arc::new(values)),
        };
        (key, value)
    });
    Json::from_entries(entries.collect())
}

fn redirect(hop: &Redirect) -> Json {
    Json::from_entries(vec![
        ("status".into(), Json::Number(hop.status.into())),
        ("url".into(), Json::String(hop.url.as_str().into())),
    ])
}

/// The parts of the time in milliseconds; one that did not happen is `null`.
fn timings(timings: &Timings) -> Json {
    let part =
        |time: Option<Duration>| time.map_or(Json::Null, |time| Json::Number(milliseconds(time)));
    Json::from_entries(vec![
        ("total".into(), part(Some(timings.total))),
        ("dns".into(), part(timings.dns)),
        ("connect".into(), part(timings.connect)),
        ("tls".into(), part(timings.tls)),
        ("wait".into(), part(timings.wait)),
        ("receive".into(), part(timings.receive)),
    ])
}

/// Milliseconds with three decimals.
fn milliseconds(time: Duration) -> Number {
    let microseconds = (time.as_secs_f64() * 1e6).round();
    Number::from_f64(microseconds / 1e3).expect("a finite number")
}
