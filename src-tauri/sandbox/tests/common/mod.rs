//! A bare HTTP/1.1 client: it shows how an answer ended on the wire, which a comfortable client hides.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use serde_json::Value;
use userfront_sandbox::{Request, Server};

/// How long a test waits for bytes before it takes the server to be silent.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The bytes that came back on one connection.
pub(crate) struct Received {
    /// The status line, the headers and the body, as far as they came.
    pub(crate) bytes: Vec<u8>,
    /// How the connection ended.
    pub(crate) end: io::Result<()>,
    /// From the connection's beginning to that end.
    took: Duration,
}

impl Received {
    pub(crate) fn status(&self) -> u16 {
        let text = String::from_utf8_lossy(&self.bytes);
        let code = text.split(' ').nth(1).and_then(|code| code.parse().ok());
        code.unwrap_or_else(|| panic!("no status line: {}", self.ended()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.parts();
        head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }

    pub(crate) fn body(&self) -> String {
        self.parts().1
    }

    /// Head and body.
    fn parts(&self) -> (String, String) {
        let text = String::from_utf8_lossy(&self.bytes);
        let parts = text.split_once("\r\n\r\n").map(|(head, body)| (head.to_owned(), body.to_owned()));
        parts.unwrap_or_else(|| panic!("no whole head: {}", self.ended()))
    }

    /// For a test that fails: silence, a reset and an early end are different faults.
    fn ended(&self) -> String {
        let end = match &self.end {
            Ok(()) => "an orderly end".to_owned(),
            Err(error) => format!("{:?} ({error})", error.kind()),
        };
        let text = String::from_utf8_lossy(&self.bytes);
        format!("{} bytes, then {end}, after {:?}: {text:?}", self.bytes.len(), self.took)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body()).expect("a JSON body")
    }
}

/// Sends one request and reads until the connection ends or `patience` is over.
pub(crate) fn send_with(
    address: SocketAddr,
    line: &str,
    headers: &[(&str, &str)],
    body: &str,
    patience: Duration,
) -> Received {
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).expect("the sandbox listens");
    let mut lines = vec![
        format!("{line} HTTP/1.1"),
        "Connection: close".to_owned(),
        format!("Content-Length: {}", body.len()),
    ];
    if !headers.iter().any(|(name, _)| *name == "Host") {
        lines.push(format!("Host: {address}"));
    }
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    let head = lines.join("\r\n");
    stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).expect("the request is sent");
    let mut bytes = Vec::new();
    let end = read_until(&mut stream, &mut bytes, Instant::now() + patience);
    Received { bytes, end, took: began.elapsed() }
}

/// The limit is one for the whole answer: a trickle would keep renewing a limit for each read.
fn read_until(stream: &mut TcpStream, bytes: &mut Vec<u8>, deadline: Instant) -> io::Result<()> {
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut chunk)? {
            0 => return Ok(()),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

pub(crate) fn send(address: SocketAddr, line: &str, headers: &[(&str, &str)], body: &str) -> Received {
    send_with(address, line, headers, body, PATIENCE)
}

/// A `GET` with a bearer token.
pub(crate) fn get(address: SocketAddr, path: &str, token: &str) -> Received {
    send(address, &format!("GET {path}"), &[("Authorization", &format!("Bearer {token}"))], "")
}

/// The tokens of one session.
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) id: String,
    pub(crate) refresh: String,
}

impl Tokens {
    pub(crate) fn of(answer: &userfront_sandbox::Response) -> Self {
        let value = |kind: &str| {
            let pointer = format!("/tokens/{kind}/value");
            answer.text(&pointer).unwrap_or_else(|| panic!("no {kind} token")).to_owned()
        };
        Self { access: value("access"), id: value("id"), refresh: value("refresh") }
    }
}

/// A log-in past the network.
pub(crate) fn log_in(
    server: &Server,
    tenant: &str,
    user: &str,
    password: &str,
) -> userfront_sandbox::Response {
    let body = serde_json::json!({ "emailOrUsername": user, "password": password });
    server.handle(&Request::post(&format!("tenants/{tenant}/auth/basic"), &body))
}

/// The tokens of the demo tenant's `user`.
pub(crate) fn tokens(server: &Server, user: &str) -> Tokens {
    Tokens::of(&log_in(server, "demo1234", user, "testmodepassword"))
}
