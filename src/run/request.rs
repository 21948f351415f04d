//! A request as it is written, rendered to one that can be sent.

use std::sync::Arc;

use base64::Engine as _;
use url::Url;

use super::taint::{self, SharedSecrets};
use crate::collection::merged::{Body, Merged, Overlay, Pairs};
use crate::collection::model::{Name, Text};
use crate::collection::request::{Auth, AuthorizeSpec, MAX_REDIRECTS};
use crate::diagnostic::Diagnostic;
use crate::http::message::{Headers, Request};
use crate::json::Json;
use crate::source::Span;
use crate::template::{self, Compiled, Failure, Value, ValueKind};
use crate::yaml::OneOrMany;

/// What the command line adds to every request.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `-H`: header fields that win over those of the collection.
    pub headers: Vec<(String, String)>,
    /// `-A`: the user agent, where the collection gives none.
    pub user_agent: Option<String>,
    /// `-L`: follow redirects where the collection does not say.
    pub follow_redirects: bool,
    /// `--max-redirs`: how many are followed at the most, whoever says so.
    pub max_redirects: Option<u32>,
    /// `--max-time`: how long an exchange may take, where the collection does not say.
    pub max_time: Option<std::time::Duration>,
}

/// Renders requests: everything that it needs besides the request.
pub struct Renderer<'r, 'c> {
    /// The templates, each compiled once.
    pub compiled: &'r Compiled<'c>,
    /// What templates see.
    pub scope: &'r Value,
    /// Where secrets that are about to be sent are noted.
    pub secrets: &'r SharedSecrets,
    /// What the command line adds.
    pub overrides: &'r Overrides,
}

/// Why a request could not be rendered.
pub type RenderError = Box<Failure>;

