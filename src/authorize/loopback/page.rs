//! What the browser shows: what happened, and that the window can be closed. Nothing is loaded from
//! anywhere, and all that came from outside is escaped.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// A page of the listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    /// The answer came.
    Received,
    /// The server refused: the parameter, its value, and its explanation in words.
    Refused(String, String, Option<String>),
    /// The answer belongs to another request.
    OtherState,
    /// The answer may be in the fragment, which only a script can see: it sends it.
    Fragment,
    /// An answer came already.
    Second,
    /// It was not the browser that was sent here.
    Foreign,
    /// The request can't be served: a status.
    Unserved(u16),
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;margin:4rem auto;max-width:34rem;\
padding:0 1rem;color-scheme:light dark}h1{font-size:1.4rem}code{overflow-wrap:anywhere}";

/// Sends the fragment, takes it out of the address and shows what comes back.
const SCRIPT: &str = r#"
const say = (text) => { document.querySelector("p").textContent = text; };
const fragment = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
if (fragment === "") {
  say("This address carries no answer. Go back to the window that lcrun opened, or run the step again.");
} else {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  fetch(location.pathname, { method: "POST", headers, body: fragment })
    .then((response) => response.text())
    .then((text) => {
      const page = new DOMParser().parseFromString(text, "text/html");
      document.title = page.title;
      document.querySelector("main").replaceWith(page.querySelector("main"));
    })
    .catch(() => say("lcrun does not listen any more. Run the step again."));
}
"#;

impl Page {
    /// The status code.
    pub(super) fn status(&self) -> u16 {
        match self {
            Page::Received | Page::Refused(..) | Page::Fragment => 200,
            Page::OtherState => 400,
            Page::Second => 410,
            Page::Foreign => 403,
            Page::Unserved(status) => *status,
        }
    }

    /// The words behind the status code (RFC 9110 §15).
    pub(super) fn reason(&self) -> &'static str {
        match self.status() {
            200 => "OK",
            400 => "Bad Request",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            410 => "Gone",
            411 => "Length Required",
            413 => "Content Too Large",
            431 => "Request Header Fields Too Large",
            _ => "",
        }
    }

    /// Its own style, and its own script if it has one; nothing else, and no frame around it.
    pub(super) fn content_security_policy(&self) -> String {
        let mut policy = format!(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             style-src '{}'",
            hash(STYLE)
        );
        if *self == Page::Fragment {
            policy.push_str("; connect-src 'self'; script-src '");
            policy.push_str(&hash(SCRIPT));
            policy.push('\'');
        }
        policy
    }

    /// The document.
    pub(super) fn html(&self) -> String {
        let (title, text) = self.words();
        let script = if *self == Page::Fragment {
            format!(
                "<noscript><p>The answer is in the fragment of this address, which only a script can read. Copy \
                 the address, and run lcrun with <code>--authorize paste</code>.</p></noscript>\n\
                 <script>{SCRIPT}</script>\n"
            )
        } else {
            String::new()
        };
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>lcrun: {title}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{text}</p>\n</main>\n\
             {script}</body>\n</html>\n"
        )
    }

    /// The heading and a paragraph of HTML.
    fn words(&self) -> (&'static str, String) {
        match self {
            Page::Received => (
                "The answer has come",
                "lcrun goes on in the terminal. You can close this window.".to_owned(),
            ),
            Page::Refused(parameter, value, description) => {
                let mut text = format!(
                    "The server refused: <code>{}={}</code>.",
                    escape(parameter),
                    escape(value)
                );
                if let Some(description) = description {
                    text.extend([" It says: ", &escape(description), "."]);
                }
                text.push_str(" The terminal says more. You can close this window.");
                ("The authorization was refused", text)
            }
            Page::OtherState => (
                "This answer belongs to another request",
                "Its <code>state</code> is not the one that lcrun sent, so it was not used. Close this window \
                 and run the step again."
                    .to_owned(),
            ),
            Page::Fragment => ("One moment", "lcrun takes the answer.".to_owned()),
            Page::Second => (
                "An answer has come already",
                "lcrun takes one answer, and this one was not used. You can close this window.".to_owned(),
            ),
            Page::Foreign => (
                "Not from here",
                "lcrun takes an answer only from the browser window that the server sent here.".to_owned(),
            ),
            Page::Unserved(_) => (
                "There is nothing here",
                "lcrun waits for the answer of an authorization, and for nothing else.".to_owned(),
            ),
        }
    }
}

/// A source expression that allows exactly this text (CSP Level 3 §2.3.1).
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// A text as HTML shows it as it is.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_from_outside_is_escaped() {
        let page = Page::Refused(
            "error".to_owned(),
            "<script>alert('a')</script>".to_owned(),
            Some("\"x\" & <y>".to_owned()),
        );
        let html = page.html();
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(&#39;a&#39;)"));
        assert!(html.contains("&quot;x&quot; &amp; &lt;y&gt;"));
    }

    #[test]
    fn a_script_is_allowed_only_where_there_is_one() {
        assert!(
            Page::Fragment
                .content_security_policy()
                .contains("script-src 'sha256-")
        );
        assert!(
            !Page::Received
                .content_security_policy()
                .contains("script-src")
        );
        assert!(!Page::Received.html().contains("<script"));
    }
}
