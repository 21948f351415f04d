//! The ways to a customer's token: an agent's app acts for the customer, a browser remembers its cookies,
//! or an identity comes from another device.

use std::time::Duration;

use serde::Serialize;

use super::cookies;
use crate::sandbox::livechat::accounts::bearer;
use crate::sandbox::livechat::chats::Customer;
use crate::sandbox::livechat::oauth::{
    ACCESS_LIFETIME, App, CustomerToken, OauthError, Refusal, redirect_uri,
};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Parameters, Request, Response};

/// At which address a token is asked for.
pub struct Asked {
    /// The group whose customer it is; none if customers are the same in all.
    pub group_id: Option<i64>,
    /// Where cookies are sent back to.
    pub cookie_path: String,
    /// The parameter that names the organization.
    organization: &'static str,
}

impl Asked {
    /// The first version, which knows the organization by its license.
    pub fn first() -> Self {
        Self {
            group_id: None,
            cookie_path: "/customer".to_owned(),
            organization: "license_id",
        }
    }

    /// The second version.
    pub fn second() -> Self {
        let cookie_path = "/v2/customer".to_owned();
        Self {
            group_id: None,
            cookie_path,
            organization: "organization_id",
        }
    }

    /// The second version for one group. Its cookies are apart from those of the others.
    pub fn in_group(organization_id: &str, group_id: i64) -> Self {
        let cookie_path = format!("/v2/customer/{organization_id}/{group_id}");
        Self {
            group_id: Some(group_id),
            cookie_path,
            ..Self::second()
        }
    }
}

/// What a client gets.
#[derive(Serialize)]
pub struct CustomerTokenBody<'a> {
    pub access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<&'a str>,
    pub entity_id: &'a str,
    pub expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<&'a str>,
    pub token_type: &'static str,
}

/// Answers a request for a token.
///
/// # Errors
/// With the first check that fails.
pub fn handle(state: &mut State, request: &Request, asked: &Asked) -> Result<Response, Refusal> {
    let parameters = Parameters::of(request)?;
    match parameters.get("grant_type") {
        None => Err(Refusal::field("grant_type", "is required")),
        Some("agent_token") => agent_token(state, request, &parameters, asked),
        Some("cookie") => cookie(state, request, &parameters, asked),
        Some("identity_token") => identity_token(state, &parameters),
        Some(_) => Err(OauthError::UnsupportedGrantType.into()),
    }
}

/// Answers a request to `/customer/`, which knows only the grant by an agent's token.
///
/// # Errors
/// With the first check that fails.
pub fn renew(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let parameters = Parameters::of(request)?;
    if parameters.get("response_type").is_none() {
        return Err(Refusal::field("response_type", "is required"));
    }
    agent_token(state, request, &parameters, &Asked::first())
}

/// An agent's app makes a customer, or gets a new token for one that it made.
fn agent_token(
    state: &mut State,
    request: &Request,
    parameters: &Parameters,
    asked: &Asked,
) -> Result<Response, Refusal> {
    let app = app_of(state, parameters)?;
    check_agent(state, request, &app.client_id)?;
    if parameters
        .get("response_type")
        .is_some_and(|kind| kind != "token")
    {
        return Err(OauthError::InvalidRequest.into());
    }
    let uri = parameters.get("redirect_uri");
    if uri.is_some_and(|uri| !redirect_uri::is_allowed(&app.redirect_uris, uri)) {
        return Err(OauthError::UnauthorizedClient.into());
    }
    if parameters.get(asked.organization).is_some() {
        check_organization(state, parameters, asked)?;
    }
    let lifetime = lifetime_of(parameters)?;
    let client_id = app.client_id.clone();
    let entity_id = match parameters.get("entity_id") {
        Some(id) => {
            let known = state.chats.customer(id);
            let known = known.filter(|customer| customer.group_id == asked.group_id);
            known.ok_or(OauthError::ResourceNotFound)?.id.clone()
        }
        None => new_customer(state, asked.group_id),
    };
    let issued = issue(state, client_id, entity_id, lifetime)?;
    Ok(issued.respond(state, true, true))
}

/// A browser is the customer that its cookies say, or a new one.
fn cookie(
    state: &mut State,
    request: &Request,
    parameters: &Parameters,
    asked: &Asked,
) -> Result<Response, Refusal> {
    let app = app_of(state, parameters)?;
    check_organization(state, parameters, asked)?;
    let origin = parameters
        .get("redirect_uri")
        .or_else(|| request.header("origin"));
    let allowed = origin.is_some_and(|uri| redirect_uri::is_allowed(&app.redirect_uris, uri));
    if !allowed {
        return Err(OauthError::UnauthorizedClient.into());
    }
    let lifetime = lifetime_of(parameters)?;
    let client_id = app.client_id.clone();
    let known = cookies::recognise(state, request, asked.group_id);
    let entity_id = known.unwrap_or_else(|| new_customer(state, asked.group_id));
    let issued = issue(state, client_id, entity_id.clone(), lifetime)?;
    let response = issued.respond(state, false, true);
    Ok(cookies::remember(
        state,
        response,
        &entity_id,
        &asked.cookie_path,
    ))
}

