//! A response as its snapshot holds it: status line, chosen header fields, blank line, body.

use std::borrow::Cow;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::file::normalized;
use super::redact::{self, Used, placeholder};
use super::rules::{Part, Rule, Rules, Target, Unmatched};
use crate::diff::Exact;
use crate::hex;
use crate::http::message::Response;
use crate::kinds::Shape;
use crate::secrets::Secrets;
use crate::template::ContentType;

/// Bodies above this are recorded by their length and hash alone, in bytes.
pub const MAX_BODY: usize = 16 << 20;

/// What is recorded of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The text, as a snapshot file holds it.
    pub contents: String,
    /// The body is recorded as the JSON document that it is, so that its values can be redacted.
    pub is_json: bool,
    /// The step's own rules that found nothing in the response.
    pub unmatched: Vec<Unmatched>,
    /// The body is above [`MAX_BODY`], so that only its length and hash are compared.
    pub is_large: bool,
}

/// Records a response: `only`, then `sort`, then the typed redactions, and at last every secret.
///
/// The status line holds no reason phrase: HTTP/2 has none, and a proxy may put its own there.
pub fn record(response: &Response, rules: &Rules, secrets: &Secrets) -> Recorded {
    let mut used = Used::none_of(rules);
    let mut contents = format!("HTTP/1.1 {}\n", response.status);
    for name in &rules.headers {
        let redaction = header_redaction(name, rules);
        for value in response.headers.all(name) {
            let shape = redaction.map(|(number, shape)| {
                used.redact[number] = true;
                shape
            });
            let value = header_value(value, shape, secrets);
            writeln!(contents, "{name}: {value}").expect("a string takes any text");
        }
    }
    let is_large = response.body.len() > MAX_BODY;
    let (body, is_json) = if is_large {
        let note = "above 16 MiB: compared by its length and hash";
        (format!("{}\n({note})", by_hash(&response.body)), false)
    } else {
        self::body(response, rules, secrets, &mut used)
    };
    contents.push('\n');
    contents.push_str(&body);
    Recorded {
        contents: normalized(&contents),
        is_json,
        unmatched: unmatched(rules, &used),
        is_large,
    }
}

fn header_redaction<'r>(name: &str, rules: &'r Rules) -> Option<(usize, &'r Shape)> {
    let mut redactions = rules.redact.iter().enumerate();
    redactions.find_map(|(number, rule)| match &rule.key {
        Target::Header(field) if field == name => Some((number, &rule.value)),
        _ => None,
    })
}

/// A field's value is always a text; one that reads as a number, `true`, `false` or `null` is of
/// those types as well.
fn header_value<'v>(value: &'v str, shape: Option<&Shape>, secrets: &Secrets) -> Cow<'v, str> {
    if let Some(shape) = shape {
        let as_json = Exact::parse(value).ok();
        if shape.accepts(&Exact::string(value)) || as_json.is_some_and(|json| shape.accepts(&json))
        {
            return Cow::Owned(placeholder(shape));
        }
    }
    secrets.redact(value)
}

/// The body as it is recorded, and whether that is a JSON document.
fn body(response: &Response, rules: &Rules, secrets: &Secrets, used: &mut Used) -> (String, bool) {
    let bytes = &response.body;
    let content_type = ContentType::of(response);
    let text = content_type
        .decode_whole(bytes)
        .filter(|text| is_text(text));
    let Some(text) = text else {
        return (by_hash(bytes), false);
    };
    if !content_type.is_other
        && let Ok(document) = Exact::parse(&text)
    {
        let recorded = redact::body(document, &text, rules, secrets, used);
        let recorded = recorded.map_or_else(String::new, |body| body.to_pretty());
        return (recorded, true);
    }
    (secrets.redact(&text).into_owned(), false)
}

/// Whether a person could read it: no control characters but those that texts have.
fn is_text(text: &str) -> bool {
    let is_odd =
        |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r' | '\u{8}' | '\u{c}' | '\u{1b}');
    !text.contains(is_odd)
}

fn by_hash(bytes: &[u8]) -> String {
    let hash = hex::lower(&Sha256::digest(bytes));
    format!("(bytes: {}, sha256 {hash})", bytes.len())
}

