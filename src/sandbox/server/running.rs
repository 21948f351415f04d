//! A sandbox that runs: a thread with a listener on the loopback interface, and how it ends.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::connection::Server;
use super::setup::{Options, Setup};
use super::tls::Tls;
use crate::sandbox::livechat::State;

/// A running sandbox. Dropping it stops the server and joins its thread.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    base_url: String,
    authority: Option<String>,
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
    /// If the port is taken, or a thread or a key cannot be made.
    pub fn start(options: &Options) -> io::Result<Self> {
        Self::start_with(options, &Setup::default())
    }

    /// Starts a sandbox with limits and a clock of the caller's choice.
    ///
    /// # Errors
    /// If the port is taken, or a thread or a key cannot be made.
    pub fn start_with(options: &Options, setup: &Setup) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (tls, authority) = match options.tls {
            Some(since) => {
                let (tls, authority) = Tls::new(since)?;
                (Some(tls), Some(authority))
            }
            None => (None, None),
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base_url = format!("{scheme}://{address}");
        let state = State::new(base_url.clone(), options.seed, setup.now);
        let inputs = state.inputs();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let server = Server::new(state, setup.clone(), tls);
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
            base_url,
            authority,
            inputs,
            stopper,
            thread: Some(thread),
        })
    }

    /// Where the sandbox listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the sandbox is reached, such as `http://127.0.0.1:8080`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The certificate of the authority to trust, as PEM; none without TLS.
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
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
