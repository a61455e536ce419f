//! A disk in memory: the registry, its locks, the activity and the settings. A test can make it full or slow.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accounts::model::account::AccountId;
use accounts::model::activity::Line;
use accounts::model::registry::Registry;
use accounts::model::registry_error::{Action, RegistryError};
use accounts::model::settings::Settings;
use accounts::ports::{
    AccountLock, ActivityStorage, Change, FileError, RefreshLock, RegistryStorage, RunningProgram,
    SettingsStorage,
};
use async_trait::async_trait;
use credential_store::effects::{Effects, Fate};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::lock;

type Locks = Arc<Mutex<HashMap<AccountId, Arc<tokio::sync::Mutex<()>>>>>;

/// The disk of a machine: the registry, the other files, and whether they can be written.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    registry: Arc<Mutex<Registry>>,
    full: Arc<Mutex<bool>>,
    /// The number of writes until the disk is full.
    room_for: Arc<Mutex<Option<usize>>>,
    locks: Locks,
    refresh_locks: Locks,
    /// The program that took the refresh lock of an account last.
    refreshing: Arc<Mutex<HashMap<AccountId, RunningProgram>>>,
    activity: Arc<Mutex<Vec<Line>>>,
    settings: Arc<Mutex<Settings>>,
    pause: Arc<Mutex<Option<Pause>>>,
    pause_of_writing: Arc<Mutex<Option<Pause>>>,
    /// All written versions, the latest last.
    written: Arc<Mutex<Vec<Registry>>>,
    trouble: Arc<Mutex<DiskTrouble>>,
    next_read_fails: Arc<Mutex<bool>>,
}

/// Faults of the disk other than being full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct DiskTrouble {
    pub(crate) unreadable: bool,
    pub(crate) no_locks: bool,
}

/// The last good copy when the registry is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastGood {
    Nothing,
    /// The copy is this many writes old: the app does not wait for a copy, and a power cut may lose some.
    Behind(usize),
}

/// Pauses one read or one write of the registry.
#[derive(Clone)]
pub(crate) struct Pause {
    /// The read returns what is on disk before the pause, or else after it.
    before: bool,
    pub(crate) reached: Arc<Notify>,
    pub(crate) go_on: Arc<Notify>,
}

impl Disk {
    /// Pauses the next read. It returns what is on disk `before` the pause, or else after it.
    pub(crate) fn pause_next_read(&self, before: bool) -> Pause {
        let pause = Pause { before, reached: Arc::default(), go_on: Arc::default() };
        lock(&self.pause).insert(pause).clone()
    }

    /// Only the next read of the registry fails.
    pub(crate) fn fail_next_read(&self) {
        *lock(&self.next_read_fails) = true;
    }

    pub(crate) fn registry(&self) -> Registry {
        lock(&self.registry).clone()
    }

    pub(crate) fn activity(&self) -> Vec<Line> {
        lock(&self.activity).clone()
    }

    /// Replaces the registry without a counted effect.
    pub(crate) fn replace_registry(&self, registry: Registry) {
        *lock(&self.registry) = registry;
    }

    pub(crate) fn is_full(&self) -> bool {
        *lock(&self.full)
    }

    /// Damages the registry and mends it as the real app does.
    pub(crate) fn damage(&self, copy: LastGood, unix_millis: u64) {
        let written = lock(&self.written);
        let copy = match copy {
            LastGood::Nothing => None,
            LastGood::Behind(writes) => written.iter().rev().nth(writes).cloned(),
        };
        *lock(&self.registry) =
            Registry::mended(copy, Some("accounts.damaged-1.json".to_owned()), unix_millis);
    }

    pub(crate) fn is_in_trouble(&self) -> bool {
        *lock(&self.trouble) != DiskTrouble::default()
    }

    pub(crate) fn set_trouble(&self, trouble: DiskTrouble) {
        *lock(&self.trouble) = trouble;
    }

    /// Pauses the next write of the registry before it takes effect.
    pub(crate) fn pause_next_write(&self) -> Pause {
        let pause = Pause { before: true, reached: Arc::default(), go_on: Arc::default() };
        lock(&self.pause_of_writing).insert(pause).clone()
    }

    pub(crate) fn set_full(&self, full: bool) {
        *lock(&self.full) = full;
        *lock(&self.room_for) = None;
    }

    /// The disk accepts this many more writes of the registry, and then none.
    pub(crate) fn full_after(&self, writes: usize) {
        *lock(&self.room_for) = Some(writes);
    }

