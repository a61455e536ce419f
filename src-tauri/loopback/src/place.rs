//! A port of 127.0.0.1 with one unguessable path. It serves until it is told to stop; dropping it closes
//! everything.

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

const LONGEST: usize = 8 * 1024;

/// The longest head of a request, in bytes; the HTTP library itself refuses a longer one.
const LONGEST_HEAD: usize = 32 * 1024;

/// A browser opens several connections, some of them in advance.
const MOST_CONNECTIONS: usize = 32;

pub(crate) trait Answer: Send + Sync + 'static {
    fn answer(&self, uri: &Uri) -> Page;
}

/// An open port. Each connection has a task, which ends with the `Place`.
pub(crate) struct Place {
    listener: TcpListener,
    address: SocketAddr,
    /// Only this user's programs are served.
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

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn stranger(&self) -> impl Future<Output = ()> + Send + 'static {
        let stranger = Arc::clone(&self.stranger);
        async move { stranger.notified().await }
    }

    /// Returns only when the port fails. It can be cancelled and called again at any time.
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
                        // Checked while connected: afterwards the system no longer knows.
                        let asked = spawn_blocking(move || user.is_not_at(theirs, ours)).await;
                        let is_another_users = asked.unwrap_or(true);
                        if is_another_users {
                            stranger.notify_one();
                        }
                        connection(stream, ours, is_another_users, answer, limit).await;
                    });
                }
                Err(error) if is_theirs(&error) => {}
                Err(error) => return error,
            }
        }
    }

    /// Closes the port at once, and gives open connections this long for their answer.
    pub(crate) async fn close(self, moment: Duration) {
        let Self { listener, mut connections, .. } = self;
        drop(listener);
        drop(timeout(moment, async { while connections.join_next().await.is_some() {} }).await);
    }
}

fn is_theirs(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}

/// One request, one answer. Another user's program always gets the same short page.
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
    // The result is not needed, and the error might quote the request.
    drop(timeout(limit, serving).await);
}

/// Refuses an invalid request. The `Host` reveals a web page that has pointed its own name to 127.0.0.1.
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

pub(crate) fn random_path() -> io::Result<String> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(format!("/{}", URL_SAFE_NO_PAD.encode(bits)))
}

/// Compares in constant time, so that the time reveals nothing of the path.
pub(crate) fn is_same(asked: &str, path: &str) -> bool {
    asked.as_bytes().ct_eq(path.as_bytes()).into()
}
