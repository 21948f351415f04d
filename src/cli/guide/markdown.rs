//! The prose of a collection as rows of a terminal: headings, emphasis, code, lists, quotes, links.
//! What Markdown has beyond that is shown as the text that it holds.

use anstyle::Style;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::ansi::{DIM, clean, painted};

/// Renders prose into rows of at most `width` columns, but for code, which is not broken.
pub fn rows(prose: &str, width: usize, color: bool) -> Vec<String> {
    let mut page = Page {
        width,
        color,
        ..Page::default()
    };
    for event in Parser::new_ext(prose, Options::ENABLE_STRIKETHROUGH) {
        page.event(event);
    }
    page.end_block();
    while page.rows.last().is_some_and(String::is_empty) {
        page.rows.pop();
    }
    page.rows
}

/// A piece of a paragraph: blanks stand between pieces only where the text has them.
#[derive(Debug, Clone)]
enum Piece {
    /// Part of a word, and how it looks.
    Part(String, Style),
    /// Where a row may end.
    Blank,
    /// Where a row ends.
    Break,
}

#[derive(Debug, Default)]
struct Page {
    width: usize,
    color: bool,
    rows: Vec<String>,
    /// The paragraph under way.
    pieces: Vec<Piece>,
    /// What stands before the first row of the next block, and before all others, for each list item
    /// and quote around it.
    margins: Vec<(String, String)>,
    /// The next number of each list around the text; none where it has bullets.
    lists: Vec<Option<u64>>,
    styles: Vec<Style>,
    /// The addresses of the links under way, and where the text of each began.
    links: Vec<(String, usize)>,
    in_code: bool,
    /// Whether an empty row stands before the next block; items of a tight list follow each other.
    gap: bool,
}

impl Page {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_code => self.code(&text),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => {
                if self.color {
                    self.words(&code, self.style().bold());
                } else {
                    self.words(&format!("`{code}`"), self.style());
                }
            }
            Event::SoftBreak => self.pieces.push(Piece::Blank),
            Event::HardBreak => self.pieces.push(Piece::Break),
            Event::Html(html) | Event::InlineHtml(html) => self.text(&html),
            Event::Rule => {
                self.open_block();
                self.rows.push("─".repeat(self.width.min(20)));
            }
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.end_block();
                self.styles.push(self.style().bold().underline());
            }
            Tag::BlockQuote(_) => {
                self.end_block();
                self.open_block();
                self.margins.push(("│ ".to_owned(), "│ ".to_owned()));
            }
            Tag::CodeBlock(_) => {
                self.end_block();
                self.in_code = true;
                self.open_block();
            }
            Tag::List(first) => {
                self.end_block();
                self.lists.push(first);
            }
            Tag::Item => {
                self.end_block();
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "• ".to_owned(),
                };
                let behind = " ".repeat(marker.chars().count());
                self.margins.push((marker, behind));
            }
            Tag::Emphasis => self.styles.push(self.style().italic()),
            Tag::Strong => self.styles.push(self.style().bold()),
            Tag::Strikethrough => self.styles.push(self.style().strikethrough()),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push((dest_url.to_string(), self.pieces.len()));
                self.styles.push(self.style().underline());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                self.end_block();
                self.gap = true;
            }
            TagEnd::Heading(_) => {
                self.end_block();
                self.styles.pop();
                self.gap = true;
            }
            TagEnd::BlockQuote(_) => {
                self.end_block();
                self.margins.pop();
                self.gap = true;
            }
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.gap = true;
            }
            TagEnd::List(_) => {
                self.end_block();
                self.lists.pop();
                self.gap |= self.lists.is_empty();
            }
            TagEnd::Item => {
                self.end_block();
                self.margins.pop();
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.styles.pop();
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    /// An address that is not the text of its link stands behind it.
    fn end_link(&mut self) {
        self.styles.pop();
        let Some((address, from)) = self.links.pop() else {
            return;
        };
        let shown: String = self.pieces[from.min(self.pieces.len())..]
            .iter()
            .map(|piece| match piece {
                Piece::Part(text, _) => text.as_str(),
                Piece::Blank | Piece::Break => " ",
            })
            .collect();
        if shown != address && !address.is_empty() {
            self.pieces.push(Piece::Blank);
            self.words(&format!("({address})"), self.style());
        }
    }

    fn style(&self) -> Style {
        self.styles.last().copied().unwrap_or_default()
    }

    fn text(&mut self, text: &str) {
        self.words(text, self.style());
    }

    fn words(&mut self, text: &str, style: Style) {
        for (index, word) in text.split([' ', '\n', '\t']).enumerate() {
            if index > 0 {
                self.pieces.push(Piece::Blank);
            }
            if !word.is_empty() {
                self.pieces.push(Piece::Part(clean(word), style));
            }
        }
    }

    fn code(&mut self, text: &str) {
        for line in text.lines() {
            let (first, _) = self.margin();
            let line = painted(DIM, &clean(line), self.color);
            self.rows.push(format!("{first}    {line}"));
        }
    }

    /// An empty row between two blocks that are apart.
    fn open_block(&mut self) {
        if self.gap && !self.rows.is_empty() {
            let behind = self.margins.iter().map(|(_, behind)| behind.as_str());
            let behind: String = behind.collect();
            self.rows.push(behind.trim_end().to_owned());
        }
        self.gap = false;
    }

    /// What stands before the next row and before those behind it: the marker of a list item stands
    /// there only once.
    fn margin(&mut self) -> (String, String) {
        let first = self
            .margins
            .iter()
            .map(|(first, _)| first.as_str())
            .collect();
        let behind = self.margins.iter().map(|(_, behind)| behind.as_str());
        let behind = behind.collect();
        for (first, behind) in &mut self.margins {
            first.clone_from(behind);
        }
        (first, behind)
    }

    /// Sets the paragraph under way.
    fn end_block(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        if !pieces.iter().any(|piece| matches!(piece, Piece::Part(..))) {
            return;
        }
        self.open_block();
        let (first, behind) = self.margin();
        let width = self.width.saturating_sub(columns(&behind)).max(8);
        for (index, row) in fill(&pieces, width, self.color).into_iter().enumerate() {
            let margin = if index == 0 { &first } else { &behind };
            self.rows.push(format!("{margin}{row}"));
        }
    }
}

