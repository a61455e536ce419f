//! Several programs that refresh one account at once, at each kind of server, and programs that are stopped
//! in the middle.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use serde_json::json;
use test_rig::RigError;

use crate::machine::{Machine, signal};

/// The lock files of this kind.
fn locks(machine: &Machine, kind: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(&machine.home).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    all.filter(|path| name(path).starts_with(kind)).collect()
}

/// The lock file of the one account that there is, locked until it is dropped.
struct Held {
    path: PathBuf,
    _file: File,
}

fn hold(machine: &Machine, kind: &str) -> Held {
    let [path] = &locks(machine, kind)[..] else { panic!("one account has logged in and refreshed") };
    let file = File::open(path).unwrap();
    file.lock().unwrap();
    Held { path: path.clone(), _file: file }
}

impl Held {
    /// Tells when the file is opened from now on.
    fn watch(&self) -> OwnedFd {
        let watch = inotify::init(CreateFlags::empty()).unwrap();
        inotify::add_watch(&watch, &self.path, WatchFlags::OPEN).unwrap();
        watch
    }

    /// A program keeps the file of an account's lock open while it waits for its turn.
    async fn until_open_in(&self, process: u32) {
        let open = Path::new("/proc").join(process.to_string()).join("fd");
        let is_it = |file: std::fs::DirEntry| std::fs::read_link(file.path()).is_ok_and(|it| it == self.path);
        until("the program waits for the lock", || open.read_dir().unwrap().flatten().any(is_it)).await;
    }
}

fn until_opened(watch: &OwnedFd) {
    let limit = Timespec { tv_sec: 30, tv_nsec: 0 };
    assert_eq!(poll(&mut [PollFd::new(watch, PollFlags::IN)], Some(&limit)), Ok(1), "it is not opened");
}

async fn until(event: &str, is_there: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_there() {
        assert!(began.elapsed() < Duration::from_secs(30), "not in time: {event}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A try to store new tokens has failed by this cause.
async fn until_not_stored(machine: &Machine, cause: &str) {
    let is_logged = |line: &str| line.contains("new tokens are not stored yet") && line.contains(cause);
    until(cause, || machine.on_disk().lines().any(is_logged)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_at_once_leave_the_account_valid_at_every_kind_of_server() -> Result<(), RigError> {
    for kind in ["keep", "rename", "rename-family", "reuse-ends"] {
        let machine = Machine::with(&["--refresh-session", kind])?;
        machine.log_in("admin@example.com").exits(0);
        for _ in 0..5 {
            let both = [machine.begin(&["refresh"]), machine.begin(&["refresh", "--json"])];
            for ran in both.map(crate::conversation::Conversation::ends) {
                ran.exits(0);
            }
        }
        assert!(machine.calls("GET", "auth/refresh").await >= 5, "{kind}");
        let status = machine.run(&["status", "--json"]).exits(0).json();
        assert_eq!((&status["active"]["health"], &status["pending"]), (&json!("ok"), &json!(0)), "{kind}");
        let token = machine.run(&["token"]).exits(0).out;
        let session = machine.sandbox.alive().await?;
        assert!(!session.is_empty() && token.starts_with("eyJ"), "{kind}");
        let registry = std::fs::read_to_string(machine.home.join("accounts.json")).unwrap();
        let registry: serde_json::Value = serde_json::from_str(&registry).unwrap();
        assert!(registry["superseded"].as_array().unwrap().len() <= 1, "{kind}");
        machine.run(&["log-out"]).exits(0);
        machine.run(&["pending", "--retry"]).exits(0);
        assert_eq!(machine.left().await, (0, 0), "{kind}");
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
    lock.until_open_in(stopped.process()).await;
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
    let watch = lock.watch();
    let stopped = machine.begin(&["refresh"]);
    until_opened(&watch);
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
    until_not_stored(&machine, "Another window or program of this app is at work").await;
    drop(lock);
    waiting.ends().exits(0);
    let lock = hold(&machine, "account-");
    let waiting = machine.begin(&["refresh"]);
    machine.until_calls("GET", "auth/refresh", 3).await;
    lock.until_open_in(waiting.process()).await;
    machine.keyring.lock()?;
    drop(lock);
    until_not_stored(&machine, "The keyring is locked").await;
    machine.keyring.unlock()?;
    waiting.ends().exits(0);
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
