//! Grants a wish and says where the browser goes with the code or the token.

use std::sync::Arc;
use std::time::Duration;

use url::form_urlencoded::Serializer;

use super::wish::{Exception, ResponseType, Wish};
use crate::sandbox::livechat::oauth::{ACCESS_LIFETIME, AccessToken, Code, Grant, OauthError};
use crate::sandbox::livechat::organization::Session;
use crate::sandbox::livechat::state::State;

/// How often, and in which time, an app may be redirected to for an account before that is taken for a loop.
const REDIRECTS: (usize, Duration) = (3, Duration::from_secs(30));

/// Grants a wish to the app of a session's account.
///
/// # Errors
/// With `too_many_redirects` if the app sends the browser back again and again.
pub fn approve(state: &mut State, wish: Wish, session: &Session) -> Result<String, Exception> {
    count_redirect(state, &wish.client_id, &session.account_id)?;
    let grant = Arc::new(Grant {
        client_id: Some(wish.client_id.clone()),
        account_id: session.account_id.clone(),
        scopes: wish.scopes.clone(),
        session_id: Some(session.id.clone()),
    });
    Ok(match wish.response_type {
        ResponseType::Code => grant_code(state, wish, grant),
        ResponseType::Token => grant_token(state, &wish, grant),
    })
}

fn count_redirect(state: &mut State, client_id: &str, account_id: &str) -> Result<(), Exception> {
    let (limit, window) = REDIRECTS;
    let now = state.clock.now();
    let key = (client_id.to_owned(), account_id.to_owned());
    let redirects = state.redirects.entry(key).or_default();
    redirects.retain(|at| now.since(*at) < window);
    if redirects.len() >= limit {
        return Err(Exception::new(
            OauthError::InvalidRequest,
            "too_many_redirects",
        ));
    }
    redirects.push(now);
    Ok(())
}

fn grant_code(state: &mut State, wish: Wish, grant: Arc<Grant>) -> String {
    let value = state.regional_token();
    // The keys are sorted, and the state comes back even when none was sent.
    let query = Serializer::new(String::new())
        .append_pair("code", &value)
        .append_pair("state", &wish.state)
        .finish();
    let location = format!("{}?{query}", wish.redirect_uri);
    let Wish {
        redirect_uri,
        challenge,
        ..
    } = wish;
    let now = state.clock.now();
    state.codes.insert(
        value,
        Code {
            grant,
            redirect_uri,
            challenge,
        },
        now,
    );
    location
}

/// The implicit grant: the token comes in the fragment, which never reaches a server, and can't be refreshed.
fn grant_token(state: &mut State, wish: &Wish, grant: Arc<Grant>) -> String {
    let access_token = state.regional_token();
    let mut fragment = Serializer::new(String::new());
    fragment
        .append_pair("access_token", &access_token)
        .append_pair("expires_in", &ACCESS_LIFETIME.as_secs().to_string())
        .append_pair("scope", &wish.scopes.to_string());
    if !wish.state.is_empty() {
        fragment.append_pair("state", &wish.state);
    }
    fragment.append_pair("token_type", "Bearer");
    let location = format!("{}#{}", wish.redirect_uri, fragment.finish());
    let now = state.clock.now();
    let expires_at = now.plus(ACCESS_LIFETIME);
    state.tokens.insert(
        access_token,
        AccessToken {
            grant,
            expires_at,
            refresh_token: None,
        },
        now,
    );
    location
}
