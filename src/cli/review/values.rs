//! What differs between two recorded responses, value by value: the status, the header fields, and
//! the body if it is JSON. The differences themselves are `diff`'s.

use crate::diff::value::diff_at;
use crate::diff::{self, Change, Exact, Path, line_diff};

/// The differences as lines. Bodies that are no JSON are compared by lines.
pub fn value_diff(old: &str, new: &str, color: bool) -> Vec<String> {
    let (old_head, old_body) = split(old);
    let (new_head, new_body) = split(new);
    let mut changes = head_changes(old_head, new_head);
    let mut by_lines = Vec::new();
    match (Exact::parse(old_body), Exact::parse(new_body)) {
        (Ok(old), Ok(new)) => changes.extend(diff::diff(&old, &new)),
        _ => by_lines = line_diff(old_body, new_body, color),
    }
    let mut lines = diff::lines(&changes, color);
    lines.extend(by_lines);
    if lines.is_empty() {
        lines.push("no value differs, only how they are written".to_owned());
    }
    lines
}

/// What stands before the first empty line, and what behind it.
fn split(recorded: &str) -> (&str, &str) {
    recorded.split_once("\n\n").unwrap_or((recorded, ""))
}

fn head_changes(old: &str, new: &str) -> Vec<Change> {
    let (old_status, old_fields) = old.split_once('\n').unwrap_or((old, ""));
    let (new_status, new_fields) = new.split_once('\n').unwrap_or((new, ""));
    let mut changes = diff_at(
        Path::named("status"),
        &status(old_status),
        &status(new_status),
    );
    changes.extend(diff_at(
        Path::named("headers"),
        &fields(old_fields),
        &fields(new_fields),
    ));
    changes
}

/// The number in a status line, or all of a line that has none.
fn status(line: &str) -> Exact {
    let number = line.split_whitespace().nth(1);
    let number = number.and_then(|number| Exact::parse(number).ok());
    number.unwrap_or_else(|| text(line))
}

fn text(text: &str) -> Exact {
    Exact::string(text)
}

/// Header fields as an object; a name that is repeated has a list.
fn fields(lines: &str) -> Exact {
    let mut fields: Vec<(Box<str>, Vec<Exact>)> = Vec::new();
    for line in lines.lines() {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = text(value.trim());
        match fields.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, values)) => values.push(value),
            None => fields.push((name.into(), vec![value])),
        }
    }
    let fields = fields.into_iter().map(|(name, mut values)| {
        let one = (values.len() == 1).then(|| values.remove(0));
        (name, one.unwrap_or(Exact::Array(values)))
    });
    Exact::Object(fields.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_a_header_and_values_of_the_body_are_told_apart() {
        let old = "HTTP/1.1 200\ncontent-type: text/plain\nx-old: 1\n\n{\"a\": 1, \"b\": [2]}";
        let new = "HTTP/1.1 201\ncontent-type: application/json\n\n{\"b\":[2], \"a\": 3}";
        insta::assert_snapshot!(value_diff(old, new, false).join("\n"), @r#"
          status: 200 → 201
          headers['content-type']: "text/plain" → "application/json"
        - headers['x-old']
          $.a: 1 → 3
        "#);
    }

    #[test]
    fn a_body_that_is_no_json_is_compared_by_lines() {
        let lines = value_diff("HTTP/1.1 200\n\na\nb", "HTTP/1.1 200\n\na\nc", false);
        assert_eq!(lines, ["@@ -1,2 +1,2 @@", "  a", "- b", "+ c"]);
    }

    #[test]
    fn what_is_only_written_in_another_way_is_said_to_be() {
        let lines = value_diff(
            "HTTP/1.1 200\n\n{\"a\": 1}",
            "HTTP/1.1 200\n\n{\"a\":1.0}",
            false,
        );
        assert_eq!(lines, ["no value differs, only how they are written"]);
    }

    #[test]
    fn a_response_without_a_body_or_without_header_fields_is_read() {
        assert_eq!(
            value_diff("HTTP/1.1 204", "HTTP/1.1 205", false),
            ["  status: 204 → 205"]
        );
    }
}
