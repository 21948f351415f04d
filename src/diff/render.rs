//! Changes as lines for people.

use std::collections::HashMap;
use std::fmt::Write as _;

use anstyle::Style;

use super::change::{Change, Class, Segment};
use super::exact::Exact;
use super::words::word_diff;
use crate::ansi::{GREEN, RED, painted, steers};

/// The colour of what came in.
pub(super) const ADDED: Style = GREEN;

/// The colour of what went out.
pub(super) const REMOVED: Style = RED;

/// How many characters of a value are shown; a text that is longer is compared by words.
const WIDTH: usize = 72;

/// One line for each change, and one for the same change in several elements of an array:
///
/// ```text
///   $.expires_in: 3600 → 28800
/// + $.client_id: "81e8…"
/// - $.legacy
///   $.items[0-3,7].state: "open" → "closed"
/// ```
pub fn lines(changes: &[Change], color: bool) -> Vec<String> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for change in changes {
        let tail = tail(change, color);
        let array = first_index(change);
        let key = array.map(|(at, _)| (change.path.with_indexes(at, "*"), tail.clone()));
        let known = key.as_ref().and_then(|key| places.get(key));
        let index = array.map(|(_, index)| index);
        if let Some(group) = known {
            groups[*group].indexes.extend(index);
            continue;
        }
        places.extend(key.map(|key| (key, groups.len())));
        groups.push(Group {
            change,
            tail,
            indexes: index.into_iter().collect(),
        });
    }
    groups.iter().map(|group| group.line(color)).collect()
}

/// Changes that differ in the index of an array only.
struct Group<'c> {
    change: &'c Change,
    tail: String,
    indexes: Vec<usize>,
}

impl Group<'_> {
    fn line(&self, color: bool) -> String {
        let change = self.change;
        let path = match first_index(change) {
            Some((at, _)) => change.path.with_indexes(at, &ranges(&self.indexes)),
            None => change.path.to_string(),
        };
        let path = match &change.from {
            Some(from) => format!("{from} → {path}"),
            None => path,
        };
        let path = visible(&path);
        match change.class {
            Class::Added => painted(ADDED, &format!("+ {path}{}", self.tail), color),
            Class::Removed => painted(REMOVED, &format!("- {path}{}", self.tail), color),
            Class::TypeChanged | Class::ValueChanged => format!("  {path}{}", self.tail),
        }
    }
}

/// The outermost array on the way to a change, but for changes of its elements themselves.
fn first_index(change: &Change) -> Option<(usize, usize)> {
    let segments = change.path.segments();
    let mut indexes = segments.iter().enumerate();
    let found = indexes.find_map(|(at, segment)| match segment {
        Segment::Index(index) => Some((at, *index)),
        Segment::Key(_) => None,
    });
    found.filter(|(at, _)| at + 1 < segments.len() && change.from.is_none())
}

/// As in `0-3,7`.
fn ranges(indexes: &[usize]) -> String {
    let mut sorted = indexes.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut text = String::new();
    for run in sorted.chunk_by(|one, next| one + 1 == *next) {
        let comma = if text.is_empty() { "" } else { "," };
        let last = run[run.len() - 1];
        match run {
            [one] => write!(text, "{comma}{one}"),
            _ => write!(text, "{comma}{}-{last}", run[0]),
        }
        .expect("a string takes any text");
    }
    text
}

/// What stands behind the path.
fn tail(change: &Change, color: bool) -> String {
    match (&change.old, &change.new) {
        _ if change.from.is_some() => {
            let moved = change.new.as_ref().map_or_else(String::new, short);
            format!(": moved {moved}")
        }
        (None, Some(new)) => format!(": {}", short(new)),
        // A member is told by its name, an element by what it was.
        (Some(old), None) => match change.path.segments().last() {
            Some(Segment::Index(_)) => format!(": {}", short(old)),
            _ => String::new(),
        },
        (Some(Exact::String(old)), Some(Exact::String(new))) if is_long(old) || is_long(new) => {
            format!(": \"{}\"", word_diff(old, new, color))
        }
        (Some(old), Some(new)) => {
            let (old_text, new_text) = shown(old, new);
            let (old_text, new_text) = (
                painted(REMOVED, &old_text, color),
                painted(ADDED, &new_text, color),
            );
            let types = if change.class == Class::TypeChanged {
                format!(" ({} became {})", old.type_name(), new.type_name())
            } else {
                String::new()
            };
            format!(": {old_text} → {new_text}{types}")
        }
        (None, None) => String::new(),
    }
}

