//! What a start, a log-in, a switch and a log-out ask of keyring, disk, server and window, counted: with one
//! other account, and with a hundred. On a busy machine an answer that comes late makes more work, so the
//! least of a few tries counts.

use std::path::PathBuf;
use std::time::Duration;

use test_rig::journey::USER;
use test_rig::{App, CallCount, FileCount, RigError, World};

use crate::journey::{Done, PASSWORD, SOON, choose_tenant, log_in, log_out, send_credentials, world};
use crate::together::userfront;

const OTHERS: [usize; 2] = [1, 101];
const TRIES: usize = 3;
/// In seconds, about: then something is done without end.
const MOST_LOOKS: usize = 30;
/// Nothing happens for this long: the work is over.
const QUIET: Duration = Duration::from_secs(2);

/// Counts of one piece of work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Work {
    /// D-Bus calls to the keyring's daemon.
    keyring: usize,
    /// The list of accounts: opened, and written durably.
    opened: usize,
    written: usize,
    /// HTTP calls.
    http: usize,
    /// Snapshots that differ from the one before.
    snapshots: usize,
}

impl Work {
    fn is_within(self, limit: Self) -> bool {
        self.keyring <= limit.keyring
            && self.opened <= limit.opened
            && self.written <= limit.written
            && self.http <= limit.http
            && self.snapshots <= limit.snapshots
    }

    fn and(self, more: Self) -> Self {
        Self {
            keyring: self.keyring + more.keyring,
            opened: self.opened + more.opened,
            written: self.written + more.written,
            http: self.http + more.http,
            snapshots: self.snapshots + more.snapshots,
        }
    }
}

/// The most that each may take: what is counted, with a few to spare where it depends on the order of events.
/// A change that needs less lowers it.
const LIMITS: [(&str, Work); 8] = [
    ("start", Work { keyring: 21, opened: 38, written: 1, http: 4, snapshots: 6 }),
    ("switch", Work { keyring: 3, opened: 12, written: 1, http: 0, snapshots: 2 }),
    ("log-out", Work { keyring: 18, opened: 36, written: 3, http: 4, snapshots: 7 }),
    ("log-in", Work { keyring: 26, opened: 42, written: 4, http: 2, snapshots: 6 }),
    ("`token`", Work { keyring: 13, opened: 12, written: 0, http: 0, snapshots: 0 }),
    ("`switch`", Work { keyring: 6, opened: 11, written: 1, http: 0, snapshots: 0 }),
    ("`log-out`", Work { keyring: 24, opened: 20, written: 3, http: 4, snapshots: 0 }),
    ("`log-in`", Work { keyring: 30, opened: 18, written: 4, http: 2, snapshots: 0 }),
];

struct Counter<'a> {
    world: &'a World,
    app: &'a App,
    calls: CallCount,
    list: FileCount,
    requests: usize,
    revision: u64,
}

impl Counter<'_> {
    /// What was done since the last look, once it is over.
    async fn take(&mut self) -> Result<Work, RigError> {
        let mut work = Work::default();
        for _ in 0..MOST_LOOKS {
            let more = self.look().await?;
            if more == Work::default() {
                return Ok(work);
            }
            work = work.and(more);
            tokio::time::sleep(QUIET).await;
        }
        Err(RigError::Unexpected(format!("it does not end: {work:?}")))
    }

    async fn look(&mut self) -> Result<Work, RigError> {
        let revision = revision(self.app).await?;
        let requests = self.world.sandbox.requests().await?.len();
        let list = self.list.take()?;
        let work = Work {
            keyring: self.calls.take(),
            opened: list.opened,
            written: list.replaced,
            http: requests - self.requests,
            snapshots: usize::try_from(revision - self.revision).expect("a small number"),
        };
        (self.requests, self.revision) = (requests, revision);
        // What the question itself opened.
        Ok(Work { opened: work.opened.saturating_sub(1), ..work })
    }
}

async fn revision(app: &App) -> Result<u64, RigError> {
    let ask = "delete window.seen; window.__TAURI_INTERNALS__.invoke('plugin:accounts|snapshot')
        .then((snapshot) => { window.seen = snapshot.revision }); return true";
    app.script(ask, vec![]).await?;
    loop {
        if let Some(seen) = app.script("return window.seen ?? null", vec![]).await?.as_u64() {
            return Ok(seen);
        }
    }
}

fn list(world: &World) -> PathBuf {
    world.accounts_home().join("accounts.json")
}

