//! What a chat widget asks before anybody says a word: who is there, which forms and phrases there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::actions::Call;
use super::view::AgentView;
use crate::sandbox::livechat::chats::Properties;
use crate::sandbox::livechat::conversation::Profile;
use crate::sandbox::livechat::organization::{Account, Group};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType};
use crate::sandbox::livechat::wire::{Parameters, Response};

/// The version of the widget's configuration and phrases, which never change here.
const VERSION: &str = "84cc87c5ee24ed0f84fe3027fc0c7100";

/// A method that is called by GET, without a token.
type Public = fn(&State, &Parameters) -> Result<Response, ApiError>;

/// The method named `action`, if it is one of those that every visitor may call.
pub fn public(action: &str) -> Option<Public> {
    match action {
        "list_license_properties" => Some(list_license_properties),
        "list_group_properties" => Some(list_group_properties),
        "get_dynamic_configuration" => Some(get_dynamic_configuration),
        "get_configuration" => Some(get_configuration),
        "get_localization" => Some(get_localization),
        _ => None,
    }
}

fn list_license_properties(state: &State, query: &Parameters) -> Result<Response, ApiError> {
    properties_wanted(&state.organization.properties, query)
}

fn list_group_properties(state: &State, query: &Parameters) -> Result<Response, ApiError> {
    properties_wanted(&group_named(state, query, "id")?.properties, query)
}

/// The properties of one `namespace` or all, of one `name` or all. A name without a namespace says nothing.
fn properties_wanted(properties: &Properties, query: &Parameters) -> Result<Response, ApiError> {
    if query.get("name").is_some() && query.get("namespace").is_none() {
        return Err(ApiError::required("namespace"));
    }
    let fits = |wanted: &str, known: &str| query.get(wanted).is_none_or(|name| name == known);
    let mut wanted = properties.clone();
    wanted.retain(|namespace, names| {
        names.retain(|name, _| fits("name", name));
        fits("namespace", namespace) && !names.is_empty()
    });
    Ok(Response::json(200, &wanted))
}

fn get_dynamic_configuration(state: &State, query: &Parameters) -> Result<Response, ApiError> {
    let group = match query.get("group_id") {
        Some(_) => group_named(state, query, "group_id")?,
        None => &state.organization.groups[0],
    };
    let groups = state.organization.groups.iter().map(|group| group.id);
    let online: Vec<i64> = groups
        .filter(|id| state.organization.is_online(*id))
        .collect();
    let mut livechat = json!({
        "group_id": group.id,
        "client_limit_exceeded": false,
        "domain_allowed": true,
        "config_version": VERSION,
        "localization_version": VERSION,
        "language": group.language_code,
    });
    if !online.is_empty() {
        livechat["online_group_ids"] = online.into();
    }
    let body = json!({
        "organization_id": state.organization.id,
        "default_widget": "livechat",
        "livechat_active": true,
        "livechat": livechat,
    });
    Ok(Response::json(200, &body))
}

fn get_configuration(state: &State, query: &Parameters) -> Result<Response, ApiError> {
    let group = group_named(state, query, "group_id")?;
    check_version(query)?;
    let body = json!({
        "buttons": [{
            "id": "0466ba53cb",
            "type": "text",
            "online_value": "Live chat now",
            "offline_value": "Leave us a message",
        }],
        "prechat_form": prechat_form(&state.organization.groups),
        "integrations": {},
        "properties": { "group": group.properties, "license": state.organization.properties },
    });
    Ok(Response::json(200, &body))
}

fn get_localization(state: &State, query: &Parameters) -> Result<Response, ApiError> {
    group_named(state, query, "group_id")?;
    check_version(query)?;
    let language = query
        .get("language")
        .ok_or_else(|| ApiError::required("language"))?;
    if language != "en" {
        return Err(ApiError::invalid("language", "must be `en` in the sandbox"));
    }
    let body = json!({
        "Agents_currently_not_available": "Our agents are not available at the moment.",
        "Agents_not_available": "Our agents are not available at the moment.",
        "Write_a_message": "Write a message…",
    });
    Ok(Response::json(200, &body))
}

fn check_version(query: &Parameters) -> Result<(), ApiError> {
    let version = query
        .get("version")
        .ok_or_else(|| ApiError::required("version"))?;
    if version == VERSION {
        Ok(())
    } else {
        Err(ErrorType::NotFound.into())
    }
}

fn group_named<'a>(
    state: &'a State,
    query: &Parameters,
    name: &str,
) -> Result<&'a Group, ApiError> {
    let text = query.get(name).ok_or_else(|| ApiError::required(name))?;
    let id: i64 = text
        .parse()
        .map_err(|_| ApiError::invalid(name, "must be a number"))?;
    find_group(state, id)
}

fn find_group(state: &State, id: i64) -> Result<&Group, ApiError> {
    let group = state
        .organization
        .groups
        .iter()
        .find(|group| group.id == id);
    group.ok_or_else(|| ErrorType::GroupNotFound.into())
}

/// `list_group_statuses`: of all groups, or of some. A group that isn't there is left out.
pub fn list_group_statuses(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body {
        groups_status: BTreeMap<i64, &'static str>,
    }
    call.arguments.allow(&["all", "group_ids"])?;
    let all = call.arguments.boolean("all")?;
    let some = call.arguments.integers("group_ids", 200)?;
    if all.is_none() && some.is_none() {
        return Err(call.arguments.invalid("all", "or `group_ids` is required"));
    }
    let wanted = |id: i64| all == Some(true) || some.as_ref().is_some_and(|ids| ids.contains(&id));
    let groups = state
        .organization
        .groups
        .iter()
        .map(|group| group.id)
        .filter(|id| wanted(*id));
    let status = |id| {
        if state.organization.is_online(id) {
            "online"
        } else {
            "offline"
        }
    };
    let groups_status = groups.map(|id| (id, status(id))).collect();
    Ok(Response::json(200, &Body { groups_status }))
}

