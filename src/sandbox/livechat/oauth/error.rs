//! The errors of the authorization system: codes, texts and statuses, and the bodies that carry them.
//! Web API errors, which look different, are in `web_api`.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::sandbox::livechat::random::Random;
use crate::sandbox::livechat::wire::{Malformed, Response};

/// An error code of the authorization server, with the texts of RFC 6749 as LiveChat publishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OauthError {
    /// A parameter is missing, invalid or repeated.
    InvalidRequest,
    /// The client is unknown, or what it presents is.
    UnauthorizedClient,
    /// More was asked for than was granted, or the user said no.
    AccessDenied,
    /// `response_type` is neither `code` nor `token`.
    UnsupportedResponseType,
    /// A scope does not exist, or the app or the agent may not have it.
    InvalidScope,
    /// The grant type is unknown or switched off.
    UnsupportedGrantType,
    /// A code or token is expired, or was issued to another client.
    InvalidGrant,
    /// A refresh token was used with the wrong client id.
    InvalidClient,
    /// The account is not authorized.
    Unauthorized,
    /// Nothing is there.
    ResourceNotFound,
    /// The server failed.
    ServerError,
    /// The user's consent is not there, or not for all that the app asks for now.
    MissingGrant,
    /// The server is overloaded.
    TemporarilyUnavailable,
    /// The client sends too much.
    TrafficBlocked,
}

impl OauthError {
    const ALL: [Self; 14] = [
        Self::InvalidRequest,
        Self::UnauthorizedClient,
        Self::AccessDenied,
        Self::UnsupportedResponseType,
        Self::InvalidScope,
        Self::UnsupportedGrantType,
        Self::InvalidGrant,
        Self::InvalidClient,
        Self::Unauthorized,
        Self::ResourceNotFound,
        Self::ServerError,
        Self::MissingGrant,
        Self::TemporarilyUnavailable,
        Self::TrafficBlocked,
    ];

    /// The error whose code is `code`.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|error| error.code() == code)
    }

    /// The code as it stands in bodies and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidClient => "invalid_client",
            Self::Unauthorized => "unauthorized",
            Self::ResourceNotFound => "resource_not_found",
            Self::ServerError => "server_error",
            Self::MissingGrant => "missing_grant",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::TrafficBlocked => "traffic_blocked",
        }
    }

    /// The text that the server returns with the code, byte for byte.
    pub fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest => {
                "The request is missing a required parameter, includes an invalid parameter value, \
                 includes a parameter more than once, or is otherwise malformed."
            }
            Self::UnauthorizedClient => {
                "The client is not authorized to request a token using this method."
            }
            Self::AccessDenied => "The resource owner or authorization server denied the request.",
            Self::UnsupportedResponseType => {
                "The authorization server does not support obtaining a token using this method."
            }
            Self::InvalidScope => {
                "The requested scope is invalid, insufficient, unknown or malformed."
            }
            Self::UnsupportedGrantType => {
                "The authorization grant type is not supported by the authorization server."
            }
            Self::InvalidGrant => {
                "The provided authorization grant (e.g., authorization code, resource owner \
                 credentials) or refresh token is invalid, expired, revoked, does not match the \
                 redirection URI used in the authorization request, or was issued to another client."
            }
            Self::InvalidClient => {
                "Client authentication failed (e.g., unknown client, no client authentication \
                 included, or unsupported authentication method)."
            }
            Self::Unauthorized => "The account is not authorized.",
            Self::ResourceNotFound => "The requested resource couldn't be found.",
            Self::ServerError => {
                "The authorization server encountered an unexpected condition that prevented it \
                 from fulfilling the request."
            }
            Self::MissingGrant => "The client is missing granted rights.",
            Self::TemporarilyUnavailable => {
                "The authorization server is currently unable to handle the request due to a \
                 temporary overloading or maintenance of the server."
            }
            Self::TrafficBlocked => "The traffic is blocked.",
        }
    }

    /// The status on `/v2/*`. The groups are published, the exact split is our choice.
    pub fn status(self) -> u16 {
        match self {
            Self::Unauthorized
            | Self::UnauthorizedClient
            | Self::InvalidClient
            | Self::InvalidGrant => 401,
            Self::AccessDenied
            | Self::UnsupportedGrantType
            | Self::InvalidScope
            | Self::MissingGrant => 403,
            Self::ResourceNotFound => 404,
            Self::InvalidRequest | Self::UnsupportedResponseType => 422,
            Self::TemporarilyUnavailable | Self::TrafficBlocked => 429,
            Self::ServerError => 500,
        }
    }
}

/// A refusal of an accounts request: an error with what the body says beside it.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The error.
    pub error: OauthError,
    sub_error: Option<&'static str>,
    invalid_fields: Vec<(String, &'static str)>,
    resource: Option<(&'static str, String)>,
}

impl Refusal {
    /// A refusal whose token lacks a scope.
    pub fn insufficient_scope() -> Self {
        Self {
            sub_error: Some("insufficient_scope"),
            ..Self::from(OauthError::AccessDenied)
        }
    }

    /// A refusal because of the field `name`; `problem` is such as `is required`.
    pub fn field(name: &str, problem: &'static str) -> Self {
        Self::from(OauthError::InvalidRequest).about(name, problem)
    }

    /// The refusal with something said about the field `name`.
    #[must_use]
    pub fn about(mut self, name: &str, problem: &'static str) -> Self {
        self.invalid_fields.push((name.to_owned(), problem));
        self
    }

    /// A refusal because the resource `id` of the kind `name` isn't there.
    pub fn not_found(name: &'static str, id: &str) -> Self {
        Self {
            resource: Some((name, id.to_owned())),
            ..Self::from(OauthError::ResourceNotFound)
        }
    }

    /// The response of the first version and of all customer endpoints.
    pub fn into_exception(self, status: u16) -> Response {
        #[derive(Serialize)]
        struct Body {
            oauth_exception: &'static str,
            exception_description: &'static str,
        }
        let oauth_exception = self.error.code();
        let exception_description = self.error.description();
        Response::json(
            status,
            &Body {
                oauth_exception,
                exception_description,
            },
        )
    }

    /// The response of the second version of the accounts API.
    pub fn into_response(self, random: &mut Random) -> Response {
        #[derive(Serialize)]
        struct Body<'a> {
            error: &'a str,
            error_description: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            sub_error: Option<&'a str>,
            #[serde(skip_serializing_if = "Map::is_empty")]
            invalid_fields: Map<String, Value>,
            #[serde(skip_serializing_if = "Option::is_none")]
            resource_name: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            resource_id: Option<&'a str>,
            request_id: String,
        }
        let resource = self.resource.as_ref();
        let invalid_fields = self.invalid_fields.into_iter();
        let invalid_fields = invalid_fields
            .map(|(name, problem)| (name, problem.into()))
            .collect();
        Response::json(
            self.error.status(),
            &Body {
                error: self.error.code(),
                error_description: self.error.description(),
                sub_error: self.sub_error,
                invalid_fields,
                resource_name: resource.map(|(name, _)| *name),
                resource_id: resource.map(|(_, id)| id.as_str()),
                request_id: random.uuid(),
            },
        )
    }
}

impl From<OauthError> for Refusal {
    fn from(error: OauthError) -> Self {
        Self {
            error,
            sub_error: None,
            invalid_fields: Vec::new(),
            resource: None,
        }
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Repeated(name) => Self::field(&name, "is repeated"),
            Malformed::Body => Self::from(OauthError::InvalidRequest),
        }
    }
}
