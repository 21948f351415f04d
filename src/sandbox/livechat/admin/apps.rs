//! Makes and changes apps, as Developer Console would.

use serde::{Deserialize, Serialize};

use super::routes::{Failure, scopes};
use crate::sandbox::livechat::oauth::{App, AppType, Scopes, redirect_uri};
use crate::sandbox::livechat::organization::Organization;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::wire::Response;

/// What to set; the rest stays as it is, or as Developer Console begins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(rename = "type")]
    kind: Option<AppType>,
    name: Option<String>,
    redirect_uris: Option<Vec<String>>,
    scopes: Option<Vec<String>>,
    author: Option<String>,
    public: Option<bool>,
    installed: Option<bool>,
    always_asks: Option<bool>,
}

/// Lists the apps.
pub fn list(state: &State) -> Response {
    let mut apps: Vec<&App> = state.apps.values().collect();
    apps.sort_by(|a, b| a.client_id.cmp(&b.client_id));
    Response::json(200, &apps.into_iter().map(AppView::new).collect::<Vec<_>>())
}

/// Makes an app. Its author is the organization's owner unless another is named.
///
/// # Errors
/// If the author isn't there, or a redirect URI or a scope cannot be.
pub fn create(state: &mut State, settings: Settings) -> Result<Response, Failure> {
    let mut app = App {
        client_id: state.random.hex(),
        client_secret: state.random.hex(),
        name: "Test app".to_owned(),
        kind: AppType::Server,
        redirect_uris: "https://localhost".to_owned(),
        scopes: Scopes::parse("chats--all:ro").expect("this scope is known"),
        author: state.organization.accounts[0].id.clone(),
        public: false,
        installed: false,
        always_asks: false,
    };
    settings.apply(&mut app, &state.organization)?;
    let response = Response::json(201, &AppView::new(&app));
    state.apps.insert(app.client_id.clone(), app);
    Ok(response)
}

/// Changes an app.
///
/// # Errors
/// If there is none, its author isn't there, or a redirect URI or a scope cannot be.
pub fn change(state: &mut State, client_id: &str, settings: Settings) -> Result<Response, Failure> {
    let app = state.apps.get_mut(client_id);
    let app = app.ok_or_else(|| Failure::absent("app", client_id))?;
    settings.apply(app, &state.organization)?;
    Ok(Response::json(200, &AppView::new(app)))
}

impl Settings {
    /// Checks everything before it sets anything.
    fn apply(self, app: &mut App, organization: &Organization) -> Result<(), Failure> {
        let mut uris = self.redirect_uris.iter().flatten();
        if let Some(uri) = uris.find(|uri| !redirect_uri::is_configurable(uri)) {
            return Err(Failure::unusable(format!(
                "`{uri}` cannot be a redirect URI"
            )));
        }
        if let Some(id) = self
            .author
            .iter()
            .find(|id| organization.account(id).is_none())
        {
            return Err(Failure::unusable(format!("there is no account `{id}`")));
        }
        let scopes = self.scopes.as_deref().map(scopes).transpose()?;
        if let Some(uris) = self.redirect_uris {
            app.redirect_uris = uris.join(",");
        }
        set(&mut app.scopes, scopes);
        set(&mut app.kind, self.kind);
        set(&mut app.name, self.name);
        set(&mut app.author, self.author);
        set(&mut app.public, self.public);
        set(&mut app.installed, self.installed);
        set(&mut app.always_asks, self.always_asks);
        Ok(())
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// An app as Developer Console shows it.
#[derive(Serialize)]
struct AppView<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    #[serde(rename = "type")]
    kind: AppType,
    name: &'a str,
    redirect_uris: Vec<&'a str>,
    scopes: Vec<&'a str>,
    author: &'a str,
    public: bool,
    installed: bool,
    always_asks: bool,
}

impl<'a> AppView<'a> {
    fn new(app: &'a App) -> Self {
        Self {
            client_id: &app.client_id,
            client_secret: &app.client_secret,
            kind: app.kind,
            name: &app.name,
            redirect_uris: redirect_uri::entries(&app.redirect_uris).collect(),
            scopes: app.scopes.names().collect(),
            author: &app.author,
            public: app.public,
            installed: app.installed,
            always_asks: app.always_asks,
        }
    }
}
