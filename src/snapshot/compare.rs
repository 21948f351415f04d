//! What differs between two recorded responses: JSON by its values, everything else as text.

use super::file::normalized;
use crate::diff::value::diff_at;
use crate::diff::{self, Change, Exact, Path};

/// What differs between two recorded responses.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The changes: of the status, of header fields, of the body.
    pub changes: Vec<Change>,
    old: String,
    new: String,
}

impl Difference {
    /// Whether it can break what reads the response: whether anything but additions is in it.
    pub fn is_breaking(&self) -> bool {
        self.changes.iter().any(Change::is_breaking)
    }

    /// The changes as lines; those of a body that is a text are a line diff.
    pub fn lines(&self, color: bool) -> Vec<String> {
        let is_text = |change: &&Change| change.path == body_path();
        let mut values = self.changes.clone();
        values.retain(|change| !is_text(&change));
        let mut lines = diff::lines(&values, color);
        for change in self.changes.iter().filter(is_text) {
            let text = |value: &Option<Exact>| match value {
                Some(Exact::String(text)) => text.to_string(),
                _ => String::new(),
            };
            let (old, new) = (text(&change.old), text(&change.new));
            if old.contains('\n') || new.contains('\n') {
                lines.push("  body:".to_owned());
                let diff = diff::line_diff(&old, &new, color);
                lines.extend(diff.into_iter().map(|line| format!("    {line}")));
            } else {
                lines.extend(diff::lines(std::slice::from_ref(change), color));
            }
        }
        lines
    }

    /// The line diff of the whole texts.
    pub fn text_lines(&self, color: bool) -> Vec<String> {
        diff::line_diff(&self.old, &self.new, color)
    }
}

/// Compares what a snapshot holds with what was recorded now; `None` if they are the same.
///
/// The order of keys, white space in JSON, the way a number is written, line ends, and a reason
/// phrase behind the status do not count.
pub fn compare(old: &str, new: &str) -> Option<Difference> {
    let (old, new) = (normalized(old), normalized(new));
    if old == new {
        return None;
    }
    let (before, now) = (Parts::of(&old), Parts::of(&new));
    let mut changes = Vec::new();
    if before.status != now.status {
        let value = |status: &str| Exact::parse(status).unwrap_or_else(|_| Exact::string(status));
        changes.push(Change::of_value(
            Path::named("status"),
            value(before.status),
            value(now.status),
        ));
    }
    compare_headers(&before, &now, &mut changes);
    compare_bodies(&before, &now, &mut changes);
    (!changes.is_empty()).then_some(Difference { changes, old, new })
}

fn body_path() -> Path {
    Path::named("body")
}

/// A recorded response, taken apart.
struct Parts<'t> {
    /// The status code.
    status: &'t str,
    headers: Vec<(&'t str, &'t str)>,
    body: &'t str,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let status = lines.next().unwrap_or("");
        let field = |line: &'t str| {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            (name.trim(), value.trim())
        };
        Self {
            status: status.split(' ').nth(1).unwrap_or(status),
            headers: lines.map(field).collect(),
            body,
        }
    }

    /// The values of a field, whatever its case.
    fn values(&self, name: &str) -> Vec<&'t str> {
        let fields = self.headers.iter();
        fields
            .filter(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
            .collect()
    }

    /// The body as JSON, unless the recorded content type is another one.
    fn json(&self) -> Option<Exact> {
        let content_type = self.values("content-type");
        let media = content_type.first().map(|value| {
            let media = value.split(';').next().unwrap_or("").trim();
            media.to_ascii_lowercase()
        });
        // A redacted type says nothing.
        let is_other = media.is_some_and(|media| {
            media.contains('/') && !media.ends_with("/json") && !media.ends_with("+json")
        });
        if is_other {
            return None;
        }
        Exact::parse(self.body).ok()
    }
}

fn compare_headers(before: &Parts<'_>, now: &Parts<'_>, changes: &mut Vec<Change>) {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in before.headers.iter().chain(&now.headers) {
        let name = name.to_ascii_lowercase();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let value = |values: Vec<&str>| {
            let value = values.join(", ");
            (!values.is_empty()).then(|| Exact::string(value))
        };
        let (old, new) = (value(before.values(&name)), value(now.values(&name)));
        let path = Path::named(format!("headers.{name}"));
        changes.extend(change(path, old, new));
    }
}

