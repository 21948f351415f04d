//! Secrets found in what was sent and received: the moment they are seen, captured or not.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use crate::collection::lint::placeholder;
use crate::collection::model::Text;
use crate::collection::request::{Auth, RequestSpec};
use crate::http::message::{Exchange, Headers};
use crate::json::Json;
use crate::secrets::Secrets;
use crate::template::{self, Value, literal_parts};
use crate::yaml::Data;

/// The secrets of a run, shared with the functions that its templates call.
#[derive(Debug, Clone, Default)]
pub struct SharedSecrets(Arc<Mutex<Secrets>>);

impl SharedSecrets {
    /// The secrets, for as long as the guard lives; no template may be rendered meanwhile.
    pub fn lock(&self) -> MutexGuard<'_, Secrets> {
        // Masking goes on whatever happened to another thread.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Taints a value that is secret: a string or number as it is, those within anything larger.
pub fn value(secrets: &mut Secrets, name: &str, value: &Value) {
    match (value.as_str(), template::to_json(value)) {
        (Some(text), _) => secrets.add(name, text),
        (None, Ok(document @ (Json::Array(_) | Json::Object(_)))) => {
            value_within(secrets, name, &document);
        }
        (None, Ok(Json::Null | Json::Bool(_))) => {}
        (None, _) => secrets.add(name, &template::display(value)),
    }
}

/// The shortest number that is noted within something larger: shorter ones are everywhere.
const SHORTEST_NUMBER: usize = 6;

fn value_within(secrets: &mut Secrets, name: &str, document: &Json) {
    match document {
        Json::String(text) => secrets.add(name, text),
        Json::Number(number) => {
            let digits = number.to_string();
            if digits.len() >= SHORTEST_NUMBER {
                secrets.add(name, &digits);
            }
        }
        Json::Array(items) => {
            for item in items.iter() {
                value_within(secrets, name, item);
            }
        }
        Json::Object(object) => {
            for (_, item) in object.iter() {
                value_within(secrets, name, item);
            }
        }
        Json::Null | Json::Bool(_) => {}
    }
}

/// Taints what a request or response carries in header fields that hold credentials.
pub fn headers(secrets: &mut Secrets, headers: &Headers) {
    for (name, value) in headers.iter() {
        secrets.learn_header(name, value);
    }
}

/// Taints the secret fields of a query and a fragment; `also` is a further name, as `code` is in an
/// authorize redirect.
pub fn url(secrets: &mut Secrets, url: &Url, also: Option<&str>) {
    if let Some(password) = url.password() {
        secrets.add("password", password);
    }
    let fragment = url.fragment().unwrap_or_default();
    let pairs = url
        .query_pairs()
        .chain(url::form_urlencoded::parse(fragment.as_bytes()));
    for (name, value) in pairs {
        if also == Some(&name) {
            secrets.add(&name, &value);
        } else {
            secrets.learn_field(&name, &value);
        }
    }
}

/// Taints what a response carries: cookies, secret fields of a JSON or form body, the `Location`.
pub fn response(secrets: &mut Secrets, exchange: &Exchange) {
    headers(secrets, &exchange.response.headers);
    for redirect in &exchange.redirects {
        headers(secrets, &redirect.headers);
        url(secrets, &redirect.url, None);
    }
    if let Some(location) = exchange.location() {
        url(secrets, &location, None);
    }
    let body = &exchange.response.body;
    let content_type = exchange.response.headers.get("content-type");
    if content_type.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        secrets.learn_form(&String::from_utf8_lossy(body));
    } else if may_hold_secret_field(body) {
        match Json::parse(body) {
            Ok(document) => secrets.learn_json(&document),
            Err(_) => secrets.learn_text(&String::from_utf8_lossy(body)),
        }
    }
}

/// Whether a body is worth parsing: it names one of the fields, or escapes characters so that it could.
fn may_hold_secret_field(body: &[u8]) -> bool {
    const MARKS: [&[u8]; 5] = [b"token", b"secret", b"verifier", b"password", b"\\u00"];
    MARKS
        .iter()
        .any(|mark| memchr::memmem::find(body, mark).is_some())
}

/// Taints what stands in a request as it is written, where it should not: literal credentials and
/// secret fields, so that a message that shows the line can hide it.
pub fn literals(secrets: &mut Secrets, request: &RequestSpec) {
    match request.auth.given() {
        Some(Auth::Bearer(token)) => literal(secrets, "token", token),
        Some(Auth::Basic { password, .. }) => literal(secrets, "password", password),
        Some(Auth::None | Auth::Later(_)) | None => {}
    }
    let form = request.form.given().map(|form| &form.value);
    for (name, values) in request.query.given().into_iter().chain(form).flatten() {
        for part in values.iter().flat_map(written_parts) {
            secrets.learn_field(&name.value, part);
        }
    }
    for (name, values) in request.headers.given().into_iter().flatten() {
        for part in values.iter().flat_map(written_parts) {
            secrets.learn_header(&name.value, part);
        }
    }
    if let Some(data) = request.json.given() {
        literal_data(secrets, data);
    }
}

/// The parts of a text that stand there as they are; a placeholder is no secret, and what is said
/// of it names it.
fn written_parts(text: &Text) -> impl Iterator<Item = &str> {
    literal_parts(&text.value).filter(|part| placeholder(part).is_none())
}

fn literal_data(secrets: &mut Secrets, data: &Data) {
    match data {
        Data::Map(entries) => {
            for (name, value) in &entries.value {
                match value {
                    Data::Text(text) => {
                        for part in written_parts(text) {
                            secrets.learn_field(&name.value, part);
                        }
                    }
                    _ => literal_data(secrets, value),
                }
            }
        }
        Data::List(items) => items
            .value
            .iter()
            .for_each(|item| literal_data(secrets, item)),
        Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {}
    }
}

fn literal(secrets: &mut Secrets, name: &str, text: &Text) {
    for part in written_parts(text) {
        secrets.add(name, part);
    }
}
