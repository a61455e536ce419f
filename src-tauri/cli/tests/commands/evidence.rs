//! The words and exit codes of a log-out and a log-in, with a gateway in front of the real
//! server.

use serde_json::{Value, json};
use test_rig::RigError;

use crate::machine::Machine;

async fn log_out_says(machine: &Machine, fault: Value) -> Result<(), RigError> {
    machine.sandbox.set_faults(&json!([fault])).await
}

/// A gateway's answer ends no session, however it looks: what is alive is pending, and its tokens are kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_gateways_answer_is_no_evidence() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let cannot_get =
        json!({"statusCode": 404, "message": "Cannot GET /v0/auth/logout", "error": "Not Found"});
    let unauthorized = json!({"statusCode": 401, "message": "Unauthorized", "error": "Unauthorized"});
    let inside = json!({"message": "OK", "error": {"type": "bad_request_error"}});
    for fault in [
        json!({"says": 204}),
        json!({"says": 200, "body": {}}),
        json!({"says": 200, "body": inside}),
        json!({"says": 404, "body": cannot_get}),
        json!({"says": 401, "body": unauthorized}),
        json!({"status": 401, "html": true}),
        json!({"says": 502, "date": "Sat, 06 Nov 2094 08:49:37 GMT"}),
    ] {
        machine.log_in("admin@example.com").exits(0);
        log_out_says(&machine, json!({"path": "auth/logout", "fault": fault})).await?;
        let out = machine.run(&["log-out"]).exits(5);
        assert!(out.out.contains("has not confirmed"), "{fault}: {}", out.out);
        assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (1, 1), "{fault}");
        machine.sandbox.set_faults(&json!([])).await?;
        machine.run(&["pending", "--retry"]).exits(0);
        assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (0, 0), "{fault}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_answered_with_204_is_verified_as_over() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    log_out_says(&machine, json!({"path": "auth/logout", "after": true, "fault": {"says": 204}})).await?;
    let out = machine.run(&["log-out"]).exits(0);
    assert!(out.out.contains("Userfront no longer accepts this session's tokens"), "{}", out.out);
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (0, 0));
    Ok(())
}

/// Words and exit code wait for the verification.
#[tokio::test(flavor = "multi_thread")]
async fn verification_finds_a_living_session_before_the_command_ends() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    log_out_says(&machine, json!({"path": "auth/logout", "fault": "lie"})).await?;
    let out = machine.run(&["log-out", "--json"]).exits(5).json();
    assert_eq!(out["loggedOut"][0]["revocation"], "pending", "{out}");
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (1, 1));
    machine.sandbox.set_faults(&json!([])).await?;
    machine.run(&["pending", "--retry"]).exits(0);
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_that_outlives_its_session_is_reported() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    log_out_says(&machine, json!({"path": "/self", "fault": {"says": 200, "body": {"userId": 1}}})).await?;
    let out = machine.run(&["log-out", "--json"]).exits(0).json();
    let log_out = &out["loggedOut"][0];
    assert!(log_out["revocation"] == "revoked" && log_out["acceptedUntil"].is_i64(), "{out}");
    machine.sandbox.set_faults(&json!([])).await?;
    machine.log_in("admin@example.com").exits(0);
    log_out_says(&machine, json!({"path": "/self", "fault": {"says": 200, "body": {"userId": 1}}})).await?;
    let out = machine.run(&["log-out"]).exits(0).out;
    assert!(out.contains("Userfront still accepts its access token until that expires"), "{out}");
    Ok(())
}

/// The server has logged in, and a gateway's answer takes the place of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_with_a_lost_answer_says_that_a_session_may_be_alive() -> Result<(), RigError> {
    let machine = Machine::new()?;
    for fault in [
        json!({"status": 504}),
        json!({"status": 502, "html": true}),
        json!({"status": 500}),
        json!({"status": 408}),
        json!({"says": 302}),
        json!("garbage"),
        json!("truncate"),
        json!("reset"),
        json!({"says": 204}),
    ] {
        let before = machine.sandbox.alive().await?.len();
        let log_in = json!([{"path": "auth/basic", "after": true, "fault": fault}]);
        machine.sandbox.set_faults(&log_in).await?;
        let out = machine.log_in("admin@example.com").exits(1);
        assert!(out.err.contains("its session is alive there"), "{fault}: {}", out.err);
        assert_eq!(machine.sandbox.alive().await?.len(), before + 1, "{fault}");
        assert!(machine.on_disk().contains("logInUnanswered"), "{fault}: it is in the activity");
    }
    for fault in [json!({"status": 503}), json!({"status": 429}), json!({"status": 400})] {
        machine.sandbox.set_faults(&json!([{"path": "auth/basic", "fault": fault}])).await?;
        let out = machine.log_in("admin@example.com").exits(1);
        assert!(!out.err.contains("session is alive"), "{fault}: {}", out.err);
    }
    Ok(())
}
