//! The error envelope of the Web APIs: `{"error":{"type":…,"message":…}}`, and the types that it can carry.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use crate::sandbox::livechat::wire::Response;

/// A type of error. Statuses other than 401 and 429 are our choice, the documents have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorType {
    /// The token is missing, wrong, expired or of another API.
    Authentication,
    /// The token lacks a scope, or its agent a role or a place in the chat.
    Authorization,
    /// The agent has no access to the chat or the group.
    MissingAccess,
    /// The body is no JSON object.
    InvalidMessage,
    /// A field is missing or wrong.
    Validation,
    /// There is no such thing.
    NotFound,
    /// The HTTP method is not for this address.
    NotAllowed,
    /// The chat has no open thread.
    ChatInactive,
    /// There would be too many of something.
    LimitReached,
    /// Nobody can take the chat.
    AgentOffline,
    /// There is no such group.
    GroupNotFound,
    /// Nobody of the group accepts chats.
    GroupOffline,
    /// Nobody of all groups accepts chats.
    GroupsOffline,
    /// The group is online, but nobody is free.
    GroupUnavailable,
    /// There is no such greeting.
    GreetingNotFound,
    /// The customer is banned.
    CustomerBanned,
    /// The chat was anonymized.
    ChatAnonymized,
    /// There is such a thing already.
    AlreadyExists,
    /// The body or the file is too large.
    EntityTooLarge,
    /// The token is used too often.
    TooManyRequests,
    /// The organization is in another region.
    MisdirectedRequest,
    /// The version is not served.
    UnsupportedVersion,
    /// The license has ended.
    LicenseExpired,
    /// There is no such license.
    LicenseNotFound,
    /// The license is of an older product.
    WrongProductVersion,
    /// The request took too long.
    RequestTimeout,
    /// New requests are not taken for now.
    ServiceUnavailable,
    /// The server failed.
    Internal,
}

/// Each type with its name, its status, and the message that goes with it in general.
const FACTS: &[(ErrorType, &str, u16, &str)] = &[
    (
        ErrorType::Authentication,
        "authentication",
        401,
        "Invalid access token",
    ),
    (
        ErrorType::Authorization,
        "authorization",
        403,
        "Authorization error",
    ),
    (
        ErrorType::MissingAccess,
        "missing_access",
        403,
        "Missing access",
    ),
    (
        ErrorType::InvalidMessage,
        "validation",
        400,
        "Invalid message",
    ),
    (
        ErrorType::Validation,
        "validation",
        422,
        "Wrong format of request",
    ),
    (ErrorType::NotFound, "not_found", 404, "Not found"),
    (ErrorType::NotAllowed, "not_allowed", 405, "Not allowed"),
    (
        ErrorType::ChatInactive,
        "chat_inactive",
        422,
        "Chat is inactive",
    ),
    (
        ErrorType::LimitReached,
        "limit_reached",
        422,
        "Limit reached",
    ),
    (
        ErrorType::AgentOffline,
        "agent_offline",
        422,
        "Agent offline",
    ),
    (
        ErrorType::GroupNotFound,
        "group_not_found",
        404,
        "Group not found",
    ),
    (
        ErrorType::GroupOffline,
        "group_offline",
        422,
        "Group is offline",
    ),
    (
        ErrorType::GroupsOffline,
        "groups_offline",
        422,
        "Groups offline",
    ),
    (
        ErrorType::GroupUnavailable,
        "group_unavailable",
        422,
        "No agent available for group",
    ),
    (
        ErrorType::GreetingNotFound,
        "greeting_not_found",
        404,
        "Greeting not found",
    ),
    (
        ErrorType::CustomerBanned,
        "customer_banned",
        403,
        "Customer is banned",
    ),
    (
        ErrorType::ChatAnonymized,
        "chat_anonymized",
        422,
        "Chat anonymized",
    ),
    (
        ErrorType::AlreadyExists,
        "already_exists",
        409,
        "Already exists",
    ),
    (
        ErrorType::EntityTooLarge,
        "entity_too_large",
        413,
        "Upload limit exceeded (10MB).",
    ),
    (
        ErrorType::TooManyRequests,
        "too_many_requests",
        429,
        "Too many requests",
    ),
    (
        ErrorType::MisdirectedRequest,
        "misdirected_request",
        421,
        "Wrong region",
    ),
    (
        ErrorType::UnsupportedVersion,
        "unsupported_version",
        400,
        "Cannot call unsupported API versions.",
    ),
    (
        ErrorType::LicenseExpired,
        "license_expired",
        403,
        "License expired",
    ),
    (
        ErrorType::LicenseNotFound,
        "license_not_found",
        404,
        "License not found",
    ),
    (
        ErrorType::WrongProductVersion,
        "wrong_product_version",
        403,
        "Wrong product version",
    ),
    (
        ErrorType::RequestTimeout,
        "request_timeout",
        504,
        "Request timed out",
    ),
    (
        ErrorType::ServiceUnavailable,
        "service_unavailable",
        503,
        "Service unavailable",
    ),
    (
        ErrorType::Internal,
        "internal",
        500,
        "Internal server error",
    ),
];

impl ErrorType {
    /// The type whose name is `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        FACTS
            .iter()
            .find(|(_, known, ..)| *known == name)
            .map(|(kind, ..)| *kind)
    }

    fn facts(self) -> (&'static str, u16, &'static str) {
        let row = FACTS.iter().find(|(kind, ..)| *kind == self);
        row.map(|(_, name, status, message)| (*name, *status, *message))
            .expect("the table has every type")
    }
}

/// A refusal of a Web API.
#[derive(Clone, Debug)]
pub struct ApiError {
    /// The type.
    pub kind: ErrorType,
    message: Cow<'static, str>,
    data: Option<Value>,
}

impl ApiError {
    /// An error with a message of its own.
    pub fn new(kind: ErrorType, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            message: message.into(),
            data: None,
        }
    }

    /// A field that is missing.
    pub fn required(field: &str) -> Self {
        Self::new(ErrorType::Validation, format!("`{field}` is required"))
    }

    /// A field with something wrong about it; `problem` is such as `must be a string`.
    pub fn invalid(field: &str, problem: &str) -> Self {
        Self::new(ErrorType::Validation, format!("`{field}` {problem}"))
    }

    /// The error with something more about it.
    #[must_use]
    pub fn with_data(self, data: Value) -> Self {
        Self {
            data: Some(data),
            ..self
        }
    }

    /// The response that carries it.
    pub fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Envelope<'a> {
            error: Body<'a>,
        }
        #[derive(Serialize)]
        struct Body<'a> {
            #[serde(rename = "type")]
            kind: &'a str,
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            data: Option<&'a Value>,
        }
        let (kind, status, _) = self.kind.facts();
        let body = Body {
            kind,
            message: &self.message,
            data: self.data.as_ref(),
        };
        let response = Response::json(status, &Envelope { error: body });
        match self.kind {
            ErrorType::NotAllowed => response.with("allow", "POST".to_owned()),
            ErrorType::TooManyRequests => response.with("retry-after", "1".to_owned()),
            _ => response,
        }
    }
}

impl From<ErrorType> for ApiError {
    fn from(kind: ErrorType) -> Self {
        Self::new(kind, kind.facts().2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_its_row() {
        for (kind, name, ..) in FACTS {
            assert_eq!(kind.facts().0, *name);
        }
        assert_eq!(
            ErrorType::from_name("chat_inactive"),
            Some(ErrorType::ChatInactive)
        );
        assert_eq!(ErrorType::from_name("nonsense"), None);
    }
}
