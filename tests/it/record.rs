//! `lcrun record`: what changes from run to run, and the rules that are written.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::lab::{Lab, settle};
use crate::raw_server::{Answer, RawServer, response};
use crate::tutorials;

/// The shipped collections, as if nobody had written a `redact` or recorded a snapshot yet; those that
/// have rules of their own are left out.
fn without_redactions() -> Lab {
    let lab = Lab::with_collections();
    let shared = "collections/sandbox.yaml";
    let text = lab.read(shared);
    let (kept, redactions) = text.split_once("  snapshot:\n    redact:\n").unwrap();
    // They are the end of the file.
    assert!(redactions.lines().all(|line| line.starts_with("      ")));
    lab.write(shared, kept);
    std::fs::remove_dir_all(lab.path("collections/snapshots")).unwrap();
    for file in files(&lab.path("collections")) {
        if std::fs::read_to_string(&file).unwrap().contains("redact:") {
            std::fs::remove_file(file).unwrap();
        }
    }
    lab
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

/// Runs a collection ten times as CI does.
fn passes_ten_times(lab: &mut Lab, path: &str) {
    lab.variable("CI", "1");
    for _ in 0..10 {
        lab.run([path]).exits(0);
    }
}

#[test]
fn the_tutorial_without_redactions_passes_ten_times_once_it_was_recorded() {
    let mut lab = without_redactions();
    let path = "collections/agent-flow.yaml";
    lab.edit(
        path,
        "    snapshot: true\n",
        "    snapshot: true  # the token\n",
    );
    lab.edit(
        path,
        "    show: response\n",
        "    # the end\n    show: response\n",
    );
    let before = lab.read(path);
    let ran = lab.run(["record", "--write", path]);
    insta::assert_snapshot!(ran.told());

    let after = lab.read(path);
    assert!(after.contains("redact:"), "{after}");
    let mut lines = after.lines();
    for line in before.lines() {
        let stays = line.replace("snapshot: true", "snapshot:");
        assert!(
            lines.any(|other| other == line || other == stays),
            "`{line}` is lost:\n{after}"
        );
    }
    passes_ten_times(&mut lab, path);
}

#[test]
fn every_tutorial_without_rules_of_its_own_can_be_recorded() {
    let names = tutorials::names();
    let there = without_redactions();
    let kept = names
        .iter()
        .map(|name| format!("collections/{name}.yaml"))
        .filter(|path| there.path(path).exists());
    let kept: Vec<String> = kept.collect();
    assert!(kept.len() > 8);
    for path in kept {
        let mut lab = without_redactions();
        if !lab.read(&path).contains("snapshot:") {
            continue;
        }
        lab.run(["record", "--write", "--times", "3", &path])
            .exits(0)
            .says("a further run passed");
        lab.variable("CI", "1");
        lab.run([&path]).exits(0);
    }
}

#[test]
fn without_write_the_rules_are_only_shown() {
    let lab = without_redactions();
    let path = "collections/agent-flow.yaml";
    let before = lab.read(path);
    lab.run(["record", path])
        .exits(0)
        .says("+       redact:")
        .says("nothing was written; `--write` writes these rules");
    assert_eq!(lab.read(path), before);
    assert!(!lab.path("collections/snapshots").exists());
}

#[test]
fn nothing_is_recorded_of_a_collection_that_does_not_pass() {
    let lab = without_redactions();
    let path = "collections/agent-flow.yaml";
    lab.edit(path, "body.expires_in == 28800", "body.expires_in == 1");
    let before = lab.read(path);
    lab.run(["record", "--write", path])
        .exits(4)
        .says("body.expires_in == 1")
        .says("does not pass; only what passes can be recorded");
    assert_eq!(lab.read(path), before);
    assert!(!lab.path("collections/snapshots").exists());

    lab.write("broken.yaml", "name: x\nsteps: [\n");
    lab.run(["record", "broken.yaml"]).exits(2);
    lab.run(["record", "collections"])
        .exits(1)
        .says("is not a file");
}

#[test]
fn no_secret_is_recorded_or_shown() {
    let lab = without_redactions();
    let path = "collections/agent-flow.yaml";
    let ran = lab.run(["record", "--write", path]);
    let snapshots = files(&lab.path("collections/snapshots"));
    let recorded = snapshots
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap());
    let all: String = recorded.chain([ran.stdout, ran.stderr]).collect();
    assert!(all.contains("[access_token]"), "{all}");
    let token = regex::Regex::new(r"(dal|fra)(:|%3A)[A-Za-z0-9_-]{6}").unwrap();
    assert!(!token.is_match(&all), "{all}");
}

