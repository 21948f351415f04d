//! Ending a run in order, from another thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::http::client::{Client, Interrupter};

/// Ends a run from another thread, as Ctrl-C does.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<InterruptState>);

#[derive(Debug, Default)]
struct InterruptState {
    asked: AtomicBool,
    current: Mutex<Option<Interrupter>>,
}

impl Interrupt {
    /// Abandons the request under way; no further step begins but `finally` ones.
    pub fn trigger(&self) {
        self.0.asked.store(true, Ordering::SeqCst);
        if let Some(current) = &*self.current() {
            current.interrupt();
        }
    }

    /// Whether the run was asked to end.
    pub fn is_asked(&self) -> bool {
        self.0.asked.load(Ordering::SeqCst)
    }

    pub(super) fn watch(&self, client: &Client) {
        *self.current() = Some(client.interrupter());
    }

    pub(super) fn forget(&self) {
        *self.current() = None;
    }

    fn current(&self) -> MutexGuard<'_, Option<Interrupter>> {
        self.0
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
