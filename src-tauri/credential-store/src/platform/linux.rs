//! The Secret Service of a Linux desktop: GNOME Keyring, KDE Wallet, `KeePassXC`, oo7.
//!
//! Secrets go through the keyring crate and its store, which encrypts them on the bus. The store unlocks
//! whatever it touches, which opens a dialog; so before it is called, the bus is asked directly ([`bus`])
//! whether the default collection, or any item of that name elsewhere, is locked. (Locking in the instant
//! between the two would open a dialog all the same; the call is then bounded by its limit as any other.)
//!
//! The store is bound to a session with one daemon, and so is the writer ([`session`]).
//!
//! **What is locked may be invisible.** oo7 finds no item of a locked collection, GNOME Keyring finds it
//! among the locked ones. So nothing found means nothing while the default collection is locked; and a locked
//! item of ours anywhere means that the keyring is locked, also when the default collection is not.
//!
//! **An item is replaced, not changed.** oo7 keeps what is put into an existing item (`SetSecret`) in memory
//! only, and forgets it when it ends. Making the item again with `replace` is one call, which every daemon
//! writes to disk, for it is what libsecret does.
//!
//! To oo7 it is another item then, and for a moment there is none at all; so a read that finds nothing, or
//! loses what it has found, looks again for as long as what is there changes.
//!
//! **No default collection** (a fresh machine, a user without a password): there is nothing that could be
//! read, and to write would ask the user for a new keyring's password. That is a keyring that wants its
//! password: the status is `Locked`, nothing is touched, and unlocking creates the collection with the dialog
//! that the user has asked for.

mod bus;
mod prompt;
mod session;

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use accounts::ports::{StoreError, StoreStatus};
use keyring::{Entry, Error};
use keyring_core::api::CredentialStoreApi;
use secret_service::blocking::SecretService as Writer;
use zbus::zvariant::OwnedObjectPath;
use zbus_secret_service_keyring_store::{Store, cred};
use zeroize::Zeroizing;

use self::bus::{Bus, Found};
use super::failure::store_error;
use crate::vault::{Vault, unlocked};

pub(crate) const NAME: &str = "Secret Service";
pub(crate) const ITEM_BYTES: usize = usize::MAX;

/// How long a daemon may be without an item that is being replaced by another process of ours.
const REPLACING: Duration = Duration::from_millis(10);

/// How often a read looks at most, while an item is replaced again and again.
const LOOKS: usize = 10;

/// As the keyring crate's store has it: oo7 counts it among the attributes by which an item is replaced.
const CONTENT_TYPE: &str = "application/octet-stream";

pub(crate) fn vault(service: String) -> SecretService {
    SecretService { service, bus: Bus::default(), owner: None, store: None, writer: None, name: NAME }
}

pub(crate) struct SecretService {
    service: String,
    bus: Bus,
    // The unique name of the daemon that the two below have a session with.
    owner: Option<String>,
    store: Option<Arc<Store>>,
    writer: Option<Writer<'static>>,
    name: &'static str,
}

impl SecretService {
    /// The items of this name, none of which is locked: only then may the store be called.
    fn unlocked_items(&mut self, name: &str) -> Result<Vec<OwnedObjectPath>, StoreError> {
        let found = self.bus.search(&[("service", &self.service), ("username", name)])?;
        if found.locked.is_empty() { Ok(found.unlocked) } else { Err(StoreError::Locked) }
    }

    /// The keyring crate's entry; `None` when nothing of this name is there.
    fn entry(&mut self, name: &str) -> Result<Option<Entry>, StoreError> {
        if self.unlocked_items(name)?.is_empty() {
            return Ok(None);
        }
        let inner = self.store()?.build(&self.service, name, None).map_err(|error| store_error(&error))?;
        Ok(Some(Entry { inner }))
    }