/// A server whose answers change: some values with every request, some now and then.
fn restless() -> RawServer {
    let count = AtomicU32::new(0);
    RawServer::start(move |_| {
        let n = count.fetch_add(1, Ordering::SeqCst);
        let is_even = n.is_multiple_of(2);
        let id = |n: u32| format!("919108f7-52d1-4320-9bac-{n:012}");
        let mut rows = [
            format!(r#"{{"id":1,"seen":{n}}}"#),
            r#"{"id":2}"#.to_owned(),
        ];
        if is_even {
            rows.reverse();
        }
        let body = format!(
            r#"{{"id":"{}","at":"2026-11-22T10:{:02}:{:02}Z","kind":"fixed","owner":{{"id":"{}"}},
            "day":{},"mixed":{},"slow":{},"rows":[{}],"tags":[{}],"page":"Q{n}"}}"#,
            id(n),
            n / 60,
            n % 60,
            id(n + 7),
            if is_even { "null" } else { "\"2026-11-22\"" },
            if is_even { "1" } else { "\"x\"" },
            n / 9,
            rows.join(","),
            vec!["0"; n as usize % 4].join(","),
        );
        let field = format!("x-request-id: {}", id(n));
        Answer::Keep(response("200 OK", &[&field], &body))
    })
}

#[test]
fn rules_are_added_until_nothing_differs_in_whatever_form_a_snapshot_is_written() {
    let server = restless();
    let mut lab = Lab::new();
    let text = "\
# A restless server.
name: Restless
steps:
    - name: In a block
      request: { url: URL }   # GET
      snapshot: true          # all of it

    - { name: In braces, request: { url: URL }, snapshot: true }  # short
    # The last one.
    - name: A group
      steps:
          - name: With a header
            request:
                url: URL
            snapshot:
                headers: [x-request-id]
                redact: { id: uuid }   # known
";
    lab.write("a.yaml", &text.replace("URL", &server.url("/")));
    let ran = lab.run(["record", "--write", "a.yaml"]);
    ran.exits(0).says("a further run passed");
    insta::assert_snapshot!(settle(&lab.read("a.yaml")));
    passes_ten_times(&mut lab, "a.yaml");
}

#[test]
fn a_wrong_rule_by_path_is_mended() {
    let server = restless();
    let mut lab = Lab::new();
    let text = "\
name: Wrong
steps:
  - name: One
    request: { url: URL }
    snapshot: { only: [$.owner], redact: { $.owner.id: date } }  # a day?
";
    lab.write("a.yaml", &text.replace("URL", &server.url("/")));
    lab.run(["record", "--write", "a.yaml"]).exits(0);
    let after = lab.read("a.yaml");
    assert!(after.contains("$.owner.id: uuid"), "{after}");
    assert!(after.contains("# a day?"), "{after}");
    passes_ten_times(&mut lab, "a.yaml");
}

#[test]
fn what_no_rule_helps_with_is_told() {
    let count = AtomicU32::new(0);
    let server = RawServer::start(move |_| {
        let n = count.fetch_add(1, Ordering::SeqCst);
        Answer::Keep(response(
            "200 OK",
            &["content-type: text/plain"],
            n.to_string(),
        ))
    });
    let lab = Lab::new();
    let text =
        "name: Text\nsteps:\n  - name: Count\n    request: { url: URL }\n    snapshot: true\n";
    let text = text.replace("URL", &server.url("/"));
    lab.write("a.yaml", &text);
    lab.run(["record", "a.yaml"])
        .exits(0)
        .says("not recorded as JSON, whose values alone can be redacted");
    lab.run(["record", "--write", "a.yaml"])
        .exits(4)
        .says("no rule can make `a.yaml` the same in every run; no snapshot was recorded");
    assert_eq!(lab.read("a.yaml"), text);
    assert!(!lab.path("snapshots").exists());

    lab.edit("a.yaml", "    snapshot: true\n", "");
    lab.run(["record", "a.yaml"])
        .exits(1)
        .says("no step of `a.yaml` takes a snapshot");
}

#[test]
fn what_an_alias_brings_in_is_left_to_the_author() {
    let server = restless();
    let lab = Lab::new();
    let text = "\
x-shared: &shared { headers: [] }
name: Shared
steps:
  - name: One
    request: { url: URL }
    snapshot: *shared
";
    let text = text.replace("URL", &server.url("/"));
    lab.write("a.yaml", &text);
    lab.run(["record", "--write", "a.yaml"])
        .exits(1)
        .says("redact at: rfc3339")
        .says("the `snapshot` of `one` must be edited by hand, nothing was written: an alias");
    assert_eq!(lab.read("a.yaml"), text);
}

#[test]
fn an_environment_that_compares_no_snapshots_gets_rules_alone() {
    let server = restless();
    let lab = Lab::new();
    let text = "\
name: Environments
environments:
  local: { url: 'http://127.0.0.1:1' }
  live: { url: 'URL' }
steps:
  - name: One
    request: { url: '{{ url }}' }
    snapshot: true
";
    lab.write("a.yaml", &text.replace("URL", &server.url("/")));
    lab.run(["record", "--write", "--env", "live", "a.yaml"])
        .exits(0)
        .says("no snapshot was recorded: environment live");
    assert!(lab.read("a.yaml").contains("at: rfc3339"));
    assert!(!lab.path("snapshots").exists());
}
