//! What values decode to, and what is said of those that don't fit.

use std::collections::BTreeMap;

use lcrun::diagnostic::Diagnostics;
use lcrun::json::Json;
use lcrun::source::Spanned;
use lcrun::yaml::{self, Data, Decoder, Entries, Hints, Node, Text};
use serde::Deserialize;

use super::model::{Auth, Step, decoded, source, told, told_of};

#[test]
fn a_text_is_taken_as_written() {
    for written in [
        "00012",
        "3.10",
        "yes",
        "0123",
        "true",
        "1e3",
        ".inf",
        "2024-01-02",
    ] {
        let map: BTreeMap<String, String> = decoded(&format!("a: {written}\n"));
        assert_eq!(map["a"], written);
        let map: Entries<Text> = decoded(&format!("{written}: x\n"));
        assert_eq!(map[0].0.value, written);
    }
    let text: String = decoded("!!str 5");
    assert_eq!(text, "5");
}

#[test]
fn spanned_values_know_their_place_wherever_they_stand() {
    #[derive(Deserialize)]
    struct Holder {
        list: Vec<Spanned<u8>>,
        map: Entries<Spanned<bool>>,
        choice: Spanned<Auth>,
        maybe: Option<Spanned<Vec<Text>>>,
    }
    let text = "\u{feff}list: [1, 22]\nmap: { \"k\": true }\nchoice: { bearer: 'x' }\nmaybe:\n  - ż\n  - |\n    block\n\n";
    let holder: Holder = decoded(text);
    let (sources, id) = source(text);
    let slice = |span| sources.slice(span);
    assert_eq!(slice(holder.list[1].span), "22");
    assert_eq!(holder.list[1].span.source, id);
    let (key, value) = &holder.map[0];
    assert_eq!((slice(key.span), slice(value.span)), ("\"k\"", "true"));
    assert_eq!(slice(holder.choice.span), "{ bearer: 'x' }");
    let maybe = holder.maybe.unwrap();
    assert_eq!(slice(maybe.span), "- ż\n  - |\n    block");
    assert_eq!(slice(maybe[0].span), "ż");
    assert_eq!(
        (slice(maybe[1].span), &*maybe[1].value),
        ("|\n    block", "block\n")
    );
}

#[test]
fn free_data_keeps_order_places_and_types() {
    let text = "b: [1, -2, 2.5, true, ~, yes, 'no']\na: { c: 18446744073709551615 }\n";
    let Data::Map(map) = decoded(text) else {
        panic!("a mapping is a mapping")
    };
    let (sources, _) = source(text);
    assert_eq!(sources.slice(map.span), text.trim_end());
    let Some(Data::List(list)) = map.get("b") else {
        panic!("a list is a list")
    };
    let seen: Vec<String> = list
        .iter()
        .map(|item| match item {
            Data::Null(_) => "null".to_owned(),
            Data::Bool(value) => value.value.to_string(),
            Data::Number(number) => number.value.to_string(),
            Data::Text(text) => format!("{} plain={}", text.value, text.plain),
            Data::List(_) | Data::Map(_) => panic!("only scalars stand there"),
        })
        .collect();
    let expected = [
        "1",
        "-2",
        "2.5",
        "true",
        "null",
        "yes plain=true",
        "no plain=false",
    ];
    assert_eq!(seen, expected);
    assert_eq!(sources.slice(list[5].span()), "yes");
    assert_eq!(map[1].0.value, "a");
}

#[test]
fn yaml_that_is_json_decodes_to_the_same_json() {
    let text = r#"{"a": [1, 2.5, null, true, "x\ud83d\ude00"], "b": {"": {}}}"#;
    let json: Json = decoded(text);
    assert_eq!(json, Json::parse(text.as_bytes()).unwrap());
}

#[test]
fn an_enum_is_a_word_or_a_mapping_of_one_key() {
    let auths: Vec<Auth> =
        decoded("[none, { bearer: x }, { basic: { username: a, password: b } }]");
    assert_eq!(auths[0], Auth::None);
    assert!(matches!(&auths[1], Auth::Bearer(text) if text.value == "x"));
    assert!(matches!(&auths[2], Auth::Basic { password, .. } if password.value == "b"));
}

#[test]
fn merged_keys_give_way_to_nearer_ones_and_keep_their_order() {
    let text = "a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc:\n  first: 0\n  <<: [*a, *b]\n  x: 3\n\"<<\": { q: 1 }\n";
    let all: BTreeMap<String, Entries<u8>> = decoded(text);
    let merged: Vec<(&str, u8)> = all["c"]
        .iter()
        .map(|(key, value)| (&*key.value, *value))
        .collect();
    assert_eq!(merged, [("first", 0), ("y", 1), ("z", 2), ("x", 3)]);
    assert_eq!(all["<<"].get("q"), Some(&1));
}

