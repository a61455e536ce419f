//! The OS keyring as the accounts' [`CredentialStore`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use accounts::EntryName;
use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{CredentialStore, StoreError, StoreStatus};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};

use crate::platform;
use crate::store::Store;
use crate::thread::StoreThread;

/// How long calls may take, and how large an item may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For one call, from its beginning. While a call is queued, the limits of the calls before it apply.
    pub call: Duration,
    /// For the user to answer the unlock dialog. The dialog then stays open and its answer counts, but no
    /// call waits for it.
    pub unlock: Duration,
    /// Bytes that one item takes; a larger secret is split. At least 136.
    pub item_bytes: usize,
}

impl Default for Limits {
    /// 3 s, 60 s, and what the platform takes: 2,560 bytes on Windows, no limit elsewhere.
    fn default() -> Self {
        Self {
            call: Duration::from_secs(3),
            unlock: Duration::from_mins(1),
            item_bytes: platform::ITEM_BYTES,
        }
    }
}

/// The platform's keyring, called on its own thread. A clone is a handle to the same thread.
///
/// Futures need a tokio runtime with its timer.
#[derive(Debug, Clone)]
pub struct Keyring {
    service: String,
    limits: Limits,
    thread: StoreThread,
    may_ask: Arc<AtomicBool>,
}

impl Keyring {
    /// Keeps its entries under `service`. Does not contact the keyring before the first call.
    #[must_use]
    pub fn new(service: String, limits: Limits) -> Self {
        let its_service = service.clone();
        let make = move || Store::new(Box::new(platform::vault(its_service.clone())), limits.item_bytes);
        let thread = StoreThread::start(limits.call, platform::NAME, make);
        Self { service, limits, thread, may_ask: Arc::default() }
    }
}

#[async_trait]
impl CredentialStore for Keyring {
    fn name(&self) -> String {
        self.thread.name().to_owned()
    }

    fn service(&self) -> String {
        self.service.clone()
    }

    async fn status(&self) -> StoreStatus {
        as_status(self.thread.ask("status".to_owned(), Store::status).await)
    }

    async fn read(&self, entry: &EntryName) -> Result<Option<SecretString>, StoreError> {
        let name = entry.clone();
        self.thread.ask(format!("read {entry}"), move |store| store.read(&name)).await?
    }

    async fn read_all(&self, entries: &[EntryName]) -> Result<Vec<(EntryName, SecretString)>, StoreError> {
        let names = entries.to_vec();
        let what = names.iter().fold("read".to_owned(), |what, name| format!("{what} {name}"));
        self.thread.ask(what, move |store| store.read_all(&names)).await?
    }

    async fn write(&self, entry: &EntryName, secret: &SecretString) -> Result<(), StoreError> {
        let (name, secret) = (entry.clone(), secret.clone());
        let may_ask = self.may_ask.load(Ordering::SeqCst);
        let write = move |store: &mut Store| {
            if may_ask {
                store.allow_questions();
            }
            #[expect(clippy::disallowed_methods, reason = "the keyring is where the secret goes")]
            store.write(&name, secret.expose_secret())
        };
        self.thread.ask(format!("write {entry}"), write).await?
    }

    async fn delete(&self, entries: &[EntryName]) -> Result<Deletion, StoreError> {
        let names = entries.to_vec();
        let what = names.iter().fold("delete".to_owned(), |what, name| format!("{what} {name}"));
        let may_ask = self.may_ask.load(Ordering::SeqCst);
        let delete = move |store: &mut Store| {
            if may_ask {
                store.allow_questions();
            }
            store.delete(&names)
        };
        self.thread.ask(what, delete).await?
    }

    fn allow_questions(&self) {
        self.may_ask.store(true, Ordering::SeqCst);
    }

    async fn entries(&self) -> Result<Vec<EntryName>, StoreError> {
        self.thread.ask("list the entries".to_owned(), Store::entries).await?
    }

    async fn unlock(&self) -> StoreStatus {
        let limit = self.limits.unlock;
        as_status(
            self.thread.ask_the_user("unlock".to_owned(), limit, move |store| store.unlock(limit)).await,
        )
    }
}

fn as_status(answer: Result<StoreStatus, StoreError>) -> StoreStatus {
    answer.unwrap_or_else(StoreStatus::from)
}
