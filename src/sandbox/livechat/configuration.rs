//! The Configuration API, as far as the tutorials need it: who the agents are and which groups there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::organization::{Account, Group, Organization, Role, RoutingStatus};
use super::state::State;
use super::web_api::{ApiError, Arguments, ErrorType, admit, authenticate, read_object};
use super::wire::{Request, Response};

/// The fields of an agent that are told only when asked for.
const AGENT_FIELDS: &[&str] = &[
    "groups",
    "work_scheduler",
    "email_subscriptions",
    "notifications",
    "job_title",
    "mobile",
    "max_chats_count",
    "suspended",
    "awaiting_approval",
    "last_logout",
];

/// The fields of a group that are told only when asked for.
const GROUP_FIELDS: &[&str] = &["agent_priorities", "routing_status"];

/// Answers a call of the Configuration API.
///
/// # Errors
/// With the first check that fails.
pub fn handle(state: &mut State, request: &Request, action: &str) -> Result<Response, ApiError> {
    if request.verb() != "POST" {
        return Err(ErrorType::NotAllowed.into());
    }
    let caller = authenticate(state, request)?;
    admit(state, request)?;
    let body = read_object(request)?;
    let arguments = Arguments::new(&body);
    match action {
        "list_agents" => {
            let wanted = AgentsWanted::read(&arguments)?;
            caller.require_any(&["agents--all:ro"])?;
            Ok(wanted.list(&state.organization))
        }
        "list_groups" => {
            arguments.allow(&["fields"])?;
            let fields = fields_of(&arguments, GROUP_FIELDS)?;
            caller.require_any(&["groups--all:ro"])?;
            Ok(list_groups(&state.organization, &fields))
        }
        _ => Err(ErrorType::NotFound.into()),
    }
}

fn fields_of<'a>(arguments: &Arguments<'a>, known: &[&str]) -> Result<Vec<&'a str>, ApiError> {
    let fields = arguments
        .strings("fields", known.len())?
        .unwrap_or_default();
    match fields.iter().find(|field| !known.contains(field)) {
        None => Ok(fields),
        Some(_) => Err(arguments.invalid("fields", &format!("must be of {}", known.join(", ")))),
    }
}

/// Which agents are wanted, and what about them.
struct AgentsWanted<'a> {
    group_ids: Option<Vec<i64>>,
    suspended: Option<bool>,
    fields: Vec<&'a str>,
}

/// An agent as the Configuration API shows it.
#[derive(Serialize)]
struct AgentView<'a> {
    id: &'a str,
    account_id: &'a str,
    name: &'a str,
    role: Role,
    avatar: &'a str,
    login_status: &'static str,
    #[serde(flatten)]
    more: BTreeMap<&'a str, Value>,
}

impl<'a> AgentsWanted<'a> {
    fn read(arguments: &Arguments<'a>) -> Result<Self, ApiError> {
        arguments.allow(&["filters", "fields"])?;
        let fields = fields_of(arguments, AGENT_FIELDS)?;
        let Some(filters) = arguments.object("filters")? else {
            return Ok(Self {
                group_ids: None,
                suspended: None,
                fields,
            });
        };
        filters.allow(&["group_ids", "suspended"])?;
        let group_ids = filters.integers("group_ids", 200)?;
        Ok(Self {
            group_ids,
            suspended: filters.boolean("suspended")?,
            fields,
        })
    }

    fn list(&self, organization: &Organization) -> Response {
        let accounts = organization.accounts.iter().map(Arc::as_ref);
        let agents = accounts
            .filter(|account| self.accept(account))
            .map(|account| AgentView {
                id: &account.email,
                account_id: &account.id,
                name: &account.name,
                role: account.role,
                avatar: &account.avatar,
                login_status: login_status(account.routing_status),
                more: self.more(account),
            });
        Response::json(200, &agents.collect::<Vec<_>>())
    }

    fn accept(&self, account: &Account) -> bool {
        // Nobody is suspended here.
        self.suspended != Some(true)
            && self
                .group_ids
                .as_ref()
                .is_none_or(|groups| account.is_in(groups))
    }

    fn more(&self, account: &Account) -> BTreeMap<&'a str, Value> {
        let value = |field: &str| match field {
            "groups" => {
                let groups = account.group_ids.iter();
                groups
                    .map(|id| serde_json::json!({ "id": id, "priority": "normal" }))
                    .collect()
            }
            "work_scheduler" => serde_json::json!({}),
            "email_subscriptions" | "notifications" => serde_json::json!([]),
            "job_title" => account.job_title.as_str().into(),
            "mobile" => "".into(),
            "max_chats_count" => 6.into(),
            "suspended" | "awaiting_approval" => false.into(),
            // Nobody has logged out yet, and then this field is left out.
            _ => Value::Null,
        };
        let fields = self.fields.iter().map(|field| (*field, value(field)));
        fields.filter(|(_, value)| !value.is_null()).collect()
    }
}

fn login_status(status: RoutingStatus) -> &'static str {
    match status {
        RoutingStatus::AcceptingChats => "accepting chats",
        RoutingStatus::NotAcceptingChats => "not accepting chats",
        RoutingStatus::Offline => "offline",
    }
}

fn list_groups(organization: &Organization, fields: &[&str]) -> Response {
    #[derive(Serialize)]
    struct GroupView<'a> {
        id: i64,
        name: &'a str,
        language_code: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        agent_priorities: Option<BTreeMap<&'a str, &'a str>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        routing_status: Option<&'a str>,
    }
    let priorities = |group: &Group| {
        let agents = organization
            .accounts
            .iter()
            .filter(|account| account.is_in(&[group.id]));
        agents
            .map(|account| (account.email.as_str(), "normal"))
            .collect()
    };
    let status = |group: &Group| {
        if organization.is_online(group.id) {
            "online"
        } else {
            "offline"
        }
    };
    let groups = organization.groups.iter().map(|group| GroupView {
        id: group.id,
        name: &group.name,
        language_code: &group.language_code,
        agent_priorities: fields
            .contains(&"agent_priorities")
            .then(|| priorities(group)),
        routing_status: fields.contains(&"routing_status").then(|| status(group)),
    });
    Response::json(200, &groups.collect::<Vec<_>>())
}
