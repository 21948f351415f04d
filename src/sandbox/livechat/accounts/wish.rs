//! What an app asks for in an authorize request, and whether it may ask for that at all.

use crate::sandbox::livechat::oauth::pkce::{self, Challenge, Method};
use crate::sandbox::livechat::oauth::{App, AppType, OauthError, Scopes, redirect_uri};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::Parameters;

/// What a request may ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ResponseType {
    /// A code, to be exchanged.
    Code,
    /// A token, at once.
    Token,
}

/// A well-formed authorize request.
pub struct Wish {
    /// The app.
    pub client_id: String,
    /// Where the browser goes afterwards.
    pub redirect_uri: String,
    /// A code or a token.
    pub response_type: ResponseType,
    /// What the app wants to get back; empty if it sent nothing.
    pub state: String,
    /// What it wants to be allowed to do.
    pub scopes: Scopes,
    /// What the code will be exchanged with, if that was said.
    pub challenge: Option<Challenge>,
    /// Whether the user must be asked in any case.
    pub asks: bool,
}

/// An error that ends on the error page, with the details that explain it.
pub struct Exception {
    /// The error.
    pub error: OauthError,
    /// The details, for those errors that have some.
    pub details: Option<&'static str>,
}

impl Exception {
    /// An error with details.
    pub fn new(error: OauthError, details: &'static str) -> Self {
        Self {
            error,
            details: Some(details),
        }
    }
}

impl From<OauthError> for Exception {
    fn from(error: OauthError) -> Self {
        Self {
            error,
            details: None,
        }
    }
}

impl Wish {
    /// Reads an authorize request. A repeated or empty `client_id` counts as none.
    ///
    /// # Errors
    /// With what is wrong first: the app, its redirect URI, the response type, PKCE, then scopes.
    pub fn read(state: &State, parameters: &Parameters) -> Result<Self, Exception> {
        let app = parameters
            .get("client_id")
            .and_then(|id| state.apps.get(id));
        let unknown = || Exception::new(OauthError::UnauthorizedClient, "client_id_not_found");
        let app = app.ok_or_else(unknown)?;
        let redirect_uri = redirect_uri_of(app, parameters)?;
        let challenge = challenge_of(parameters)?;
        let response_type = response_type_of(app, parameters, challenge.is_some())?;
        if redirect_uri::has_custom_scheme(redirect_uri) && challenge.is_none() {
            return Err(Exception::new(
                OauthError::InvalidRequest,
                "invalid_redirect_uri",
            ));
        }
        let asks = match parameters.get("prompt") {
            None => false,
            Some("consent") => true,
            Some(_) => return Err(OauthError::InvalidRequest.into()),
        };
        Ok(Self {
            client_id: app.client_id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            response_type,
            state: parameters.get("state").unwrap_or_default().to_owned(),
            scopes: scopes_of(app, parameters)?,
            challenge,
            asks,
        })
    }
}

fn redirect_uri_of<'a>(app: &App, parameters: &'a Parameters) -> Result<&'a str, Exception> {
    if redirect_uri::entries(&app.redirect_uris).next().is_none() {
        return Err(Exception::new(
            OauthError::UnauthorizedClient,
            "redirect_uri_not_set",
        ));
    }
    let requested = parameters
        .get("redirect_uri")
        .ok_or(OauthError::InvalidRequest)?;
    if redirect_uri::is_allowed(&app.redirect_uris, requested) {
        return Ok(requested);
    }
    Err(Exception::new(
        OauthError::InvalidRequest,
        "invalid_redirect_uri",
    ))
}

fn response_type_of(
    app: &App,
    parameters: &Parameters,
    has_challenge: bool,
) -> Result<ResponseType, Exception> {
    let wanted = match parameters.get("response_type") {
        Some("code") => ResponseType::Code,
        Some("token") => ResponseType::Token,
        Some(_) => return Err(OauthError::UnsupportedResponseType.into()),
        None => return Err(OauthError::InvalidRequest.into()),
    };
    let fits = match (wanted, app.kind) {
        (ResponseType::Code, AppType::Server) => true,
        (ResponseType::Code, AppType::JavaScript) => has_challenge,
        (ResponseType::Token, kind) => kind == AppType::JavaScript,
    };
    if fits {
        Ok(wanted)
    } else {
        Err(OauthError::InvalidRequest.into())
    }
}

fn challenge_of(parameters: &Parameters) -> Result<Option<Challenge>, Exception> {
    let method = parameters.get("code_challenge_method");
    let Some(value) = parameters.get("code_challenge") else {
        // A method without a challenge is a client that believes itself protected.
        return if method.is_none() {
            Ok(None)
        } else {
            Err(OauthError::InvalidRequest.into())
        };
    };
    match method.map_or(Some(Method::Plain), Method::parse) {
        Some(method) if pkce::is_well_formed(value) => Ok(Some(Challenge {
            method,
            value: value.to_owned(),
        })),
        _ => Err(OauthError::InvalidRequest.into()),
    }
}

fn scopes_of(app: &App, parameters: &Parameters) -> Result<Scopes, Exception> {
    let Some(list) = parameters.get("scope") else {
        return Ok(app.scopes.clone());
    };
    let scopes = Scopes::parse(list).map_err(|_| Exception::from(OauthError::InvalidScope))?;
    if app.scopes.cover_all(&scopes) {
        Ok(scopes)
    } else {
        Err(OauthError::InvalidScope.into())
    }
}
