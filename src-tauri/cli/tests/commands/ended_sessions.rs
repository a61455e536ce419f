//! A session that is known to be over is over in every command.

use serde_json::json;
use test_rig::RigError;

use crate::machine::{Machine, SERVICE};

const ENDED: &str = "Your session has ended. Log in again.";
const MISSING: &str = "The sign-in for this account is missing from your keyring. Log in again.";
const EXPIRED: &str = "Your session has expired, by this computer's clock. Log in again.";

/// Every command reports it with these words.
fn assert_over(machine: &Machine, health: &str, words: &str) {
    let status = machine.run(&["status"]).exits(3);
    assert!(status.out.contains(words) && !status.out.contains("Logged in"), "{}", status.out);
    assert_eq!(machine.run(&["status", "--json"]).exits(3).json()["active"]["health"], health);
    let token = machine.run(&["token"]).fails(3, words);
    assert_eq!(token.out, "", "it leaves no more");
    let list = machine.run(&["list", "--json"]).exits(0).json();
    assert_eq!(list["accounts"][0]["health"], health);
    let switched = machine.run(&["switch", "admin@example.com"]).exits(0);
    assert!(switched.err.contains(words), "{}", switched.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_the_server_has_ended_is_reported_and_gives_no_token() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let session = machine.sandbox.alive().await?.remove(0).session_id;
    machine.sandbox.kill_session(&session).await?;
    let refreshed = machine.run(&["refresh"]).exits(3);
    assert!(refreshed.out.contains(ENDED), "{}", refreshed.out);
    assert_over(&machine, "signedOutByServer", ENDED);
    let out = machine.run(&["log-out", "--json"]).exits(0).json();
    assert_eq!(out["loggedOut"][0]["revocation"], "alreadyInvalid");
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_missing_from_the_keyring_are_reported() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let mut clear = machine.environment.command("secret-tool");
    assert!(clear.args(["clear", "service", SERVICE]).status().is_ok_and(|it| it.success()));
    assert_eq!(machine.entries(), 0);
    assert_over(&machine, "tokensMissing", MISSING);
    machine.run(&["refresh"]).fails(3, MISSING);
    // It cannot be known whether the session lives, and it is not said.
    let out = machine.run(&["log-out"]).exits(1);
    assert!(out.out.contains("may stay alive"), "{}", out.out);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_session_is_reported_and_gives_no_token() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.change_registry(|registry| {
        for key in ["accessExpiresAt", "accessExpiresHereAt", "sessionEndsAt", "sessionEndsHereAt"] {
            registry["accounts"][0][key] = json!(1_000_000_000);
        }
    });
    let down = json!([{"path": "auth/refresh", "fault": {"status": 503}}]);
    machine.sandbox.set_faults(&down).await?;
    assert_over(&machine, "ended", EXPIRED);
    // The clock is no evidence: a server that can be asked decides.
    machine.sandbox.set_faults(&json!([])).await?;
    machine.run(&["token"]).exits(0);
    assert_eq!(machine.run(&["status", "--json"]).exits(0).json()["active"]["health"], "ok");
    Ok(())
}
