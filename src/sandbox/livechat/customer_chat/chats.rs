//! The life of a customer's chat. A customer has one at most, which goes on in ever new threads.

use serde::Serialize;

use super::actions::Call;
use super::view::{ChatSummary, ThreadView, UserView, View};
use crate::sandbox::livechat::chats::{Access, Page, Properties};
use crate::sandbox::livechat::conversation::{
    self, Opening, Side, Speaker, Started, ThreadList, ThreadsWanted,
};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType, List};
use crate::sandbox::livechat::wire::Response;

const LIST: List = List {
    name: "customer/list_chats",
    limit: 10,
    max: 25,
};

/// Finds a chat of the customer's; returns its position.
///
/// # Errors
/// If there is none, or it is not the customer's.
pub fn find(state: &State, call: &Call<'_>, chat_id: &str) -> Result<usize, ApiError> {
    let position = state.chats.position(chat_id).ok_or(ErrorType::NotFound)?;
    if state
        .chats
        .of_customer(call.customer_id)
        .contains(&position)
    {
        return Ok(position);
    }
    Err(ApiError::new(
        ErrorType::Authorization,
        "Requester is not user of the chat",
    ))
}

/// `list_chats`, in the order in which their last threads began.
pub fn list_chats(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        chats_summary: Vec<ChatSummary<'a>>,
        total_chats: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_page_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        previous_page_id: Option<String>,
    }
    call.arguments.allow(&["limit", "sort_order", "page_id"])?;
    let wanted = LIST.page(call.arguments, state.clock.now(), || Ok(()))?;
    let all = state.chats.all();
    let own = state.chats.of_customer(call.customer_id).iter().copied();
    let found = own
        .filter(|position| all[*position].was_there(wanted.as_of))
        .collect();
    let key = |position: usize| {
        let chat = all.get(position);
        (
            chat.and_then(|chat| chat.last_began(wanted.as_of)),
            position,
        )
    };
    let page = wanted.cut(found, key);
    let Page {
        positions,
        found,
        next,
        previous,
    } = page;
    let view = View(state);
    let body = Body {
        chats_summary: positions
            .iter()
            .map(|position| view.summary(&all[*position]))
            .collect(),
        total_chats: found,
        next_page_id: next,
        previous_page_id: previous,
    };
    Ok(Response::json(200, &body))
}

/// `list_threads` of one of the customer's chats.
pub fn list_threads(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    let wanted = ThreadsWanted::read(call.arguments, state.clock.now(), false)?;
    let chat = state.chats.at(find(state, call, wanted.chat_id())?);
    let page = wanted.cut(chat, |_| true);
    let view = View(state);
    let body = ThreadList::new(page, |index| view.thread(chat, index));
    Ok(Response::json(200, &body))
}

/// `get_chat`: one of the customer's chats with one thread, the latest unless another is asked for.
pub fn get_chat(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        id: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        thread: Option<ThreadView<'a>>,
        users: Vec<UserView<'a>>,
        access: &'a Access,
        properties: &'a Properties,
    }
    call.arguments.allow(&["chat_id", "thread_id"])?;
    let position = find(state, call, call.arguments.required("chat_id")?)?;
    let chat = state.chats.at(position);
    let index = match call.arguments.string("thread_id")? {
        None => chat.threads.len().checked_sub(1),
        Some(id) => {
            let index = state.chats.thread_in(position, id);
            Some(index.ok_or(ErrorType::NotFound)?)
        }
    };
    let view = View(state);
    let body = Body {
        id: &chat.id,
        thread: index.map(|index| view.thread(chat, index)),
        users: view.users(chat),
        access: &chat.access,
        properties: &chat.properties,
    };
    Ok(Response::json(200, &body))
}

/// `start_chat`: the customer's first and only one.
pub fn start_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    let opening = Opening::read(call.arguments, Side::Customer, false)?;
    let opened = conversation::start(state, Speaker::customer(call.customer_id), opening)?;
    Ok(Response::json(200, &Started::new(state, &opened)))
}

/// `resume_chat`: opens a new thread.
pub fn resume_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    let chat = call.arguments.required_object("chat")?;
    let id = chat.required("id")?;
    let opening = Opening::read(call.arguments, Side::Customer, true)?;
    let position = find(state, call, id)?;
    let requester = Speaker::customer(call.customer_id);
    let opened = conversation::resume(state, requester, position, opening)?;
    Ok(Response::json(200, &opened))
}

/// `deactivate_chat`: closes the open thread.
pub fn deactivate_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["id"])?;
    let position = find(state, call, call.arguments.required("id")?)?;
    conversation::deactivate(state, Speaker::customer(call.customer_id), position)?;
    Ok(Response::empty())
}
