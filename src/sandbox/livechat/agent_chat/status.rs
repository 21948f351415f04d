//! Whether agents accept chats.

use std::sync::Arc;

use serde::Serialize;

use super::actions::Call;
use crate::sandbox::livechat::organization::RoutingStatus;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType};
use crate::sandbox::livechat::wire::Response;

/// `set_routing_status`: one's own, or with a wider scope another agent's.
pub fn set_routing_status(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["status", "agent_id"])?;
    let status = match call.arguments.required("status")? {
        "accepting_chats" => RoutingStatus::AcceptingChats,
        "not_accepting_chats" => RoutingStatus::NotAcceptingChats,
        // There are no bots here, and only those can be offline by this method.
        _ => {
            let problem = "must be `accepting_chats` or `not_accepting_chats`";
            return Err(call.arguments.invalid("status", problem));
        }
    };
    let own = &call.caller.account.email;
    let email = call.arguments.string("agent_id")?.unwrap_or(own);
    let scope = if email == own {
        "agents--my:rw"
    } else {
        "agents--all:rw"
    };
    call.caller.require_any(&[scope])?;
    let account = state
        .organization
        .agent_mut(email)
        .ok_or(ErrorType::NotFound)?;
    account.routing_status = status;
    Ok(Response::empty())
}

/// `list_routing_statuses`: of all agents, or of those of some groups. The list has no wrapper.
pub fn list_routing_statuses(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        agent_id: &'a str,
        status: RoutingStatus,
    }
    call.arguments.allow(&["filters"])?;
    let groups = match call.arguments.object("filters")? {
        None => None,
        Some(filters) => {
            filters.allow(&["group_ids"])?;
            filters.integers("group_ids", 200)?
        }
    };
    for scope in ["agents--all:ro", "agents-bot--all:ro"] {
        call.caller.require_any(&[scope])?;
    }
    let accounts = state.organization.accounts.iter().map(Arc::as_ref);
    let accounts =
        accounts.filter(|account| groups.as_ref().is_none_or(|groups| account.is_in(groups)));
    let statuses = accounts
        .map(|account| Body {
            agent_id: &account.email,
            status: account.routing_status,
        })
        .collect::<Vec<_>>();
    Ok(Response::json(200, &statuses))
}
