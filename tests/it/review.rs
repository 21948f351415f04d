//! `lcrun review` in a terminal, and `accept`, `reject` and `pending` without one.

use lcrun::snapshot::file::{Header, SnapshotFile};
use lcrun::snapshot::store;

use crate::lab::Lab;

const COLLECTION: &str = "\
name: Tokens
steps:
  - name: Exchange the code
    id: token
    description: |
      The code is good for one exchange,
      within a few minutes.
    request: { method: POST, url: \"http://127.0.0.1:1/v2/token\" }
  - name: List chats
    request: { url: \"http://127.0.0.1:1/chats\" }
  - name: Third
    request: { url: \"http://127.0.0.1:1/third\" }
  - name: Fourth
    request: { url: \"http://127.0.0.1:1/fourth\" }
  - name: Fifth
    request: { url: \"http://127.0.0.1:1/fifth\" }
";

/// A collection with five steps and their snapshots.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("collections/tokens.yaml", COLLECTION);
    lab
}

/// Writes a snapshot, pending if its name ends with `.new`.
fn record(lab: &Lab, file: &str, name: &str, contents: &str) {
    let (stem, suffix) = file.split_once('.').unwrap();
    let pending = suffix == "snap.new";
    let snapshot = SnapshotFile {
        header: Header {
            source: "collections/tokens.yaml".to_owned(),
            assertion_line: pending.then_some(3),
            description: name.to_owned(),
            expression: "POST {{ url }}/v2/token".to_owned(),
            step: stem.split_once("__").unwrap().1.to_owned(),
        },
        contents: contents.to_owned(),
    };
    store::write(&lab.path("collections/snapshots").join(file), &snapshot).unwrap();
}

const OLD: &str = "HTTP/1.1 200\n\n{\n  \"expires_in\": 3600,\n  \"scope\": \"chats--all:ro\"\n}";
const NEW: &str = "HTTP/1.1 200\n\n{\n  \"expires_in\": 28800,\n  \"scope\": \"chats--all:ro\"\n}";

fn changed(lab: &Lab) {
    record(lab, "tokens__token.snap", "Exchange the code", OLD);
    record(lab, "tokens__token.snap.new", "Exchange the code", NEW);
}

fn is_pending(lab: &Lab, step: &str) -> bool {
    let file = format!("collections/snapshots/tokens__{step}.snap.new");
    lab.path(file).exists()
}

fn accepted(lab: &Lab, step: &str) -> Option<String> {
    let file = lab.path(format!("collections/snapshots/tokens__{step}.snap"));
    store::read(&file).unwrap().map(|file| file.contents)
}

#[test]
fn without_a_terminal_review_names_the_other_ways() {
    let lab = lab();
    changed(&lab);
    lab.run(["review"])
        .exits(1)
        .says("needs a terminal")
        .says("`lcrun pending`, `lcrun accept` or `lcrun reject`");
    assert!(is_pending(&lab, "token"));
}

#[test]
fn pending_lists_the_file_the_place_and_the_step() {
    let lab = lab();
    changed(&lab);
    record(&lab, "tokens__list_chats.snap.new", "List chats", "x");
    let ran = lab.run(["pending"]);
    insta::assert_snapshot!(ran.told(), @r"
    collections/snapshots/tokens__list_chats.snap.new  collections/tokens.yaml:3  list_chats
    collections/snapshots/tokens__token.snap.new       collections/tokens.yaml:3  token
    exit 0
    ");
}

#[test]
fn pending_for_programs_is_one_object_a_line() {
    let lab = lab();
    changed(&lab);
    record(&lab, "tokens__list_chats.snap.new", "List chats", "x");
    let ran = lab.run(["pending", "--json", "collections/tokens.yaml"]);
    let lines: Vec<serde_json::Value> = ran
        .exits(0)
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[1],
        serde_json::json!({
            "path": "collections/snapshots/tokens__token.snap.new",
            "collection": "collections/tokens.yaml",
            "line": 3,
            "step": "token",
            "name": "Exchange the code",
            "request": "POST {{ url }}/v2/token",
            "new": false,
        })
    );
    assert_eq!(lines[0]["new"], true);
}

#[test]
fn accept_takes_all_or_those_of_the_steps_that_were_named() {
    let lab = lab();
    changed(&lab);
    record(&lab, "tokens__list_chats.snap.new", "List chats", "x");
    lab.run(["accept", "--only", "List chats"])
        .exits(0)
        .says("accepted collections/snapshots/tokens__list_chats.snap\n");
    assert_eq!(accepted(&lab, "list_chats").unwrap(), "x");
    assert!(is_pending(&lab, "token"));
    lab.run(["accept", "collections"])
        .exits(0)
        .says("accepted collections/snapshots/tokens__token.snap\n");
    assert_eq!(accepted(&lab, "token").unwrap(), NEW);
    assert!(!is_pending(&lab, "token"));
}

#[test]
fn reject_throws_the_pending_ones_away_and_keeps_what_was_accepted() {
    let lab = lab();
    changed(&lab);
    record(&lab, "tokens__list_chats.snap.new", "List chats", "x");
    lab.run(["reject", "collections/tokens.yaml"]).exits(0);
    assert!(!is_pending(&lab, "token") && !is_pending(&lab, "list_chats"));
    assert_eq!(accepted(&lab, "token").unwrap(), OLD);
    assert_eq!(accepted(&lab, "list_chats"), None);
}

#[test]
fn nothing_to_do_is_no_failure_but_a_step_that_is_not_there_is() {
    let lab = lab();
    for command in ["pending", "accept", "reject"] {
        lab.run([command]).exits(0).says("no snapshot is pending");
    }
    changed(&lab);
    for (command, code) in [("pending", 0), ("accept", 1), ("reject", 1)] {
        lab.run([command, "--only", "tokn"])
            .exits(code)
            .says("no snapshot of `tokn` is pending; did you mean `token`?");
    }
    let json = lab.run(["pending", "--json", "--only", "tokn"]);
    assert_eq!(json.exits(0).stdout, "");
    assert!(is_pending(&lab, "token"));
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let lab = lab();
    for command in ["pending", "accept", "reject"] {
        lab.run([command, "nowhere"])
            .exits(1)
            .says("can't read `nowhere`");
    }
}

#[test]
fn a_snapshot_that_can_not_be_accepted_keeps_no_other_back() {
    let lab = lab();
    changed(&lab);
    record(&lab, "tokens__list_chats.snap.new", "List chats", "x");
    // Something else wrote what stands in its place.
    lab.write(
        "collections/snapshots/tokens__list_chats.snap",
        "---\nsource: src/lib.rs\nexpression: x\n---\n1\n",
    );
    lab.run(["accept"])
        .exits(1)
        .says("accepted collections/snapshots/tokens__token.snap\n")
        .says("tokens__list_chats.snap` is not a snapshot that lcrun can use")
        .says("1 of 2 could not be accepted");
    assert!(is_pending(&lab, "list_chats"));
}

#[cfg(unix)]
mod terminal {
    use super::*;
    use crate::pty::Pty;

    /// `lcrun review` in a terminal of 30 rows and 100 columns.
    fn review(lab: &Lab, args: &[&str]) -> Pty {
        let mut command = lab.command();
        command.arg("review").args(args);
        Pty::spawn(command, 30, 100)
    }

    const KEYS: &str = "leave";

    #[test]
    fn each_snapshot_is_shown_with_its_step_and_what_differs() {
        let lab = lab();
        changed(&lab);
        let mut terminal = review(&lab, &[]);
        let screen = terminal.shows(KEYS);
        for part in [
            "Reviewing 1 of 1",
            "collections/tokens.yaml:3  Tokens",
            "token  Exchange the code",
            "POST {{ url }}/v2/token",
            "The code is good for one exchange, within a few minutes.",
            "changed: value diff",
            "  $.expires_in: 3600 → 28800",
        ] {
            assert!(screen.contains(part), "no `{part}` in:\n{screen}");
        }
        terminal.press("q");
        terminal.shows("1 is still pending");
        assert_eq!(terminal.ends(), 0);
        assert!(is_pending(&lab, "token"));
    }

    #[test]
    fn one_is_accepted_one_rejected_one_skipped_and_the_rest_accepted() {
        let lab = lab();
        for (step, name) in [
            ("a_token", "Exchange the code"),
            ("b_list", "List chats"),
            ("c_third", "Third"),
            ("d_fourth", "Fourth"),
            ("e_fifth", "Fifth"),
        ] {
            record(&lab, &format!("tokens__{step}.snap.new"), name, name);
        }
        let mut terminal = review(&lab, &["collections"]);
        for (number, key) in [
            ("1 of 5", "a"),
            ("2 of 5", "r"),
            ("3 of 5", "s"),
            ("4 of 5", "A"),
        ] {
            terminal.shows(number);
            let screen = terminal.shows(KEYS);
            assert!(screen.contains("new: the step has no snapshot yet"));
            terminal.press(key);
        }
        let summary = terminal.shows("1 is still pending; `lcrun review` shows it again");
        for part in [
            "accepted collections/snapshots/tokens__a_token.snap",
            "rejected collections/snapshots/tokens__b_list.snap",
            "skipped collections/snapshots/tokens__c_third.snap",
            "accepted collections/snapshots/tokens__d_fourth.snap",
            "accepted collections/snapshots/tokens__e_fifth.snap",
        ] {
            assert!(summary.contains(part), "no `{part}` in:\n{summary}");
        }
        assert_eq!(terminal.ends(), 0);
        assert!(terminal.is_as_found());
        assert_eq!(
            accepted(&lab, "a_token").as_deref(),
            Some("Exchange the code")
        );
        assert_eq!(accepted(&lab, "b_list"), None);
        assert_eq!(accepted(&lab, "c_third"), None);
        assert_eq!(accepted(&lab, "d_fourth").as_deref(), Some("Fourth"));
        assert_eq!(accepted(&lab, "e_fifth").as_deref(), Some("Fifth"));
        for (step, is_left) in [("a_token", false), ("b_list", false), ("c_third", true)] {
            assert_eq!(is_pending(&lab, step), is_left);
        }
    }

    #[test]
    fn enter_escape_and_space_do_what_their_letters_do() {
        let lab = lab();
        for step in ["a_one", "b_two", "c_three"] {
            record(&lab, &format!("tokens__{step}.snap.new"), "Third", "x");
        }
        let mut terminal = review(&lab, &[]);
        for key in ["\r", "\u{1b}", " "] {
            terminal.shows(KEYS);
            terminal.press(key);
        }
        let summary = terminal.shows("still pending");
        assert!(summary.contains("accepted collections/snapshots/tokens__a_one.snap"));
        assert!(summary.contains("rejected collections/snapshots/tokens__b_two.snap"));
        assert!(summary.contains("skipped collections/snapshots/tokens__c_three.snap"));
        assert_eq!(terminal.ends(), 0);
    }

    #[test]
    fn the_rest_can_be_rejected_or_skipped_at_once() {
        for (key, left) in [("R", 0), ("S", 3)] {
            let lab = lab();
            for step in ["a_one", "b_two", "c_three"] {
                record(&lab, &format!("tokens__{step}.snap.new"), "Third", "x");
            }
            let mut terminal = review(&lab, &[]);
            terminal.shows(KEYS);
            terminal.press(key);
            terminal.shows("tokens__c_three.snap");
            assert_eq!(terminal.ends(), 0);
            let steps = ["a_one", "b_two", "c_three"];
            let pending = steps.iter().filter(|step| is_pending(&lab, step));
            assert_eq!(pending.count(), left);
        }
    }

    #[test]
    fn d_shows_the_values_the_lines_the_old_and_the_new_one_by_turns() {
        let lab = lab();
        changed(&lab);
        let mut terminal = review(&lab, &[]);
        terminal.shows("changed: value diff");
        terminal.shows(KEYS);
        terminal.press("d");
        terminal.shows("changed: line diff");
        let lines = terminal.shows(KEYS);
        assert!(lines.contains("-   \"expires_in\": 3600,"), "{lines}");
        assert!(lines.contains("+   \"expires_in\": 28800,"), "{lines}");
        terminal.press("d");
        terminal.shows("changed: old");
        let old = terminal.shows(KEYS);
        assert!(old.contains("3600") && !old.contains("28800"), "{old}");
        terminal.press("d");
        terminal.shows("changed: new");
        let new = terminal.shows(KEYS);
        assert!(!new.contains("3600") && new.contains("28800"), "{new}");
        terminal.press("d");
        terminal.shows("changed: value diff");
        terminal.press("q");
        assert_eq!(terminal.ends(), 0);
    }

    #[test]
    fn what_is_longer_than_the_terminal_can_be_moved() {
        let lab = lab();
        let lines: String = (1..=500).map(|n| format!("line {n} of it\n")).collect();
        record(&lab, "tokens__token.snap.new", "Exchange the code", &lines);
        let mut terminal = review(&lab, &[]);
        let first = terminal.shows("of 500 · ↑ ↓ PgUp PgDn Home End");
        assert!(first.contains("line 1 of it") && !first.contains("line 499 of it"));
        terminal.press("\u{1b}[F");
        terminal.shows("line 500 of it");
        terminal.press("\u{1b}[H");
        terminal.shows("line 1 of it");
        terminal.shows(KEYS);
        terminal.press("\u{1b}[6~");
        let second = terminal.shows("PgDn Home End");
        assert!(!second.contains("line 1 of it"));
        terminal.press("q");
        assert_eq!(terminal.ends(), 0);
    }

    #[test]
    fn o_opens_the_collection_at_the_step_in_a_terminal_that_is_as_it_was() {
        use std::os::unix::fs::PermissionsExt;

        let mut lab = lab();
        changed(&lab);
        lab.write(
            "bin/vi",
            "#!/bin/sh\necho \"$@\" > opened\nstty -a > mode\n",
        );
        let editor = lab.path("bin/vi");
        std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755)).unwrap();
        lab.variable("EDITOR", "nobody-asks-for-this-one");
        lab.variable("VISUAL", editor.to_str().unwrap());
        lab.variable("PATH", "/usr/bin:/bin");
        // The step has moved since the snapshot was recorded.
        lab.edit(
            "collections/tokens.yaml",
            "name: Tokens\n",
            "name: Tokens\n\n\n",
        );
        let mut terminal = review(&lab, &[]);
        terminal.shows(KEYS);
        terminal.press("o");
        terminal.shows("collections/tokens.yaml:5");
        terminal.shows(KEYS);
        terminal.press("q");
        assert_eq!(terminal.ends(), 0);
        assert_eq!(lab.read("opened").trim(), "+5 collections/tokens.yaml");
        let mode = lab.read("mode");
        for flag in ["icanon", "echo", "isig"] {
            let mut flags = mode.split_whitespace();
            assert!(flags.any(|on| on == flag), "no `{flag}` in:\n{mode}");
        }
    }

    #[test]
    fn without_an_editor_o_says_what_to_set() {
        let lab = lab();
        changed(&lab);
        let mut terminal = review(&lab, &[]);
        terminal.shows(KEYS);
        terminal.press("o");
        terminal.shows("set `EDITOR` to open `collections/tokens.yaml:3`");
        terminal.press("q");
        assert_eq!(terminal.ends(), 0);
    }

    #[test]
    fn ctrl_c_leaves_and_the_terminal_is_as_it_was() {
        let lab = lab();
        changed(&lab);
        let mut terminal = review(&lab, &[]);
        terminal.shows(KEYS);
        terminal.press("\u{3}");
        terminal.shows("1 is still pending");
        assert_eq!(terminal.ends(), 130);
        assert!(terminal.is_as_found());
        assert!(is_pending(&lab, "token"));
    }

    #[test]
    fn a_signal_leaves_and_the_terminal_is_as_it_was() {
        let lab = lab();
        changed(&lab);
        let mut terminal = review(&lab, &[]);
        terminal.shows(KEYS);
        terminal.terminate();
        assert_eq!(terminal.ends(), 130);
        assert!(terminal.is_as_found());
    }

    #[test]
    fn a_dumb_terminal_gets_no_codes() {
        let mut lab = lab();
        changed(&lab);
        lab.variable("TERM", "dumb");
        let mut terminal = review(&lab, &[]);
        let screen = terminal.shows(KEYS);
        assert!(!screen.contains('\u{1b}'), "{screen:?}");
        terminal.press("a");
        assert!(!terminal.shows("accepted").contains('\u{1b}'));
        assert_eq!(terminal.ends(), 0);
    }

    #[test]
    fn another_terminal_is_cleared_and_coloured() {
        let mut lab = lab();
        changed(&lab);
        lab.variable("TERM", "xterm");
        let mut terminal = review(&lab, &[]);
        let screen = terminal.shows(KEYS);
        assert!(screen.contains("\u{1b}[2J") && screen.contains("\u{1b}[32m28800"));
        terminal.press("q");
        assert_eq!(terminal.ends(), 0);
        lab.variable("NO_COLOR", "1");
        let mut terminal = review(&lab, &[]);
        let screen = terminal.shows(KEYS);
        assert!(screen.contains("\u{1b}[2J") && !screen.contains("\u{1b}[32m"));
        terminal.press("q");
        assert_eq!(terminal.ends(), 0);
    }

    #[test]
    fn a_collection_that_is_gone_or_broken_keeps_nobody_from_reviewing() {
        let lab = lab();
        changed(&lab);
        lab.write("collections/tokens.yaml", "name: [");
        let mut terminal = review(&lab, &[]);
        let screen = terminal.shows(KEYS);
        assert!(screen.contains("collections/tokens.yaml:3"));
        assert!(screen.contains("28800"));
        terminal.press("a");
        terminal.shows("accepted");
        assert_eq!(terminal.ends(), 0);
        assert_eq!(accepted(&lab, "token").unwrap(), NEW);
    }

    #[test]
    fn with_nothing_pending_review_says_so() {
        let lab = lab();
        let mut terminal = review(&lab, &[]);
        terminal.shows("no snapshot is pending");
        assert_eq!(terminal.ends(), 0);
    }
}
