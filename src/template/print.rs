//! How values print: as JSON prints them, texts without quotes at the top, bytes as hex.

use std::borrow::Cow;
use std::fmt::Write;

use minijinja::value::ValueKind;
use serde_json::Number;

use super::cookies::Cookie;
use super::value::{self, Unprintable, Value};
use crate::hex;

/// Why a list or an object can't be printed: an undefined value alone is refused before.
pub(super) const HOLDS_UNDEFINED: &str = "a list or object holds an undefined value";

/// A value as one line of JSON, for people. Never fails: what JSON has no word for is named, as
/// `undefined` is. A cookie shows all that is known of it.
pub fn display(value: &Value) -> String {
    let mut printer = Printer::new(String::new());
    printer.lenient = true;
    if let Err(error) = printer.json(value, 0) {
        printer.out.push('…');
        printer.out.push_str(&error.0);
    }
    printer.out
}

/// A value as text, as `{{ value }}` prints it.
pub fn text(value: &Value) -> Result<Cow<'_, str>, Unprintable> {
    match value.kind() {
        ValueKind::String => Ok(Cow::Borrowed(value.as_str().unwrap_or_default())),
        _ => write_text(value, String::new()).map(Cow::Owned),
    }
}

/// Prints a value as text behind what `out` holds.
pub(super) fn write_text<W: Write>(value: &Value, out: W) -> Result<W, Unprintable> {
    let mut printer = Printer::new(out);
    printer.text(value)?;
    Ok(printer.out)
}

/// A value as JSON, indented by two blanks if `pretty`.
pub(super) fn json(value: &Value, pretty: bool) -> Result<String, Unprintable> {
    if pretty {
        return value::to_json(value).map(|json| json.to_pretty());
    }
    let mut printer = Printer::new(String::new());
    printer.json(value, 0)?;
    Ok(printer.out)
}

/// A number as JSON holds it.
pub(super) fn number(value: &Value) -> Result<Number, Unprintable> {
    let number = if !value.is_integer() {
        f64::try_from(value.clone()).ok().and_then(Number::from_f64)
    } else if let Some(integer) = value.as_i64() {
        Some(integer.into())
    } else {
        u64::try_from(value.clone()).ok().map(Number::from)
    };
    number.ok_or_else(|| Unprintable(format!("{value} is a number that JSON can't hold")))
}

/// Why a value that stands for an error does.
pub(super) fn reason(value: &Value) -> String {
    let text = value.to_string();
    let inner = text.strip_prefix("<invalid value: ").unwrap_or(&text);
    let inner = inner.strip_suffix('>').unwrap_or(inner);
    inner
        .strip_prefix("invalid operation: ")
        .unwrap_or(inner)
        .to_owned()
}

/// The bytes of a value that is bytes and not text.
pub(super) fn bytes(value: &Value) -> Option<&[u8]> {
    (value.kind() == ValueKind::Bytes)
        .then(|| value.as_bytes())
        .flatten()
}

/// How many bytes a printed value may have: a list of long texts can be far longer than they.
const LONGEST: usize = 128 << 20;

struct Printer<W> {
    out: W,
    length: usize,
    count: usize,
    /// Names what JSON has no word for instead of refusing it.
    lenient: bool,
}

impl<W: Write> Printer<W> {
    fn new(out: W) -> Self {
        Self {
            out,
            length: 0,
            count: 0,
            lenient: false,
        }
    }

    fn put(&mut self, text: &str) -> Result<(), Unprintable> {
        self.length += text.len();
        if self.length > LONGEST {
            return Err(Unprintable("the result is longer than 128 MiB".into()));
        }
        self.out
            .write_str(text)
            .map_err(|_| Unprintable("the result can't be written".into()))
    }

    fn text(&mut self, value: &Value) -> Result<(), Unprintable> {
        match value.kind() {
            ValueKind::String => self.put(value.as_str().unwrap_or_default()),
            ValueKind::Bytes => self.put(&hex::lower(value.as_bytes().unwrap_or_default())),
            ValueKind::Number if value.is_integer() => self.put(&value.to_string()),
            _ => match value.downcast_object_ref::<Cookie>() {
                Some(cookie) => self.put(&cookie.value),
                None => self.json(value, 0),
            },
        }
    }

    fn json(&mut self, value: &Value, depth: usize) -> Result<(), Unprintable> {
        if let Some(document) = value::document(value) {
            return self.put(&document.to_string());
        }
        value::step(depth, &mut self.count)?;
        match value.kind() {
            ValueKind::None => self.put("null"),
            ValueKind::Bool => self.put(if value.is_true() { "true" } else { "false" }),
            ValueKind::Number => self.number(value),
            ValueKind::String => self.quoted(value.as_str().unwrap_or_default()),
            ValueKind::Bytes => self.quoted(&hex::lower(value.as_bytes().unwrap_or_default())),
            ValueKind::Seq | ValueKind::Iterable => self.list(value, depth),
            ValueKind::Map => self.object(value, depth),
            ValueKind::Undefined => self.unnamed("undefined", HOLDS_UNDEFINED),
            ValueKind::Invalid => {
                let reason = reason(value);
                self.unnamed(&format!("<{reason}>"), &reason)
            }
            _ if value::is_omit(value) => self.unnamed("omit", "`omit` is where a value is needed"),
            _ => self.unnamed("<function>", "a function that was not called"),
        }
    }

    fn unnamed(&mut self, name: &str, problem: &str) -> Result<(), Unprintable> {
        if self.lenient {
            self.put(name)
        } else {
            Err(Unprintable(problem.to_owned()))
        }
    }

    fn number(&mut self, value: &Value) -> Result<(), Unprintable> {
        match number(value) {
            Ok(number) => self.put(&number.to_string()),
            Err(_) if self.lenient => self.put(&value.to_string()),
            Err(error) => Err(error),
        }
    }

    fn quoted(&mut self, text: &str) -> Result<(), Unprintable> {
        let quoted = serde_json::to_string(text).expect("a text can always be written");
        self.put(&quoted)
    }

    fn list(&mut self, value: &Value, depth: usize) -> Result<(), Unprintable> {
        self.put("[")?;
        for (at, item) in value::items(value)?.enumerate() {
            if at > 0 {
                self.put(",")?;
            }
            self.json(&item, depth + 1)?;
        }
        self.put("]")
    }

    fn object(&mut self, value: &Value, depth: usize) -> Result<(), Unprintable> {
        if let (false, Some(cookie)) = (self.lenient, value.downcast_object_ref::<Cookie>()) {
            return self.quoted(&cookie.value);
        }
        self.put("{")?;
        for (at, (key, item)) in value::pairs(value)?.enumerate() {
            if at > 0 {
                self.put(",")?;
            }
            let key = text(&key)?.into_owned();
            self.quoted(&key)?;
            self.put(":")?;
            self.json(&item, depth + 1)?;
        }
        self.put("}")
    }
}
