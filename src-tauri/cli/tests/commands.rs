//! The real `userfront` on a real server and a real keyring: each command, each exit code, and no secret anywhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use test_rig::{Environment, KeyringDaemon, Presence, RigError, Sandbox};

const PASSWORD: &str = "testmodepassword";
const SERVICE: &str = "desktop.userfront.accounts.cli";

/// A machine with a keyring, a server, and no window.
struct Machine {
    keyring: KeyringDaemon,
    sandbox: Sandbox,
    environment: Environment,
    home: PathBuf,
}

/// What a run came to.
struct Ran {
    exit: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {}\n{}", self.out, self.err))
    }

    fn exits(self, code: i32) -> Self {
        assert_eq!(self.exit, code, "{}\n{}", self.out, self.err);
        self
    }
}

impl Machine {
    fn new() -> Result<Self, RigError> {
        let keyring = KeyringDaemon::start(Presence::Unlocked)?;
        let mut environment = keyring.environment().clone();
        let built = Path::new(env!("CARGO_BIN_EXE_userfront"));
        let sandbox = Sandbox::start(&built.with_file_name("userfront-sandbox"), &[], &environment)?;
        let home = environment.folder().join("accounts");
        environment.set("USERFRONT_ACCOUNTS_HOME", &home);
        environment.set("USERFRONT_ACCOUNTS_SERVICE", SERVICE);
        environment.set("USERFRONT_API_URL", sandbox.api_base());
        Ok(Self { keyring, sandbox, environment, home })
    }

    fn typing(&self, arguments: &[&str], typed: &str) -> Ran {
        let mut command = self.environment.command(env!("CARGO_BIN_EXE_userfront"));
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that does not read closes it.
        drop(child.stdin.take().unwrap().write_all(typed.as_bytes()));
        let done = child.wait_with_output().unwrap();
        Ran {
            exit: done.status.code().unwrap(),
            out: String::from_utf8(done.stdout).unwrap(),
            err: String::from_utf8(done.stderr).unwrap(),
        }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.typing(arguments, "")
    }

    fn log_in(&self, name: &str) -> Ran {
        let arguments = ["log-in", "--tenant", "demo1234", "--user", name, "--password-stdin", "--json"];
        self.typing(&arguments, &format!("{PASSWORD}\n"))
    }

    fn entries(&self) -> usize {
        self.keyring.search(SERVICE).unwrap().len()
    }

