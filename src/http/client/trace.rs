//! What is known about the exchange under way, shared by the client and its connections: limits,
//! times, the head to send, and what came back.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use ureq::http::Uri;
use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

use super::interrupt::lock;
use super::received::Received;
use super::{Phase, SendErrorKind};
use crate::http::message::Timings;

/// A moment that must not be passed, and the length of time that ends with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) at: Instant,
    pub(super) after: Duration,
}

impl Limit {
    /// The limit that ends `after` from a moment; `None` if that is beyond all time.
    pub(super) fn new(from: Instant, after: Duration) -> Option<Self> {
        Some(Self {
            at: from.checked_add(after)?,
            after,
        })
    }
}

/// What is known about the exchange under way, shared by the client and its connections.
#[derive(Debug, Clone, Default)]
pub(super) struct Trace(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// For the whole exchange.
    total: Option<Limit>,
    /// For the way to the server.
    connecting: Option<Limit>,
    phase: Phase,
    ours: OurHead,
    /// Where plain requests go instead of to their server.
    forwarding_proxy: Option<Uri>,
    /// Whether a connection is being made: a second one within it is the one to a proxy.
    within_connect: bool,
    fresh: bool,
    received: Received,
    sent_at: Option<Instant>,
    first_byte_at: Option<Instant>,
    timings: Timings,
}

/// The head to send in place of `ureq`'s.
#[derive(Debug, Default)]
struct OurHead {
    /// Empty once it is sent.
    bytes: Vec<u8>,
    /// Whether `ureq` has yet to write its own.
    is_due: bool,
    /// Whether it waits for the first bytes of the body, to leave with them in one packet.
    holds: bool,
}

/// What is to be sent in an attempt.
pub(super) struct Attempt<'a> {
    pub(super) head: &'a [u8],
    /// Whether a body follows that can leave with the head.
    pub(super) holds: bool,
    pub(super) forwarding_proxy: Option<&'a Uri>,
    pub(super) connect_timeout: Duration,
}

