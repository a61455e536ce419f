//! A [`Server`] behind HTTP on loopback, for as long as its handle lives.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
};

use thiserror::Error;
use tokio::{runtime, sync::oneshot};

use crate::{
    clock::Clock,
    http,
    http::app::App,
    http::faults::{FaultRule, Faults},
    http::socket::{CuttableListener, Cutter},
    server::Server,
    settings::Options,
    state::outbox::Sent,
    state::sessions::Session,
    tenant::TenantChange,
    tokens,
    wire::RecordedRequest,
};

/// A running sandbox. It has a thread of its own, so that tests with and without an async runtime can use
/// it alike; dropping it frees the port and cuts what is still open.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A sandbox could not be started.
#[derive(Debug, Error)]
pub enum StartError {
    /// The port is taken, or the system forbids it: choose another one, or 0.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// The system's error.
        source: io::Error,
    },
    /// The system gives no thread or no event queue.
    #[error("cannot start the server's thread: {0}")]
    Thread(#[source] io::Error),
}

impl Sandbox {
    /// Starts a new server on `127.0.0.1:{options.port}`. It answers, each call at once, when this returns.
    ///
    /// # Errors
    /// [`StartError`] when the port or a thread cannot be had.
    pub fn start(options: &Options) -> Result<Self, StartError> {
        Self::serve(Arc::new(Server::new(options)), options.port)
    }

    /// Puts a server that is there already on `127.0.0.1:{port}`: after [`Sandbox::stop`] the same sessions
    /// can come back at the same place. Faults do not come along.
    ///
    /// # Errors
    /// [`StartError`] when the port or a thread cannot be had.
    pub fn serve(server: Arc<Server>, port: u16) -> Result<Self, StartError> {
        // Before the first call.
        tokens::make_key();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .map_err(|source| StartError::Listen { port, source })?;
        let address = listener.local_addr().map_err(|source| StartError::Listen { port, source })?;
        let runtime =
            runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::Thread)?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)
                .map_err(|source| StartError::Listen { port, source })?
        };
        server.set_origin(format!("http://{address}"));
        let app = Arc::new(App { server, faults: Faults::default() });
        let router = http::router(Arc::clone(&app)).into_make_service_with_connect_info::<Cutter>();
        let (stop, stopped) = oneshot::channel::<()>();
        let run = move || {
            runtime.block_on(async move {
                tokio::select! {
                    // Serving ends by itself never, and waiting ends when the handle is dropped.
                    _ = axum::serve(CuttableListener(listener), router) => {}
                    _ = stopped => {}
                }
            });
            // Not waited for: an answer that hangs on purpose would keep the process.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new()
            .name("userfront-sandbox".to_owned())
            .spawn(run)
            .map_err(StartError::Thread)?;
        Ok(Self { address, app, stop: Some(stop), thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT/v0/`, what a client takes as its API base.
    #[must_use]
    pub fn api_base(&self) -> String {
        format!("{}/v0/", self.origin())
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address that is listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server behind this address.
    #[must_use]
    pub fn server(&self) -> &Arc<Server> {
        &self.app.server
    }

    /// Every session since the start or the last reset, the oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<Session> {
        self.app.server.sessions()
    }

    /// The calls to `/v0`, spoiled ones included, the oldest first. CORS preflights are not calls.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.app.server.requests()
    }

    /// The calls of `method` whose path ends in `path`.
    #[must_use]
    pub fn requests_to(&self, method: &str, path: &str) -> Vec<RecordedRequest> {
        let fits = |request: &RecordedRequest| request.method == method && request.path.ends_with(path);
        self.requests().into_iter().filter(fits).collect()
    }

    /// Each mail and SMS that would have been sent since the start or the last reset, the oldest first.
    #[must_use]
    pub fn outbox(&self) -> Vec<Sent> {
        self.app.server.outbox()
    }

    /// Changes a tenant until the next reset. `false` when there is none of this ID.
    #[must_use = "a tenant that is not there was not changed"]
    pub fn set_tenant(&self, tenant_id: &str, change: TenantChange) -> bool {
        self.app.server.set_tenant(tenant_id, change)
    }

    /// Replaces all faults; an empty list clears them.
    pub fn set_faults(&self, rules: Vec<FaultRule>) {
        self.app.faults.set(rules);
    }

    /// Ends a session from the server's side. `false` when there is none or it was ended before.
    #[must_use = "a session that was not there was not ended"]
    pub fn kill_session(&self, session_id: &str) -> bool {
        self.app.server.kill_session(session_id)
    }

    /// Forgets sessions, calls, faults, the outbox, and all changes to users, tenants and the clock.
    pub fn reset(&self) {
        self.app.reset();
    }

    /// The clock that tokens are counted by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.app.server.clock()
    }

    /// Frees the port and cuts what is still open. The server itself lives on while it is held.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Dropping the sender is the signal.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            // The panic itself was printed by the thread. Panicking here might abort a failing test.
            eprintln!("the sandbox's thread panicked");
        }
    }
}