/// `get_predicted_agent`: with whom the customer would chat.
pub fn get_predicted_agent(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        agent: AgentView<'a>,
        queue: bool,
    }
    call.arguments.allow(&[])?;
    let agent = AgentView::new(predicted(state, 0)?, None);
    Ok(Response::json(
        200,
        &Body {
            agent,
            queue: false,
        },
    ))
}

/// `request_welcome_message`: the same with an id for the message, which itself would come by a push.
pub fn request_welcome_message(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        id: String,
        predicted_agent: AgentView<'a>,
        queue: bool,
    }
    call.arguments.allow(&["id", "group_id"])?;
    let given = call.arguments.string("id")?.map(str::to_owned);
    let group = call
        .arguments
        .get("group_id")
        .map_or(Some(0), Value::as_i64);
    let group = group.ok_or_else(|| call.arguments.invalid("group_id", "must be a number"))?;
    find_group(state, group)?;
    let id = given.unwrap_or_else(|| state.random.uuid());
    let predicted_agent = AgentView::new(predicted(state, group)?, None);
    Ok(Response::json(
        200,
        &Body {
            id,
            predicted_agent,
            queue: false,
        },
    ))
}

/// The available agent of a group who has the fewest chats.
fn predicted(state: &State, group: i64) -> Result<&Account, ApiError> {
    let accounts = state.organization.accounts.iter().map(Arc::as_ref);
    let free = accounts.filter(|account| account.is_available() && account.is_in(&[group]));
    let agent = free.min_by_key(|account| state.chats.active_chats_of(&account.email));
    agent.ok_or_else(|| ErrorType::GroupOffline.into())
}

/// `get_form`: the form to fill in before a chat. There is none for afterwards.
pub fn get_form(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["group_id", "type"])?;
    let group = call.arguments.get("group_id");
    let group = group
        .ok_or_else(|| call.arguments.missing("group_id"))?
        .as_i64();
    let group = group.ok_or_else(|| call.arguments.invalid("group_id", "must be a number"))?;
    let kind = call.arguments.required("type")?;
    if !["prechat", "postchat"].contains(&kind) {
        return Err(call
            .arguments
            .invalid("type", "must be `prechat` or `postchat`"));
    }
    find_group(state, group)?;
    if kind == "postchat" {
        return Ok(Response::json(200, &json!({ "enabled": false })));
    }
    let form = prechat_form(&state.organization.groups);
    Ok(Response::json(
        200,
        &json!({ "form": form, "enabled": true }),
    ))
}

fn prechat_form(groups: &[Group]) -> Value {
    let options = groups.iter().enumerate().map(|(index, group)| {
        json!({ "id": index.to_string(), "group_id": group.id, "label": group.name })
    });
    json!({
        "id": "157986144052005549",
        "fields": [
            { "id": "157986144052003238", "type": "header", "label": "Please fill in this form." },
            { "id": "157986144052008371", "type": "name", "label": "Name:", "required": false },
            { "id": "157986144052005782", "type": "email", "label": "E-mail:", "required": false },
            {
                "id": "157986144052009331",
                "type": "group_chooser",
                "label": "Choose a department:",
                "required": true,
                "options": options.collect::<Vec<_>>(),
            },
        ],
    })
}

/// `get_url_info`. The sandbox goes nowhere, so all that it knows of an address is the address.
pub fn get_url_info(call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["url"])?;
    let text = call.arguments.required("url")?;
    let url = url::Url::parse(text).ok();
    let host = url.as_ref().and_then(url::Url::host_str);
    let host = host.ok_or_else(|| call.arguments.invalid("url", "must be an address"))?;
    Ok(Response::json(
        200,
        &json!({ "title": host, "description": "", "url": text }),
    ))
}

/// `check_goals`. There are no goals, so none is ever achieved.
pub fn check_goals(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments
        .allow(&["session_fields", "group_id", "page_url"])?;
    call.arguments.required("page_url")?;
    if call.arguments.get("session_fields").is_none() {
        return Err(call.arguments.missing("session_fields"));
    }
    Profile::read(call.arguments, &["group_id", "page_url"])?;
    let group = call.arguments.get("group_id");
    let group = group
        .ok_or_else(|| call.arguments.missing("group_id"))?
        .as_i64();
    find_group(
        state,
        group.ok_or_else(|| call.arguments.invalid("group_id", "must be a number"))?,
    )?;
    Ok(Response::empty())
}

/// `accept_greeting`. There are no greetings.
pub fn accept_greeting(call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["greeting_id", "unique_id"])?;
    let id = call.arguments.get("greeting_id");
    if id
        .ok_or_else(|| call.arguments.missing("greeting_id"))?
        .as_i64()
        .is_none()
    {
        return Err(call.arguments.invalid("greeting_id", "must be a number"));
    }
    cancel(call)
}

/// `cancel_greeting`. There are no greetings.
pub fn cancel_greeting(call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["unique_id"])?;
    cancel(call)
}

fn cancel(call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.required("unique_id")?;
    Err(ErrorType::GreetingNotFound.into())
}
