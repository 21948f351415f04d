//! What can be put on chats, threads and events: properties, tags, and a thread's summary.

use super::access::Reach;
use super::actions::Call;
use crate::sandbox::livechat::chats::{Properties, Summary, Thread};
use crate::sandbox::livechat::conversation::properties;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType};
use crate::sandbox::livechat::wire::Response;

/// What a change of properties does.
enum Change {
    Set(Properties),
    Delete(Vec<(String, String)>),
}

impl Change {
    fn set(call: &Call<'_>) -> Result<Self, ApiError> {
        call.arguments.required_object("properties")?;
        Ok(Self::Set(properties::read(call.arguments, "properties")?))
    }

    fn delete(call: &Call<'_>) -> Result<Self, ApiError> {
        Ok(Self::Delete(properties::read_names(call.arguments)?))
    }

    fn apply(self, target: &mut Properties) -> Response {
        match self {
            Self::Set(given) => properties::set(target, given),
            Self::Delete(names) => properties::delete(target, &names),
        }
        Response::empty()
    }
}

/// `update_chat_properties`.
pub fn update_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    change_chat(state, call, Change::set)
}

/// `delete_chat_properties`.
pub fn delete_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    change_chat(state, call, Change::delete)
}

/// `update_thread_properties`.
pub fn update_thread(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    change_thread(state, call, Change::set)
}

/// `delete_thread_properties`.
pub fn delete_thread(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    change_thread(state, call, Change::delete)
}

/// `update_event_properties`.
pub fn update_event(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    change_event(state, call, Change::set)
}

/// `delete_event_properties`.
pub fn delete_event(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    change_event(state, call, Change::delete)
}

type Read = fn(&Call<'_>) -> Result<Change, ApiError>;

fn change_chat(state: &mut State, call: &Call<'_>, read: Read) -> Result<Response, ApiError> {
    call.arguments.allow(&["id", "properties"])?;
    let id = call.arguments.required("id")?;
    let change = read(call)?;
    let position = Reach::writing(call.caller)?.find(state, id)?;
    Ok(change.apply(&mut state.chats.at_mut(position).properties))
}

fn change_thread(state: &mut State, call: &Call<'_>, read: Read) -> Result<Response, ApiError> {
    call.arguments
        .allow(&["chat_id", "thread_id", "properties"])?;
    let ids = thread_ids(call)?;
    let change = read(call)?;
    let thread = thread_of(state, call, ids)?;
    Ok(change.apply(&mut thread.properties))
}

fn change_event(state: &mut State, call: &Call<'_>, read: Read) -> Result<Response, ApiError> {
    call.arguments
        .allow(&["chat_id", "thread_id", "event_id", "properties"])?;
    let ids = thread_ids(call)?;
    let event_id = call.arguments.required("event_id")?;
    let change = read(call)?;
    let thread = thread_of(state, call, ids)?;
    let event = thread.event_mut(event_id).ok_or(ErrorType::NotFound)?;
    Ok(change.apply(&mut event.properties))
}

/// `tag_thread`.
pub fn tag_thread(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["chat_id", "thread_id", "tag"])?;
    let ids = thread_ids(call)?;
    let tag = call.arguments.required("tag")?;
    if tag.is_empty() {
        return Err(call.arguments.invalid("tag", "must not be empty"));
    }
    let thread = thread_of(state, call, ids)?;
    if !thread.tags.iter().any(|known| known == tag) {
        thread.tags.push(tag.to_owned());
    }
    Ok(Response::empty())
}

/// `untag_thread`.
pub fn untag_thread(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["chat_id", "thread_id", "tag"])?;
    let ids = thread_ids(call)?;
    let tag = call.arguments.required("tag")?;
    let thread = thread_of(state, call, ids)?;
    let before = thread.tags.len();
    thread.tags.retain(|known| known != tag);
    if thread.tags.len() == before {
        return Err(ErrorType::NotFound.into());
    }
    Ok(Response::empty())
}

/// `request_thread_summary`. A closed thread can be summarised once.
pub fn request_thread_summary(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["chat_id", "thread_id"])?;
    let ids = thread_ids(call)?;
    let now = state.clock.now();
    let thread = thread_of(state, call, ids)?;
    if !thread.active && thread.summary.is_some() {
        return Err(ErrorType::AlreadyExists.into());
    }
    let messages = thread
        .events
        .iter()
        .filter(|event| event.kind == "message")
        .count();
    let text = format!("• {messages} messages were exchanged.");
    thread.summary = Some(Summary {
        status: "ok",
        text,
        updated_at: now,
    });
    Ok(Response::empty())
}

fn thread_ids<'a>(call: &Call<'a>) -> Result<(&'a str, &'a str), ApiError> {
    Ok((
        call.arguments.required("chat_id")?,
        call.arguments.required("thread_id")?,
    ))
}

fn thread_of<'a>(
    state: &'a mut State,
    call: &Call<'_>,
    (chat_id, thread_id): (&str, &str),
) -> Result<&'a mut Thread, ApiError> {
    let position = Reach::writing(call.caller)?.find(state, chat_id)?;
    let index = state.chats.thread_in(position, thread_id);
    let index = index.ok_or(ErrorType::NotFound)?;
    Ok(&mut state.chats.at_mut(position).threads[index])
}
