//! The registry on disk: `accounts.json`, the last good copy beside it, and lock files.
//!
//! A write goes to a new file, which is synced and then renamed over the old one: a power cut leaves the old
//! document or the new one. Then the copy is replaced. An unreadable document is kept under another name and
//! the copy takes its place; the document says so until the user has read it. Folder 0700, files 0600. Lock
//! files are never renamed or removed: a lock on a removed file would exclude no other process.
//!
//! Everything here blocks (a few ms; up to 5 s for a lock), so it runs on tokio's blocking threads.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::model::account::AccountId;
use crate::model::registry::{Registry, VERSION};
use crate::model::registry_error::{Action, RegistryError};
use crate::model::text::hex;
use crate::ports::{AccountLock, Change, RefreshLock, RegistryStorage, RunningProgram};
use crate::storage::files;
use crate::storage::registry_file::changes::Changes;

mod changes;
mod refresh_lock;

/// The document's name in the data folder.
pub const DOCUMENT: &str = "accounts.json";
pub(crate) const LAST_GOOD: &str = "accounts.last-good.json";
const LOCK: &str = "accounts.lock";
const LOCK_LIMIT: Duration = Duration::from_secs(5);
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Whether a file of this name is the registry, a copy of it, a lock, or left by an interrupted write of one.
pub(crate) fn is_ours(name: &str) -> bool {
    let between = |start: &str, end: &str| name.starts_with(start) && name.ends_with(end);
    [DOCUMENT, LAST_GOOD, LOCK].contains(&name)
        || name == format!("{LAST_GOOD}.new")
        || files::is_unfinished(name, DOCUMENT)
        || between("accounts.damaged-", ".json")
        || between("account-", ".lock")
        || between("refresh-", ".lock")
}

/// The registry in a folder. Cheap to clone; any number of instances and processes may share one folder.
#[derive(Debug, Clone)]
pub struct FileRegistry {
    folder: Folder,
    shared: Option<Folder>,
    changes: Arc<Changes>,
}

impl FileRegistry {
    /// The registry in `folder`, which is made when it is first needed.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder: Folder::new(folder), shared: None, changes: Arc::default() }
    }

    /// Also locks in `folder`, for data folders with the same keyring, which may share an account.
    #[must_use]
    pub fn sharing(self, folder: Option<PathBuf>) -> Self {
        Self { shared: folder.map(Folder::new), ..self }
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, RegistryError> + Send + 'static,
    ) -> Result<T, RegistryError> {
        let folder = self.folder.clone();
        let done = tokio::task::spawn_blocking(move || work(&folder)).await;
        done.unwrap_or_else(|failed| {
            Err(RegistryError::Io { action: Action::Read, detail: failed.to_string() })
        })
    }
}

#[async_trait]
impl RegistryStorage for FileRegistry {
    async fn read(&self) -> Result<Arc<Registry>, RegistryError> {
        self.blocking(Folder::read).await
    }

    async fn update(&self, change: Change) -> Result<Arc<Registry>, RegistryError> {
        let written = self.changes.add(change);
        let changes = self.changes.clone();
        let write = move |folder: &Folder| {
            changes.write_all(|all| folder.update(all));
            Ok(())
        };
        self.blocking(write).await?;
        written.await.unwrap_or_else(|_| Err(changes::not_made()))
    }

    async fn lock_account(&self, account: &AccountId) -> Result<AccountLock, RegistryError> {
        let name = lock_name(account);
        let lock = self.blocking(move |folder| folder.lock(&name)).await?;
        Ok(AccountLock::new(lock))
    }

    async fn lock_refresh(
        &self,
        account: &AccountId,
        program: RunningProgram,
    ) -> Result<RefreshLock, RegistryError> {
        let asked_at = Instant::now();
        loop {
            let (name, shared) = (refresh_lock::name(account), self.shared.clone());
            let locked = self.blocking(move |folder| {
                let own = folder.try_lock_refresh(&name, program)?;
                Ok(own.and_shared(shared.as_ref(), &name, program))
            });
            match locked.await? {
                RefreshLock::HeldBy(_) if asked_at.elapsed() < refresh_lock::LIMIT => {
                    tokio::time::sleep(LOCK_PAUSE).await;
                }
                done => return Ok(done),
            }
        }
    }

    async fn is_at_work(&self, account: &AccountId) -> bool {
        let name = lock_name(account);
        self.blocking(move |folder| Ok(folder.is_locked(&name))).await.unwrap_or(false)
    }
}

/// Valid on any file system.
fn lock_name(account: &AccountId) -> String {
    format!("account-{}.lock", hex(&Sha256::digest(account.to_string())[..12]))
}

#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: Arc<Path>,
    /// What the document held when it was last read or written. To parse it again takes far longer than to
    /// read and compare it.
    parsed: Arc<Mutex<Option<Parsed>>>,
}

#[derive(Debug)]
struct Parsed {
    bytes: Vec<u8>,
    registry: Arc<Registry>,
}

/// The state of the file at a document's path.
enum Found {
    Nothing,
    Good(Arc<Registry>),
    Damaged,
}

#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    version: Option<u64>,
}

impl Folder {
    fn new(path: PathBuf) -> Self {
        Self { path: path.into(), parsed: Arc::default() }
    }

    fn read(&self) -> Result<Arc<Registry>, RegistryError> {
        match self.find(DOCUMENT)? {
            Found::Good(registry) => Ok(registry),
            Found::Nothing if !self.path.join(LAST_GOOD).exists() => Ok(Arc::default()),
            Found::Nothing | Found::Damaged => {
                let _lock = self.lock(LOCK)?;
                self.read_or_mend()
            }
        }
    }

