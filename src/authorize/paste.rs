//! What a person pastes: the address that the browser ended on, its query, or the code alone.

use percent_encoding::percent_decode_str;
use thiserror::Error;
use url::{Url, form_urlencoded};

use super::Landing;

/// What was asked for, as far as it says how a pasted text is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The address that was to be opened.
    pub address: &'a Url,
    /// Where the answer was to go; the place of an answer that was pasted without one.
    pub redirect_uri: Option<&'a str>,
}

/// Why a pasted text is no answer; says what to paste instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unusable {
    /// Nothing was pasted.
    #[error("nothing was pasted")]
    Nothing,
    /// It is the address that was to be opened.
    #[error("this is the address to open: paste the one that the browser shows afterwards")]
    ToBeOpened,
    /// It carries neither a code nor a token nor a refusal.
    #[error(
        "this carries neither a code nor a token: paste all of the address, with what comes after its `?` or `#`"
    )]
    NoAnswer,
}

/// Where an answer is put that was pasted without a place, and whose redirect URI is not known
/// (RFC 2606 §2).
const NOWHERE: &str = "https://redirect.invalid/";

/// What is put around an address in mails and chats.
const WRAPPERS: [char; 5] = ['<', '>', '"', '\'', '`'];

/// Reads a pasted text; line breaks and blanks in it are not part of any address.
///
/// # Errors
/// If it is no answer.
pub fn read(text: &str, asked: Asked<'_>) -> Result<Landing, Unusable> {
    let joined: String = text.split_whitespace().collect();
    let text = joined.trim_matches(WRAPPERS);
    if text.is_empty() {
        return Err(Unusable::Nothing);
    }
    let landing = match Url::parse(text) {
        Ok(url) if text.contains("://") => Landing { url },
        _ => asked.part(text).ok_or(Unusable::NoAnswer)?,
    };
    if landing.is_answer() {
        Ok(landing)
    } else if landing.parameter("response_type").is_some() {
        Err(Unusable::ToBeOpened)
    } else {
        Err(Unusable::NoAnswer)
    }
}

impl Asked<'_> {
    /// A part of an address at the redirect URI.
    fn part(&self, text: &str) -> Option<Landing> {
        if let Some(begin) = text.find(['?', '#']) {
            return self.at(&text[begin..]);
        }
        let mark = if self.wants_token() { '#' } else { '?' };
        let as_pairs = self.at(&format!("{mark}{text}"))?;
        if as_pairs.is_answer() || text.contains('&') {
            return Some(as_pairs);
        }
        let decoded = percent_decode_str(text).decode_utf8().ok()?;
        let name = if self.wants_token() {
            "access_token"
        } else {
            "code"
        };
        let pair = form_urlencoded::Serializer::new(String::new())
            .append_pair(name, &decoded)
            .finish();
        self.at(&format!("{mark}{pair}"))
    }

    fn at(&self, answer: &str) -> Option<Landing> {
        let mut place = self
            .redirect_uri
            .and_then(|uri| Url::parse(uri).ok())
            .or_else(|| Url::parse(NOWHERE).ok())?;
        place.set_query(None);
        place.set_fragment(None);
        let url = Url::parse(&format!("{place}{answer}")).ok()?;
        Some(Landing { url })
    }

    /// Whether the token itself was asked for, which comes in the fragment (RFC 6749 §4.2).
    fn wants_token(&self) -> bool {
        let mut pairs = self.address.query_pairs();
        pairs.any(|(name, value)| name == "response_type" && value == "token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &str =
        "https://www.livechat.com/hello-again/?code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4&state=";

    const CODE: &str = "dal:k0FTiZgtBkTLnzXlatwt6Fgvpp4";

    fn read_for(response_type: &str, text: &str) -> Result<Landing, Unusable> {
        let address = format!("https://accounts.livechat.com/?response_type={response_type}");
        let asked = Asked {
            address: &Url::parse(&address).unwrap(),
            redirect_uri: Some("https://www.livechat.com/"),
        };
        read(text, asked)
    }

    #[test]
    fn the_code_is_found_in_whatever_part_of_the_address_was_pasted() {
        for text in [
            SEED,
            "  https://www.livechat.com/hello-again/?code=dal%3Ak0FTiZg\n  tBkTLnzXlatwt6Fgvpp4&state=\n",
            "<https://www.livechat.com/hello-again/?code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4>",
            "www.livechat.com/hello-again/?code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4&state=",
            "/hello-again/?code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4&state=",
            "?code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4&state=",
            "code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4&state=",
            "state=&code=dal:k0FTiZgtBkTLnzXlatwt6Fgvpp4",
            "dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4",
            CODE,
        ] {
            let landing = read_for("code", text).unwrap();
            assert_eq!(landing.parameter("code").as_deref(), Some(CODE), "{text}");
        }
        let landing = read_for("code", SEED).unwrap();
        assert_eq!(landing.url.as_str(), SEED);
    }

    #[test]
    fn a_code_is_decoded_once_and_may_hold_any_character_of_base64() {
        let code = |text: &str| read_for("code", text).unwrap().parameter("code").unwrap();
        assert_eq!(code("a%252Bb"), "a%2Bb");
        assert_eq!(code("4/0AX4+abc/d=="), "4/0AX4+abc/d==");
    }

    #[test]
    fn a_token_stands_in_the_fragment() {
        for text in [
            "https://my-application.com/#access_token=dal%3Aabc&token_type=Bearer",
            "#access_token=dal%3Aabc&token_type=Bearer",
            "access_token=dal%3Aabc&token_type=Bearer",
            "dal%3Aabc",
            "dal:abc",
        ] {
            let landing = read_for("token", text).unwrap();
            assert!(landing.url.fragment().is_some(), "{text}");
            assert_eq!(
                landing.parameter("access_token").as_deref(),
                Some("dal:abc")
            );
        }
    }

    #[test]
    fn what_is_no_answer_is_told_apart() {
        let why = |text: &str| read_for("code", text).unwrap_err();
        assert_eq!(why(" \n "), Unusable::Nothing);
        assert_eq!(
            why("https://accounts.livechat.com/?response_type=code&client_id=81e8"),
            Unusable::ToBeOpened
        );
        for text in [
            "https://www.livechat.com/",
            "https://www.livechat.com/hello-again/?state=",
            "www.livechat.com/?utm_source=x",
            "state=1&x=2",
            "%FF",
        ] {
            assert_eq!(why(text), Unusable::NoAnswer, "{text}");
        }
        let refusal = read_for(
            "code",
            "https://a.example/ooops?oauth_exception=access_denied",
        );
        assert_eq!(refusal.unwrap().refusal().unwrap().1, "access_denied");
    }
}
