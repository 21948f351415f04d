//! Bombs, depth, size and streaming.

use std::ops::Range;

use lcrun::diagnostic::Diagnostics;
use lcrun::yaml::{self, Data, MAX_DEPTH};

use super::model::{codes, source, told, told_of};

/// A line for each number.
fn lines(numbers: Range<usize>, line: impl Fn(usize) -> String) -> String {
    numbers.map(|number| line(number) + "\n").collect()
}

/// Nine lists, each of nine aliases to the one before.
fn alias_bomb() -> String {
    let mut text = "name: bomb\nx-0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    text += &lines(1..10, |level| {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("x-{level}: &a{level} [{aliases}]")
    });
    text.push_str("variables: { all: *a9 }\n");
    text
}

#[test]
fn an_alias_bomb_is_refused_where_it_is_used() {
    insta::assert_snapshot!(told(&alias_bomb()), @"
    error[too-large]: more than 1000000 values, aliases counted at each use
      --> a.yaml:12:19
       |
    12 | variables: { all: *a9 }
       |                   ^^^
       |
       = help: use fewer aliases within aliases, or split the file
    ");
}

#[test]
fn merges_that_copy_without_end_are_refused() {
    let keys: Vec<String> = (0..2000).map(|key| format!("k{key}: 1")).collect();
    let mut text = format!("x-a: &a {{ {} }}\nname: n\nvariables:\n", keys.join(", "));
    text += &lines(0..1000, |copy| format!("  v{copy}: {{ <<: *a }}"));
    assert_eq!(codes(&text), ["too-large"]);
}

#[test]
fn nesting_is_bounded_in_brackets_in_blocks_and_through_aliases() {
    let brackets = format!("name: {}{}\n", "[".repeat(500), "]".repeat(500));
    assert_eq!(codes(&brackets), ["too-deep"]);
    let blocks: String = (0..500)
        .map(|depth| format!("{}k:\n", " ".repeat(depth)))
        .collect();
    assert_eq!(codes(&blocks), ["too-deep"]);
    let mut aliases = "x-0: &a0 [x]\n".to_owned();
    aliases += &lines(1..200, |level| {
        format!("x-{level}: &a{level} [*a{}]", level - 1)
    });
    assert_eq!(codes(&aliases), ["too-deep"]);
}

#[test]
fn what_is_nested_as_deep_as_allowed_can_be_read() {
    let text = format!("{}1{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert_eq!(told_of::<Data>(&text), "");
    let deeper = format!("[{text}]");
    assert!(told_of::<Data>(&deeper).contains("nested deeper than 96 levels"));
}

#[test]
fn an_alias_inside_what_it_names_is_told() {
    insta::assert_snapshot!(told_of::<Data>("a: &a [1, *a]\n"), @"
    error[unknown-anchor]: `*a` is inside the value that it names
     --> a.yaml:1:11
      |
    1 | a: &a [1, *a]
      |           ^^
    ");
}

#[test]
fn thousands_of_mistakes_are_told_in_a_moment() {
    let mut text = "name: n\n".to_owned();
    text += &lines(0..30_000, |key| format!("zz{key}: *q{key}"));
    assert_eq!(codes(&text).len(), 60_000);
}

/// The names of the steps that are handed over, and the keys that stay.
fn streamed(text: &str) -> (Vec<String>, Vec<String>) {
    let (sources, id) = source(text);
    let mut diagnostics = Diagnostics::default();
    let mut items = Vec::new();
    let root = yaml::parse_streaming(
        &sources,
        id,
        &["steps", "finally"],
        &mut |list, node, _| {
            let name = node
                .get("name")
                .and_then(yaml::Node::as_text)
                .unwrap_or("?");
            items.push(format!("{list}:{name}"));
        },
        &mut diagnostics,
    );
    let root = root.expect("the file can be read");
    let keys = root.entries().iter().map(|entry| {
        let items = entry.value.items().len();
        format!("{} {items}", entry.key.name)
    });
    (items, keys.collect())
}

#[test]
fn the_items_of_named_lists_are_handed_over_and_dropped() {
    let text = "name: n\nsteps:\n- name: a\n- name: b\n  steps: [{ name: inner }]\ntags: [x]\nfinally: [{ name: c }]\n";
    let (items, keys) = streamed(text);
    assert_eq!(items, ["0:a", "0:b", "1:c"]);
    assert_eq!(keys, ["name 0", "steps 0", "tags 1", "finally 0"]);
}

#[test]
fn lists_that_come_by_an_alias_an_anchor_or_a_merge_are_handed_over_too() {
    let text = "x-m: &m { finally: [{ name: c }] }\nsteps: &s [{ name: a }]\n<<: *m\n";
    assert_eq!(streamed(text).0, ["0:a", "1:c"]);
    let text = "x-s: &s [{ name: a }]\nsteps: *s\n";
    assert_eq!(streamed(text).0, ["0:a"]);
}

#[test]
fn a_named_value_that_is_no_list_stays_where_it_is() {
    let (items, keys) = streamed("steps: { name: a }\nfinally:\n");
    assert_eq!(items, Vec::<String>::new());
    assert_eq!(keys, ["steps 0", "finally 0"]);
}
