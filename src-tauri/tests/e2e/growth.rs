//! What a start, a log-in, a switch and a log-out ask of keyring, disk, server and window, counted: with one
//! other account, and with a hundred. On a busy machine an answer that comes late makes more work, so the
//! least of a few tries counts.

use std::path::PathBuf;
use std::time::Duration;

use test_rig::journey::USER;
use test_rig::{App, CallCount, FileCount, RigError, World};

use crate::journey::{Done, PASSWORD, SOON, choose_tenant, log_in, log_out, send_credentials, world};

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
    /// Snapshots made for the window.
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

/// The most that each may take, with a few to spare for what depends on the order of events. A change that
/// needs less lowers it.
const LIMITS: [(&str, Work); 4] = [
    ("start", Work { keyring: 24, opened: 30, written: 1, http: 4, snapshots: 9 }),
    ("switch", Work { keyring: 5, opened: 12, written: 1, http: 0, snapshots: 5 }),
    ("log-out", Work { keyring: 19, opened: 40, written: 4, http: 4, snapshots: 12 }),
    ("log-in", Work { keyring: 37, opened: 45, written: 5, http: 2, snapshots: 18 }),
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
            // One was made for the question.
            snapshots: usize::try_from(revision - self.revision - 1).expect("a small number"),
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

async fn work_beside(others: usize) -> Result<[Work; 4], RigError> {
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
    app.stop().await?;
    Ok([start, switch, log_out, log_in])
}

/// What is more than it may be.
async fn too_much_beside(others: usize) -> Result<Vec<String>, RigError> {
    let mut too_much = Vec::new();
    for ((what, limit), work) in LIMITS.into_iter().zip(work_beside(others).await?) {
        say!("{what:>8} beside {others:>3}: {work:?}");
        // A start lists the keyring twice, with a call for each entry: before its work and after it.
        let listed = if what == "start" { 4 * others } else { 0 };
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
