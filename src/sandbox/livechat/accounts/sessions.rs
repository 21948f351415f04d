//! The sessions of an account, as `/v2/sessions` lists and closes them.

use serde::Serialize;

use super::inspect::bearer;
use crate::sandbox::livechat::oauth::{AccessToken, OauthError, Refusal};
use crate::sandbox::livechat::organization::Role;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Request, Response};

/// Lists the account's sessions and the apps that hold tokens of them.
///
/// # Errors
/// Without an access token or the scope `sessions--my:ro`.
pub fn list(state: &State, request: &Request) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Body<'a> {
        account_id: &'a str,
        session_id: &'a str,
        current: bool,
        user_agent: &'a str,
        identity_source: &'a str,
        ip: &'a str,
        applications: Vec<Application<'a>>,
    }
    #[derive(Serialize)]
    struct Application<'a> {
        name: &'a str,
        client_id: &'a str,
        session_id: &'a str,
    }
    let token = authorized(state, request, "sessions--my:ro")?;
    let sessions = state.identity.sessions_of(&token.grant.account_id);
    let bodies = sessions.map(|session| {
        let clients = state.tokens.clients_of(&session.id);
        let apps = clients.iter().filter_map(|id| state.apps.get(id));
        Body {
            account_id: &session.account_id,
            session_id: &session.id,
            current: token.grant.session_id.as_ref() == Some(&session.id),
            user_agent: &session.user_agent,
            identity_source: "credentials",
            ip: "127.0.0.1",
            applications: apps
                .map(|app| Application {
                    name: &app.name,
                    client_id: &app.client_id,
                    session_id: &session.id,
                })
                .collect(),
        }
    });
    Ok(Response::json(200, &bodies.collect::<Vec<_>>()))
}

/// Closes all sessions of the account and revokes their tokens, the one that asks among them.
///
/// # Errors
/// Without an access token or the scope `sessions--my:rw`.
pub fn remove_all(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let account_id = authorized(state, request, "sessions--my:rw")?
        .grant
        .account_id
        .clone();
    let sessions = state.identity.sessions_of(&account_id);
    for id in sessions
        .map(|session| session.id.clone())
        .collect::<Vec<_>>()
    {
        close(state, &id);
    }
    Ok(Response::empty())
}

/// Closes one session of the account and revokes its tokens.
///
/// # Errors
/// Without an access token or the scope `sessions--my:rw`, or if the account has no such session.
pub fn remove(state: &mut State, request: &Request, id: &str) -> Result<Response, Refusal> {
    let account_id = authorized(state, request, "sessions--my:rw")?
        .grant
        .account_id
        .clone();
    if !state
        .identity
        .sessions_of(&account_id)
        .any(|session| session.id == id)
    {
        return Err(Refusal::not_found("session", id));
    }
    close(state, id);
    Ok(Response::empty())
}

fn close(state: &mut State, session_id: &str) {
    state.identity.remove(session_id);
    state
        .tokens
        .revoke_where(|grant| grant.session_id.as_deref() == Some(session_id));
}

/// The access token of a request; a personal access token belongs to no session.
fn authorized<'a>(
    state: &'a State,
    request: &Request,
    scope: &str,
) -> Result<&'a AccessToken, Refusal> {
    let token = bearer(request).and_then(|value| state.tokens.access(value));
    let token = token.filter(|token| state.clock.now() < token.expires_at);
    let token = token.ok_or(OauthError::Unauthorized)?;
    let account = state.organization.account(&token.grant.account_id);
    let role = account.map_or(Role::Normal, |account| account.role);
    if token.grant.scopes.allow(scope, role) {
        Ok(token)
    } else {
        Err(Refusal::insufficient_scope())
    }
}
