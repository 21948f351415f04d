//! TCP connections: opened within the time that is left, and interruptible. `ureq` has the same
//! transport, but its connecting can't be interrupted, it sets a socket's timeouts anew for each
//! request that has one, and it asks a socket twice whether it is still open.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, ShutdownHandle,
    Transport,
};

use super::interrupt::{Bell, Waited};
use super::trace::Trace;
use super::{Phase, SendErrorKind};

/// Opens TCP connections.
#[derive(Debug)]
pub(super) struct Tcp {
    pub(super) trace: Trace,
    pub(super) bell: Bell,
}

impl<In: Transport> Connector<In> for Tcp {
    type Out = Either<In, Socket>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        // A proxy has connected already.
        if let Some(chained) = chained {
            return Ok(Some(Either::A(chained)));
        }
        self.trace.enter(Phase::Connect);
        let begun = Instant::now();
        let stream = self.dial(details.addrs.to_vec())?;
        self.trace.connected(begun.elapsed());
        stream.set_nodelay(true)?;
        let stream = Arc::new(stream);
        let handle: Weak<dyn ShutdownHandle> = Arc::downgrade(&stream) as _;
        (details.register_shutdown)(handle)?;
        let config = details.config;
        Ok(Some(Either::B(Socket {
            stream,
            buffers: LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
            read_timeout: None,
            write_timeout: None,
            used: false,
        })))
    }
}

impl Tcp {
    fn dial(&self, addresses: Vec<SocketAddr>) -> Result<TcpStream, Error> {
        let until = self.trace.limit().map(|limit| limit.at);
        let dialled = if addresses.iter().all(|address| address.ip().is_loopback()) {
            // This machine answers at once, and a thread would cost more than the connection.
            Waited::Done(dial_any(&addresses, until))
        } else {
            self.bell.wait(until, move || dial_any(&addresses, until))
        };
        match dialled {
            Waited::Done(Ok(stream)) => Ok(stream),
            Waited::Done(Err(error)) if is_timeout(&error) => Err(self.timed_out()),
            Waited::Done(Err(error)) => Err(Error::Io(error)),
            Waited::TimedOut => Err(self.timed_out()),
            Waited::Interrupted => Err(Error::Other(Box::new(SendErrorKind::Interrupted))),
        }
    }

    fn timed_out(&self) -> Error {
        Error::Other(Box::new(self.trace.timed_out()))
    }
}

/// Connects to the first address that answers. Each but the last gets half of the time that is
/// left, so that a dead one does not use it up.
fn dial_any(addresses: &[SocketAddr], until: Option<Instant>) -> io::Result<TcpStream> {
    let mut failure = io::Error::from(ErrorKind::AddrNotAvailable);
    for (at, address) in addresses.iter().enumerate() {
        let connected = match until {
            None => TcpStream::connect(address),
            Some(until) => {
                let left = until.saturating_duration_since(Instant::now());
                let share = if at + 1 == addresses.len() {
                    left
                } else {
                    left / 2
                };
                if share.is_zero() {
                    return Err(ErrorKind::TimedOut.into());
                }
                TcpStream::connect_timeout(address, share)
            }
        };
        match connected {
            Ok(stream) => return Ok(stream),
            // Of several failures the first tells most, unless it is only that this machine has
            // no way to such an address.
            Err(error) if at == 0 || is_unroutable(&failure) => failure = error,
            Err(_) => {}
        }
    }
    Err(failure)
}

fn is_unroutable(error: &io::Error) -> bool {
    use ErrorKind::{AddrNotAvailable, HostUnreachable, NetworkUnreachable};
    matches!(
        error.kind(),
        AddrNotAvailable | HostUnreachable | NetworkUnreachable
    ) || error.raw_os_error() == Some(97) // EAFNOSUPPORT on Linux: IPv6 is off
}

