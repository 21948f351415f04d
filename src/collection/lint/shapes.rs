//! What placeholders, tokens and credentials look like.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

/// A sample that somebody should have replaced: `YOUR_CODE_HERE`, `<your_access_token>`.
pub fn placeholder(text: &str) -> Option<Range<usize>> {
    in_brackets(text).or_else(|| word(text))
}

/// `<your_access-token>`, `<CLIENT_ID_HERE>`, `<…>`, but no markup.
fn in_brackets(text: &str) -> Option<Range<usize>> {
    let whole = text.trim();
    let mut from = 0;
    while let Some(open) = text[from..].find('<').map(|at| from + at) {
        let close = open + text[open..].find('>')?;
        let name = &text[open + 1..close];
        let range = open..close + 1;
        let is_whole = text[range.clone()] == *whole;
        let has_end = text[close..].contains(&format!("</{name}>"));
        if !has_end && is_sample_name(name, is_whole) {
            return Some(range);
        }
        from = open + 1;
    }
    None
}

fn is_sample_name(name: &str, is_whole: bool) -> bool {
    if matches!(name, "…" | "...") {
        return is_whole;
    }
    let fits = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' '));
    let lower = name.to_ascii_lowercase();
    let is_upper = name.chars().all(|c| !c.is_ascii_lowercase());
    fits && (lower.starts_with("your") || is_upper && name.len() > 2 || name.contains('_'))
        && (is_whole || lower.starts_with("your") || name.contains(['_', '-']))
}

/// `YOUR_CODE_HERE`, `CLIENT_ID_HERE`, `CHANGE_ME`, and `your_code` where it is all.
fn word(text: &str) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let mut at = 0;
    for word in text.split(|c| !is_part(c)) {
        let start = at;
        at += word.len()
            + text[at + word.len()..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        let plain = word.replace('-', "_");
        let is_upper = !word.contains(|c: char| c.is_ascii_lowercase());
        let sample = is_upper
            && (plain.starts_with("YOUR_") && plain.len() > 5
                || plain.ends_with("_HERE")
                || matches!(&*plain, "CHANGE_ME" | "CHANGEME" | "REPLACE_ME"));
        let lower = plain.starts_with("your_") && word == text.trim();
        if sample || lower && plain.len() > 5 {
            return Some(start..start + word.len());
        }
    }
    None
}

/// A colon that is still percent-encoded, once or more often: `%3A`, `%253a`.
pub(super) fn encoded_colon(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let start = bytes.windows(3).position(|three| {
        three[0] == b'%' && (three[1..].eq_ignore_ascii_case(b"3A") || &three[1..] == b"25")
    })?;
    let mut end = start + 1;
    while bytes[end..].starts_with(b"25") {
        end += 2;
    }
    let rest = bytes.get(end..end + 2)?;
    rest.eq_ignore_ascii_case(b"3A").then_some(start..end + 2)
}

/// A token or code of LiveChat's whose colon is percent-encoded: `dal%3A…`.
pub(super) fn encoded_token(text: &str) -> Option<Range<usize>> {
    let range = encoded_colon(text)?;
    let (region, token) = (&text[..range.start], &text[range.end..]);
    (is_region(region) && token.len() >= 16 && token.chars().all(is_base64url)).then_some(range)
}

fn is_region(text: &str) -> bool {
    (2..=16).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_base64url(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// What the console shows for HTTP Basic: an account's id with its personal access token, plain or
/// in base64.
pub(super) fn is_basic_pair(text: &str) -> bool {
    let is_pair = |text: &str| {
        let pair = text.split_once(':');
        pair.is_some_and(|(id, token)| uuid::Uuid::parse_str(id).is_ok() && !token.is_empty())
    };
    // An account's id alone fills 48 characters.
    if is_pair(text) || text.len() < 48 {
        return is_pair(text);
    }
    let decoded = STANDARD
        .decode(text)
        .or_else(|_| STANDARD_NO_PAD.decode(text));
    decoded.is_ok_and(|bytes| std::str::from_utf8(&bytes).is_ok_and(is_pair))
}

/// What a name such as `pat`, `agent_pat` or `personal_access_token` holds.
pub fn is_pat_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower == "pat" || lower.ends_with("_pat") || lower.ends_with("personal_access_token")
}

/// The beginnings of credentials that many services give out.
const PREFIXES: [(&str, usize); 12] = [
    ("ghp_", 30),
    ("gho_", 30),
    ("ghs_", 30),
    ("github_pat_", 30),
    ("glpat-", 16),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("sk_live_", 16),
    ("rk_live_", 16),
    ("AKIA", 16),
    ("AIza", 30),
    ("npm_", 30),
];

/// Whether a text is a credential by its looks, whatever it is called.
pub(super) fn is_credential(text: &str) -> bool {
    let text = text.trim();
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return true;
    }
    let known = PREFIXES.iter().any(|(prefix, least)| {
        let rest = text.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.len() >= *least && rest.chars().all(is_base64url))
    });
    known || is_jwt(text) || is_regional_token(text)
}