impl<'c> Renderer<'_, 'c> {
    /// Renders a request. `place` is where a missing key is blamed.
    pub fn request(&self, merged: &Merged<'c>, place: Span) -> Result<Request, RenderError> {
        let Some(url) = merged.url else {
            return Err(RenderError::from(
                Diagnostic::error("missing-key", "the request has no `url`", place)
                    .help("add `url:`, or a default for it in `defaults.request`"),
            ));
        };
        let mut url = self.url(url)?;
        self.query(&mut url, &merged.query)?;
        let mut headers = Headers::default();
        let body = self.body(merged.body.as_ref(), &mut headers)?;
        self.auth(merged.auth, &mut headers)?;
        for (name, value) in self.pairs(&merged.headers)? {
            add_header(&mut headers, name, value)?;
        }
        self.cookies(&merged.cookies, &mut headers)?;
        for (name, value) in &self.overrides.headers {
            headers.set(name, value);
        }
        if let Some(agent) = &self.overrides.user_agent
            && !headers.contains("user-agent")
        {
            headers.push("User-Agent", agent);
        }
        let method = match merged.method {
            Some(text) => self.method(text)?,
            None if body.is_some() => "POST".to_owned(),
            None => "GET".to_owned(),
        };
        let request = Request {
            method,
            url,
            headers,
            body,
            timeout: merged
                .timeout
                .map(|timeout| timeout.0)
                .or(self.overrides.max_time),
            follow_redirects: self.redirects(merged.follow_redirects),
        };
        taint::url(&mut self.secrets.lock(), &request.url, None);
        taint::headers(&mut self.secrets.lock(), &request.headers);
        Ok(request)
    }

    /// Renders the request of a browser step and the redirect URI that it asks for.
    pub fn authorize(
        &self,
        spec: &'c AuthorizeSpec,
    ) -> Result<(Request, Option<String>), RenderError> {
        let mut url = self.url(&spec.url)?;
        let query: Pairs = spec
            .query
            .iter()
            .map(|(name, values)| (name, values))
            .collect();
        self.query(&mut url, &query)?;
        taint::url(&mut self.secrets.lock(), &url, None);
        let redirect_uri = url
            .query_pairs()
            .find(|(name, _)| name == "redirect_uri")
            .map(|(_, value)| value.into_owned());
        let mut headers = Headers::default();
        headers.push("Accept", "text/html");
        let request = Request {
            method: "GET".to_owned(),
            url,
            headers,
            body: None,
            timeout: spec
                .timeout
                .map(|timeout| timeout.value.0)
                .or(self.overrides.max_time),
            follow_redirects: 0,
        };
        Ok((request, redirect_uri))
    }

    /// How many redirects are followed: as the collection says, else as the command line does.
    fn redirects(&self, asked: Option<u32>) -> u32 {
        let most = self.overrides.max_redirects.unwrap_or(MAX_REDIRECTS);
        match asked {
            Some(asked) => asked.min(self.overrides.max_redirects.unwrap_or(asked)),
            None if self.overrides.follow_redirects => most,
            None => 0,
        }
    }

    /// Renders a text.
    pub fn text(&self, text: &'c Text) -> Result<String, RenderError> {
        self.compiled.render_text(text, self.scope)
    }

    fn value(&self, text: &'c Text) -> Result<Value, RenderError> {
        self.compiled.render(text, self.scope)
    }

    fn url(&self, text: &'c Text) -> Result<Url, RenderError> {
        let rendered = self.text(text)?;
        // An address that was pasted on several lines is one address.
        let joined: String = rendered.lines().map(str::trim).collect();
        let refuse = |why: &str| {
            let message = format!(
                "`{}` is not an address that a request can go to: {why}",
                self.secrets.lock().mask(&joined)
            );
            RenderError::from(
                Diagnostic::error("bad-url", message, text.span)
                    .help("write a whole address, such as `https://api.example.com/items`"),
            )
        };
        match Url::parse(&joined) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
            Ok(url) => Err(refuse(&format!("its scheme is `{}`", url.scheme()))),
            Err(error) => Err(refuse(&error.to_string())),
        }
    }

    fn method(&self, text: &'c Text) -> Result<String, RenderError> {
        let method = self.text(text)?;
        if is_token(&method) {
            return Ok(method);
        }
        let message = format!("`{method}` is not a method");
        Err(RenderError::from(
            Diagnostic::error("bad-method", message, text.span)
                .help("a method is one word, such as `GET` or `POST` (RFC 9110 §9.1)"),
        ))
    }

    fn query(&self, url: &mut Url, query: &Pairs<'c>) -> Result<(), RenderError> {
        let pairs = self.pairs(query)?;
        if !pairs.is_empty() {
            let mut all = url.query_pairs_mut();
            for (name, value) in &pairs {
                all.append_pair(name, value);
            }
        }
        Ok(())
    }

    /// Names and rendered values; `null` and `omit` are not sent, a list is sent item by item.
    fn pairs(&self, pairs: &Pairs<'c>) -> Result<Vec<(&'c Name, String)>, RenderError> {
        let mut rendered = Vec::with_capacity(pairs.len());
        for (name, values) in pairs {
            for text in values.iter() {
                let value = self.value(text)?;
                if value.is_none() || template::is_omit(&value) {
                    continue;
                }
                if value.kind() == ValueKind::Seq && matches!(values.0, Some(OneOrMany::One(_))) {
                    for item in value.try_iter().into_iter().flatten() {
                        rendered.push((*name, printed(&item, text)?));
                    }
                } else {
                    rendered.push((*name, printed(&value, text)?));
                }
            }
        }
        Ok(rendered)
    }

    fn cookies(&self, cookies: &Pairs<'c>, headers: &mut Headers) -> Result<(), RenderError> {
        let pairs = self.pairs(cookies)?;
        if pairs.is_empty() {
            return Ok(());
        }
        let mut all: Vec<String> = headers
            .get("cookie")
            .map(str::to_owned)
            .into_iter()
            .collect();
        for (name, value) in pairs {
            self.secrets.lock().add(name, &value);
            all.push(format!("{}={value}", &*name.value));
        }
        headers.set("Cookie", all.join("; "));
        Ok(())
    }

    fn auth(&self, auth: Option<&'c Auth>, headers: &mut Headers) -> Result<(), RenderError> {
        match auth {
            None | Some(Auth::None | Auth::Later(_)) => {}
            Some(Auth::Bearer(token)) => {
                let value = self.text(token)?;
                self.secrets.lock().add("token", &value);
                headers.push("Authorization", format!("Bearer {value}"));
            }
            Some(Auth::Basic { username, password }) => {
                let user = self.text(username)?;
                if user.contains(':') {
                    return Err(RenderError::from(
                        Diagnostic::error(
                            "bad-auth",
                            "a `username` can't hold a colon",
                            username.span,
                        )
                        .help("Basic credentials are split at the first colon (RFC 7617 §2)"),
                    ));
                }
                let password = self.text(password)?;
                self.secrets.lock().add("password", &password);
                let pair =
                    base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
                self.secrets.lock().add("credentials", &pair);
                headers.push("Authorization", format!("Basic {pair}"));
            }
        }
        Ok(())
    }

    fn body(
        &self,
        body: Option<&Body<'c>>,
        headers: &mut Headers,
    ) -> Result<Option<Arc<[u8]>>, RenderError> {
        let Some(body) = body else { return Ok(None) };
        let (content_type, bytes) = match body {
            Body::Json(data) => {
                let Some(document) = self.json(data)? else {
                    return Ok(None);
                };
                self.secrets.lock().learn_json(&document);
                ("application/json", document.to_string().into_bytes())
            }
            Body::Form(pairs) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                for (name, value) in self.pairs(pairs)? {
                    self.secrets.lock().learn_field(name, &value);
                    form.append_pair(name, &value);
                }
                (
                    "application/x-www-form-urlencoded",
                    form.finish().into_bytes(),
                )
            }
            Body::Text(text) => ("text/plain; charset=utf-8", self.text(text)?.into_bytes()),
        };
        headers.set("Content-Type", content_type);
        Ok(Some(bytes.into()))
    }

    /// A JSON body: a lone expression keeps its type, `omit` leaves its key out.
    fn json(&self, data: &Overlay<'c>) -> Result<Option<Json>, RenderError> {
        match data {
            Overlay::Data(data) => self.compiled.render_json(data, self.scope),
            Overlay::Map(entries) => {
                let mut rendered = Vec::with_capacity(entries.len());
                for (name, value) in entries {
                    if let Some(value) = self.json(value)? {
                        rendered.push((name.value.as_str().into(), value));
                    }
                }
                Ok(Some(Json::from_entries(rendered)))
            }
        }
    }
}

