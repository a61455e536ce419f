//! The HTTP around the server: access, CORS, the control calls, and the life of the handle.

#[expect(dead_code, reason = "shared by several test binaries, none of which uses all of it")]
mod common;

use std::{net::TcpStream, sync::Arc};

use common::{get, send, tokens};
use serde_json::json;
use userfront_sandbox::{Clock, Options, Sandbox, StartError};

fn start() -> Sandbox {
    Sandbox::start(&Options::default()).expect("a sandbox")
}

#[test]
fn the_control_calls_are_closed_to_web_pages() {
    let sandbox = start();
    let origin = [("Origin", "http://localhost:3000")];
    let id = "any";
    for line in [
        "GET /_sandbox/sessions".to_owned(),
        "GET /_sandbox/requests".to_owned(),
        "PUT /_sandbox/faults".to_owned(),
        "PUT /_sandbox/clock".to_owned(),
        "GET /_sandbox/outbox".to_owned(),
        "PUT /_sandbox/tenants/demo1234".to_owned(),
        "POST /_sandbox/reset".to_owned(),
        format!("POST /_sandbox/sessions/{id}/kill"),
    ] {
        tokens(sandbox.server(), "admin");
        let answer = send(sandbox.address(), &line, &origin, "[]");
        assert_eq!(answer.status(), 403, "{line}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert!(!sandbox.sessions().is_empty(), "{line} took effect");
    }
    let asks = [origin[0], ("Access-Control-Request-Method", "PUT")];
    let preflight = send(sandbox.address(), "OPTIONS /_sandbox/faults", &asks, "");
    assert_eq!(preflight.header("access-control-allow-origin"), None);
    assert_eq!(preflight.header("access-control-allow-methods"), None);
}

#[test]
fn a_host_header_that_is_not_loopback_is_refused_everywhere() {
    let sandbox = start();
    for line in ["GET /v0/tenants/demo1234/mode", "GET /_sandbox/sessions", "GET /pictures/member.png"] {
        assert_eq!(send(sandbox.address(), line, &[("Host", "rebound.test")], "").status(), 403, "{line}");
        assert_eq!(send(sandbox.address(), line, &[("Host", "localhost:9")], "").status(), 200, "{line}");
    }
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn the_control_calls_kill_sessions_set_the_clock_and_reset() {
    let options = Options { clock: Clock::fixed(1_800_000_000), access_seconds: 60, ..Options::default() };
    let sandbox = Sandbox::start(&options).expect("a sandbox");
    let control = |line: &str, body: &str| send(sandbox.address(), line, &[], body);
    let issued = tokens(sandbox.server(), "admin");
    let self_status = || get(sandbox.address(), "/v0/self", &issued.access).status();

    let dated = get(sandbox.address(), "/v0/self", &issued.access);
    assert_eq!(dated.header("date").as_deref(), Some("Fri, 15 Jan 2027 08:00:00 GMT"));
    assert_eq!(dated.header("cache-control").as_deref(), Some("no-store"));
    assert_eq!(control("PUT /_sandbox/clock", r#"{"offsetSeconds": 60}"#).status(), 200);
    assert_eq!(self_status(), 401);
    assert_eq!(control("PUT /_sandbox/clock", r#"{"offsetSeconds": 59}"#).status(), 200);
    assert_eq!(self_status(), 200);
    assert_eq!(control("PUT /_sandbox/clock", r#"{"offset": 59}"#).status(), 400);

    let kill = format!("POST /_sandbox/sessions/{}/kill", sandbox.sessions()[0].session_id);
    assert_eq!(control(&kill, "").json(), json!({"killed": true}));
    assert_eq!(self_status(), 401);
    assert_eq!(control(&kill, "").json(), json!({"killed": false}));
    assert_eq!(control("POST /_sandbox/sessions/none/kill", "").status(), 404);

    assert_eq!(
        control("PUT /_sandbox/faults", r#"[{"path": "mode", "fault": {"status": 500}}]"#).status(),
        200
    );
    assert_eq!(control("POST /_sandbox/reset", "").status(), 200);
    assert!(sandbox.sessions().is_empty() && sandbox.requests().is_empty());
    assert_eq!(sandbox.clock().offset(), 0);
    assert_eq!(control("GET /v0/tenants/demo1234/mode", "").status(), 200);
}

#[test]
fn invalid_faults_change_nothing_and_say_why() {
    let sandbox = start();
    let put = |body: &str| send(sandbox.address(), "PUT /_sandbox/faults", &[], body);
    assert_eq!(put(r#"[{"path": "mode", "fault": {"status": 500}}]"#).status(), 200);
    for (body, part) in [
        (r#"[{"path": "mode", "fault": "explode"}]"#, "explode"),
        (r#"[{"path": "mode", "method": "GTE", "fault": "hang"}]"#, "GTE"),
        ("not json", "expected"),
        ("", "EOF"),
    ] {
        let answer = put(body);
        assert_eq!(answer.status(), 400);
        let message = answer.json()["message"].as_str().expect("a message").to_owned();
        assert!(message.contains(part), "{message}");
    }
    let mode = || send(sandbox.address(), "GET /v0/tenants/demo1234/mode", &[], "").status();
    assert_eq!(mode(), 500);
    assert_eq!(put("[]").status(), 200);
    assert_eq!(mode(), 200);
}

#[test]
fn a_body_without_end_is_refused() {
    let sandbox = start();
    let body = "x".repeat(1024 * 1024 + 1);
    assert_eq!(send(sandbox.address(), "POST /v0/tenants/demo1234/auth/basic", &[], &body).status(), 413);
}

#[test]
fn dropping_the_handle_frees_the_port_and_the_server_can_come_back() {
    let sandbox = start();
    let address = sandbox.address();
    let server = Arc::clone(sandbox.server());
    let issued = tokens(&server, "admin");
    let kept_open = TcpStream::connect(address).expect("it listens");
    assert!(matches!(
        Sandbox::start(&Options { port: address.port(), ..Options::default() }),
        Err(StartError::Listen { .. })
    ));
    sandbox.stop();
    assert!(TcpStream::connect(address).is_err(), "the port is still open");
    drop(kept_open);
    let again = Sandbox::serve(server, address.port()).expect("the same port");
    assert_eq!(get(again.address(), "/v0/self", &issued.access).status(), 200);
}

#[test]
fn the_control_call_changes_a_tenant_or_names_the_invalid_field() {
    let sandbox = start();
    let change = |tenant: &str, body: serde_json::Value| {
        send(sandbox.address(), &format!("PUT /_sandbox/tenants/{tenant}"), &[], &body.to_string())
    };
    let factors = || {
        let answer = send(sandbox.address(), "GET /v0/tenants/demo1234/mode", &[], "").json();
        answer["authentication"]["secondFactors"].clone()
    };
    let totp = json!([{"strategy": "totp", "channel": "authenticator"}]);
    assert_eq!(change("demo1234", json!({"secondFactors": totp, "isMfaRequired": true})).status(), 200);
    assert_eq!(factors(), totp);
    assert_eq!(change("nobody12", json!({})).status(), 404);
    for (body, part) in [
        (json!({"secondFactor": []}), "unknown field `secondFactor`"),
        (json!({"secondFactors": [{"strategy": "totp"}]}), "missing field `channel`"),
        (json!({"isMfaRequired": "yes"}), "expected a boolean"),
    ] {
        let answer = change("demo1234", body);
        assert_eq!(answer.status(), 400);
        assert!(answer.body().contains(part), "{}", answer.body());
    }
    assert_eq!(factors(), totp);
    assert_eq!(send(sandbox.address(), "POST /_sandbox/reset", &[], "").status(), 200);
    assert_eq!(factors(), json!([]));
}
