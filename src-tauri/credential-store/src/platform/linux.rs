//! The Secret Service of a Linux desktop, through the keyring crate on a store of our own
//! ([`secret_service_store`]): the crate's own store opens a dialog for every locked item.

use std::sync::Arc;
use std::time::Duration;

use accounts::ports::{StoreError, StoreStatus};
use keyring::{Entry, Error as KeyringError};
use keyring_core::api::CredentialStoreApi;
use secret_service_store::{Error, State, Store};
use std::collections::HashMap;
use zeroize::Zeroizing;

use super::failure::store_error;
use crate::vault::Vault;

pub(crate) const NAME: &str = "Secret Service";
pub(crate) const ITEM_BYTES: usize = usize::MAX;

pub(crate) fn vault(service: String) -> SecretService {
    SecretService { service, store: Store::new() }
}

pub(crate) struct SecretService {
    service: String,
    store: Arc<Store>,
}

impl SecretService {
    fn entry(&self, name: &str) -> Result<Entry, StoreError> {
        let label = format!("Userfront Accounts: {name}");
        let modifiers = HashMap::from([("label", label.as_str())]);
        let inner = self.store.build(&self.service, name, Some(&modifiers));
        inner.map(|inner| Entry { inner }).map_err(|error| failed(&error))
    }
}

impl Vault for SecretService {
    fn name(&self) -> &'static str {
        self.store.daemon().unwrap_or(NAME)
    }

    fn status(&mut self) -> StoreStatus {
        match self.store.state(&self.service) {
            Ok(State::Unlocked) => StoreStatus::Ok,
            Ok(State::Locked) => StoreStatus::Locked,
            Ok(State::NotAllowed) => StoreStatus::NotAllowed,
            Ok(State::NoCollection) => StoreStatus::NoKeyring,
            Err(error) => ours(error).into(),
        }
    }

    fn list(&mut self) -> Result<Vec<String>, StoreError> {
        self.store.users(&self.service).map_err(ours)
    }

    fn present(&mut self, names: &[&str]) -> Result<Vec<String>, StoreError> {
        self.store.present(&self.service, names).map_err(ours)
    }

    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match self.entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), StoreError> {
        self.entry(name)?.set_secret(secret).map_err(|error| failed(&error))
    }

    fn delete(&mut self, name: &str) -> Result<bool, StoreError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(KeyringError::NoEntry) => Ok(false),
            Err(error) => Err(failed(&error)),
        }
    }

    fn allow_questions(&mut self) {
        self.store.allow_questions();
    }

    fn unlock(&mut self, limit: Duration) -> StoreStatus {
        match self.store.unlock(&self.service, limit) {
            Ok(()) => self.status(),
            Err(error) => ours(error).into(),
        }
    }
}

fn failed(error: &KeyringError) -> StoreError {
    match error {
        KeyringError::NoStorageAccess(cause) | KeyringError::PlatformFailure(cause) => {
            cause.downcast_ref::<Error>().map_or_else(|| store_error(error), |cause| ours(cause.clone()))
        }
        other => store_error(other),
    }
}

fn ours(error: Error) -> StoreError {
    match error {
        Error::Locked => StoreError::Locked,
        Error::NotAllowed => StoreError::NotAllowed,
        Error::NoCollection => StoreError::NoKeyring,
        Error::Waiting => StoreError::Hung,
        Error::Unavailable(why) => StoreError::Unavailable(why),
        Error::Refused(why) => StoreError::Refused(why),
        Error::Absent => StoreError::Unavailable(error.to_string()),
        Error::WouldAsk => StoreError::Refused(error.to_string()),
    }
}
