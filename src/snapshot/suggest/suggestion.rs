//! What would make several recordings of one step equal: their headers and bodies, gone through at
//! once, and the rules for what differs.

use std::collections::BTreeSet;

use super::guess::{Guess, kind_of_header};
use super::walk::{Places, Walk};
use crate::diff::Exact;

/// A response as a snapshot holds it: secrets and what has a rule already are redacted.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The status line.
    pub status: String,
    /// The recorded header fields: names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

/// The body of a recording.
#[derive(Debug, Clone)]
pub enum Body {
    /// A JSON document.
    Json(Exact),
    /// Anything else, as it is recorded.
    Text(String),
}

/// What would make recordings equal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestion {
    /// The rules, in the order of the response.
    pub rules: Vec<Rule>,
    /// What differs and no rule can help with, each a sentence.
    pub notes: Vec<String>,
}

/// One entry for the `snapshot` of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which of its mappings the entry belongs to.
    pub section: Section,
    /// A field name, a `JSONPath` or `headers.<name>`.
    pub key: String,
    /// The kind of a redaction, or the field that an array is sorted by.
    pub value: String,
}

/// What rules call values by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// The name of the field, where every value of that name has the kind; else the path.
    Fields,
    /// The path, which wins over a field name: for values that have a rule by path already.
    Paths,
}

/// A mapping in the `snapshot` of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// `redact`
    Redact,
    /// `sort`
    Sort,
}

impl Section {
    /// The key of the mapping.
    pub fn key(self) -> &'static str {
        match self {
            Section::Redact => "redact",
            Section::Sort => "sort",
        }
    }
}

impl Recording {
    /// Takes the contents of a snapshot apart; `is_json` says what the body is, since a text may
    /// read as JSON and not be recorded as such.
    pub fn of_contents(contents: &str, is_json: bool) -> Self {
        let (head, body) = contents.split_once("\n\n").unwrap_or((contents, ""));
        let mut lines = head.lines();
        let status = lines.next().unwrap_or_default().to_owned();
        let headers = lines.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        });
        Self {
            status,
            headers: headers.collect(),
            body: match Exact::parse(body) {
                Ok(document) if is_json => Body::Json(document),
                _ => Body::Text(body.to_owned()),
            },
        }
    }
}

/// What would make some recordings of a step equal; nothing if they are.
///
/// Paths name every element of an array alike: `sort` and `only` move elements about, and one that
/// has not the kind of the rule stays as it is.
pub fn suggest(recordings: &[Recording], naming: Naming) -> Suggestion {
    let mut suggestion = Suggestion::default();
    let Some((first, others)) = recordings.split_first() else {
        return suggestion;
    };
    let mut statuses: Vec<&str> = recordings.iter().map(|one| one.status.as_str()).collect();
    statuses.dedup();
    if statuses.len() > 1 {
        let note = format!("the status changes: `{}`", statuses.join("`, then `"));
        suggestion.notes.push(note);
    }
    headers(recordings, &mut suggestion);
    let documents: Option<Vec<&Exact>> = recordings
        .iter()
        .map(|one| match &one.body {
            Body::Json(document) => Some(document),
            Body::Text(_) => None,
        })
        .collect();
    if let Some(documents) = documents {
        body(&documents, naming, &mut suggestion);
    } else {
        let text = |one: &Recording| match &one.body {
            Body::Json(document) => document.to_string(),
            Body::Text(text) => text.clone(),
        };
        if others.iter().any(|other| text(other) != text(first)) {
            let note = "the body differs and is not recorded as JSON, whose values alone can be \
                        redacted: leave out `snapshot`, and assert what must hold";
            suggestion.notes.push(note.to_owned());
        }
    }
    suggestion
}

fn headers(recordings: &[Recording], suggestion: &mut Suggestion) {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in recordings.iter().flat_map(|one| &one.headers) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    for name in names {
        let values = |one: &Recording| -> Vec<String> {
            let fields = one.headers.iter().filter(|(other, _)| other == name);
            fields.map(|(_, value)| value.clone()).collect()
        };
        let all: Vec<Vec<String>> = recordings.iter().map(values).collect();
        if all.iter().all(|values| *values == all[0]) {
            continue;
        }
        if all.iter().any(|values| values.len() != all[0].len()) {
            suggestion.notes.push(format!(
                "the header field `{name}` is there in some runs and not in others: take it out of \
                 `headers`"
            ));
            continue;
        }
        let texts: Vec<String> = all.into_iter().flatten().collect();
        suggestion.redact(format!("headers.{name}"), kind_of_header(&texts));
    }
}

