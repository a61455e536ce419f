//! The keyring of a data folder, whose service may be unknown until the keyring is unlocked.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::OnceCell;

use crate::model::account::EntryName;
use crate::model::log_out_outcome::Deletion;
use crate::ports::{CredentialStore, EntryElsewhere, StoreError, StoreStatus};
use crate::storage::environment::Environment;
use crate::storage::service_name::{Services, candidates, choose, known};

type Store = Arc<dyn CredentialStore>;

/// Passes every call on to the store of the folder's service. While the service is unknown, only the status
/// and the unlocking go through, to the store of a guessed service.
pub struct FolderStore {
    environment: Environment,
    open: Box<dyn Fn(String) -> Store + Send + Sync>,
    guess: Store,
    chosen: OnceCell<Chosen>,
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
        Self { environment, open: Box::new(open), guess, chosen: OnceCell::new() }
    }

    async fn chosen(&self) -> Result<&Chosen, StoreError> {
        self.chosen.get_or_try_init(|| self.choose()).await
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

    async fn store(&self) -> Result<&Store, StoreError> {
        Ok(&self.chosen().await?.store)
    }

    fn latest(&self) -> &Store {
        self.chosen.get().map_or(&self.guess, |chosen| &chosen.store)
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

    async fn write(&self, entry: &EntryName, secret: &SecretString) -> Result<(), StoreError> {
        self.store().await?.write(entry, secret).await
    }

    async fn delete(&self, entries: &[EntryName]) -> Result<Deletion, StoreError> {
        self.store().await?.delete(entries).await
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
