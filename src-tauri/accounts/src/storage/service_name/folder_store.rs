//! The keyring of a data folder, whose service may be unknown until the keyring is unlocked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::account::EntryName;
use crate::model::log_out_outcome::Deletion;
use crate::ports::{CredentialStore, EntryElsewhere, StoreError, StoreStatus};
use crate::storage::environment::Environment;
use crate::storage::service_name::{Services, candidates, choose, known};
use async_trait::async_trait;
use secrecy::SecretString;

type Store = Arc<dyn CredentialStore>;

/// Passes every call on to the store of the folder's service. While the service is unknown, only the status
/// and the unlocking go through, to the store of a guessed service.
pub struct FolderStore {
    environment: Environment,
    open: Box<dyn Fn(String) -> Store + Send + Sync>,
    guess: Store,
    chosen: Mutex<Option<Arc<Chosen>>>,
    choosing: tokio::sync::Mutex<()>,
    may_ask: AtomicBool,
}

struct Chosen {
    store: Store,
    before: Vec<String>,
}

impl FolderStore {
    /// Calls nothing yet. `open` makes the store of a service.
    #[must_use]
    pub fn new(environment: Environment, open: impl Fn(String) -> Store + Send + Sync + 'static) -> Self {
        let guess = open(environment.service.clone());
        Self {
            environment,
            open: Box::new(open),
            guess,
            chosen: Mutex::default(),
            choosing: tokio::sync::Mutex::default(),
            may_ask: AtomicBool::new(false),
        }
    }

    async fn chosen(&self) -> Result<Arc<Chosen>, StoreError> {
        let _one_at_a_time = self.choosing.lock().await;
        let known = self.lock().clone();
        if let Some(chosen) = known {
            return Ok(chosen);
        }
        let chosen = Arc::new(self.choose().await?);
        *self.lock() = Some(chosen.clone());
        Ok(chosen)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Chosen>>> {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn choose(&self) -> Result<Chosen, StoreError> {
        let unreadable = |error| StoreError::Refused(format!("its service is not known: {error}"));
        let services = match known(&self.environment).map_err(unreadable)? {
            Some(services) => services,
            None => self.choose_by_entries().await?,
        };
        Ok(Chosen { store: self.store_of(services.name), before: services.before })
    }

    async fn choose_by_entries(&self) -> Result<Services, StoreError> {
        self.guess.status().await.usable()?;
        let mut listed = Vec::new();
        for service in candidates(&self.environment) {
            let entries = self.store_of(service.clone()).entries().await?;
            listed.push((service, entries));
        }
        choose(&self.environment, listed).await
    }

    fn store_of(&self, service: String) -> Store {
        if service == self.guess.service() { self.guess.clone() } else { (self.open)(service) }
    }

    async fn store(&self) -> Result<Store, StoreError> {
        Ok(self.chosen().await?.store.clone())
    }

    async fn store_to_change(&self) -> Result<Store, StoreError> {
        let store = self.store().await?;
        if self.may_ask.load(Ordering::SeqCst) {
            store.allow_questions();
        }
        Ok(store)
    }

    fn latest(&self) -> Store {
        self.lock().as_ref().map_or_else(|| self.guess.clone(), |chosen| chosen.store.clone())
    }
}

#[async_trait]
impl CredentialStore for FolderStore {
    fn name(&self) -> String {
        self.latest().name()
    }

    fn service(&self) -> String {
        self.latest().service()
    }

    async fn status(&self) -> StoreStatus {
        match self.store().await {
            Ok(store) => store.status().await,
            // Not an error of the keyring: each call reports it.
            Err(StoreError::Refused(_)) => self.guess.status().await,
            Err(error) => error.into(),
        }
    }

    async fn read(&self, entry: &EntryName) -> Result<Option<SecretString>, StoreError> {
        self.store().await?.read(entry).await
    }

    async fn read_all(&self, entries: &[EntryName]) -> Result<Vec<(EntryName, SecretString)>, StoreError> {
        self.store().await?.read_all(entries).await
    }

    async fn write(&self, entry: &EntryName, secret: &SecretString) -> Result<(), StoreError> {
        self.store_to_change().await?.write(entry, secret).await
    }

    async fn delete(&self, entries: &[EntryName]) -> Result<Deletion, StoreError> {
        self.store_to_change().await?.delete(entries).await
    }

    async fn entries(&self) -> Result<Vec<EntryName>, StoreError> {
        self.store().await?.entries().await
    }

    async fn entries_elsewhere(&self) -> Result<Vec<EntryElsewhere>, StoreError> {
        let mut elsewhere = Vec::new();
        for service in &self.chosen().await?.before {
            let entries = self.store_of(service.clone()).entries().await?;
            let at = |entry| EntryElsewhere { service: service.clone(), entry };
            elsewhere.extend(entries.into_iter().map(at));
        }
        Ok(elsewhere)
    }

    fn folder_replaced(&self) {
        let services = match known(&self.environment) {
            Ok(Some(services)) => services,
            Ok(None) => return,
            Err(error) => return tracing::error!(%error, "the service of the new data folder is not known"),
        };
        let mut chosen = self.lock();
        if chosen.as_ref().is_some_and(|chosen| chosen.store.service() != services.name) {
            let store = self.store_of(services.name);
            *chosen = Some(Arc::new(Chosen { store, before: services.before }));
        }
    }

    fn allow_questions(&self) {
        self.may_ask.store(true, Ordering::SeqCst);
    }

    async fn unlock(&self) -> StoreStatus {
        if self.chosen().await.is_err() {
            let status = self.guess.unlock().await;
            if status.clone().usable().is_err() {
                return status;
            }
        }
        match self.store().await {
            Ok(store) => store.unlock().await,
            Err(error) => error.into(),
        }
    }
}
