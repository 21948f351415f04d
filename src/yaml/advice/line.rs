//! What can be told of a line without a parser: where its values begin and end, what is a comment,
//! and how to put a text in quotes.
//!
//! It is used where the parser gave up or misread, and so it guesses: an odd line gives a wide
//! range or none, never a panic.

use std::ops::Range;

/// The line that holds the byte at `offset`, without its line end.
pub(crate) fn line_at(text: &str, offset: usize) -> Range<usize> {
    let at = crate::source::floor_boundary(text, offset);
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let end = start + text[start..end].trim_end_matches('\r').len();
    start..end.max(start)
}

/// The line after this one, if there is one.
pub(super) fn line_after(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let end = text[line.end..].find('\n')?;
    Some(line_at(text, line.end + end + 1))
}

/// The text in quotes that YAML reads as that very text; single quotes where it holds double ones
/// or a backslash.
pub(crate) fn quote(text: &str) -> String {
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

/// A text cut to what fits in a message, on one line.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let line = text.split('\n').next().unwrap_or("");
    if line.len() == text.len() && text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let kept: String = line.chars().take(LONGEST).collect();
    format!("{kept}…")
}

/// The value on one line that holds the byte at `offset`: behind its key or dash, in a flow list or
/// mapping between the commas, without a comment behind it.
///
/// `in_flow` says whether the line begins inside `[` or `{`. If the byte lies in a key, the range
/// is the whole content of the line.
pub(crate) fn value_at(text: &str, offset: usize, in_flow: bool) -> Range<usize> {
    let line = line_at(text, offset);
    let mut scan = Scan {
        text,
        end: line.end,
        at: line.start,
    };
    scan.skip_blanks();
    if in_flow {
        return scan.flow(offset).unwrap_or(scan.at..line.end);
    }
    let content = scan.at;
    scan.skip_markers();
    if !scan.opens_flow()
        && let Some(colon) = scan.key()
        && colon <= offset
    {
        scan.at = (colon + 1).min(line.end);
        scan.skip_blanks();
    } else if offset < scan.at {
        scan.at = content;
    }
    let whole = scan.at..scan.value_end();
    if scan.opens_flow() {
        scan.at += 1;
        if let Some(inner) = scan.flow(offset) {
            return inner;
        }
    }
    whole
}

/// The comment that follows a value that ends at `offset`, on the same line.
pub(crate) fn comment_behind(text: &str, offset: usize) -> Option<Range<usize>> {
    let line = line_at(text, offset);
    let rest = text.get(offset..line.end)?;
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if blanks == 0 || !rest[blanks..].starts_with('#') {
        return None;
    }
    let end = offset + rest.trim_end().len();
    Some(offset + blanks..end)
}

/// Whether a text begins with `{{`, `{%` or `{#`, which open templates.
pub(crate) fn begins_with_template(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|mark| text.starts_with(mark))
}

/// Where the `:` stands that was meant to end a key but has no blank behind it.
pub(crate) fn glued_key(text: &str) -> Option<usize> {
    let colon = text.find(':')?;
    let is_key = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let is_url = text[colon..].starts_with("://");
    let behind = text[colon + 1..].chars().next();
    let glued = behind.is_some_and(|character| !character.is_whitespace());
    (colon > 0 && glued && text[..colon].bytes().all(is_key) && !is_url).then_some(colon)
}

/// A place on a line, and where the line ends.
struct Scan<'a> {
    text: &'a str,
    end: usize,
    at: usize,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    /// Skips `- ` and `? `.
    fn skip_markers(&mut self) {
        while self.rest().starts_with(['-', '?']) && self.rest()[1..].starts_with([' ', '\t']) {
            self.at += 1;
            self.skip_blanks();
        }
    }

    /// Where the `:` behind a key stands, if the line begins with a key.
    fn key(&self) -> Option<usize> {
        let rest = self.rest();
        let quoted = quoted_length(rest);
        let from = quoted.unwrap_or(0);
        for (offset, _) in rest[from..].match_indices(':') {
            let behind = &rest[from + offset + 1..];
            if behind.is_empty() || behind.starts_with([' ', '\t']) {
                let between = rest[from..from + offset].trim_end();
                let is_key = quoted.is_none() || between.is_empty();
                return is_key.then_some(self.at + from + offset);
            }
        }
        None
    }

    /// Whether a flow list or mapping begins here, and no template.
    fn opens_flow(&self) -> bool {
        self.rest().starts_with(['[', '{']) && !begins_with_template(self.rest())
    }

    /// Where the value that begins here ends, if it goes on to the end of the line.
    fn value_end(&self) -> usize {
        let rest = self.rest();
        let mut at = 0;
        while let Some(character) = rest[at..].chars().next() {
            let word_begins = rest[..at].ends_with(|c: char| !c.is_alphanumeric()) || at == 0;
            if character == '#' && rest[..at].ends_with([' ', '\t']) {
                return self.at + rest[..at].trim_end().len();
            }
            at += match quoted_length(&rest[at..]) {
                Some(length) if word_begins => length,
                _ => character.len_utf8(),
            };
        }
        self.at + rest.trim_end().len()
    }

    /// Inside `[` or `{`: the part between commas, or behind a key, that holds the byte.
    fn flow(&mut self, offset: usize) -> Option<Range<usize>> {
        let mut depth = 1;
        let mut behind_key = false;
        loop {
            self.skip_blanks();
            let start = self.at;
            let stop = loop {
                let rest = self.rest();
                let Some(character) = rest.chars().next() else {
                    break '\n';
                };
                match character {
                    '[' | '{' if self.at == start && self.opens_flow() => break character,
                    '[' | '{' | '(' => self.at += nested_length(rest),
                    '"' | '\'' => self.at += quoted_length(rest).unwrap_or(1),
                    ',' | ']' | '}' => break character,
                    ':' if !behind_key && (rest.len() == 1 || rest[1..].starts_with(' ')) => {
                        break ':';
                    }
                    _ => self.at += character.len_utf8(),
                }
            };
            let end = start + self.text[start..self.at].trim_end().len();
            if start <= offset && offset < end.max(start + 1) && stop != '[' && stop != '{' {
                return Some(start..end);
            }
            behind_key = stop == ':';
            match stop {
                '\n' => return None,
                '[' | '{' => depth += 1,
                ']' | '}' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 || self.at > offset {
                return None;
            }
        }
    }
}

