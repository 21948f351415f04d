//! The socket, its connections, and which of them brings the answer.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use thiserror::Error;
use url::Url;

use super::address::LoopbackUri;
use super::page::Page;
use super::wire::{self, Request, Unread};
use crate::authorize::{Landing, StateCheck};

/// The most connections at a time; a browser has six to a host.
const MAX_CONNECTIONS: usize = 64;

/// How long to wait after a failed accept, which mostly means that the process is out of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Why there is no listener.
#[derive(Debug, Error)]
pub enum BindError {
    /// Another program listens there.
    #[error("port {0} is in use by another program")]
    Busy(u16),
    /// Listening there is not allowed.
    #[error("port {0} is not open to ordinary programs")]
    Forbidden(u16),
    /// Anything else.
    #[error("listening on port {0} is not possible: {1}")]
    Other(u16, io::Error),
}

/// What is known of the answer before it comes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected<'a> {
    /// The `state` that was sent.
    pub state: Option<&'a str>,
    /// The redirect URI that was sent, which may be that of a tunnel to this machine.
    pub redirect_uri: Option<&'a str>,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitError {
    /// The time is over.
    TimedOut,
    /// Somebody does not want to wait any longer.
    Stopped,
}

/// A port that is taken, about to wait for one answer.
#[derive(Debug)]
pub struct Listener {
    address: LoopbackUri,
    socket: TcpListener,
    sender: Sender<Heard>,
    receiver: Receiver<Heard>,
}

/// Ends the wait of a [`Listener`] from another thread.
#[derive(Debug, Clone)]
pub struct Stopper(Sender<Heard>);

impl Stopper {
    /// Ends the wait at once.
    pub fn stop(&self) {
        // Nobody may wait any longer.
        let _ = self.0.send(Heard::Stop);
    }
}

#[derive(Debug)]
enum Heard {
    Answer(Landing),
    Stop,
}

impl Listener {
    /// Takes the port of a redirect URI, or any that is free where it is 0, on 127.0.0.1 alone.
    ///
    /// # Errors
    /// If the port can't be had. With `localhost` also if another program has it on `::1`: a browser
    /// would bring that one the answer (RFC 8252 §8.3).
    pub fn bind(address: &LoopbackUri) -> Result<Self, BindError> {
        let port = address.port();
        let refused = |error: io::Error| match error.kind() {
            io::ErrorKind::AddrInUse => BindError::Busy(port),
            io::ErrorKind::PermissionDenied => BindError::Forbidden(port),
            _ => BindError::Other(port, error),
        };
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(refused)?;
        let found = socket.local_addr().map_err(refused)?.port();
        if address.is_localhost() && is_taken(SocketAddr::from((Ipv6Addr::LOCALHOST, found))) {
            return Err(BindError::Busy(found));
        }
        let (sender, receiver) = mpsc::channel();
        Ok(Self {
            address: if port == 0 {
                address.with_port(found)
            } else {
                address.clone()
            },
            socket,
            sender,
            receiver,
        })
    }

    /// The redirect URI with the port that is listened on.
    pub fn address(&self) -> &LoopbackUri {
        &self.address
    }

    /// What ends the wait from another thread, even before it begins.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.sender.clone())
    }

    /// Begins to serve browsers.
    pub fn serve(self, expected: &Expected<'_>) -> Waiting {
        let own = format!("http://{}", self.address.authority());
        let tunnel = expected.redirect_uri.and_then(|uri| Url::parse(uri).ok());
        let tunnel = tunnel.map(|uri| uri.origin().ascii_serialization());
        let desk = Arc::new(Desk {
            path: self.address.path().to_owned(),
            origins: tunnel.into_iter().chain([own]).collect(),
            state: expected.state.map(str::to_owned),
            sender: self.sender,
            is_answered: AtomicBool::new(false),
            is_closed: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
        });
        Waiting {
            open: Open::new(self.socket, desk),
            receiver: self.receiver,
        }
    }
}

/// A listener that serves browsers until one brings an answer.
#[derive(Debug)]
pub struct Waiting {
    open: Open,
    receiver: Receiver<Heard>,
}

impl Waiting {
    /// Waits for a browser to bring an answer, and closes the port. A refusal and an answer with
    /// another `state` are answers, too: the page says so, and whoever asked has to look.
    ///
    /// # Errors
    /// If none came in time, or the wait was ended.
    pub fn wait(self, timeout: Duration) -> Result<Landing, WaitError> {
        let heard = self.receiver.recv_timeout(timeout);
        drop(self.open);
        match heard {
            Ok(Heard::Answer(landing)) => Ok(landing),
            Ok(Heard::Stop) => Err(WaitError::Stopped),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                Err(WaitError::TimedOut)
            }
        }
    }
}

/// Whether another program listens there. A machine without IPv6 has no such program.
fn is_taken(address: SocketAddr) -> bool {
    TcpListener::bind(address).is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse)
}