/// A socket's timeout comes as `WouldBlock` on Unix and as `TimedOut` on Windows.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// A TCP connection.
#[derive(Debug)]
pub(super) struct Socket {
    /// Shared with the handle that an interrupt closes it by.
    stream: Arc<TcpStream>,
    buffers: LazyBuffers,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
    /// Whether something was sent since it was last asked whether it is open.
    used: bool,
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.used = true;
        if let Some(wanted) = renewed(timeout, self.write_timeout)? {
            self.stream.set_write_timeout(wanted)?;
            self.write_timeout = wanted;
        }
        let output = &self.buffers.output()[..amount];
        match (&*self.stream).write_all(output) {
            Ok(()) => Ok(()),
            Err(error) if is_timeout(&error) => Err(Error::Timeout(timeout.reason)),
            Err(error) => Err(Error::Io(error)),
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let begun = Instant::now();
        let mut left = timeout;
        loop {
            if let Some(wanted) = renewed(left, self.read_timeout)? {
                self.stream.set_read_timeout(wanted)?;
                self.read_timeout = wanted;
            }
            match (&*self.stream).read(self.buffers.input_append_buf()) {
                Ok(amount) => {
                    self.buffers.input_appended(amount);
                    return Ok(amount > 0);
                }
                // A signal; Linux does not resume a read that has a timeout.
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    if !timeout.after.is_not_happening() {
                        left.after = timeout.after.saturating_sub(begun.elapsed()).into();
                    }
                }
                Err(error) if is_timeout(&error) => return Err(Error::Timeout(timeout.reason)),
                Err(error) => return Err(Error::Io(error)),
            }
        }
    }

    /// `ureq` asks when a connection goes back to the pool and again when it is taken out. Only
    /// the second answer counts, so only then is the system asked.
    fn is_open(&mut self) -> bool {
        std::mem::take(&mut self.used) || is_quiet(&self.stream).unwrap_or(false)
    }
}

/// Whether nothing comes from a connection, neither its end nor a byte nobody asked for.
fn is_quiet(mut stream: &TcpStream) -> io::Result<bool> {
    stream.set_nonblocking(true)?;
    let read = stream.read(&mut [0]);
    stream.set_nonblocking(false)?;
    Ok(matches!(read, Err(error) if error.kind() == ErrorKind::WouldBlock))
}

/// The timeout that a socket must be given; `None` if the one it has will do. A socket that waits
/// a little longer than asked costs nothing, while setting the exact time before each read would
/// be a system call.
#[expect(
    clippy::option_option,
    reason = "no change, and a change to no timeout"
)]
fn renewed(
    timeout: NextTimeout,
    current: Option<Duration>,
) -> Result<Option<Option<Duration>>, Error> {
    if timeout.after.is_not_happening() {
        return Ok(current.map(|_| None));
    }
    let left = *timeout.after;
    if left.is_zero() {
        return Err(Error::Timeout(timeout.reason));
    }
    let slack = (left / 64).max(Duration::from_millis(2));
    let fits = current.is_some_and(|current| left <= current && current <= left + slack);
    Ok((!fits).then_some(Some(left)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn timeout(after: Option<Duration>) -> NextTimeout {
        NextTimeout {
            after: after.map_or_else(|| NextTimeout::default().after, Into::into),
            ..NextTimeout::default()
        }
    }

    #[test]
    fn a_socket_is_given_a_new_timeout_only_when_the_old_one_is_off() {
        let seconds = Duration::from_secs;
        let change = |left, current| renewed(timeout(left), current).unwrap();
        assert_eq!(change(None, None), None);
        assert_eq!(change(None, Some(seconds(1))), Some(None));
        assert_eq!(change(Some(seconds(30)), None), Some(Some(seconds(30))));
        let a_bit_less = Duration::from_millis(29_900);
        assert_eq!(change(Some(a_bit_less), Some(seconds(30))), None);
        assert_eq!(
            change(Some(seconds(30)), Some(a_bit_less)),
            Some(Some(seconds(30)))
        );
        assert_eq!(
            change(Some(seconds(20)), Some(seconds(30))),
            Some(Some(seconds(20)))
        );
        assert!(renewed(timeout(Some(Duration::ZERO)), None).is_err());
    }

    #[test]
    fn the_next_address_is_tried_when_one_refuses() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let good = listener.local_addr().unwrap();
        let closed = TcpListener::bind("127.0.0.1:0").unwrap();
        let bad = closed.local_addr().unwrap();
        drop(closed);
        let soon = Some(Instant::now() + Duration::from_secs(5));
        for until in [None, soon] {
            assert!(dial_any(&[bad, good], until).is_ok());
            let failure = dial_any(&[bad], until).unwrap_err();
            assert_eq!(failure.kind(), ErrorKind::ConnectionRefused);
        }
        let over = dial_any(&[good], Some(Instant::now())).unwrap_err();
        assert_eq!(over.kind(), ErrorKind::TimedOut);
    }

    #[test]
    fn a_connection_is_open_until_the_other_side_closes_or_talks_unasked() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ours = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut theirs, _) = listener.accept().unwrap();
        assert!(is_quiet(&ours).unwrap());
        theirs.write_all(b"x").unwrap();
        // What was written is there once a blocking look has seen it.
        ours.peek(&mut [0]).unwrap();
        assert!(!is_quiet(&ours).unwrap());
        drop(theirs);
        ours.peek(&mut [0]).unwrap();
        assert!(!is_quiet(&ours).unwrap());
    }
}
