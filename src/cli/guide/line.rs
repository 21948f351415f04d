//! A line that a person types, seen or not.

use std::io;

use crate::cli::terminal::{Key, Terminal};

/// What came of asking for a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// What was typed.
    Typed(String),
    /// Ctrl-C, or a signal that asks the program to end.
    Interrupted,
    /// Ctrl-D on an empty line, or the terminal is gone.
    Closed,
}

/// Prints a prompt and reads a line behind it. `hides` says whether what is typed behind a beginning
/// is secret: that is never shown, not even its length.
pub fn read(terminal: &Terminal, prompt: &str, hides: &dyn Fn(&str) -> bool) -> io::Result<Line> {
    // Before the prompt, so that nothing that is typed as soon as it is seen is echoed.
    let raw = terminal.raw()?;
    terminal.write(prompt)?;
    let mut typed = String::new();
    let end = loop {
        match terminal.key()? {
            Key::Enter => break Line::Typed(typed),
            Key::Interrupt => break Line::Interrupted,
            Key::Closed if typed.is_empty() => break Line::Closed,
            Key::Backspace => {
                if let Some(last) = typed.pop()
                    && !hides(&typed)
                {
                    terminal.write(&back(last))?;
                }
            }
            // Ctrl-U takes the whole line back, as in a shell.
            Key::Char('\u{15}') => {
                while let Some(last) = typed.pop() {
                    if !hides(&typed) {
                        terminal.write(&back(last))?;
                    }
                }
            }
            Key::Char(c) if !c.is_control() => {
                if !hides(&typed) {
                    terminal.write(c.encode_utf8(&mut [0; 4]))?;
                }
                typed.push(c);
            }
            _ => {}
        }
    };
    terminal.write("\n")?;
    drop(raw);
    Ok(end)
}

/// What takes a character off the screen.
fn back(c: char) -> String {
    let columns = console::measure_text_width(c.encode_utf8(&mut [0; 4]));
    "\u{8} \u{8}".repeat(columns)
}
