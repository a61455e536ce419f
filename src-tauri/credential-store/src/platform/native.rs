//! The common part of Windows and macOS: one item for each name, no duplicates, and no way to ask whether it
//! is locked. The system asks the user by itself.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use accounts::ports::{StoreError, StoreStatus};
use keyring::{Entry, Error};
use keyring_core::CredentialStore;
use zeroize::Zeroizing;

use super::failure::{clean, store_error};
use crate::vault::Vault;

pub(crate) struct Platform {
    pub(crate) name: &'static str,
    pub(crate) store: fn() -> keyring::Result<Arc<CredentialStore>>,
    pub(crate) modifiers: &'static [(&'static str, &'static str)],
    /// The search for our items; the key is the store's own.
    pub(crate) search: fn(service: &str) -> (&'static str, String),
    pub(crate) denied: fn(reason: String) -> StoreError,
}

pub(crate) struct Native {
    service: String,
    platform: Platform,
    store: Option<Arc<CredentialStore>>,
}

impl Native {
    pub(crate) fn new(service: String, platform: Platform) -> Self {
        Self { service, platform, store: None }
    }

    fn failed(&self, error: &Error) -> StoreError {
        match error {
            Error::NoStorageAccess(cause) => (self.platform.denied)(clean(&cause.to_string())),
            other => store_error(other),
        }
    }

    fn store(&mut self) -> Result<Arc<CredentialStore>, StoreError> {
        if let Some(store) = &self.store {
            return Ok(Arc::clone(store));
        }
        let store = (self.platform.store)().map_err(|error| match self.failed(&error) {
            StoreError::Refused(reason) => StoreError::Unavailable(reason),
            other => other,
        })?;
        self.store = Some(Arc::clone(&store));
        Ok(store)
    }

    fn entry(&mut self, name: &str) -> Result<Entry, StoreError> {
        let modifiers: HashMap<&str, &str> = self.platform.modifiers.iter().copied().collect();
        let inner = self.store()?.build(&self.service, name, Some(&modifiers));
        inner.map(|inner| Entry { inner }).map_err(|error| self.failed(&error))
    }
}

impl Vault for Native {
    fn name(&self) -> &'static str {
        self.platform.name
    }

    fn status(&mut self) -> StoreStatus {
        self.store().map_or_else(StoreStatus::from, |_| StoreStatus::Ok)
    }

    fn list(&mut self) -> Result<Vec<String>, StoreError> {
        let (key, value) = (self.platform.search)(&self.service);
        let found = self.store()?.search(&HashMap::from([(key, value.as_str())]));
        let found = found.map_err(|error| self.failed(&error))?;
        let names = found.iter().filter_map(keyring_core::Entry::get_specifiers);
        Ok(names.filter(|(service, _)| *service == self.service).map(|(_, name)| name).collect())
    }

    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match self.entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), StoreError> {
        self.entry(name)?.set_secret(secret).map_err(|error| self.failed(&error))
    }

    fn delete(&mut self, name: &str) -> Result<bool, StoreError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn unlock(&mut self, _limit: Duration) -> StoreStatus {
        // The system opens its dialog at the next call that needs it.
        self.status()
    }
}

#[cfg(test)]
mod tests {
    use accounts::EntryName;
    use keyring_core::mock;

    use super::*;
    use crate::store::Store;

    fn native() -> Native {
        let platform = Platform {
            name: "Mock",
            store: || Ok(mock::Store::new()?),
            modifiers: &[],
            search: |service| ("service", service.to_owned()),
            denied: |_| StoreError::Locked,
        };
        Native::new("service".to_owned(), platform)
    }

    #[test]
    fn secrets_come_back_whole_or_in_parts() {
        let mut store = Store::new(Box::new(native()), 200);
        let (entry, other) = (EntryName::listed("access.a"), EntryName::listed("access.b"));
        assert_eq!(store.status(), StoreStatus::Ok);
        assert!(store.read(&entry).unwrap().is_none());
        for length in [200, 700, 300, 10] {
            store.write(&entry, &"t".repeat(length)).unwrap();
            assert!(store.read(&entry).unwrap().is_some(), "{length}");
        }
        store.write(&other, "other").unwrap();
        assert_eq!(store.entries().unwrap(), [entry, other]);
    }

    // The mock cannot verify a deletion: it still lists a deleted item.
    #[test]
    fn a_deleted_item_is_not_found() {
        let mut native = native();
        native.set("a", b"s").unwrap();
        assert_eq!(native.delete("a"), Ok(true));
        assert!(native.get("a").unwrap().is_none());
        assert_eq!(native.delete("a"), Ok(false));
    }

    #[test]
    fn denied_access_is_reported_as_locked() {
        let mut native = native();
        native.set("a", b"s").unwrap();
        let entry = native.entry("a").unwrap();
        let denied = || Error::NoStorageAccess(Box::new(std::io::Error::other("denied")));
        entry.inner.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(denied());
        assert_eq!(native.get("a").map(|secret| secret.is_some()), Err(StoreError::Locked));
        assert_eq!(native.get("a").map(|secret| secret.is_some()), Ok(true));
    }
}
