//! A sandbox with what a test needs to call it.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lcrun::sandbox::{Options, Sandbox, Setup};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Client, Reply, text};

/// The organization's owner, who made the sample apps.
pub const ADA: &str = "5b0c1a5e-5a0e-4c1c-9d53-0a5a6c1b7f01";

/// An administrator of both groups.
pub const GRACE: &str = "8e2f4b7c-1d63-4f95-a0c8-3b9e5d7f2a02";

/// An agent of normal role, of the group 1.
pub const ALAN: &str = "b46d0c9a-7e81-4a2f-8c35-d1f6e0a94b03";

const FORM: &str = "application/x-www-form-urlencoded";

/// A sandbox that waits for nobody, for what only a broken client does.
pub fn impatient() -> Setup {
    Setup {
        header_timeout: Duration::from_millis(60),
        body_timeout: Duration::from_millis(60),
        ..Setup::default()
    }
}

/// A running sandbox and a connection to it.
pub struct Scene {
    pub sandbox: Sandbox,
    pub client: Client,
}

impl Scene {
    pub fn new() -> Self {
        Self::with(&Options::default(), &Setup::default())
    }

    pub fn with(options: &Options, setup: &Setup) -> Self {
        let sandbox = Sandbox::start_with(options, setup).unwrap();
        let client = Client::connect(sandbox.address());
        Self { sandbox, client }
    }

    pub fn input(&self, name: &str) -> String {
        let inputs = self.sandbox.inputs();
        inputs
            .into_iter()
            .find(|(given, _)| *given == name)
            .unwrap()
            .1
    }