fn compare_bodies(before: &Parts<'_>, now: &Parts<'_>, changes: &mut Vec<Change>) {
    if before.body == now.body {
        return;
    }
    let text = |body: &str| (!body.is_empty()).then(|| Exact::string(body));
    match (before.json(), now.json()) {
        (Some(old), Some(new)) => changes.extend(diff_at(Path::default(), &old, &new)),
        (None, None) => changes.extend(change(body_path(), text(before.body), text(now.body))),
        (old, new) => {
            let old = old.or_else(|| text(before.body));
            let new = new.or_else(|| text(now.body));
            changes.extend(change(Path::default(), old, new));
        }
    }
}

fn change(path: Path, old: Option<Exact>, new: Option<Exact>) -> Option<Change> {
    match (old, new) {
        (Some(old), Some(new)) if old == new => None,
        (Some(old), Some(new)) => Some(Change::of_value(path, old, new)),
        (Some(old), None) => Some(Change::removed(path, old)),
        (None, Some(new)) => Some(Change::added(path, new)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(old: &str, new: &str) -> String {
        compare(old, new).map_or_else(String::new, |found| found.lines(false).join("\n"))
    }

    fn json(body: &str) -> String {
        format!("HTTP/1.1 200\ncontent-type: application/json\n\n{body}")
    }

    #[test]
    fn layout_and_the_order_of_keys_do_not_count() {
        let old = json("{\n  \"a\": 1.0,\n  \"b\": [1, 2]\n}\n");
        let new = json(r#"{"b":[1,2],"a":1}"#);
        assert_eq!(compare(&old, &new), None);
        assert_eq!(compare(&old.replace('\n', "\r\n"), &new), None);
        let with_reason = new.replace("HTTP/1.1 200", "HTTP/2 200 Fine");
        assert_eq!(
            compare(&old, &with_reason.replace("content-type", "Content-Type")),
            None
        );
        assert_eq!(
            drawn(&json("[1,2]"), &json("[2,1]")),
            "  $[1] → $[0]: moved 2"
        );
    }

    #[test]
    fn status_header_fields_and_values_are_told_apart() {
        let old = "HTTP/1.1 200\ncontent-type: application/json\nx-old: 1\n\n{\"a\":1}";
        let new = "HTTP/1.1 401\ncontent-type: application/problem+json\nx-new: 1\n\n{\"a\":\"1\"}";
        insta::assert_snapshot!(drawn(old, new), @r#"
          status: 200 → 401
          headers.content-type: "application/json" → "application/problem+json"
        - headers.x-old
        + headers.x-new: "1"
          $.a: 1 → "1" (number became string)
        "#);
    }

    #[test]
    fn text_bodies_are_compared_line_by_line() {
        let text = |body: &str| format!("HTTP/1.1 200\ncontent-type: text/plain\n\n{body}");
        insta::assert_snapshot!(drawn(&text("a\nb\nc"), &text("a\nx\nc")), @"
        body:
          @@ -1,3 +1,3 @@
            a
          - b
          + x
            c
        ");
        assert_eq!(drawn(&text("1"), &text("1.0")), "  body: \"1\" → \"1.0\"");
        assert_eq!(drawn(&text(""), &text("new")), "+ body: \"new\"");
        assert_eq!(drawn(&text("a\r\nb\n"), &text("a\nb")), "");
    }

    #[test]
    fn a_body_that_became_json_or_nothing_is_one_change() {
        let html = "HTTP/1.1 200\ncontent-type: text/html\n\n<p>";
        let lines = drawn(html, &json("{}"));
        assert!(
            lines.ends_with("  $: \"<p>\" → {} (string became object)"),
            "{lines}"
        );
        assert_eq!(drawn(&json("{}"), &json("")), "- $");
        assert_eq!(drawn(&json(""), &json("{}")), "+ $: {}");
    }

    #[test]
    fn additions_alone_do_not_break() {
        let breaks = |old: &str, new: &str| compare(&json(old), &json(new)).unwrap().is_breaking();
        assert!(!breaks(r#"{"a":1}"#, r#"{"a":1,"b":2}"#));
        assert!(breaks(r#"{"a":1}"#, r#"{"a":2,"b":2}"#));
    }

    #[test]
    fn the_whole_texts_have_a_line_diff() {
        let found = compare(&json("{\n  \"a\": 1\n}"), &json("{\n  \"a\": 2\n}")).unwrap();
        insta::assert_snapshot!(found.text_lines(false).join("\n"), @r#"
        @@ -2,5 +2,5 @@
          content-type: application/json

          {
        -   "a": 1
        +   "a": 2
          }
        "#);
    }
}