    fn has_room(&self) -> bool {
        let mut room = lock(&self.room_for);
        let Some(left) = room.as_mut() else { return !self.is_full() };
        let has_room = *left > 0;
        *left = left.saturating_sub(1);
        has_room
    }
}

/// One process's access to the disk.
pub(crate) struct MemoryRegistry {
    pub(crate) disk: Disk,
    pub(crate) effects: Effects,
}

fn not_written() -> RegistryError {
    RegistryError::Io { action: Action::Written, detail: "no space left on device".to_owned() }
}

fn not_read() -> RegistryError {
    RegistryError::Io { action: Action::Read, detail: "input/output error".to_owned() }
}

#[async_trait]
impl RegistryStorage for MemoryRegistry {
    async fn read(&self) -> Result<Arc<Registry>, RegistryError> {
        self.effects.alive().await;
        if lock(&self.disk.trouble).unreadable || std::mem::take(&mut *lock(&self.disk.next_read_fails)) {
            return Err(not_read());
        }
        let registry = self.disk.registry();
        let Some(pause) = lock(&self.disk.pause).take() else { return Ok(registry.into()) };
        pause.reached.notify_one();
        pause.go_on.notified().await;
        Ok(if pause.before { registry } else { self.disk.registry() }.into())
    }

    async fn update(&self, change: Change) -> Result<Arc<Registry>, RegistryError> {
        let step = self.effects.begin("write the registry").await;
        let pause = lock(&self.disk.pause_of_writing).take();
        if let Some(pause) = pause {
            pause.reached.notify_one();
            pause.go_on.notified().await;
        }
        let fails = !self.disk.has_room() || lock(&self.disk.trouble).unreadable;
        let fate = if fails { Fate::Fail } else { step.fate() };
        if fate.happens() {
            let mut registry = lock(&self.disk.registry);
            change(&mut registry);
            registry.tell_apart();
            lock(&self.disk.written).push(registry.clone());
        }
        let written = self.disk.registry();
        step.end().await;
        if fate == Fate::Happen { Ok(written.into()) } else { Err(not_written()) }
    }

    async fn lock_account(&self, account: &AccountId) -> Result<AccountLock, RegistryError> {
        self.effects.alive().await;
        if lock(&self.disk.trouble).no_locks {
            return Err(not_written());
        }
        self.take(&self.disk.locks, account, LOCK_LIMIT).await.ok_or(RegistryError::Busy)
    }

    async fn lock_refresh(
        &self,
        account: &AccountId,
        program: RunningProgram,
    ) -> Result<RefreshLock, RegistryError> {
        self.effects.alive().await;
        if lock(&self.disk.trouble).no_locks {
            return Err(not_written());
        }
        let Some(taken) = self.take(&self.disk.refresh_locks, account, REFRESH_LOCK_LIMIT).await else {
            return Ok(RefreshLock::HeldBy(lock(&self.disk.refreshing).get(account).copied()));
        };
        lock(&self.disk.refreshing).insert(account.clone(), program);
        Ok(RefreshLock::Taken(taken))
    }

    async fn is_at_work(&self, account: &AccountId) -> bool {
        let mutex = lock(&self.disk.locks).entry(account.clone()).or_default().clone();
        mutex.try_lock().is_err()
    }
}

/// The same limits as in the real registry.
const LOCK_LIMIT: Duration = Duration::from_secs(5);
const REFRESH_LOCK_LIMIT: Duration = Duration::from_secs(20);

impl MemoryRegistry {
    async fn take(&self, locks: &Locks, account: &AccountId, limit: Duration) -> Option<AccountLock> {
        let mutex = lock(locks).entry(account.clone()).or_default().clone();
        let guard = timeout(limit, mutex.lock_owned()).await.ok()?;
        let stored = StoredToken(Arc::new(Mutex::new(Some(guard))));
        // The system releases the locks of a dead process, even if some of its tasks still wait here.
        let (slot, effects) = (stored.0.clone(), self.effects.clone());
        tokio::spawn(async move {
            effects.crashed().await;
            lock(&slot).take();
        });
        Some(AccountLock::new(stored))
    }
}

struct StoredToken(Arc<Mutex<Option<tokio::sync::OwnedMutexGuard<()>>>>);

impl Drop for StoredToken {
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

    async fn lines_of(&self, account: &AccountId) -> Result<Vec<Line>, FileError> {
        Ok(self.activity().into_iter().filter(|line| line.account.as_ref() == Some(account)).collect())
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