/// The length of the text in quotes that a text begins with, quotes included.
pub(crate) fn quoted_length(text: &str) -> Option<usize> {
    let mut characters = text.char_indices();
    let (_, quote) = characters.next().filter(|(_, c)| matches!(c, '"' | '\''))?;
    while let Some((at, character)) = characters.next() {
        if character == '\\' && quote == '"' {
            characters.next();
        } else if character == quote {
            if quote == '\'' && text[at + 1..].starts_with('\'') {
                characters.next();
            } else {
                return Some(at + 1);
            }
        }
    }
    None
}

/// The length of the brackets that a text begins with and of all in them, or 1 if they stay open.
fn nested_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        match character {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth -= 1,
            _ => {}
        }
        at += match quoted_length(&text[at..]) {
            Some(length) => length,
            None => character.len_utf8(),
        };
        if depth == 0 {
            return at;
        }
    }
    1
}

/// A part of the text of a scalar as it must be written to stand in that scalar: escaped as its
/// quotes want it.
pub fn written_in(scalar: &str, part: String) -> String {
    match scalar.bytes().next() {
        Some(b'"') => part.replace('\\', r"\\").replace('"', "\\\""),
        Some(b'\'') => part.replace('\'', "''"),
        _ => part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value around `|`, which is taken out.
    fn value(marked: &str) -> String {
        let offset = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        text[value_at(&text, offset, false)].to_owned()
    }

    #[test]
    fn the_value_of_a_line_begins_behind_its_key_or_dash() {
        for (marked, expected) in [
            ("- \"x\" |in y\n", "\"x\" in y"),
            ("a: 1\n- \"x\" |in y # why\nb: 2", "\"x\" in y"),
            ("  name: Step 1|: x", "Step 1: x"),
            ("- name: Step 1|: x", "Step 1: x"),
            ("\"a b\": |@x\r\n", "@x"),
            ("- - |%x", "%x"),
            ("a: {{ x }}|/y", "{{ x }}/y"),
            ("- color == \"#f|ff\"  # c", "color == \"#fff\""),
            ("a: don't # |x", "don't"),
            ("|a", "a"),
            ("k|ey: v", "key: v"),
        ] {
            assert_eq!(value(marked), expected, "{marked}");
        }
    }

    #[test]
    fn a_value_in_flow_style_ends_at_the_comma_or_bracket() {
        for (marked, expected) in [
            ("a: [x, a|[0].b, y]", "a[0].b"),
            ("a: [x[|0].b]", "x[0].b"),
            ("a: { u: {{ x }}|/y, b: 1 }", "{{ x }}/y"),
            ("a: { u: \"x\" |in y, b: 1 }", "\"x\" in y"),
            ("a: { u: { v: %|x } }", "%x"),
            ("- { u: 1, |@ v: 2 }", "@ v"),
            ("a: [1, 2] |== x", "[1, 2] == x"),
            ("a: { u: p q|: r, v: s }", "p q: r"),
            ("a: { |u: p }", "u"),
            ("a: [1, f(a, |b)]", "f(a, b)"),
        ] {
            assert_eq!(value(marked), expected, "{marked}");
        }
        let text = "  url: {{ x }}/y,";
        assert_eq!(&text[value_at(text, 14, true)], "{{ x }}/y");
    }

    #[test]
    fn a_comment_needs_a_blank_before_it() {
        assert_eq!(comment_behind("a: b # c \nd", 4), Some(5..8));
        assert_eq!(comment_behind("a: b# c", 4), None);
        assert_eq!(comment_behind("a: b\n# c", 4), None);
    }

    #[test]
    fn a_quoted_text_reads_as_the_text() {
        for (text, quoted) in [
            ("x: y", "\"x: y\""),
            ("a == \"b\"", "'a == \"b\"'"),
            ("it's \"b\"", "'it''s \"b\"'"),
            ("\\d", "'\\d'"),
        ] {
            assert_eq!(quote(text), quoted);
        }
    }
}
