//! Where the browser ended, and what the answer in its address says.

use url::Url;

/// Where the browser ended: the address whose query or fragment carries the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// The whole address.
    pub url: Url,
}

/// The parameters by which a server says that it refuses (RFC 6749 §4.1.2.1; `livechat.md` §2.5).
const REFUSALS: [&str; 3] = ["error", "oauth_exception", "identity_exception"];

/// The parameters by which a server says yes (RFC 6749 §4.1.2 and §4.2.2).
const GRANTS: [&str; 3] = ["code", "access_token", "id_token"];

/// How the `state` of an answer compares with the one that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateCheck {
    /// It is the same, or none was sent.
    Same,
    /// The answer has none, or an empty one.
    Missing,
    /// It is another one: the answer belongs to another request.
    Other,
}

impl Landing {
    /// The refusal that the address carries: the parameter and its value.
    pub fn refusal(&self) -> Option<(String, String)> {
        self.parameters()
            .find(|(name, _)| REFUSALS.contains(&&**name))
    }

    /// Whether the address carries any answer: a code, a token or a refusal.
    pub fn is_answer(&self) -> bool {
        self.parameters()
            .any(|(name, _)| GRANTS.contains(&&*name) || REFUSALS.contains(&&*name))
    }

    /// The value of a parameter in the query or, as the implicit grant has it, in the fragment.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// Compares the `state` of the answer with the one that was sent (RFC 6749 §10.12).
    pub fn state(&self, sent: Option<&str>) -> StateCheck {
        let Some(sent) = sent else {
            return StateCheck::Same;
        };
        match self.parameter("state").as_deref() {
            Some(came) if came == sent => StateCheck::Same,
            None | Some("") => StateCheck::Missing,
            Some(_) => StateCheck::Other,
        }
    }

    /// Whether the address is the redirect URI of the request, whatever its query.
    pub fn is_at(&self, redirect_uri: &str) -> bool {
        Url::parse(redirect_uri).is_ok_and(|asked| {
            asked.scheme() == self.url.scheme()
                && asked.host() == self.url.host()
                && asked.port_or_known_default() == self.url.port_or_known_default()
                && self.url.path().starts_with(asked.path())
        })
    }

    fn parameters(&self) -> impl Iterator<Item = (String, String)> {
        let fragment = self.url.fragment().unwrap_or_default();
        self.url
            .query_pairs()
            .chain(url::form_urlencoded::parse(fragment.as_bytes()))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn landing(url: &str) -> Landing {
        Landing {
            url: Url::parse(url).unwrap(),
        }
    }

    #[test]
    fn the_address_of_the_tutorial_carries_a_code_that_is_decoded_once() {
        let landed = landing(
            "https://www.livechat.com/hello-again/?code=dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4&state=",
        );
        assert_eq!(
            landed.parameter("code").as_deref(),
            Some("dal:k0FTiZgtBkTLnzXlatwt6Fgvpp4")
        );
        assert_eq!(landed.refusal(), None);
        assert!(landed.is_at("https://www.livechat.com/"));
        assert!(!landed.is_at("https://livechat.com/"));
    }

    #[test]
    fn a_refusal_is_found_in_the_query_and_in_the_fragment() {
        let query = landing("https://accounts.livechat.com/ooops?oauth_exception=invalid_request");
        let refusal = ("oauth_exception".to_owned(), "invalid_request".to_owned());
        assert_eq!(query.refusal(), Some(refusal));
        let fragment = landing("https://my-application.com/#error=access_denied");
        assert_eq!(fragment.refusal().unwrap().1, "access_denied");
    }

    #[test]
    fn a_state_is_compared_only_where_one_was_sent() {
        let check = |query: &str, sent| landing(&format!("https://a.example/?{query}")).state(sent);
        assert_eq!(check("code=1", None), StateCheck::Same);
        assert_eq!(check("code=1&state=s", Some("s")), StateCheck::Same);
        assert_eq!(check("code=1", Some("s")), StateCheck::Missing);
        assert_eq!(check("code=1&state=", Some("s")), StateCheck::Missing);
        assert_eq!(check("code=1&state=t", Some("s")), StateCheck::Other);
    }
}
