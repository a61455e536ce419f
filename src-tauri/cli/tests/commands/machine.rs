//! A machine with a keyring, a server, and no window.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use test_rig::{Environment, KeyringDaemon, Presence, RigError, Sandbox};

use crate::conversation::Conversation;

pub(crate) const PASSWORD: &str = "testmodepassword";
pub(crate) const SERVICE: &str = "desktop.userfront.accounts.cli";
pub(crate) const DEFAULT_SIGNALS: &str = "--default-signal=INT,TERM,HUP,QUIT";
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_userfront");

pub(crate) struct Machine {
    pub(crate) keyring: KeyringDaemon,
    pub(crate) sandbox: Sandbox,
    pub(crate) environment: Environment,
    pub(crate) home: PathBuf,
}

/// The result of a run.
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {}\n{}", self.out, self.err))
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.exit, code, "{}\n{}", self.out, self.err);
        self
    }

    /// Exits with this code, saying this.
    #[track_caller]
    pub(crate) fn fails(self, code: i32, words: &str) -> Self {
        assert!(self.err.contains(words), "{}", self.err);
        self.exits(code)
    }
}

/// A signal for a process.
pub(crate) fn signal(name: &str, process: u32) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).status().unwrap();
    assert!(sent.success(), "kill -{name}: {sent}");
}

/// The sandbox's program.
pub(crate) fn sandbox_program() -> PathBuf {
    Path::new(PROGRAM).with_file_name("userfront-sandbox")
}

impl Machine {
    pub(crate) fn new() -> Result<Self, RigError> {
        Self::with(&[])
    }

    /// With a server that was started with these arguments.
    pub(crate) fn with(server: &[&str]) -> Result<Self, RigError> {
        let keyring = KeyringDaemon::start(Presence::Unlocked)?;
        let mut environment = keyring.environment().clone();
        let sandbox = Sandbox::start(&sandbox_program(), server, &environment)?;
        let home = environment.folder().join("accounts");
        environment.set("USERFRONT_ACCOUNTS_HOME", &home);
        environment.set("USERFRONT_ACCOUNTS_SERVICE", SERVICE);
        environment.set("USERFRONT_API_URL", sandbox.api_base());
        Ok(Self { keyring, sandbox, environment, home })
    }

    /// Begins a run that asks.
    pub(crate) fn begin(&self, arguments: &[&str]) -> Conversation {
        // A test run in the background ignores the signals that end a program.
        let mut command = self.environment.command("/usr/bin/env");
        Conversation::begin(command.args([DEFAULT_SIGNALS, PROGRAM]).args(arguments))
    }

    /// Begins `log-in` at a tenant.
    pub(crate) fn begin_log_in(&self, tenant: &str, rest: &[&str]) -> Conversation {
        self.begin(&[&["log-in", "--tenant", tenant, "--json"], rest].concat())
    }

    pub(crate) fn typing(&self, arguments: &[&str], typed: &str) -> Ran {
        let mut conversation = self.begin(arguments);
        // A command that does not read closes it.
        drop(conversation.write(typed));
        conversation.ends()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.typing(arguments, "")
    }

    /// Runs it by a shell, where `$@` is the command: with what standard output and error are to be, or under
    /// another program.
    pub(crate) fn run_in_shell(&self, script: &str, arguments: &[&str]) -> Ran {
        let mut command = self.environment.command("sh");
        command.args(["-c", script, "sh", PROGRAM]).args(arguments);
        Conversation::begin(&mut command).ends()
    }

    /// As good as a disk that is full: the list of accounts cannot be locked, and so not be written.
    pub(crate) fn make_unwritable(&self) {
        let lock = self.home.join("accounts.lock");
        std::fs::remove_file(&lock).unwrap();
        std::fs::create_dir(lock).unwrap();
    }

    pub(crate) fn make_writable(&self) {
        std::fs::remove_dir(self.home.join("accounts.lock")).unwrap();
    }

    pub(crate) fn log_in(&self, name: &str) -> Ran {
        let arguments = ["log-in", "--tenant", "demo1234", "--user", name, "--password-stdin", "--json"];
        self.typing(&arguments, &format!("{PASSWORD}\n"))
    }

    pub(crate) fn entries(&self) -> usize {
        self.keyring.search(SERVICE).unwrap().len()
    }

    /// Changes the registry, behind everybody's back.
    pub(crate) fn change_registry(&self, change: impl FnOnce(&mut Value)) {
        let path = self.home.join("accounts.json");
        let mut registry = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        change(&mut registry);
        // At once, as a program that reads it meanwhile expects.
        let new = self.home.join("accounts.test");
        std::fs::write(&new, registry.to_string()).unwrap();
        std::fs::rename(new, path).unwrap();
    }

    /// How many sessions there are at the server, and entries here.
    pub(crate) async fn left(&self) -> (usize, usize) {
        (self.sandbox.alive().await.unwrap().len(), self.entries())
    }

    /// How many calls there were with this method and end of the path.
    pub(crate) async fn calls(&self, method: &str, path: &str) -> usize {
        self.sandbox.requests_to(method, path).await.unwrap().len()
    }

    pub(crate) async fn until_calls(&self, method: &str, path: &str, calls: usize) {
        let began = Instant::now();
        while self.calls(method, path).await < calls {
            assert!(began.elapsed() < Duration::from_secs(30), "{path} is not called for the {calls}th time");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// An address of the sandbox's own, for tests.
    fn control(&self, path: &str) -> String {
        self.sandbox.api_base().replace("/v0/", &format!("/_sandbox/{path}"))
    }

    /// Changes a tenant.
    pub(crate) async fn change_tenant(&self, tenant: &str, change: &Value) {
        let answer =
            client().put(self.control(&format!("tenants/{tenant}"))).json(change).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// The mail or SMS that would have been sent last.
    pub(crate) async fn last_sent(&self) -> Value {
        let sent: Vec<Value> =
            client().get(self.control("outbox")).send().await.unwrap().json().await.unwrap();
        sent.last().unwrap().clone()
    }

    /// Every byte of ours on disk.
    pub(crate) fn on_disk(&self) -> String {
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

/// A client that goes nowhere by itself.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}
