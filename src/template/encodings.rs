//! The filters between texts, bytes and what they stand for: base64, percent-encoding, hashes and
//! JSON. Hashes are bytes that print as hex.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Error, State};
use sha2::{Digest as _, Sha256};

use super::engine::Registry;
use super::error::{fail, undefined};
use super::filters::text_of;
use super::print;
use super::value::{self, Value};
use crate::json::Json;
use crate::kinds;

/// Gives the filters to the engine.
pub(super) fn register(registry: &mut Registry<'_>) {
    registry.filter("base64", |value: &Value| {
        bytes_of(value).map(|bytes| STANDARD.encode(bytes))
    });
    registry.filter("base64url", |value: &Value| {
        bytes_of(value).map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
    });
    registry.filter("base64_decode", base64_decode);
    registry.filter("urlencode", urlencode);
    registry.filter("urldecode", urldecode);
    registry.filter("sha256", |value: &Value| {
        bytes_of(value).map(|bytes| Value::from_bytes(Sha256::digest(&*bytes).to_vec()))
    });
    registry.filter("hmac_sha256", hmac_sha256);
    registry.filter("tojson", |value: &Value, kwargs: Kwargs| {
        tojson(value, &kwargs)
    });
    registry.filter("fromjson", fromjson);
}

/// The bytes of a value: its own, or those of its text in UTF-8.
fn bytes_of(value: &Value) -> Result<Cow<'_, [u8]>, Error> {
    match print::bytes(value) {
        Some(bytes) => Ok(Cow::Borrowed(bytes)),
        None => Ok(match text_of(value)? {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }),
    }
}

/// Bytes as a value: a text if they are one in UTF-8.
fn text_or_bytes(bytes: Vec<u8>) -> Value {
    match String::from_utf8(bytes) {
        Ok(text) => Value::from(text),
        Err(error) => Value::from_bytes(error.into_bytes()),
    }
}

fn base64_decode(value: &Value) -> Result<Value, Error> {
    let text = text_of(value)?;
    kinds::from_base64(&text)
        .map(text_or_bytes)
        .ok_or_else(|| fail("the string is neither base64 nor base64url"))
}

/// Everything but the unreserved characters (RFC 3986 §2.3) in percent-encoding; an object as a
/// query, `a=1&b=2`.
fn urlencode(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    if value.kind() != ValueKind::Map {
        return bytes_of(value).map(|bytes| percent_encode(&bytes));
    }
    let mut query = String::new();
    for (key, item) in value::pairs(value).map_err(|error| fail(error.0))? {
        if !query.is_empty() {
            query.push('&');
        }
        let (key, item) = (bytes_of(&key)?, bytes_of(&item)?);
        state.consume_fuel(1 + (key.len() + item.len()) as u64 / 16)?;
        query.push_str(&percent_encode(&key));
        query.push('=');
        query.push_str(&percent_encode(&item));
    }
    Ok(query)
}

fn percent_encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    out
}

/// Percent-encoding undone once; `+` stays, and so does a `%` without two digits behind it.
fn urldecode(value: &Value) -> Result<Value, Error> {
    let bytes = bytes_of(value)?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(decoded.unwrap_or(bytes[at]));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    Ok(text_or_bytes(out))
}

fn hmac_sha256(value: &Value, key: &Value) -> Result<Value, Error> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&bytes_of(key)?)
        .expect("a key for HMAC may have any length");
    mac.update(&bytes_of(value)?);
    Ok(Value::from_bytes(mac.finalize().into_bytes().to_vec()))
}

/// A value as JSON, on one line; indented with `indent=true`.
fn tojson(value: &Value, kwargs: &Kwargs) -> Result<String, Error> {
    let pretty = kwargs.get::<Option<Value>>("indent")?;
    kwargs.assert_all_used()?;
    if value.is_undefined() {
        return Err(undefined());
    }
    let pretty = pretty.is_some_and(|indent| indent.is_true());
    print::json(value, pretty).map_err(|error| fail(error.0))
}

fn fromjson(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let text = text_of(value)?;
    // A document takes some twenty times the memory of its shortest text.
    state.consume_fuel(text.len() as u64 / 4)?;
    Json::parse(text.as_bytes())
        .map(Value::from)
        .map_err(|error| fail(format!("the string is not JSON: {error}")))
}