async fn work_beside(others: usize) -> Result<[Work; 8], RigError> {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.stop().await?;
    world.add_others(others)?;
    let address = world.environment().get("DBUS_SESSION_BUS_ADDRESS").expect("a bus").to_string_lossy();
    let (calls, list) = (CallCount::begin(&address)?, FileCount::begin(&list(&world))?);
    let requests = world.sandbox.requests().await?.len();
    let app = world.open_app().await?;
    app.wait_until_visible("account-view", SOON).await?;
    let mut counter = Counter { world: &world, app: &app, calls, list, requests, revision: 0 };
    let start = counter.take().await?;
    until_the_bus_has_no_idle_thread(&app).await?;
    app.press_with_control("2").await?;
    app.wait_for_text("profile-name", "User 0", SOON).await?;
    let switch = counter.take().await?;
    app.press_with_control("1").await?;
    app.wait_for_text("profile-name", "Admin", SOON).await?;
    counter.take().await?;
    log_out(&app).await?;
    let log_out = counter.take().await?;
    choose_tenant(&app).await?;
    counter.take().await?;
    send_credentials(&app, USER, PASSWORD).await?;
    app.wait_for_text("profile-name", "Admin", SOON).await?;
    let log_in = counter.take().await?;
    let Counter { calls, list, requests, .. } = counter;
    app.stop().await?;
    let mut commands = Commands { world: &world, calls, list, requests };
    // The end of the app.
    commands.take().await?;
    let id = commands.active_account();
    Ok([
        start,
        switch,
        log_out,
        log_in,
        commands.work_of(&["token", &id], "").await?,
        commands.work_of(&["switch", &id], "").await?,
        commands.work_of(&["log-out", &id], "").await?,
        commands
            .work_of(&["log-in", "--tenant", "demo1234", "--user", USER, "--password-stdin"], PASSWORD)
            .await?,
    ])
}

/// The pool of the bus's connection has threads that end when they are idle: one that stays would wake up
/// twice a second.
async fn until_the_bus_has_no_idle_thread(app: &App) -> Done {
    let all = app.processes()?;
    let app = all.iter().find(|process| process.executable.ends_with("userfront-accounts")).expect("an app");
    let threads = || -> std::io::Result<Vec<String>> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", app.pid))?;
        let names = tasks.map(|task| std::fs::read_to_string(task?.path().join("comm")));
        // A thread may end meanwhile.
        Ok(names.filter_map(Result::ok).filter(|name| name.starts_with("blocking-")).collect())
    };
    for _ in 0..MOST_LOOKS {
        if threads().expect("the app's threads").is_empty() {
            return Ok(());
        }
        tokio::time::sleep(QUIET).await;
    }
    panic!("{:?}", threads());
}

/// The command line beside no app.
struct Commands<'a> {
    world: &'a World,
    calls: CallCount,
    list: FileCount,
    requests: usize,
}

impl Commands<'_> {
    fn active_account(&self) -> String {
        let list = std::fs::read(list(self.world)).expect("the list");
        let list: serde_json::Value = serde_json::from_slice(&list).expect("JSON");
        list["active"].as_str().expect("an active account").to_owned()
    }

    async fn work_of(&mut self, arguments: &[&str], typed: &str) -> Result<Work, RigError> {
        let output = userfront(self.world, arguments, typed);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        self.take().await
    }

    async fn take(&mut self) -> Result<Work, RigError> {
        let (list, requests) = (self.list.take()?, self.world.sandbox.requests().await?.len());
        let http = requests - self.requests;
        self.requests = requests;
        Ok(Work {
            keyring: self.calls.take(),
            opened: list.opened,
            written: list.replaced,
            http,
            snapshots: 0,
        })
    }
}

/// What is more than it may be.
async fn too_much_beside(others: usize) -> Result<Vec<String>, RigError> {
    let mut too_much = Vec::new();
    for ((what, limit), work) in LIMITS.into_iter().zip(work_beside(others).await?) {
        say!("{what:>10} beside {others:>3}: {work:?}");
        // A start lists the keyring, with a call for each entry.
        let listed = if what == "start" { 2 * others } else { 0 };
        if !work.is_within(Work { keyring: limit.keyring + listed, ..limit }) {
            too_much.push(format!("{what} beside {others}: {work:?}, at most {limit:?} and {listed} calls"));
        }
    }
    Ok(too_much)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_account_needs_does_not_grow_with_the_others() -> Done {
    for others in OTHERS {
        let mut too_much = Vec::new();
        for _ in 0..TRIES {
            too_much = too_much_beside(others).await?;
            if too_much.is_empty() {
                break;
            }
        }
        assert_eq!(too_much, [""; 0]);
    }
    Ok(())
}
