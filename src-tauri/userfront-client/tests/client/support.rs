//! A server written byte by byte: it sends exactly what a test wants, and records the requests.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accounts::model::link::{Link, LinkKind, Origin};
use accounts::model::tenant::Tenant;
use accounts::model::token::LinkToken;
use accounts::ports::{FactorAnswer, FactorError, LogInAnswer};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use userfront_client::{ClientName, Limits, UserfrontClient};

/// Part of every token and password in these tests. No error may hold it.
pub(crate) const CANARY: &str = "eyJcanary.eyJ.c2ln";

/// The limit in these tests, instead of 15 s.
pub(crate) const LIMIT: Duration = Duration::from_millis(400);

type Answering = Pin<Box<dyn Future<Output = ()> + Send>>;

pub(crate) struct Wire {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Wire {
    /// Reads one request per connection, then hands the stream to `answer`.
    pub(crate) async fn with<F>(answer: impl Fn(TcpStream) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let answer: Arc<dyn Fn(TcpStream) -> Answering + Send + Sync> =
            Arc::new(move |stream| Box::pin(answer(stream)));
        let accepting = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                tokio::spawn(async move {
                    let request = read_request(&mut stream).await;
                    kept.lock().unwrap().push(request);
                    answer(stream).await;
                });
            }
        });
        Self { address, requests, accepting }
    }

    /// Sends `bytes` to every client, and hangs up.
    pub(crate) async fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        Self::with(move |mut stream| {
            let bytes = Arc::clone(&bytes);
            async move {
                stream.write_all(&bytes).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        })
        .await
    }

    pub(crate) async fn answering(status: &str, headers: &str, body: &str) -> Self {
        Self::saying(response(status, headers, body)).await
    }

    pub(crate) fn tenant(&self) -> Tenant {
        tenant(&format!("http://{}/v0/", self.address))
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Panics when there was none or more than one.
    pub(crate) fn only_request(&self) -> String {
        let [request] = <[String; 1]>::try_from(self.requests()).unwrap();
        request
    }
}

pub(crate) fn tenant(api: &str) -> Tenant {
    Tenant { id: "demo1234".parse().unwrap(), api: api.parse().unwrap(), domain: None }
}

/// A link for a user of the tenant above.
pub(crate) fn link(token: &str, kind: LinkKind) -> Link {
    let uuid = "5fa85f64-aa".parse().unwrap();
    Link { token: LinkToken::new(token), uuid, kind, tenant: None, from: Origin::OurScheme }
}

/// The same, for a link that the sandbox sent.
pub(crate) fn link_to(address: &str, kind: LinkKind) -> Link {
    Link { kind, ..Link::parse(address).unwrap() }
}

/// A JWT's payload; `None` for anything else.
pub(crate) fn payload(token: &str) -> Option<Value> {
    let part = token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}

pub(crate) fn tokens_of(answer: Result<FactorAnswer, FactorError>) -> LogInAnswer {
    match answer.unwrap() {
        FactorAnswer::Tokens(answer) => answer,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

pub(crate) fn client() -> UserfrontClient {
    UserfrontClient::default()
}

pub(crate) fn hasty() -> UserfrontClient {
    let limits = Limits { connect: LIMIT, overall: LIMIT, ..Limits::default() };
    UserfrontClient::new(ClientName::default(), limits)
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&received).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = header(head, "content-length").map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return text,
            Ok(read) => received.extend_from_slice(&buffer[..read]),
        }
    }
}

pub(crate) fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let mut values = request.lines().take_while(|line| !line.is_empty()).filter_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    });
    let value = values.next();
    assert_eq!(values.next(), None, "{name} was sent twice");
    value
}
