//! Snapshots as a run meets them: compared, written, told.

use crate::lab::{Lab, Ran};
use crate::raw_server::{Answer, RawServer, response};

/// A collection of one step whose response is what the server says.
fn lab_of(server: &RawServer, snapshot: &str) -> Lab {
    let lab = Lab::new();
    lab.write(
        "c/a.yaml",
        &format!(
            "name: A\nsteps:\n  - name: Look\n    request: {{ url: \"{}\" }}\n    snapshot: {snapshot}\n",
            server.url("/")
        ),
    );
    lab
}

/// A server that gives these bodies, one after the other.
fn json_server(bodies: &[&str]) -> RawServer {
    let bodies: Vec<String> = bodies.iter().map(|body| (*body).to_owned()).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    RawServer::start(move |_| {
        let at = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let body = &bodies[at.min(bodies.len() - 1)];
        Answer::Keep(response(
            "200 OK",
            &["Content-Type: application/json"],
            body,
        ))
    })
}

const SNAP: &str = "c/snapshots/a__look.snap";
const PENDING: &str = "c/snapshots/a__look.snap.new";

#[cfg(feature = "sandbox")]
#[test]
fn the_shipped_collections_match_their_snapshots_in_ci() {
    let mut lab = Lab::with_collections();
    lab.variable("CI", "1");
    for _ in 0..3 {
        lab.run(["--unreferenced", "reject", "collections/"])
            .exits(0)
            .never_says("not compared");
    }
}

#[cfg(feature = "sandbox")]
#[test]
fn one_changed_value_fails_exactly_that_step_and_the_diff_shows_it() {
    let mut lab = Lab::with_collections();
    lab.edit(
        "collections/snapshots/agent-flow__token.snap",
        "\"expires_in\": 28800",
        "\"expires_in\": 3600",
    );
    lab.variable("CI", "1");
    let ran = lab.run(["collections/"]);
    ran.exits(4)
        .says("✗ Exchange the code for an access token")
        .says("$.expires_in: 3600 → 28800")
        .says(" passed, 1 failed");
    insta::assert_snapshot!(lab.run(["collections/agent-flow.yaml"]).told());
}

#[cfg(feature = "sandbox")]
#[test]
fn without_snapshots_a_run_writes_pending_ones_and_the_next_one_passes_once_they_are_accepted() {
    let lab = Lab::with_collections();
    let snapshots = lab.path("collections/snapshots");
    let recorded = std::fs::read_dir(&snapshots).unwrap().count();
    std::fs::remove_dir_all(&snapshots).unwrap();
    lab.run(["collections/"])
        .exits(4)
        .says(&format!(" passed, {recorded} failed"));
    let pending = lab.run(["pending", "--json"]);
    assert_eq!(pending.exits(0).stdout.lines().count(), recorded);
    lab.run(["accept"]).exits(0);
    lab.run(["collections/"]).exits(0);
    lab.run(["pending"]).exits(0).never_says(".snap.new");
}

#[test]
fn a_response_that_differs_fails_and_waits_for_a_review_until_it_is_the_same_again() {
    let server = json_server(&[
        r#"{"a":1,"b":2}"#,
        r#"{"b":2,"a":5}"#,
        r#"{ "b": 2, "a": 1.0 }"#,
    ]);
    let lab = lab_of(&server, "true");
    lab.run(["--update=always", "c/a.yaml"])
        .exits(0)
        .says("snapshot written");
    let recorded = lab.read(SNAP);
    assert!(recorded.contains("tool: lcrun") && recorded.contains("\"a\": 1"));
    lab.run(["c/a.yaml"])
        .exits(4)
        .says("$.a: 1 → 5")
        .says("lcrun review");
    assert!(lab.read(PENDING).contains("\"a\": 5"));
    lab.run(["c/a.yaml"]).exits(0);
    assert!(!lab.path(PENDING).exists());
    assert_eq!(lab.read(SNAP), recorded);
}