    /// Sends a request with a body and reads the response.
    pub fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let mut text = format!("{method} {target} HTTP/1.1\r\nHost: sandbox\r\n");
        for (name, value) in headers {
            text.extend([name, ": ", value, "\r\n"]);
        }
        if !body.is_empty() {
            text.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
        }
        text += "\r\n";
        text.push_str(body);
        self.client.write(text.as_bytes());
        self.client
            .read(method == "HEAD")
            .expect("the server answers")
    }

    pub fn get(&mut self, target: &str) -> Reply {
        self.send("GET", target, &[], "")
    }

    /// A GET with a bearer token.
    pub fn get_as(&mut self, target: &str, token: &str) -> Reply {
        self.send(
            "GET",
            target,
            &[("Authorization", &format!("Bearer {token}"))],
            "",
        )
    }

    /// A form as a page would send it.
    pub fn form(&mut self, target: &str, fields: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send("POST", target, &[("Content-Type", FORM)], &body)
    }

    /// A request with JSON and, unless it is empty, an `Authorization` header.
    pub fn json(&mut self, method: &str, target: &str, authorization: &str, body: &Value) -> Reply {
        let mut headers = vec![("Content-Type", "application/json")];
        if !authorization.is_empty() {
            headers.push(("Authorization", authorization));
        }
        self.send(method, target, &headers, &body.to_string())
    }

    /// A call of the Agent Chat API.
    pub fn agent(&mut self, action: &str, authorization: &str, body: &Value) -> Reply {
        self.json(
            "POST",
            &format!("/v3.6/agent/action/{action}"),
            authorization,
            body,
        )
    }

    /// A call of the Agent Chat API, which must succeed.
    #[track_caller]
    pub fn does(&mut self, action: &str, authorization: &str, body: &Value) -> Value {
        let reply = self.agent(action, authorization, body);
        assert_eq!(reply.status, 200, "{action}: {}", reply.text());
        reply.json()
    }

    /// A call of the Customer Chat API.
    pub fn customer(&mut self, action: &str, authorization: &str, body: &Value) -> Reply {
        let organization = self.input("organization_id");
        let target = format!("/v3.6/customer/action/{action}?organization_id={organization}");
        self.json("POST", &target, authorization, body)
    }

    /// A call of the Customer Chat API, which must succeed.
    #[track_caller]
    pub fn customer_does(&mut self, action: &str, authorization: &str, body: &Value) -> Value {
        let reply = self.customer(action, authorization, body);
        assert_eq!(reply.status, 200, "{action}: {}", reply.text());
        reply.json()
    }

    /// `Authorization` for a new customer, and the customer's id.
    pub fn new_customer(&mut self) -> (String, String) {
        let bearer = self.bearer();
        let body = json!({ "grant_type": "agent_token", "client_id": self.input("client_id") });
        let token = self
            .json("POST", "/v2/customer/token", &bearer, &body)
            .json();
        let authorization = format!("Bearer {}", text(&token, "/access_token"));
        (authorization, text(&token, "/entity_id").to_owned())
    }

    /// `Authorization` for a personal access token of an account with some scopes.
    pub fn token_of(&mut self, account_id: &str, scopes: &[&str]) -> String {
        let settings = json!({ "account_id": account_id, "scopes": scopes });
        let pat = self.admin("POST", "/pats", &settings);
        format!("Basic {}", text(&pat, "/basic"))
    }

    /// `Authorization` for a personal access token of an account with every scope that a method needs.
    pub fn everything_of(&mut self, account_id: &str) -> String {
        let scopes = [
            "agents--all:ro",
            "agents--all:rw",
            "agents-bot--all:ro",
            "chats--all:rw",
            "customers.ban:rw",
            "customers:rw",
            "groups--all:ro",
            "multicast:rw",
        ];
        self.token_of(account_id, &scopes)
    }

    /// A request to the sandbox's admin surface, which must succeed.
    pub fn admin(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let reply = self.json(method, &format!("/_admin{path}"), "", body);
        assert!(reply.status < 300, "{}", reply.text());
        reply.json()
    }

    /// Changes the sample app.
    pub fn change_app(&mut self, settings: &Value) {
        let path = format!("/apps/{}", self.input("client_id"));
        self.admin("PATCH", &path, settings);
    }

    pub fn advance(&mut self, seconds: u64) {
        self.admin("POST", "/clock", &json!({ "seconds": seconds }));
    }

    /// `Authorization` for the seeded personal access token.
    pub fn basic(&self) -> String {
        let pair = format!("{}:{}", self.input("account_id"), self.input("pat"));
        format!("Basic {}", STANDARD.encode(pair))
    }

    /// Asks for authorization with the parameters of the sample app, changed by `changes`:
    /// an empty value leaves a parameter out.
    pub fn authorize(&mut self, changes: &[(&str, &str)]) -> Reply {
        let (client_id, redirect_uri) = (self.input("client_id"), self.input("redirect_uri"));
        let query = changed(
            &[
                ("response_type", "code"),
                ("client_id", &client_id),
                ("redirect_uri", &redirect_uri),
            ],
            changes,
        );
        self.get(&format!("/?{query}"))
    }

    pub fn code(&mut self, changes: &[(&str, &str)]) -> String {
        let reply = self.authorize(changes);
        reply
            .redirect_parameter("code")
            .unwrap_or_else(|| panic!("{reply:?}"))
    }

    /// Exchanges a code with the parameters of the sample app, changed by `changes`.
    pub fn exchange(&mut self, code: &str, changes: &[(&str, &str)]) -> Reply {
        self.exchange_at("/v2/token", code, changes)
    }

    /// The same at another address.
    pub fn exchange_at(&mut self, path: &str, code: &str, changes: &[(&str, &str)]) -> Reply {
        let inputs = ["client_id", "client_secret", "redirect_uri"].map(|name| self.input(name));
        let body = changed(
            &[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("client_id", &inputs[0]),
                ("client_secret", &inputs[1]),
                ("redirect_uri", &inputs[2]),
            ],
            changes,
        );
        self.send("POST", path, &[("Content-Type", FORM)], &body)
    }

    /// Refreshes with the parameters of the sample app, changed by `changes`.
    pub fn refresh(&mut self, token: &str, changes: &[(&str, &str)]) -> Reply {
        let inputs = ["client_id", "client_secret"].map(|name| self.input(name));
        let body = changed(
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", token),
                ("client_id", &inputs[0]),
                ("client_secret", &inputs[1]),
            ],
            changes,
        );
        self.send("POST", "/v2/token", &[("Content-Type", FORM)], &body)
    }

    /// The body of a token for the sample app.
    pub fn log_in(&mut self, changes: &[(&str, &str)]) -> Value {
        let code = self.code(changes);
        let reply = self.exchange(&code, &[]);
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    /// `Authorization` with a fresh token of the sample app.
    pub fn bearer(&mut self) -> String {
        let token = self.log_in(&[]);
        format!("Bearer {}", text(&token, "/access_token"))
    }
}

fn changed(base: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let mut fields: Vec<(&str, &str)> = base.to_vec();
    for change in changes {
        fields.retain(|(name, _)| name != &change.0);
        if !change.1.is_empty() {
            fields.push(*change);
        }
    }
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
