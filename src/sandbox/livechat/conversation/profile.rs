//! What is known of a customer, as agents and the customer may change it.

use serde_json::{Map, Value};

use crate::sandbox::livechat::chats::Customer;
use crate::sandbox::livechat::web_api::{ApiError, Arguments};

/// How many session fields a customer may have.
const SESSION_FIELD_LIMIT: usize = 100;

/// The fields of which at least one must be given.
const FIELDS: [&str; 7] = [
    "name",
    "email",
    "avatar",
    "phone_number",
    "session_fields",
    "omnichannel",
    "address",
];

/// What to change; the rest stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    name: Option<String>,
    email: Option<String>,
    avatar: Option<String>,
    phone_number: Option<String>,
    session_fields: Option<Vec<Map<String, Value>>>,
    omnichannel: Option<Value>,
    address: Option<Value>,
}

impl Profile {
    /// Reads the fields of a customer; `also` are those that the request may have beside them.
    ///
    /// # Errors
    /// If a field is wrong.
    pub fn read(arguments: &Arguments<'_>, also: &[&str]) -> Result<Self, ApiError> {
        arguments.allow(&[&FIELDS[..], also].concat())?;
        let text = |name| arguments.string(name).map(|text| text.map(str::to_owned));
        let email = text("email")?;
        if email.as_ref().is_some_and(|email| !email.contains('@')) {
            return Err(arguments.invalid("email", "must be an e-mail address"));
        }
        let phone_number = text("phone_number")?;
        if phone_number.as_ref().is_some_and(|number| !is_e164(number)) {
            return Err(arguments.invalid("phone_number", "must be in the format of E.164"));
        }
        if let Some(channels) = arguments.object("omnichannel")? {
            channels.allow(&["fbmessenger", "twilio"])?;
            for (channel, id) in [("fbmessenger", "id"), ("twilio", "phone_number")] {
                channels
                    .object(channel)?
                    .map(|fields| fields.required(id))
                    .transpose()?;
            }
        }
        if let Some(address) = arguments.object("address")? {
            let parts = ["address", "city", "country", "state", "postal_code"];
            address.allow(&parts)?;
            for part in parts {
                address.string(part)?;
            }
        }
        Ok(Self {
            name: text("name")?,
            email,
            avatar: text("avatar")?,
            phone_number,
            session_fields: session_fields(arguments)?,
            omnichannel: arguments.get("omnichannel").cloned(),
            address: arguments.get("address").cloned(),
        })
    }

    /// Makes sure that there is something to change.
    ///
    /// # Errors
    /// If there is nothing.
    pub fn require_some(self, arguments: &Arguments<'_>) -> Result<Self, ApiError> {
        if FIELDS.iter().any(|name| arguments.get(name).is_some()) {
            return Ok(self);
        }
        Err(ApiError::invalid(
            "name",
            "or another field of the customer is required",
        ))
    }

    /// Changes a customer.
    pub fn apply(self, customer: &mut Customer) {
        let Self {
            name,
            email,
            avatar,
            phone_number,
            session_fields,
            omnichannel,
            address,
        } = self;
        set(&mut customer.name, name);
        set(&mut customer.email, email);
        set(&mut customer.avatar, avatar);
        set(&mut customer.phone_number, phone_number);
        set(&mut customer.omnichannel, omnichannel);
        set(&mut customer.address, address);
        if let Some(fields) = session_fields {
            customer.session_fields = fields;
        }
    }
}

/// Reads `session_fields`: objects with one member each, in their order.
///
/// # Errors
/// If it has another shape or too many fields.
pub fn session_fields(
    arguments: &Arguments<'_>,
) -> Result<Option<Vec<Map<String, Value>>>, ApiError> {
    let Some(fields) = arguments.objects("session_fields", SESSION_FIELD_LIMIT)? else {
        return Ok(None);
    };
    let single = fields.iter().map(|field| {
        let pair = field.raw();
        let fits = pair.len() == 1 && pair.values().all(Value::is_string);
        fits.then(|| pair.clone()).ok_or_else(|| {
            arguments.invalid("session_fields", "must be objects with one string each")
        })
    });
    single.collect::<Result<Vec<_>, _>>().map(Some)
}

fn set<T>(field: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *field = value;
    }
}

fn is_e164(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (2..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_are_international() {
        assert!(is_e164("+48123456789"));
        for wrong in [
            "48123456789",
            "+0123",
            "+1",
            "+1234567890123456",
            "+48 123",
            "",
        ] {
            assert!(!is_e164(wrong), "{wrong}");
        }
    }
}
