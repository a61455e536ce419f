//! The advice of a message, and the detail that it gives.

use serde_json::json;
use test_rig::RigError;

use crate::machine::{Machine, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn a_live_session_that_is_refused_without_its_domain_says_how_to_give_it() -> Result<(), RigError> {
    let machine = Machine::with(&["--mode", "live"])?;
    let log_in = ["log-in", "--tenant", "demo1234", "--user", "admin@example.com", "--password-stdin"];
    machine.typing(&log_in, PASSWORD).exits(0);
    let body = json!({"statusCode": 401, "message": "Unauthorized"});
    machine
        .sandbox
        .set_faults(&json!([{"path": "auth/refresh", "fault": {"says": 401, "body": body}}]))
        .await?;
    let words = "it was asked without the tenant's domain. Log in again with --domain DOMAIN.";
    machine.run(&["refresh"]).fails(1, words);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_row_gives_the_detail_of_a_keyring_or_a_disk() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    machine.run(&["log-out"]).exits(5);
    let list = |action: &str| json!({"kind": "io", "action": action, "detail": "no space left"});
    let unavailable = json!({"kind": "unavailable", "detail": "the bus is gone"});
    for (reason, words) in [
        (json!({"kind": "keyring", "of": unavailable}), "The keyring cannot be reached: the bus is gone."),
        (
            json!({"kind": "keyring", "of": {"kind": "refused", "detail": "no such session."}}),
            "The keyring refused: no such session.",
        ),
        (
            json!({"kind": "notAsked", "of": list("written")}),
            "The server was not asked. The account list cannot be written: no space left.",
        ),
        (json!({"kind": "list", "of": list("read")}), "The account list cannot be read: no space left."),
        (
            json!({"kind": "unwritable", "of": {"list": list("written"), "server": {"kind": "timedOut"}}}),
            "The account list cannot be written: no space left. The server did not answer in time.",
        ),
    ] {
        // Each run tries again afterwards.
        machine.change_registry(|registry| registry["pending"][0]["reason"] = reason.clone());
        let row = machine.run(&["pending", "--json"]).exits(0).json()["pending"][0].clone();
        assert_eq!(row["reason"], words);
        machine.change_registry(|registry| registry["pending"][0]["reason"] = reason.clone());
        let out = machine.run(&["pending"]).exits(0).out;
        assert!(out.contains(&format!("(demo1234): {words}\n")), "{out}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_list_that_cannot_be_written_is_told_of_disk_space() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.make_unwritable();
    machine
        .log_in("admin@example.com")
        .fails(1, "Free some disk space or check the data folder, then try again.");
    machine.make_writable();
    let list = machine.home.join("accounts.json");
    std::fs::remove_file(&list).unwrap();
    std::fs::create_dir(list).unwrap();
    for command in ["list", "status", "token", "log-out"] {
        let err = machine.run(&[command]).fails(1, "The account list cannot be read: ").err;
        assert!(err.ends_with("). Check the data folder, then try again.\n"), "{command}: {err}");
    }
    Ok(())
}
