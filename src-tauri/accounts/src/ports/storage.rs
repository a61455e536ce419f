//! What lies on disk: the registry with its locks, the activity, the settings. None of it is secret.

use std::fmt;

use async_trait::async_trait;

use crate::model::account::AccountId;
use crate::model::activity::{Line, Program};
use crate::model::registry::Registry;
use crate::model::registry_error::Action;
use crate::model::registry_error::RegistryError;
use crate::model::settings::Settings;

/// A change to the registry: runs once, under the lock, on what is on disk at that moment.
pub type Change = Box<dyn FnOnce(&mut Registry) + Send>;

/// Holds a lock of an account until it is dropped; a crash lets go of it too.
pub struct AccountLock {
    _guard: Box<dyn Send + Sync>,
}

impl AccountLock {
    /// Wraps whatever keeps the lock.
    #[must_use]
    pub fn new(guard: impl Send + Sync + 'static) -> Self {
        Self { _guard: Box::new(guard) }
    }
}

impl fmt::Debug for AccountLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountLock")
    }
}

/// A running program of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningProgram {
    /// Which.
    pub program: Program,
    /// The ID of its process.
    pub process: u32,
}

impl fmt::Display for RunningProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.program {
            Program::App => "the app",
            Program::Cli => "`userfront`",
        };
        write!(f, "{name} (process {})", self.process)
    }
}

/// What came of waiting for an account's refresh lock.
#[derive(Debug)]
pub enum RefreshLock {
    /// Nobody else refreshes the account until this is dropped.
    Taken(AccountLock),
    /// Another program has held it all the time; which one, as far as can be told.
    HeldBy(Option<RunningProgram>),
}

/// Where the registry lies, and the locks beside it. Shared with other processes of ours.
#[async_trait]
pub trait RegistryStorage: Send + Sync {
    /// What is on disk now. A registry that is not there yet reads as empty.
    async fn read(&self) -> Result<Registry, RegistryError>;

    /// Lock, re-read, change, write durably, unlock. What was written.
    async fn update(&self, change: Change) -> Result<Registry, RegistryError>;

    /// The account's lock; waits up to 5 s for another log-in, log-out or refresh of the same account.
    async fn lock_account(&self, account: &AccountId) -> Result<AccountLock, RegistryError>;

    /// The account's refresh lock; waits up to 20 s for another program. Whoever holds it is the only one who may send the
    /// account's refresh token. It is taken before the account's lock and never while that is held. `program` is what the
    /// others are told meanwhile.
    async fn lock_refresh(
        &self,
        account: &AccountId,
        program: RunningProgram,
    ) -> Result<RefreshLock, RegistryError>;

    /// Whether somebody holds the account's lock at this moment. For showing, not for deciding.
    async fn is_at_work(&self, account: &AccountId) -> bool;
}

/// A file beside the registry cannot be read or written. Neither the activity nor the settings keep a log-out from
/// taking place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} cannot be {action}: {detail}")]
pub struct FileError {
    /// Its name.
    pub file: &'static str,
    /// What could not be done.
    pub action: Action,
    /// What the system said.
    pub detail: String,
}

/// Where the activity is written down: appended to, never changed.
#[async_trait]
pub trait ActivityStorage: Send + Sync {
    /// Adds a line.
    async fn append(&self, line: Line) -> Result<(), FileError>;

    /// Every line that is kept, the oldest first.
    async fn lines(&self) -> Result<Vec<Line>, FileError>;
}

/// Where the settings lie. Shared with other processes of ours.
#[async_trait]
pub trait SettingsStorage: Send + Sync {
    /// What is on disk now; the defaults when there is nothing.
    async fn read(&self) -> Result<Settings, FileError>;

    /// Replaces what is on disk.
    async fn write(&self, settings: Settings) -> Result<(), FileError>;
}
