//! Tests that live in a private keyring's environment.
//!
//! A process cannot soundly change its own environment, and the keyring libraries read
//! `DBUS_SESSION_BUS_ADDRESS` from it. So such a test runs twice: the first time it starts the private
//! keyring and runs itself again in there, in a process of its own; the second time it does its work.
//!
//! ```no_run
//! # fn main() {}
//! #[test]
//! fn a_token_survives() -> Result<(), Box<dyn std::error::Error>> {
//!     let Some(keyring) = test_rig::enter("a_token_survives", test_rig::Presence::Unlocked)? else {
//!         return Ok(());
//!     };
//!     // From here on in the private environment; `keyring` locks, kills, searches, ….
//!     keyring.lock()?;
//!     assert!(keyring.is_locked()?);
//!     Ok(())
//! }
//! ```
//!
//! The name is the one that `cargo test -- --list` prints: with its modules, without the crate. Works in
//! `#[tokio::test]` the same way. A wrong name is an error, not an empty success.

use std::{env, fs, ops::Deref, path::PathBuf, time::Duration};

use crate::{
    Environment, KeyringControl, KeyringDaemon, KeyringOptions, RigError, environment::MARKER, process::run,
    screen::Screen,
};

/// Set, in the second run, to the test's name.
const INSIDE: &str = "TEST_RIG_INSIDE";

/// Set by `cargo xtask test --full`.
const FULL: &str = "USERFRONT_FULL";

/// How long a test may take in there.
const LIMIT: Duration = Duration::from_mins(15);

/// The second run's hold on the private keyring around it.
#[derive(Debug)]
pub struct Inside {
    control: KeyringControl,
    screen: Option<Screen>,
}

impl Inside {
    /// The X server, when [`KeyringOptions::screen`] asked for one.
    #[must_use]
    pub fn screen(&self) -> Option<&Screen> {
        self.screen.as_ref()
    }
}

impl Deref for Inside {
    type Target = KeyringControl;

    fn deref(&self) -> &KeyringControl {
        &self.control
    }
}

/// Outside: starts a private keyring, runs the test `name` of the current executable in its environment,
/// prints what it printed, and returns `None` when it passed. Inside: returns the hold on the keyring.
pub fn enter(name: &str, options: impl Into<KeyringOptions>) -> Result<Option<Inside>, RigError> {
    if env::var_os(INSIDE).is_some_and(|inside| inside == name) {
        return inside().map(Some);
    }
    let keyring = KeyringDaemon::start(options)?;
    let executable = env::current_exe().map_err(RigError::start("the test itself"))?;
    let mut environment = keyring.environment().clone();
    environment.set(INSIDE, name);
    // Asks for the long form of a campaign; else nothing of this process's environment is passed on.
    if let Some(full) = env::var_os(FULL) {
        environment.set(FULL, full);
    }
    if let Some(screen) = keyring.screen() {
        environment.set("TEST_RIG_SCREEN", screen.size_text());
    }
    let mut command = environment.command(&executable);
    command.args([name, "--exact", "--nocapture", "--include-ignored", "--test-threads=1"]);
    let (status, output) = run(&mut command, LIMIT)?;
    print!("{output}");
    if !status.success() {
        return Err(RigError::Failed {
            program: format!("{name}, inside the private keyring,"),
            status,
            output,
        });
    }
    if !ran(keyring.environment()).exists() {
        return Err(RigError::Unexpected(format!("this executable has no test named {name}")));
    }
    Ok(None)
}

fn inside() -> Result<Inside, RigError> {
    let folder = env::var_os(MARKER)
        .map(PathBuf::from)
        .ok_or_else(|| RigError::Unexpected(format!("{INSIDE} is set without {MARKER}")))?;
    let mut environment = Environment::new(&folder);
    for (name, value) in env::vars_os() {
        if name != INSIDE {
            environment.set(name, value);
        }
    }
    let ran = ran(&environment);
    fs::write(&ran, "").map_err(RigError::file(&ran))?;
    let screen = Screen::inherited()?;
    Ok(Inside { control: KeyringControl::new(environment), screen })
}

/// Written by the second run: tells "passed" from "no such test".
fn ran(environment: &Environment) -> PathBuf {
    environment.folder().join("ran")
}
