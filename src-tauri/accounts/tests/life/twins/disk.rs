//! A disk in memory: the registry, its locks, the activity and the settings; full, or slow, when a test says so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accounts::account::AccountId;
use accounts::activity::Line;
use accounts::ports::{AccountLock, ActivityStorage, Change, FileError, RegistryStorage, SettingsStorage};
use accounts::registry::{Registry, RegistryError};
use accounts::settings::Settings;
use async_trait::async_trait;
use credential_store::effects::{Effects, Fate};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::lock;

/// The disk of a machine: the registry and what lies beside it, and whether it can be written.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    registry: Arc<Mutex<Registry>>,
    full: Arc<Mutex<bool>>,
    locks: Arc<Mutex<HashMap<AccountId, Arc<tokio::sync::Mutex<()>>>>>,
    activity: Arc<Mutex<Vec<Line>>>,
    settings: Arc<Mutex<Settings>>,
    pause: Arc<Mutex<Option<Pause>>>,
    next_read_fails: Arc<Mutex<bool>>,
}

/// The next read of the registry takes its time.
#[derive(Clone)]
pub(crate) struct Pause {
    /// What it answers with is what is on disk before the pause, or after it.
    before: bool,
    pub(crate) reached: Arc<Notify>,
    pub(crate) go_on: Arc<Notify>,
}

impl Disk {
    /// Of the next read: what is on disk `before` the pause, or after it, is its answer.
    pub(crate) fn pause_next_read(&self, before: bool) -> Pause {
        let pause = Pause { before, reached: Arc::default(), go_on: Arc::default() };
        lock(&self.pause).insert(pause).clone()
    }

    /// The next read of the registry fails, and no other.
    pub(crate) fn fail_next_read(&self) {
        *lock(&self.next_read_fails) = true;
    }

    pub(crate) fn registry(&self) -> Registry {
        lock(&self.registry).clone()
    }

    pub(crate) fn activity(&self) -> Vec<Line> {
        lock(&self.activity).clone()
    }

    /// Behind everybody's back.
    pub(crate) fn replace_registry(&self, registry: Registry) {
        *lock(&self.registry) = registry;
    }

    pub(crate) fn set_full(&self, full: bool) {
        *lock(&self.full) = full;
    }
}

/// One process's way to the disk.
pub(crate) struct MemoryRegistry {
    pub(crate) disk: Disk,
    pub(crate) effects: Effects,
}

fn not_written() -> RegistryError {
    RegistryError::Io { action: "written", detail: "no space left on device".to_owned() }
}

#[async_trait]
impl RegistryStorage for MemoryRegistry {
    async fn read(&self) -> Result<Registry, RegistryError> {
        self.effects.alive().await;
        if std::mem::take(&mut *lock(&self.disk.next_read_fails)) {
            return Err(RegistryError::Io { action: "read", detail: "input/output error".to_owned() });
        }
        let registry = self.disk.registry();
        let Some(pause) = lock(&self.disk.pause).take() else { return Ok(registry) };
        pause.reached.notify_one();
        pause.go_on.notified().await;
        Ok(if pause.before { registry } else { self.disk.registry() })
    }

    async fn update(&self, change: Change) -> Result<Registry, RegistryError> {
        let step = self.effects.begin("write the registry").await;
        let fate = if *lock(&self.disk.full) { Fate::Fail } else { step.fate() };
        if fate.happens() {
            change(&mut lock(&self.disk.registry));
        }
        let written = self.disk.registry();
        step.end().await;
        if fate == Fate::Happen { Ok(written) } else { Err(not_written()) }
    }

    async fn lock_account(&self, account: &AccountId) -> Result<AccountLock, RegistryError> {
        self.effects.alive().await;
        let mutex = lock(&self.disk.locks).entry(account.clone()).or_default().clone();
        let Ok(guard) = timeout(LOCK_LIMIT, mutex.lock_owned()).await else {
            return Err(RegistryError::Busy);
        };
        let held = Held(Arc::new(Mutex::new(Some(guard))));
        // The system lets go of the locks of a dead process, whatever of it still waits for an answer here.
        let (slot, effects) = (held.0.clone(), self.effects.clone());
        tokio::spawn(async move {
            effects.crashed().await;
            lock(&slot).take();
        });
        Ok(AccountLock::new(held))
    }

    async fn is_at_work(&self, account: &AccountId) -> bool {
        let mutex = lock(&self.disk.locks).entry(account.clone()).or_default().clone();
        mutex.try_lock().is_err()
    }
}

/// As long as the real one waits.
const LOCK_LIMIT: Duration = Duration::from_secs(5);

struct Held(Arc<Mutex<Option<tokio::sync::OwnedMutexGuard<()>>>>);

impl Drop for Held {
    fn drop(&mut self) {
        lock(&self.0).take();
    }
}

#[async_trait]
impl ActivityStorage for Disk {
    async fn append(&self, line: Line) -> Result<(), FileError> {
        lock(&self.activity).push(line);
        Ok(())
    }

    async fn lines(&self) -> Result<Vec<Line>, FileError> {
        Ok(self.activity())
    }
}

#[async_trait]
impl SettingsStorage for Disk {
    async fn read(&self) -> Result<Settings, FileError> {
        Ok(*lock(&self.settings))
    }

    async fn write(&self, settings: Settings) -> Result<(), FileError> {
        *lock(&self.settings) = settings;
        Ok(())
    }
}
