//! `lcrun check --fix`: what can be mended in one way only, and nothing else.

use std::collections::BTreeMap;

use crate::lab::{Lab, Ran, fixtures};

const BROKEN: &str = "# A comment at the top
name: Broken   # and one behind
steps:
  - name: First
    request:
      url: {{ base_url }}/x   # not quoted
      # a comment above
      query: { a: 1 }
      query: { a: 1 }
    capture:
      id:   '{{ body.id }}'
    assert:
      - \"{{ body.name == \\\"a\\\" && id === 1 }}\"

inputs: { base_url: http://127.0.0.1:9 }
";

const MENDED: &str = "# A comment at the top
name: Broken   # and one behind
steps:
  - name: First
    request:
      url: \"{{ base_url }}/x\"   # not quoted
      # a comment above
      query: { a: 1 }
    capture:
      id:   'body.id'
    assert:
      - \"body.name == \\\"a\\\" and id == 1\"

inputs: { base_url: http://127.0.0.1:9 }
";

#[test]
fn mistakes_are_mended_and_all_else_stays_byte_for_byte() {
    let lab = Lab::new();
    lab.write("a.yaml", BROKEN);
    lab.run(["check", "--fix", "a.yaml"])
        .exits(0)
        .says("mended a.yaml:6:12: put the whole value in quotes (unquoted-template)")
        .says("remove the second one, which says the same (duplicate-key)")
        .says("checked 1 collection: nothing is wrong");
    assert_eq!(lab.read("a.yaml"), MENDED);
    let again = lab.run(["check", "--fix", "a.yaml"]);
    assert_eq!(
        again.exits(0).stdout,
        "checked 1 collection: nothing is wrong\n"
    );
}

#[test]
fn line_ends_of_windows_stay() {
    let lab = Lab::new();
    lab.write("a.yaml", &BROKEN.replace('\n', "\r\n"));
    lab.run(["check", "--fix", "a.yaml"]).exits(0);
    assert_eq!(lab.read("a.yaml"), MENDED.replace('\n', "\r\n"));
}

#[test]
fn a_guess_is_shown_and_not_applied() {
    let lab = Lab::new();
    let text = "name: x\nsteps:\n  - name: y\n    request: { ulr: http://a/ }\n";
    lab.write("a.yaml", text);
    lab.run(["check", "--fix", "a.yaml"])
        .exits(2)
        .says("did you mean `url`?")
        .never_says("mended");
    assert_eq!(lab.read("a.yaml"), text);
}

#[test]
fn standard_input_is_printed_mended_and_the_rest_told_beside_it() {
    let ran = Lab::new().run_with_input(["check", "--fix", "-"], BROKEN);
    assert_eq!(ran.exits(0).stdout, MENDED);
    assert!(
        ran.stderr
            .ends_with("checked 1 collection: nothing is wrong\n")
    );
    let fine = Lab::new().run_with_input(["check", "--fix", "-"], MENDED);
    assert_eq!(fine.exits(0).stdout, MENDED);
}

#[test]
fn a_file_that_is_extended_is_mended_once() {
    let lab = Lab::new();
    lab.write(
        "shared.yaml",
        "name: Shared\nvariables: { a: {{ 1 + 1 }} }\n",
    );
    for name in ["a.yaml", "b.yaml"] {
        let text = "name: x\nextends: shared.yaml\nsteps:\n  - { name: y, assert: [a == 2] }\n";
        lab.write(name, text);
    }
    let ran = lab.run(["check", "--fix", "a.yaml", "b.yaml"]);
    ran.exits(0).says("checked 3 collections: nothing is wrong");
    assert_eq!(ran.stdout.matches("mended shared.yaml").count(), 1);
    assert!(lab.read("shared.yaml").contains("a: \"{{ 1 + 1 }}\""));
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt as _;

    let lab = Lab::new();
    lab.write("sub/a.yaml", BROKEN);
    let folder = lab.path("sub");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    // Whoever may write everywhere can't see this.
    let is_root = std::fs::write(folder.join("probe"), "").is_ok();
    let ran = lab.run(["check", "--fix", "sub/a.yaml"]);
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    if !is_root {
        ran.exits(1)
            .says("sub/a.yaml` can't be written")
            .never_says("mended");
        assert_eq!(lab.read("sub/a.yaml"), BROKEN);
    }
}

/// Of every broken and every doubtful collection, what is mended is accepted or has fewer of the
/// same mistakes, and every comment stays.
#[test]
fn mending_never_makes_a_file_worse_and_keeps_its_comments() {
    let lab = Lab::new();
    // Each lies in a folder of its own, without what it extends.
    let files = fixtures("bad").into_iter().chain(fixtures("warnings"));
    let files: Vec<(String, String)> = files
        .enumerate()
        .map(|(number, (name, text))| (format!("{number:03}/{name}"), text))
        .collect();
    for (name, text) in &files {
        lab.write(name, text);
    }
    let names = files.iter().map(|(name, _)| name.as_str());
    let check: Vec<&str> = ["check", "--message-format", "short"]
        .into_iter()
        .chain(names.clone())
        .collect();
    let before = lab.run(&check);
    for name in names {
        lab.run(["check", "--fix", name]);
    }
    let after = lab.run(&check);
    let mut mended = 0;
    for (name, text) in &files {
        let after_text = lab.read(name);
        let (before, after) = (codes(&before, name), codes(&after, name));
        if after_text == *text {
            assert_eq!(before, after, "{name}");
            continue;
        }
        mended += 1;
        let fewer = after
            .iter()
            .all(|(code, count)| before.get(code) >= Some(count));
        let sum = |codes: &BTreeMap<String, usize>| codes.values().sum::<usize>();
        let is_accepted = !after.keys().any(|code| code.starts_with("error"));
        assert!(
            is_accepted || fewer && sum(&after) < sum(&before),
            "{name}: {before:?} became {after:?}:\n{after_text}"
        );
        for comment in text.lines().filter_map(comment) {
            assert!(after_text.contains(comment), "{name} lost `{comment}`");
        }
    }
    assert!(mended >= 8, "only {mended} were mended");
}

/// The comment of a line that has one and nothing that could be mistaken for it.
fn comment(line: &str) -> Option<&str> {
    let at = line.find("# ")?;
    let quoted = line[..at].contains(['"', '\'']);
    (!quoted && (at == 0 || line[..at].ends_with(' '))).then(|| line[at..].trim_end())
}

/// How often each kind of mistake was told of a file.
fn codes(ran: &Ran, file: &str) -> BTreeMap<String, usize> {
    let mut codes = BTreeMap::new();
    for line in ran.stderr.lines().filter(|line| line.contains(file)) {
        let kinds = ["error[", "warning["];
        let start = kinds.iter().filter_map(|kind| line.find(kind)).min();
        let kind = start.and_then(|start| line[start..].split(']').next());
        *codes.entry(kind.unwrap_or(line).to_owned()).or_default() += 1;
    }
    codes
}
