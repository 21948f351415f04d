//! What a customer says, takes back, and puts on chats, threads and events.

use serde::Serialize;

use super::actions::Call;
use super::chats::find;
use crate::sandbox::livechat::chats::{Event, Properties, Thread, Visibility};
use crate::sandbox::livechat::conversation::{Draft, Postback, Side, Speaker, properties};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType};
use crate::sandbox::livechat::wire::Response;

/// `send_event`: says something in the open thread, or with `attach_to_last_thread` in one that is closed.
pub fn send_event(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        event_id: &'a str,
    }
    call.arguments
        .allow(&["chat_id", "event", "attach_to_last_thread"])?;
    let chat_id = call.arguments.required("chat_id")?;
    let event = call.arguments.required_object("event")?;
    let mut draft = Draft::read_own(&event, Side::Customer)?;
    let attach = call
        .arguments
        .boolean("attach_to_last_thread")?
        .unwrap_or(false);
    let position = find(state, call, chat_id)?;
    let now = state.clock.now();
    draft.resolve(&state.uploads, now)?;
    let chat = state.chats.at_mut(position);
    let thread = chat
        .threads
        .last_mut()
        .filter(|thread| thread.active || attach);
    let thread = thread.ok_or(ErrorType::ChatInactive)?;
    let event_id = thread.push(draft.into_event(call.customer_id, now));
    chat.mark_seen(call.customer_id, now);
    Ok(Response::json(
        200,
        &Body {
            event_id: &event_id,
        },
    ))
}

/// `delete_event`: takes back one of the customer's own. Agents still see that it was there.
pub fn delete_event(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments
        .allow(&["chat_id", "thread_id", "event_id"])?;
    let event_id = call.arguments.required("event_id")?;
    let customer_id = call.customer_id;
    let event = event_of(thread_of(state, call)?, event_id)?;
    if event.author_id.as_deref() != Some(customer_id) {
        return Err(ErrorType::Authorization.into());
    }
    event.deleted = true;
    Ok(Response::empty())
}

/// `send_sneak_peek`: shows what the customer types. Nothing is kept of it.
pub fn send_sneak_peek(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["chat_id", "sneak_peek_text"])?;
    call.arguments.required("sneak_peek_text")?;
    let position = find(state, call, call.arguments.required("chat_id")?)?;
    if !state.chats.at(position).is_active() {
        return Err(ErrorType::ChatInactive.into());
    }
    Ok(Response::empty())
}

/// `send_rich_message_postback`: presses a button of a rich message.
pub fn send_rich_message_postback(
    state: &mut State,
    call: &Call<'_>,
) -> Result<Response, ApiError> {
    let postback = Postback::read(call.arguments)?;
    let speaker = Speaker::customer(call.customer_id);
    postback.press(thread_of(state, call)?, speaker)?;
    Ok(Response::empty())
}

/// `mark_events_as_seen`: the customer has seen what was said up to a moment.
pub fn mark_events_as_seen(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["chat_id", "seen_up_to"])?;
    let moment = call.arguments.moment("seen_up_to")?;
    let moment = moment.ok_or_else(|| call.arguments.missing("seen_up_to"))?;
    let position = find(state, call, call.arguments.required("chat_id")?)?;
    state
        .chats
        .at_mut(position)
        .mark_seen(call.customer_id, moment);
    Ok(Response::empty())
}

/// `update_chat_properties`.
pub fn update_chat_properties(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["id", "properties"])?;
    let given = given(call)?;
    let position = find(state, call, call.arguments.required("id")?)?;
    properties::set(&mut state.chats.at_mut(position).properties, given);
    Ok(Response::empty())
}

/// `delete_chat_properties`.
pub fn delete_chat_properties(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["id", "properties"])?;
    let names = properties::read_names(call.arguments)?;
    let position = find(state, call, call.arguments.required("id")?)?;
    properties::delete(&mut state.chats.at_mut(position).properties, &names);
    Ok(Response::empty())
}

/// `update_thread_properties`.
pub fn update_thread_properties(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments
        .allow(&["chat_id", "thread_id", "properties"])?;
    let given = given(call)?;
    properties::set(&mut thread_of(state, call)?.properties, given);
    Ok(Response::empty())
}

/// `delete_thread_properties`.
pub fn delete_thread_properties(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments
        .allow(&["chat_id", "thread_id", "properties"])?;
    let names = properties::read_names(call.arguments)?;
    properties::delete(&mut thread_of(state, call)?.properties, &names);
    Ok(Response::empty())
}

/// `update_event_properties`.
pub fn update_event_properties(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments
        .allow(&["chat_id", "thread_id", "event_id", "properties"])?;
    let event_id = call.arguments.required("event_id")?;
    let given = given(call)?;
    properties::set(
        &mut event_of(thread_of(state, call)?, event_id)?.properties,
        given,
    );
    Ok(Response::empty())
}

/// `delete_event_properties`.
pub fn delete_event_properties(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments
        .allow(&["chat_id", "thread_id", "event_id", "properties"])?;
    let event_id = call.arguments.required("event_id")?;
    let names = properties::read_names(call.arguments)?;
    properties::delete(
        &mut event_of(thread_of(state, call)?, event_id)?.properties,
        &names,
    );
    Ok(Response::empty())
}

fn given(call: &Call<'_>) -> Result<Properties, ApiError> {
    call.arguments.required_object("properties")?;
    properties::read(call.arguments, "properties")
}

/// The thread that `chat_id` and `thread_id` name.
fn thread_of<'a>(state: &'a mut State, call: &Call<'_>) -> Result<&'a mut Thread, ApiError> {
    let chat_id = call.arguments.required("chat_id")?;
    let thread_id = call.arguments.required("thread_id")?;
    let position = find(state, call, chat_id)?;
    let index = state.chats.thread_in(position, thread_id);
    let index = index.ok_or(ErrorType::NotFound)?;
    Ok(&mut state.chats.at_mut(position).threads[index])
}

/// An event that the customer can see.
fn event_of<'a>(thread: &'a mut Thread, id: &str) -> Result<&'a mut Event, ApiError> {
    let event = thread.event_mut(id);
    let event = event.filter(|event| !event.deleted && event.visibility == Visibility::All);
    event.ok_or_else(|| ErrorType::NotFound.into())
}
