//! The pages that a browser sees: errors, login, consent. Plain forms that work without scripts.

use std::sync::Arc;

use crate::sandbox::livechat::oauth::{OauthError, Scopes};
use crate::sandbox::livechat::organization::Account;
use crate::sandbox::livechat::wire::{Parameters, Request, Response, escape};

/// The error page, which says in words what its address says in codes.
pub fn ooops(request: &Request) -> Response {
    let parameters = Parameters::of_query(request).unwrap_or_default();
    let code = parameters.get("oauth_exception").unwrap_or("unknown");
    let mut content = paragraph(&code_of(code));
    if let Some(error) = OauthError::from_code(code) {
        content.push_str(&paragraph(&escape(error.description())));
    }
    if let Some(details) = parameters.get("exception_details") {
        content.push_str(&paragraph(&code_of(details)));
    }
    Response::html(200, "Ooops", &content)
}

/// The login page, which goes on with the authorize request `query`.
pub fn login(accounts: &[Arc<Account>], query: &str, exception: Option<&str>) -> Response {
    let mut content = exception
        .map(|code| paragraph(&code_of(code)))
        .unwrap_or_default();
    content.push_str(&form_to("/signin", query));
    for account in accounts {
        content.push_str(&format_choice("email", &account.email, &account.name));
    }
    content.push_str("</form>");
    Response::html(200, "Log in", &content)
}

/// The page on which the user allows an app what it asks for.
pub fn consent(app: &str, scopes: &Scopes, query: &str) -> Response {
    let mut content = paragraph(&format!("{} wants to use:", escape(app)));
    content.push_str("<ul>\n");
    for name in scopes.names() {
        content.extend(["<li>", &code_of(name), "</li>\n"]);
    }
    content.push_str("</ul>\n");
    content.push_str(&form_to("/grant-access", query));
    content.push_str(&format_choice("decision", "allow", "Allow"));
    content.push_str(&format_choice("decision", "cancel", "Cancel"));
    content.push_str("</form>");
    Response::html(200, "Grant access", &content)
}

/// The page for those who have no account.
pub fn sign_up() -> Response {
    Response::html(
        200,
        "Sign up",
        "<p>The sandbox's accounts are made by its admin surface.</p>",
    )
}

fn form_to(action: &str, query: &str) -> String {
    let query = escape(query);
    format!(
        "<form method=\"post\" action=\"{action}\">\n\
         <input type=\"hidden\" name=\"request\" value=\"{query}\">\n"
    )
}

fn format_choice(name: &str, value: &str, label: &str) -> String {
    let (value, label) = (escape(value), escape(label));
    format!("<button name=\"{name}\" value=\"{value}\">{label}</button>\n")
}

fn paragraph(markup: &str) -> String {
    format!("<p>{markup}</p>\n")
}

fn code_of(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}
