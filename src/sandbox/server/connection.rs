//! Serves a connection: HTTP/1 with limits on what a client may send, and a clean end.

use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::setup::Setup;
use super::tls::{HANDSHAKE, Tls};
use crate::sandbox::livechat::{Delivery, Rejection, Request, Response, State, handle, reject};

/// How much is still read from a client after the last answer, and for how long. A connection that is closed
/// while bytes wait is reset, and a client that writes first would never get to read why it was refused.
const LINGER: (u64, Duration) = (64 * 1024 * 1024, Duration::from_secs(2));

/// How long to wait after a failed accept, which mostly means that the process is out of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// What is said to plain HTTP where HTTPS is spoken: closing without a word would leave the client guessing.
const PLAIN: &str = "This sandbox speaks HTTPS. Begin its address with https://\n";

/// What every connection shares.
#[derive(Clone)]
pub struct Server {
    state: Arc<Mutex<State>>,
    setup: Arc<Setup>,
    tls: Option<Tls>,
}

impl Server {
    /// A server of this state.
    pub fn new(state: State, setup: Setup, tls: Option<Tls>) -> Self {
        Self {
            state: Arc::new(Mutex::new(state)),
            setup: Arc::new(setup),
            tls,
        }
    }

    /// Serves whoever connects, all side by side, without end.
    pub async fn accept(self, listener: TcpListener) {
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
        let rest = if let Some(tls) = &self.tls {
            self.secured(tls, stream).await
        } else {
            self.serve(&mut stream).await;
            Some(stream)
        };
        if let Some(stream) = rest {
            let (bytes, time) = LINGER;
            // Whatever still comes is of no interest, nor whether it comes.
            let _ = timeout(time, linger(stream, bytes)).await;
        }
    }

    /// Serves a connection that should begin with a handshake. Returns the socket, unless it is of no more use.
    async fn secured(&self, tls: &Tls, stream: TcpStream) -> Option<TcpStream> {
        let limit = self.setup.header_timeout;
        let mut first = [0];
        let read = timeout(limit, stream.peek(&mut first)).await.ok()?.ok()?;
        if read == 1 && first[0] != HANDSHAKE {
            let answer = format!(
                "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\nconnection: close\r\n\
                 content-length: {}\r\n\r\n{PLAIN}",
                PLAIN.len()
            );
            stream.writable().await.ok()?;
            // A fresh socket's buffer has room for it, and a client that is gone misses nothing.
            let _ = stream.try_write(answer.as_bytes());
            return Some(stream);
        }
        let mut secured = timeout(limit, tls.accept(stream)).await.ok()?.ok()?;
        self.serve(&mut secured).await;
        Some(secured.into_inner().0)
    }

    async fn serve<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut S) {
        let service = service_fn(|request| self.exchange(request));
        // An error here is the client's: it hung up, sent garbage or took too long. hyper has answered or not.
        let _ = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.setup.header_timeout)
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service)
            .await;
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
        let rejection = match timeout(self.setup.body_timeout, self.body(body)).await {
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
