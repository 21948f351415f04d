//! Keys that are set in the text of a file: everything else stays byte for byte.

use std::path::Path;

use lcrun::diagnostic::{Diagnostic, Diagnostics};
use lcrun::source::Sources;
use lcrun::yaml::edit::{Part, Unfit, set};
use lcrun::yaml::{Node, parse};

/// What a text means; it is without errors.
#[track_caller]
fn read(text: &str) -> Node {
    let mut sources = Sources::default();
    let id = sources.add("", text);
    let mut diagnostics = Diagnostics::default();
    let root = parse(&sources, id, &mut diagnostics);
    assert!(!diagnostics.into_sorted().iter().any(Diagnostic::is_error));
    root.unwrap()
}

/// Whether a value is `true` or nothing, which a mapping can take the place of.
fn gives_way(node: &Node) -> bool {
    let scalar = node.scalar();
    scalar.is_some_and(|scalar| scalar.typed && matches!(&*scalar.text, "" | "~" | "null" | "true"))
}

fn place(text: &str) -> Vec<Part> {
    let parts = text.split('.').filter(|part| !part.is_empty());
    parts
        .map(|part| match part.parse() {
            Ok(index) => Part::Item(index),
            Err(_) => Part::Key(part.to_owned()),
        })
        .collect()
}

fn rules(rules: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |text: &&str| (*text).to_owned();
    rules.iter().map(|(a, b)| (owned(a), owned(b))).collect()
}

/// The text after two rules were added to the snapshot of the first step.
fn edited(text: &str) -> String {
    let rules = rules(&[("created_at", "rfc3339"), ("$.a[0]", "uuid?")]);
    set(text, &place("steps.0.snapshot.redact"), &rules).unwrap()
}

fn refused(text: &str) -> Unfit {
    let rules = rules(&[("created_at", "rfc3339")]);
    set(text, &place("steps.0.snapshot.redact"), &rules).unwrap_err()
}

