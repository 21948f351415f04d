//! A terminal that gives every key as it is pressed and shows none, for as long as it must.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(unix)]
type Mode = rustix::termios::Termios;
/// The console of Windows shows no key that is read as one.
#[cfg(not(unix))]
type Mode = ();

/// How the terminal was found, while it is raw.
#[derive(Debug, Clone, Default)]
pub(super) struct Found(Arc<Mutex<Option<Mode>>>);

/// A raw terminal; dropped, it is as it was found.
#[derive(Debug)]
#[must_use]
pub struct Raw(Found);

impl Found {
    /// Makes the terminal behind standard input raw.
    #[cfg(unix)]
    pub(super) fn raw(&self) -> io::Result<Raw> {
        use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

        let stdin = io::stdin();
        let mode = tcgetattr(&stdin)?;
        let mut raw = mode.clone();
        raw.make_raw();
        // What is printed meanwhile keeps its line ends.
        raw.output_modes = mode.output_modes;
        self.set(Some(mode));
        tcsetattr(&stdin, OptionalActions::Drain, &raw)?;
        Ok(Raw(self.clone()))
    }

    #[cfg(not(unix))]
    pub(super) fn raw(&self) -> io::Result<Raw> {
        self.set(Some(()));
        Ok(Raw(self.clone()))
    }

    /// Puts the terminal back as it was found, if it is raw.
    pub(super) fn restore(&self) {
        let Some(mode) = self.set(None) else { return };
        #[cfg(unix)]
        {
            use rustix::termios::{OptionalActions, tcsetattr};
            // A terminal that is gone needs nothing.
            let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &mode);
        }
        #[cfg(not(unix))]
        let () = mode;
    }

    fn set(&self, mode: Option<Mode>) -> Option<Mode> {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut found, mode)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.0.restore();
    }
}
