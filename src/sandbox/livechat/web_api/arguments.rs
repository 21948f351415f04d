//! Typed access to a Web API request's JSON, with the API's own messages for what is missing or wrong.
//! Unknown fields are refused: the real API's answer is not documented, and a misspelt filter must be noticed.

use serde_json::{Map, Value};

use super::error::{ApiError, ErrorType};
use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::wire::Request;

/// Reads a request's body, which must be declared as JSON and be a JSON object.
///
/// # Errors
/// With `Invalid message` otherwise.
pub fn read_object(request: &Request) -> Result<Map<String, Value>, ApiError> {
    if request.media_type().as_deref() != Some("application/json") {
        return Err(ErrorType::InvalidMessage.into());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(ErrorType::InvalidMessage.into()),
    }
}

/// A JSON object of a request and where it stands in it.
#[derive(Clone, Debug)]
pub struct Arguments<'a> {
    fields: &'a Map<String, Value>,
    path: String,
}

impl<'a> Arguments<'a> {
    /// The object that is a request's whole body.
    pub fn new(fields: &'a Map<String, Value>) -> Self {
        Self {
            fields,
            path: String::new(),
        }
    }

    /// Makes sure that there are no fields but `known`.
    ///
    /// # Errors
    /// With the first other one.
    pub fn allow(&self, known: &[&str]) -> Result<(), ApiError> {
        match self
            .fields
            .keys()
            .find(|name| !known.contains(&name.as_str()))
        {
            None => Ok(()),
            Some(unknown) => Err(self.invalid(unknown, "is not a field of this request")),
        }
    }

    /// A field's value, unless it is absent or `null`.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// A string.
    ///
    /// # Errors
    /// If it is of another type.
    pub fn string(&self, name: &str) -> Result<Option<&'a str>, ApiError> {
        self.get(name)
            .map(|value| {
                value
                    .as_str()
                    .ok_or_else(|| self.invalid(name, "must be a string"))
            })
            .transpose()
    }

    /// A string that must be there.
    ///
    /// # Errors
    /// If it is missing or of another type.
    pub fn required(&self, name: &str) -> Result<&'a str, ApiError> {
        self.string(name)?.ok_or_else(|| self.missing(name))
    }

    /// A boolean.
    ///
    /// # Errors
    /// If it is of another type.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.get(name)
            .map(|value| {
                value
                    .as_bool()
                    .ok_or_else(|| self.invalid(name, "must be a boolean"))
            })
            .transpose()
    }

    /// A whole number from 1 to `max`.
    ///
    /// # Errors
    /// If it is of another type or out of that range.
    pub fn count(&self, name: &str, max: usize) -> Result<Option<usize>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let number = value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok());
        match number {
            Some(number) if (1..=max).contains(&number) => Ok(Some(number)),
            _ => Err(self.invalid(name, &format!("must be a number between 1 and {max}"))),
        }
    }

    /// An array of whole numbers, at most `max` of them.
    ///
    /// # Errors
    /// If it is of another type or too long.
    pub fn integers(&self, name: &str, max: usize) -> Result<Option<Vec<i64>>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let numbers: Option<Vec<i64>> = value
            .as_array()
            .and_then(|items| items.iter().map(Value::as_i64).collect());
        match numbers {
            Some(numbers) if numbers.len() <= max => Ok(Some(numbers)),
            _ => Err(self.invalid(name, &format!("must be an array of at most {max} numbers"))),
        }
    }

    /// An array of strings, at most `max` of them.
    ///
    /// # Errors
    /// If it is of another type or too long.
    pub fn strings(&self, name: &str, max: usize) -> Result<Option<Vec<&'a str>>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let texts: Option<Vec<&str>> = value
            .as_array()
            .and_then(|items| items.iter().map(Value::as_str).collect());
        match texts {
            Some(texts) if texts.len() <= max => Ok(Some(texts)),
            _ => Err(self.invalid(name, &format!("must be an array of at most {max} strings"))),
        }
    }

    /// A nested object.
    ///
    /// # Errors
    /// If it is of another type.
    pub fn object(&self, name: &str) -> Result<Option<Self>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let fields = value
            .as_object()
            .ok_or_else(|| self.invalid(name, "must be an object"))?;
        Ok(Some(Self {
            fields,
            path: self.full(name) + ".",
        }))
    }

    /// A nested object that must be there.
    ///
    /// # Errors
    /// If it is missing or of another type.
    pub fn required_object(&self, name: &str) -> Result<Self, ApiError> {
        self.object(name)?.ok_or_else(|| self.missing(name))
    }

    /// The objects of an array, at most `max` of them.
    ///
    /// # Errors
    /// If it is of another type, too long, or something in it is no object.
    pub fn objects(&self, name: &str, max: usize) -> Result<Option<Vec<Self>>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let items = value.as_array().filter(|items| items.len() <= max);
        let problem = || self.invalid(name, &format!("must be an array of at most {max} objects"));
        let items = items.ok_or_else(problem)?.iter().map(|item| {
            let fields = item.as_object().ok_or_else(problem)?;
            Ok(Self {
                fields,
                path: self.full(name) + ".",
            })
        });
        items.collect::<Result<Vec<_>, _>>().map(Some)
    }

    /// A moment in RFC 3339.
    ///
    /// # Errors
    /// If it is of another type or format.
    pub fn moment(&self, name: &str) -> Result<Option<Moment>, ApiError> {
        let Some(text) = self.string(name)? else {
            return Ok(None);
        };
        let moment = Moment::parse(text);
        moment
            .map(Some)
            .ok_or_else(|| self.invalid(name, "must be a date and time of RFC 3339"))
    }

    /// The object's fields as they came.
    pub fn raw(&self) -> &'a Map<String, Value> {
        self.fields
    }

    /// Every field's name.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.fields.keys().map(String::as_str)
    }

    /// An error about the field `name`, which is missing.
    pub fn missing(&self, name: &str) -> ApiError {
        ApiError::required(&self.full(name))
    }

    /// An error about the field `name`.
    pub fn invalid(&self, name: &str, problem: &str) -> ApiError {
        ApiError::invalid(&self.full(name), problem)
    }

    fn full(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }
}
