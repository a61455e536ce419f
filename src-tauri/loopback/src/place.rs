//! A port of 127.0.0.1 with one path that nobody can guess. Serves until it is told to stop; dropping it closes everything.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::header::HOST;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

use crate::page::{self, Page};
use crate::peer::User;

/// The longest path with query, in bytes.
const LONGEST: usize = 8 * 1024;

/// The longest head of a request, in bytes; what is longer is answered by the HTTP library itself, in two words.
const LONGEST_HEAD: usize = 32 * 1024;

/// How many may be connected at once. A browser opens a few, some of them for later.
const MOST_CONNECTIONS: usize = 32;

/// Answers a request that has the right host and method and a bearable length.
pub(crate) trait Answer: Send + Sync + 'static {
    fn answer(&self, uri: &Uri) -> Page;
}

/// An open port. Each connection has a task, which ends with the `Place`.
pub(crate) struct Place {
    listener: TcpListener,
    address: SocketAddr,
    /// Whose browser it is for.
    pub(crate) user: User,
    request_limit: Duration,
    connections: JoinSet<()>,
    stranger: Arc<Notify>,
}

impl Place {
    pub(crate) async fn open(request_limit: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, user) = (listener.local_addr()?, User::of_this_program());
        let (connections, stranger) = (JoinSet::new(), Arc::default());
        Ok(Self { listener, address, user, request_limit, connections, stranger })
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends once another user's program has called.
    pub(crate) fn stranger(&self) -> impl Future<Output = ()> + Send + 'static {
        let stranger = Arc::clone(&self.stranger);
        async move { stranger.notified().await }
    }

    /// Serves. Ends only when the system takes the port away; can be given up and begun again at any time.
    pub(crate) async fn serve(&mut self, answer: &Arc<impl Answer>) -> io::Error {
        loop {
            while self.connections.try_join_next().is_some() {}
            if self.connections.len() >= MOST_CONNECTIONS {
                self.connections.join_next().await;
                continue;
            }
            match self.listener.accept().await {
                Ok((stream, theirs)) => {
                    let (user, ours, answer) = (self.user, self.address, Arc::clone(answer));
                    let (limit, stranger) = (self.request_limit, Arc::clone(&self.stranger));
                    self.connections.spawn(async move {
                        // While they are connected: afterwards nobody can tell.
                        let asked = spawn_blocking(move || user.is_not_at(theirs, ours)).await;
                        let is_another_users = asked.unwrap_or(true);
                        if is_another_users {
                            stranger.notify_one();
                        }
                        connection(stream, ours, is_another_users, answer, limit).await;
                    });
                }
                // Whoever called has hung up before we answered.
                Err(error) if is_theirs(&error) => {}
                Err(error) => return error,
            }
        }
    }

    /// Closes the port at once, and lets those who are connected have their answer for a moment.
    pub(crate) async fn close(self, moment: Duration) {
        let Self { listener, mut connections, .. } = self;
        drop(listener);
        // Those who are still there when it is over are cut off: each has had its time.
        drop(timeout(moment, async { while connections.join_next().await.is_some() {} }).await);
    }
}

fn is_theirs(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}

/// One request, one answer. Another user's program gets the same short page whatever it asks.
async fn connection(
    stream: TcpStream,
    ours: SocketAddr,
    is_another_users: bool,
    answer: Arc<impl Answer>,
    limit: Duration,
) {
    let host = ours.to_string();
    let service = service_fn(|request: Request<_>| {
        let page = match check(&request, &host) {
            _ if is_another_users => page::refusal(StatusCode::FORBIDDEN),
            Some(refusal) => refusal,
            None => answer.answer(request.uri()),
        };
        async move { Ok::<_, Infallible>(page.into_response()) }
    });
    let serving = http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    // How it ended is the caller's affair, and the error might quote the request.
    drop(timeout(limit, serving).await);
}

/// What a request is refused for, whatever it asks. A web page that has pointed its own name to 127.0.0.1 is told by its `Host`.
fn check<B>(request: &Request<B>, host: &str) -> Option<Page> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let is_ours =
        hosts.next().is_some_and(|said| said.as_bytes() == host.as_bytes()) && hosts.next().is_none();
    if !is_ours || request.uri().authority().is_some() {
        return Some(page::refusal(StatusCode::BAD_REQUEST));
    }
    if request.method() != Method::GET {
        return Some(page::refusal(StatusCode::METHOD_NOT_ALLOWED));
    }
    if request.uri().path_and_query().is_none_or(|all| all.as_str().len() > LONGEST) {
        return Some(page::refusal(StatusCode::BAD_REQUEST));
    }
    None
}

/// `/` and 256 random bits, url-safe.
pub(crate) fn random_path() -> io::Result<String> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(format!("/{}", URL_SAFE_NO_PAD.encode(bits)))
}

/// Whether it is this path, without telling by the time it takes how much of it was right.
pub(crate) fn is_same(asked: &str, path: &str) -> bool {
    asked.as_bytes().ct_eq(path.as_bytes()).into()
}
