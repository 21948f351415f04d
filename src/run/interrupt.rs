//! Ending a run in order, from another thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::authorize::loopback::Stopper;
use crate::http::client::{Client, Interrupter};

/// Ends a run from another thread, as Ctrl-C does.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<InterruptState>);

#[derive(Debug, Default)]
struct InterruptState {
    asked: AtomicBool,
    current: Mutex<Option<Interrupter>>,
    waiting: Mutex<Option<Stopper>>,
}

impl Interrupt {
    /// Abandons the request under way, or the wait for a browser; no further step begins but `finally` ones.
    pub fn trigger(&self) {
        self.0.asked.store(true, Ordering::SeqCst);
        if let Some(current) = &*lock(&self.0.current) {
            current.interrupt();
        }
        if let Some(waiting) = lock(&self.0.waiting).take() {
            waiting.stop();
        }
    }

    /// Whether the run was asked to end.
    pub fn is_asked(&self) -> bool {
        self.0.asked.load(Ordering::SeqCst)
    }

    /// From now on the requests of this client are what is abandoned.
    pub fn watch(&self, client: &Client) {
        *lock(&self.0.current) = Some(client.interrupter());
    }

    /// Has a wait for a browser ended when the time comes, at once if it has come already.
    pub(super) fn watch_wait(&self, stopper: Stopper) {
        *lock(&self.0.waiting) = Some(stopper);
        if self.is_asked()
            && let Some(waiting) = lock(&self.0.waiting).take()
        {
            waiting.stop();
        }
    }

    pub(super) fn forget(&self) {
        lock(&self.0.current).take();
        lock(&self.0.waiting).take();
    }
}

/// What a mutex holds: none of those here is left in a half state by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