/// Adds a header field, if it is one.
fn add_header(headers: &mut Headers, name: &Name, value: String) -> Result<(), RenderError> {
    if !is_token(name) {
        let message = format!("`{}` is not a header name", &*name.value);
        return Err(RenderError::from(
            Diagnostic::error("bad-header", message, name.span)
                .help("a header name has letters, digits and dashes (RFC 9110 §5.1)"),
        ));
    }
    if value.contains(['\r', '\n', '\0']) {
        let message = format!("the value of `{}` holds a line break", &*name.value);
        return Err(RenderError::from(
            Diagnostic::error("bad-header", message, name.span)
                .help("a header value is one line; `| trim` takes spaces and line ends off"),
        ));
    }
    // A content type that is written wins over the one that the kind of body brings.
    if name.eq_ignore_ascii_case("content-type") {
        headers.set(name, value);
    } else {
        headers.push(&*name.value, value);
    }
    Ok(())
}

/// A value as the text that is sent.
fn printed(value: &Value, text: &Text) -> Result<String, RenderError> {
    match template::text(value) {
        Ok(printed) => Ok(printed.into_owned()),
        Err(error) => Err(RenderError::from(Diagnostic::error(
            "not-printable",
            error.to_string(),
            text.span,
        ))),
    }
}

/// Whether a text is a token of RFC 9110 §5.6.2, as methods and header names are.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
