//! The watched connection: what one attempt sends, gets, and how long each part takes. It also
//! puts our own head on the wire in place of `ureq`'s.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use ureq::http::Uri;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use ureq::{Error, Timeout};

use super::interrupt::lock;
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
    answer: Answer,
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

/// What came back.
#[derive(Debug, Default)]
struct Answer {
    /// The head of the response, once that is complete.
    head: Vec<u8>,
    head_is_complete: bool,
    bytes: u64,
    body_bytes: u64,
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
        state.answer.head.clear();
        state.answer.head_is_complete = false;
        state.answer.bytes = 0;
        state.answer.body_bytes = 0;
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
        !state.fresh && state.answer.bytes == 0 && state.phase >= Phase::Send
    }

    /// How many bytes of the body came; `None` before the head is complete.
    pub(super) fn body_bytes(&self) -> Option<u64> {
        let state = self.state();
        let answer = &state.answer;
        answer.head_is_complete.then_some(answer.body_bytes)
    }

    /// Lets `read` see the head of the response, as far as it came.
    pub(super) fn with_head<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        read(&self.state().answer.head)
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

    /// Takes note of bytes that came.
    fn received(&mut self, bytes: &[u8]) {
        if self.first_byte_at.is_none() && !bytes.is_empty() {
            self.first_byte_at = Some(Instant::now());
            self.phase = Phase::Receive;
        }
        self.answer.take(bytes);
    }
}

impl Answer {
    /// Takes note of bytes that came: those of the head are kept, the others counted.
    fn take(&mut self, mut bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        while !self.head_is_complete && !bytes.is_empty() {
            let known = self.head.len();
            self.head.extend_from_slice(bytes);
            let Some(end) = end_of_head(&self.head, known) else {
                return;
            };
            bytes = &bytes[end - known..];
            self.head.truncate(end);
            if is_interim(&self.head) {
                self.head.clear();
            } else {
                self.head_is_complete = true;
            }
        }
        self.body_bytes += bytes.len() as u64;
    }
}

/// Where a head ends, its blank line included; the first `known` bytes have been looked at.
/// Line ends may lack their carriage return, as in `ureq`'s parser.
fn end_of_head(head: &[u8], known: usize) -> Option<usize> {
    let from = known.saturating_sub(3);
    let mut ends = head[from..]
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n');
    ends.find_map(|(at, _)| match &head[from + at + 1..] {
        [b'\n', ..] => Some(from + at + 2),
        [b'\r', b'\n', ..] => Some(from + at + 3),
        _ => None,
    })
}

/// Whether a head is that of a 1xx response, after which the real one comes. 101 is the last one
/// of its connection.
fn is_interim(head: &[u8]) -> bool {
    let status = head.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    status.starts_with(b"1") && !status.starts_with(b"101")
}

/// Adds to a time that may not have begun.
fn add(time: &mut Option<Duration>, more: Duration) {
    *time = Some(time.unwrap_or_default() + more);
}

/// The smaller of two times. `ureq` has one of its own: how long to wait for leave to send a body.
fn nearer(its: NextTimeout, ours: NextTimeout) -> NextTimeout {
    if *its.after < *ours.after { its } else { ours }
}

/// Makes connections that are watched, by a chain that makes them.
#[derive(Debug)]
pub(super) struct Watched<C> {
    pub(super) inner: C,
    pub(super) trace: Trace,
}

impl<C: Connector> Connector for Watched<C> {
    type Out = Tap<C::Out>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        let (timeout, to_proxy) = {
            let mut state = self.trace.state();
            state.fresh = true;
            (
                state.time_left()?,
                std::mem::replace(&mut state.within_connect, true),
            )
        };
        // `ureq` knows of no time limits here: the limits are the trace's.
        let details = ConnectionDetails {
            uri: details.uri,
            addrs: details.addrs.clone(),
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout,
            current_time: Arc::clone(&details.current_time),
            run_connector: Arc::clone(&details.run_connector),
            register_shutdown: Arc::clone(&details.register_shutdown),
        };
        let inner = self.inner.connect(&details, chained)?;
        if !to_proxy {
            self.trace.state().within_connect = false;
        }
        Ok(inner.map(|inner| Tap {
            inner,
            trace: (!to_proxy).then(|| self.trace.clone()),
        }))
    }
}

