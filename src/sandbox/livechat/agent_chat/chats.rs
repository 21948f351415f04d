//! The life of a chat: read, started, resumed, closed, and followed.

use serde::Serialize;

use super::access::{Reach, find_attended};
use super::actions::Call;
use super::user_view::UserView;
use super::view::{ThreadView, View};
use crate::sandbox::livechat::chats::{Access, Properties};
use crate::sandbox::livechat::conversation::{
    self, Opening, Side, Speaker, Started, ThreadList, ThreadsWanted,
};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType};
use crate::sandbox::livechat::wire::Response;

/// A chat with one thread.
#[derive(Serialize)]
pub struct ChatBody<'a> {
    pub id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<ThreadView<'a>>,
    pub users: Vec<UserView<'a>>,
    pub properties: &'a Properties,
    pub access: &'a Access,
    pub is_followed: bool,
}

/// `get_chat`: a chat with one thread, the latest unless another is asked for. Access counts for the thread.
pub fn get_chat(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["chat_id", "thread_id"])?;
    let chat_id = call.arguments.required("chat_id")?;
    let thread_id = call.arguments.string("thread_id")?;
    let reach = Reach::reading(call.caller)?;
    let position = state.chats.position(chat_id).ok_or(ErrorType::NotFound)?;
    let chat = state.chats.at(position);
    let index = match thread_id {
        None => chat.threads.len().checked_sub(1),
        Some(id) => {
            let index = state.chats.thread_in(position, id);
            Some(index.ok_or(ErrorType::NotFound)?)
        }
    };
    let access = index.map_or(&chat.access, |index| &chat.threads[index].access);
    if !reach.includes_part(chat, access) {
        return Err(ErrorType::MissingAccess.into());
    }
    let view = View::new(state, &call.caller.account, call.version);
    let body = ChatBody {
        id: &chat.id,
        thread: index.map(|index| view.thread(chat, index)),
        users: view.users(chat),
        properties: &chat.properties,
        access: &chat.access,
        is_followed: view.follows(chat),
    };
    Ok(Response::json(200, &body))
}

/// `list_threads`: the threads of a chat that the caller may see.
pub fn list_threads(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    let wanted = ThreadsWanted::read(call.arguments, state.clock.now(), true)?;
    let reach = Reach::reading(call.caller)?;
    let chat = state.chats.at(reach.find(state, wanted.chat_id())?);
    let page = wanted.cut(chat, |thread| reach.includes_part(chat, &thread.access));
    let view = View::new(state, &call.caller.account, call.version);
    let body = ThreadList::new(page, |index| view.thread(chat, index));
    Ok(Response::json(200, &body))
}

/// `start_chat`: opens a new chat with the caller in it.
pub fn start_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    let opening = Opening::read(call.arguments, Side::Agent, false)?;
    let reach = Reach::writing(call.caller)?;
    if !reach.includes_groups(opening.group_ids()) {
        return Err(ErrorType::MissingAccess.into());
    }
    let requester = Speaker::agent(&call.caller.account.email);
    let opened = conversation::start(state, requester, opening)?;
    Ok(Response::json(200, &Started::new(state, &opened)))
}

/// `resume_chat`: opens a new thread in a chat that has none open.
pub fn resume_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    let chat = call.arguments.required_object("chat")?;
    let id = chat.required("id")?;
    let opening = Opening::read(call.arguments, Side::Agent, true)?;
    let reach = Reach::writing(call.caller)?;
    let position = reach.find(state, id)?;
    if !reach.includes_groups(opening.group_ids()) {
        return Err(ErrorType::MissingAccess.into());
    }
    let requester = Speaker::agent(&call.caller.account.email);
    let opened = conversation::resume(state, requester, position, opening)?;
    Ok(Response::json(200, &opened))
}

/// `deactivate_chat`: closes the open thread.
pub fn deactivate_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["id", "ignore_requester_presence"])?;
    let id = call.arguments.required("id")?;
    let position = find_attended(state, call, id)?;
    conversation::deactivate(state, Speaker::agent(&call.caller.account.email), position)?;
    Ok(Response::empty())
}

/// `follow_chat`: the caller wants to be told of what happens in a chat.
pub fn follow_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["id"])?;
    let id = call.arguments.required("id")?;
    let position = Reach::reading(call.caller)?.find(state, id)?;
    let email = call.caller.account.email.clone();
    state.chats.at_mut(position).followers.insert(email);
    Ok(Response::empty())
}

/// `unfollow_chat`: the caller wants it no longer. Who takes part cannot do so.
pub fn unfollow_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["id"])?;
    let id = call.arguments.required("id")?;
    let position = state.chats.position(id).ok_or(ErrorType::NotFound)?;
    let chat = state.chats.at_mut(position);
    let email = &call.caller.account.email;
    if chat.has_present(email) {
        return Err(ApiError::new(
            ErrorType::Validation,
            "Chat members cannot unfollow the chat",
        ));
    }
    chat.followers.remove(email);
    Ok(Response::empty())
}