fn body(documents: &[&Exact], naming: Naming, suggestion: &mut Suggestion) {
    let mut walk = Walk::default();
    walk.values(documents);
    suggestion.notes.append(&mut walk.notes);
    let mut sorted = BTreeSet::new();
    for (path, field) in &walk.sorts {
        let key = path.any_element().to_string();
        if sorted.insert(key.clone()) {
            suggestion.rules.push(Rule {
                section: Section::Sort,
                key,
                value: field.clone(),
            });
        }
    }
    let places = Places::of(&walk.places);
    let mut done = BTreeSet::new();
    for place in walk.places.iter().filter(|place| place.differs) {
        if naming == Naming::Fields
            && let Some(name) = place.path.field()
            && let Some(kind) = places.kind_of_name(name)
        {
            if done.insert(name.to_owned()) {
                suggestion.redact(name.to_owned(), kind);
            }
            continue;
        }
        let pattern = place.path.any_element().to_string();
        if done.insert(pattern.clone()) {
            let kind = places.kind_of_pattern(&pattern);
            suggestion.redact(pattern, kind);
        }
    }
}

impl Suggestion {
    /// Whether the recordings differ at all.
    pub fn differs(&self) -> bool {
        !self.rules.is_empty() || !self.notes.is_empty()
    }

