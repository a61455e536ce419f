//! Several programs that refresh one account at once, at each kind of server, and programs that are stopped
//! in the middle.

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::json;
use test_rig::RigError;
use tokio::time::sleep;

use crate::machine::{Machine, signal};

/// The lock files of this kind.
fn locks(machine: &Machine, kind: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(&machine.home).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    all.filter(|path| name(path).starts_with(kind)).collect()
}

/// Holds a lock file of the one account that there is, until it is dropped.
fn hold(machine: &Machine, kind: &str) -> File {
    let [path] = &locks(machine, kind)[..] else { panic!("one account has logged in and refreshed") };
    let file = File::open(path).unwrap();
    file.lock().unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_at_once_leave_the_account_valid_at_every_kind_of_server() -> Result<(), RigError> {
    for way in ["keep", "rename", "rename-family", "reuse-ends"] {
        let machine = Machine::with(&["--refresh-session", way])?;
        machine.log_in("admin@example.com").exits(0);
        for _ in 0..5 {
            let both = [machine.begin(&["refresh"]), machine.begin(&["refresh", "--json"])];
            for ran in both.map(crate::conversation::Conversation::ends) {
                ran.exits(0);
            }
        }
        assert!(machine.calls("GET", "auth/refresh").await >= 5, "{way}");
        let status = machine.run(&["status", "--json"]).exits(0).json();
        assert_eq!((&status["active"]["health"], &status["pending"]), (&json!("ok"), &json!(0)), "{way}");
        let token = machine.run(&["token"]).exits(0).out;
        let session = machine.sandbox.alive().await?;
        assert!(!session.is_empty() && token.starts_with("eyJ"), "{way}");
        let registry = std::fs::read_to_string(machine.home.join("accounts.json")).unwrap();
        let registry: serde_json::Value = serde_json::from_str(&registry).unwrap();
        assert!(registry["superseded"].as_array().unwrap().len() <= 1, "{way}");
        machine.run(&["log-out"]).exits(0);
        machine.run(&["pending", "--retry"]).exits(0);
        assert_eq!(machine.left().await, (0, 0), "{way}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_behind_a_stopped_program_fails_after_20_seconds_and_names_it() -> Result<(), RigError> {
    let machine = Machine::with(&["--refresh-session", "reuse-ends", "--access-seconds", "50"])?;
    machine.log_in("admin@example.com").exits(0);
    let slow = json!([{"path": "auth/refresh", "after": true, "fault": {"delayMs": 2_000}}]);
    machine.sandbox.set_faults(&slow).await?;
    let stopped = machine.begin(&["refresh"]);
    machine.until_calls("GET", "auth/refresh", 1).await;
    signal("STOP", stopped.process());
    let began = Instant::now();
    let (token, refresh) = (machine.begin(&["token"]), machine.begin(&["refresh"]));
    // The one that is about to expire is better than none.
    let token = token.ends().exits(0);
    assert!(token.out.starts_with("eyJ"), "{}", token.out);
    let name = format!("`userfront` (process {}) is refreshing this account", stopped.process());
    refresh.ends().fails(1, &name);
    assert!((19..40).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    assert_eq!(machine.calls("GET", "auth/refresh").await, 1, "nobody refreshes past the lock");
    // A log-out does not wait for it.
    machine.run(&["log-out"]).exits(0);
    signal("CONT", stopped.process());
    // It was stopped for longer than a call may take.
    stopped.ends().exits(1);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_stopped_after_its_call_stores_the_tokens_when_it_continues() -> Result<(), RigError> {
    let machine = Machine::with(&["--refresh-session", "reuse-ends"])?;
    machine.log_in("admin@example.com").exits(0);
    machine.run(&["refresh"]).exits(0);
    let lock = hold(&machine, "account-");
    let stopped = machine.begin(&["refresh"]);
    machine.until_calls("GET", "auth/refresh", 2).await;
    sleep(Duration::from_millis(500)).await;
    signal("STOP", stopped.process());
    drop(lock);
    machine.run(&["token"]).exits(0);
    machine.run(&["refresh"]).fails(1, "is refreshing this account");
    signal("CONT", stopped.process());
    stopped.ends().exits(0);
    machine.run(&["refresh"]).exits(0);
    assert_eq!(machine.calls("GET", "auth/refresh").await, 3);
    machine.run(&["log-out"]).exits(0);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_stopped_before_its_turn_uses_the_tokens_of_the_other() -> Result<(), RigError> {
    let machine = Machine::with(&["--refresh-session", "reuse-ends"])?;
    machine.log_in("admin@example.com").exits(0);
    machine.run(&["refresh"]).exits(0);
    let lock = hold(&machine, "refresh-");
    let stopped = machine.begin(&["refresh"]);
    sleep(Duration::from_secs(2)).await;
    signal("STOP", stopped.process());
    drop(lock);
    machine.run(&["refresh"]).exits(0);
    signal("CONT", stopped.process());
    stopped.ends().exits(0);
    assert_eq!(machine.calls("GET", "auth/refresh").await, 2, "no third one");
    machine.run(&["refresh"]).exits(0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn new_tokens_wait_for_a_busy_account_or_a_locked_keyring() -> Result<(), RigError> {
    let machine = Machine::with(&["--refresh-session", "rename"])?;
    machine.log_in("admin@example.com").exits(0);
    machine.run(&["refresh"]).exits(0);
    let lock = hold(&machine, "account-");
    let waiting = machine.begin(&["refresh"]);
    machine.until_calls("GET", "auth/refresh", 2).await;
    sleep(Duration::from_secs(7)).await;
    drop(lock);
    waiting.ends().exits(0);
    let slow = json!([{"path": "auth/refresh", "after": true, "fault": {"delayMs": 1_500}}]);
    machine.sandbox.set_faults(&slow).await?;
    let waiting = machine.begin(&["refresh"]);
    machine.until_calls("GET", "auth/refresh", 3).await;
    machine.keyring.lock()?;
    sleep(Duration::from_secs(3)).await;
    machine.keyring.unlock()?;
    waiting.ends().exits(0);
    machine.sandbox.set_faults(&json!([])).await?;
    assert_eq!(machine.run(&["status", "--json"]).exits(0).json()["active"]["health"], "ok");
    machine.run(&["log-out"]).exits(0);
    machine.run(&["pending", "--retry"]).exits(0);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_overtaken_by_a_log_in_says_logged_in_again() -> Result<(), RigError> {
    let machine = Machine::with(&["--access-seconds", "50"])?;
    let slow = json!([{"path": "auth/refresh", "after": true, "fault": {"delayMs": 2_500}}]);
    machine.sandbox.set_faults(&slow).await?;
    let during = async |command: &str, meanwhile: &dyn Fn()| {
        let calls = machine.calls("GET", "auth/refresh").await;
        let running = machine.begin(&[command]);
        machine.until_calls("GET", "auth/refresh", calls + 1).await;
        meanwhile();
        running.ends()
    };
    let log_in = || drop(machine.log_in("admin@example.com").exits(0));
    log_in();
    let refresh = during("refresh", &log_in).await.exits(0);
    assert!(refresh.out.contains("The account was logged in again meanwhile"), "{}", refresh.out);
    let token = during("token", &log_in).await.exits(0);
    assert!(token.out.starts_with("eyJ"), "{}", token.out);
    let refresh = during("refresh", &|| drop(machine.run(&["log-out"]).exits(0))).await.exits(3);
    assert!(refresh.out.contains("The account was logged out meanwhile."), "{}{}", refresh.out, refresh.err);
    machine.run(&["pending", "--retry"]).exits(0);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}
