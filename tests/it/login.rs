//! Tokens kept between runs: `lcrun login`, `lcrun logout`, and the runs between them.

use std::path::PathBuf;

use lcrun::sandbox::{Options, Sandbox};

use crate::lab::{Lab, Ran};

const COLLECTION: &str = r#"
name: Kept
inputs:
  client_id:
  client_secret:
  redirect_uri: https://www.livechat.com/
environments:
  embedded: { sandbox: livechat }
  live: { accounts_url: http://localhost:1, api_url: http://localhost:1 }
secrets: [code]
keep: [access_token, refresh_token, expires_in]
steps:
  - name: Code
    authorize:
      url: "{{ accounts_url }}/"
      query: { response_type: code, client_id: "{{ client_id }}", redirect_uri: "{{ redirect_uri }}" }
    capture: { code: redirect.query.code }
  - name: Token
    request:
      method: POST
      url: "{{ accounts_url }}/v2/token"
      form:
        grant_type: authorization_code
        code: "{{ code }}"
        client_id: "{{ client_id }}"
        client_secret: "{{ client_secret }}"
        redirect_uri: "{{ redirect_uri }}"
    capture:
      access_token: body.access_token
      refresh_token: body.refresh_token
      expires_in: body.expires_in
      organization_id: body.organization_id
  - name: List chats
    request:
      method: POST
      url: "{{ api_url }}/v3.6/agent/action/list_chats"
      auth: { bearer: "{{ access_token }}" }
      json: {}
  - name: Refresh
    request:
      method: POST
      url: "{{ accounts_url }}/v2/token"
      form:
        grant_type: refresh_token
        refresh_token: "{{ refresh_token }}"
        client_id: "{{ client_id }}"
        client_secret: "{{ client_secret }}"
    capture:
      access_token: body.access_token
      refresh_token: body.refresh_token
      expires_in: body.expires_in
  - name: Revoke
    request:
      method: DELETE
      url: "{{ accounts_url }}/v2/token"
      auth: { bearer: "{{ access_token }}" }
"#;

/// A person with a collection, a server that goes on running, and a state folder.
struct Person {
    lab: Lab,
    server: Sandbox,
}

impl Person {
    fn new() -> Self {
        let mut lab = Lab::new();
        let state = lab.path("state").display().to_string();
        lab.variable("LCRUN_STATE_DIR", &state);
        lab.write("kept.yaml", COLLECTION);
        let options = Options {
            seed: Some(1),
            ..Options::default()
        };
        let server = Sandbox::start(&options).unwrap();
        Self { lab, server }
    }

    fn value(&self, name: &str) -> String {
        let inputs = self.server.inputs();
        let found = inputs.iter().find(|(key, _)| *key == name);
        found.unwrap().1.clone()
    }

    /// What the server is reached by, without credentials.
    fn addresses(&self) -> Vec<String> {
        let mut args = vec!["--env".to_owned(), "live".to_owned()];
        for name in ["accounts_url", "api_url"] {
            args.push("--variable".to_owned());
            args.push(format!("{name}={}", self.value(name)));
        }
        args
    }

    fn credentials(&self) -> Vec<String> {
        let (id, secret) = (self.value("client_id"), self.value("client_secret"));
        vec![
            "--variable".to_owned(),
            format!("client_id={id}"),
            "--secret".to_owned(),
            format!("client_secret={secret}"),
        ]
    }

    fn run(&self, args: &[&str], with_credentials: bool) -> Ran {
        let mut all: Vec<String> = args.iter().map(ToString::to_string).collect();
        all.extend(self.addresses());
        if with_credentials {
            all.extend(self.credentials());
        }
        let ran = self.lab.run(&all);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        for name in ["access_token", "refresh_token"] {
            if let Some(token) = self.kept(name) {
                assert!(!said.contains(&token), "{name} is said:\n{said}");
            }
        }
        ran
    }

    fn login(&self) -> &Self {
        self.run(&["login", "kept.yaml"], true).exits(0);
        self
    }

    fn files(&self) -> Vec<PathBuf> {
        match std::fs::read_dir(self.lab.path("state/logins")) {
            Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
            Err(_) => Vec::new(),
        }
    }

    fn file(&self) -> Option<serde_json::Value> {
        let files = self.files();
        assert!(files.len() <= 1, "{files:?}");
        let text = std::fs::read_to_string(files.first()?).unwrap();
        Some(serde_json::from_str(&text).unwrap())
    }

    fn kept(&self, name: &str) -> Option<String> {
        Some(self.file()?["values"][name].as_str()?.to_owned())
    }

    /// Changes what is kept, as time and other clients do.
    fn change(&self, change: impl Fn(&mut serde_json::Value)) -> &Self {
        let mut file = self.file().unwrap();
        change(&mut file);
        std::fs::write(&self.files()[0], file.to_string()).unwrap();
        self
    }

    fn let_it_end(&self) -> &Self {
        self.change(|file| file["at"] = "2020-01-01T00:00:00Z".into())
    }
}

#[test]
fn a_login_keeps_tokens_and_later_runs_need_neither_browser_nor_secret() {
    let person = Person::new();
    let login = person.run(&["login", "kept.yaml"], true);
    login
        .exits(0)
        .says("✓ Token")
        .never_says("List chats")
        .never_says("Refresh")
        .says("kept access_token, expires_in, refresh_token in ");
    let run = person.run(&["kept.yaml"], false);
    run.exits(0)
        .says("Code        skipped: access_token, refresh_token, expires_in are kept by a login")
        .says("kept from a login just now: `access_token`, `refresh_token` and `expires_in`")
        .says("1 passed, 2 skipped");
    let dry = person.run(&["kept.yaml", "--only", "list_chats"], false);
    dry.exits(0).says("1 passed");
}

#[cfg(unix)]
#[test]
fn what_is_kept_lies_outside_the_project_and_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let person = Person::new();
    person.login();
    let files = person.files();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&files[0]) & 0o777, 0o600);
    assert_eq!(mode(files[0].parent().unwrap()) & 0o777, 0o700);
    let token = person.kept("access_token").unwrap();
    let in_project = std::fs::read_dir(person.lab.path(".")).unwrap();
    for entry in in_project.map(|entry| entry.unwrap().path()) {
        if entry.is_file() {
            assert!(!std::fs::read_to_string(&entry).unwrap().contains(&token));
        }
    }
    std::fs::set_permissions(&files[0], std::fs::Permissions::from_mode(0o644)).unwrap();
    person
        .run(&["kept.yaml"], false)
        .exits(1)
        .says("can be read by others: `chmod 600` it");
}

