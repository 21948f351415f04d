//! Which request goes where, and what is answered to one that never became whole.

use serde_json::json;

use super::faults::Fault;
use super::oauth::{OauthError, Refusal};
use super::state::State;
use super::web_api::{ApiError, ErrorType, Target, Version};
use super::wire::{Request, Response, address};
use super::{accounts, admin, agent_chat, configuration, customer_chat, customers};

/// Why a request is not handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The body is longer than the limit.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// The body ended early or its transfer encoding is broken.
    BrokenBody,
    /// The handler failed; a bug of ours.
    Panicked,
}

/// Answers a request.
pub fn handle(state: &mut State, request: &Request) -> Response {
    state.clock.tick();
    if let Some(path) = request.path.strip_prefix("/_admin")
        && (path.is_empty() || path.starts_with('/'))
    {
        return admin::handle(state, request, path);
    }
    let fault = state.faults.take(&request.path);
    let failure = fault.as_ref().and_then(|fault| fail(state, request, fault));
    let mut response = failure.unwrap_or_else(|| route(state, request));
    if let Some(fault) = fault {
        response.delivery = fault.delivery();
    }
    let debug_id = state.random.uuid();
    response.with("x-debug-id", debug_id)
}

fn route(state: &mut State, request: &Request) -> Response {
    if let Some(target) = Target::of(&request.path) {
        return match target.version(request) {
            Ok(version) => {
                let answer = web_api(state, request, &target, version);
                version.mark(answer.unwrap_or_else(ApiError::into_response))
            }
            Err(error) => error.into_response(),
        };
    }
    if customers::owns(&request.path) {
        return customers::handle(state, request);
    }
    accounts::handle(state, request)
}

fn web_api(
    state: &mut State,
    request: &Request,
    target: &Target<'_>,
    version: Version,
) -> Result<Response, ApiError> {
    match target.api {
        "agent" => agent_chat::handle(state, request, version, target.action),
        "configuration" => configuration::handle(state, request, target.action),
        "customer" => customer_chat::handle(state, request, target.action),
        _ => Err(ErrorType::NotFound.into()),
    }
}

/// The error that a fault asks for, in the manner of the API that the request is for.
fn fail(state: &mut State, request: &Request, fault: &Fault) -> Option<Response> {
    let name = fault.error.as_deref()?;
    if Target::of(&request.path).is_some() {
        let kind = ErrorType::from_name(name).unwrap_or(ErrorType::Internal);
        let error = ApiError::from(kind);
        return Some(match &fault.region {
            Some(region) => error.with_data(json!({ "region": region })).into_response(),
            None => error.into_response(),
        });
    }
    let error = OauthError::from_code(name).unwrap_or(OauthError::ServerError);
    if request.path == "/" {
        let page = format!("{}/ooops", state.base_url);
        let location = address(&page, &[("oauth_exception", error.code())]);
        return Some(Response::redirect(&location));
    }
    Some(refuse(state, request, error, error.status()))
}

/// Answers a request that is not handled, in the manner of the API that it was meant for.
pub fn reject(state: &mut State, request: &Request, rejection: Rejection) -> Response {
    let status = match rejection {
        Rejection::TooLarge => 413,
        Rejection::TooSlow => 408,
        Rejection::BrokenBody => 400,
        Rejection::Panicked => 500,
    };
    let response = if Target::of(&request.path).is_some() {
        let kind = match rejection {
            Rejection::TooLarge => ErrorType::EntityTooLarge,
            Rejection::TooSlow => ErrorType::RequestTimeout,
            Rejection::BrokenBody => ErrorType::InvalidMessage,
            Rejection::Panicked => ErrorType::Internal,
        };
        ApiError::from(kind).into_response()
    } else {
        let failed = rejection == Rejection::Panicked;
        let error = if failed {
            OauthError::ServerError
        } else {
            OauthError::InvalidRequest
        };
        refuse(state, request, error, status)
    };
    let debug_id = state.random.uuid();
    Response { status, ..response }.with("x-debug-id", debug_id)
}

/// A refusal of the authorization system, in the form of the part of it that the request is for.
fn refuse(state: &mut State, request: &Request, error: OauthError, status: u16) -> Response {
    let refusal = Refusal::from(error);
    if customers::owns(&request.path) || request.path == "/token" {
        return refusal.into_exception(status);
    }
    refusal.into_response(&mut state.random)
}
