//! Each fault on the wire, before and after the call takes effect.
//!
//! The call is always a log-out, and the question always the same: how did the answer end, and does
//! the session live?

#[expect(dead_code, reason = "shared by several test binaries, none of which uses all of it")]
mod common;

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    num::NonZeroU32,
    time::{Duration, Instant},
};

use common::{Received, get, send, send_with, tokens};
use userfront_sandbox::{Fault, FaultRule, Options, Sandbox};

/// One log-out under one fault.
struct Outcome {
    received: Received,
    alive: bool,
    took: Duration,
}

fn log_out_under(fault: Fault, after: bool, patience: Duration) -> Outcome {
    let sandbox = Sandbox::start(&Options::default()).expect("a sandbox");
    let access = tokens(sandbox.server(), "admin").access;
    let rule = FaultRule::new("auth/logout", fault);
    sandbox.set_faults(vec![if after { rule.after() } else { rule }]);
    let begun = Instant::now();
    let bearer = format!("Bearer {access}");
    let received =
        send_with(sandbox.address(), "GET /v0/auth/logout", &[("Authorization", &bearer)], "", patience);
    let outcome = Outcome { received, alive: sandbox.sessions()[0].alive, took: begun.elapsed() };
    assert_eq!(sandbox.requests_to("GET", "auth/logout").len(), 1, "a spoiled call is recorded too");
    outcome
}

#[test]
fn faults_also_apply_to_codes_and_to_pages() {
    let sandbox = Sandbox::start(&Options::default()).expect("a sandbox");
    let ask = || {
        let body = r#"{"channel":"email","email":"admin@example.com"}"#;
        send(sandbox.address(), "POST /v0/tenants/demo1234/auth/code", &[], body).status()
    };
    sandbox.set_faults(vec![FaultRule::new("auth/code", Fault::status(503))]);
    assert_eq!((ask(), sandbox.outbox().len()), (503, 0));
    sandbox.set_faults(vec![FaultRule::new("auth/code", Fault::status(503)).after()]);
    assert_eq!((ask(), sandbox.outbox().len()), (503, 1));

    let page = "GET /v0/auth/google/login?origin=http://a.test&tenant_id=sso01234";
    let whole = send(sandbox.address(), page, &[], "");
    sandbox.set_faults(vec![FaultRule::new("auth/google/login", Fault::Truncate).after()]);
    let half = send(sandbox.address(), page, &[], "");
    assert_eq!(half.header("content-type"), whole.header("content-type"));
    assert_eq!(half.header("content-length"), whole.header("content-length"));
    assert!(!half.body().is_empty() && half.body().len() < whole.body().len());
}

/// The fault after the effect and before it; the session must be dead after the one and alive after the
/// other.
fn both(fault: &Fault, check: impl Fn(&Received)) {
    for after in [false, true] {
        let outcome = log_out_under(fault.clone(), after, common::PATIENCE);
        assert_eq!(outcome.alive, !after, "{fault:?}, after: {after}");
        check(&outcome.received);
    }
}

#[test]
fn the_status_fault_answers_each_status_in_userfronts_shape() {
    for status in [400, 401, 402, 403, 404, 429, 500] {
        both(&Fault::status(status), |received| {
            assert_eq!(received.status(), status);
            assert_eq!(received.json()["statusCode"], status);
        });
    }
    both(&Fault::status(204), |received| {
        assert_eq!(received.status(), 204);
        assert_eq!(received.body(), "");
    });
}

#[test]
fn the_lie_fault_answers_as_if_the_call_had_taken_effect() {
    both(&Fault::Lie, |received| {
        assert_eq!(received.status(), 200);
        assert!(received.body().contains(r#""message":"OK""#), "{}", received.body());
    });
}

#[test]
fn the_reset_fault_sends_a_tcp_reset_before_or_in_the_middle_of_the_answer() {
    let before = log_out_under(Fault::Reset, false, common::PATIENCE);
    assert!(before.alive);
    assert!(before.received.bytes.is_empty(), "a reset before the effect comes before any byte");
    assert_eq!(before.received.end.map_err(|error| error.kind()), Err(ErrorKind::ConnectionReset));

    let after = log_out_under(Fault::Reset, true, common::PATIENCE);
    assert!(!after.alive);
    assert_eq!(after.received.status(), 200);
    assert!(after.received.body().starts_with("{\"message\""));
    assert!(!after.received.body().ends_with('}'));
    assert_eq!(after.received.end.map_err(|error| error.kind()), Err(ErrorKind::ConnectionReset));
}

#[test]
fn a_delayed_answer_is_right_and_late() {
    for after in [false, true] {
        let outcome = log_out_under(Fault::Delay { ms: 300 }, after, common::PATIENCE);
        assert!(!outcome.alive, "a delayed call takes effect");
        assert_eq!(outcome.received.json()["message"], "OK");
        assert!(outcome.took >= Duration::from_millis(300));
    }
}

#[test]
fn a_client_that_leaves_during_a_delay_prevents_the_effect_unless_after_is_set() {
    for after in [false, true] {
        let outcome = log_out_under(Fault::Delay { ms: 60_000 }, after, Duration::from_secs(2));
        assert_eq!(outcome.alive, !after);
    }
}

#[test]
fn a_fault_ends_with_its_times_and_spares_other_calls_and_preflights() {
    let sandbox = Sandbox::start(&Options::default()).expect("a sandbox");
    let access = tokens(sandbox.server(), "admin").access;
    let once = NonZeroU32::new(1).expect("one");
    sandbox.set_faults(vec![FaultRule::new("", Fault::status(500)).times(once)]);
    let preflight = [("Origin", "http://a.test"), ("Access-Control-Request-Method", "GET")];
    assert_eq!(send(sandbox.address(), "OPTIONS /v0/self", &preflight, "").status(), 200);
    let spoiled = send(sandbox.address(), "GET /v0/self", &[("Origin", "http://a.test")], "");
    assert_eq!(spoiled.status(), 500);
    assert_eq!(spoiled.header("access-control-allow-origin").as_deref(), Some("http://a.test"));
    assert_eq!(get(sandbox.address(), "/v0/self", &access).status(), 200);
}

#[test]
fn a_reset_hits_only_its_own_connection() {
    let sandbox = Sandbox::start(&Options::default()).expect("a sandbox");
    let mut other = TcpStream::connect(sandbox.address()).expect("it listens");
    sandbox.set_faults(vec![FaultRule::new("self", Fault::Reset)]);
    assert!(get(sandbox.address(), "/v0/self", "x").end.is_err());
    let request = "GET /v0/tenants/demo1234/mode HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    other.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    other.read_to_string(&mut answer).expect("an answer to its end");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