/// A device becomes the customer that an identity transfer token was made for.
fn identity_token(state: &mut State, parameters: &Parameters) -> Result<Response, Refusal> {
    let client_id = app_of(state, parameters)?.client_id.clone();
    let value = parameters
        .get("code")
        .ok_or_else(|| Refusal::field("code", "is required"))?;
    let transfer = state.transfers.get(value, state.clock.now());
    let transfer = transfer.ok_or(OauthError::InvalidGrant)?;
    if transfer.client_id != client_id {
        return Err(OauthError::InvalidClient.into());
    }
    if let Some(challenge) = &transfer.challenge {
        let verifier = parameters.get("code_verifier");
        let verifier = verifier.ok_or_else(|| Refusal::field("code_verifier", "is required"))?;
        if !challenge.accepts(verifier) {
            return Err(OauthError::InvalidGrant.into());
        }
    }
    let entity_id = transfer.customer_id.clone();
    let lifetime = lifetime_of(parameters)?;
    state.transfers.consume(value);
    let issued = issue(state, client_id, entity_id, lifetime)?;
    Ok(issued.respond(state, true, false))
}

/// The app that the parameters name.
///
/// # Errors
/// If there is none.
pub fn app_of<'a>(state: &'a State, parameters: &Parameters) -> Result<&'a App, Refusal> {
    let app = parameters
        .get("client_id")
        .and_then(|id| state.apps.get(id));
    app.ok_or_else(|| OauthError::UnauthorizedClient.into())
}

/// Makes sure that an agent's token of this very app is there, and may create customers.
/// A personal access token is of no app.
///
/// # Errors
/// If it isn't there or may not.
pub fn check_agent(state: &State, request: &Request, client_id: &str) -> Result<(), Refusal> {
    let token = bearer(request).and_then(|value| state.tokens.access(value));
    let token = token.filter(|token| state.clock.now() < token.expires_at);
    let token = token.filter(|token| token.grant.client_id.as_deref() == Some(client_id));
    let grant = &token.ok_or(OauthError::UnauthorizedClient)?.grant;
    let account = state.organization.account(&grant.account_id);
    let account = account.ok_or(OauthError::UnauthorizedClient)?;
    if grant.scopes.allow("customers:own", account.role) {
        return Ok(());
    }
    Err(OauthError::AccessDenied.into())
}

fn check_organization(
    state: &State,
    parameters: &Parameters,
    asked: &Asked,
) -> Result<(), Refusal> {
    let given = parameters.get(asked.organization);
    let given = given.ok_or_else(|| Refusal::field(asked.organization, "is required"))?;
    let license_id = state.organization.license_id.to_string();
    let expected = if asked.organization == "license_id" {
        &license_id
    } else {
        &state.organization.id
    };
    if given == expected {
        Ok(())
    } else {
        Err(OauthError::InvalidRequest.into())
    }
}

/// How long the token shall live: as long as all, or less if that is asked for.
fn lifetime_of(parameters: &Parameters) -> Result<Duration, Refusal> {
    let Some(text) = parameters.get("expires_in") else {
        return Ok(ACCESS_LIFETIME);
    };
    let seconds = text.parse().map(Duration::from_secs);
    match seconds {
        Ok(lifetime) if !lifetime.is_zero() && lifetime <= ACCESS_LIFETIME => Ok(lifetime),
        _ => Err(Refusal::field(
            "expires_in",
            "must be a number between 1 and 28800",
        )),
    }
}

fn new_customer(state: &mut State, group_id: Option<i64>) -> String {
    let id = state.random.uuid();
    let customer = Customer::unknown(id.clone(), state.clock.now(), group_id);
    state.chats.insert_customer(customer);
    id
}

/// A token that was just made.
struct Issued {
    access_token: String,
    client_id: String,
    entity_id: String,
    lifetime: Duration,
}

impl Issued {
    fn respond(&self, state: &State, tells_client: bool, tells_organization: bool) -> Response {
        let body = CustomerTokenBody {
            access_token: &self.access_token,
            client_id: tells_client.then_some(self.client_id.as_str()),
            entity_id: &self.entity_id,
            expires_in: self.lifetime.as_secs(),
            organization_id: tells_organization.then_some(state.organization.id.as_str()),
            token_type: "Bearer",
        };
        Response::json(200, &body).with("cache-control", "no-store".to_owned())
    }
}

fn issue(
    state: &mut State,
    client_id: String,
    entity_id: String,
    lifetime: Duration,
) -> Result<Issued, Refusal> {
    let now = state.clock.now();
    let customer = state
        .chats
        .customer(&entity_id)
        .ok_or(OauthError::ResourceNotFound)?;
    if customer.is_banned(now) {
        return Err(OauthError::AccessDenied.into());
    }
    let access_token = state.regional_token();
    let token = CustomerToken {
        client_id: client_id.clone(),
        entity_id: entity_id.clone(),
        expires_at: now.plus(lifetime),
    };
    state.customer_tokens.insert(access_token.clone(), token);
    Ok(Issued {
        access_token,
        client_id,
        entity_id,
        lifetime,
    })
}
