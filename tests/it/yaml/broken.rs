//! Text that YAML can't read, or reads as something else, and what is said of it.

use lcrun::yaml;

use super::model::{source, told};

#[test]
fn an_expression_that_begins_with_a_quote_is_to_be_quoted_whole() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    assert:\n      - \"x\" in body.y  # why\n      - status == 200\n"), @r#"
    error[unquoted-expression]: text after the closing quote
     --> a.yaml:5:13
      |
    5 |       - "x" in body.y  # why
      |             ^^^^^^^^^ YAML can't read this
      |
    help: put the whole value in quotes
      |
    5 -       - "x" in body.y  # why
    5 +       - '"x" in body.y'  # why
      |
    "#);
}

#[test]
fn the_same_in_single_quotes_and_in_flow_style() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - { name: s, assert: ['x' in y, z] }\n"), @r#"
    error[unquoted-expression]: text after the closing quote
     --> a.yaml:3:29
      |
    3 |   - { name: s, assert: ['x' in y, z] }
      |                             ^^^^ YAML can't read this
      |
    help: put the whole value in quotes
      |
    3 -   - { name: s, assert: ['x' in y, z] }
    3 +   - { name: s, assert: ["'x' in y", z] }
      |
    "#);
}

#[test]
fn a_comparison_with_a_colon_in_its_text_became_a_mapping() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    assert:\n      - m == \"a: b\"\n"), @r#"
    error[wrong-type]: expected a string, found a mapping
     --> a.yaml:5:9
      |
    5 |       - m == "a: b"
      |         ^^^^^^^-^^^
      |         |      |
      |         |      `: ` makes a key of what comes before it
      |         `steps[0].assert[0]`
      |
    help: put the whole value in quotes
      |
    5 -       - m == "a: b"
    5 +       - 'm == "a: b"'
      |
    "#);
}

#[test]
fn a_template_without_quotes_is_to_be_quoted_whole() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    request:\n      url: {{ base }}/x\n"), @r#"
    error[unquoted-template]: a value that begins with `{{` must be in quotes
     --> a.yaml:5:12
      |
    5 |       url: {{ base }}/x
      |            ^^^^^^^^^^^^
      |
    help: put the whole value in quotes
      |
    5 -       url: {{ base }}/x
    5 +       url: "{{ base }}/x"
      |
    "#);
}

#[test]
fn templates_without_quotes_are_all_told_where_yaml_can_read_them() {
    insta::assert_snapshot!(told("name: {{ n }}\nsteps:\n  - name: s\n    request: { url: {{ base }}, method: POST }\n    capture: { a: {{ b }} }\n"), @r#"
    error[unquoted-template]: a value that begins with `{{` must be in quotes
     --> a.yaml:1:7
      |
    1 | name: {{ n }}
      |       ^^^^^^^
      |
    help: put the whole value in quotes
      |
    1 - name: {{ n }}
    1 + name: "{{ n }}"
      |

    error[unquoted-template]: a value that begins with `{{` must be in quotes
     --> a.yaml:4:21
      |
    4 |     request: { url: {{ base }}, method: POST }
      |                     ^^^^^^^^^^
      |
    help: put the whole value in quotes
      |
    4 -     request: { url: {{ base }}, method: POST }
    4 +     request: { url: "{{ base }}", method: POST }
      |

    error[unquoted-template]: a value that begins with `{{` must be in quotes
     --> a.yaml:5:19
      |
    5 |     capture: { a: {{ b }} }
      |                   ^^^^^^^
      |
    help: put the whole value in quotes
      |
    5 -     capture: { a: {{ b }} }
    5 +     capture: { a: "{{ b }}" }
      |
    "#);
}

#[test]
fn a_template_in_flow_style_with_text_behind_it() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    request: { url: {{ base }}/x, method: POST }\n"), @r#"
    error[unquoted-template]: a value that begins with `{{` must be in quotes
     --> a.yaml:4:21
      |
    4 |     request: { url: {{ base }}/x, method: POST }
      |                     ^^^^^^^^^^^^
      |
    help: put the whole value in quotes
      |
    4 -     request: { url: {{ base }}/x, method: POST }
    4 +     request: { url: "{{ base }}/x", method: POST }
      |
    "#);
}

