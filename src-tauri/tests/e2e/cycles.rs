//! Logging in and out, over and over, in one process on the real adapters: nothing piles up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use accounts::activity::{ActivityFile, Program};
use accounts::destination::Redirect;
use accounts::log_out::Revocation;
use accounts::ports::{Clock, Observer, Ports, Timestamp};
use accounts::registry::file::FileRegistry;
use accounts::settings::SettingsFile;
use accounts::ways_in::Progress;
use accounts::{Accounts, Password, Tenant};
use credential_store::{Keyring, Limits};
use test_rig::{Presence, Programs, Sandbox, enter};
use userfront_client::{ClientName, UserfrontClient};

use crate::journey::{Done, PASSWORD};

const WARM_UP: usize = 100;
const CYCLES: usize = 200;
const FULL_CYCLES: usize = 1_000;
const SERVICE: &str = "desktop.userfront.accounts.cycles";

struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
        Timestamp(i64::try_from(since.as_secs()).expect("before the end of time"))
    }
}

struct Nobody;

impl Observer for Nobody {
    fn changed(&self) {}
}

/// What this process holds: resident memory in kB, open files.
fn held() -> (u64, usize) {
    let status = std::fs::read_to_string("/proc/self/status").expect("the process's status");
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    let resident = resident.trim().trim_end_matches(" kB").parse().expect("a number of kB");
    (resident, std::fs::read_dir("/proc/self/fd").expect("its files").count())
}

/// What is held once it is quiet: the least of one second. Right after a log-out its probe may still hold a connection
/// of its own, and whether it does is a matter of microseconds.
async fn held_when_quiet() -> (u64, usize) {
    let mut least = held();
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = held();
        least = (least.0.min(now.0), least.1.min(now.1));
    }
    least
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_piles_up_however_often() -> Done {
    let Some(inside) = enter("cycles::nothing_piles_up_however_often", Presence::Unlocked)? else {
        return Ok(());
    };
    let programs = Programs::beside(std::path::Path::new(env!("CARGO_BIN_EXE_userfront-accounts")))?;
    let sandbox = Sandbox::start(&programs.sandbox, &[], inside.environment())?;
    let home = tempfile::tempdir().expect("a folder");
    let ports = Ports {
        store: Arc::new(Keyring::new(SERVICE.to_owned(), Limits::default())),
        userfront: Arc::new(UserfrontClient::new(ClientName::default(), userfront_client::Limits::default())),
        registry: Arc::new(FileRegistry::new(home.path().to_owned())),
        activity: Arc::new(ActivityFile::new(home.path())),
        settings: Arc::new(SettingsFile::new(home.path())),
        clock: Arc::new(Now),
        observer: Arc::new(Nobody),
    };
    let accounts = Accounts::new(ports, Program::App);
    let api = sandbox.api_base().parse().expect("an API base");
    let tenant = Tenant { id: "demo1234".parse().expect("an ID"), api, domain: None };
    let cycles = if std::env::var_os("USERFRONT_FULL").is_some() { FULL_CYCLES } else { CYCLES };
    let (mut before, mut most_files, began) = ((0, 0), 0, Instant::now());
    for cycle in 1..=cycles {
        let password = Password::new(PASSWORD);
        let done = accounts.log_in_with_password(&tenant, "admin@example.com", &password).await;
        let Ok(Progress::LoggedIn(id)) = done else { panic!("cycle {cycle}: {done:?}") };
        let outcome = accounts.log_out(&id, &Redirect::Follow).await.expect("logged out");
        assert_eq!(outcome.revocation, Revocation::Revoked, "cycle {cycle}");
        if cycle <= WARM_UP {
            before = held();
            most_files = most_files.max(before.1);
        }
    }
    let took = began.elapsed();
    let after = held_when_quiet().await;
    println!("{cycles} cycles in {took:.1?}: {before:?} (kB, files) after {WARM_UP}, {after:?} at the end");
    assert_eq!(inside.search(SERVICE)?.len(), 0);
    assert_eq!(sandbox.alive().await?, []);
    assert!(after.0 * 100 <= before.0 * 105, "memory: {before:?}, {after:?}");
    // A pool keeps one connection or two, as the first cycles did: what piles up is more than they ever needed.
    assert!(after.1 * 100 <= most_files * 105, "open files: {most_files}, {after:?}");
    Ok(())
}
