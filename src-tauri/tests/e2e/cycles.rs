//! Logging in and out, over and over, in one process on the real adapters: nothing piles up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use accounts::log_in::progress::Progress;
use accounts::model::activity::Program;
use accounts::model::destination::Redirect;
use accounts::model::session_outcome::SessionOutcome;
use accounts::model::timestamp::Timestamp;
use accounts::ports::{Clock, Observer, Ports};
use accounts::storage::activity_file::ActivityFile;
use accounts::storage::registry_file::FileRegistry;
use accounts::storage::settings_file::SettingsFile;
use accounts::{Accounts, Password, Tenant};
use credential_store::{Keyring, Limits};
use test_rig::{Presence, Programs, Sandbox, enter};
use userfront_client::{ClientName, UserfrontClient};

use crate::journey::{Done, PASSWORD};

/// Before the first look, and in all.
const CYCLES: [usize; 2] = [100, 200];
/// By the first look the list remembers as many past sessions as it ever does.
const FULL_CYCLES: [usize; 2] = [1_000, 2_000];
/// How long a connection to the server is kept: longer than a cycle takes, so that they share it.
const IDLE: Duration = Duration::from_millis(300);
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

/// The resources of this process.
#[derive(Debug)]
struct StoredToken {
    /// Resident memory, in kB.
    memory: u64,
    /// The open files by name, so that one too many has a name.
    files: Vec<String>,
}

impl StoredToken {
    fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").expect("the process's status");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        let memory = resident.trim().trim_end_matches(" kB").parse().expect("a number of kB");
        let open = std::fs::read_dir("/proc/self/fd").expect("its files");
        // One that is closed while we look has no name any more.
        let name = |file: std::io::Result<std::fs::DirEntry>| std::fs::read_link(file.ok()?.path()).ok();
        let mut files: Vec<_> = open.filter_map(name).map(|file| file.display().to_string()).collect();
        files.sort();
        Self { memory, files }
    }

    /// The resources at rest: the least of three seconds. By then the verification of the last log-out is
    /// over, and no connection to the server is kept: whether two calls at once needed one or two is a matter
    /// of microseconds.
    async fn when_quiet() -> Self {
        let mut least = Self::now();
        let until = Instant::now() + 10 * IDLE;
        while Instant::now() < until {
            tokio::time::sleep(IDLE / 4).await;
            let now = Self::now();
            least.memory = least.memory.min(now.memory);
            if now.files.len() < least.files.len() {
                least.files = now.files;
            }
        }
        least
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_log_ins_and_log_outs_leave_no_files_entries_or_processes() -> Done {
    let Some(inside) = enter(
        "cycles::repeated_log_ins_and_log_outs_leave_no_files_entries_or_processes",
        Presence::Unlocked,
    )?
    else {
        return Ok(());
    };
    let programs = Programs::beside(std::path::Path::new(env!("CARGO_BIN_EXE_userfront-accounts")))?;
    let sandbox = Sandbox::start(&programs.sandbox, &[], inside.environment())?;
    let home = tempfile::tempdir().expect("a folder");
    let limits = userfront_client::Limits { idle: IDLE, ..Default::default() };
    let ports = Ports {
        store: Arc::new(Keyring::new(SERVICE.to_owned(), Limits::default())),
        userfront: Arc::new(UserfrontClient::new(ClientName::default(), limits)),
        registry: Arc::new(FileRegistry::new(home.path().to_owned())),
        activity: Arc::new(ActivityFile::new(home.path())),
        settings: Arc::new(SettingsFile::new(home.path())),
        clock: Arc::new(Now),
        observer: Arc::new(Nobody),
    };
    let accounts = Accounts::new(ports, Program::App);
    let api = sandbox.api_base().parse().expect("an API base");
    let tenant = Tenant { id: "demo1234".parse().expect("an ID"), api, domain: None };
    let [warm_up, cycles] = if std::env::var_os("USERFRONT_FULL").is_some() { FULL_CYCLES } else { CYCLES };
    let (mut before, began) = (None, Instant::now());
    for cycle in 1..=cycles {
        let password = Password::new(PASSWORD);
        let done = accounts.log_in_with_password(&tenant, "admin@example.com", &password).await;
        let Ok(Progress::LoggedIn(id)) = done else { panic!("cycle {cycle}: {done:?}") };
        let outcome = accounts.log_out(&id, &Redirect::Follow).await.expect("logged out");
        assert_eq!(outcome.session, SessionOutcome::Revoked, "cycle {cycle}");
        if cycle == warm_up {
            before = Some(StoredToken::when_quiet().await);
        }
    }
    let (before, after) = (before.expect("more cycles than the first"), StoredToken::when_quiet().await);
    let (took, open) = (began.elapsed(), (before.files.len(), after.files.len()));
    println!(
        "{cycles} cycles in {took:.1?}: after {warm_up} and at the end {} and {} kB, {open:?} files",
        before.memory, after.memory
    );
    assert_eq!(inside.search(SERVICE)?.len(), 0);
    assert_eq!(sandbox.alive().await?, []);
    assert!(after.memory * 100 <= before.memory * 105, "memory: {} and {} kB", before.memory, after.memory);
    assert!(open.1 * 100 <= open.0 * 105, "open files: {:#?}, {:#?}", before.files, after.files);
    Ok(())
}