#[test]
fn a_block_tag_without_quotes() {
    insta::assert_snapshot!(told("name: {% if x %}\n"), @r#"
    error[unquoted-template]: a value that begins with `{%` must be in quotes
     --> a.yaml:1:7
      |
    1 | name: {% if x %}
      |       ^^^^^^^^^^
      |
    help: put the whole value in quotes
      |
    1 - name: {% if x %}
    1 + name: "{% if x %}"
      |
    "#);
}

#[test]
fn an_index_in_flow_style_is_to_be_quoted() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    assert: [a[0].b, c]\n"), @r#"
    error[unquoted-expression]: `[` ends a string inside `[ ]` and `{ }`
     --> a.yaml:4:15
      |
    4 |     assert: [a[0].b, c]
      |               ^^^^^ YAML can't read this
      |
    help: put the whole value in quotes
      |
    4 -     assert: [a[0].b, c]
    4 +     assert: ["a[0].b", c]
      |
    "#);
}

#[test]
fn an_expression_that_begins_with_a_bracket() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    assert:\n      - [1, 2] == body\n"), @r#"
    error[unquoted-expression]: text after the closing bracket
     --> a.yaml:5:16
      |
    5 |       - [1, 2] == body
      |                ^^^^^^^ YAML can't read this
      |
    help: put the whole value in quotes
      |
    5 -       - [1, 2] == body
    5 +       - "[1, 2] == body"
      |
    "#);
}

#[test]
fn prose_with_a_colon_is_to_be_quoted() {
    insta::assert_snapshot!(told("name: Step 1: log in\n"), @r#"
    error[colon-in-text]: `: ` in a string makes a key of what comes before it
     --> a.yaml:1:13
      |
    1 | name: Step 1: log in
      |             ^
      |
    help: put the whole value in quotes
      |
    1 - name: Step 1: log in
    1 + name: "Step 1: log in"
      |
    "#);
}

#[test]
fn prose_with_a_colon_in_flow_style() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - { name: Step 1: log in, id: a }\n"), @r#"
    error[colon-in-text]: `: ` in a string makes a key of what comes before it
     --> a.yaml:3:19
      |
    3 |   - { name: Step 1: log in, id: a }
      |                   ^
      |
    help: put the whole value in quotes
      |
    3 -   - { name: Step 1: log in, id: a }
    3 +   - { name: "Step 1: log in", id: a }
      |
    "#);
}

#[test]
fn characters_that_no_value_may_begin_with() {
    insta::assert_snapshot!(told("name: @me  # who\n"), @r#"
    error[reserved-character]: a value that begins with `@` must be in quotes
     --> a.yaml:1:7
      |
    1 | name: @me  # who
      |       ^^^
      |
    help: put the whole value in quotes
      |
    1 - name: @me  # who
    1 + name: "@me"  # who
      |
    "#);
}

#[test]
fn a_percent_sign_and_a_backtick() {
    insta::assert_snapshot!(told("name: n\ntags:\n  - %x\n"), @r#"
    error[reserved-character]: a value that begins with `%` must be in quotes
     --> a.yaml:3:5
      |
    3 |   - %x
      |     ^^
      |
    help: put the whole value in quotes
      |
    3 -   - %x
    3 +   - "%x"
      |
    "#);
}

#[test]
fn an_exclamation_mark_makes_a_tag() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    assert:\n      - !body.ok\n      - !!x y\n"), @r#"
    error[reserved-character]: `!body.ok` is read as a tag, and tags mean nothing here
     --> a.yaml:5:9
      |
    5 |       - !body.ok
      |         ^^^^^^^^
      |
    help: put the whole value in quotes
      |
    5 -       - !body.ok
    5 +       - "!body.ok"
      |

    error[reserved-character]: `!!x` is read as a tag, and tags mean nothing here
     --> a.yaml:6:9
      |
    6 |       - !!x y
      |         ^^^^^
      |
    help: put the whole value in quotes
      |
    6 -       - !!x y
    6 +       - "!!x y"
      |
    "#);
}

#[test]
fn a_star_makes_an_alias() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    assert:\n      - *body.ok == 1\n"), @r#"
    error[unknown-anchor]: no anchor `&body.ok` above this line
     --> a.yaml:5:9
      |
    5 |       - *body.ok == 1
      |         ^^^^^^^^
      |
    help: put the whole value in quotes if it is a string
      |
    5 -       - *body.ok == 1
    5 +       - "*body.ok == 1"
      |
    "#);
}