/// The socket while connections are accepted; dropping it closes the port.
#[derive(Debug)]
struct Open {
    address: Option<SocketAddr>,
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

impl Open {
    fn new(socket: TcpListener, desk: Arc<Desk>) -> Self {
        let address = socket.local_addr().ok();
        let own = Arc::clone(&desk);
        let thread = thread::spawn(move || accept(&socket, &own));
        Self {
            address,
            desk,
            thread: Some(thread),
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.desk.is_closed.store(true, Ordering::SeqCst);
        // Accepting can't be ended but by a connection.
        let woken = self.address.map(TcpStream::connect);
        if let (Some(Ok(_)), Some(thread)) = (woken, self.thread.take()) {
            // It has nothing to tell; a panic of it has been shown.
            let _ = thread.join();
        }
    }
}

fn accept(socket: &TcpListener, desk: &Arc<Desk>) {
    while !desk.is_closed.load(Ordering::SeqCst) {
        match socket.accept() {
            Ok((stream, _)) => serve(stream, desk),
            Err(_) => thread::sleep(ACCEPT_PAUSE),
        }
    }
    // Who has connected by now is told that it is too late.
    if socket.set_nonblocking(true).is_ok() {
        while let Ok((stream, _)) = socket.accept() {
            serve(stream, desk);
        }
    }
}

/// Serves a connection on a thread of its own, so that one that says nothing holds up nobody.
fn serve(stream: TcpStream, desk: &Arc<Desk>) {
    // On some systems it is as the socket is that accepted it.
    if stream.set_nonblocking(false).is_err() {
        return;
    }
    if desk.connections.fetch_add(1, Ordering::SeqCst) >= MAX_CONNECTIONS {
        desk.connections.fetch_sub(1, Ordering::SeqCst);
        return;
    }
    let desk = Arc::clone(desk);
    thread::spawn(move || {
        desk.serve(stream);
        desk.connections.fetch_sub(1, Ordering::SeqCst);
    });
}

/// What every connection knows.
#[derive(Debug)]
struct Desk {
    path: String,
    /// Scheme, host and port of the addresses that lead here.
    origins: Vec<String>,
    state: Option<String>,
    sender: Sender<Heard>,
    is_answered: AtomicBool,
    is_closed: AtomicBool,
    connections: AtomicUsize,
}

/// What to do about a request.
enum Reply {
    /// Show a page and go on waiting.
    Show(Page),
    /// It brings the answer.
    Take(Landing),
}

impl Desk {
    /// Serves the one request of a connection.
    fn serve(&self, mut stream: TcpStream) {
        let (reply, with_body) = match wire::read(&mut stream) {
            Ok(request) => (self.reply(&request), request.method != "HEAD"),
            Err(Unread::Refused(status)) => (Reply::Show(Page::Unserved(status)), true),
            Err(Unread::Gone) => return,
        };
        let (page, landing) = match reply {
            Reply::Show(page) => (page, None),
            Reply::Take(_) if self.is_answered.swap(true, Ordering::SeqCst) => (Page::Second, None),
            Reply::Take(landing) => (self.page_of(&landing), Some(landing)),
        };
        let written = wire::write(&mut stream, &page, with_body);
        // The browser gets its page first: the run, and with it this program, may be over soon.
        if let Some(landing) = landing {
            // Nobody may wait any longer.
            let _ = self.sender.send(Heard::Answer(landing));
        }
        if written.is_ok() {
            wire::linger(&mut stream);
        }
    }

    fn reply(&self, request: &Request) -> Reply {
        // By another name it is a site that had itself resolved to this machine.
        let Some(origin) = self.origin_of(request) else {
            return Reply::Show(Page::Foreign);
        };
        let is_own_script = match &request.origin {
            Some(sender) if sender != origin => return Reply::Show(Page::Foreign),
            sender => sender.is_some(),
        };
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        if path != self.path {
            return Reply::Show(Page::Unserved(404));
        }
        match request.method.as_str() {
            "HEAD" => Reply::Show(Page::Fragment),
            "GET" => {
                // An image or a script of another page is nothing that a person was sent to.
                let mode = request.fetch_mode.as_deref();
                if mode.is_some_and(|mode| mode != "navigate") {
                    return Reply::Show(Page::Foreign);
                }
                self.answer(origin, "?", query)
                    .unwrap_or(Reply::Show(Page::Fragment))
            }
            // Only the page above sends this.
            "POST" if is_own_script => self
                .answer(origin, "#", &request.body)
                .unwrap_or(Reply::Show(Page::Unserved(400))),
            "POST" => Reply::Show(Page::Foreign),
            _ => Reply::Show(Page::Unserved(405)),
        }
    }

    /// The origin whose host and port the request names.
    fn origin_of(&self, request: &Request) -> Option<&String> {
        let host = request.host.as_ref()?;
        self.origins.iter().find(|origin| {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
        })
    }

    /// What to do about what stands behind the address, if that is an answer.
    fn answer(&self, origin: &str, mark: &str, text: &str) -> Option<Reply> {
        let url = Url::parse(&format!("{origin}{}{mark}{text}", self.path)).ok()?;
        let landing = Landing { url };
        landing.is_answer().then_some(Reply::Take(landing))
    }

    fn page_of(&self, landing: &Landing) -> Page {
        if let Some((parameter, value)) = landing.refusal() {
            let description = landing
                .parameter("error_description")
                .or_else(|| landing.parameter("exception_details"));
            return Page::Refused(parameter, value, description);
        }
        match landing.state(self.state.as_deref()) {
            StateCheck::Same => Page::Received,
            StateCheck::Missing | StateCheck::Other => Page::OtherState,
        }
    }
}
