//! The customer's own data.

use super::actions::Call;
use super::view::CustomerView;
use crate::sandbox::livechat::conversation::Profile;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType};
use crate::sandbox::livechat::wire::Response;

/// `get_customer`.
pub fn get_customer(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&[])?;
    let customer = state
        .chats
        .customer(call.customer_id)
        .ok_or(ErrorType::NotFound)?;
    Ok(Response::json(200, &CustomerView::new(customer, None)))
}

/// `update_customer`: at least one field.
pub fn update_customer(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    let profile = Profile::read(call.arguments, &[])?.require_some(call.arguments)?;
    apply(state, call, profile)
}

/// `set_customer_session_fields`: replaces them all.
pub fn set_session_fields(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["session_fields"])?;
    if call.arguments.get("session_fields").is_none() {
        return Err(call.arguments.missing("session_fields"));
    }
    let profile = Profile::read(call.arguments, &[])?;
    apply(state, call, profile)
}

/// `request_email_verification`. No mail is sent, so nobody ever confirms.
pub fn request_email_verification(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["callback_uri"])?;
    let uri = call.arguments.required("callback_uri")?;
    if !uri.starts_with("http://") && !uri.starts_with("https://") {
        return Err(call.arguments.invalid("callback_uri", "must be an address"));
    }
    let customer = state
        .chats
        .customer(call.customer_id)
        .ok_or(ErrorType::NotFound)?;
    if customer.email.is_none() {
        return Err(ApiError::new(
            ErrorType::Validation,
            "The customer has no e-mail",
        ));
    }
    Ok(Response::empty())
}

fn apply(state: &mut State, call: &Call<'_>, profile: Profile) -> Result<Response, ApiError> {
    profile.apply(
        state
            .chats
            .customer_mut(call.customer_id)
            .ok_or(ErrorType::NotFound)?,
    );
    Ok(Response::empty())
}
