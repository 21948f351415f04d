//! The names whose values are secret: of variables, of header fields, of fields in bodies, forms
//! and URLs.

/// The last words of names whose values are secret.
const LAST_WORDS: [&str; 5] = ["token", "secret", "password", "verifier", "pat"];

/// The header fields that carry a secret.
const HEADERS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-api-key",
];

/// The fields of JSON, forms, queries and fragments that hold a secret.
const FIELDS: [&str; 7] = [
    "access_token",
    "refresh_token",
    "id_token",
    "identity_transfer_token",
    "client_secret",
    "code_verifier",
    "password",
];

/// Whether an input, variable, capture or environment variable of this name is secret: its last
/// word is `token`, `secret`, `password`, `verifier` or `pat`. A number behind it does not count.
///
/// Words are told apart as in `access_token`, `access-token`, `accessToken` and `ACCESS_TOKEN`.
pub fn is_secret_name(name: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || !c.is_alphanumeric());
    let is_all_upper = !name.contains(char::is_lowercase);
    let mut begin = 0;
    let mut follows_upper = false;
    let mut rest = name.chars();
    for (at, c) in name.char_indices() {
        rest.next();
        let leads_lower = rest.clone().next().is_some_and(char::is_lowercase);
        if !c.is_alphanumeric() {
            begin = at + c.len_utf8();
        } else if c.is_uppercase() && !is_all_upper && (!follows_upper || leads_lower) {
            begin = at;
        }
        follows_upper = c.is_uppercase();
    }
    let last = &name[begin..];
    LAST_WORDS
        .iter()
        .any(|word| last.eq_ignore_ascii_case(word))
}

/// Whether a header field of this name carries a secret.
pub fn is_secret_header(name: &str) -> bool {
    HEADERS
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

/// Whether a field of this name in JSON, a form, a query or a fragment holds a secret, provided
/// that its value [looks like one](is_secret_value).
pub fn is_secret_field(name: &str) -> bool {
    FIELDS.contains(&name)
}

/// Whether the value of such a field is taken for a secret: 8 characters or more and no blank, so
/// that an error text such as `is required` stays readable.
pub fn is_secret_value(value: &str) -> bool {
    value.chars().count() >= 8 && !value.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_secret_by_its_last_word() {
        for name in [
            "token",
            "access_token",
            "access-token",
            "accessToken",
            "AccessToken",
            "APIToken",
            "ACCESS_TOKEN",
            "client_secret",
            "clientSecret",
            "PASSWORD",
            "db.password",
            "code_verifier",
            "codeVerifier",
            "pat",
            "PAT",
            "agent_pat",
            "agentPAT",
            "token2",
            "token_2",
            "__token__",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "",
            "_",
            "42",
            "tokens",
            "token_type",
            "tokenType",
            "TOKEN_URL",
            "secretary",
            "format",
            "compat",
            "COMPAT",
            "spat",
            "client_id",
            "verifier_method",
            "passwords",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn headers_are_known_in_any_case_and_fields_as_the_api_writes_them() {
        assert!(is_secret_header("Authorization") && is_secret_header("SET-COOKIE"));
        assert!(is_secret_header("X-Api-Key") && !is_secret_header("X-Request-Id"));
        assert!(is_secret_field("access_token") && is_secret_field("identity_transfer_token"));
        assert!(!is_secret_field("token_type") && !is_secret_field("code"));
    }

    #[test]
    fn a_short_value_or_one_with_blanks_is_no_secret() {
        assert!(is_secret_value("dal:A420"));
        assert!(!is_secret_value("dal:A42"));
        assert!(!is_secret_value("client_secret is required"));
    }
}
