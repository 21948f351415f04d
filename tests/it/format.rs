//! `lcrun fmt`: the canonical form, and that nothing is lost on the way to it.

use std::panic::catch_unwind;
use std::path::Path;

use lcrun::collection::format::Formatter;
use lcrun::diagnostic::{Diagnostic, Diagnostics};
use lcrun::source::Sources;
use lcrun::yaml::format::Unfit;
use lcrun::yaml::{self, Node, Scalar};

use crate::lab::Lab;
use crate::yaml::mutations::{Numbers, collections, damage};

/// How many damaged collections are formatted.
const MUTATIONS: usize = 4_000;

/// The seed of the first one; a failure names its own.
const SEED: u64 = 0x5851_F42D_4C95_7F2D;

fn read(text: &str) -> Option<Node> {
    let mut sources = Sources::default();
    let id = sources.add("a.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let root = yaml::parse(&sources, id, &mut diagnostics);
    let told = diagnostics.into_sorted();
    root.filter(|_| !told.iter().any(Diagnostic::is_error))
}

/// What a document says: the order of keys aside, every text and whether it is more than a text.
fn meaning(node: &Node, budget: &mut usize) -> String {
    *budget = budget.saturating_sub(1);
    if *budget == 0 {
        return String::new();
    }
    if let Some(scalar) = node.scalar() {
        let is_more = scalar.typed && is_more(scalar);
        return format!("{is_more}:{:?}", scalar.text);
    }
    if node.is_list() {
        let items = node.items().iter().map(|item| meaning(item, budget));
        return format!("[{}]", items.collect::<Vec<_>>().join(","));
    }
    let entries = node.entries().iter();
    let mut entries: Vec<_> = entries
        .map(|entry| format!("{:?}:{}", entry.key.name, meaning(&entry.value, budget)))
        .collect();
    entries.sort();
    format!("{{{}}}", entries.join(","))
}

/// Whether a scalar may be other than a text to anybody.
fn is_more(scalar: &Scalar) -> bool {
    scalar.is_null()
        || ["true", "false"].contains(&scalar.text.to_lowercase().as_str())
        || scalar
            .text
            .starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
}

/// The comments of a text, sorted: what begins with a `#` that is in no quotes and no block.
fn words_behind_hashes(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .lines()
        .filter_map(|line| line.find('#').map(|at| line[at..].trim_end()))
        .collect();
    found.sort_unstable();
    found
}

#[track_caller]
fn formatted(text: &str) -> String {
    let formatter = Formatter::default();
    let new = formatter.format(text).unwrap();
    assert_eq!(formatter.format(&new).unwrap(), new, "it is not stable");
    new
}

/// Formats a text that may be anything: it means the same, keeps its comments, and is stable.
pub(crate) fn check(formatter: &Formatter, text: &str) -> Result<bool, Unfit> {
    let Some(old) = read(text) else {
        return Ok(false);
    };
    let new = formatter.format(text)?;
    let node = read(&new).unwrap_or_else(|| panic!("it can't be read any more:\n{new}"));
    let (mut one, mut other) = (20_000, 20_000);
    let same = meaning(&old, &mut one) == meaning(&node, &mut other);
    assert!(
        same || one == 0 || other == 0,
        "it means something else:\n{text}\n---\n{new}"
    );
    let again = formatter.format(&new).unwrap();
    assert!(
        again == new,
        "it is not stable:\n{text}\n---\n{new}\n---\n{again}"
    );
    Ok(true)
}

#[test]
fn nothing_that_can_be_read_changes_its_meaning() {
    let formatter = Formatter::default();
    let mut texts = collections();
    for folder in ["collections", "tests/fixtures/bad"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "yaml")
            {
                texts.extend(std::fs::read_to_string(path));
            }
        }
    }
    texts.extend([
        ODD.to_owned(),
        ODD.replace('\n', "\r\n"),
        format!("\u{feff}{ODD}"),
    ]);
    let mut count = 0;
    for text in &texts {
        let done = check(&formatter, text).unwrap_or_else(|why| panic!("{why}:\n{text}"));
        if done {
            count += 1;
            let new = formatter.format(text).unwrap();
            assert_eq!(words_behind_hashes(text), words_behind_hashes(&new));
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn no_damaged_collection_is_damaged_further() {
    let formatter = Formatter::default();
    let mut texts = collections();
    texts.push(ODD.to_owned());
    let mut done = 0;
    for number in 0..MUTATIONS {
        let mut numbers = Numbers(SEED.wrapping_mul(number as u64 + 1) | 1);
        let text = damage(&texts[number % texts.len()], &mut numbers);
        let result = catch_unwind(std::panic::AssertUnwindSafe(|| check(&formatter, &text)));
        match result.unwrap_or_else(|_| panic!("mutation {number}:\n{text}")) {
            Ok(true) => done += 1,
            Ok(false) => {}
            Err(why) => panic!("mutation {number}: {why}\n{text}"),
        }
    }
    assert!(done > MUTATIONS / 8, "{done} were formatted");
}

#[test]
fn a_comment_stays_with_what_it_is_about() {
    insta::assert_snapshot!(formatted(ODD));
}

/// All that YAML allows, and that a person might have written.
const ODD: &str = "\
# yaml-language-server: $schema=x.json

# About the file.
x-base: &base   # an anchor
    url:   'http://a/'
    # below the base
extends: 'livechat.yaml'
# the name
name: \"Odd\"   # beside the name


description: >-
    folded
    text

      deeper
steps:
# before the first
- description: |2
      two blanks more
    of it
  # of the name
  name: First # beside

  assert: # checks
  # one
  - 'status == 200'   # the first
  - \"body.x == \\\"y\\\"\"
    # below the second

  # at the end of the checks
  # and of them
  request: {json: {b: [1,2,   3], 'a': \"10\"},   url: \"http://{{ x }}/\", headers: {X-A: 'a: b', X-B: \"it's\", X-C: \"y\"}}
  # at the end of the step
-   # an item
    <<: *base
    name: Second
    x-own: *base
    request:
        url: &u \"a
          b\"
        json: {
          # inside
          \"k\": 1 }
        text: plain
          over lines
        # headers: {}
    when:
      # all alone
    # x
-   name: Third
    request: { method: POST, url: \"{{ api_url }}/v3.6/agent/action/list_chats\", json: { limit: 2, filters: { active: true } }, timeout: 10s }
- - nested
  - list
-
    # above the fourth
    id: fourth

    # above the name
    name: Fourth
    tags: [ ]
    capture: { }
    assert: [a,b]
    request:
      text: |+
        kept


    show: response

finally:
  - { name: a,  tags: [x] }
  - {name: b, tags: [x], } # last
  # end of finally
# end
";

#[test]
fn keys_take_their_order_and_those_of_people_keep_theirs() {
    insta::assert_snapshot!(formatted("\
steps:
  - snapshot: { sort: { $.z: id }, redact: { z: uuid, a: any } }
    assert: [b, a]
    capture: { z: body.z, a: body.a }
    request:
      form: { z: 1, a: 2 }
      x-about: form
      method: POST
      url: http://a/
    name: First
environments: { live: { z: 1, a: 2 }, also: }
inputs:
  z: { type: number, description: Last }
  a: 1
name: A
"), @r"
    name: A
    inputs:
      z: { description: Last, type: number }
      a: 1
    environments: { live: { z: 1, a: 2 }, also: }
    steps:
      - name: First
        request:
          method: POST
          url: http://a/
          form: { z: 1, a: 2 }
          x-about: form
        capture: { z: body.z, a: body.a }
        assert: [b, a]
        snapshot: { redact: { z: uuid, a: any }, sort: { $.z: id } }
    ");
}

#[test]
fn a_table_of_brackets_keeps_its_columns() {
    let text = "\
x-rows:
  - { app: http://a,      gets: 'a code' }
  - { app: http://a/long, gets: nothing }
  - { app: http://b,      gets: nothing }
";
    assert_eq!(formatted(text), text);
    assert_eq!(
        formatted("x-row:\n- { a: b,  c: 'd' }\n"),
        "x-row:\n  - { a: b, c: d }\n"
    );
}

#[test]
fn an_alias_stays_behind_its_anchor() {
    let text = "steps: &s\n  - name: a\nname: *s\n";
    assert_eq!(formatted(text), text);
}

#[test]
fn quotes_stay_where_yaml_needs_them() {
    for (old, new) in [
        ("'a b'", "a b"),
        ("\"it's\"", "it's"),
        ("'it''s'", "it's"),
        ("\"10\"", "\"10\""),
        ("'10'", "\"10\""),
        ("'yes'", "\"yes\""),
        ("'null'", "\"null\""),
        ("'a: b'", "\"a: b\""),
        ("'a #b'", "\"a #b\""),
        ("'{{ a }}'", "\"{{ a }}\""),
        ("'x {{ a }}'", "\"x {{ a }}\""),
        ("\"\\\"x\\\" in y\"", "'\"x\" in y'"),
        ("\"\\\\d+\"", "'\\d+'"),
        ("\"a\\tb\"", "\"a\\tb\""),
        ("\"\\u00e9\"", "é"),
        ("'- a'", "\"- a\""),
        ("''", "\"\""),
        ("' a'", "\" a\""),
        ("'*a'", "\"*a\""),
        ("'2026-11-22'", "\"2026-11-22\""),
    ] {
        let text = format!("name: {old}\n");
        assert_eq!(formatted(&text), format!("name: {new}\n"));
    }
    assert_eq!(
        formatted("x-a: { b: 'c, d', e: 'f' }\n"),
        "x-a: { b: \"c, d\", e: f }\n"
    );
}

#[test]
fn what_is_shipped_and_shown_is_in_canonical_form() {
    Lab::with_collections()
        .run(["fmt", "--check", "collections/"])
        .exits(0);
    // A page about a mistake shows what it is about, in whatever form.
    let mut blocks = crate::docs::blocks("yaml");
    blocks.retain(|block| !block.file.ends_with("diagnostics.md"));
    assert!(blocks.len() >= 3);
    for block in blocks {
        let ran = Lab::new().run_with_input(["fmt", "--check", "-"], &block.text);
        assert_eq!(ran.code, 0, "{}:\n{}", block.file, ran.stdout);
    }
}

#[test]
fn a_folder_is_formatted_with_what_its_collections_extend() {
    let lab = Lab::with_collections();
    lab.edit(
        "collections/livechat.yaml",
        "name: LiveChat",
        "name: 'LiveChat'",
    );
    lab.edit(
        "collections/agent-flow.yaml",
        "tags: [real-safe]",
        "tags: [ real-safe ]",
    );
    lab.write("collections/other.yaml", "services:   {}\n");
    let before = lab.read("collections/agent-flow.yaml");
    let ran = lab.run(["fmt", "--check", "collections/"]);
    ran.exits(4)
        .says("collections/agent-flow.yaml would change");
    ran.says("- tags").says("+ tags");
    ran.says("2 files would change");
    assert_eq!(lab.read("collections/agent-flow.yaml"), before);
    lab.run(["fmt", "collections/"])
        .exits(0)
        .says("formatted collections/agent-flow.yaml")
        .says("formatted collections/livechat.yaml")
        .says("2 files formatted");
    lab.run(["fmt", "--check", "collections/"]).exits(0);
    assert_eq!(lab.read("collections/other.yaml"), "services:   {}\n");
    let folder = lab.path("collections");
    let mut here = lab.command();
    here.current_dir(folder).args(["fmt", "--check"]);
    crate::lab::Ran::of(&here.output().unwrap()).exits(0);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let ran = Lab::new().run_with_input(["fmt", "-"], "steps:\n- name:   'a'\nname: b\n");
    ran.exits(0);
    assert_eq!(ran.stdout, "name: b\nsteps:\n  - name: a\n");
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_file_that_can_not_be_read_is_left_alone_and_the_others_are_not() {
    let lab = Lab::new();
    lab.write("a.yaml", "name:  'a'\nsteps: [\n");
    lab.write("b.yaml", "name:  'b'\nsteps: []\n");
    let ran = lab.run(["fmt", "a.yaml", "b.yaml"]);
    ran.exits(2)
        .says("error[unclosed-bracket]")
        .says("--> a.yaml:2:8");
    assert_eq!(lab.read("a.yaml"), "name:  'a'\nsteps: [\n");
    assert_eq!(lab.read("b.yaml"), "name: b\nsteps: []\n");
    let ran = Lab::new().run_with_input(["fmt", "-"], "a: 1\na: 2\n");
    ran.exits(2).says("error[duplicate-key]");
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_secret_that_stands_in_a_file_is_not_shown() {
    let text = "name:  A\ninputs: {  api_token: s3cr3t-v4lue }\nsteps: []\n";
    let ran = Lab::new().run_with_input(["fmt", "--check", "-"], text);
    ran.exits(4).never_says("s3cr3t").says("api_token: ***");
}