/// Rows that are filled with words.
struct Fill {
    rows: Vec<String>,
    /// The columns of the last row that are taken.
    used: usize,
    width: usize,
    color: bool,
}

/// Fills rows with words; one that is longer than a row is broken.
fn fill(pieces: &[Piece], width: usize, color: bool) -> Vec<String> {
    let mut filled = Fill {
        rows: vec![String::new()],
        used: 0,
        width,
        color,
    };
    let mut word: Vec<(&str, Style)> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Part(text, style) => word.push((text, *style)),
            Piece::Blank => filled.word(&mut word),
            Piece::Break => {
                filled.word(&mut word);
                filled.next_row();
            }
        }
    }
    filled.word(&mut word);
    filled.rows
}

impl Fill {
    /// Sets a word behind those that are there, or in the next row.
    fn word(&mut self, word: &mut Vec<(&str, Style)>) {
        let length: usize = word.iter().map(|(text, _)| columns(text)).sum();
        if length == 0 {
            return;
        }
        if self.used > 0 && self.used + 1 + length > self.width {
            self.next_row();
        } else if self.used > 0 {
            self.put(" ", Style::new());
        }
        for (text, style) in word.drain(..) {
            let mut start = 0;
            for (at, c) in text.char_indices() {
                let wide = columns(c.encode_utf8(&mut [0; 4]));
                let used = self.used + columns(&text[start..at]);
                if used > 0 && used + wide > self.width {
                    self.put(&text[start..at], style);
                    self.next_row();
                    start = at;
                }
            }
            self.put(&text[start..], style);
        }
    }

    fn put(&mut self, text: &str, style: Style) {
        self.used += columns(text);
        let row = self.rows.last_mut().expect("there is always one");
        row.push_str(&painted(style, text, self.color && style != Style::new()));
    }

    fn next_row(&mut self) {
        self.rows.push(String::new());
        self.used = 0;
    }
}

fn columns(text: &str) -> usize {
    console::measure_text_width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "\
# Get a token

The *code* is good for **one** exchange, and `dal%3A` is [decoded](https://example.com/a) once:
<https://example.com>.

1. Copy the Client Id, which is public
2. Copy the secret
   - it is shown once
   - store it

> Slash for slash.

```
curl https://example.com/a-long-address-that-is-not-broken
```

Done  
at last.
";

    #[test]
    fn prose_is_set_into_rows_with_its_lists_quotes_and_code() {
        insta::assert_snapshot!(rows(PROSE, 44, false).join("\n"), @r"
        Get a token

        The code is good for one exchange, and
        `dal%3A` is decoded (https://example.com/a)
        once: https://example.com.

        1. Copy the Client Id, which is public
        2. Copy the secret
           • it is shown once
           • store it

        │ Slash for slash.

            curl https://example.com/a-long-address-that-is-not-broken

        Done
        at last.
        ");
    }

    #[test]
    fn any_width_is_kept_to_but_by_code() {
        for width in 16..120 {
            for color in [false, true] {
                for row in rows(PROSE, width, color) {
                    let fits = columns(&row) <= width || row.contains("curl");
                    assert!(fits, "{width}: {row:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_in_prose_steers_the_terminal() {
        let rows = rows("a\u{1b}[2Jb `c\u{7}` \u{202e}d", 80, false).join("\n");
        assert!(!rows.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{rows:?}");
    }

    #[test]
    fn emphasis_is_a_style_where_there_are_colours() {
        let row = rows("an *important* `word`", 80, true).remove(0);
        assert_eq!(row, "an \u{1b}[3mimportant\u{1b}[0m \u{1b}[1mword\u{1b}[0m");
    }
}