    /// Every byte of ours on disk.
    fn on_disk(&self) -> String {
        fn read(folder: &Path, text: &mut String) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    read(&path, text);
                } else {
                    text.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
                }
            }
        }
        let mut text = String::new();
        read(&self.home, &mut text);
        text
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_log_in_to_log_out() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.run(&["status"]).exits(3);
    assert_eq!(machine.run(&["list", "--json"]).exits(0).json(), json!({"accounts": []}));
    let logged_in = machine.log_in("admin@example.com").exits(0).json();
    assert_eq!(logged_in["account"]["email"], "admin@example.com");
    assert_eq!(logged_in["account"]["tenantName"], "Demo Workspace");
    let status = machine.run(&["status", "--json"]).exits(0).json();
    assert_eq!((&status["keyring"]["status"], &status["pending"]), (&json!("ok"), &json!(0)));
    assert_eq!(status["active"]["health"], "ok");
    let list = machine.run(&["list"]).exits(0);
    assert!(list.out.starts_with("* ") && list.out.contains("demo1234:"), "{}", list.out);
    let token = machine.run(&["token"]).exits(0).out.trim().to_owned();
    assert!(token.starts_with("eyJ") && token.split('.').count() == 3);
    assert!(machine.keyring.search(SERVICE)?.iter().any(|entry| entry.secret == token));
    assert_eq!(machine.run(&["refresh", "--json"]).exits(0).json()["refreshed"], "stored");
    let renewed = machine.run(&["token", "admin@example.com"]).exits(0).out;
    assert!(renewed.trim().starts_with("eyJ"));
    let out = machine.run(&["log-out", "--json"]).exits(0).json();
    assert_eq!(out["loggedOut"][0]["revocation"], "revoked");
    assert_eq!(out["loggedOut"][0]["deletion"], "deleted");
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (0, 0));
    machine.run(&["status"]).exits(3);
    machine.run(&["log-out"]).exits(3);
    machine.run(&["token"]).exits(3);
    // Of all that it wrote.
    let on_disk = machine.on_disk();
    assert!(on_disk.contains("logged out"), "there is a log");
    for secret in ["eyJ", PASSWORD] {
        assert!(!on_disk.contains(secret), "{secret}");
        assert!(!list.out.contains(secret) && !status.to_string().contains(secret), "{secret}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_does_not_confirm_is_five_and_paid_later() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    let out = machine.run(&["log-out"]).exits(5);
    assert!(out.out.contains("pending"), "{}", out.out);
    let pending = machine.run(&["pending", "--json"]).exits(0).json();
    let row = &pending["pending"][0];
    assert!(row["id"].as_str().unwrap().starts_with("revoke.demo1234:"), "{row}");
    machine.run(&["pending", "--retry"]).exits(5);
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (1, 1));
    // Erasing would keep that session alive, and says so.
    let erase = machine.run(&["log-out", "--erase"]).exits(5);
    assert!(erase.err.contains("--discard-pending"), "{}", erase.err);
    machine.sandbox.set_faults(&json!([])).await?;
    machine.run(&["pending", "--retry"]).exits(0);
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (0, 0));
    machine.run(&["pending", "--discard", "revoke.nothing"]).exits(1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn any_run_pays_what_is_owed_and_is_not_held_up_by_it() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": "hang"}])).await?;
    let begin = std::time::Instant::now();
    machine.run(&["log-out"]).exits(5);
    assert!(begin.elapsed().as_secs() < 8, "{:?}", begin.elapsed());
    machine.sandbox.set_faults(&json!([])).await?;
    // Who has just been asked is left alone for a moment.
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    machine.run(&["list"]).exits(0);
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_others_of_the_exit_codes() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let wrong = machine
        .typing(&["log-in", "--tenant", "demo1234", "--user", "admin", "--password-stdin"], "wrong-canary\n");
    assert!(!wrong.err.contains("canary"));
    wrong.exits(1);
    machine.run(&["log-in", "--tenant", "demo1234", "--user", "admin"]).exits(2);
    machine.typing(&["log-in", "--user", "admin", "--password-stdin"], "x\n").exits(2);
    machine.typing(&["log-in", "--tenant", "a b", "--user", "admin", "--password-stdin"], "x\n").exits(2);
    machine.run(&["log-out", "nobody@example.com"]).exits(3);
    machine.log_in("admin@example.com").exits(0);
    machine.keyring.lock()?;
    let locked = machine.run(&["log-out"]).exits(4);
    assert!(locked.err.contains("locked") && locked.err.contains("Still logged in"), "{}", locked.err);
    machine.run(&["token"]).exits(4);
    assert_eq!(machine.run(&["status", "--json"]).exits(0).json()["keyring"]["status"], "locked");
    assert!(machine.keyring.is_locked()?, "and stays so");
    machine.keyring.unlock()?;
    machine.run(&["log-out"]).exits(0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn several_accounts_and_the_end_of_them_all() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.log_in("member@example.com").exits(0);
    let elsewhere = Sandbox::start(
        &Path::new(env!("CARGO_BIN_EXE_userfront")).with_file_name("userfront-sandbox"),
        &[],
        &machine.environment,
    )?;
    let there = [
        "log-in",
        "--tenant",
        "demo1234",
        "--user",
        "admin",
        "--password-stdin",
        "--api-url",
        elsewhere.api_base(),
    ];
    machine.typing(&there, &format!("{PASSWORD}\n")).exits(0);
    let ambiguous = machine.run(&["log-out", "admin@example.com"]).exits(2);
    assert_eq!(ambiguous.err.matches("@test.127.0.0.1").count(), 2, "{}", ambiguous.err);
    machine.run(&["switch", "member@example.com"]).exits(0);
    assert_eq!(machine.run(&["status", "--json"]).json()["active"]["email"], "member@example.com");
    assert_eq!(machine.entries(), 6);
    let out = machine.run(&["log-out", "--all", "--json"]).exits(0).json();
    assert_eq!(out["loggedOut"].as_array().unwrap().len(), 3);
    assert_eq!(
        (machine.entries(), machine.sandbox.alive().await?.len(), elsewhere.alive().await?.len()),
        (0, 0, 0)
    );
    machine.log_in("admin@example.com").exits(0);
    machine.keyring.plant(SERVICE, "note", &[], "left by an older version")?;
    let erased = machine.run(&["log-out", "--erase"]).exits(0);
    assert!(erased.out.contains("Erased"), "{}", erased.out);
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (0, 0));
    assert!(!machine.home.exists(), "every file is gone, and the folder");
    Ok(())
}