fn is_long(text: &str) -> bool {
    text.chars().count() > WIDTH || text.contains('\n')
}

/// Two values, cut only where no difference is hidden by it.
fn shown(old: &Exact, new: &Exact) -> (String, String) {
    let (old_text, new_text) = (short(old), short(new));
    if old_text == new_text {
        return (visible(&old.to_string()), visible(&new.to_string()));
    }
    (old_text, new_text)
}

fn short(value: &Exact) -> String {
    cut(&visible(&value.to_string()), WIDTH)
}

/// A text with its middle left out if it has more than `width` characters.
pub(super) fn cut(text: &str, width: usize) -> String {
    let count = text.chars().count();
    if count <= width {
        return text.to_owned();
    }
    let tail = width / 3;
    let head = width - 1 - tail;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{start}…{end}")
}

/// A text whose control characters, but for tabs, are written as JSON does: what a server sends
/// must not steer the terminal. So are the marks that turn the direction of writing around.
pub(super) fn visible(text: &str) -> String {
    if !text.contains(steers) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) {
            write!(shown, "\\u{:04x}", u32::from(c)).expect("a string takes any text");
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::diff;

    fn drawn(old: &str, new: &str, color: bool) -> Vec<String> {
        let parse = |text| Exact::parse(text).unwrap();
        lines(&diff(&parse(old), &parse(new)), color)
    }

    #[test]
    fn a_long_value_is_cut_in_the_middle_and_a_long_text_is_compared_by_words() {
        let long: String = (0..30).map(|n| format!("word{n} ")).collect();
        let lines = drawn(
            &format!(r#"{{"a":"{long}"}}"#),
            &format!(
                r#"{{"a":"{}","b":"{long}"}}"#,
                long.replace("word9 ", "other ")
            ),
            false,
        );
        assert_eq!(
            lines,
            [
                r#"  $.a: "…rd6 word7 word8 [-word9-]{+other+} word10 word11 w…""#,
                r#"+ $.b: "word0 word1 word2 word3 word4 word5 word6 word…6 word27 word28 word29 ""#,
            ]
        );
    }

    #[test]
    fn a_difference_is_never_cut_away() {
        let (old, new) = (
            "1".repeat(200),
            format!("{}2{}", "1".repeat(100), "1".repeat(99)),
        );
        let lines = drawn(&old, &new, false);
        assert_eq!(lines, [format!("  $: {old} → {new}")]);
    }

    #[test]
    fn colours_are_used_only_if_they_are_wanted() {
        let change = |color| drawn(r#"{"a":1,"b":2}"#, r#"{"a":2,"c":3}"#, color);
        assert_eq!(change(false), ["  $.a: 1 → 2", "- $.b", "+ $.c: 3"]);
        assert_eq!(
            change(true),
            [
                "  $.a: \u{1b}[31m1\u{1b}[0m → \u{1b}[32m2\u{1b}[0m",
                "\u{1b}[31m- $.b\u{1b}[0m",
                "\u{1b}[32m+ $.c: 3\u{1b}[0m"
            ]
        );
    }

    #[test]
    fn what_a_server_sends_does_not_steer_the_terminal() {
        let lines = drawn("{}", "{\"\u{9b}2J\":\"\u{202e}x\"}", false);
        assert_eq!(lines, [r#"+ $['\u009b2J']: "\u202ex""#]);
        let lines = drawn(r#"{"a":"x"}"#, "{\"a\":\"x\u{200f}\"}", false);
        assert_eq!(lines, [r#"  $.a: "x" → "x\u200f""#]);
    }
}