    /// The secret of the newest item of this name.
    fn secret_of(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let Some(entry) = self.entry(name)? else { return Ok(None) };
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

    /// Every item under our service, in any collection, as far as the daemon shows it.
    fn ours(&mut self) -> Result<Found, StoreError> {
        self.bus.search(&[("service", &self.service)])
    }

    /// The name of an item that a search has found. `None`: it has no name, and so is none of ours; or it is
    /// gone.
    fn name_of(&mut self, item: &OwnedObjectPath) -> Result<Option<String>, StoreError> {
        match self.bus.attributes(item) {
            Ok(mut attributes) => Ok(attributes.remove("username")),
            Err(StoreError::Refused(reason)) => {
                // Others may delete while we look, and each daemon has its own words for "no such item".
                let found = self.ours()?;
                if found.locked.contains(item) {
                    return Err(StoreError::Locked);
                }
                if found.unlocked.contains(item) {
                    return Err(StoreError::Refused(reason));
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Makes the item, in place of one with the same attributes; its path.
    fn replace(&mut self, name: &str, secret: &[u8]) -> Result<OwnedObjectPath, secret_service::Error> {
        let service = self.service.clone();
        let attributes = HashMap::from([("service", service.as_str()), ("username", name)]);
        // What the keyring's own app shows.
        let label = format!("Userfront Accounts: {name}");
        let collection = self.writer()?.get_default_collection()?;
        let item = collection.create_item(&label, attributes, secret, true, CONTENT_TYPE)?;
        Ok(item.item_path)
    }

    fn remove(&mut self, item: OwnedObjectPath) -> Result<(), secret_service::Error> {
        self.writer()?.get_item_by_path(item)?.delete()
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
                Ok(false) => match self.ours() {
                    Ok(found) if found.locked.is_empty() => StoreStatus::Ok,
                    Ok(_) => StoreStatus::Locked,
                    Err(error) => error.into(),
                },
                Ok(true) => StoreStatus::Locked,
                Err(error) => error.into(),
            },
            Ok(None) => StoreStatus::Locked,
            Err(error) => error.into(),
        }
    }

    fn list(&mut self) -> Result<Vec<String>, StoreError> {
        let before = unlocked(self);
        let found = self.ours()?;
        if found.locked.is_empty() {
            // All that is there, or only all that is shown while some of it is locked.
            before?;
            unlocked(self)?;
        }
        let mut names = Vec::with_capacity(found.locked.len() + found.unlocked.len());
        for path in found.unlocked {
            // A stranger's item under our service, without a name, is none of ours.
            names.extend(self.name_of(&path)?);
        }
        for path in found.locked {
            // GNOME Keyring, started locked, knows only hashes of attributes.
            names.push(self.name_of(&path)?.ok_or(StoreError::Locked)?);
        }
        Ok(names)
    }

    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let mut found = self.unlocked_items(name)?;
        for _ in 1..LOOKS {
            let result = self.secret_of(name);
            if !matches!(result, Ok(None) | Err(StoreError::Refused(_))) {
                return result;
            }
            thread::sleep(REPLACING);
            let now = self.unlocked_items(name)?;
            if now == found {
                return result;
            }
            found = now;
        }
        self.secret_of(name)
    }

    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), StoreError> {
        let before = self.unlocked_items(name)?;
        self.meet()?;
        let made = self.replace(name, secret).map_err(|error| self.write_failed(error))?;
        if before.iter().any(|item| *item != made) {
            // What was there and was not replaced: twins, and what lies in another collection.
            let after = self.unlocked_items(name)?;
            for other in after.into_iter().filter(|item| *item != made) {
                self.remove(other).map_err(|error| self.write_failed(error))?;
            }
        }
        Ok(())
    }

    fn delete(&mut self, name: &str) -> Result<bool, StoreError> {
        let Some(entry) = self.entry(name)? else { return Ok(false) };
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
        let ours = match self.ours() {
            Ok(found) => found.locked,
            Err(error) => return error.into(),
        };
        match prompt::unlock(&ours, limit) {
            Ok(answer) => tracing::info!(?answer, "the user was asked to unlock the keyring"),
            Err(error) => return error.into(),
        }
        self.status()
    }
}