#[test]
fn nothing_is_written_in_ci_or_with_check() {
    let server = json_server(&[r#"{"a":1}"#]);
    let mut lab = lab_of(&server, "true");
    lab.run(["--check", "c/a.yaml"])
        .exits(4)
        .says("has no snapshot yet")
        .says("\"a\": 1");
    lab.variable("CI", "true");
    lab.run(["c/a.yaml"]).exits(4);
    assert!(!lab.path("c/snapshots").exists());
    lab.run(["--update=new", "c/a.yaml"]).exits(4);
    assert!(lab.path(PENDING).exists());
}

#[test]
fn the_modes_of_update_are_insta_s() {
    // The mode, and what is there after a new and after a changed response.
    for (mode, new_snap, new_pending, changed_snap, changed_pending) in [
        ("no", false, false, "1", false),
        ("new", false, true, "1", true),
        ("unseen", true, false, "1", true),
        ("always", true, false, "2", false),
        ("force", true, false, "2", false),
    ] {
        let flag = format!("--update={mode}");
        let server = json_server(&[r#"{"a":1}"#]);
        let lab = lab_of(&server, "true");
        lab.run([&flag, "c/a.yaml"]);
        assert_eq!(lab.path(SNAP).exists(), new_snap, "{mode}");
        assert_eq!(lab.path(PENDING).exists(), new_pending, "{mode}");

        let server = json_server(&[r#"{"a":1}"#, r#"{"a":2}"#]);
        let mut lab = lab_of(&server, "true");
        lab.run(["--update=always", "c/a.yaml"]).exits(0);
        lab.variable("INSTA_UPDATE", "no")
            .variable("LCRUN_UPDATE", mode);
        lab.run(["c/a.yaml"]);
        assert!(
            lab.read(SNAP).contains(&format!("\"a\": {changed_snap}")),
            "{mode}"
        );
        assert_eq!(lab.path(PENDING).exists(), changed_pending, "{mode}");
    }
    Lab::new()
        .run(["--update=sometimes", "x.yaml"])
        .exits(1)
        .says("sometimes");
}

#[test]
fn additions_pass_where_only_breaking_changes_fail() {
    let server = json_server(&[
        r#"{"a":1}"#,
        r#"{"a":1,"b":2}"#,
        r#"{"a":1,"b":2}"#,
        r#"{"b":2}"#,
    ]);
    let lab = lab_of(&server, "true");
    lab.run(["--update=always", "c/a.yaml"]).exits(0);
    lab.run(["--fail-on", "breaking", "c/a.yaml"])
        .exits(0)
        .says("1 addition (additions pass)");
    lab.run(["c/a.yaml"]).exits(4).says("+ $.b: 2");
    lab.run(["--fail-on", "breaking", "c/a.yaml"])
        .exits(4)
        .says("- $.a");
}

#[test]
fn a_typed_redaction_still_checks_the_type() {
    let server = json_server(&[
        r#"{"id":"0b0e9a3c-93cf-4a5e-9d6c-6a5f0c3b7a11","n":1,"t":null}"#,
        r#"{"id":"9f0f6dd6-1b1e-4a5e-9d6c-6a5f0c3b7a22","n":2,"t":"2026-01-01T00:00:00Z"}"#,
        r#"{"id":"not-a-uuid","n":3,"t":null}"#,
    ]);
    let lab = lab_of(
        &server,
        "{ redact: { id: uuid, $.n: integer, t: rfc3339? } }",
    );
    lab.run(["--update=always", "c/a.yaml"]).exits(0);
    assert!(lab.read(SNAP).contains("\"id\": \"[uuid]\""));
    lab.run(["c/a.yaml"]).exits(0);
    lab.run(["c/a.yaml"])
        .exits(4)
        .says("$.id")
        .says("not-a-uuid")
        .never_says("$.n");
}

#[test]
fn a_rule_that_matches_nothing_is_warned_about() {
    let server = json_server(&[r#"{"id":1}"#]);
    let lab = lab_of(&server, "{ redact: { idd: integer } }");
    lab.run(["--update=always", "c/a.yaml"])
        .exits(0)
        .says("warning[unmatched-rule]")
        .says("c/a.yaml:5:27");
}

#[test]
fn snapshots_belong_to_the_first_environment_unless_another_one_says_so() {
    let server = json_server(&[r#"{"a":1}"#]);
    let lab = lab_of(&server, "true");
    lab.edit(
        "c/a.yaml",
        "steps:",
        "environments: { one: {}, two: {}, three: { snapshots: true } }\nsteps:",
    );
    lab.run(["--env", "two", "c/a.yaml"])
        .exits(0)
        .says("snapshot not compared (environment two)");
    assert!(!lab.path("c/snapshots").exists());
    lab.run(["--env", "three", "--update=always", "c/a.yaml"])
        .exits(0);
    assert!(lab.path("c/snapshots/three/a__look.snap").exists());
    lab.run(["--update=always", "c/a.yaml"]).exits(0);
    assert!(lab.path(SNAP).exists());
    lab.run(["--unreferenced", "reject", "c/a.yaml"]).exits(0);
}

#[test]
fn a_snapshot_that_no_step_owns_is_found_and_only_ours_is_ever_deleted() {
    let server = json_server(&[r#"{"a":1}"#]);
    let lab = lab_of(&server, "true");
    lab.run(["--update=always", "c/a.yaml"]).exits(0);
    lab.write(
        "c/snapshots/insta__own.snap",
        "---\nsource: tests/x.rs\nexpression: x\n---\n1\n",
    );
    lab.edit(
        "c/a.yaml",
        "    snapshot: true",
        "    id: other\n    snapshot: true",
    );
    lab.run(["--unreferenced", "warn", "--update=always", "c/a.yaml"])
        .exits(0)
        .says("a__look.snap: no step owns this snapshot");
    lab.run(["--unreferenced", "reject", "c/a.yaml"]).exits(4);
    lab.run(["--unreferenced", "delete", "c/a.yaml"])
        .exits(0)
        .says("deleted");
    assert!(!lab.path(SNAP).exists() && lab.path("c/snapshots/insta__own.snap").exists());
    assert!(lab.path("c/snapshots/a__other.snap").exists());
}

#[test]
fn standard_input_needs_a_folder_for_its_snapshots() {
    let server = json_server(&[r#"{"a":1}"#]);
    let lab = lab_of(&server, "true");
    let text = lab.read("c/a.yaml");
    lab.run_with_input(["-"], &text)
        .exits(0)
        .says("give --snapshot-dir");
    lab.run_with_input(["--snapshot-dir", "s", "--update=always", "-"], &text)
        .exits(0);
    assert!(lab.path("s/stdin__look.snap").exists());
}

#[test]
fn two_collections_that_would_share_a_snapshot_are_an_error() {
    let server = json_server(&[r#"{"a":1}"#]);
    let lab = lab_of(&server, "true");
    lab.write("c/a.yml", &lab.read("c/a.yaml"));
    lab.run(["c"])
        .exits(1)
        .says("would share the snapshot")
        .says("a__look.snap");
}

#[test]
fn a_broken_snapshot_file_is_an_error_and_is_left_alone() {
    let server = json_server(&[r#"{"a":1}"#]);
    let lab = lab_of(&server, "true");
    lab.write(SNAP, "no header at all\n");
    lab.run(["--update=always", "c/a.yaml"])
        .exits(4)
        .says("error[snapshot-file]");
    assert_eq!(lab.read(SNAP), "no header at all\n");
}

#[test]
fn a_snapshot_stops_nothing_and_a_failed_check_is_not_recorded() {
    let server = json_server(&[r#"{"a":1}"#]);
    let lab = lab_of(&server, "true");
    let more = format!(
        "  - name: Next\n    request: {{ url: \"{}\" }}\n    assert: [body.a == 2]\n    snapshot: true\n",
        server.url("/")
    );
    lab.write("c/a.yaml", &(lab.read("c/a.yaml") + &more));
    let ran: Ran = lab.run(["c/a.yaml"]);
    ran.exits(4)
        .says("✗ Look")
        .says("✗ Next")
        .says("`body.a == 2` does not hold");
    assert!(lab.path(PENDING).exists() && !lab.path("c/snapshots/a__next.snap.new").exists());
}

#[test]
fn no_form_of_a_token_is_in_any_file_although_nothing_captured_it() {
    use base64::Engine as _;

    let token = "tok/en+with:all~of~it";
    let encoded = base64::engine::general_purpose::STANDARD.encode(token);
    let form: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let body = serde_json::json!({
        "access_token": token, "again": format!("it is {token}!"), "encoded": encoded, "form": form,
    });
    let body = body.to_string();
    let server = RawServer::start(move |_| {
        let fields = [
            "Content-Type: application/json",
            "Set-Cookie: sid=cookie-secret-42",
        ];
        Answer::Keep(response("200 OK", &fields, &body))
    });
    let lab = lab_of(&server, "{ headers: [content-type, set-cookie] }");
    lab.run(["-vv", "c/a.yaml"]).exits(4);
    lab.run([
        "--update=always",
        "--report-junit",
        "report.xml",
        "c/a.yaml",
    ])
    .exits(0);
    for file in [SNAP, "report.xml", "c/a.yaml"] {
        let text = lab.read(file);
        for secret in [token, &encoded, &form, "cookie-secret-42"] {
            assert!(!text.contains(secret), "{file} holds {secret}:\n{text}");
        }
    }
    assert!(lab.read(SNAP).contains("it is [access_token]!"));
    lab.run(["c/a.yaml"]).exits(0);
}
