//! Text on a terminal: in colours, and without what would steer it.

use anstyle::{AnsiColor, Style};

/// What leads.
pub const BOLD: Style = Style::new().bold();
/// What is said by the way.
pub const DIM: Style = Style::new().dimmed();
/// What is well, or was added.
pub const GREEN: Style = AnsiColor::Green.on_default();
/// What is wrong, or was removed.
pub const RED: Style = AnsiColor::Red.on_default();
/// What should be looked at.
pub const YELLOW: Style = AnsiColor::Yellow.on_default();
/// What can be typed.
pub const CYAN: Style = AnsiColor::Cyan.on_default();

/// A text in a style, if colours are wanted.
pub fn painted(style: Style, text: &str, color: bool) -> String {
    if color {
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
    }
}

/// A text from a server without what would steer the terminal.
pub fn clean(text: &str) -> String {
    let shown = |c| {
        if steers(c) {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    text.chars().map(shown).collect()
}

/// Whether a character steers the terminal: control characters but for tabs, and those that turn
/// the direction of writing (UAX #9), which make a text look like another one.
pub fn steers(c: char) -> bool {
    let turns =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && c != '\t')
}
