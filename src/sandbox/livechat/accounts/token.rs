//! The token endpoint: exchanges a code, and refreshes an access token.
//! Its checks run in the order of the Go library osin, whose errors and texts LiveChat's coincide with.

use std::sync::Arc;

use serde::Serialize;

use crate::sandbox::livechat::oauth::{
    ACCESS_LIFETIME, AccessToken, App, AppType, Code, Grant, OauthError, Refusal, Scopes, pkce,
    redirect_uri,
};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::{Parameters, Request, Response};

/// What is said of a challenge that accounts-sdk 2.1 has made.
const MISCOMPUTED: &str = "is right, but the code_challenge is not base64url(SHA-256(code_verifier)): \
    accounts-sdk 2.1 encodes the words of the hash in decimal";

/// What a client gets: its token and what that is good for.
#[derive(Serialize)]
pub struct TokenBody<'a> {
    pub access_token: &'a str,
    pub account_id: &'a str,
    pub client_id: &'a str,
    pub expires_in: u64,
    pub organization_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<&'a str>,
    pub scope: String,
    pub token_type: &'static str,
}

/// A token that was just made.
pub struct Issued {
    /// What it stands for.
    pub grant: Arc<Grant>,
    access_token: String,
    refresh_token: String,
}

impl Issued {
    /// The body that hands it out.
    pub fn body<'a>(&'a self, state: &'a State) -> TokenBody<'a> {
        TokenBody {
            access_token: &self.access_token,
            account_id: &self.grant.account_id,
            client_id: self.grant.client_id.as_deref().unwrap_or_default(),
            expires_in: ACCESS_LIFETIME.as_secs(),
            organization_id: &state.organization.id,
            refresh_token: Some(&self.refresh_token),
            scope: self.grant.scopes.to_string(),
            token_type: "Bearer",
        }
    }
}

/// Answers a request for a token.
///
/// # Errors
/// With the first check that fails.
pub fn handle(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let parameters = Parameters::of(request)?;
    let issued = issue(state, &parameters)?;
    Ok(secret(Response::json(200, &issued.body(state))))
}

/// Forbids whoever lies between to keep a response (RFC 6749 §5.1).
pub fn secret(response: Response) -> Response {
    response.with("cache-control", "no-store".to_owned())
}

/// Makes a token out of what the parameters present.
///
/// # Errors
/// With the first check that fails.
pub fn issue(state: &mut State, parameters: &Parameters) -> Result<Issued, Refusal> {
    match parameters.get("grant_type") {
        None => Err(Refusal::field("grant_type", "is required")),
        // The OpenAPI description spells it `code`.
        Some("authorization_code" | "code") => exchange(state, parameters),
        Some("refresh_token") => refresh(state, parameters),
        Some(_) => Err(OauthError::UnsupportedGrantType.into()),
    }
}

fn exchange(state: &mut State, parameters: &Parameters) -> Result<Issued, Refusal> {
    let app = app_of(state, parameters)?;
    let value = required(parameters, "code")?;
    let redirect_uri = required(parameters, "redirect_uri")?;
    check_secret(app, parameters)?;
    let code = state
        .codes
        .get(value, state.clock.now())
        .ok_or(OauthError::UnauthorizedClient)?;
    if code.grant.client_id.as_ref() != Some(&app.client_id) {
        return Err(OauthError::InvalidGrant.into());
    }
    let allowed = redirect_uri::is_allowed(&app.redirect_uris, redirect_uri);
    if !allowed || redirect_uri != code.redirect_uri {
        return Err(OauthError::UnauthorizedClient.into());
    }
    check_verifier(code, parameters)?;
    if app.kind == AppType::JavaScript && code.challenge.is_none() {
        return Err(OauthError::UnsupportedGrantType.into());
    }
    let grant = Arc::clone(&code.grant);
    state.codes.consume(value);
    let refresh_token = state.random.token();
    Ok(keep(state, grant, refresh_token))
}

fn check_verifier(code: &Code, parameters: &Parameters) -> Result<(), Refusal> {
    // A verifier for a code that was asked for without a challenge is ignored.
    let Some(challenge) = &code.challenge else {
        return Ok(());
    };
    let verifier = required(parameters, "code_verifier")?;
    if !pkce::is_well_formed(verifier) {
        return Err(Refusal::field(
            "code_verifier",
            "must be 43 to 128 unreserved characters",
        ));
    }
    if challenge.accepts(verifier) {
        return Ok(());
    }
    let refusal = Refusal::from(OauthError::InvalidGrant);
    if challenge.is_miscomputed_from(verifier) {
        return Err(refusal.about("code_verifier", MISCOMPUTED));
    }
    Err(refusal)
}

fn refresh(state: &mut State, parameters: &Parameters) -> Result<Issued, Refusal> {
    let app = app_of(state, parameters)?;
    check_secret(app, parameters)?;
    let value = required(parameters, "refresh_token")?;
    let token = state
        .tokens
        .refresh(value)
        .ok_or(OauthError::UnauthorizedClient)?;
    if token.grant.client_id.as_ref() != Some(&app.client_id) {
        return Err(OauthError::InvalidClient.into());
    }
    let grant = narrow(&token.grant, parameters.get("scope"))?;
    if !state
        .consents
        .covers(&app.client_id, &token.grant.account_id, &app.scopes)
    {
        return Err(OauthError::MissingGrant.into());
    }
    if state.clock.now() >= token.expires_at {
        return Err(OauthError::InvalidGrant.into());
    }
    let rotates = app.kind == AppType::JavaScript;
    let old_access = token.access_token.clone();
    state.tokens.forget_access(&old_access);
    if !rotates {
        return Ok(keep(state, grant, value.to_owned()));
    }
    state.tokens.forget_refresh(value);
    let refresh_token = state.random.token();
    Ok(keep(state, grant, refresh_token))
}

/// A refresh may ask for fewer scopes than were granted, never for more.
fn narrow(grant: &Arc<Grant>, scope: Option<&str>) -> Result<Arc<Grant>, Refusal> {
    let Some(list) = scope else {
        return Ok(Arc::clone(grant));
    };
    let scopes = Scopes::parse(list).map_err(|_| Refusal::insufficient_scope())?;
    if !grant.scopes.cover_all(&scopes) {
        return Err(Refusal::insufficient_scope());
    }
    Ok(Arc::new(grant.narrowed(scopes)))
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

fn check_secret(app: &App, parameters: &Parameters) -> Result<(), Refusal> {
    if app.accepts_secret(parameters.get("client_secret")) {
        return Ok(());
    }
    Err(OauthError::UnauthorizedClient.into())
}

fn required<'a>(parameters: &'a Parameters, name: &str) -> Result<&'a str, Refusal> {
    parameters
        .get(name)
        .ok_or_else(|| Refusal::field(name, "is required"))
}

fn keep(state: &mut State, grant: Arc<Grant>, refresh_token: String) -> Issued {
    let access_token = state.regional_token();
    let now = state.clock.now();
    let token = AccessToken {
        grant: Arc::clone(&grant),
        expires_at: now.plus(ACCESS_LIFETIME),
        refresh_token: Some(refresh_token.clone()),
    };
    state.tokens.insert(access_token.clone(), token, now);
    Issued {
        grant,
        access_token,
        refresh_token,
    }
}
