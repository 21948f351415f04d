//! `lcrun token`: what a token is good for, and for the steps of which collection.

use serde_json::{Value, json};

use crate::lab::{Lab, Ran, settle};
use crate::sandbox::client::{Scene, text};

/// Asks the sandbox of a scene about what the environment of a call gives.
fn ask(scene: &Scene, given: &[(&str, &str)], more: &[&str]) -> Ran {
    let mut lab = Lab::with_collections();
    for (name, value) in given {
        lab.variable(&format!("LCRUN_SECRET_{name}"), value);
    }
    let server = format!("accounts_url={}", scene.sandbox.base_url());
    lab.run(["token", "--variable", &server].iter().chain(more))
}

fn agent_token(scene: &mut Scene) -> String {
    text(&scene.log_in(&[]), "/access_token").to_owned()
}

#[test]
fn an_agents_token_is_told_with_its_app_account_scopes_and_time() {
    let mut scene = Scene::new();
    let body = scene.log_in(&[]);
    let token = text(&body, "/access_token").to_owned();
    let ran = ask(&scene, &[("access_token", &token)], &[]);
    ran.exits(0)
        .never_says(&token)
        .never_says(text(&body, "/refresh_token"));
    let out = settle(&ran.stdout);
    assert!(
        out.starts_with("client_id        81e8a326ec4a63252faa0ae6f660c0c8"),
        "{out}"
    );
    for row in [
        "region           dal\n",
        "token_type       Bearer, an agent's access token\n",
        "scopes           accounts--my:ro\n                 agents--all:ro\n",
        "asked            http://127.0.0.1:PORT\n",
    ] {
        assert!(out.contains(row), "`{row}` is not in:\n{out}");
    }
    assert!(
        out.contains("expires          in 7 h 59 min") || out.contains("expires          in 8 h")
    );
}

#[test]
fn a_program_gets_an_object_without_secrets() {
    let mut scene = Scene::new();
    let token = agent_token(&mut scene);
    let ran = ask(&scene, &[("access_token", &token)], &["--json"]);
    ran.exits(0).never_says(&token);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(told["kind"], "agent");
    assert_eq!(told["region"], "dal");
    assert_eq!(told["client_id"], scene.input("client_id"));
    assert!(told["expires_in"].as_u64().unwrap() > 28_000);
    assert!(
        told["scopes"]
            .as_array()
            .unwrap()
            .contains(&json!("chats--all:ro"))
    );
}

#[test]
fn a_token_that_expired_or_was_revoked_is_refused_with_what_to_do() {
    let mut scene = Scene::new();
    let token = agent_token(&mut scene);
    scene.advance(28_801);
    ask(&scene, &[("access_token", &token)], &[])
        .exits(4)
        .says("error[token-refused]")
        .says("lcrun explain invalid_grant")
        .never_says(&token);
    let token = agent_token(&mut scene);
    scene.send(
        "DELETE",
        "/v2/token",
        &[("Authorization", &format!("Bearer {token}"))],
        "",
    );
    ask(&scene, &[("access_token", &token)], &["--json"])
        .exits(4)
        .says("\"kind\": \"refused\"")
        .says("revoked")
        .never_says(&token);
}

#[test]
fn a_customers_token_is_told_as_such() {
    let mut scene = Scene::new();
    let (authorization, id) = scene.new_customer();
    let token = authorization.strip_prefix("Bearer ").unwrap();
    ask(&scene, &[("access_token", token)], &[])
        .exits(0)
        .says("a customer's access token")
        .says(&format!("entity_id        {id}"))
        .never_says(token);
}

#[test]
fn a_personal_access_token_tells_its_account_and_not_its_scopes() {
    let scene = Scene::new();
    let (pat, account) = (scene.input("pat"), scene.input("account_id"));
    let given = [("pat", pat.as_str())];
    let account_id = format!("account_id={account}");
    ask(
        &scene,
        &given,
        &[
            "--variable",
            &account_id,
            "collections/personal-access-token.yaml",
        ],
    )
    .exits(0)
    .says(&account)
    .says("a personal access token")
    .says("the API does not tell those of personal access tokens")
    .says("needs chats--all:ro or chats--access:ro")
    .never_says(&pat);
    ask(&scene, &given, &[]).exits(1).says("account_id");
    let wrong = "account_id=8e2f4b7c-1d63-4f95-a0c8-3b9e5d7f2a02";
    ask(&scene, &given, &["--variable", wrong])
        .exits(4)
        .says("the personal access token is refused")
        .never_says(&pat);
}

