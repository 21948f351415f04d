//! Texts fitted into the rows and columns of a terminal: a head, a body that can be moved, and the
//! keys. It knows no terminal; what it gives is printed by the caller.

use console::AnsiCodeIterator;

use crate::ansi::{BOLD, DIM, painted};
use crate::cli::terminal::Key;

/// The fewest rows that the body gets, however much stands around it.
const LEAST_BODY: usize = 3;

/// What a screen looks like.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The rows of the terminal.
    pub rows: usize,
    /// Its columns.
    pub columns: usize,
    /// Whether colours are used.
    pub color: bool,
    /// Whether the terminal can be cleared; on one that can't, screens follow each other.
    pub clears: bool,
}

/// What a screen shows, from its top to its bottom. Colours may be in it already.
#[derive(Debug, Default)]
pub struct Leaf {
    /// Whose body it is.
    pub head: Vec<String>,
    /// What is told of it, cut where the terminal is too small.
    pub prose: String,
    /// What the body is.
    pub title: String,
    /// What can be moved up and down.
    pub body: Vec<String>,
    /// What should be known now.
    pub status: Option<String>,
    /// What can be pressed: a key and what it does.
    pub keys: Vec<(&'static str, String)>,
}

/// A screen, and how the body lies on it.
#[derive(Debug)]
pub struct Screen {
    /// What to print.
    pub text: String,
    /// The row of the body that comes first.
    pub top: usize,
    /// How many rows of the body are to be seen.
    pub height: usize,
    /// How many there are.
    pub length: usize,
}

impl Screen {
    /// Fits a leaf into a terminal; `top` is the row of the body to begin with, if it has so many.
    pub fn draw(leaf: &Leaf, look: Look, top: usize) -> Self {
        let width = look.columns.max(1);
        let mut above: Vec<String> = leaf
            .head
            .iter()
            .flat_map(|line| wrap(line, width))
            .collect();
        let keys = keys(&leaf.keys, width, look.color);
        let status: Vec<String> = leaf
            .status
            .iter()
            .flat_map(|line| wrap(line, width))
            .collect();
        // The two rules around the body, and the row that the cursor stands in.
        let fixed = above.len() + keys.len() + status.len() + 3;
        let free = look.rows.saturating_sub(fixed + LEAST_BODY);
        above.extend(prose(&leaf.prose, look, free / 2));

        let body: Vec<String> = leaf
            .body
            .iter()
            .flat_map(|line| wrap(line, width))
            .collect();
        let taken = above.len() + keys.len() + status.len() + 3;
        let height = look.rows.saturating_sub(taken).max(LEAST_BODY);
        let top = top.min(body.len().saturating_sub(height));
        let seen = &body[top..body.len().min(top + height)];

        let mut rows = above;
        rows.push(rule(&leaf.title, look));
        rows.extend_from_slice(seen);
        rows.push(rule(&place(top, seen.len(), body.len()), look));
        rows.extend(status);
        rows.extend(keys);
        let mut text = String::new();
        if look.clears {
            text.push_str(CLEAR);
        } else {
            text.push('\n');
        }
        for row in rows {
            text.push_str(&row);
            text.push('\n');
        }
        Self {
            text,
            top,
            height,
            length: body.len(),
        }
    }

