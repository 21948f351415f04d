//! The terminal of a person: the keys that are pressed, and how large it is.
//!
//! Keys are read raw only while one is awaited. Whatever ends the program in between, a panic too,
//! leaves the terminal as it was found.

mod raw;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use console::Term;

use raw::Found;
pub use raw::Raw;

/// The terminal that standard input and an output are.
#[derive(Debug, Clone)]
pub struct Terminal {
    term: Term,
    interrupted: Arc<AtomicBool>,
    found: Found,
}

/// A key, as far as anything listens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A key that writes something; the space bar too.
    Char(char),
    /// Enter.
    Enter,
    /// The key that takes the last character back.
    Backspace,
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
        Self::of(Term::stdout())
    }

    /// The terminal behind standard error.
    pub(super) fn stderr() -> Self {
        Self::of(Term::stderr())
    }

    fn of(term: Term) -> Self {
        Self {
            term,
            interrupted: Arc::default(),
            found: Found::default(),
        }
    }

    /// From now on, a signal that asks the program to end is a key, so that the terminal is not left
    /// raw.
    pub fn watch_for_signals(&self) {
        let terminal = self.clone();
        // Only the first handler of a process is set, which is enough.
        let _ = ctrlc::set_handler(move || terminal.interrupt());
    }

    /// What a signal does that asks the program to end: the key that is awaited is
    /// [`Key::Interrupt`].
    pub fn interrupt(&self) {
        self.interrupted.store(true, Ordering::SeqCst);
    }

    /// Waits for a key.
    pub fn key(&self) -> io::Result<Key> {
        let key = loop {
            if self.interrupted.load(Ordering::SeqCst) {
                return Ok(Key::Interrupt);
            }
            match self.term.read_key_raw() {
                // The signal came just before the wait began and did not end it.
                _ if self.interrupted.load(Ordering::SeqCst) => return Ok(Key::Interrupt),
                Ok(key) => break key,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(Key::Closed);
                }
                // The program was stopped and goes on.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        Ok(match key {
            console::Key::Char('\u{4}') => Key::Closed,
            console::Key::Char(c) => Key::Char(c),
            console::Key::Enter => Key::Enter,
            console::Key::Backspace => Key::Backspace,
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

    /// Stays raw until what it gives is dropped: between two keys nothing is echoed either, so that a
    /// secret that was pasted is never seen.
    pub fn raw(&self) -> io::Result<Raw> {
        self.found.raw()
    }

    /// Puts the terminal back as it was found, for whoever is about to end the process.
    pub fn restore(&self) {
        self.found.restore();
    }

    /// Prints a text as it is.
    pub fn write(&self, text: &str) -> io::Result<()> {
        self.term.write_str(text)
    }

    /// Its rows and columns, as they are now.
    pub fn size(&self) -> (usize, usize) {
        let (rows, columns) = self.term.size();
        (usize::from(rows), usize::from(columns))
    }
}
