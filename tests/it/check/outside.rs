//! Values from outside that nobody meant to send: told with who gave them, and never shown.

use crate::lab::{Lab, Ran};

const TOKEN: &str = "name: A token
inputs: { base_url: http://127.0.0.1:9, access_token: , client_id: x, agent_pat: none }
steps:
  - name: Look
    request:
      url: \"{{ base_url }}/{{ client_id }}/{{ agent_pat | length }}\"
      auth: { bearer: \"{{ access_token }}\" }
";

const ENCODED: &str = "dal%3Ak0FTiZgtBkTLnzXlatwt6Fgvpp4";

fn check(lab: &Lab, more: &[&str]) -> Ran {
    lab.write("a.yaml", TOKEN);
    let ran = lab.run(["check", "a.yaml"].iter().chain(more));
    ran.never_says("k0FTiZ");
    ran
}

#[test]
fn a_doubtful_value_is_told_with_who_gave_it() {
    let secret = format!("access_token={ENCODED}");
    check(&Lab::new(), &["--secret", &secret])
        .exits(0)
        .says("warning[percent-encoded-token]: --secret: `access_token` holds `%3A`");
    let mut lab = Lab::new();
    lab.variable("LCRUN_SECRET_access_token", ENCODED);
    check(&lab, &[])
        .exits(0)
        .says("LCRUN_SECRET_access_token: `access_token` holds `%3A`");
    let lab = Lab::new();
    lab.write(
        ".env",
        &format!("# mine\nclient_id=YOUR_CLIENT_ID\n{secret}\n"),
    );
    check(&lab, &[])
        .exits(0)
        .says(".env:2: `client_id` is a placeholder")
        .says(".env:3: `access_token` holds `%3A`");
    check(&lab, &["--deny", "warnings"])
        .exits(2)
        .says("2 errors");
}

#[test]
fn a_value_that_does_not_count_is_not_told() {
    let lab = Lab::new();
    lab.write(
        ".env",
        &format!("access_token={ENCODED}\nelsewhere=YOUR_X_HERE\n"),
    );
    check(&lab, &["--secret", "access_token=dal:fine"])
        .exits(0)
        .never_says("warning");
}

#[test]
fn a_personal_access_token_for_an_access_token_is_told() {
    let same = [
        "--secret",
        "access_token=dal:abcdef12",
        "--secret",
        "agent_pat=dal:abcdef12",
    ];
    check(&Lab::new(), &same)
        .exits(0)
        .says("--secret: `access_token` is a personal access token")
        .never_says("abcdef12");
    let pair = "access_token=0c2a5b9e-6d0b-4f0e-9a39-0f6c3d6f9a11:dal:abc";
    check(&Lab::new(), &["--secret", pair])
        .exits(0)
        .says("`access_token` is a personal access token");
}

#[test]
fn a_step_that_means_it_silences_it() {
    let lab = Lab::new();
    let meant = TOKEN.replace(
        "    request:",
        "    allow: [percent-encoded-token]\n    request:",
    );
    lab.write("b.yaml", &meant);
    lab.run([
        "check",
        "b.yaml",
        "--secret",
        &format!("access_token={ENCODED}"),
    ])
    .exits(0)
    .never_says("warning");
}
