//! What is said in a chat, and what is only shown for a moment.

use serde::Serialize;

use super::access::{Reach, require_presence};
use super::actions::Call;
use crate::sandbox::livechat::chats::{UserType, Visibility};
use crate::sandbox::livechat::conversation::{Draft, Postback, Side, Speaker};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, Arguments, ErrorType};
use crate::sandbox::livechat::wire::Response;

/// `send_event`: says something in an active chat in which the caller takes part.
pub fn send_event(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        event_id: &'a str,
    }
    call.arguments.allow(&["chat_id", "event"])?;
    let chat_id = call.arguments.required("chat_id")?;
    let mut draft = Draft::read_own(&call.arguments.required_object("event")?, Side::Agent)?;
    let position = Reach::writing(call.caller)?.find(state, chat_id)?;
    check_speaker(state, call, position, draft.visibility)?;
    let now = state.clock.now();
    draft.resolve(&state.uploads, now)?;
    let email = &call.caller.account.email;
    let chat = state.chats.at_mut(position);
    let thread = chat.active_thread_mut().ok_or(ErrorType::ChatInactive)?;
    let event_id = thread.push(draft.into_event(email, now));
    chat.mark_seen(email, now);
    Ok(Response::json(
        200,
        &Body {
            event_id: &event_id,
        },
    ))
}

/// Who is hidden from the customer cannot speak to the customer.
fn check_speaker(
    state: &State,
    call: &Call<'_>,
    position: usize,
    visibility: Visibility,
) -> Result<(), ApiError> {
    let chat = state.chats.at(position);
    if !chat.is_active() {
        return Err(ErrorType::ChatInactive.into());
    }
    require_presence(call.caller, chat, false)?;
    let user = chat.user(&call.caller.account.email);
    let hidden = user.is_some_and(|user| user.visibility == Visibility::Agents);
    if hidden && visibility == Visibility::All {
        let message = "Users with visibility `agents` cannot send events with visibility `all`";
        return Err(ApiError::new(ErrorType::Authorization, message));
    }
    Ok(())
}

/// `send_event_preview`: shows a part of a message that is not sent yet. Nothing is kept of it.
pub fn send_event_preview(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["chat_id", "event"])?;
    let chat_id = call.arguments.required("chat_id")?;
    let event = call.arguments.required_object("event")?;
    let draft = Draft::read_own(&event, Side::Agent)?;
    if draft.kind != "message" {
        return Err(event.invalid("type", "must be `message`"));
    }
    let position = Reach::writing(call.caller)?.find(state, chat_id)?;
    check_speaker(state, call, position, draft.visibility)?;
    Ok(Response::empty())
}

/// `send_typing_indicator`: shows that the caller types. Nothing is kept of it.
pub fn send_typing_indicator(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments
        .allow(&["chat_id", "visibility", "is_typing"])?;
    let typing = call.arguments.boolean("is_typing")?;
    typing.ok_or_else(|| call.arguments.missing("is_typing"))?;
    indicate(state, call)
}

/// `send_thinking_indicator`: shows that the caller thinks. Nothing is kept of it.
pub fn send_thinking_indicator(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments
        .allow(&["chat_id", "title", "description", "visibility", "custom_id"])?;
    for name in ["title", "description", "custom_id"] {
        call.arguments.string(name)?;
    }
    indicate(state, call)
}

fn indicate(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    let chat_id = call.arguments.required("chat_id")?;
    if !matches!(
        call.arguments.string("visibility")?,
        None | Some("all" | "agents")
    ) {
        return Err(call
            .arguments
            .invalid("visibility", "must be `all` or `agents`"));
    }
    let position = Reach::writing(call.caller)?.find(state, chat_id)?;
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
    let chat_id = call.arguments.required("chat_id")?;
    let postback = Postback::read(call.arguments)?;
    let position = Reach::writing(call.caller)?.find(state, chat_id)?;
    let index = state.chats.thread_in(position, &postback.thread_id);
    let index = index.ok_or(ErrorType::NotFound)?;
    let thread = &mut state.chats.at_mut(position).threads[index];
    postback.press(thread, Speaker::agent(&call.caller.account.email))?;
    Ok(Response::empty())
}

/// `mark_events_as_seen`: the caller has seen what was said up to a moment.
pub fn mark_events_as_seen(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["chat_id", "seen_up_to"])?;
    let chat_id = call.arguments.required("chat_id")?;
    let moment = call.arguments.moment("seen_up_to")?;
    let moment = moment.ok_or_else(|| call.arguments.missing("seen_up_to"))?;
    let position = Reach::reading(call.caller)?.find(state, chat_id)?;
    let email = &call.caller.account.email;
    let chat = state.chats.at_mut(position);
    if chat
        .user(email)
        .is_none_or(|user| user.kind != UserType::Agent)
    {
        return Err(ApiError::new(
            ErrorType::Authorization,
            "Requester is not user of the chat",
        ));
    }
    chat.mark_seen(email, moment);
    Ok(Response::empty())
}

/// `multicast`: a message to agents that belongs to no chat. Nothing is kept of it.
pub fn multicast(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["recipients", "content", "type"])?;
    call.arguments.string("type")?;
    let recipients = call.arguments.required_object("recipients")?;
    recipients.allow(&["agents"])?;
    let agents = recipients.required_object("agents")?;
    check_recipients(state, &agents)?;
    if call.arguments.get("content").is_none() {
        return Err(call.arguments.missing("content"));
    }
    call.caller.require_any(&["multicast:rw"])?;
    Ok(Response::empty())
}

fn check_recipients(state: &State, agents: &Arguments<'_>) -> Result<(), ApiError> {
    agents.allow(&["all", "ids", "groups"])?;
    let all = agents.boolean("all")?;
    let ids = agents.strings("ids", usize::MAX)?;
    // The documents call the groups strings and show numbers; numbers are meant.
    let groups = agents.integers("groups", usize::MAX)?;
    if all.is_none() && ids.is_none() && groups.is_none() {
        return Err(agents.invalid("all", "or one of `ids` and `groups` is required"));
    }
    if ids
        .iter()
        .flatten()
        .any(|id| state.organization.agent(id).is_none())
    {
        return Err(agents.invalid("ids", "names somebody who is no agent"));
    }
    Ok(())
}