impl Trace {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }

    /// A new exchange begins.
    pub(super) fn begin(&self, total: Option<Limit>) {
        let mut state = self.state();
        state.total = total;
        state.timings = Timings::default();
    }

    /// A new attempt begins, the first one or the next after a redirect or a retry.
    pub(super) fn attempt(&self, attempt: &Attempt, now: Instant) {
        let mut state = self.state();
        state.connecting = Limit::new(now, attempt.connect_timeout);
        state.phase = Phase::NameLookup;
        state.ours.bytes.clear();
        state.ours.bytes.extend_from_slice(attempt.head);
        state.ours.is_due = true;
        state.ours.holds = attempt.holds;
        state.forwarding_proxy = attempt.forwarding_proxy.cloned();
        state.within_connect = false;
        state.fresh = false;
        state.received.clear();
        state.sent_at = None;
        state.first_byte_at = None;
    }

    /// The attempt is over; its times count.
    pub(super) fn end(&self, now: Instant) {
        let mut state = self.state();
        if let (Some(sent), Some(first)) = (state.sent_at, state.first_byte_at) {
            let wait = first.saturating_duration_since(sent);
            add(&mut state.timings.wait, wait);
            add(
                &mut state.timings.receive,
                now.saturating_duration_since(first),
            );
        }
    }

    /// The times of the exchange so far, but for the total.
    pub(super) fn timings(&self) -> Timings {
        self.state().timings
    }

    pub(super) fn phase(&self) -> Phase {
        self.state().phase
    }

    pub(super) fn enter(&self, phase: Phase) {
        self.state().phase = phase;
    }

    pub(super) fn looked_up(&self, took: Duration) {
        add(&mut self.state().timings.dns, took);
    }

    pub(super) fn connected(&self, took: Duration) {
        add(&mut self.state().timings.connect, took);
    }

    pub(super) fn agreed_on_tls(&self, took: Duration) {
        add(&mut self.state().timings.tls, took);
    }

    pub(super) fn forwarding_proxy(&self) -> Option<Uri> {
        self.state().forwarding_proxy.clone()
    }

    /// Whether the connection had served before and gave not a byte this time: the server closed
    /// it while it was idle.
    pub(super) fn found_it_stale(&self) -> bool {
        let state = self.state();
        !state.fresh && state.received.bytes == 0 && state.phase >= Phase::Send
    }

    /// How many bytes of the body came; `None` before the head is complete.
    pub(super) fn body_bytes(&self) -> Option<u64> {
        let state = self.state();
        let received = &state.received;
        received.head_is_complete.then_some(received.body_bytes)
    }

    /// Lets `read` see the head of the response, as far as it came.
    pub(super) fn with_head<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        read(&self.state().received.head)
    }

    /// The limit that is reached first.
    pub(super) fn limit(&self) -> Option<Limit> {
        self.state().limit()
    }

    /// The time that is left, for `ureq`.
    pub(super) fn time_left(&self) -> Result<NextTimeout, Error> {
        self.state().time_left()
    }

    /// The error that says that the limit was reached.
    pub(super) fn timed_out(&self) -> SendErrorKind {
        self.state().timed_out()
    }

    /// A connection begins: the time that it has, and whether it is the one to a proxy, made within
    /// that to the server.
    pub(super) fn begin_connection(&self) -> Result<(NextTimeout, bool), Error> {
        let mut state = self.state();
        state.fresh = true;
        let time_left = state.time_left()?;
        let to_proxy = std::mem::replace(&mut state.within_connect, true);
        Ok((time_left, to_proxy))
    }

    /// The connection to the server is there.
    pub(super) fn end_connection(&self) {
        self.state().within_connect = false;
    }

    /// Something is about to be sent: the time that it has.
    pub(super) fn sending(&self) -> Result<NextTimeout, Error> {
        let mut state = self.state();
        let time_left = state.time_left()?;
        state.phase = Phase::Send;
        Ok(time_left)
    }

    /// What goes over the wire for what `ureq` has put out: our head, empty if it is sent already,
    /// and how many of these bytes. `None` if it is nothing yet.
    pub(super) fn replace_head(&self, output: &[u8]) -> Option<(Vec<u8>, usize)> {
        let ours = &mut self.state().ours;
        let mut amount = output.len();
        if ours.is_due {
            // A head that is larger than the buffer comes in pieces; only the last ends so.
            if !output.ends_with(b"\r\n\r\n") {
                return None;
            }
            ours.is_due = false;
            if ours.holds {
                return None;
            }
            amount = 0;
        }
        Some((std::mem::take(&mut ours.bytes), amount))
    }

    /// It was sent, and our head, too, whose room is kept for the next one.
    pub(super) fn sent(&self, mut head: Vec<u8>) {
        head.clear();
        let mut state = self.state();
        state.ours.bytes = head;
        state.phase = Phase::Wait;
        state.sent_at = Some(Instant::now());
    }

    /// Takes note of bytes that came.
    pub(super) fn received(&self, bytes: &[u8]) {
        let mut state = self.state();
        if state.first_byte_at.is_none() && !bytes.is_empty() {
            state.first_byte_at = Some(Instant::now());
            state.phase = Phase::Receive;
        }
        state.received.take(bytes);
    }
}

impl State {
    fn limit(&self) -> Option<Limit> {
        if self.phase > Phase::TlsHandshake {
            return self.total;
        }
        match (self.total, self.connecting) {
            (Some(total), Some(connecting)) if total.at <= connecting.at => Some(total),
            (total, connecting) => connecting.or(total),
        }
    }

    fn timed_out(&self) -> SendErrorKind {
        SendErrorKind::Timeout {
            phase: self.phase,
            after: self.limit().map_or(Duration::ZERO, |limit| limit.after),
        }
    }

    fn time_left(&self) -> Result<NextTimeout, Error> {
        let Some(limit) = self.limit() else {
            return Ok(NextTimeout::default());
        };
        let left = limit.at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::Other(Box::new(self.timed_out())));
        }
        Ok(NextTimeout {
            after: left.into(),
            reason: Timeout::Global,
            ..NextTimeout::default()
        })
    }
}

/// Adds to a time that may not have begun.
fn add(time: &mut Option<Duration>, more: Duration) {
    *time = Some(time.unwrap_or_default() + more);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_limit_counts_and_after_the_connection_only_the_total_one() {
        let now = Instant::now();
        let limit = |seconds| Limit::new(now, Duration::from_secs(seconds));
        let mut state = State {
            total: limit(5),
            connecting: limit(1),
            ..State::default()
        };
        assert_eq!(state.limit().unwrap().after, Duration::from_secs(1));
        state.phase = Phase::Wait;
        assert_eq!(state.limit().unwrap().after, Duration::from_secs(5));
        state.total = None;
        assert!(state.limit().is_none());
        assert!(Limit::new(now, Duration::MAX).is_none());
    }
}
