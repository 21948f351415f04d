//! The authorize address: sends the browser back to the app, to the error page, or shows the page on which
//! the user logs in or is asked. Who made the app is asked only by `prompt=consent`, or if the app always asks.

use std::ops::ControlFlow;

use super::approve::approve;
use super::pages;
use super::wish::{Exception, Wish};
use crate::sandbox::livechat::oauth::{App, Consent, OauthError, Refusal};
use crate::sandbox::livechat::organization::{Refused, Session};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Parameters, Request, Response, address};

/// Answers an authorize request, or shows the login page if an authentication error led here.
pub fn handle(state: &mut State, request: &Request) -> Response {
    let Ok(parameters) = Parameters::of_query(request) else {
        return error_page(state, &OauthError::InvalidRequest.into());
    };
    if let Some(code) = parameters.get("identity_exception") {
        return pages::login(&state.organization.accounts, "", Some(code));
    }
    let outcome = consider(state, &parameters, &request.query);
    outcome.unwrap_or_else(|exception| error_page(state, &exception))
}

/// Shows the page on which the user allows an app what it asks for.
pub fn ask(state: &mut State, request: &Request) -> Response {
    let parameters = Parameters::of_query(request).unwrap_or_default();
    match Wish::read(state, &parameters) {
        Ok(wish) => consent_page(state, &wish, &request.query),
        Err(exception) => error_page(state, &exception),
    }
}

/// Takes the user's answer: `decision` is `allow` or `cancel`, `request` the query of the authorize request.
///
/// # Errors
/// If the form is not the one of the consent page.
pub fn answer(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let form = Parameters::of(request)?;
    let query = form
        .get("request")
        .ok_or_else(|| Refusal::field("request", "is required"))?;
    let allowed = match form.get("decision") {
        Some("allow") => true,
        Some("cancel") => false,
        Some(_) => return Err(Refusal::field("decision", "must be allow or cancel")),
        None => return Err(Refusal::field("decision", "is required")),
    };
    let parameters = Parameters::of_query(&Request::new("GET", "/", query))?;
    let outcome = decide(state, &parameters, query, allowed);
    Ok(outcome.unwrap_or_else(|exception| error_page(state, &exception)))
}

fn consider(
    state: &mut State,
    parameters: &Parameters,
    query: &str,
) -> Result<Response, Exception> {
    let wish = Wish::read(state, parameters)?;
    let session = match who(state, &wish, query)? {
        ControlFlow::Continue(session) => session,
        ControlFlow::Break(page) => return Ok(page),
    };
    let app = &state.apps[&wish.client_id];
    if wish.asks || app.always_asks {
        return Ok(consent_page(state, &wish, query));
    }
    if app.asks(&session.account_id) {
        match state.consents.get(&wish.client_id, &session.account_id) {
            Some(Consent::Rejected) => return Err(OauthError::MissingGrant.into()),
            Some(Consent::Given(scopes)) if scopes.cover_all(&app.scopes) => {}
            Some(Consent::Given(_)) | None => return Ok(consent_page(state, &wish, query)),
        }
    }
    let given = Consent::Given(app.scopes.clone());
    state
        .consents
        .set(&wish.client_id, &session.account_id, given);
    approve(state, wish, &session).map(|location| Response::redirect(&location))
}

fn decide(
    state: &mut State,
    parameters: &Parameters,
    query: &str,
    allowed: bool,
) -> Result<Response, Exception> {
    let wish = Wish::read(state, parameters)?;
    // Between the page and its answer somebody may have logged out, or in.
    let session = match who(state, &wish, query)? {
        ControlFlow::Continue(session) => session,
        ControlFlow::Break(page) => return Ok(page),
    };
    let scopes = state.apps[&wish.client_id].scopes.clone();
    let answer = if allowed {
        Consent::Given(scopes)
    } else {
        Consent::Rejected
    };
    state
        .consents
        .set(&wish.client_id, &session.account_id, answer);
    if !allowed {
        return Err(OauthError::AccessDenied.into());
    }
    approve(state, wish, &session).map(|location| Response::redirect(&location))
}

/// The session of the user who may give the app what it asks for, or the page on which another logs in.
fn who(
    state: &State,
    wish: &Wish,
    query: &str,
) -> Result<ControlFlow<Response, Session>, Exception> {
    let login = || pages::login(&state.organization.accounts, query, None);
    let session = match state.identity.current() {
        Err(refused) => return Ok(ControlFlow::Break(to_login(&state.base_url, refused))),
        Ok(None) => return Ok(ControlFlow::Break(login())),
        Ok(Some(session)) => session,
    };
    let app = &state.apps[&wish.client_id];
    if app.author != session.account_id && !app.installed && !app.public {
        // Not theirs and not installed: only another account can go on.
        return Ok(ControlFlow::Break(login()));
    }
    check_role(state, wish, session)?;
    Ok(ControlFlow::Continue(session.clone()))
}

/// An agent cannot give what only an administrator has.
fn check_role(state: &State, wish: &Wish, session: &Session) -> Result<(), Exception> {
    let account = state.organization.account(&session.account_id);
    if account.is_some_and(|account| account.role >= wish.scopes.least_role()) {
        return Ok(());
    }
    Err(OauthError::InvalidScope.into())
}

fn consent_page(state: &State, wish: &Wish, query: &str) -> Response {
    let app: &App = &state.apps[&wish.client_id];
    pages::consent(&app.name, &wish.scopes, query)
}

fn to_login(base_url: &str, refused: &Refused) -> Response {
    let mut parameters = vec![("identity_exception", refused.exception.code())];
    if let Some(account_id) = &refused.account_id {
        parameters.push(("entity_id", account_id));
    }
    Response::redirect(&address(&format!("{base_url}/"), &parameters))
}

fn error_page(state: &State, exception: &Exception) -> Response {
    let mut parameters = vec![("oauth_exception", exception.error.code())];
    if let Some(details) = exception.details {
        parameters.push(("exception_details", details));
    }
    Response::redirect(&address(&format!("{}/ooops", state.base_url), &parameters))
}
