//! `log-out --erase`, and what it does not erase.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;
use test_rig::RigError;

use crate::machine::{Machine, SERVICE};

/// Our files but the logs, to which every run adds.
fn files(home: &Path) -> BTreeSet<PathBuf> {
    let all = std::fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.is_file()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_leaves_no_file_or_entry() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let erased = machine.run(&["log-out", "--erase"]).exits(0);
    assert!(erased.out.contains("Erased"), "{}", erased.out);
    assert_eq!(machine.left().await, (0, 0));
    assert!(!machine.home.exists(), "every file is gone, and the folder");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_leaves_and_names_entries_of_others() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.keyring.plant(SERVICE, "note", &[], "somebody's")?;
    let erased = machine.run(&["log-out", "--erase"]).exits(4);
    assert!(erased.out.contains("not this list's") && erased.out.contains("note"), "{}", erased.out);
    assert_eq!(machine.left().await, (0, 1));
    assert!(!machine.home.exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_erased_while_the_keyring_is_locked() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.log_in("member@example.com").exits(0);
    let before = files(&machine.home);
    assert!(before.contains(&machine.home.join("accounts.json")), "{before:?}");
    machine.keyring.lock()?;
    for arguments in [&["log-out", "--erase"][..], &["log-out", "--erase", "--discard-pending"]] {
        let refused = machine.run(arguments).fails(4, "Nothing was erased");
        assert_eq!(refused.err.matches("Still logged in.").count(), 2, "{}", refused.err);
        assert_eq!(refused.out, "");
        assert!(machine.keyring.is_locked()?, "and stays so");
        assert_eq!(files(&machine.home), before);
    }
    machine.keyring.unlock()?;
    assert_eq!(machine.left().await, (2, 4), "as it was");
    let list = machine.run(&["list", "--json"]).exits(0).json();
    assert_eq!(list["accounts"].as_array().unwrap().len(), 2);
    machine.run(&["log-out", "--erase"]).exits(0);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_erased_while_the_keyring_hangs_or_without_an_account_is_locked() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let before = files(&machine.home);
    machine.keyring.stop()?;
    machine.run(&["log-out", "--erase", "--json"]).fails(4, "Nothing was erased");
    machine.keyring.cont()?;
    assert_eq!((machine.left().await, files(&machine.home)), ((1, 2), before));
    machine.run(&["log-out"]).exits(0);
    machine.keyring.plant(SERVICE, "note", &[], "left by an older version")?;
    machine.keyring.lock()?;
    let before = files(&machine.home);
    machine.run(&["log-out", "--erase"]).fails(4, "locked");
    machine.keyring.unlock()?;
    assert_eq!((machine.entries(), files(&machine.home)), (1, before));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_revocations_are_erased_with_discard_pending_alone() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    machine.run(&["log-out"]).exits(5);
    let before = files(&machine.home);
    // Once without an account, and once with one whose session becomes pending, too.
    machine.run(&["log-out", "--erase"]).fails(5, "--discard-pending");
    assert_eq!((machine.left().await, files(&machine.home)), ((1, 1), before));
    machine.log_in("member@example.com").exits(0);
    let refused =
        machine.run(&["log-out", "--erase", "--json"]).fails(5, "2 sessions are not known to be dead");
    assert_eq!(refused.json()["error"]["code"], "pending");
    assert_eq!(machine.left().await, (2, 2));
    let pending = machine.run(&["pending", "--json"]).exits(0).json();
    assert_eq!(pending["pending"].as_array().unwrap().len(), 2);
    let id = pending["pending"][0]["id"].as_str().unwrap();
    machine.keyring.lock()?;
    let out = machine.run(&["pending", "--discard", id]).exits(4).out;
    assert!(out.contains("The keyring did not delete"), "{out}");
    let status = machine.run(&["status", "--json"]).json();
    assert_eq!((&status["pending"], &status["remnants"]), (&json!(1), &json!([id])), "it is named");
    machine.keyring.unlock()?;
    machine.run(&["log-out", "--erase", "--discard-pending"]).exits(0);
    assert_eq!(machine.left().await, (2, 0), "as it was asked for");
    assert!(!machine.home.exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_erased_during_a_log_in_by_the_app() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.change_registry(|registry| registry["accounts"][0]["phase"] = json!("arriving"));
    let is_lock = |path: &&PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with("account-");
    let lock = std::fs::File::open(files(&machine.home).iter().find(is_lock).unwrap()).unwrap();
    lock.lock().unwrap();
    let before = files(&machine.home);
    for arguments in [&["log-out", "--erase"][..], &["log-out", "--erase", "--discard-pending"]] {
        let refused = machine.run(arguments).fails(1, "Nothing was erased");
        assert!(refused.err.contains("is being logged in") && refused.err.contains("Close the app"));
        assert_eq!((machine.left().await, files(&machine.home)), ((1, 2), before.clone()));
    }
    drop(lock);
    machine.run(&["log-out", "--erase"]).exits(0);
    assert_eq!(machine.left().await, (0, 0));
    assert!(!machine.home.exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_removes_saved_backup_codes_and_goes_on_after_a_failed_file() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let elsewhere = machine.environment.folder().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::write(elsewhere.join("userfront-accounts.2026-11-22.log"), "theirs").unwrap();
    let codes = machine.home.join("userfront-accounts-backup-codes-2.txt");
    std::fs::write(&codes, "1234").unwrap();
    // In the place of files of ours: a link, and a folder.
    std::fs::remove_dir_all(machine.home.join("logs")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, machine.home.join("logs")).unwrap();
    std::fs::create_dir(machine.home.join("settings.json")).unwrap();
    let erased = machine.run(&["log-out", "--erase", "--json"]).fails(1, "could not be removed");
    let told = erased.json();
    assert_eq!(told["loggedOut"][0]["revocation"], "revoked", "what was done is told");
    assert_eq!(told["notErased"].as_array().unwrap().len(), 2, "{told}");
    assert_eq!(machine.left().await, (0, 0));
    assert!(!codes.exists() && !machine.home.join("accounts.json").exists());
    assert!(elsewhere.join("userfront-accounts.2026-11-22.log").exists(), "no link is followed");
    std::fs::remove_dir(machine.home.join("settings.json")).unwrap();
    std::fs::remove_file(machine.home.join("logs")).unwrap();
    machine.run(&["log-out", "--erase"]).exits(0);
    assert!(!machine.home.exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn log_outs_are_reported_also_when_nothing_is_erased() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.log_in("member@example.com").exits(0);
    machine
        .sandbox
        .set_faults(&json!([{"path": "auth/logout", "times": 1, "fault": {"status": 503}}]))
        .await?;
    machine.run(&["log-out"]).exits(5);
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    let refused = machine.run(&["log-out", "--erase"]).fails(5, "Nothing was erased");
    assert!(refused.out.contains("Logged out of"), "{}", refused.out);
    Ok(())
}
