//! What a run can tell of a request that makes a cause likely. A catalogue names facts under
//! `when`; the run finds out which hold.

use super::catalogue::Catalogue;

/// Facts that hold for any API, and what each says.
pub const FACTS: [(&str, &str); 14] = [
    (
        REQUEST_NOT_JSON,
        "the body that was sent is not JSON, nor an upload",
    ),
    (
        CLIENT_ID_DIFFERS,
        "`client_id` is another one than in the authorize request of this run",
    ),
    (
        CODE_FOR_WEB_APP,
        "`response_type=code` without PKCE, for an app that the run knows no secret of",
    ),
    (
        CODE_USED_BEFORE,
        "the authorization code was exchanged before in this run",
    ),
    (
        NO_CLIENT_SECRET,
        "a token was asked for with neither `client_secret` nor `code_verifier`",
    ),
    (NO_TOKEN, "no `Authorization` was sent"),
    (
        PAT_AS_BEARER,
        "a personal access token was sent as a Bearer token",
    ),
    (
        PERCENT_ENCODED_CODE,
        "the authorization code that was sent holds `%3A`",
    ),
    (PERCENT_ENCODED_TOKEN, "the token that was sent holds `%3A`"),
    (
        REDIRECT_URI_DIFFERS,
        "`redirect_uri` is another one than in the authorize request of this run",
    ),
    (
        REDIRECT_URI_SLASH,
        "the same, but only a slash at its end makes the difference",
    ),
    (
        TOKEN_CUT_OFF,
        "the token that was sent is a part of one that the run has seen",
    ),
    (TOKEN_EXPIRED, "the token that was sent had expired"),
    (
        TOKEN_FOR_SERVER_APP,
        "`response_type=token` for an app that the run knows the secret of",
    ),
];

/// The body is not JSON.
pub const REQUEST_NOT_JSON: &str = "request-not-json";
/// Another client id than in the authorize request.
pub const CLIENT_ID_DIFFERS: &str = "client-id-differs";
/// A code for an app without a secret.
pub const CODE_FOR_WEB_APP: &str = "code-for-web-app";
/// A code that was exchanged.
pub const CODE_USED_BEFORE: &str = "code-used-before";
/// A token request without a secret.
pub const NO_CLIENT_SECRET: &str = "no-client-secret";
/// No credentials.
pub const NO_TOKEN: &str = "no-token";
/// A personal access token as Bearer.
pub const PAT_AS_BEARER: &str = "pat-as-bearer";
/// A code that is still encoded.
pub const PERCENT_ENCODED_CODE: &str = "percent-encoded-code";
/// A token that is still encoded.
pub const PERCENT_ENCODED_TOKEN: &str = "percent-encoded-token";
/// Another redirect URI than in the authorize request.
pub const REDIRECT_URI_DIFFERS: &str = "redirect-uri-differs";
/// The redirect URI with or without its last slash.
pub const REDIRECT_URI_SLASH: &str = "redirect-uri-slash";
/// A part of a token.
pub const TOKEN_CUT_OFF: &str = "token-cut-off";
/// A token beyond its time.
pub const TOKEN_EXPIRED: &str = "token-expired";
/// A token for an app with a secret.
pub const TOKEN_FOR_SERVER_APP: &str = "token-for-server-app";

/// A token of one kind went where another is taken.
pub fn token_for(sent: &str, taken: &str) -> String {
    format!("{sent}-token-for-{taken}")
}

/// Basic credentials went where a token of a kind is taken.
pub fn basic_for(taken: &str) -> String {
    format!("basic-for-{taken}")
}

/// A token of a kind that had expired.
pub fn expired(kind: &str) -> String {
    format!("{kind}-token-expired")
}

/// Every fact that an entry of a catalogue may name: those of any API, and those of its tokens.
pub fn known(catalogue: &Catalogue) -> Vec<String> {
    let mut known: Vec<String> = FACTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    for (kind, _) in &catalogue.tokens {
        known.push(basic_for(&kind.value));
        known.push(expired(&kind.value));
        let others = catalogue.tokens.iter();
        let others = others.filter(|(other, _)| other.value != kind.value);
        known.extend(others.map(|(other, _)| token_for(&kind.value, &other.value)));
    }
    known
}
