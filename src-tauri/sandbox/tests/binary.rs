//! The program: its one line, its flags, its end.

#[expect(dead_code, reason = "shared by several test binaries, none of which uses all of it")]
mod common;

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use common::{get, send};
use serde_json::json;

struct Program {
    child: Child,
    stdout: BufReader<ChildStdout>,
    line: String,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("standard output"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        Self { child, stdout, line }
    }

    fn address(&self) -> SocketAddr {
        let rest = self.line.strip_prefix("sandbox listening on http://").expect("the documented line");
        rest.strip_suffix("/v0/\n").expect("the API base").parse().expect("an address")
    }

    /// Ends the program as `kill` does, and returns what else it wrote to standard output.
    fn stop(mut self) -> String {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(killed.success());
        assert!(self.child.wait().expect("an end").success(), "SIGTERM is an orderly end");
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("text");
        rest
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Only for a test that failed before `stop`; killing what has ended already changes nothing.
        if let Err(error) = self.child.kill() {
            eprintln!("could not kill the sandbox: {error}");
        }
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_userfront-sandbox"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program runs")
}

fn log_in(address: SocketAddr, tenant: &str, password: &str) -> common::Received {
    let body = json!({"emailOrUsername": "viewer", "password": password}).to_string();
    send(address, &format!("POST /v0/tenants/{tenant}/auth/basic"), &[], &body)
}

#[test]
fn one_line_and_nothing_else_on_standard_output() {
    let program = Program::start(&[]);
    let address = program.address();
    assert!(address.ip().is_loopback() && address.port() != 0);
    assert_eq!(log_in(address, "demo1234", "test").status(), 200);
    assert_eq!(program.stop(), "");
}

#[test]
fn the_flags_take_effect() {
    let flags = ["--port", "0", "--tenant", "abcd1234", "--tenant", "nordlich", "--mode", "live"];
    let lives = ["--access-seconds", "0", "--refresh-seconds", "1000"];
    let program = Program::start(&[&flags[..], &lives[..]].concat());
    let address = program.address();
    for tenant in ["demo1234", "sso01234", "mfa01234", "abcd1234", "nordlich"] {
        let mode = send(address, &format!("GET /v0/tenants/{tenant}/mode"), &[], "");
        assert_eq!(mode.json()["mode"], "live");
    }
    assert_eq!(log_in(address, "abcd1234", "test").status(), 400);
    let answer = log_in(address, "abcd1234", "testmodepassword").json();
    let token = |kind: &str| answer["tokens"][kind]["value"].as_str().expect("a token").to_owned();
    assert_eq!(get(address, "/v0/self", &token("access")).status(), 401, "expired when issued");
    assert_eq!(get(address, "/v0/auth/refresh", &token("refresh")).status(), 200);
    assert_eq!(get(address, "/v0/auth/logout", &token("access")).status(), 200);
    program.stop();
}

#[test]
fn the_error_names_a_port_that_is_taken() {
    let program = Program::start(&[]);
    let port = program.address().port().to_string();
    let second = run(&["--port", &port]);
    assert_eq!(second.status.code(), Some(1));
    assert!(second.stdout.is_empty());
    let message = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(message.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{message}");
    program.stop();
}

#[test]
fn wrong_flags_are_a_usage_error() {
    for wrong in [
        ["--tenant", "../etc"],
        ["--mode", "production"],
        ["--refresh-session", "forget"],
        ["--port", "70000"],
        ["--access-seconds", "-1"],
        ["--bind", "0.0.0.0"],
    ] {
        let output = run(&wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_help_names_tenants_users_and_their_credentials() {
    let output = run(&["--help"]);
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in [
        "demo1234",
        "sso01234",
        "mfa01234",
        "testmodepassword",
        "+15555550101",
        "/_sandbox/outbox",
        userfront_sandbox::ADMIN_TOTP_SECRET,
        userfront_sandbox::ADMIN_BACKUP_CODES[0],
    ] {
        assert!(help.contains(part), "{part} is missing: {help}");
    }
}