#[test]
fn a_personal_access_token_that_may_not_read_its_account_still_works() {
    let mut scene = Scene::new();
    let account = scene.input("account_id");
    let settings = json!({ "account_id": account, "scopes": ["chats--all:ro"] });
    let made = scene.admin("POST", "/pats", &settings);
    let pair = String::from_utf8(
        base64::Engine::decode(
            &base64::engine::general_purpose::STANDARD,
            text(&made, "/basic"),
        )
        .unwrap(),
    )
    .unwrap();
    let (_, pat) = pair.split_once(':').unwrap();
    ask(&scene, &[("pat", pat), ("account_id", &account)], &[])
        .exits(4)
        .says("lacks the scope `accounts--my:ro`")
        .never_says(pat);
}

#[test]
fn the_steps_whose_scopes_are_missing_are_named() {
    let mut scene = Scene::new();
    scene.change_app(&json!({ "scopes": ["chats--all:ro", "customers:own"] }));
    let token = agent_token(&mut scene);
    let given = [("access_token", token.as_str())];
    ask(&scene, &given, &["collections/token-info.yaml"])
        .exits(0)
        .says("collections/token-info.yaml: the token has the scopes of its 1 call");
    ask(&scene, &given, &["collections/messaging-in-practice.yaml"])
        .exits(4)
        .says("the token lacks the scope of")
        .says("agent/action/send_event needs chats--all:rw or chats--access:rw")
        .never_says(&token);
}

#[test]
fn a_token_that_holds_an_encoded_colon_is_told_and_not_sent() {
    let server =
        crate::raw_server::RawServer::always(crate::raw_server::response("200 OK", &[], "{}"));
    let mut lab = Lab::new();
    lab.variable("LCRUN_SECRET_access_token", "dal%3Aq9Xabcdefgh");
    let accounts = format!("accounts_url={}", server.url(""));
    lab.run(["token", "--variable", &accounts])
        .exits(4)
        .says("error[percent-encoded-token]")
        .says("change `%3A` to `:`")
        .never_says("q9Xabcdefgh");
}

#[test]
fn the_token_may_come_from_a_pipe_or_a_file() {
    let mut scene = Scene::new();
    let token = agent_token(&mut scene);
    let server = format!("accounts_url={}", scene.sandbox.base_url());
    let lab = Lab::with_collections();
    lab.run_with_input(
        [
            "token",
            "--variable",
            &server,
            "-",
            "collections/token-info.yaml",
        ],
        &format!("{token}\n"),
    )
    .exits(0)
    .says("has the scopes")
    .never_says(&token);
    lab.write(".env", &format!("access_token={token}\nOTHER=thing\n"));
    lab.run(["token", "--variable", &server])
        .exits(0)
        .says("an agent's access token")
        .never_says(&token);
}

#[test]
fn without_a_token_or_a_terminal_it_says_how_to_give_one() {
    Lab::new()
        .run(["token"])
        .exits(1)
        .says("error[missing-input]: there is no token to ask about")
        .says("LCRUN_SECRET_access_token")
        .says("lcrun token -");
}

#[test]
fn what_is_no_token_or_no_input_is_not_sent() {
    let lab = Lab::new();
    lab.run(["token", "--secret", "access_token=Bearer abcdefgh12"])
        .exits(1)
        .says("without `Bearer`")
        .never_says("abcdefgh12");
    lab.run(["token", "--secret", "acces_token=abcdefgh12"])
        .exits(1)
        .says("did you mean `access_token`?")
        .never_says("abcdefgh12");
}

#[test]
fn a_server_that_is_not_there_is_no_refusal() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("accounts_url=http://{}", free.local_addr().unwrap());
    drop(free);
    Lab::new()
        .run([
            "token",
            "--secret",
            "access_token=dal:abcdefgh12",
            "--variable",
            &server,
        ])
        .exits(3)
        .says("error[request-failed]")
        .never_says("abcdefgh12");
}

#[test]
fn an_environment_that_starts_its_own_sandbox_cant_be_asked() {
    let lab = Lab::with_collections();
    let token = "access_token=dal:abcdefgh12";
    lab.run([
        "token",
        "--secret",
        token,
        "--env",
        "sandbox",
        "collections/token-info.yaml",
    ])
    .exits(1)
    .says("the environment `sandbox` names no server");
    lab.run([
        "token",
        "--secret",
        token,
        "--env",
        "lve",
        "collections/token-info.yaml",
    ])
    .exits(1)
    .says("it has `sandbox` and `live`");
}
