//! A chat is handed on: to an agent, to a group, or to another agent of its group.

use std::sync::Arc;

use serde::Serialize;

use super::access::find_attended;
use super::actions::Call;
use crate::sandbox::livechat::chats::{Chat, UserType, Visibility};
use crate::sandbox::livechat::conversation::{announce, assign_agent};
use crate::sandbox::livechat::organization::{Account, RoutingStatus};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, Arguments, ErrorType};
use crate::sandbox::livechat::wire::Response;

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

fn leave_all(chat: &mut Chat, but: Option<&str>) {
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
