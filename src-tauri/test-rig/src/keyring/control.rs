//! Control of a private keyring: lock, unlock, kill, stop, restart; and what lies
//! in it, by the word of `secret-tool`.

use std::{
    fs::File,
    io::Write,
    process::Stdio,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rustix::process::Signal;

use crate::{
    Environment, RigError, SecretServiceKind, WitnessedEntry, bus,
    process::{Group, is_stopped, signal, succeed, wait_for},
    secret_service, witness,
};

/// The password of every private keyring. An empty one would create no collection at all.
const PASSWORD: &str = "rig password";

/// How long the daemon has to come up, or to go.
const START: Duration = Duration::from_secs(15);

/// How long `secret-tool` has.
const WITNESS: Duration = Duration::from_secs(10);

/// Commands and questions a private keyring, from the process that started it or from one inside it.
#[derive(Debug)]
pub struct KeyringControl {
    // A daemon that this process started. It ends with this value.
    daemon: Mutex<Option<Group>>,
    environment: Environment,
    pub(super) address: String,
    kind: SecretServiceKind,
}

impl KeyringControl {
    pub(crate) fn new(environment: Environment) -> Self {
        let address = bus::address(environment.folder());
        let kind = SecretServiceKind::of(&environment);
        Self { daemon: Mutex::new(None), environment, address, kind }
    }

    /// The program that keeps the keyring.
    #[must_use]
    pub fn kind(&self) -> SecretServiceKind {
        self.kind
    }

    /// The environment of a child process that uses this keyring.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The password of the keyring's dialog.
    #[must_use]
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// The process ID of the daemon that owns the keyring's name on the bus; `None` when
    /// there is none.
    pub fn daemon_pid(&self) -> Result<Option<u32>, RigError> {
        secret_service::daemon(&self.address)
    }

    /// Whether the default collection is locked.
    pub fn is_locked(&self) -> Result<bool, RigError> {
        secret_service::is_locked(&self.address)
    }

    /// Locks the default collection.
    pub fn lock(&self) -> Result<(), RigError> {
        secret_service::lock(&self.address, None)
    }

    /// Unlocks the default collection, without a dialog.
    pub fn unlock(&self) -> Result<(), RigError> {
        secret_service::unlock(&self.address, PASSWORD)
    }

    /// Makes a collection beside the default one, under the same password, and puts an entry into it as
    /// [`plant`](Self::plant) does; then locks it.
    pub fn plant_in_a_locked_collection(
        &self,
        label: &str,
        service: &str,
        user: &str,
        secret: &str,
    ) -> Result<(), RigError> {
        let collection = secret_service::make_collection(&self.address, label, PASSWORD)?;
        self.store(Some(collection.as_str()), service, user, &[], secret)?;
        secret_service::lock(&self.address, Some(collection))
    }

    /// Kills the daemon (SIGKILL) and waits until the bus has noticed.
    pub fn kill(&self) -> Result<(), RigError> {
        let pid = self.running()?;
        signal(pid, Signal::KILL)?;
        wait_for("the keyring daemon to be gone", START, || {
            // Not "no daemon": with activation another one may be there already.
            Ok((self.daemon_pid()? != Some(pid)).then_some(()))
        })
    }

    /// Stops the daemon (SIGSTOP): it keeps its name and answers nothing.
    pub fn stop(&self) -> Result<(), RigError> {
        let pid = self.running()?;
        signal(pid, Signal::STOP)?;
        wait_for("the keyring daemon to stop", START, || Ok(is_stopped(pid).then_some(())))
    }

    /// Lets a stopped daemon go on (SIGCONT).
    pub fn cont(&self) -> Result<(), RigError> {
        signal(self.running()?, Signal::CONT)
    }

    /// Restarts the daemon, unlocked. What was stored is still there.
    pub fn restart_unlocked(&self) -> Result<(), RigError> {
        self.restart(true)?;
        wait_for("the private keyring to be unlocked", START, || match self.is_locked() {
            Ok(locked) => Ok((!locked).then_some(())),
            // It owns its name a moment before it has its collection.
            Err(_) => Ok(None),
        })
    }

    /// Restarts the daemon, locked.
    pub fn restart_locked(&self) -> Result<(), RigError> {
        self.restart(false)?;
        wait_for("the private keyring to be locked", START, || match self.is_locked() {
            Ok(locked) => Ok(locked.then_some(())),
            Err(_) => Ok(None),
        })
    }

    /// Every entry whose attribute `service` is `service`, as `secret-tool` finds it: the independent
    /// witness.
    ///
    /// Only while the keyring is unlocked: `secret-tool` asks the user to unlock what it finds locked, which
    /// would change what is being tested; the rig therefore refuses.
    pub fn search(&self, service: &str) -> Result<Vec<WitnessedEntry>, RigError> {
        if self.is_locked()? {
            return Err(RigError::Unexpected(
                "secret-tool must not be used while the keyring is locked".to_owned(),
            ));
        }
        loop {
            let mut command = self.environment.command("secret-tool");
            command.args(["search", "--all", "service", service]);
            match succeed(&mut command, WITNESS) {
                Ok(printed) => return Ok(witness::parse(&printed)),
                // Deleted between its search and its look: it looks again.
                Err(RigError::Failed { output, .. }) if output.contains("No such secret item") => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Stores an entry by way of `secret-tool`, with the attributes that the keyring crate gives its own
    /// (`service`, `username`) and those given besides: a stranger's entry.
    pub fn plant(
        &self,
        service: &str,
        user: &str,
        more: &[(&str, &str)],
        secret: &str,
    ) -> Result<(), RigError> {
        if self.is_locked()? {
            return Err(RigError::Unexpected(
                "secret-tool must not be used while the keyring is locked".to_owned(),
            ));
        }
        self.store(None, service, user, more, secret)
    }

    /// Adds a duplicate of an entry: an item with the same two attributes and no others.
    pub fn add_duplicate(&self, service: &str, user: &str, secret: &str) -> Result<(), RigError> {
        secret_service::create_item(&self.address, &[("service", service), ("username", user)], secret)
    }

    fn store(
        &self,
        collection: Option<&str>,
        service: &str,
        user: &str,
        more: &[(&str, &str)],
        secret: &str,
    ) -> Result<(), RigError> {
        let mut command = self.environment.command("secret-tool");
        command.args(["store", "--label=planted by the test rig"]);
        command.args(collection.map(|path| format!("--collection={path}")));
        command.args(["service", service, "username", user]);
        command.args(more.iter().flat_map(|(name, value)| [name, value]));
        let mut group = Group::start(command.stdin(Stdio::piped()).stdout(Stdio::null()))?;
        write_and_close(&mut group, secret)?;
        let status = wait_for("secret-tool to store", WITNESS, || group.ended())?;
        if status.success() {
            return Ok(());
        }
        Err(RigError::Failed { program: "secret-tool".to_owned(), status, output: String::new() })
    }

    fn running(&self) -> Result<u32, RigError> {
        self.daemon_pid()?
            .ok_or_else(|| RigError::Unexpected("no keyring daemon is on the private bus".to_owned()))
    }

    fn restart(&self, unlocked: bool) -> Result<(), RigError> {
        if self.daemon_pid()?.is_some() {
            self.kill()?;
        }
        let log = self.environment.folder().join("keyring.log");
        let log = File::options().create(true).append(true).open(&log).map_err(RigError::file(log))?;
        let line = self.kind.command(unlocked)?;
        let mut daemon = Group::start(
            self.environment
                .command(&line[0])
                .args(&line[1..])
                .stdin(Stdio::piped())
                .stdout(log.try_clone().map_err(RigError::start(self.kind.program()))?)
                .stderr(log),
        )?;
        if unlocked {
            write_and_close(&mut daemon, PASSWORD)?;
        } else {
            drop(daemon.child().stdin.take());
        }
        let pid = daemon.id();
        // Replaces, and thereby reaps, the one before.
        *self.daemon.lock().unwrap_or_else(PoisonError::into_inner) = Some(daemon);
        wait_for("the keyring daemon to take its name", START, || {
            Ok((self.daemon_pid()? == Some(pid)).then_some(()))
        })
    }
}

pub(crate) fn write_and_close(group: &mut Group, text: &str) -> Result<(), RigError> {
    match group.child().stdin.take() {
        Some(mut input) => {
            input.write_all(text.as_bytes()).map_err(RigError::start("standard input of a child"))
        }
        None => Err(RigError::Unexpected("a child's standard input is no pipe".to_owned())),
    }
}
