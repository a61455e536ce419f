//! Storage on disk: the registry with its locks, the activity, the settings. None of it is secret.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::model::account::AccountId;
use crate::model::activity::{Line, Program};
use crate::model::registry::Registry;
use crate::model::registry_error::Action;
use crate::model::registry_error::RegistryError;
use crate::model::settings::Settings;

/// A change to the registry: runs once, under the lock, on the document that is on disk then.
pub type Change = Box<dyn FnOnce(&mut Registry) + Send>;

/// Holds a lock of an account until dropped; a crash releases it too.
pub struct AccountLock {
    _guard: Box<dyn Send + Sync>,
}

impl AccountLock {
    /// Wraps the guard of the lock.
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
    /// The app or the command line.
    pub program: Program,
    /// The process ID.
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

/// The result of waiting for an account's refresh lock.
#[derive(Debug)]
pub enum RefreshLock {
    /// No other program refreshes the account until this is dropped.
    Taken(AccountLock),
    /// Another program has held it all the time; which one, if known.
    HeldBy(Option<RunningProgram>),
}

/// The registry's storage and the locks beside it. Shared with other processes of ours.
#[async_trait]
pub trait RegistryStorage: Send + Sync {
    /// The document on disk. A missing one reads as empty.
    async fn read(&self) -> Result<Arc<Registry>, RegistryError>;

    /// Locks, re-reads, changes, writes durably, unlocks. Returns the document as written, which may hold
    /// others' later changes: those that came meanwhile are written together.
    async fn update(&self, change: Change) -> Result<Arc<Registry>, RegistryError>;

    /// Takes the account's lock; waits up to 5 s for another log-in, log-out or refresh of the account.
    async fn lock_account(&self, account: &AccountId) -> Result<AccountLock, RegistryError>;

    /// Takes the account's refresh lock; waits up to 20 s for another program, which is told `program`. Only
    /// the holder may send the account's refresh token. Taken before the account's lock, never while that is
    /// held.
    async fn lock_refresh(
        &self,
        account: &AccountId,
        program: RunningProgram,
    ) -> Result<RefreshLock, RegistryError>;

    /// Whether the account's lock is held at this moment. For display, not for decisions.
    async fn is_at_work(&self, account: &AccountId) -> bool;
}

/// A file beside the registry cannot be read or written. This never prevents a log-out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} cannot be {action}: {detail}")]
pub struct FileError {
    /// The file's name.
    pub file: &'static str,
    /// The action that failed.
    pub action: Action,
    /// The system's error text.
    pub detail: String,
}

/// The activity's storage: appended to, never changed.
#[async_trait]
pub trait ActivityStorage: Send + Sync {
    /// Adds a line.
    async fn append(&self, line: Line) -> Result<(), FileError>;

    /// Every line that is kept, the oldest first.
    async fn lines(&self) -> Result<Vec<Line>, FileError>;

    /// Those of one account.
    async fn lines_of(&self, account: &AccountId) -> Result<Vec<Line>, FileError>;
}

/// The settings' storage. Shared with other processes of ours.
#[async_trait]
pub trait SettingsStorage: Send + Sync {
    /// The settings on disk, or the defaults.
    async fn read(&self) -> Result<Settings, FileError>;

    /// Replaces the settings on disk.
    async fn write(&self, settings: Settings) -> Result<(), FileError>;
}
