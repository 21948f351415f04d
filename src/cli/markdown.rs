//! Markdown for a terminal, as far as our pages use it: headings, paragraphs, lists, fenced code,
//! code in a line, links. Without colours the same text stands there plain.

use anstyle::Style;

use crate::ansi::{BOLD, CYAN, DIM, painted};

/// How a text is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// The columns that prose is filled into; code is never broken.
    pub columns: usize,
    /// Whether colours are used.
    pub color: bool,
}

const HEADING: Style = BOLD;
const CODE: Style = CYAN;
const BLOCK: Style = DIM;

/// How far fenced code is indented.
const INDENT: &str = "    ";

/// Lays a text out.
pub fn render(text: &str, layout: Layout) -> String {
    let mut page = Page {
        layout,
        out: String::new(),
    };
    let mut fenced = false;
    let mut paragraph: Vec<&str> = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            page.fill(&mut paragraph);
            fenced = !fenced;
        } else if fenced {
            page.code(line);
        } else if line.trim().is_empty() {
            page.fill(&mut paragraph);
            page.blank();
        } else if line.starts_with('#') {
            page.fill(&mut paragraph);
            page.heading(line.trim_start_matches('#').trim());
        } else {
            if line.trim_start().starts_with("- ") {
                page.fill(&mut paragraph);
            }
            paragraph.push(line);
        }
    }
    page.fill(&mut paragraph);
    let mut out = page.out;
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

struct Page {
    layout: Layout,
    out: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// One empty line, however many are asked for.
    fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn code(&mut self, line: &str) {
        let line = format!("{INDENT}{line}");
        self.line(&painted(BLOCK, line.trim_end(), self.layout.color));
    }

    fn heading(&mut self, text: &str) {
        let plain = inline(text, &self.layout).0;
        let mut row = String::new();
        for word in plain.split(' ') {
            let width = console::measure_text_width(&row);
            if width > 0 && width + 1 + console::measure_text_width(word) > self.layout.columns {
                self.line(&painted(HEADING, &row, self.layout.color));
                row.clear();
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row.push_str(&word.replace(KEPT, " "));
        }
        self.line(&painted(HEADING, &row, self.layout.color));
    }

    /// Fills the lines of a paragraph or of an item into the columns.
    fn fill(&mut self, lines: &mut Vec<&str>) {
        let Some(first) = lines.first() else { return };
        let indent = first.len() - first.trim_start().len();
        let (mark, hang) = match first.trim_start().strip_prefix("- ") {
            Some(_) => ("- ", indent + 4),
            None => ("", indent),
        };
        let text = lines.join(" ");
        let text = text.trim_start().strip_prefix(mark).unwrap_or(&text);
        let lead = if mark.is_empty() {
            " ".repeat(indent)
        } else {
            format!("{}  {mark}", " ".repeat(indent))
        };
        let mut row = lead;
        let mut used = row.chars().count();
        let mut is_first = true;
        for (word, width) in words(text, &self.layout) {
            if !is_first && used + 1 + width > self.layout.columns {
                self.line(&row);
                row = " ".repeat(hang);
                used = hang;
            } else if !is_first {
                row.push(' ');
                used += 1;
            }
            row.push_str(&word);
            used += width;
            is_first = false;
        }
        self.line(&row);
        lines.clear();
    }
}

/// What stands around code in its line at the least, in columns: the mark of an item, a bracket.
const ROOM: usize = 8;

/// A blank at which no line is broken.
const KEPT: &str = "\u{a0}";

/// The words of a text with their widths; long code is broken at its blanks too, each part painted
/// by itself.
fn words(text: &str, layout: &Layout) -> Vec<(String, usize)> {
    let (plain, code) = inline(text, layout);
    let mut words = Vec::new();
    let mut at = 0;
    for word in plain.split(' ') {
        let range = at..at + word.len();
        at = range.end + 1;
        if word.is_empty() {
            continue;
        }
        let mut shown = String::new();
        let mut from = range.start;
        for span in code
            .iter()
            .filter(|span| layout.color && span.start < range.end && span.end > range.start)
        {
            let (start, end) = (span.start.max(range.start), span.end.min(range.end));
            shown.push_str(&plain[from..start]);
            shown.push_str(&painted(CODE, &plain[start..end], true));
            from = end;
        }
        shown.push_str(&plain[from..range.end]);
        words.push((shown.replace(KEPT, " "), console::measure_text_width(word)));
    }
    words
}

/// A text without the marks of links, and where code stands in it. The backticks of code go where
/// colours tell it apart, and stay where nothing else does.
fn inline(text: &str, layout: &Layout) -> (String, Vec<std::ops::Range<usize>>) {
    let mut plain = String::with_capacity(text.len());
    let mut code = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '[']) {
        plain.push_str(&rest[..at]);
        let tail = &rest[at..];
        if let Some(taken) = code_at(tail) {
            let (inner, length) = taken;
            let start = plain.len();
            let shown = if layout.color { inner } else { &tail[..length] };
            // What is to be typed stays on one line, if it can.
            if shown.len() + ROOM < layout.columns {
                plain.push_str(&shown.replace(' ', KEPT));
            } else {
                plain.push_str(shown);
            }
            code.push(start..plain.len());
            rest = &tail[length..];
        } else if let Some((words, length)) = link_at(tail) {
            plain.push_str(words);
            rest = &tail[length..];
        } else {
            plain.push_str(&tail[..1]);
            rest = &tail[1..];
        }
    }
    plain.push_str(rest);
    (plain, code)
}

/// The code that begins here, and how much of the text it takes with its backticks.
fn code_at(text: &str) -> Option<(&str, usize)> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    if ticks == 0 {
        return None;
    }
    let mark = &text[..ticks];
    let end = text[ticks..].find(mark)?;
    let inner = &text[ticks..ticks + end];
    let inner = if ticks > 1 { inner.trim() } else { inner };
    Some((inner, ticks + end + ticks))
}

/// The words of the link that begins here, and how much of the text it takes.
fn link_at(text: &str) -> Option<(&str, usize)> {
    let close = text.strip_prefix('[')?.find("](")? + 1;
    let end = text[close..].find(')')? + close;
    let words = &text[1..close];
    (!words.contains(['[', '`'])).then_some((words, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Layout = Layout {
        columns: 30,
        color: false,
    };

    #[test]
    fn prose_is_filled_and_code_is_left_as_it_is() {
        let text = "## `a-code`\n\nSome prose that is longer than a line,\nwith `code of words` and a [link](b.md).\n\n- one item that is longer than a line\n- two\n\n```yaml broken\na:   1\n\n  b: 2\n```\n\nAfter.\n";
        insta::assert_snapshot!(render(text, PLAIN), @r"
        `a-code`

        Some prose that is longer than
        a line, with `code of words`
        and a link.

          - one item that is longer
            than a line
          - two

            a:   1

              b: 2

        After.
        ");
    }

    #[test]
    fn in_colours_code_needs_no_backticks() {
        let color = Layout {
            color: true,
            ..PLAIN
        };
        let drawn = render("See `x y`.", color);
        assert!(drawn.contains("\u{1b}[36mx y\u{1b}[0m."), "{drawn:?}");
    }
}
