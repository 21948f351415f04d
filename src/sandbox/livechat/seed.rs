//! The world that every sandbox begins with: an organization, its agents and groups, two apps, a personal
//! access token and five chats. What is in `world.json` is constant; secrets are drawn at the start.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::chats::{Chat, Chats, Customer, Properties};
use super::clock::Moment;
use super::oauth::{App, AppType, Grant, Scopes};
use super::organization::{Account, Group, Organization};
use super::random::Random;

/// The Client Id of the server-side sample app, as the tutorial "Authorization in practice" shows it.
pub const CLIENT_ID: &str = "81e8a326ec4a63252faa0ae6f660c0c8";

/// The Client Id of the JavaScript sample app.
pub const JS_CLIENT_ID: &str = "6d2b7c1f94e0a85337c9be20d1f4a6e8";

/// The redirect URI of the server-side sample app, as the tutorial shows it.
pub const REDIRECT_URI: &str = "https://www.livechat.com/";

/// The redirect URI of the JavaScript sample app, as the troubleshooting page shows it.
pub const JS_REDIRECT_URI: &str = "https://my-application.com/";

/// What both sample apps have on their whitelists beside that: a native program, such as lcrun, listens on a
/// port of the loopback interface that is free by chance.
const LOOPBACK_URIS: &str = "http://127.0.0.1:*,http://localhost:*,http://[::1]:*";

/// The region that tokens are prefixed with at the start.
const REGION: &str = "dal";

/// The scopes of the sample apps: all chats can be read, and those of the agent's groups written.
const APP_SCOPES: &str = "accounts--my:ro,agents--all:ro,agents--my:rw,agents-bot--all:ro,\
    chats--access:rw,chats--all:ro,customers.ban:rw,customers:own,customers:rw,groups--all:ro,\
    multicast:rw,sessions--my:rw";

/// The scopes of the seeded personal access token.
const TOKEN_SCOPES: &str = "accounts--my:ro,agents--all:ro,agents-bot--all:ro,chats--all:rw,\
    customers:rw,groups--all:ro,sessions--my:rw";

/// What must not be guessed, and so differs from start to start.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// The secret of the server-side sample app.
    pub client_secret: String,
    js_client_secret: String,
    /// The personal access token of the organization's owner.
    pub personal_access_token: String,
}

impl Secrets {
    /// Draws new ones.
    pub fn draw(random: &mut Random) -> Self {
        Self {
            client_secret: random.hex(),
            js_client_secret: random.hex(),
            personal_access_token: format!("{REGION}:{}", random.token()),
        }
    }
}

/// The part of the world that never changes.
#[derive(Deserialize)]
struct World {
    organization_id: String,
    license_id: u64,
    created_at: Moment,
    accounts: Vec<Account>,
    groups: Vec<Group>,
    properties: Properties,
    customers: Vec<Customer>,
    chats: Vec<Chat>,
}

/// The organization and its chats.
pub fn world() -> (Organization, Chats) {
    let world: World =
        serde_json::from_str(include_str!("world.json")).expect("a test reads this file");
    let organization = Organization {
        id: world.organization_id,
        license_id: world.license_id,
        created_at: world.created_at,
        region: REGION.to_owned(),
        accounts: world.accounts.into_iter().map(Arc::new).collect(),
        groups: world.groups,
        chat_between_groups: true,
        properties: world.properties,
    };
    (organization, Chats::new(world.customers, world.chats))
}

/// The sample apps, made by the organization's owner.
pub fn apps(secrets: &Secrets, organization: &Organization) -> HashMap<String, App> {
    let server = (
        CLIENT_ID,
        "Sample server-side app",
        AppType::Server,
        REDIRECT_URI,
    );
    let js = (
        JS_CLIENT_ID,
        "Sample JavaScript app",
        AppType::JavaScript,
        JS_REDIRECT_URI,
    );
    let secrets = [&secrets.client_secret, &secrets.js_client_secret];
    let apps = [server, js]
        .into_iter()
        .zip(secrets)
        .map(|(facts, secret)| {
            let (client_id, name, kind, redirect_uri) = facts;
            let app = App {
                client_id: client_id.to_owned(),
                client_secret: secret.clone(),
                name: name.to_owned(),
                kind,
                redirect_uris: format!("{redirect_uri},{LOOPBACK_URIS}"),
                scopes: Scopes::parse(APP_SCOPES).expect("these scopes are known"),
                author: organization.accounts[0].id.clone(),
                public: false,
                installed: true,
                always_asks: false,
            };
            (app.client_id.clone(), app)
        });
    apps.collect()
}

/// The personal access token of the organization's owner.
pub fn personal_access_tokens(
    secrets: &Secrets,
    organization: &Organization,
) -> HashMap<String, Arc<Grant>> {
    let grant = Grant {
        client_id: None,
        account_id: organization.accounts[0].id.clone(),
        scopes: Scopes::parse(TOKEN_SCOPES).expect("these scopes are known"),
        session_id: None,
    };
    HashMap::from([(secrets.personal_access_token.clone(), Arc::new(grant))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_world_is_whole() {
        let (organization, chats) = world();
        assert_eq!(chats.all().len(), 5);
        for chat in chats.all() {
            for user in &chat.users {
                let known = organization.agent(&user.id).is_some();
                assert!(known || chats.customer(&user.id).is_some(), "{}", user.id);
            }
        }
        for account in &organization.accounts {
            assert!(
                account
                    .group_ids
                    .iter()
                    .all(|id| organization.has_group(*id))
            );
        }
    }
}