/// A connection that is watched.
#[derive(Debug)]
pub(super) struct Tap<T> {
    inner: T,
    /// `None` for the connection to a proxy, within which the watched one lies.
    trace: Option<Trace>,
}

impl<T: Transport> Tap<T> {
    /// Sends our head and then the `amount` of bytes that lie in the output buffer.
    fn transmit_head(
        &mut self,
        head: &[u8],
        amount: usize,
        timeout: NextTimeout,
    ) -> Result<(), Error> {
        let output = self.inner.buffers().output();
        let together = head.len() + amount;
        if together <= output.len() {
            output.copy_within(..amount, head.len());
            output[..head.len()].copy_from_slice(head);
            return self.inner.transmit_output(together, timeout);
        }
        let body = output[..amount].to_vec();
        for bytes in [head, &body] {
            let room = self.inner.buffers().output().len();
            for piece in bytes.chunks(room) {
                self.inner.buffers().output()[..piece.len()].copy_from_slice(piece);
                self.inner.transmit_output(piece.len(), timeout)?;
            }
        }
        Ok(())
    }
}

impl<T: Transport> Transport for Tap<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    /// `ureq` writes a head with names in lower case, repeated fields side by side, and no way
    /// to say a whole URL to a proxy; then it writes the body on its own. Its head is a stand-in
    /// and dropped here, ours is sent, and with it the beginning of the body.
    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let Some(trace) = self.trace.clone() else {
            return self.inner.transmit_output(amount, timeout);
        };
        let mut state = trace.state();
        let timeout = nearer(timeout, state.time_left()?);
        state.phase = Phase::Send;
        let mut amount = amount;
        if state.ours.is_due {
            // A head that is larger than the buffer comes in pieces; only the last ends so.
            if !self.inner.buffers().output()[..amount].ends_with(b"\r\n\r\n") {
                return Ok(());
            }
            state.ours.is_due = false;
            if state.ours.holds {
                return Ok(());
            }
            amount = 0;
        }
        let mut head = std::mem::take(&mut state.ours.bytes);
        drop(state);
        if head.is_empty() {
            self.inner.transmit_output(amount, timeout)?;
        } else {
            self.transmit_head(&head, amount, timeout)?;
            head.clear();
        }
        let mut state = trace.state();
        // Keeps its room for the next head.
        state.ours.bytes = head;
        state.phase = Phase::Wait;
        state.sent_at = Some(Instant::now());
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let Some(trace) = &self.trace else {
            return self.inner.await_input(timeout);
        };
        let timeout = nearer(timeout, trace.state().time_left()?);
        let known = self.inner.buffers().input().len();
        let progress = self.inner.await_input(timeout)?;
        let input = self.inner.buffers().input();
        trace.state().received(&input[known.min(input.len())..]);
        Ok(progress)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pieces: &[&[u8]]) -> Answer {
        let mut answer = Answer::default();
        for piece in pieces {
            answer.take(piece);
        }
        answer
    }

    #[test]
    fn the_head_is_found_wherever_it_is_cut() {
        let all = b"HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nbody";
        for cut in 0..all.len() {
            let answer = taken(&[&all[..cut], &all[cut..]]);
            assert_eq!(
                answer.head, b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n",
                "cut at {cut}"
            );
            assert_eq!((answer.bytes, answer.body_bytes), (all.len() as u64, 4));
        }
        let single: Vec<&[u8]> = all.chunks(1).collect();
        assert_eq!(taken(&single).head, b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n");
    }

    #[test]
    fn a_head_may_lack_carriage_returns_and_be_all_there_is() {
        let answer = taken(&[b"HTTP/1.1 204\nA: b\n\n"]);
        assert!(answer.head_is_complete);
        assert_eq!(answer.body_bytes, 0);
        assert!(!taken(&[b"HTTP/1.1 200 OK\r\nA: b\r\n"]).head_is_complete);
        assert!(taken(&[b"HTTP/1.1 101 Switching\r\n\r\nxx"]).head_is_complete);
    }

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
