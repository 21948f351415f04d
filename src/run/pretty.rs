//! A JSON body on several lines: every digit of its numbers as it was sent, secrets masked.

use crate::diff::Exact;
use crate::json::Json;
use crate::secrets::Secrets;

/// A body, if it is JSON.
pub(super) fn json(body: &[u8], secrets: &Secrets) -> Option<String> {
    let masked = secrets.mask_json(&Json::parse(body).ok()?);
    let text = std::str::from_utf8(body).ok();
    let exact = text.and_then(|text| Exact::parse(text).ok());
    Some(match exact {
        Some(exact) => with_digits(&masked, &exact, secrets).to_pretty(),
        None => masked.to_pretty(),
    })
}

/// The masked document with the digits of the one that it was made of.
fn with_digits(masked: &Json, exact: &Exact, secrets: &Secrets) -> Exact {
    match (masked, exact) {
        // A secret may be known by its digits.
        (Json::Number(_), Exact::Number(digits)) => match secrets.mask(digits) {
            text if *text == **digits => exact.clone(),
            text => Exact::string(&*text),
        },
        (Json::Array(items), Exact::Array(exact)) if items.len() == exact.len() => {
            let pairs = items.iter().zip(exact);
            Exact::Array(
                pairs
                    .map(|(item, exact)| with_digits(item, exact, secrets))
                    .collect(),
            )
        }
        (Json::Object(object), Exact::Object(exact)) if object.len() == exact.len() => {
            let pairs = object.iter().zip(exact);
            Exact::Object(
                pairs
                    .map(|((key, value), (_, exact))| {
                        ((**key).into(), with_digits(value, exact, secrets))
                    })
                    .collect(),
            )
        }
        (masked, _) => {
            Exact::parse(&masked.to_string()).expect("what was written as JSON can be read again")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_secrets_are_masked_beside_them() {
        let mut secrets = Secrets::default();
        secrets.add("token", "tokentoken");
        secrets.add("pin", "99999999999999999999999");
        let body = br#"{"id":36893488147419103233,"pi":3.14159265358979323846264,"x":10.50,
            "t":["tokentoken",1e2],"tokentoken":{},"pin":99999999999999999999999}"#;
        assert_eq!(
            json(body, &secrets).unwrap(),
            r#"{
  "id": 36893488147419103233,
  "pi": 3.14159265358979323846264,
  "x": 10.50,
  "t": [
    "***",
    1e2
  ],
  "***": {},
  "pin": "***"
}"#
        );
        assert_eq!(json(b"no JSON", &secrets), None);
    }
}