/// `eyJ….….…` (RFC 7519).
fn is_jwt(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    text.starts_with("eyJ")
        && parts.len() == 3
        && parts
            .iter()
            .all(|part| part.len() >= 8 && part.chars().all(is_base64url))
}

/// `dal:` and at least 20 characters that no word has all of.
fn is_regional_token(text: &str) -> bool {
    let Some((region, token)) = text.split_once(':') else {
        return false;
    };
    let has = |kind: fn(&char) -> bool| token.chars().any(|c| kind(&c));
    is_region(region)
        && token.len() >= 20
        && token.chars().all(is_base64url)
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_of_the_documents_are_placeholders() {
        for text in [
            "<your_access-token>",
            "<your_access_token>",
            "<your_personal_access_token>",
            "<customer_access_token>",
            "<ACCESS_TOKEN>",
            "<CLIENT_ID_HERE>",
            "YOUR_CODE_HERE",
            "your-client-id",
            "<YOUR CODE>",
            "<…>",
            "CHANGE_ME",
        ] {
            assert_eq!(placeholder(text), Some(0..text.len()), "{text}");
        }
        let inside = "Bearer <your_access_token>!";
        assert_eq!(&inside[placeholder(inside).unwrap()], "<your_access_token>");
        let url = "https://a/?code=YOUR_CODE_HERE&x=1";
        assert_eq!(&url[placeholder(url).unwrap()], "YOUR_CODE_HERE");
    }

    #[test]
    fn markup_and_prose_are_no_placeholders() {
        for text in [
            "",
            "<p>Hello</p>",
            "<br>",
            "<first_name>Ann</first_name>",
            "a < b > c",
            "Look at your_name here",
            "HERE",
            "your",
            "<",
            "Ω <b> ż",
            "<?xml version='1'?>",
            "{{ your_token }}x",
        ] {
            assert_eq!(placeholder(text), None, "{text}");
        }
    }

    #[test]
    fn an_encoded_colon_is_found_however_often_it_was_encoded() {
        assert_eq!(encoded_colon("dal%3Ak0FT"), Some(3..6));
        assert_eq!(encoded_colon("dal%253ak0FT"), Some(3..8));
        for text in ["", "%", "%3", "%25", "%2520", "dal:k0FT", "100% sure"] {
            assert_eq!(encoded_colon(text), None, "{text}");
        }
        assert!(encoded_token("dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4").is_some());
        assert!(encoded_token("https%3A//example.com").is_none());
    }

    #[test]
    fn the_pair_that_the_console_shows_is_known_plain_and_in_base64() {
        let pair = "0c2a5b9e-6d0b-4f0e-9a39-0f6c3d6f9a11:dal:abc";
        assert!(is_basic_pair(pair));
        assert!(is_basic_pair(&STANDARD.encode(pair)));
        for text in ["", "dal:abc", "0c2a5b9e-6d0b-4f0e-9a39-0f6c3d6f9a11", "x:y"] {
            assert!(!is_basic_pair(text), "{text}");
        }
    }

    #[test]
    fn credentials_are_known_by_their_looks() {
        assert!(is_credential("dal:A420efTzSm2CcqIybW4NLyghoWI"));
        assert!(is_credential("eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF2Q"));
        assert!(is_credential("AKIAIOSFODNN7EXAMPLE"));
        for text in [
            "dal:nobody",
            "http://localhost:8080",
            "a:b",
            "eyJ.a.b",
            "chats--all:ro",
        ] {
            assert!(!is_credential(text), "{text}");
        }
    }
}
