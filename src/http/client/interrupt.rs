//! Ending a request from another thread, and waiting in a way that can be ended so.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use ureq::Agent;

/// Ends the request of a client from another thread, for good: the client that it belongs to
/// sends nothing afterwards.
#[derive(Clone, Default)]
pub struct Interrupter {
    bell: Bell,
    agents: Arc<Mutex<Vec<Agent>>>,
}

impl Interrupter {
    /// Ends the request under way at once, with
    /// [`SendErrorKind::Interrupted`](super::SendErrorKind::Interrupted); every later one ends
    /// so before it begins. Only where the kernel doesn't answer a connection to this very
    /// machine, or a SOCKS proxy doesn't, is that waited for, as long as connecting may take.
    pub fn interrupt(&self) {
        self.bell.ring();
        for agent in lock(&self.agents).drain(..) {
            agent.shutdown();
        }
    }

    /// Whether [`interrupt`](Self::interrupt) was called.
    pub fn is_interrupted(&self) -> bool {
        self.bell.rang()
    }

    /// Has the connections of an agent closed when the time comes.
    pub(super) fn watch(&self, agent: &Agent) {
        let mut agents = lock(&self.agents);
        agents.push(agent.clone());
        if self.is_interrupted() {
            agents.drain(..).for_each(Agent::shutdown);
        }
    }

    /// What the agent's own parts wait with. They must not hold the interrupter: it holds them.
    pub(super) fn bell(&self) -> Bell {
        self.bell.clone()
    }
}

impl fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupter")
            .field("bell", &self.bell)
            .finish_non_exhaustive()
    }
}

/// Wakes whoever waits with it.
#[derive(Clone, Default)]
pub(super) struct Bell(Arc<Shared>);

#[derive(Default)]
struct Shared {
    rang: AtomicBool,
    /// Ends what [`Bell::wait`] waits for.
    wake: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

/// How waiting ended.
pub(super) enum Waited<T> {
    Done(T),
    TimedOut,
    Interrupted,
}

impl Bell {
    fn ring(&self) {
        self.0.rang.store(true, Ordering::SeqCst);
        if let Some(wake) = lock(&self.0.wake).take() {
            wake();
        }
    }

    fn rang(&self) -> bool {
        self.0.rang.load(Ordering::SeqCst)
    }

    /// Does a job that blocks and can't be ended, on a thread that is left behind if the time is
    /// over or the bell rings first.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        until: Option<Instant>,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Waited<T> {
        let (sender, results) = mpsc::channel();
        let wake = sender.clone();
        *lock(&self.0.wake) = Some(Box::new(move || {
            // Nobody may wait any longer.
            let _ = wake.send(None);
        }));
        if self.rang() {
            return Waited::Interrupted;
        }
        thread::spawn(move || sender.send(Some(job())));
        let result = match until {
            Some(until) => {
                let left = until.saturating_duration_since(Instant::now());
                results.recv_timeout(left).ok()
            }
            None => results.recv().ok(),
        };
        lock(&self.0.wake).take();
        match result {
            Some(Some(result)) => Waited::Done(result),
            Some(None) => Waited::Interrupted,
            None => Waited::TimedOut,
        }
    }
}

impl fmt::Debug for Bell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bell")
            .field("rang", &self.rang())
            .finish_non_exhaustive()
    }
}

/// What a mutex holds: none of those here is left in a half state by a panic.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn waiting_ends_with_the_result_the_time_or_the_bell() {
        let bell = Bell::default();
        assert!(matches!(bell.wait(None, || 7), Waited::Done(7)));

        let (stalled, never) = mpsc::channel::<()>();
        let soon = Instant::now() + Duration::from_millis(5);
        let waited = bell.wait(Some(soon), move || never.recv());
        assert!(matches!(waited, Waited::TimedOut));
        drop(stalled);

        let (begun, is_waiting) = mpsc::channel();
        let (stalled, never) = mpsc::channel::<()>();
        let other = bell.clone();
        let ringing = thread::spawn(move || {
            is_waiting.recv().unwrap();
            other.ring();
        });
        let waited = bell.wait(None, move || {
            begun.send(()).unwrap();
            never.recv()
        });
        assert!(matches!(waited, Waited::Interrupted));
        ringing.join().unwrap();
        drop(stalled);

        assert!(matches!(bell.wait(None, || 7), Waited::Interrupted));
    }
}