#[test]
fn an_ampersand_makes_an_anchor() {
    insta::assert_snapshot!(told("name: n\ntags:\n  - &x\n"), @r#"
    error[wrong-type]: expected a string, found nothing
     --> a.yaml:3:7
      |
    3 |   - &x
      |     --^ `tags[0]`
      |     |
      |     a `&` names the value after it
      |
    help: put the value in quotes
      |
    3 -   - &x
    3 +   - "&x"
      |
    "#);
}

#[test]
fn a_greater_than_sign_makes_a_block() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    assert:\n      - > 5\n"), @r#"
    error[reserved-character]: a value that begins with `>` must be in quotes
     --> a.yaml:5:9
      |
    5 |       - > 5
      |         ^^^
      |
    help: put the whole value in quotes
      |
    5 -       - > 5
    5 +       - "> 5"
      |
    "#);
}

#[test]
fn a_hash_makes_a_comment() {
    insta::assert_snapshot!(told("name: #general\ntags:\n  - #a b\n  - # a remark\n"), @r##"
    error[wrong-type]: expected a string for `name`, found nothing
     --> a.yaml:1:1
      |
    1 | name: #general
      | ^^^^  -------- a `#` after a space begins a comment
      |
    help: put the value in quotes
      |
    1 - name: #general
    1 + name: "#general"
      |

    error[wrong-type]: expected a string, found nothing
     --> a.yaml:3:9
      |
    3 |   - #a b
      |         ^ `tags[0]`
      |
      = help: write a string, or `""` for an empty one

    error[wrong-type]: expected a string, found nothing
     --> a.yaml:4:15
      |
    4 |   - # a remark
      |               ^ `tags[1]`
      |
      = help: write a string, or `""` for an empty one
    "##);
}

#[test]
fn a_quote_that_is_not_closed_is_told_where_it_opens() {
    insta::assert_snapshot!(told("name: \"n\nsteps: []\n"), @r#"
    error[unclosed-quote]: a quote is opened here and not closed
     --> a.yaml:1:7
      |
    1 | name: "n
      |       ^^
      |
    help: close it, if the string ends with the line
      |
    1 | name: "n"
      |         +
    "#);
}

#[test]
fn a_quote_that_the_next_quote_closes_is_told_where_it_opens() {
    insta::assert_snapshot!(told("name: \"n\ndescription: \"d\"\nsteps: []\n"), @r#"
    error[unclosed-quote]: a quote is opened here and not closed
     --> a.yaml:1:7
      |
    1 | name: "n
      |       ^^
    2 | description: "d"
      |               - so the string goes on to here
      |
    help: close it, if the string ends with the line
      |
    1 | name: "n"
      |         +
    "#);
}

#[test]
fn an_apostrophe_in_single_quotes() {
    insta::assert_snapshot!(told("name: 'don't'\n"), @r#"
    error[unclosed-quote]: a `'` inside `'` quotes ends the string
     --> a.yaml:1:11
      |
    1 | name: 'don't'
      |           ^ the string ends here
      |
    help: use the other quotes
      |
    1 - name: 'don't'
    1 + name: "don't"
      |
    "#);
}

#[test]
fn double_quotes_in_double_quotes() {
    insta::assert_snapshot!(told("name: \"say \"hi\"\"\n"), @r#"
    error[unclosed-quote]: a `"` inside `"` quotes ends the string
     --> a.yaml:1:12
      |
    1 | name: "say "hi""
      |            ^ the string ends here
      |
    help: use the other quotes
      |
    1 - name: "say "hi""
    1 + name: 'say "hi"'
      |
    "#);
}

#[test]
fn a_backslash_in_double_quotes() {
    insta::assert_snapshot!(told("name: \"a\\d+\"\n"), @r#"
    error[yaml-syntax]: `\d` is not an escape of double quotes
     --> a.yaml:1:9
      |
    1 | name: "a\d+"
      |         ^^
      |
      = help: in single quotes a `\` is an ordinary character
    help: double the `\`
      |
    1 | name: "a\\d+"
      |          +
    "#);
}

#[test]
fn a_comma_that_is_missing_between_entries() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    request: { \"url\": \"x\" \"method\": \"GET\" }\n"), @r#"
    error[yaml-syntax]: a `,` is missing
     --> a.yaml:4:26
      |
    4 |     request: { "url": "x" "method": "GET" }
      |                          ^
      |
    help: add it
      |
    4 |     request: { "url": "x", "method": "GET" }
      |                          +
    "#);
}

#[test]
fn a_bracket_that_is_not_closed_is_told_where_it_opens() {
    insta::assert_snapshot!(told("name: n\ntags: [a, b\nsteps: []\n"), @"
    error[unclosed-bracket]: a `[` is opened here and not closed
     --> a.yaml:2:7
      |
    2 | tags: [a, b
      |       ^
    3 | steps: []
      | --------- so this can't be read
      |
      = help: close it where the list or mapping ends; a string that begins with it needs quotes
    ");
}

#[test]
fn a_brace_over_several_lines_that_is_not_closed() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    request: {\n      url: x,\n    assert:\n      - a\n"), @"
    error[unclosed-bracket]: a `{` is opened here and not closed
     --> a.yaml:4:14
      |
    4 |     request: {
      |              ^
    ...
    7 |       - a
      |       --- so this can't be read
      |
      = help: close it where the list or mapping ends; a string that begins with it needs quotes
    ");
}

#[test]
fn a_bracket_closed_by_a_brace() {
    insta::assert_snapshot!(told("name: n\ntags: [a, b}\n"), @"
    error[unclosed-bracket]: a `[` is opened here and closed by a `}`
     --> a.yaml:2:7
      |
    2 | tags: [a, b}
      |       ^
      |
      = help: close it where the list or mapping ends; a string that begins with it needs quotes
    ");
}

#[test]
fn a_tab_can_not_indent() {
    insta::assert_snapshot!(told("name: n\nsteps:\n\t- name: s\n"), @"
    error[tab-indentation]: a tab can't indent YAML
     --> a.yaml:3:1
      |
    3 |     - name: s
      | ^^^^
      |
      = help: let the editor insert spaces
    help: use spaces
      |
    3 |   - name: s
      | ++
    ");
}

#[test]
fn a_line_indented_too_deep() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n     id: a\n"), @"
    error[indentation]: this line is indented deeper than the one above, which has a value already
     --> a.yaml:4:6
      |
    3 |   - name: s
      |     ------- this is indented by 4 spaces
    4 |      id: a
      |      ^^^^^
      |
    help: indent it by 4 spaces
      |
    4 |     id: a
      | ++++
    ");
}

#[test]
fn a_line_indented_like_no_other() {
    insta::assert_snapshot!(told("name: n\nsteps:\n    - name: s\n      request:\n          url: x\n        method: GET\n"), @"
    error[indentation]: the indentation of this line fits no line above
     --> a.yaml:6:9
      |
    5 |           url: x
      |           ------ this is indented by 10 spaces
    6 |         method: GET
      |         ^^^^^^^^^^^
      |
      = help: indent it by 10 spaces, or indent it by 6 spaces, or don't indent it
    ");
}

#[test]
fn a_list_without_its_key() {
    insta::assert_snapshot!(told("name: n\n  - name: s\n    id: a\n"), @"
    error[indentation]: this list belongs to no key
     --> a.yaml:2:3
      |
    1 | name: n
      | ------- this is not a key that waits for a value
    2 |   - name: s
      |   ^^^^^^^^^
      |
      = help: add the key above the list, as in `steps:`
    ");
}

#[test]
fn a_list_item_swallowed_by_a_text() {
    insta::assert_snapshot!(told("name: n\n\n  - s\n"), @"
    warning[line-in-text]: this line is read as part of the string above
     --> a.yaml:3:3
      |
    1 | name: n
      |       - the string begins here
    2 |
    3 |   - s
      |   ^^^
      |
      = help: indent it like the items of a list, below a key without a value
    ");
}

#[test]
fn a_key_among_items() {
    insta::assert_snapshot!(told("name: n\nsteps:\n- name: s\nid: a\ntags:\n  - a\n  b: c\n"), @"
    error[indentation]: a key among list items
     --> a.yaml:7:3
      |
    6 |   - a
      |   --- in line with this
    7 |   b: c
      |   ^^^^
      |
      = help: indent it deeper if it belongs to the line above
    ");
}

#[test]
fn an_item_behind_a_key() {
    insta::assert_snapshot!(told("name: n\ntags: - a\n"), @"
    error[yaml-syntax]: a list can't begin on the line of its key
     --> a.yaml:2:7
      |
    2 | tags: - a
      |       ^
      |
      = help: begin it on the next line, or write `[a]`
      = help: put it in quotes if it is a string
    ");
}

#[test]
fn a_key_without_a_colon() {
    insta::assert_snapshot!(told("name: n\ntags\nsteps: []\n"), @"
    error[yaml-syntax]: a `:` is missing after `tags`
     --> a.yaml:2:1
      |
    2 | tags
      | ^^^^
      |
      = help: indent the line deeper if it continues the string above
    help: add it, if this is a key
      |
    2 | tags:
      |     +
    ");
}

#[test]
fn a_key_without_a_blank_behind_its_colon() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    request:\n      url:x\n"), @"
    error[wrong-type]: expected a mapping for `request`, found the string `url:x`
     --> a.yaml:5:7
      |
    5 |       url:x
      |       ^^^^^ `steps[0].request`
      |
    help: add a space after the `:`
      |
    5 |       url: x
      |           +
    ");
}

#[test]
fn one_text_for_a_list() {
    insta::assert_snapshot!(told("name: n\ntags: a\n"), @"
    error[wrong-type]: expected a list for `tags`, found the string `a`
     --> a.yaml:2:7
      |
    2 | tags: a
      |       ^
      |
    help: write a list
      |
    2 - tags: a
    2 + tags: [a]
      |
    ");
}

#[test]
fn nothing_for_a_mapping_a_list_and_a_text() {
    insta::assert_snapshot!(told("name:\ntags:\nsteps:\n  - name: s\n    capture:\n"), @r#"
    error[wrong-type]: expected a string for `name`, found nothing
     --> a.yaml:1:1
      |
    1 | name:
      | ^^^^
      |
      = help: write a string, or `""` for an empty one

    error[wrong-type]: expected a list for `tags`, found nothing
     --> a.yaml:2:1
      |
    2 | tags:
      | ^^^^
      |
      = help: write `[]` for an empty list, or remove the key

    error[wrong-type]: expected a mapping for `capture`, found nothing
     --> a.yaml:5:5
      |
    5 |     capture:
      |     ^^^^^^^ `steps[0].capture`
      |
      = help: write `{}` for an empty mapping, or remove the key
    "#);
}

#[test]
fn a_second_document() {
    insta::assert_snapshot!(told("name: n\n---\nname: m\n"), @"
    error[many-documents]: a second document begins here
     --> a.yaml:2:1
      |
    2 | ---
      | ^^^
      |
      = help: remove the `---`, or put what follows into a file of its own
    ");
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(told("# only a remark\n"), @"
    error[empty-file]: this file is empty
     --> a.yaml:1:1
      |
    1 | # only a remark
      | ^
      |
      = help: write a value, such as `name: What the collection is about`
    ");
}

#[test]
fn an_anchor_that_stands_below() {
    insta::assert_snapshot!(told("name: *n\nx-n: &n m\n"), @"
    error[unknown-anchor]: no anchor `&n` above this line
     --> a.yaml:1:7
      |
    1 | name: *n
      |       ^^
    2 | x-n: &n m
      |      -- it is here
      |
      = help: move the anchor above its first use
    ");
}

#[test]
fn a_misspelt_anchor() {
    insta::assert_snapshot!(told("x-d: &defaults { url: x }\nname: n\nsteps:\n  - name: s\n    request: *defualts\n"), @"
    error[unknown-anchor]: no anchor `&defualts` above this line
     --> a.yaml:5:14
      |
    5 |     request: *defualts
      |              ^^^^^^^^^
      |
    help: did you mean `*defaults`?
      |
    5 -     request: *defualts
    5 +     request: *defaults
      |
    ");
}

#[test]
fn two_merges_in_one_mapping() {
    insta::assert_snapshot!(told("x-a: &a { url: x }\nname: n\nsteps:\n  - name: s\n    request:\n      <<: *a\n      <<: *a\n      <<<: x\n"), @"
    error[duplicate-key]: duplicate key `<<`
     --> a.yaml:7:7
      |
    6 |       <<: *a
      |       -- first written here
    7 |       <<: *a
      |       ^^
      |
      = help: merge several mappings by a list: `<<: [*one, *other]`

    error[unknown-key]: unknown key `<<<`
     --> a.yaml:8:7
      |
    8 |       <<<: x
      |       ^^^ not a key of `steps[0].request`
      |
      = note: the keys are `url`, `method`, `headers`, `auth`, `json`, `form`, `retries` and `backoff`
      = help: begin the key with `x-` if it is a note or holds an anchor
    ");
}

#[test]
fn a_merge_of_a_text() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    request:\n      url: x\n      <<: y\n"), @"
    error[wrong-type]: `<<` takes a mapping, or a list of mappings
     --> a.yaml:6:11
      |
    6 |       <<: y
      |       --  ^
      |       |
      |       merged in here
      |
      = help: write the alias of a mapping, as in `<<: *base`
    ");
}

#[test]
fn a_key_that_is_no_text() {
    insta::assert_snapshot!(told("name: n\n[a, b]: c\n: d\n"), @"
    error[yaml-syntax]: a key must be a string
     --> a.yaml:2:1
      |
    2 | [a, b]: c
      | ^^^^^^
      |
      = help: put the whole value in quotes if it is a string

    error[yaml-syntax]: a key is missing before the `:`
     --> a.yaml:3:1
      |
    3 | : d
      | ^
      |
      = help: put the whole value in quotes if it is a string
    ");
}

#[test]
fn a_control_character() {
    insta::assert_snapshot!(told("name: n\0m\n"), @r"
    error[yaml-syntax]: the character U+0000 can't be here
     --> a.yaml:1:8
      |
    1 | name: n␀m
      |        ^
      |
      = help: remove it, or write `\x00` in double quotes
    ");
}

#[test]
fn a_directive() {
    insta::assert_snapshot!(told("%TAGS x\nname: n\n"), @"
    error[reserved-character]: a line that begins with `%` is a directive of YAML
     --> a.yaml:1:1
      |
    1 | %TAGS x
      | ^^^^^^^
      |
      = help: put it in quotes if it is a string, else remove it
    ");
}

/// What is said of the text between `<` and `>`, which are taken out.
fn cut(marked: &str) -> Option<String> {
    let start = marked.find('<').expect("a beginning");
    let end = marked.find('>').expect("an end") - 1;
    let text = marked.replacen('<', "", 1).replacen('>', "", 1);
    let (sources, id) = source(&text);
    let span = lcrun::source::Span::new(id, start..end);
    let diagnostic = yaml::comment_cut(sources.get(id), span)?;
    Some(diagnostic.render(&sources, false))
}

#[test]
fn an_expression_cut_by_a_hash_is_told_to_those_who_ask() {
    insta::assert_snapshot!(cut("- <color ==> #fff\n").unwrap(), @r#"
    error[comment-cut]: the value ends before this `#`
     --> a.yaml:1:12
      |
    1 | - color == #fff
      |            ^^^^ a `#` after a space begins a comment
      |
    help: put the whole value in quotes
      |
    1 - - color == #fff
    1 + - "color == #fff"
      |
    "#);
    insta::assert_snapshot!(cut("- <color\n  ==> #fff\n").unwrap(), @"
    error[comment-cut]: the value ends before this `#`
     --> a.yaml:2:6
      |
    2 |   == #fff
      |      ^^^^ a `#` after a space begins a comment
      |
      = help: put the whole value in quotes
    ");
    assert_eq!(cut("- <body.a == \"#1\">\n"), None);
    assert_eq!(cut("- <\"body.a\"> # x\n"), None);
}
