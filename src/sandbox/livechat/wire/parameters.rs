//! The parameters of an accounts request, whether they come as a form, as JSON or in the query string.
//! The documents show all three for `/v2/token`; a parameter that comes twice is refused (RFC 6749 §3.2).

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use url::form_urlencoded;

use super::message::Request;

/// Why parameters could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// The parameter came more than once.
    Repeated(String),
    /// The body is not what its content type says, or of a type that is not read.
    Body,
}

/// Names and values, each name once. A value that is empty counts as absent (RFC 6749 §3.1).
#[derive(Clone, Debug, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// The parameters of the query string alone.
    ///
    /// # Errors
    /// If one is repeated.
    pub fn of_query(request: &Request) -> Result<Self, Malformed> {
        let mut parameters = Self::default();
        parameters.add_encoded(request.query.as_bytes())?;
        Ok(parameters)
    }

    /// The parameters of the query string and the body. A body is JSON if it begins with `{`, whatever
    /// its content type says: the documents' `curl -d '{…}'` sends it as a form.
    ///
    /// # Errors
    /// If one is repeated, or the body is of another type or malformed.
    pub fn of(request: &Request) -> Result<Self, Malformed> {
        let mut parameters = Self::of_query(request)?;
        let body = request.body.trim_ascii();
        if body.is_empty() {
            return Ok(parameters);
        }
        let json = match request.media_type().as_deref() {
            Some("application/json") => true,
            None | Some("application/x-www-form-urlencoded" | "text/plain") => {
                body.starts_with(b"{")
            }
            Some(_) => return Err(Malformed::Body),
        };
        if json {
            parameters.add_json(body)?;
        } else {
            parameters.add_encoded(body)?;
        }
        Ok(parameters)
    }

    /// The value of the parameter `name`, unless it is absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(given, _)| given == name)?;
        (!value.is_empty()).then_some(value)
    }

    fn add_encoded(&mut self, text: &[u8]) -> Result<(), Malformed> {
        if std::str::from_utf8(text).is_err() {
            return Err(Malformed::Body);
        }
        for (name, value) in form_urlencoded::parse(text) {
            self.add(name.into_owned(), value.into_owned())?;
        }
        Ok(())
    }

    fn add_json(&mut self, text: &[u8]) -> Result<(), Malformed> {
        let Members(members) = serde_json::from_slice(text).map_err(|_| Malformed::Body)?;
        for (name, value) in members {
            match value {
                Value::String(text) => self.add(name, text)?,
                Value::Number(number) => self.add(name, number.to_string())?,
                Value::Null => {}
                Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(Malformed::Body),
            }
        }
        Ok(())
    }

    fn add(&mut self, name: String, value: String) -> Result<(), Malformed> {
        if self.0.iter().any(|(given, _)| *given == name) {
            return Err(Malformed::Repeated(name));
        }
        self.0.push((name, value));
        Ok(())
    }
}

/// An address with a query of these names and values.
pub fn address(base: &str, parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    format!("{base}?{query}")
}

/// The members of a JSON object with repeated names kept, which a map would lose.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, content_type: Option<&str>, body: &str) -> Result<Parameters, Malformed> {
        let mut request = Request::new("POST", "/v2/token", query);
        if let Some(value) = content_type {
            request.push_header("content-type", value);
        }
        request.body = body.as_bytes().to_vec();
        Parameters::of(&request)
    }

    #[test]
    fn forms_json_and_the_query_string_are_the_same() {
        let form = Some("application/x-www-form-urlencoded; charset=utf-8");
        for parameters in [
            read("", form, "code=dal%3Ax&client_id=1"),
            read("", None, "code=dal%3Ax&client_id=1"),
            read("code=dal%3Ax&client_id=1", None, ""),
            read("client_id=1", form, "code=dal%3Ax"),
            read(
                "",
                Some("application/json"),
                r#"{"code": "dal:x", "client_id": 1, "state": null}"#,
            ),
            read("", form, " \n{\"code\": \"dal:x\", \"client_id\": \"1\"}"),
            read(
                "",
                Some("text/plain"),
                r#"{"code": "dal:x", "client_id": "1"}"#,
            ),
        ] {
            let parameters = parameters.unwrap();
            assert_eq!(parameters.get("code"), Some("dal:x"));
            assert_eq!(parameters.get("client_id"), Some("1"));
            assert_eq!(parameters.get("state"), None);
        }
    }

    #[test]
    fn a_percent_sign_in_json_stays_as_it_is() {
        let parameters = read("", Some("application/json"), r#"{"code": "dal%3Ax"}"#).unwrap();
        assert_eq!(parameters.get("code"), Some("dal%3Ax"));
    }

    #[test]
    fn a_parameter_that_comes_twice_is_refused_wherever_it_stands() {
        let twice = Err(Malformed::Repeated("code".to_owned()));
        for parameters in [
            read("", None, "code=1&code=1"),
            read("code=1", None, "code=1"),
            read("", None, r#"{"code": "1", "code": "1"}"#),
        ] {
            assert_eq!(parameters.map(|_| ()), twice);
        }
    }

    #[test]
    fn a_body_of_another_type_is_refused() {
        for (content_type, body) in [
            (Some("application/json"), "code=1"),
            (Some("application/json"), "[1]"),
            (Some("application/json"), "{"),
            (Some("application/json"), r#"{"code": ["1"]}"#),
            (Some("multipart/form-data; boundary=x"), "--x"),
            (Some("application/xml"), "<code/>"),
        ] {
            assert_eq!(
                read("", content_type, body).map(|_| ()),
                Err(Malformed::Body),
                "{body}"
            );
        }
    }

    #[test]
    fn an_empty_value_counts_as_absent() {
        assert_eq!(read("", None, "code=").unwrap().get("code"), None);
    }
}
