//! The versions of the Web APIs, and how a request says which one it means.

use super::error::{ApiError, ErrorType};
use crate::sandbox::livechat::wire::{Request, Response};

/// When the legacy stage of 3.5 ends. The real day isn't documented; only that it is told.
const LEGACY_UNTIL: &str = "2027-08-07";

/// When the deprecation of 3.4 ends.
const DEPRECATED_UNTIL: &str = "2027-02-07";

/// A version that is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// Deprecated.
    V3_4,
    /// Legacy.
    V3_5,
    /// Stable.
    V3_6,
    /// A developer preview.
    V3_7,
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "3.4" => Some(Self::V3_4),
            "3.5" => Some(Self::V3_5),
            "3.6" => Some(Self::V3_6),
            "3.7" => Some(Self::V3_7),
            _ => None,
        }
    }

    /// The response with the header that tells until when its version is served.
    pub fn mark(self, response: Response) -> Response {
        match self {
            Self::V3_4 => response.with("deprecation", DEPRECATED_UNTIL.to_owned()),
            Self::V3_5 => response.with("legacy", LEGACY_UNTIL.to_owned()),
            Self::V3_6 | Self::V3_7 => response,
        }
    }
}

/// What a path of the Web APIs addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    version: Option<&'a str>,
    /// `agent`, `customer`, `configuration`, or what else stands there.
    pub api: &'a str,
    /// `list_chats` …
    pub action: &'a str,
}

impl<'a> Target<'a> {
    /// Reads `/v3.6/agent/action/list_chats`, or the same without a version.
    pub fn of(path: &'a str) -> Option<Self> {
        let (before, action) = path.strip_prefix('/')?.split_once("/action/")?;
        let (version, api) = match before.split_once('/') {
            Some((version, api)) => (Some(version.strip_prefix('v')?), api),
            None => (None, before),
        };
        Some(Self {
            version,
            api,
            action,
        })
    }

    /// The version in the path or in `X-API-Version`. Where both are given they must agree.
    ///
    /// # Errors
    /// With `unsupported_version` if there is none, or none that is served.
    pub fn version(&self, request: &Request) -> Result<Version, ApiError> {
        let in_header = request.header("x-api-version");
        let named = match (self.version, in_header) {
            (Some(path), Some(header)) if path != header => None,
            (path, header) => path.or(header),
        };
        named
            .and_then(Version::parse)
            .ok_or_else(|| ErrorType::UnsupportedVersion.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_into_version_api_and_action() {
        let target = Target::of("/v3.6/agent/action/list_chats").unwrap();
        assert_eq!(
            (target.version, target.api, target.action),
            (Some("3.6"), "agent", "list_chats")
        );
        let target = Target::of("/agent/action/list_chats").unwrap();
        assert_eq!((target.version, target.api), (None, "agent"));
        for other in [
            "/v2/token",
            "/v3.6/agent",
            "/3.6/agent/action/list_chats",
            "/",
        ] {
            assert_eq!(Target::of(other), None, "{other}");
        }
    }

    #[test]
    fn the_version_is_in_the_path_or_in_the_header() {
        let version = |path: &str, header: Option<&str>| {
            let mut request = Request::new("POST", path, "");
            if let Some(value) = header {
                request.push_header("x-api-version", value);
            }
            Target::of(path).unwrap().version(&request).ok()
        };
        assert_eq!(version("/v3.4/agent/action/x", None), Some(Version::V3_4));
        assert_eq!(version("/agent/action/x", Some("3.7")), Some(Version::V3_7));
        assert_eq!(
            version("/v3.5/agent/action/x", Some("3.5")),
            Some(Version::V3_5)
        );
        assert_eq!(version("/v3.5/agent/action/x", Some("3.6")), None);
        assert_eq!(version("/agent/action/x", None), None);
        assert_eq!(version("/v3.3/agent/action/x", None), None);
    }
}