#[test]
fn a_token_that_ended_is_renewed_and_the_new_one_kept() {
    let person = Person::new();
    person.login().let_it_end();
    let old = person.kept("access_token");
    person
        .run(&["kept.yaml"], true)
        .exits(0)
        .says("✓ Refresh")
        .says("Code        skipped")
        .says("✓ List chats")
        .says("2 passed, 2 skipped");
    assert_ne!(person.kept("access_token"), old);
    person
        .run(&["kept.yaml"], false)
        .exits(0)
        .never_says("Refresh");
}

#[test]
fn a_renewal_that_is_refused_leads_to_a_login() {
    let person = Person::new();
    person.login().let_it_end();
    person.change(|file| file["values"]["refresh_token"] = "not-a-refresh-token".into());
    person
        .run(&["kept.yaml"], true)
        .exits(0)
        .says("Refresh     skipped: the server answered 401; logging in again")
        .says("✓ Code")
        .says("✓ List chats");
    assert_ne!(
        person.kept("refresh_token").as_deref(),
        Some("not-a-refresh-token")
    );
    person.run(&["kept.yaml"], false).exits(0);
}

#[test]
fn without_the_cache_a_run_logs_in_and_leaves_what_is_kept_alone() {
    let person = Person::new();
    person.login();
    let before = person.file();
    person
        .run(&["kept.yaml", "--no-cache"], true)
        .exits(0)
        .says("3 passed");
    assert_eq!(person.file(), before);
    let fresh = Person::new();
    fresh.run(&["kept.yaml"], true).exits(0).says("3 passed");
    assert_eq!(fresh.file(), None, "nobody asked to keep anything");
}

