//! The sessions with one daemon, the store's and the writer's: each is made at the first need, kept, and made anew when the
//! daemon's unique name on the bus has changed, or after a failure of the platform.

use std::sync::Arc;

use accounts::ports::StoreError;
use keyring::Error;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService as Writer;
use zbus_secret_service_keyring_store::Store;

use super::{NAME, SecretService};
use crate::platform::failure::{clean, store_error};

impl SecretService {
    pub(super) fn store(&mut self) -> Result<Arc<Store>, StoreError> {
        self.meet()?;
        if let Some(store) = &self.store {
            return Ok(Arc::clone(store));
        }
        let store = Store::new().map_err(|error| match error {
            Error::PlatformFailure(cause) => StoreError::Unavailable(clean(&cause.to_string())),
            other => store_error(&other),
        })?;
        self.store = Some(Arc::clone(&store));
        Ok(store)
    }

    /// Forgets the sessions with a daemon that is another by now.
    pub(super) fn meet(&mut self) -> Result<(), StoreError> {
        let owner = self.bus.owner()?;
        if self.owner.as_ref() != Some(&owner) {
            self.store = None;
            self.writer = None;
            self.name = self.bus.daemon(&owner).unwrap_or(NAME);
            self.owner = Some(owner);
        }
        Ok(())
    }

    pub(super) fn writer(&mut self) -> Result<&Writer<'static>, secret_service::Error> {
        if self.writer.is_none() {
            self.writer = Some(Writer::connect(EncryptionType::Dh)?);
        }
        self.writer.as_ref().ok_or(secret_service::Error::Unavailable)
    }

    /// Ours for the store's error; after a failure of the platform the next call gets a new store.
    pub(super) fn failed(&mut self, error: &Error) -> StoreError {
        if let Error::PlatformFailure(_) = error {
            let before = self.owner.take();
            self.store = None;
            self.writer = None;
            match self.bus.owner() {
                Err(StoreError::Unavailable(reason)) => return StoreError::Unavailable(reason),
                Ok(now) if Some(&now) != before.as_ref() => {
                    return StoreError::Unavailable(
                        "the keyring was restarted in the middle of a call".to_owned(),
                    );
                }
                Ok(_) | Err(_) => {}
            }
        }
        store_error(error)
    }

    /// The same for an error of the writer.
    pub(super) fn write_failed(&mut self, error: secret_service::Error) -> StoreError {
        use secret_service::Error::{Locked, Prompt};
        let error = match error {
            Locked | Prompt => Error::NoStorageAccess(Box::new(error)),
            other => Error::PlatformFailure(Box::new(other)),
        };
        self.failed(&error)
    }
}
