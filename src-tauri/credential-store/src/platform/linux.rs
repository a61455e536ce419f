//! The Secret Service of a Linux desktop: GNOME Keyring, KDE Wallet, `KeePassXC`, oo7.
//!
//! Secrets go through the keyring crate and its store, which encrypts them on the bus. The store unlocks whatever it
//! touches, which opens a dialog; so before it is called, the bus is asked directly ([`bus`]) whether the default
//! collection, or any item of that name elsewhere, is locked. (Locking in the instant between the two would open
//! a dialog all the same; the call is then bounded by its limit as any other.)
//!
//! The store is bound to a session with one daemon. It is made at the first need, kept, and made anew when the daemon's
//! unique name on the bus has changed, or after a failure of the platform.
//!
//! **No default collection** (a fresh machine, a user without a password): there is nothing that could be read, and
//! to write would ask the user for a new keyring's password. That is a keyring that wants its password: the status is
//! `Locked`, nothing is touched, and unlocking creates the collection with the dialog that the user has asked for.

mod bus;
mod prompt;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use accounts::ports::{StoreError, StoreStatus};
use keyring::{Entry, Error};
use keyring_core::api::CredentialStoreApi;
use zbus_secret_service_keyring_store::{Store, cred};
use zeroize::Zeroizing;

use self::bus::Bus;
use super::failure::{clean, store_error};
use crate::vault::Vault;

pub(crate) const NAME: &str = "Secret Service";
pub(crate) const ITEM_BYTES: usize = usize::MAX;

pub(crate) fn vault(service: String) -> SecretService {
    SecretService { service, bus: Bus::default(), store: None, name: NAME }
}

pub(crate) struct SecretService {
    service: String,
    bus: Bus,
    // With the daemon's unique name.
    store: Option<(String, Arc<Store>)>,
    name: &'static str,
}

impl SecretService {
    /// The keyring crate's entry, when the store may be called: no item of this name is locked.
    /// `None` when nothing of this name is there and `make` is false.
    fn entry(&mut self, name: &str, make: bool) -> Result<Option<Entry>, StoreError> {
        let found = self.bus.search(&[("service", &self.service), ("username", name)])?;
        if !found.locked.is_empty() {
            return Err(StoreError::Locked);
        }
        if found.unlocked.is_empty() && !make {
            return Ok(None);
        }
        let store = self.store()?;
        // What the keyring's own app shows.
        let label = format!("Userfront Accounts: {name}");
        let modifiers = HashMap::from([("label", label.as_str())]);
        let inner =
            store.build(&self.service, name, Some(&modifiers)).map_err(|error| store_error(&error))?;
        Ok(Some(Entry { inner }))
    }

    fn store(&mut self) -> Result<Arc<Store>, StoreError> {
        let owner = self.bus.owner()?;
        if let Some((of, store)) = &self.store
            && *of == owner
        {
            return Ok(Arc::clone(store));
        }
        self.store = None;
        self.name = self.bus.daemon(&owner).unwrap_or(NAME);
        let store = Store::new().map_err(|error| match error {
            Error::PlatformFailure(cause) => StoreError::Unavailable(clean(&cause.to_string())),
            other => store_error(&other),
        })?;
        self.store = Some((owner, Arc::clone(&store)));
        Ok(store)
    }

    /// Ours for the store's error; after a failure of the platform the next call gets a new store.
    fn failed(&mut self, error: &Error) -> StoreError {
        if let Error::PlatformFailure(_) = error {
            let before = self.store.take().map(|(owner, _)| owner);
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

    /// Puts the newest twin first.
    fn newest_first(&mut self, twins: &mut [keyring_core::Entry]) {
        twins.sort_by_cached_key(|twin| {
            let path = twin.as_any().downcast_ref::<cred::Wrapper>().map(cred::Wrapper::get_path);
            // An item that cannot be dated counts as the oldest.
            let modified = path.and_then(|path| self.bus.modified(&path).ok()).unwrap_or(0);
            std::cmp::Reverse(modified)
        });
    }
}

impl Vault for SecretService {
    fn name(&self) -> &'static str {
        self.name
    }

    fn status(&mut self) -> StoreStatus {
        match self.bus.default_collection() {
            Ok(Some(collection)) => match self.bus.is_locked(&collection) {
                Ok(false) => StoreStatus::Ok,
                Ok(true) => StoreStatus::Locked,
                Err(error) => unavailable(error),
            },
            Ok(None) => StoreStatus::Locked,
            Err(error) => unavailable(error),
        }
    }

    fn list(&mut self) -> Result<Vec<String>, StoreError> {
        let found = self.bus.search(&[("service", &self.service)])?;
        let mut names = Vec::with_capacity(found.locked.len() + found.unlocked.len());
        for path in found.unlocked {
            // A stranger's item under our service, without a name, is none of ours.
            names.extend(self.bus.attributes(&path)?.remove("username"));
        }
        for path in found.locked {
            // GNOME Keyring, started locked, knows only hashes of attributes.
            names.push(self.bus.attributes(&path)?.remove("username").ok_or(StoreError::Locked)?);
        }
        Ok(names)
    }

    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let Some(entry) = self.entry(name, false)? else { return Ok(None) };
        let secret = match entry.get_secret() {
            Err(Error::Ambiguous(mut twins)) => {
                tracing::warn!(
                    entry = name,
                    twins = twins.len(),
                    "the keyring holds this entry more than once"
                );
                self.newest_first(&mut twins);
                twins.first().map_or(Err(Error::NoEntry), keyring_core::Entry::get_secret)
            }
            result => result,
        };
        match secret {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), StoreError> {
        let Some(entry) = self.entry(name, true)? else {
            return Err(StoreError::Refused("the entry cannot be made".to_owned()));
        };
        let result = match entry.set_secret(secret) {
            Err(Error::Ambiguous(mut twins)) => {
                self.newest_first(&mut twins);
                twins.iter().enumerate().try_for_each(|(place, twin)| match place {
                    0 => twin.set_secret(secret),
                    _ => twin.delete_credential(),
                })
            }
            result => result,
        };
        result.map_err(|error| self.failed(&error))
    }

    fn delete(&mut self, name: &str) -> Result<bool, StoreError> {
        let Some(entry) = self.entry(name, false)? else { return Ok(false) };
        let result = match entry.delete_credential() {
            Err(Error::Ambiguous(twins)) => twins.iter().try_for_each(keyring_core::Entry::delete_credential),
            result => result,
        };
        match result {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn unlock(&mut self, limit: Duration) -> StoreStatus {
        match prompt::unlock(limit) {
            Ok(answer) => tracing::info!(?answer, "the user was asked to unlock the keyring"),
            Err(error) => return unavailable(error),
        }
        self.status()
    }
}

fn unavailable(error: StoreError) -> StoreStatus {
    match error {
        StoreError::Locked => StoreStatus::Locked,
        StoreError::Hung => StoreStatus::Hung,
        StoreError::Unavailable(reason) | StoreError::Refused(reason) => StoreStatus::Unavailable(reason),
    }
}