    fn redact(&mut self, key: String, kind: Guess) {
        self.rules.push(Rule {
            section: Section::Redact,
            key,
            value: kind.to_string(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is suggested for some bodies, a line each.
    fn told(bodies: &[&str]) -> String {
        told_of(
            &bodies
                .iter()
                .map(|body| format!("HTTP/1.1 200\ncontent-type: application/json\n\n{body}"))
                .collect::<Vec<_>>(),
        )
    }

    fn told_of(contents: &[String]) -> String {
        let recordings: Vec<Recording> = contents
            .iter()
            .map(|contents| Recording::of_contents(contents, !contents.contains("<p>")))
            .collect();
        let suggestion = suggest(&recordings, Naming::Fields);
        let rules = suggestion.rules.iter().map(|rule| {
            let section = rule.section.key();
            format!("{section} {}: {}", rule.key, rule.value)
        });
        rules.chain(suggestion.notes).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn equal_responses_need_no_rule() {
        assert_eq!(told(&[r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#]), "");
        assert_eq!(told(&["{}"]), "");
        assert_eq!(told(&[]), "");
    }

    #[test]
    fn a_value_that_differs_is_named_by_the_most_specific_kind() {
        let first = r#"{"u":"919108f7-52d1-4320-9bac-f847db4148a8","t":"2026-11-22T10:11:12Z",
            "d":"2026-11-22","m":"a@b.c","l":"https://a/1","i":"10.0.0.1","h":"deadbeef01",
            "b":"YWJjZGVm+w==","n":1,"f":1.5,"s":"Q1GZ3FFAHT","o":true,"c":"dal:abc"}"#;
        let second = r#"{"u":"00000000-52d1-4320-9bac-f847db4148a8","t":"2026-11-22T10:11:13Z",
            "d":"2026-11-23","m":"b@b.c","l":"https://a/2","i":"10.0.0.2","h":"deadbeef02",
            "b":"YWJjZGVm/w==","n":2,"f":2,"s":"Q1GZ3FFAHA","o":false,"c":"dal:abd"}"#;
        insta::assert_snapshot!(told(&[first, second]), @r"
        redact u: uuid
        redact t: rfc3339
        redact d: date
        redact m: email
        redact l: url
        redact i: ip
        redact h: hex
        redact b: base64
        redact n: integer
        redact f: number
        redact s: string
        redact o: boolean
        redact c: string
        ");
    }

    #[test]
    fn null_among_the_values_is_allowed_and_different_kinds_are_any() {
        let bodies = [
            r#"{"a":null,"b":1,"c":null,"d":"x"}"#,
            r#"{"a":3,"b":"1","c":"2026-11-22","d":{}}"#,
        ];
        insta::assert_snapshot!(told(&bodies), @r"
        redact a: integer?
        redact b: any
        redact c: date?
        redact d: any
        ");
    }

    #[test]
    fn a_name_is_used_only_where_every_value_of_that_name_has_the_kind() {
        let bodies = [
            r#"{"id":1,"chats":[{"id":2,"x":{"n":"a"}},{"id":3,"x":{"n":"b"}}],"n":7}"#,
            r#"{"id":1,"chats":[{"id":4,"x":{"n":"c"}},{"id":3,"x":{"n":"b"}}],"n":7}"#,
        ];
        insta::assert_snapshot!(told(&bodies), @r"
        redact id: integer
        redact $.chats[*].x.n: string
        ");
        let mixed = [
            r#"{"list":[{"v":"a"},{"v":1}],"w":{"v":true}}"#,
            r#"{"list":[{"v":"b"},{"v":1}],"w":{"v":false}}"#,
        ];
        insta::assert_snapshot!(told(&mixed), @r"
        redact $.list[*].v: string
        redact $.w.v: boolean
        ");
    }

    #[test]
    fn elements_that_are_no_objects_are_called_by_their_path() {
        let bodies = [
            r#"{"user_ids":["a@b","c@d"]}"#,
            r#"{"user_ids":["a@b","e@f"]}"#,
        ];
        assert_eq!(told(&bodies), "redact $.user_ids[*]: email");
        let bodies = [r#"[1,{"a b":{"it's":1}}]"#, r#"[1,{"a b":{"it's":2}}]"#];
        assert_eq!(told(&bodies), "redact it's: integer");
        let bodies = [
            r#"{"a b":{"it's":1},"x":{"it's":""}}"#,
            r#"{"a b":{"it's":2},"x":{"it's":""}}"#,
        ];
        assert_eq!(told(&bodies), r"redact $['a b']['it\'s']: integer");
    }

    #[test]
    fn a_path_is_used_where_asked_for() {
        let bodies = [
            r#"{"l":[{"id":1},{"id":2}]}"#,
            r#"{"l":[{"id":1},{"id":3}]}"#,
        ];
        let recordings = bodies.map(|body| Recording::of_contents(&format!("\n\n{body}"), true));
        let suggestion = suggest(&recordings, Naming::Paths);
        let keys: Vec<&str> = suggestion.rules.iter().map(|rule| &*rule.key).collect();
        assert_eq!(keys, ["$.l[*].id"]);
    }

    #[test]
    fn lists_of_different_lengths_are_any_and_unsteady_keys_are_told() {
        let bodies = [
            r#"{"list":[1,2],"x":{"y":{"a":1}}}"#,
            r#"{"list":[1],"x":{"y":{}}}"#,
        ];
        insta::assert_snapshot!(told(&bodies), @r"
        redact list: any
        redact y: any
        `$.x.y.a` is there in some runs and not in others
        ");
        let root = [r#"{"id":1,"more":true}"#, r#"{"id":2}"#];
        insta::assert_snapshot!(told(&root), @r"
        redact id: integer
        `$.more` is there in some runs and not in others
        ");
        insta::assert_snapshot!(told(&["[1]", "[]"]), @"the whole body has another shape from run to run: narrow it with `only`, such as `only: [$.error.type]`");
    }

    #[test]
    fn elements_in_another_order_are_sorted_by_what_tells_them_apart() {
        let bodies = [
            r#"{"l":[{"k":"x","id":"b","at":1},{"k":"x","id":"a","at":2}]}"#,
            r#"{"l":[{"k":"x","id":"a","at":2},{"k":"x","id":"b","at":3}]}"#,
        ];
        insta::assert_snapshot!(told(&bodies), @r"
        sort $.l: id
        redact at: integer
        ");
    }

    #[test]
    fn what_a_rule_replaced_already_still_counts_as_its_kind() {
        let bodies = [
            r#"{"a":"[integer]","b":"[uuid]","c":{"b":"x1"},"d":"[date?]"}"#,
            r#"{"a":null,"b":"[uuid]","c":{"b":"x2"},"d":"x"}"#,
        ];
        insta::assert_snapshot!(told(&bodies), @r"
        redact a: integer?
        redact b: string
        redact d: string?
        ");
    }

    #[test]
    fn headers_have_rules_and_what_has_none_is_told() {
        let with = |head: &str, body: &str| format!("HTTP/1.1 {head}\n\n{body}");
        let contents = [
            with(
                "200\netag: a1\nx-rate: 17\nx-id: 919108f7-52d1-4320-9bac-f847db4148a8",
                "<p>1",
            ),
            with(
                "201\nx-rate: 9\nx-id: 00000000-52d1-4320-9bac-f847db4148a8",
                "<p>2",
            ),
        ];
        insta::assert_snapshot!(told_of(&contents), @r"
        redact headers.x-rate: integer
        redact headers.x-id: uuid
        the status changes: `HTTP/1.1 200`, then `HTTP/1.1 201`
        the header field `etag` is there in some runs and not in others: take it out of `headers`
        the body differs and is not recorded as JSON, whose values alone can be redacted: leave out `snapshot`, and assert what must hold
        ");
    }
}
