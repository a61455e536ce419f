//! Invalid calls are refused, and change nothing.

use std::net::SocketAddr;
use std::time::Duration;

use loopback::{CallbackServer, Limits};
use reqwest::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{GOOD, Waiting, assert_plain, client, get, header};

#[tokio::test]
async fn a_wrong_path_is_not_found_and_the_server_keeps_waiting() {
    let waiting = Waiting::open().await;
    let path = &waiting.path;
    for wrong in [
        "/",
        "/favicon.ico",
        &format!("{path}/"),
        &format!("{path}/done"),
        &path[..43],
        &format!("/{path}"),
        "/a/../b",
    ] {
        let answer = get(&format!("{}{wrong}{GOOD}", waiting.origin)).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{wrong}");
        assert_plain(&answer);
    }
    waiting.still_waits().await;
}

#[tokio::test]
async fn another_method_is_refused_and_the_server_keeps_waiting() {
    let waiting = Waiting::open().await;
    for method in ["POST", "HEAD", "PUT", "OPTIONS", "DELETE"] {
        let method = method.parse().unwrap();
        let answer = client().request(method, waiting.url(GOOD)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(header(&answer, "allow"), "GET");
    }
    let answer = client().post(waiting.url("")).body("token=t&uuid=u").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    waiting.still_waits().await;
}

/// The status code for a request written by hand; `None` when the connection ends without one.
async fn raw(address: SocketAddr, request: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server that has read enough may reset the connection after its answer.
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}

#[tokio::test]
async fn a_rebound_host_name_is_refused_and_the_server_keeps_waiting() {
    let waiting = Waiting::open().await;
    let (address, port, path) = (waiting.address(), waiting.address().port(), &waiting.path);
    for hosts in [
        "Host: evil.example".to_owned(),
        format!("Host: evil.example:{port}"),
        format!("Host: localhost:{port}"),
        "Host: 127.0.0.1".to_owned(),
        format!("Host: 127.0.0.1.evil.example:{port}"),
        format!("Host: 127.0.0.1:{port}\r\nHost: evil.example"),
        format!("Host: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}"),
        "X: y".to_owned(),
    ] {
        let status = raw(address, &format!("GET {path}{GOOD} HTTP/1.1\r\n{hosts}\r\n\r\n")).await;
        assert_eq!(status, Some(400), "{hosts}");
    }
    let whole = format!("GET http://evil.example{path}{GOOD} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    assert_eq!(raw(address, &whole).await, Some(400));
    waiting.still_waits().await;
}

#[tokio::test]
async fn an_overlong_or_non_http_request_is_refused_and_the_server_keeps_waiting() {
    let waiting = Waiting::open().await;
    let (address, host) = (waiting.address(), waiting.address().to_string());
    let long = get(&waiting.url(&format!("{GOOD}&x={}", "x".repeat(8 * 1024)))).await;
    assert_eq!(long.status(), StatusCode::BAD_REQUEST);
    assert_plain(&long);
    for request in [
        format!("GET {}{GOOD}&x={} HTTP/1.1\r\nHost: {host}\r\n\r\n", waiting.path, "x".repeat(1_000_000)),
        format!("GET {}{GOOD} HTTP/1.1\r\nHost: {host}\r\nX: {}\r\n\r\n", waiting.path, "x".repeat(100_000)),
        "\0\u{1}\u{2}\r\n\r\n".to_owned(),
    ] {
        let status = raw_of_any_length(address, request).await;
        assert!(status.is_none_or(|status| (400..500).contains(&status)), "{status:?}");
    }
    waiting.still_waits().await;
}

async fn raw_of_any_length(address: SocketAddr, request: String) -> Option<u16> {
    let (mut read, mut write) = TcpStream::connect(address).await.unwrap().into_split();
    let writing = tokio::spawn(async move {
        drop(write.write_all(request.as_bytes()).await);
        write
    });
    let mut answer = Vec::new();
    drop(read.read_to_end(&mut answer).await);
    drop(writing.await.unwrap());
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}

#[tokio::test]
async fn silent_connections_do_not_keep_the_browser_out() {
    let limits = Limits { request: Duration::from_millis(200), ..Limits::default() };
    let waiting = Waiting::open_with(limits).await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        let mut stream = TcpStream::connect(waiting.address()).await.unwrap();
        stream.write_all(b"GET / HT").await.unwrap();
        silent.push(stream);
    }
    waiting.still_waits().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn only_127_0_0_1_is_bound() {
    let callback_server = CallbackServer::open().await.unwrap();
    let port = callback_server.origin().rsplit_once(':').unwrap().1.parse::<u16>().unwrap();
    assert_eq!(callback_server.origin(), format!("http://127.0.0.1:{port}"));
    TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    // All of 127.0.0.0/8 is this machine: a socket that listens on every address would answer here.
    for elsewhere in ["127.0.0.2", "::1"] {
        assert!(TcpStream::connect((elsewhere, port)).await.is_err(), "{elsewhere}");
    }
}
