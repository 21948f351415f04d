//! Who takes part in a chat: users come, go, and hand it on.

use std::sync::Arc;

use serde::Serialize;

use super::access::find_attended;
use super::actions::Call;
use crate::sandbox::livechat::chats::{UserType, Visibility};
use crate::sandbox::livechat::conversation::{Speaker, announce, assign_agent};
use crate::sandbox::livechat::organization::{Account, RoutingStatus};
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

/// There can be one customer in a chat, and one chat for a customer.
fn check_customer(state: &State, position: usize, id: &str) -> Result<(), ApiError> {
    state.chats.customer(id).ok_or(ErrorType::NotFound)?;
    let other = state
        .chats
        .at(position)
        .customer()
        .is_some_and(|customer| customer.id != id);
    let elsewhere = state
        .chats
        .of_customer(id)
        .iter()
        .any(|chat| *chat != position);
    if other || elsewhere {
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

/// Whom a chat is handed to.
enum Target {
    Groups(Vec<i64>),
    Agents(Vec<String>),
}

impl Target {
    fn read(target: &Arguments<'_>) -> Result<Self, ApiError> {
        target.allow(&["type", "ids"])?;
        let missing = || target.missing("ids");
        let empty = || target.invalid("ids", "must not be empty");
        match target.required("type")? {
            "group" => {
                let ids = target.integers("ids", 200)?.ok_or_else(missing)?;
                if ids.is_empty() {
                    Err(empty())
                } else {
                    Ok(Self::Groups(ids))
                }
            }
            "agent" => {
                let ids = target.strings("ids", 200)?.ok_or_else(missing)?;
                let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
                if ids.is_empty() {
                    Err(empty())
                } else {
                    Ok(Self::Agents(ids))
                }
            }
            _ => Err(target.invalid("type", "must be `group` or `agent`")),
        }
    }
}

/// `transfer_chat`: hands an active chat to an agent or to a group, or to another agent of its group.
pub fn transfer_chat(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    let arguments = call.arguments;
    let also = [
        "id",
        "target",
        "ignore_agents_availability",
        "ignore_requester_presence",
    ];
    arguments.allow(&also)?;
    let id = arguments.required("id")?;
    let target = arguments
        .object("target")?
        .map(|target| Target::read(&target))
        .transpose()?;
    let anybody = arguments
        .boolean("ignore_agents_availability")?
        .unwrap_or(false);
    let position = find_attended(state, call, id)?;
    let chat = state.chats.at(position);
    let names = match target {
        Some(Target::Agents(emails)) => to_agent(state, position, &emails, anybody)?,
        Some(Target::Groups(groups)) => to_groups(state, position, groups, anybody)?,
        None => {
            let groups = chat.access.group_ids.clone();
            to_groups(state, position, groups, anybody)?
        }
    };
    let initiator = &call.caller.account.name;
    let now = state.clock.now();
    if let Some(thread) = state.chats.at_mut(position).active_thread_mut() {
        let text = format!("{initiator} transferred the chat to {names}");
        let variables = [("initiator", initiator.as_str()), ("targets", &names)];
        announce(thread, now, "chat_transferred", &text, &variables);
    }
    Ok(Response::empty())
}

/// Hands a chat to the first of these agents who can take it. Returns the agent's name.
fn to_agent(
    state: &mut State,
    position: usize,
    emails: &[String],
    anybody: bool,
) -> Result<String, ApiError> {
    let groups = &state.chats.at(position).access.group_ids;
    let mut known = Vec::new();
    for email in emails {
        let account = state.organization.agent(email).ok_or(ErrorType::NotFound)?;
        if !account.reaches(groups) {
            return Err(ErrorType::MissingAccess.into());
        }
        known.push(account);
    }
    let taker = known
        .into_iter()
        .find(|account| anybody || account.is_available());
    let taker = Arc::clone(taker.ok_or(ErrorType::AgentOffline)?);
    let chat = state.chats.at_mut(position);
    leave_all(chat, Some(&taker.email));
    chat.join(&taker.email, UserType::Agent, Visibility::All);
    Ok(taker.name.clone())
}

/// Hands a chat to groups, where the agent with the fewest chats takes it. Returns the groups' names.
fn to_groups(
    state: &mut State,
    position: usize,
    groups: Vec<i64>,
    anybody: bool,
) -> Result<String, ApiError> {
    if groups.iter().any(|id| !state.organization.has_group(*id)) {
        return Err(ErrorType::NotFound.into());
    }
    let chat = state.chats.at(position);
    let accounts = state.organization.accounts.iter();
    let mut free = accounts.filter(|account| {
        account.is_available() && account.is_in(&groups) && !chat.has_present(&account.email)
    });
    if free.next().is_none() && !anybody {
        return Err(ErrorType::AgentOffline.into());
    }
    let known = state
        .organization
        .groups
        .iter()
        .filter(|group| groups.contains(&group.id));
    let names = known
        .map(|group| group.name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let chat = state.chats.at_mut(position);
    chat.access.group_ids.clone_from(&groups);
    if let Some(thread) = chat.active_thread_mut() {
        thread.access.group_ids = groups;
    }
    let leaving: Vec<String> = chat.present_agents().map(|user| user.id.clone()).collect();
    assign_agent(state, position);
    let chat = state.chats.at_mut(position);
    for email in leaving {
        chat.leave(&email);
    }
    Ok(names)
}

fn leave_all(chat: &mut crate::sandbox::livechat::chats::Chat, but: Option<&str>) {
    let leaving: Vec<String> = chat.present_agents().map(|user| user.id.clone()).collect();
    for email in leaving.iter().filter(|email| but != Some(email.as_str())) {
        chat.leave(email);
    }
}

/// `list_agents_for_transfer`: the agents who could take a chat, those with the fewest chats first.
pub fn list_agents_for_transfer(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        agent_id: &'a str,
        total_active_chats: usize,
    }
    call.arguments.allow(&["chat_id"])?;
    let chat_id = call.arguments.required("chat_id")?;
    let position = state.chats.position(chat_id).ok_or(ErrorType::NotFound)?;
    let chat = state.chats.at(position);
    let can = |account: &&Arc<Account>| {
        account.routing_status != RoutingStatus::Offline
            && account.reaches(&chat.access.group_ids)
            && !chat.has_present(&account.email)
    };
    let agents = state
        .organization
        .accounts
        .iter()
        .filter(can)
        .map(|account| Body {
            agent_id: &account.email,
            total_active_chats: state.chats.active_chats_of(&account.email),
        });
    let mut agents: Vec<Body<'_>> = agents.collect();
    agents.sort_by_key(|agent| agent.total_active_chats);
    Ok(Response::json(200, &agents))
}
