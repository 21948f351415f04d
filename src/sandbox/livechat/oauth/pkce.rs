//! PKCE (RFC 7636): code verifiers, code challenges and whether they belong together.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// How a challenge was made from its verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The challenge is the verifier.
    Plain,
    /// The challenge is the base64url of the verifier's SHA-256.
    S256,
}

impl Method {
    /// Reads `plain` or `S256` in any case (the documents spell it `s256`, the SDK `S256`).
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "plain" => Some(Self::Plain),
            "s256" => Some(Self::S256),
            _ => None,
        }
    }
}

/// What an authorize request said about the verifier that will come.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// How it was made.
    pub method: Method,
    /// The challenge itself.
    pub value: String,
}

impl Challenge {
    /// Whether `verifier` is the one that this challenge was made from.
    pub fn accepts(&self, verifier: &str) -> bool {
        match self.method {
            Method::Plain => self.value == verifier,
            Method::S256 => self.value == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
        }
    }

    /// Whether the challenge is what the vendor's accounts-sdk 2.1 makes of `verifier` for S256: base64url of
    /// the hash's eight words in decimal, joined by commas, instead of its bytes.
    pub fn is_miscomputed_from(&self, verifier: &str) -> bool {
        let hash: [u8; 32] = Sha256::digest(verifier).into();
        let words = hash
            .chunks_exact(4)
            .filter_map(|word| Some(i32::from_be_bytes(word.try_into().ok()?)));
        let list = words
            .map(|word| word.to_string())
            .collect::<Vec<_>>()
            .join(",");
        self.method == Method::S256 && self.value == URL_SAFE_NO_PAD.encode(list)
    }
}

/// Whether a verifier or challenge has 43 to 128 unreserved characters.
pub fn is_well_formed(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    #[test]
    fn the_example_of_rfc_7636_appendix_b_is_accepted() {
        let value = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned();
        let challenge = Challenge {
            method: Method::S256,
            value,
        };
        assert!(challenge.accepts(VERIFIER));
        assert!(!challenge.accepts(&VERIFIER.replace('d', "e")));
    }

    #[test]
    fn a_plain_challenge_is_its_verifier() {
        let challenge = Challenge {
            method: Method::Plain,
            value: VERIFIER.to_owned(),
        };
        assert!(challenge.accepts(VERIFIER));
        assert!(!challenge.accepts("other"));
    }

    #[test]
    fn the_vendors_wrong_challenge_is_recognised() {
        let value = "MzMyNjAzMDMwLDQzNzk2NzA4NCw3OTAwMTYyNjgsMTI4NTA0MTY3MiwxOTkwNzUyNDI5LDE4NDQ1MjgyMTQsMTg2MDI3NDUwNiwtODgxNzg4NDc3".to_owned();
        let challenge = Challenge {
            method: Method::S256,
            value,
        };
        assert!(challenge.is_miscomputed_from(VERIFIER) && !challenge.accepts(VERIFIER));
        assert!(!challenge.is_miscomputed_from("other"));
    }

    #[test]
    fn verifiers_have_43_to_128_unreserved_characters() {
        assert!(is_well_formed(VERIFIER));
        assert!(is_well_formed(&"~".repeat(128)));
        assert!(!is_well_formed(&"a".repeat(42)));
        assert!(!is_well_formed(&"a".repeat(129)));
        assert!(!is_well_formed(&"+".repeat(43)));
    }

    #[test]
    fn methods_are_read_in_any_case() {
        assert_eq!(Method::parse("s256"), Some(Method::S256));
        assert_eq!(Method::parse("Plain"), Some(Method::Plain));
        assert_eq!(Method::parse("S512"), None);
    }
}
