//! The watched connection: it tells the trace what it sends and gets, and puts our own head on the
//! wire in place of `ureq`'s.

use std::sync::Arc;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

use super::trace::Trace;

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
        let (timeout, to_proxy) = self.trace.begin_connection()?;
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
            self.trace.end_connection();
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
        let timeout = nearer(timeout, trace.sending()?);
        let output = &self.inner.buffers().output()[..amount];
        let Some((head, amount)) = trace.replace_head(output) else {
            return Ok(());
        };
        if head.is_empty() {
            self.inner.transmit_output(amount, timeout)?;
        } else {
            self.transmit_head(&head, amount, timeout)?;
        }
        trace.sent(head);
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let Some(trace) = &self.trace else {
            return self.inner.await_input(timeout);
        };
        let timeout = nearer(timeout, trace.time_left()?);
        let known = self.inner.buffers().input().len();
        let progress = self.inner.await_input(timeout)?;
        let input = self.inner.buffers().input();
        trace.received(&input[known.min(input.len())..]);
        Ok(progress)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