#[test]
fn what_was_got_with_other_values_is_not_used() {
    let person = Person::new();
    person.login();
    person.change(|file| file["inputs"]["client_id"] = "another".into());
    person
        .run(&["kept.yaml"], true)
        .exits(0)
        .says("what a login kept was got with another `client_id`, and is not used")
        .says("3 passed");
}

#[test]
fn a_logout_revokes_and_forgets() {
    let person = Person::new();
    person.login();
    let token = person.kept("access_token").unwrap();
    person
        .run(&["logout", "kept.yaml"], false)
        .exits(0)
        .says("✓ Revoke")
        .says("revoked and forgotten");
    assert_eq!(person.file(), None);
    let given = format!("access_token={token}");
    person
        .run(&["kept.yaml", "--secret", &given], false)
        .exits(4)
        .says("401");
    person
        .run(&["logout", "kept.yaml"], false)
        .exits(0)
        .says("nobody is logged in");
}

#[test]
fn a_logout_forgets_even_what_can_not_be_revoked() {
    let person = Person::new();
    person.login();
    person.change(|file| file["values"]["access_token"] = "dal:gone".into());
    person
        .run(&["logout", "kept.yaml"], false)
        .exits(4)
        .says("forgotten, but not revoked");
    assert_eq!(person.file(), None);
}

#[test]
fn in_ci_a_refresh_token_takes_the_place_of_a_login() {
    let mut person = Person::new();
    person.login();
    let token = person.kept("refresh_token").unwrap();
    std::fs::remove_dir_all(person.lab.path("state")).unwrap();
    person
        .lab
        .variable("CI", "1")
        .variable("LCRUN_SECRET_refresh_token", &token);
    person
        .run(&["kept.yaml"], true)
        .exits(0)
        .says("✓ Refresh")
        .says("✓ List chats")
        .never_says(&token);
    assert_eq!(person.file(), None);
}

#[test]
fn a_refresh_token_that_is_given_means_nothing_to_the_embedded_server() {
    let mut person = Person::new();
    person
        .lab
        .variable("LCRUN_SECRET_refresh_token", "real-one");
    person.lab.run(["kept.yaml"]).exits(0).says("3 passed");
}

#[test]
fn a_login_says_why_nothing_can_be_kept() {
    let person = Person::new();
    person
        .lab
        .run(["login", "kept.yaml"])
        .exits(1)
        .says("the environment `embedded` is the embedded sandbox")
        .says("--env");
    person.lab.edit("kept.yaml", "keep: ", "x-keep: ");
    person
        .run(&["login", "kept.yaml"], true)
        .exits(1)
        .says("`kept.yaml` keeps nothing")
        .says("keep: [access_token");
    person
        .run(&["login", "nowhere.yaml"], true)
        .exits(1)
        .says("`nowhere.yaml` does not exist");
    person
        .lab
        .run(["logout", "kept.yaml", "--env", "other"])
        .exits(1)
        .says("has no environment `other`");
}

#[test]
fn a_name_that_no_step_captures_can_not_be_kept() {
    let lab = Lab::new();
    lab.write(
        "kept.yaml",
        &COLLECTION.replace("[access_token,", "[acess_token,"),
    );
    lab.run(["kept.yaml"])
        .exits(2)
        .says("error[unknown-capture]: no step captures `acess_token`")
        .says("did you mean `access_token`?");
}