    fn update(&self, changes: Vec<Change>) -> Result<Arc<Registry>, RegistryError> {
        let _lock = self.lock(LOCK)?;
        let before = self.read_or_mend()?;
        let mut registry = Registry::clone(&before);
        for change in changes {
            change(&mut registry);
        }
        registry.tell_apart();
        if registry == *before && self.path.join(DOCUMENT).exists() {
            Ok(before)
        } else {
            self.write(registry)
        }
    }

    /// To be called under the lock only.
    fn read_or_mend(&self) -> Result<Arc<Registry>, RegistryError> {
        let damaged = match self.find(DOCUMENT)? {
            Found::Good(registry) => return Ok(registry),
            Found::Nothing => false,
            Found::Damaged => true,
        };
        let copy = match self.find(LAST_GOOD)? {
            Found::Good(registry) => Some(Arc::unwrap_or_clone(registry)),
            Found::Nothing if !damaged => return Ok(Arc::default()),
            Found::Nothing | Found::Damaged => None,
        };
        let kept_as = if damaged { self.keep_aside()? } else { None };
        let from_last_good = copy.is_some();
        let registry = self.write(Registry::mended(copy, kept_as, unix_millis()))?;
        tracing::warn!(from_last_good, "the account list was damaged or missing and has been mended");
        Ok(registry)
    }

    fn find(&self, name: &str) -> Result<Found, RegistryError> {
        let read = files::read(&self.path.join(name)).map_err(|error| unreadable(&error))?;
        let Some(bytes) = read else { return Ok(Found::Nothing) };
        let mut parsed = self.parsed();
        if let Some(parsed) = parsed.as_ref().filter(|parsed| parsed.bytes == bytes) {
            return Ok(Found::Good(parsed.registry.clone()));
        }
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Ok(Found::Damaged);
        }
        match serde_json::from_slice(&bytes) {
            Ok(Version { version: Some(version) }) if version > u64::from(VERSION) => {
                return Err(RegistryError::TooNew { format: u32::try_from(version).unwrap_or(u32::MAX) });
            }
            Ok(_) => {}
            Err(_) => return Ok(Found::Damaged),
        }
        let Ok(registry) = serde_json::from_slice::<Registry>(&bytes) else { return Ok(Found::Damaged) };
        let mut registry = Registry { version: VERSION, ..registry };
        registry.tell_apart();
        let registry = Arc::new(registry);
        *parsed = Some(Parsed { bytes, registry: registry.clone() });
        Ok(Found::Good(registry))
    }

    /// Renames the damaged document. Returns the new name, unless the same document was already kept.
    fn keep_aside(&self) -> Result<Option<String>, RegistryError> {
        let name = format!("accounts.damaged-{}.json", unix_millis() / 1_000);
        fs::rename(self.path.join(DOCUMENT), self.path.join(&name)).map_err(|error| unwritable(&error))?;
        Ok(Some(name))
    }

    fn write(&self, registry: Registry) -> Result<Arc<Registry>, RegistryError> {
        let mut bytes = serde_json::to_vec_pretty(&registry).map_err(|error| unwritable(&error.into()))?;
        bytes.push(b'\n');
        files::replace(&self.path.join(DOCUMENT), &bytes).map_err(|error| unwritable(&error))?;
        // The document is durable; only its copy is older than it could be. The change has not failed.
        if let Err(error) = self.copy(&bytes) {
            tracing::warn!(%error, "the last good copy of the account list was not renewed");
        }
        let registry = Arc::new(registry);
        *self.parsed() = Some(Parsed { bytes, registry: registry.clone() });
        Ok(registry)
    }

    fn parsed(&self) -> MutexGuard<'_, Option<Parsed>> {
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No sync: the document is durable already, and the copy is needed only if it is damaged later.
    fn copy(&self, bytes: &[u8]) -> io::Result<()> {
        let unfinished = self.path.join(format!("{LAST_GOOD}.new"));
        let mut options = files::private();
        options.write(true).create(true).truncate(true);
        options.open(&unfinished)?.write_all(bytes)?;
        fs::rename(unfinished, self.path.join(LAST_GOOD))
    }

    fn is_locked(&self, name: &str) -> bool {
        let file = OpenOptions::new().write(true).open(self.path.join(name));
        file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }

    fn open_lock(&self, name: &str) -> Result<File, RegistryError> {
        files::make_folder(&self.path).map_err(|error| unwritable(&error))?;
        let mut options = files::private();
        options.read(true).write(true).create(true).truncate(false);
        options.open(self.path.join(name)).map_err(|error| unwritable(&error))
    }

    fn lock(&self, name: &str) -> Result<File, RegistryError> {
        let file = self.open_lock(name)?;
        let asked_at = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if asked_at.elapsed() < LOCK_LIMIT => {
                    std::thread::sleep(LOCK_PAUSE);
                }
                Err(TryLockError::WouldBlock) => return Err(RegistryError::Busy),
                Err(TryLockError::Error(error)) => return Err(unwritable(&error)),
            }
        }
    }
}

fn unix_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn unreadable(error: &io::Error) -> RegistryError {
    RegistryError::Io { action: Action::Read, detail: error.to_string() }
}

fn unwritable(error: &io::Error) -> RegistryError {
    RegistryError::Io { action: Action::Written, detail: error.to_string() }
}
