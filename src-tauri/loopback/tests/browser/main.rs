//! A browser that returns or leaves, and all other callers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod callback_server;
mod redirect_server;
mod strangers;

use std::net::SocketAddr;
use std::time::Duration;

use loopback::{Arrival, CallbackServer, Limits, NoArrival};
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

pub(crate) const GOOD: &str = "?token=Canary.1&uuid=u-1&type=login";

pub(crate) struct Waiting {
    pub(crate) origin: String,
    pub(crate) path: String,
    pub(crate) arrival: JoinHandle<Result<Arrival, NoArrival>>,
}

impl Waiting {
    pub(crate) async fn open() -> Self {
        Self::open_with(Limits::default()).await
    }

    pub(crate) async fn open_with(limits: Limits) -> Self {
        let callback_server = CallbackServer::open_with(limits).await.unwrap();
        let (origin, path) = (callback_server.origin(), callback_server.path().to_owned());
        Self { origin, path, arrival: tokio::spawn(callback_server.arrival()) }
    }

    pub(crate) fn url(&self, query: &str) -> String {
        format!("{}{}{query}", self.origin, self.path)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.origin.strip_prefix("http://").unwrap().parse().unwrap()
    }

    pub(crate) async fn arrived(self) -> Arrival {
        tokio::time::timeout(Duration::from_secs(5), self.arrival).await.unwrap().unwrap().unwrap()
    }

    pub(crate) async fn still_waits(self) {
        let answer = get(&self.url(GOOD)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(self.arrived().await.text().split_once('?').unwrap().1, &GOOD[1..]);
    }
}

pub(crate) fn client() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().timeout(Duration::from_secs(10)).build().unwrap()
}

pub(crate) async fn get(url: &str) -> Response {
    client().get(url).send().await.unwrap()
}

pub(crate) async fn is_closed(address: SocketAddr) -> bool {
    for _ in 0..100 {
        if TcpStream::connect(address).await.is_err() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

pub(crate) fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).unwrap().to_str().unwrap()
}

pub(crate) fn assert_plain(answer: &Response) {
    assert_eq!(header(answer, "referrer-policy"), "no-referrer");
    assert_eq!(header(answer, "cache-control"), "no-store");
    let policy = header(answer, "content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'unsafe-inline'"), "{policy}");
    assert_eq!(header(answer, "content-type"), "text/html; charset=utf-8");
}
