//! Who takes part in a chat: users come and go.

use super::access::find_attended;
use super::actions::Call;
use crate::sandbox::livechat::chats::{UserType, Visibility};
use crate::sandbox::livechat::conversation::{Speaker, announce};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, Arguments, ErrorType};
use crate::sandbox::livechat::wire::Response;

/// `add_user_to_chat`: lets an agent or the customer take part.
pub fn add_user_to_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    let arguments = call.arguments;
    let also = [
        "chat_id",
        "user_id",
        "user_type",
        "visibility",
        "ignore_requester_presence",
    ];
    arguments.allow(&also)?;
    let chat_id = arguments.required("chat_id")?;
    let user_id = arguments.required("user_id")?;
    let kind = user_type(arguments)?;
    let visibility = match (arguments.required("visibility")?, kind) {
        ("all", _) => Visibility::All,
        ("agents", UserType::Agent) => Visibility::Agents,
        ("agents", UserType::Customer) => {
            return Err(arguments.invalid("visibility", "must be `all` for a customer"));
        }
        _ => return Err(arguments.invalid("visibility", "must be `all` or `agents`")),
    };
    let position = find_attended(state, call, chat_id)?;
    let chat = state.chats.at(position);
    if chat.has_present(user_id) {
        return Err(arguments.invalid("user_id", "takes part already"));
    }
    match kind {
        UserType::Agent => check_agent(state, position, user_id, visibility)?,
        UserType::Customer => check_customer(state, position, user_id)?,
    }
    if kind == UserType::Customer && state.chats.at(position).customer().is_none() {
        state.chats.bind_customer(position, user_id);
    }
    join(state, call, position, (user_id, kind), visibility);
    Ok(Response::empty())
}

fn user_type(arguments: &Arguments<'_>) -> Result<UserType, ApiError> {
    match arguments.required("user_type")? {
        "agent" => Ok(UserType::Agent),
        "customer" => Ok(UserType::Customer),
        _ => Err(arguments.invalid("user_type", "must be `agent` or `customer`")),
    }
}

/// There can be one agent whom the customer sees, and every agent needs access to the chat.
fn check_agent(
    state: &State,
    position: usize,
    email: &str,
    visibility: Visibility,
) -> Result<(), ApiError> {
    let chat = state.chats.at(position);
    let account = state.organization.agent(email).ok_or(ErrorType::NotFound)?;
    if !account.reaches(&chat.access.group_ids) {
        return Err(ErrorType::MissingAccess.into());
    }
    let mut agents = chat.present_agents();
    if visibility == Visibility::All && agents.any(|user| user.visibility == Visibility::All) {
        return Err(ApiError::new(
            ErrorType::LimitReached,
            "Public agents in chat limit reached",
        ));
    }
    Ok(())
}

fn check_customer(state: &State, position: usize, id: &str) -> Result<(), ApiError> {
    state.chats.customer(id).ok_or(ErrorType::NotFound)?;
    if !state.chats.takes_customer(position, id) {
        return Err(ApiError::new(
            ErrorType::LimitReached,
            "Customers in chat limit reached",
        ));
    }
    Ok(())
}

fn join(
    state: &mut State,
    call: &Call<'_>,
    position: usize,
    (id, kind): (&str, UserType),
    visibility: Visibility,
) {
    let initiator = &call.caller.account;
    let now = state.clock.now();
    let name = Speaker { id, kind }.name(state);
    let chat = state.chats.at_mut(position);
    let first = chat.present_agents().next().is_none();
    chat.join(id, kind, visibility);
    let Some(thread) = chat.active_thread_mut() else {
        return;
    };
    match kind {
        // The first agent of a chat is not announced.
        UserType::Agent if first => {}
        UserType::Agent if id == initiator.email => {
            announce(
                thread,
                now,
                "agent_joined",
                &format!("{name} joined the chat"),
                &[("agent", &name)],
            );
        }
        UserType::Agent => {
            let text = format!("{} added {name} to the chat", initiator.name);
            let variables = [("initiator", initiator.name.as_str()), ("agent", &name)];
            announce(thread, now, "agent_added", &text, &variables);
        }
        UserType::Customer => {
            let text = format!("{} added {name} to the chat", initiator.name);
            let variables = [("initiator", initiator.name.as_str()), ("customer", &name)];
            announce(thread, now, "customer_added", &text, &variables);
        }
    }
}

/// `remove_user_from_chat`: lets an agent go. A customer cannot be removed.
pub fn remove_user_from_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    let arguments = call.arguments;
    arguments.allow(&[
        "chat_id",
        "user_id",
        "user_type",
        "ignore_requester_presence",
    ])?;
    let chat_id = arguments.required("chat_id")?;
    let user_id = arguments.required("user_id")?;
    if user_type(arguments)? == UserType::Customer {
        return Err(arguments.invalid("user_type", "must be `agent`"));
    }
    let position = find_attended(state, call, chat_id)?;
    let chat = state.chats.at(position);
    if !chat.present_agents().any(|user| user.id == user_id) {
        return Err(ErrorType::NotFound.into());
    }
    let name = Speaker::agent(user_id).name(state);
    let initiator = &call.caller.account;
    let now = state.clock.now();
    let chat = state.chats.at_mut(position);
    chat.leave(user_id);
    if let Some(thread) = chat.active_thread_mut() {
        if user_id == initiator.email {
            announce(
                thread,
                now,
                "agent_left",
                &format!("{name} left the chat"),
                &[("agent", &name)],
            );
        } else {
            let text = format!("{} removed {name} from the chat", initiator.name);
            let variables = [("initiator", initiator.name.as_str()), ("agent", &name)];
            announce(thread, now, "agent_removed", &text, &variables);
        }
    }
    Ok(Response::empty())
}
