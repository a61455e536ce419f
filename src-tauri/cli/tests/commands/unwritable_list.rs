//! An account list, a log, a standard output or error that cannot be written. Nothing is claimed of
//! it, and logging out works.

use std::process::Command;

use test_rig::RigError;

use crate::machine::{Machine, Ran};

/// A log-out of the one account, and the runs after it, for as long as the list cannot be written.
async fn assert_said(machine: &Machine, log_out: Ran) {
    let log_out = log_out.exits(1);
    for words in ["Logged out of", "The account list still has it", "cannot be written"] {
        assert!(log_out.out.contains(words), "{}\n{}", log_out.out, log_out.err);
    }
    assert_eq!(machine.sandbox.alive().await.unwrap().len(), 0);
    assert_eq!(machine.entries(), 1, "a note that the session was ended");
}

fn assert_stays_logged_out(machine: &Machine) {
    let status = machine.run(&["status"]).exits(3);
    assert!(status.out.contains("Nobody is logged in") && !status.out.contains("alive"), "{}", status.out);
    machine.run(&["token"]).exits(3);
    machine.run(&["log-out"]).fails(3, "logged in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_with_an_unwritable_account_list_is_known_to_the_next_run() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.make_unwritable();
    assert_said(&machine, machine.run(&["log-out"])).await;
    assert_stays_logged_out(&machine);
    let problem = machine.run(&["status", "--json"]).exits(3).json()["problem"].clone();
    assert!(problem.as_str().is_some_and(|it| it.contains("cannot be written")), "{problem}");
    machine.make_writable();
    assert_eq!(machine.run(&["status", "--json"]).exits(3).json()["accounts"], 0);
    assert_eq!(machine.left().await, (0, 0), "and the note is gone");
    machine.log_in("admin@example.com").exits(0);
    machine.run(&["log-out"]).exits(0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_works_on_a_file_system_without_locks() -> Result<(), RigError> {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("skipped: strace is not installed");
        return Ok(());
    }
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    for error in ["ENOLCK", "ENOSYS"] {
        let without =
            format!("exec strace -f -qq -o /dev/null -e trace=flock -e inject=flock:error={error} \"$@\"");
        assert_said(&machine, machine.run_in_shell(&without, &["log-out"])).await;
        let status = machine.run_in_shell(&without, &["status"]).exits(3);
        assert!(status.out.contains("Nobody is logged in"), "{}", status.out);
        machine.run(&["list"]).exits(0);
        assert_eq!(machine.left().await, (0, 0));
        machine.log_in("admin@example.com").exits(0);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_works_on_a_full_and_on_a_read_only_disk() -> Result<(), RigError> {
    let mount =
        |arguments: &[&str]| Command::new("mount").args(arguments).status().is_ok_and(|it| it.success());
    let machine = Machine::new()?;
    std::fs::create_dir_all(&machine.home).unwrap();
    let home = machine.home.to_str().unwrap();
    if !mount(&["-t", "tmpfs", "-o", "size=256k", "tmpfs", home]) {
        println!("skipped: nothing can be mounted here");
        return Ok(());
    }
    let unmount = Unmount(home.to_owned());
    machine.log_in("admin@example.com").exits(0);
    let filler = machine.home.join("filler");
    let written = std::fs::write(&filler, vec![0; 1024 * 1024]);
    assert!(written.is_err(), "it is full");
    assert_said(&machine, machine.run(&["log-out"])).await;
    assert_stays_logged_out(&machine);
    std::fs::remove_file(filler).unwrap();
    machine.run(&["list"]).exits(0);
    assert_eq!(machine.left().await, (0, 0));
    machine.log_in("admin@example.com").exits(0);
    assert!(mount(&["-o", "remount,ro", home]));
    assert_said(&machine, machine.run(&["log-out"])).await;
    assert_stays_logged_out(&machine);
    let before = std::fs::read_dir(home).unwrap().count();
    let erase = machine.run(&["log-out", "--erase", "--json"]).fails(1, "Nothing was erased");
    assert!(erase.err.contains("cannot be written"), "{}", erase.err);
    assert_eq!(
        erase.json()["loggedOut"].as_array().map(Vec::len),
        Some(0),
        "it was done before: {}",
        erase.out
    );
    assert_eq!(
        (std::fs::read_dir(home).unwrap().count(), machine.entries()),
        (before, 1),
        "nothing is erased"
    );
    assert!(mount(&["-o", "remount,rw", home]));
    machine.run(&["log-out", "--erase"]).exits(0);
    assert_eq!(std::fs::read_dir(home).unwrap().count(), 0, "a mount point stays, empty");
    drop(unmount);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_list_that_cannot_be_mended_is_not_taken_for_an_empty_one() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.make_unwritable();
    std::fs::write(machine.home.join("accounts.json"), "{").unwrap();
    for command in [
        &["list"][..],
        &["status"],
        &["switch", "admin@example.com"],
        &["token"],
        &["refresh"],
        &["pending"],
        &["foreign"],
        &["watch"],
        &["log-out"],
        &["log-out", "admin@example.com"],
        &["log-out", "--tenant", "demo1234"],
        &["log-out", "--all"],
    ] {
        let ran = machine.run(command);
        assert_eq!((ran.exit, ran.out.as_str()), (1, ""), "{command:?}: {}", ran.err);
        assert!(ran.err.contains("The account list cannot be written"), "{command:?}: {}", ran.err);
    }
    let error = machine.run(&["watch", "--json"]).exits(1).json()["error"]["code"].clone();
    assert_eq!(error, "failed");
    assert_eq!(machine.left().await, (1, 2), "and nobody is logged out");
    machine.make_writable();
    assert_eq!(machine.run(&["list", "--json"]).exits(0).json()["accounts"][0]["active"], true);
    Ok(())
}

struct Unmount(String);

impl Drop for Unmount {
    fn drop(&mut self) {
        assert!(Command::new("umount").args(["-l", &self.0]).status().is_ok_and(|it| it.success()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_works_without_standard_output_and_log() -> Result<(), RigError> {
    let machine = Machine::new()?;
    for script in [
        "exec \"$@\" 2>&-",
        "exec \"$@\" >&- 2>&-",
        "exec \"$@\" 2>/dev/full",
        "exec \"$@\" >/dev/full",
        "exec \"$@\" >/dev/full 2>/dev/full",
    ] {
        machine.log_in("admin@example.com").exits(0);
        // A file in the place of the logs: standard error says that there is no log.
        drop(std::fs::remove_dir_all(machine.home.join("logs")));
        std::fs::write(machine.home.join("logs"), "").unwrap();
        let out = machine.run_in_shell(script, &["log-out"]);
        assert_eq!(out.exit, 0, "{script}: {}", out.err);
        assert!(!out.err.contains("panicked"), "{script}: {}", out.err);
        assert_eq!(machine.left().await, (0, 0), "{script}");
        std::fs::remove_file(machine.home.join("logs")).unwrap();
    }
    machine.log_in("admin@example.com").exits(0);
    let token = machine.run_in_shell("exec \"$@\" >/dev/full", &["token"]).exits(1);
    assert!(token.err.contains("could not be written"), "{}", token.err);
    Ok(())
}
