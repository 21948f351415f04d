//! The methods of the Agent Chat Web API, and what is checked before any of them.

use super::{archives, chats, customers, events, list_chats, properties, status, transfer, users};
use crate::sandbox::livechat::conversation;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{
    ApiError, Arguments, Caller, ErrorType, Version, admit, authenticate, read_object,
};
use crate::sandbox::livechat::wire::{Request, Response};

/// A call of a method.
pub struct Call<'a> {
    /// Who calls.
    pub caller: &'a Caller,
    /// By which version.
    pub version: Version,
    /// With which arguments.
    pub arguments: &'a Arguments<'a>,
}

/// Answers a call: the token first, then region and rate, then the body, then the method's own checks,
/// which are of arguments, scopes, what is there, and in which state it is, in this order.
///
/// # Errors
/// With the first check that fails.
pub fn handle(
    state: &mut State,
    request: &Request,
    version: Version,
    action: &str,
) -> Result<Response, ApiError> {
    if request.verb() != "POST" {
        return Err(ErrorType::NotAllowed.into());
    }
    let caller = authenticate(state, request)?;
    admit(state, request)?;
    if action == "upload_file" {
        return conversation::upload(state, request);
    }
    let body = read_object(request)?;
    let arguments = Arguments::new(&body);
    let call = Call {
        caller: &caller,
        version,
        arguments: &arguments,
    };
    perform(state, &call, action)
}

fn perform(state: &mut State, call: &Call<'_>, action: &str) -> Result<Response, ApiError> {
    match action {
        "list_chats" => list_chats::handle(state, call),
        "list_threads" => chats::list_threads(state, call),
        "list_archives" => archives::handle(state, call),
        "get_chat" => chats::get_chat(state, call),
        "start_chat" => chats::start_chat(state, call),
        "resume_chat" => chats::resume_chat(state, call),
        "deactivate_chat" => chats::deactivate_chat(state, call),
        "follow_chat" => chats::follow_chat(state, call),
        "unfollow_chat" => chats::unfollow_chat(state, call),
        "transfer_chat" => transfer::transfer_chat(state, call),
        "add_user_to_chat" => users::add_user_to_chat(state, call),
        "remove_user_from_chat" => users::remove_user_from_chat(state, call),
        "list_agents_for_transfer" => transfer::list_agents_for_transfer(state, call),
        "send_event" => events::send_event(state, call),
        "send_event_preview" => events::send_event_preview(state, call),
        "send_typing_indicator" => events::send_typing_indicator(state, call),
        "send_thinking_indicator" => events::send_thinking_indicator(state, call),
        "send_rich_message_postback" => events::send_rich_message_postback(state, call),
        "mark_events_as_seen" => events::mark_events_as_seen(state, call),
        "multicast" => events::multicast(state, call),
        "update_chat_properties" => properties::update_chat(state, call),
        "delete_chat_properties" => properties::delete_chat(state, call),
        "update_thread_properties" => properties::update_thread(state, call),
        "delete_thread_properties" => properties::delete_thread(state, call),
        "update_event_properties" => properties::update_event(state, call),
        "delete_event_properties" => properties::delete_event(state, call),
        "tag_thread" => properties::tag_thread(state, call),
        "untag_thread" => properties::untag_thread(state, call),
        "request_thread_summary" => properties::request_thread_summary(state, call),
        "get_customer" => customers::get_customer(state, call),
        "update_customer" => customers::update_customer(state, call),
        "ban_customer" => customers::ban_customer(state, call),
        "set_routing_status" => status::set_routing_status(state, call),
        "list_routing_statuses" => status::list_routing_statuses(state, call),
        // Methods that 3.6 has no longer.
        "list_customers" if call.version <= Version::V3_5 => customers::list_customers(state, call),
        "create_customer" if call.version <= Version::V3_5 => {
            customers::create_customer(state, call)
        }
        "get_license_info" if call.version <= Version::V3_5 => {
            customers::get_license_info(state, call)
        }
        _ => Err(ErrorType::NotFound.into()),
    }
}
