//! The methods of the Customer Chat API, and what is checked before any of them.

use super::{chats, customer, events, widget};
use crate::sandbox::livechat::conversation;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, Arguments, ErrorType, admit, read_object};
use crate::sandbox::livechat::wire::{Parameters, Request, Response};

/// A call of a method.
pub struct Call<'a> {
    /// The customer.
    pub customer_id: &'a str,
    /// With which arguments.
    pub arguments: &'a Arguments<'a>,
}

/// Answers a call: the token first, then region and rate, the organization, the body, and the method's own
/// checks. Methods that only read what every visitor sees are GET and need no token.
///
/// # Errors
/// With the first check that fails.
pub fn handle(state: &mut State, request: &Request, action: &str) -> Result<Response, ApiError> {
    if let Some(read) = widget::public(action) {
        if request.verb() != "GET" {
            return Err(ErrorType::NotAllowed.into());
        }
        let parameters = Parameters::of_query(request).map_err(|_| ErrorType::Validation)?;
        check_organization(state, &parameters)?;
        return read(state, &parameters);
    }
    if request.verb() != "POST" {
        return Err(ErrorType::NotAllowed.into());
    }
    let customer_id = authenticate(state, request)?;
    admit(state, request)?;
    let parameters = Parameters::of_query(request).map_err(|_| ErrorType::Validation)?;
    check_organization(state, &parameters)?;
    let now = state.clock.now();
    if state
        .chats
        .customer(&customer_id)
        .is_some_and(|customer| customer.is_banned(now))
    {
        return Err(ErrorType::CustomerBanned.into());
    }
    if action == "upload_file" {
        return conversation::upload(state, request);
    }
    let body = read_object(request)?;
    let arguments = Arguments::new(&body);
    perform(
        state,
        &Call {
            customer_id: &customer_id,
            arguments: &arguments,
        },
        action,
    )
}

/// The customer whose token came with a request. An agent's token and a personal access token are none.
fn authenticate(state: &State, request: &Request) -> Result<String, ApiError> {
    let credentials = request
        .header("authorization")
        .and_then(|value| value.split_once(' '));
    let (scheme, value) = credentials.ok_or(ErrorType::Authentication)?;
    let token = state
        .customer_tokens
        .get(value)
        .filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    let token = token.filter(|token| state.clock.now() < token.expires_at);
    Ok(token.ok_or(ErrorType::Authentication)?.entity_id.clone())
}

fn check_organization(state: &State, parameters: &Parameters) -> Result<(), ApiError> {
    let given = parameters.get("organization_id");
    let given = given.ok_or_else(|| ApiError::required("organization_id"))?;
    if given == state.organization.id {
        return Ok(());
    }
    Err(ErrorType::Authentication.into())
}

fn perform(state: &mut State, call: &Call<'_>, action: &str) -> Result<Response, ApiError> {
    match action {
        "list_chats" => chats::list_chats(state, call),
        "list_threads" => chats::list_threads(state, call),
        "get_chat" => chats::get_chat(state, call),
        "start_chat" => chats::start_chat(state, call),
        "resume_chat" => chats::resume_chat(state, call),
        "deactivate_chat" => chats::deactivate_chat(state, call),
        "send_event" => events::send_event(state, call),
        "delete_event" => events::delete_event(state, call),
        "send_sneak_peek" => events::send_sneak_peek(state, call),
        "send_rich_message_postback" => events::send_rich_message_postback(state, call),
        "mark_events_as_seen" => events::mark_events_as_seen(state, call),
        "update_chat_properties" => events::update_chat_properties(state, call),
        "delete_chat_properties" => events::delete_chat_properties(state, call),
        "update_thread_properties" => events::update_thread_properties(state, call),
        "delete_thread_properties" => events::delete_thread_properties(state, call),
        "update_event_properties" => events::update_event_properties(state, call),
        "delete_event_properties" => events::delete_event_properties(state, call),
        "get_customer" => customer::get_customer(state, call),
        "update_customer" => customer::update_customer(state, call),
        "set_customer_session_fields" => customer::set_session_fields(state, call),
        "request_email_verification" => customer::request_email_verification(state, call),
        "list_group_statuses" => widget::list_group_statuses(state, call),
        "get_predicted_agent" => widget::get_predicted_agent(state, call),
        "request_welcome_message" => widget::request_welcome_message(state, call),
        "get_form" => widget::get_form(state, call),
        "get_url_info" => widget::get_url_info(call),
        "check_goals" => widget::check_goals(state, call),
        "accept_greeting" => widget::accept_greeting(call),
        "cancel_greeting" => widget::cancel_greeting(call),
        _ => Err(ErrorType::NotFound.into()),
    }
}