#[test]
fn keys_with_x_before_them_are_free_where_a_struct_is_read() {
    let text = "x-a: &a { url: z }\nname: n\nsteps:\n  - name: s\n    x-why: { because: 1 }\n    request: { <<: *a, x-b: 1 }\n";
    assert_eq!(told(text), "");
}

#[test]
fn every_mistake_in_a_file_is_told_at_once() {
    let text = "nmae: n\nname: m\nname: o\nsteps:\n  - name: [s]\n    asert: [x]\n    request: 3\n";
    insta::assert_snapshot!(told(text), @"
    error[unknown-key]: unknown key `nmae`
     --> a.yaml:1:1
      |
    1 | nmae: n
      | ^^^^
      |
    help: did you mean `name`?
      |
    1 - nmae: n
    1 + name: n
      |

    error[duplicate-key]: duplicate key `name`
     --> a.yaml:3:1
      |
    2 | name: m
      | ---- first written here
    3 | name: o
      | ^^^^
      |
      = help: keep one of the two

    error[wrong-type]: expected a string for `name`, found a list
     --> a.yaml:5:11
      |
    5 |   - name: [s]
      |           ^^^ `steps[0].name`
      |
      = help: put it in quotes if it is a string

    error[unknown-key]: unknown key `asert`
     --> a.yaml:6:5
      |
    6 |     asert: [x]
      |     ^^^^^ not a key of `steps[0]`
      |
    help: did you mean `assert`?
      |
    6 |     assert: [x]
      |       +

    error[wrong-type]: expected a mapping for `request`, found the number `3`
     --> a.yaml:7:14
      |
    7 |     request: 3
      |              ^ `steps[0].request`
    ");
}

#[test]
fn a_misspelt_key_is_not_missing_too() {
    insta::assert_snapshot!(told("nmae: n\n"), @"
    error[unknown-key]: unknown key `nmae`
     --> a.yaml:1:1
      |
    1 | nmae: n
      | ^^^^
      |
    help: did you mean `name`?
      |
    1 - nmae: n
    1 + name: n
      |
    ");
}

#[test]
fn a_missing_key_is_told_where_the_mapping_is_named() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - id: one\n    request: { method: GET }\n  - name: two\n    request: { method: GET }\n"), @"
    error[missing-key]: `name` is missing in `steps[0]`
     --> a.yaml:3:5
      |
    3 |   - id: one
      |     ^^
      |
      = help: add `name: …`

    error[missing-key]: `url` is missing in `steps[0].request`
     --> a.yaml:4:5
      |
    4 |     request: { method: GET }
      |     ^^^^^^^
      |
      = help: add `url: …`

    error[missing-key]: `url` is missing in `steps[1].request`
     --> a.yaml:6:5
      |
    6 |     request: { method: GET }
      |     ^^^^^^^
      |
      = help: add `url: …`
    ");
}

#[test]
fn a_step_decoded_by_itself_is_called_as_its_reader_says() {
    let text = "name: n\nsteps:\n  - name: s\n    request: { method: 1, retries: x }\n";
    let (sources, id) = source(text);
    let mut diagnostics = Diagnostics::default();
    let mut decode = |_, node: Node, diagnostics: &mut Diagnostics| {
        let step: Option<Step> = Decoder::new(&sources, "steps[0]")
            .hints(Hints {
                examples: &[("url", "url: https://api.example.com/")],
                ..Hints::NONE
            })
            .decode(&node, diagnostics);
        assert!(step.is_none());
    };
    yaml::parse_streaming(&sources, id, &["steps"], &mut decode, &mut diagnostics);
    let told: Vec<String> = diagnostics
        .into_sorted()
        .iter()
        .map(|one| one.render(&sources, false))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    error[missing-key]: `url` is missing in `steps[0].request`
     --> a.yaml:4:5
      |
    4 |     request: { method: 1, retries: x }
      |     ^^^^^^^
      |
      = help: add `url: https://api.example.com/`

    error[wrong-type]: expected a whole number from 0 to 255 for `retries`, found the string `x`
     --> a.yaml:4:36
      |
    4 |     request: { method: 1, retries: x }
      |                                    ^ `steps[0].request.retries`
    ");
}

#[test]
fn a_mistake_in_a_shared_mapping_is_told_once_with_its_first_use() {
    let text = "name: n\nx-r: &r { url: [1], metod: GET }\nsteps:\n  - name: a\n    request: *r\n  - name: b\n    request: { <<: *r }\n";
    insta::assert_snapshot!(told(text), @"
    error[wrong-type]: expected a string for `url`, found a list
     --> a.yaml:2:16
      |
    2 | x-r: &r { url: [1], metod: GET }
      |                ^^^ `steps[0].request.url`
    ...
    5 |     request: *r
      |              -- used here
      |
      = help: put it in quotes if it is a string

    error[unknown-key]: unknown key `metod`
     --> a.yaml:2:21
      |
    2 | x-r: &r { url: [1], metod: GET }
      |                     ^^^^^ not a key of `steps[0].request`
    ...
    5 |     request: *r
      |              -- used here
      |
    help: did you mean `method`?
      |
    2 | x-r: &r { url: [1], method: GET }
      |                        +
    ");
}

#[test]
fn a_key_glued_to_its_value_is_told() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    request: {url:\"x\", method: GET}\n"), @r#"
    error[unknown-key]: unknown key `url:"x"`
     --> a.yaml:4:15
      |
    4 |     request: {url:"x", method: GET}
      |               ^^^^^^^ not a key of `steps[0].request`
      |
    help: add a space after the `:`
      |
    4 |     request: {url: "x", method: GET}
      |                   +
    "#);
}

#[test]
fn an_enum_names_its_choices() {
    let text = "- nome\n";
    insta::assert_snapshot!(told_of::<Vec<Auth>>(text), @"
    error[unknown-value]: unknown value `nome`
     --> a.yaml:1:3
      |
    1 | - nome
      |   ^^^^
      |
    help: did you mean `none`?
      |
    1 - - nome
    1 + - none
      |
    ");
    let text = "- { bearer: x, basic: y }\n";
    insta::assert_snapshot!(told_of::<Vec<Auth>>(text), @"
    error[wrong-value]: only one key may be here, found `bearer` and `basic`
     --> a.yaml:1:16
      |
    1 | - { bearer: x, basic: y }
      |     ------     ^^^^^
      |     |
      |     the first one
      |
      = help: keep one of `none`, `bearer` or `basic`
    ");
    let text = "- { digest: x }\n";
    insta::assert_snapshot!(told_of::<Vec<Auth>>(text), @"
    error[unknown-key]: unknown key `digest`
     --> a.yaml:1:5
      |
    1 | - { digest: x }
      |     ^^^^^^
      |
      = help: the keys are `none`, `bearer` and `basic`
    ");
    let text = "- bearer\n";
    insta::assert_snapshot!(told_of::<Vec<Auth>>(text), @"
    error[wrong-type]: `bearer` needs a value
     --> a.yaml:1:3
      |
    1 | - bearer
      |   ^^^^^^
      |
      = help: write `{ bearer: … }`
    ");
    let text = "- [none]\n";
    insta::assert_snapshot!(told_of::<Vec<Auth>>(text), @"
    error[wrong-type]: expected `none`, `bearer` or `basic`, found a list
     --> a.yaml:1:3
      |
    1 | - [none]
      |   ^^^^^^
    ");
}

#[test]
fn numbers_out_of_range_or_in_disguise_are_told() {
    let told = |value: &str| {
        told(&format!(
            "name: n\nsteps:\n  - name: s\n    request: {{ url: u, retries: {value} }}\n"
        ))
    };
    insta::assert_snapshot!(told("300"), @"
    error[wrong-type]: expected a whole number from 0 to 255 for `retries`, found the number `300`
     --> a.yaml:4:33
      |
    4 |     request: { url: u, retries: 300 }
      |                                 ^^^ `steps[0].request.retries`
    ");
    insta::assert_snapshot!(told("\"3\""), @r#"
    error[wrong-type]: expected a whole number from 0 to 255 for `retries`, found the string `3`
     --> a.yaml:4:33
      |
    4 |     request: { url: u, retries: "3" }
      |                                 ^^^ `steps[0].request.retries`
      |
    help: write `3`
      |
    4 -     request: { url: u, retries: "3" }
    4 +     request: { url: u, retries: 3 }
      |
    "#);
    insta::assert_snapshot!(told("010"), @"
    error[wrong-type]: expected a whole number from 0 to 255 for `retries`, found the number `010`
     --> a.yaml:4:33
      |
    4 |     request: { url: u, retries: 010 }
      |                                 ^^^ `steps[0].request.retries`
      |
    help: write `10`
      |
    4 -     request: { url: u, retries: 010 }
    4 +     request: { url: u, retries: 10 }
      |
    ");
    insta::assert_snapshot!(told("\"{{ n }}\""), @r#"
    error[wrong-type]: expected a whole number from 0 to 255 for `retries`, found the string `{{ n }}`
     --> a.yaml:4:33
      |
    4 |     request: { url: u, retries: "{{ n }}" }
      |                                 ^^^^^^^^^ `steps[0].request.retries`
      |
      = help: a template can't be here, write the number
    "#);
    insta::assert_snapshot!(told("1.5"), @"
    error[wrong-type]: expected a whole number from 0 to 255 for `retries`, found the number `1.5`
     --> a.yaml:4:33
      |
    4 |     request: { url: u, retries: 1.5 }
      |                                 ^^^ `steps[0].request.retries`
    ");
}

#[test]
fn a_word_for_true_is_told() {
    insta::assert_snapshot!(told("name: n\nsteps:\n  - name: s\n    snapshot: yes\n"), @"
    error[wrong-type]: expected `true` or `false` for `snapshot`, found the string `yes`
     --> a.yaml:4:15
      |
    4 |     snapshot: yes
      |               ^^^ `steps[0].snapshot`
      |
    help: write `true`
      |
    4 -     snapshot: yes
    4 +     snapshot: true
      |
    ");
}

#[test]
fn numbers_that_do_not_print_back_are_told_in_free_data_only() {
    let text = "name: n\nsteps:\n  - name: s\n    request:\n      url: 0123\n      headers: { X: 3.10 }\n      json: [0123, 81e8326, 3.10, 99999999999999999999, 1.0, -5]\n";
    insta::assert_snapshot!(told(text), @r#"
    error[number-changes]: `0123` is read as the number `123`
     --> a.yaml:7:14
      |
    7 |       json: [0123, 81e8326, 3.10, 99999999999999999999, 1.0, -5]
      |              ^^^^
      |
      = help: write `123` for the number
    help: quote it to keep it a string
      |
    7 -       json: [0123, 81e8326, 3.10, 99999999999999999999, 1.0, -5]
    7 +       json: ["0123", 81e8326, 3.10, 99999999999999999999, 1.0, -5]
      |

    error[number-changes]: `81e8326` does not fit a 64-bit number
     --> a.yaml:7:20
      |
    7 |       json: [0123, 81e8326, 3.10, 99999999999999999999, 1.0, -5]
      |                    ^^^^^^^
      |
    help: quote it to keep it a string
      |
    7 -       json: [0123, 81e8326, 3.10, 99999999999999999999, 1.0, -5]
    7 +       json: [0123, "81e8326", 3.10, 99999999999999999999, 1.0, -5]
      |

    warning[number-changes]: `3.10` is read as the number `3.1`
     --> a.yaml:7:29
      |
    7 |       json: [0123, 81e8326, 3.10, 99999999999999999999, 1.0, -5]
      |                             ^^^^
      |
      = help: write `3.1` for the number
    help: quote it to keep it a string
      |
    7 -       json: [0123, 81e8326, 3.10, 99999999999999999999, 1.0, -5]
    7 +       json: [0123, 81e8326, "3.10", 99999999999999999999, 1.0, -5]
      |

    error[number-changes]: `99999999999999999999` does not fit a 64-bit number
     --> a.yaml:7:35
      |
    7 |       json: [0123, 81e8326, 3.10, 99999999999999999999, 1.0, -5]
      |                                   ^^^^^^^^^^^^^^^^^^^^
      |
    help: quote it to keep it a string
      |
    7 -       json: [0123, 81e8326, 3.10, 99999999999999999999, 1.0, -5]
    7 +       json: [0123, 81e8326, 3.10, "99999999999999999999", 1.0, -5]
      |
    "#);
}

#[test]
fn the_word_of_a_visitor_stands_in_the_message() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "decoded to see what is said, not to be used")]
    struct Timed {
        timeout: Seconds,
    }
    #[derive(Debug)]
    struct Seconds;
    impl<'de> Deserialize<'de> for Seconds {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl serde::de::Visitor<'_> for Visitor {
                type Value = Seconds;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("a string with a unit, as in `10s`")
                }
                fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Seconds, E> {
                    if text.ends_with('s') {
                        return Ok(Seconds);
                    }
                    Err(E::custom(format!("`{text}` has no unit")))
                }
            }
            deserializer.deserialize_any(Visitor)
        }
    }
    insta::assert_snapshot!(told_of::<Timed>("timeout: 10\n"), @"
    error[wrong-type]: expected a string with a unit, as in `10s`, found the number `10`
     --> a.yaml:1:10
      |
    1 | timeout: 10
      |          ^^
    ");
    insta::assert_snapshot!(told_of::<Timed>("timeout: 10x\n"), @"
    error[wrong-value]: `10x` has no unit
     --> a.yaml:1:10
      |
    1 | timeout: 10x
      |          ^^^
    ");
    insta::assert_snapshot!(told_of::<Timed>("timeout:\n"), @r#"
    error[wrong-type]: expected a string with a unit, as in `10s`, found nothing
     --> a.yaml:1:1
      |
    1 | timeout:
      | ^^^^^^^
      |
      = help: write a string, or `""` for an empty one
    "#);
}