#[test]
fn true_becomes_a_block_in_the_indentation_of_the_file() {
    insta::assert_snapshot!(edited("\
name: x
steps:
    - name: a   # one
      request:
          url: b
      snapshot: true   # keep me

      # and me
      show: response
"), @r#"
        name: x
        steps:
            - name: a   # one
              request:
                  url: b
              snapshot:   # keep me
                  redact:
                      created_at: rfc3339
                      "$.a[0]": uuid?

              # and me
              show: response
        "#);
}

#[test]
fn what_stands_in_braces_stays_in_braces() {
    insta::assert_snapshot!(edited("steps: [{ name: a, snapshot: true }, {name: b}]\n"), @r#"steps: [{ name: a, snapshot: { redact: { created_at: rfc3339, "$.a[0]": uuid? } } }, {name: b}]"#);
    insta::assert_snapshot!(edited("steps:\n- snapshot: {only: [$.x]} # c\n"), @r#"
        steps:
        - snapshot: {only: [$.x], redact: {created_at: rfc3339, "$.a[0]": uuid?}} # c
        "#);
    insta::assert_snapshot!(edited("steps:\n- snapshot: {}\n"), @r#"
        steps:
        - snapshot: { redact: { created_at: rfc3339, "$.a[0]": uuid? } }
        "#);
    insta::assert_snapshot!(edited("steps:\n- snapshot: { redact: { id: uuid, } }\n"), @r#"
        steps:
        - snapshot: { redact: { id: uuid, created_at: rfc3339, "$.a[0]": uuid?, } }
        "#);
    insta::assert_snapshot!(edited("steps:\n- snapshot: {\n    redact: {\n      id: uuid # i\n    }\n  }\n"), @r#"
        steps:
        - snapshot: {
            redact: {
              id: uuid, created_at: rfc3339, "$.a[0]": uuid? # i
            }
          }
        "#);
}

#[test]
fn a_block_is_extended_behind_its_last_key() {
    insta::assert_snapshot!(edited("\
steps:
  - name: a
    snapshot:
      only:
        - $.a # last
      # of the step
    show: response
"), @r#"
        steps:
          - name: a
            snapshot:
              only:
                - $.a # last
              redact:
                created_at: rfc3339
                "$.a[0]": uuid?
              # of the step
            show: response
        "#);
    insta::assert_snapshot!(edited("\
steps:
  - name: a
    snapshot:
      redact:
        id: uuid

  - name: b
"), @r#"
        steps:
          - name: a
            snapshot:
              redact:
                id: uuid
                created_at: rfc3339
                "$.a[0]": uuid?

          - name: b
        "#);
}

#[test]
fn a_key_without_a_value_gets_one() {
    insta::assert_snapshot!(edited("steps:\n- snapshot:\n    redact: # soon\n    sort: { $.a: id }\n"), @r#"
        steps:
        - snapshot:
            redact: # soon
              created_at: rfc3339
              "$.a[0]": uuid?
            sort: { $.a: id }
        "#);
}

#[test]
fn a_key_that_is_there_gets_the_new_value() {
    insta::assert_snapshot!(edited("steps:\n- snapshot: { redact: { created_at: 'date', '$.a[0]': any } }\n"), @r"
        steps:
        - snapshot: { redact: { created_at: rfc3339, '$.a[0]': uuid? } }
        ");
}

#[test]
fn line_ends_and_a_missing_last_one_stay_as_they_are() {
    assert_eq!(
        edited("steps:\r\n- name: a\r\n  snapshot: true\r\n"),
        "steps:\r\n- name: a\r\n  snapshot:\r\n    redact:\r\n      created_at: rfc3339\r\n      \"$.a[0]\": uuid?\r\n"
    );
    assert_eq!(
        edited("\u{feff}steps:\n- snapshot: true"),
        "\u{feff}steps:\n- snapshot:\n    redact:\n      created_at: rfc3339\n      \"$.a[0]\": uuid?"
    );
}

#[test]
fn what_others_share_is_not_edited() {
    assert_eq!(
        refused("x-s: &s { only: [$.a] }\nsteps:\n- snapshot: *s\n"),
        Unfit::Shared
    );
    assert_eq!(
        refused("x-s: &s { snapshot: true }\nsteps:\n- <<: *s\n  name: a\n"),
        Unfit::Shared
    );
    assert_eq!(
        refused("steps:\n- snapshot: &s true\n- snapshot: *s\n"),
        Unfit::Form
    );
}

#[test]
fn what_is_no_snapshot_is_not_edited() {
    assert_eq!(refused("steps:\n- snapshot: false\n"), Unfit::NoMapping);
    assert_eq!(refused("steps:\n- snapshot: [a]\n"), Unfit::NoMapping);
    assert_eq!(refused("steps: {}\n"), Unfit::NoMapping);
    assert_eq!(refused("steps: [\n"), Unfit::Unreadable);
}

#[test]
fn keys_are_quoted_where_yaml_would_take_them_for_something_else() {
    for text in [
        "",
        " ",
        "a b",
        "yes",
        "Null",
        "1",
        "1e3",
        "$['a \"b\"'].c[*]",
        "a: b",
        "#",
        "- a",
        "tab\t",
        "two\nlines",
        "ż",
        "headers.x-id",
        "a?",
        "?",
        "*a",
        "\\n",
        "\u{85}\u{2028}",
    ] {
        let new = set("a: 1\n", &[], &rules(&[(text, text)]));
        let root = read(&new.unwrap());
        assert_eq!(root.entries()[1].key.name.as_ref(), text);
        assert_eq!(root.entries()[1].value.as_text(), Some(text));
    }
}

/// Every mapping of a document and the way to it.
fn mappings(node: &Node, way: &mut Vec<Part>, found: &mut Vec<Vec<Part>>) {
    if node.via.is_some() {
        return;
    }
    if node.is_map() || gives_way(node) {
        found.push(way.clone());
    }
    for entry in node.entries() {
        way.push(Part::Key(entry.key.name.to_string()));
        mappings(&entry.value, way, found);
        way.pop();
    }
    for (index, item) in node.items().iter().enumerate() {
        way.push(Part::Item(index));
        mappings(item, way, found);
        way.pop();
    }
}

/// Edits every mapping of a text at three depths; how often that was.
#[track_caller]
fn every_mapping_can_be_edited(text: &str) -> usize {
    let rules = rules(&[("new_key", "uuid"), ("$.a['b']", "any")]);
    let mut places = Vec::new();
    mappings(&read(text), &mut Vec::new(), &mut places);
    for place in &mut places {
        for deeper in ["", "snapshot", "redact"] {
            if !deeper.is_empty() {
                place.push(Part::Key(deeper.to_owned()));
            }
            let new = set(text, place, &rules);
            if place[..].first() == Some(&Part::Key("x-a".to_owned())) {
                // Aliases would change with it.
                assert_eq!(new, Err(Unfit::Form));
                continue;
            }
            let new = new.unwrap_or_else(|why| panic!("{place:?}: {why}"));
            // What gives way goes with the blank before it.
            let [old, new] = [text, &new].map(|text| {
                let gone = [" true", " null", " ~"];
                gone.iter()
                    .fold(text.to_owned(), |text, word| text.replace(word, ""))
            });
            assert!(is_subsequence(&old, &new), "{place:?}\n{new}");
        }
    }
    places.len() * 3
}

#[test]
fn every_mapping_of_the_shipped_collections_can_be_edited_and_loses_nothing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("collections");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            count += every_mapping_can_be_edited(&std::fs::read_to_string(path).unwrap());
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn every_mapping_can_be_edited_however_it_is_written() {
    let count = every_mapping_can_be_edited(ODD);
    assert!(count > 20, "{count}");
    every_mapping_can_be_edited(&ODD.replace('\n', "\r\n"));
    // Blank lines at the end of this text are a part of it.
    let kept = "a:\n  text: |+\n    x\n\nb: 1\n";
    let edit = set(kept, &place("a"), &rules(&[("c", "d")]));
    assert_eq!(edit, Err(Unfit::Form));
}

const ODD: &str = "\
# odd forms
x-a: &a
  k: v
\"quoted\": {a: 1,
  b: [1, 2], # c
  }
literal:
  text: |
    one
    two

next: {}
list:
- a: 1
  b: true # yes
-   c:
      d: >-
        folded
        text
  # trailing
- <<: *a
  own: *a
multi: \"a
  b\"
last:
  # only a comment
  z: ~
";

/// Whether nothing of a text was lost: its bytes are all there, in order.
fn is_subsequence(old: &str, new: &str) -> bool {
    let mut bytes = new.bytes();
    old.bytes().all(|byte| bytes.any(|other| other == byte))
}
