//! The terminal of a person: the keys that are pressed, and how large it is.
//!
//! Keys are read raw only while one is awaited. Whatever ends the program in between, a panic too,
//! leaves the terminal as it was found.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use console::Term;

/// The terminal that standard input and output are.
#[derive(Debug, Clone)]
pub struct Terminal {
    term: Term,
    interrupted: Arc<AtomicBool>,
}

/// A key, as far as anything listens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A key that writes something; the space bar too.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// Ctrl-C, or a signal that asks the program to end.
    Interrupt,
    /// The terminal is gone, or nothing more can be typed.
    Closed,
    /// Any other.
    Other,
}

impl Terminal {
    /// The terminal behind standard output.
    pub(super) fn stdout() -> Self {
        Self {
            term: Term::stdout(),
            interrupted: Arc::default(),
        }
    }

    /// From now on, a signal that asks the program to end is a key, so that the terminal is not left
    /// raw.
    pub fn watch_for_signals(&self) {
        let interrupted = Arc::clone(&self.interrupted);
        // Only the first handler of a process is set, which is enough.
        let _ = ctrlc::set_handler(move || interrupted.store(true, Ordering::SeqCst));
    }

    /// Waits for a key.
    pub fn key(&self) -> io::Result<Key> {
        if self.interrupted.load(Ordering::SeqCst) {
            return Ok(Key::Interrupt);
        }
        let key = match self.term.read_key_raw() {
            // The signal came just before the wait began and did not end it.
            _ if self.interrupted.load(Ordering::SeqCst) => return Ok(Key::Interrupt),
            Ok(key) => key,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(Key::Closed),
            Err(error) => return Err(error),
        };
        Ok(match key {
            console::Key::Char('\u{4}') => Key::Closed,
            console::Key::Char(c) => Key::Char(c),
            console::Key::Enter => Key::Enter,
            console::Key::Escape => Key::Escape,
            console::Key::ArrowUp => Key::Up,
            console::Key::ArrowDown => Key::Down,
            console::Key::PageUp => Key::PageUp,
            console::Key::PageDown => Key::PageDown,
            console::Key::Home => Key::Home,
            console::Key::End => Key::End,
            console::Key::CtrlC => Key::Interrupt,
            _ => Key::Other,
        })
    }

    /// Its rows and columns, as they are now.
    pub fn size(&self) -> (usize, usize) {
        let (rows, columns) = self.term.size();
        (usize::from(rows), usize::from(columns))
    }
}
