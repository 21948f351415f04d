//! What changed in a long text: its words, what is equal between them cut short.

use super::align::align;
use super::render::{ADDED, REMOVED, cut, visible};
use super::text::tokens;
use crate::ansi::painted;

/// How many characters of an equal stretch are shown before and behind a change.
const AROUND: usize = 16;

/// How many characters of a change are shown.
const WIDTH: usize = 120;

/// A text with what went out as `[-old-]` and what came in as `{+new+}`; in colour without marks.
pub(super) fn word_diff(old: &str, new: &str, color: bool) -> String {
    let (old_words, new_words) = (words(old), words(new));
    let (old_tokens, new_tokens) = tokens(&old_words, &new_words);
    let mut parts: Vec<Part> = Vec::new();
    let mut from = (0, 0);
    let end = (old_words.len(), new_words.len());
    for to in align(&old_tokens, &new_tokens).into_iter().chain([end]) {
        replace(
            &old_words[from.0..to.0].concat(),
            &new_words[from.1..to.1].concat(),
            &mut parts,
        );
        if let Some(word) = old_words.get(to.0) {
            push(&mut parts, Part::Same((*word).to_owned()));
        }
        from = (to.0 + 1, to.1 + 1);
    }
    let last = parts.len().saturating_sub(1);
    let drawn = parts.iter().enumerate().map(|(at, part)| match part {
        Part::Same(text) => equal(text, at == 0, at == last),
        Part::Removed(text) => mark(text, "[-", "-]", REMOVED, color),
        Part::Added(text) => mark(text, "{+", "+}", ADDED, color),
    });
    drawn.collect()
}

enum Part {
    Same(String),
    Removed(String),
    Added(String),
}

/// Runs of letters and digits, runs of blanks, and everything else character by character.
fn words(text: &str) -> Vec<&str> {
    let class = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            1
        } else if c.is_whitespace() {
            2
        } else {
            0
        }
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut last = 0;
    for (at, c) in text.char_indices() {
        if at > start && (class(c) == 0 || class(c) != last) {
            words.push(&text[start..at]);
            start = at;
        }
        last = class(c);
    }
    words.extend((start < text.len()).then(|| &text[start..]));
    words
}

/// A stretch that became another one: what they begin and end with in common is no change, so that
/// of one giant word only the part that differs is shown.
fn replace(old: &str, new: &str, parts: &mut Vec<Part>) {
    if old.chars().count().max(new.chars().count()) <= WIDTH {
        push(parts, Part::Removed(old.to_owned()));
        push(parts, Part::Added(new.to_owned()));
        return;
    }
    let chars = old.chars().zip(new.chars());
    let same = chars.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8());
    let (prefix, old) = old.split_at(same.sum());
    let new = &new[prefix.len()..];
    let chars = old.chars().rev().zip(new.chars().rev());
    let same = chars.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8());
    let suffix: usize = same.sum();
    push(parts, Part::Same(prefix.to_owned()));
    push(parts, Part::Removed(old[..old.len() - suffix].to_owned()));
    push(parts, Part::Added(new[..new.len() - suffix].to_owned()));
    push(parts, Part::Same(new[new.len() - suffix..].to_owned()));
}

/// Adds a part; what is equal joins what is equal before it.
fn push(parts: &mut Vec<Part>, part: Part) {
    match (parts.last_mut(), part) {
        (_, Part::Same(text) | Part::Removed(text) | Part::Added(text)) if text.is_empty() => {}
        (Some(Part::Same(before)), Part::Same(text)) => before.push_str(&text),
        (_, part) => parts.push(part),
    }
}

fn equal(text: &str, is_first: bool, is_last: bool) -> String {
    let count = text.chars().count();
    let head = if is_first { 0 } else { AROUND };
    let tail = if is_last { 0 } else { AROUND };
    if count <= head + tail + 1 {
        return escaped(text);
    }
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{}…{}", escaped(&start), escaped(&end))
}

fn mark(text: &str, before: &str, behind: &str, style: anstyle::Style, color: bool) -> String {
    let text = cut(&escaped(text), WIDTH);
    if color {
        painted(style, &text, color)
    } else {
        format!("{before}{text}{behind}")
    }
}

/// On one line.
fn escaped(text: &str) -> String {
    visible(&text.replace('\n', "\\n").replace('\t', "\\t"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_text_the_words_that_changed_are_shown() {
        let old = "The access token that was sent with this request has expired a long time ago.";
        let new = "The access token that was sent with this call has expired a long time ago!";
        assert_eq!(
            word_diff(old, new, false),
            "… sent with this [-request-]{+call+} has expired a long time ago[-.-]{+!+}"
        );
    }

    #[test]
    fn of_a_giant_word_the_part_that_changed_is_shown() {
        let old = format!("{}A{}", "x".repeat(500), "y".repeat(500));
        let new = format!("{}BC{}", "x".repeat(500), "y".repeat(500));
        assert_eq!(
            word_diff(&old, &new, false),
            "…xxxxxxxxxxxxxxxx[-A-]{+BC+}yyyyyyyyyyyyyyyy…"
        );
    }

    #[test]
    fn words_make_up_the_text() {
        for text in ["", "a", "a, b\n\n  c-d 12_x ż!"] {
            assert_eq!(words(text).concat(), text);
        }
        assert_eq!(words("a, b"), ["a", ",", " ", "b"]);
    }
}
