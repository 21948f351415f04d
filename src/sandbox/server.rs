//! The sandbox's sockets: a loopback listener, HTTP/1 connections with limits, and a thread that can be stopped.
//! The only file that names hyper and tokio; what is answered is decided by [`super::livechat`].

use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWrite;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::livechat::{Delivery, Rejection, Request, Response, State, handle, reject};

/// How much is still read from a client after the last answer, and for how long. A connection that is closed
/// while bytes wait is reset, and a client that writes first would never get to read why it was refused.
const LINGER: (u64, Duration) = (64 * 1024 * 1024, Duration::from_secs(2));

/// How long to wait after a failed accept, which mostly means that the process is out of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// What a caller chooses about a sandbox.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The loopback port to listen on; 0 takes a free one.
    pub port: u16,
    /// Makes tokens, codes, ids and times the same in every start; without it they are random.
    pub seed: Option<u64>,
}

/// The limits of a sandbox's connections and where its time begins.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How long a connection may take to send a request's head, or stay idle.
    pub header_timeout: Duration,
    /// How long a request's body may take to arrive as a whole.
    pub body_timeout: Duration,
    /// The largest body that is accepted, in bytes.
    pub body_limit: usize,
    /// Where the sandbox's clock starts; without it, at a constant moment in June 2026.
    pub now: Option<SystemTime>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            body_limit: 12 * 1024 * 1024,
            now: None,
        }
    }
}

/// A running sandbox. Dropping it stops the server and joins its thread.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    inputs: Vec<(&'static str, String)>,
    stopper: Stopper,
    thread: Option<JoinHandle<()>>,
}

/// Stops a [`Sandbox`] from elsewhere, such as a Ctrl-C handler.
#[derive(Clone, Debug)]
pub struct Stopper(Arc<Notify>);

impl Stopper {
    /// Ends the server; connections are closed where they stand.
    pub fn stop(&self) {
        // A permit is kept if nobody waits yet, so a stop before the first accept isn't lost.
        self.0.notify_one();
    }
}

impl Sandbox {
    /// Starts a sandbox with the default [`Setup`].
    ///
    /// # Errors
    /// If the port is taken or a thread cannot be started.
    pub fn start(options: &Options) -> io::Result<Self> {
        Self::start_with(options, &Setup::default())
    }

    /// Starts a sandbox with limits and a clock of the caller's choice.
    ///
    /// # Errors
    /// If the port is taken or a thread cannot be started.
    pub fn start_with(options: &Options, setup: &Setup) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let state = State::new(format!("http://{address}"), options.seed, setup.now);
        let inputs = state.inputs();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let server = Server {
            state: Arc::new(Mutex::new(state)),
            setup: Arc::new(setup.clone()),
        };
        let stopper = Stopper(Arc::new(Notify::new()));
        let stop = Arc::clone(&stopper.0);
        let thread = std::thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::spawn(server.accept(listener));
                    stop.notified().await;
                });
            })?;
        Ok(Self {
            address,
            inputs,
            stopper,
            thread: Some(thread),
        })
    }

    /// Where the sandbox listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The inputs that a collection needs to run against this sandbox, by name.
    pub fn inputs(&self) -> Vec<(&'static str, String)> {
        self.inputs.clone()
    }

    /// A handle that ends this sandbox from another thread.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Blocks until the server is ended by a [`Stopper`].
    pub fn wait(mut self) {
        self.join();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // The thread's panic was printed already; there is nothing left to stop.
            let _ = thread.join();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stopper.stop();
        self.join();
    }
}

/// What every connection shares.
#[derive(Clone)]
struct Server {
    state: Arc<Mutex<State>>,
    setup: Arc<Setup>,
}

impl Server {
    async fn accept(self, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(self.clone().connection(stream));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    }

    async fn connection(self, mut stream: TcpStream) {
        // Only a latency hint: a socket that refuses it still works.
        let _ = stream.set_nodelay(true);
        let service = service_fn(|request| self.exchange(request));
        // An error here is the client's: it hung up, sent garbage or took too long. hyper has answered or not.
        let _ = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.setup.header_timeout)
            .half_close(true)
            .serve_connection(TokioIo::new(&mut stream), service)
            .await;
        let (bytes, time) = LINGER;
        // Whatever still comes is of no interest, nor whether it comes.
        let _ = tokio::time::timeout(time, linger(stream, bytes)).await;
    }

    async fn exchange(
        &self,
        request: hyper::Request<Incoming>,
    ) -> Result<hyper::Response<Full<Bytes>>, HungUp> {
        let (head, body) = request.into_parts();
        let mut request = Request::new(
            head.method.as_str(),
            head.uri.path(),
            head.uri.query().unwrap_or_default(),
        );
        for (name, value) in &head.headers {
            request.push_header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        }
        let rejection = match tokio::time::timeout(self.setup.body_timeout, self.body(body)).await {
            Ok(Ok(bytes)) => {
                request.body = bytes;
                return deliver(self.answer(&request)).await;
            }
            Ok(Err(rejection)) => rejection,
            Err(_) => Rejection::TooSlow,
        };
        Ok(closing(self.reject(&request, rejection)))
    }

    async fn body(&self, body: Incoming) -> Result<Vec<u8>, Rejection> {
        let limit = self.setup.body_limit;
        if body.size_hint().lower() > limit as u64 {
            return Err(Rejection::TooLarge);
        }
        match Limited::new(body, limit).collect().await {
            Ok(collected) => Ok(collected.to_bytes().into()),
            Err(error) if error.is::<LengthLimitError>() => Err(Rejection::TooLarge),
            Err(_) => Err(Rejection::BrokenBody),
        }
    }

    fn answer(&self, request: &Request) -> Response {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = catch_unwind(AssertUnwindSafe(|| handle(&mut state, request)));
        answer.unwrap_or_else(|_| reject(&mut state, request, Rejection::Panicked))
    }

    fn reject(&self, request: &Request, rejection: Rejection) -> Response {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        reject(&mut state, request, rejection)
    }
}

/// A connection that a test wants closed without an answer.
#[derive(Debug)]
struct HungUp;

impl std::fmt::Display for HungUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fault was asked for")
    }
}

impl std::error::Error for HungUp {}

async fn deliver(response: Response) -> Result<hyper::Response<Full<Bytes>>, HungUp> {
    match response.delivery {
        Delivery::Prompt => {}
        Delivery::Late(delay) => tokio::time::sleep(delay).await,
        Delivery::Never => return Err(HungUp),
    }
    Ok(into_hyper(response))
}

/// Says that nothing more will be sent, and reads until the client has said the same.
async fn linger(mut stream: TcpStream, bytes: u64) {
    if poll_fn(|context| Pin::new(&mut stream).poll_shutdown(context))
        .await
        .is_err()
    {
        return;
    }
    let mut buffer = [0; 8192];
    let mut left = bytes;
    while left > 0 && stream.readable().await.is_ok() {
        match stream.try_read(&mut buffer) {
            Ok(read @ 1..) => left = left.saturating_sub(read as u64),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Ok(0) | Err(_) => return,
        }
    }
}

fn into_hyper(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut out = hyper::Response::new(Full::new(Bytes::from(response.body)));
    *out.status_mut() = hyper::StatusCode::from_u16(response.status)
        .expect("handlers answer with registered status codes");
    for (name, value) in response.headers {
        // A value with a control character can only come from what the client sent; it is left out.
        if let Ok(value) = HeaderValue::from_str(&value) {
            out.headers_mut().append(name, value);
        }
    }
    out
}

fn closing(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut out = into_hyper(response);
    out.headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    out
}