fn unmatched(rules: &Rules, used: &Used) -> Vec<Unmatched> {
    let mut unmatched = Vec::new();
    unused(
        rules.only.as_deref().unwrap_or(&[]),
        &used.only,
        Part::Only,
        &mut unmatched,
    );
    unused(&rules.redact, &used.redact, Part::Redact, &mut unmatched);
    unused(&rules.sort, &used.sort, Part::Sort, &mut unmatched);
    unmatched
}

fn unused<K, V>(rules: &[Rule<K, V>], used: &[bool], part: Part, unmatched: &mut Vec<Unmatched>) {
    for (rule, used) in rules.iter().zip(used) {
        if let (Some(key), false) = (&rule.own, used) {
            unmatched.push(Unmatched {
                key: key.clone(),
                part,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::http::message::Headers;
    use crate::snapshot::SnapshotSpec;
    use crate::source::Sources;
    use crate::yaml;

    fn spec(text: &str) -> SnapshotSpec {
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let id = sources.add("a.yaml", text);
        let node = yaml::parse(&sources, id, &mut diagnostics).unwrap();
        let spec: SnapshotSpec = node.decode(&sources, "", &mut diagnostics).unwrap();
        spec.check(&mut diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        spec
    }

    fn response(fields: &[(&str, &str)], body: &[u8]) -> Response {
        Response {
            status: 200,
            reason: "OK".to_owned(),
            headers: fields.iter().copied().collect::<Headers>(),
            body: body.into(),
            bytes_received: 0,
        }
    }

    fn json(body: &str) -> Response {
        response(&[("Content-Type", "application/json")], body.as_bytes())
    }

    fn recorded(response: &Response, specs: &[&str], secrets: &Secrets) -> Recorded {
        let specs: Vec<SnapshotSpec> = specs.iter().map(|text| spec(text)).collect();
        let (own, defaults) = specs.split_last().unwrap();
        record(response, &Rules::of(defaults, own).unwrap(), secrets)
    }

    /// The recorded body on one line, and the keys that matched nothing.
    fn body(body: &str, specs: &[&str]) -> (String, Vec<String>) {
        let recorded = recorded(&json(body), specs, &Secrets::default());
        let (_, text) = recorded.contents.split_once("\n\n").unwrap_or_default();
        let compact = Exact::parse(text).map_or_else(|_| text.to_owned(), |json| json.to_string());
        let unmatched = recorded.unmatched.into_iter();
        (compact, unmatched.map(|one| one.key.value).collect())
    }

    #[test]
    fn a_response_is_recorded_in_the_order_of_its_keys() {
        let answer =
            json(r#"{"token_type":"Bearer","expires_in":28800,"big":12345678901234567890123}"#);
        let recorded = recorded(&answer, &["true"], &Secrets::default());
        insta::assert_snapshot!(recorded.contents, @r#"
        HTTP/1.1 200
        content-type: application/json

        {
          "token_type": "Bearer",
          "expires_in": 28800,
          "big": 12345678901234567890123
        }
        "#);
    }

    #[test]
    fn only_the_chosen_header_fields_are_recorded() {
        let answer = response(
            &[
                ("X-Debug-Id", "b5ffcb1c-4abd-4b48-9d8b-6bf0a5d0b0ab"),
                ("Date", "today"),
                ("x-rate", "17"),
            ],
            b"",
        );
        let spec = "{headers: [X-Debug-ID, x-rate, x-none], redact: {headers.x-debug-id: uuid, headers.x-rate: integer, headers.date: any}}";
        let recorded = recorded(&answer, &[spec], &Secrets::default());
        assert_eq!(
            recorded.contents,
            "HTTP/1.1 200\nx-debug-id: [uuid]\nx-rate: [integer]"
        );
        let keys: Vec<_> = recorded
            .unmatched
            .iter()
            .map(|one| &*one.key.value)
            .collect();
        assert_eq!(keys, ["headers.date"]);
    }

    #[test]
    fn a_value_is_redacted_if_it_has_the_type_and_stays_if_it_has_not() {
        let id = "b5ffcb1c-4abd-4b48-9d8b-6bf0a5d0b0ab";
        let document = format!(
            r#"{{"id":"{id}","list":[{{"id":"7"}},{{"id":null}}],"n":{{"id":{{"id":"{id}"}}}}}}"#
        );
        assert_eq!(
            body(&document, &["{redact: {id: uuid}}"]).0,
            r#"{"id":"[uuid]","list":[{"id":"7"},{"id":null}],"n":{"id":{"id":"[uuid]"}}}"#
        );
        assert_eq!(
            body(&document, &["{redact: {id: uuid?, list: any}}"]).0,
            r#"{"id":"[uuid?]","list":"[any]","n":{"id":{"id":"[uuid?]"}}}"#
        );
        let either = |document| body(document, &["{redact: {id: 'matching(\"^[a-z]+$\")?'}}"]).0;
        assert_eq!(either(r#"{"id":null}"#), r#"{"id":"[matching?]"}"#);
        assert_eq!(either(r#"{"id":"abc"}"#), r#"{"id":"[matching?]"}"#);
        assert_eq!(either(r#"{"id":"ABC"}"#), r#"{"id":"ABC"}"#);
    }

    #[test]
    fn a_path_wins_over_a_name_and_the_step_over_defaults() {
        let document = r#"{"steps":[{"id":1},{"id":"x"}],"id":2}"#;
        let defaults = "{redact: {id: string, $.id: integer}}";
        let of = |own: &str| body(document, &[defaults, own]).0;
        assert_eq!(
            of("true"),
            r#"{"steps":[{"id":1},{"id":"[string]"}],"id":"[integer]"}"#
        );
        assert_eq!(
            of("{redact: {id: number}}"),
            r#"{"steps":[{"id":"[number]"},{"id":"x"}],"id":"[integer]"}"#
        );
        assert_eq!(
            of("{redact: {$.id: null, '$.steps[*].id': any}}"),
            r#"{"steps":[{"id":"[any]"},{"id":"[any]"}],"id":2}"#
        );
        assert_eq!(of("{redact: null}"), document);
    }

    #[test]
    fn only_narrows_the_body_and_paths_stay_those_of_the_response() {
        let document = r#"{"error":{"type":"authorization","message":"x"},"list":[{"id":1,"a":1},{"id":2,"a":2}]}"#;
        assert_eq!(
            body(document, &["{only: [$.error.type]}"]).0,
            r#"{"error":{"type":"authorization"}}"#
        );
        assert_eq!(
            body(document, &["{only: ['$.list[1]'], redact: {'$.list[1].id': integer, '$.list[0].id': integer}}"]).0,
            r#"{"list":[{"id":"[integer]","a":2}]}"#
        );
        assert_eq!(
            body(
                document,
                &["{only: [$.list.*.a, $..type], sort: {$.list: id}}"]
            )
            .0,
            r#"{"error":{"type":"authorization"},"list":[{"a":1},{"a":2}]}"#
        );
        assert_eq!(
            body(document, &["{only: [$.none]}"]),
            (String::new(), vec!["$.none".to_owned()])
        );
        assert_eq!(
            body(document, &["{only: [$.none]}", "{only: null}"]).0,
            document
        );
    }

    #[test]
    fn a_list_is_sorted_by_its_field_before_that_is_redacted() {
        let document = r#"{"l":[{"id":10,"v":"b"},{"id":9,"v":"a"},{"v":"z"}],"tags":["b","a"]}"#;
        assert_eq!(
            body(
                document,
                &["{sort: {$.l: id, $.tags: name}, redact: {id: integer}}"]
            )
            .0,
            r#"{"l":[{"v":"z"},{"id":"[integer]","v":"a"},{"id":"[integer]","v":"b"}],"tags":["a","b"]}"#
        );
    }

    #[test]
    fn keys_of_the_step_that_match_nothing_are_told_and_inherited_ones_are_not() {
        let defaults = "{redact: {nowhere: uuid, $.nowhere: uuid}, sort: {$.nowhere: id}}";
        let own = "{redact: {a: uuid, gone: uuid, $.gone: any, headers.x: any}, sort: {$.a: id, $.l: id}}";
        let (_, unmatched) = body(r#"{"a":1,"l":[]}"#, &[defaults, own]);
        assert_eq!(unmatched, ["gone", "$.gone", "headers.x", "$.a"]);
    }

    #[test]
    fn an_unmatched_key_is_shown_with_what_to_do() {
        let text = "{redact: {headers.x: any}, sort: {$.a: id}}";
        let mut sources = Sources::default();
        sources.add("a.yaml", text);
        let recorded = recorded(&json("{}"), &[text], &Secrets::default());
        let drawn: String = recorded
            .unmatched
            .iter()
            .map(|one| one.diagnostic().render(&sources, false))
            .collect();
        insta::assert_snapshot!(drawn, @"
        warning[unmatched-rule]: `redact: headers.x` matches nothing in the response
         --> a.yaml:1:11
          |
        1 | {redact: {headers.x: any}, sort: {$.a: id}}
          |           ^^^^^^^^^
          |
          = help: list the field under `headers` too, or remove the line
        warning[unmatched-rule]: `sort: $.a` matches no list in the response
         --> a.yaml:1:35
          |
        1 | {redact: {headers.x: any}, sort: {$.a: id}}
          |                                   ^^^
          |
          = help: correct the key, or remove the line
        ");
    }

    #[test]
    fn secrets_are_redacted_wherever_they_stand() {
        let mut secrets = Secrets::default();
        secrets.add("access_token", "dal:s3cret/Token\"1");
        secrets.add("pin", "1234567");
        let document = r#"{"access_token":"dal:s3cret/Token\"1","text":"?t=dal%3As3cret%2FToken%221&x","n":1234567,"pin 1234567":[null]}"#;
        let answer = response(
            &[
                ("content-type", "application/json"),
                ("location", "/?pin=1234567"),
            ],
            document.as_bytes(),
        );
        let recorded = recorded(&answer, &["{headers: [location]}"], &secrets);
        insta::assert_snapshot!(recorded.contents, @r#"
        HTTP/1.1 200
        location: /?pin=[pin]

        {
          "access_token": "[access_token]",
          "text": "?t=[access_token]&x",
          "n": "[pin]",
          "pin [pin]": [
            null
          ]
        }
        "#);
        let text = response(
            &[("content-type", "text/plain")],
            b"pin:\r\n1234567\r\n\r\n",
        );
        let recorded = super::tests::recorded(&text, &["{headers: []}"], &secrets);
        assert_eq!(recorded.contents, "HTTP/1.1 200\n\npin:\n[pin]");
    }

    #[test]
    fn what_is_no_text_is_recorded_by_its_length_and_hash() {
        let hash =
            "(bytes: 3, sha256 0e6f1d8256a3ab32d4d3c5b8db2311809fe00ff41bd6eccc1121cc6cab3f428d)";
        let png = response(&[("content-type", "image/png")], b"\x89\0\xff");
        let contents = recorded(&png, &["true"], &Secrets::default()).contents;
        assert_eq!(
            contents,
            format!("HTTP/1.1 200\ncontent-type: image/png\n\n{hash}")
        );
        let latin = response(
            &[("content-type", "text/plain; charset=iso-8859-2")],
            b"\xbf",
        );
        assert!(
            recorded(&latin, &["true"], &Secrets::default())
                .contents
                .ends_with("\n\nż")
        );
        let broken = response(&[("content-type", "application/json")], b"{oops");
        assert!(
            recorded(&broken, &["true"], &Secrets::default())
                .contents
                .ends_with("\n\n{oops")
        );
    }

    #[test]
    fn a_body_above_16_mib_is_recorded_by_its_length_and_hash() {
        let large = format!("\"{}\"", "x".repeat(MAX_BODY - 1));
        let recorded = recorded(&json(&large), &["true"], &Secrets::default());
        assert!(recorded.is_large);
        insta::assert_snapshot!(recorded.contents, @"
        HTTP/1.1 200
        content-type: application/json

        (bytes: 16777217, sha256 8bc5b622fb6ad75c136758ac647a8139ce6b1db06f49fa526e8f9a3b37bc2b20)
        (above 16 MiB: compared by its length and hash)
        ");
    }

    #[test]
    fn a_step_may_refuse_what_defaults_say() {
        assert!(Rules::of([&spec("true")], &spec("false")).is_none());
        assert!(Rules::of([&spec("false")], &spec("true")).is_some());
    }
}