    /// The row of the body to begin with after a key that moves it; any other leaves it.
    pub fn top_after(&self, key: Key) -> usize {
        // A row of the page before stays to be seen.
        let page = self.height.saturating_sub(1).max(1);
        let last = self.length.saturating_sub(self.height);
        match key {
            Key::Up => self.top.saturating_sub(1),
            Key::Down => last.min(self.top + 1),
            Key::PageUp => self.top.saturating_sub(page),
            Key::PageDown => last.min(self.top + page),
            Key::Home => 0,
            Key::End => last,
            _ => self.top,
        }
    }
}

/// To the first row and column, and nothing behind it: ECMA-48, which every terminal but a dumb one
/// knows.
const CLEAR: &str = "\u{1b}[H\u{1b}[2J";

/// Ends a style.
const RESET: &str = "\u{1b}[0m";

/// Which part of the body is to be seen, and how to see the rest.
fn place(top: usize, seen: usize, length: usize) -> String {
    if seen == length {
        return String::new();
    }
    format!(
        "rows {} to {} of {length} · ↑ ↓ PgUp PgDn Home End",
        top + 1,
        top + seen
    )
}

/// A line across, with a text in it.
fn rule(text: &str, look: Look) -> String {
    let text = match text {
        "" => String::new(),
        text => format!(" {text} "),
    };
    let width = look.columns.min(100);
    let line = format!("──{text}");
    let rest = width.saturating_sub(console::measure_text_width(&line));
    let line = format!("{line}{}", "─".repeat(rest));
    let line = wrap(&line, look.columns.max(1)).swap_remove(0);
    painted(DIM, &line, look.color)
}

/// The keys, as many in a row as fit.
pub fn keys(keys: &[(&str, String)], columns: usize, color: bool) -> Vec<String> {
    let mut rows = vec![String::new()];
    let mut used = 0;
    for (key, what) in keys {
        let width = key.chars().count() + 1 + what.chars().count();
        if used > 0 && used + 3 + width > columns {
            rows.push(String::new());
            used = 0;
        }
        let row = rows.last_mut().expect("there is always one");
        if used > 0 {
            row.push_str("   ");
            used += 3;
        }
        row.push_str(&painted(BOLD, key, color));
        row.push(' ');
        row.push_str(what);
        used += width;
    }
    rows
}

/// Paragraphs filled into the columns, at most so many rows with the empty one before them.
fn prose(text: &str, look: Look, most: usize) -> Vec<String> {
    const INDENT: &str = "  ";
    let width = look.columns.saturating_sub(INDENT.len()).clamp(1, 100);
    let mut rows: Vec<String> = Vec::new();
    for paragraph in text.trim().split("\n\n") {
        if !rows.is_empty() {
            rows.push(String::new());
        }
        let mut row = String::new();
        for word in paragraph.split_whitespace() {
            let used = console::measure_text_width(&row);
            if used > 0 && used + 1 + console::measure_text_width(word) > width {
                rows.push(std::mem::take(&mut row));
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row.push_str(word);
        }
        rows.push(row);
    }
    if text.trim().is_empty() || most < 2 {
        return Vec::new();
    }
    if rows.len() > most - 1 {
        rows.truncate(most - 1);
        if let Some(last) = rows.last_mut() {
            last.push_str(" …");
        }
    }
    let style = DIM;
    let rows = rows
        .iter()
        .flat_map(|row| wrap(row, width))
        .map(|row| painted(style, &format!("{INDENT}{row}"), look.color));
    std::iter::once(String::new()).chain(rows).collect()
}

/// A line cut into rows; colours go on in the next row.
pub fn wrap(line: &str, width: usize) -> Vec<String> {
    // No character takes more columns than bytes.
    if line.len() <= width {
        return vec![line.to_owned()];
    }
    let mut rows = Vec::new();
    let mut row = String::new();
    let mut used = 0;
    let mut style = String::new();
    for (piece, is_code) in AnsiCodeIterator::new(line) {
        if is_code {
            row.push_str(piece);
            if piece == RESET {
                style.clear();
            } else {
                style.push_str(piece);
            }
            continue;
        }
        for c in piece.chars() {
            let columns = columns(c);
            if used + columns > width && used > 0 {
                if !style.is_empty() {
                    row.push_str(RESET);
                }
                rows.push(std::mem::replace(&mut row, style.clone()));
                used = 0;
            }
            row.push(c);
            used += columns;
        }
    }
    rows.push(row);
    rows
}

fn columns(c: char) -> usize {
    if c.is_ascii() {
        1
    } else {
        console::measure_text_width(c.encode_utf8(&mut [0; 4]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look {
        rows: 14,
        columns: 40,
        color: false,
        clears: false,
    };

    fn leaf(lines: usize) -> Leaf {
        Leaf {
            head: vec!["Reviewing 1 of 2".to_owned()],
            prose: "The code is good for one exchange, within a few minutes of it.".to_owned(),
            title: "changed: line diff".to_owned(),
            body: (1..=lines).map(|line| format!("line {line}")).collect(),
            status: None,
            keys: [("a", "accept"), ("r", "reject"), ("A R S", "the rest")]
                .map(|(key, what)| (key, what.to_owned()))
                .into(),
        }
    }

    #[test]
    fn a_screen_fits_the_terminal_and_says_what_of_the_body_is_seen() {
        let screen = Screen::draw(&leaf(20), LOOK, 3);
        assert_eq!(screen.text.lines().count(), LOOK.rows);
        insta::assert_snapshot!(screen.text, @r"

        Reviewing 1 of 2

          The code is good for one exchange,
          within a few minutes of it.
        ── changed: line diff ──────────────────
        line 4
        line 5
        line 6
        line 7
        line 8
        line 9
        ── rows 4 to 9 of 20 · ↑ ↓ PgUp PgDn Hom
        a accept   r reject   A R S the rest
        ");
    }

    #[test]
    fn the_body_keeps_some_rows_and_never_ends_above_its_last() {
        for rows in 0..30 {
            let screen = Screen::draw(&leaf(20), Look { rows, ..LOOK }, 99);
            assert!(screen.height >= LEAST_BODY);
            assert!(screen.text.contains("line 20"), "{rows} rows");
        }
        let whole = Screen::draw(&leaf(2), LOOK, 99);
        assert_eq!(whole.top, 0);
        assert!(!whole.text.contains("rows"));
    }

    #[test]
    fn the_body_moves_by_lines_and_pages_and_stops_at_its_ends() {
        let screen = Screen::draw(&leaf(20), LOOK, 10);
        assert_eq!(screen.height, 6);
        let moves = [
            (Key::Up, 9),
            (Key::Down, 11),
            (Key::PageUp, 5),
            (Key::PageDown, 14),
            (Key::Home, 0),
            (Key::End, 14),
            (Key::Char('x'), 10),
        ];
        for (key, top) in moves {
            assert_eq!(screen.top_after(key), top, "{key:?}");
        }
    }

    #[test]
    fn any_width_is_kept_to_whatever_the_texts_are() {
        let mut leaf = leaf(3);
        leaf.body
            .push("\u{1b}[31mżółć 漢字漢字漢字漢字\u{1b}[0m tail".to_owned());
        for columns in 2..30 {
            let look = Look {
                columns,
                color: true,
                ..LOOK
            };
            for row in Screen::draw(&leaf, look, 99).text.lines() {
                let width = console::measure_text_width(row);
                // A key and what it does stay together.
                assert!(width <= columns.max(14), "{columns}: {row:?}");
            }
        }
    }

    #[test]
    fn a_colour_goes_on_in_the_next_row_and_ends_in_each() {
        let rows = wrap("\u{1b}[31mabcdef\u{1b}[0mgh", 4);
        assert_eq!(rows, ["\u{1b}[31mabcd\u{1b}[0m", "\u{1b}[31mef\u{1b}[0mgh"]);
    }

    #[test]
    fn prose_is_cut_where_the_terminal_is_small() {
        let small = Look { rows: 10, ..LOOK };
        let screen = Screen::draw(&leaf(20), small, 0);
        assert!(!screen.text.contains("The code"), "{}", screen.text);
    }
}
