//! A bare HTTP/1.1 client: it shows how an answer ended on the wire, which a comfortable client hides.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;
use userfront_sandbox::{Request, Server};

/// How long a test waits for bytes before it takes the server to be silent.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What came back on one connection.
pub struct Received {
    /// The status line, the headers and the body, as far as they came.
    pub bytes: Vec<u8>,
    /// How the connection ended.
    pub end: io::Result<()>,
}

impl Received {
    pub fn status(&self) -> u16 {
        let text = String::from_utf8_lossy(&self.bytes);
        text.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line")
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.bytes);
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }

    pub fn body(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        text.split_once("\r\n\r\n").expect("a head").1.to_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body()).expect("a JSON body")
    }
}

/// Sends one request and reads until the connection ends or `patience` is over.
pub fn send_with(
    address: SocketAddr,
    line: &str,
    headers: &[(&str, &str)],
    body: &str,
    patience: Duration,
) -> Received {
    let mut stream = TcpStream::connect(address).expect("the sandbox listens");
    stream.set_read_timeout(Some(patience)).expect("a time limit");
    let mut text = format!("{line} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    if !headers.iter().any(|(name, _)| *name == "Host") {
        text += &format!("Host: {address}\r\n");
    }
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{text}\r\n{body}").as_bytes()).expect("the request is sent");
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).map(|_| ());
    Received { bytes, end }
}

pub fn send(address: SocketAddr, line: &str, headers: &[(&str, &str)], body: &str) -> Received {
    send_with(address, line, headers, body, PATIENCE)
}

/// A `GET` with a bearer token.
pub fn get(address: SocketAddr, path: &str, token: &str) -> Received {
    send(address, &format!("GET {path}"), &[("Authorization", &format!("Bearer {token}"))], "")
}

/// The tokens of one session.
pub struct Tokens {
    pub access: String,
    pub id: String,
    pub refresh: String,
}

impl Tokens {
    pub fn of(answer: &userfront_sandbox::Response) -> Self {
        let value = |kind: &str| {
            let pointer = format!("/tokens/{kind}/value");
            answer.text(&pointer).unwrap_or_else(|| panic!("no {kind} token")).to_owned()
        };
        Self { access: value("access"), id: value("id"), refresh: value("refresh") }
    }
}

/// A log-in past the network.
pub fn log_in(server: &Server, tenant: &str, user: &str, password: &str) -> userfront_sandbox::Response {
    let body = serde_json::json!({ "emailOrUsername": user, "password": password });
    server.handle(&Request::post(&format!("tenants/{tenant}/auth/basic"), &body))
}

/// The tokens of the demo tenant's `user`.
pub fn tokens(server: &Server, user: &str) -> Tokens {
    Tokens::of(&log_in(server, "demo1234", user, "testmodepassword"))
}
