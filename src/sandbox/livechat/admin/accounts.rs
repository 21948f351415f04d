//! Makes and changes the organization's agents.

use std::sync::Arc;

use serde::Deserialize;

use super::routes::Failure;
use crate::sandbox::livechat::organization::{Account, Organization, Role, RoutingStatus};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::Response;

/// What to set; the rest stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    email: Option<String>,
    name: Option<String>,
    role: Option<Role>,
    group_ids: Option<Vec<i64>>,
    routing_status: Option<RoutingStatus>,
}

/// Lists the agents.
pub fn list(state: &State) -> Response {
    let accounts = state.organization.accounts.iter().map(Arc::as_ref);
    Response::json(200, &accounts.collect::<Vec<&Account>>())
}

/// Makes an agent of normal role in the general group, unless told otherwise. The e-mail is required.
///
/// # Errors
/// If the e-mail is missing or taken, or a group isn't there.
pub fn create(state: &mut State, settings: Settings) -> Result<Response, Failure> {
    let email = settings.email.clone();
    let email = email.ok_or_else(|| Failure::unusable("`email` is required"))?;
    let mut account = Account {
        id: state.random.uuid(),
        name: email.clone(),
        email: String::new(),
        role: Role::Normal,
        job_title: "Support Agent".to_owned(),
        avatar: "https://cdn.livechat-files.com/api/file/lc/img/avatars/agent.png".to_owned(),
        group_ids: vec![0],
        routing_status: RoutingStatus::default(),
    };
    settings.apply(&mut account, &state.organization)?;
    let response = Response::json(201, &account);
    state.organization.accounts.push(Arc::new(account));
    Ok(response)
}

/// Changes an agent.
///
/// # Errors
/// If there is none, the e-mail is taken, or a group isn't there.
pub fn change(state: &mut State, id: &str, settings: Settings) -> Result<Response, Failure> {
    let organization = &mut state.organization;
    let position = organization
        .accounts
        .iter()
        .position(|account| account.id == id);
    let position = position.ok_or_else(|| Failure::absent("account", id))?;
    let mut account = Account::clone(&organization.accounts[position]);
    settings.apply(&mut account, organization)?;
    let response = Response::json(200, &account);
    organization.accounts[position] = Arc::new(account);
    Ok(response)
}

impl Settings {
    fn apply(self, account: &mut Account, organization: &Organization) -> Result<(), Failure> {
        if let Some(id) = self
            .group_ids
            .iter()
            .flatten()
            .find(|id| !organization.has_group(**id))
        {
            return Err(Failure::unusable(format!("there is no group {id}")));
        }
        if let Some(email) = self.email {
            let taken = organization
                .agent(&email)
                .is_some_and(|other| other.id != account.id);
            if taken || !email.contains('@') {
                return Err(Failure::unusable(format!(
                    "`{email}` is taken or no e-mail"
                )));
            }
            account.email = email;
        }
        account.name = self
            .name
            .unwrap_or_else(|| std::mem::take(&mut account.name));
        account.role = self.role.unwrap_or(account.role);
        account.group_ids = self
            .group_ids
            .unwrap_or_else(|| std::mem::take(&mut account.group_ids));
        account.routing_status = self.routing_status.unwrap_or(account.routing_status);
        Ok(())
    }
}
