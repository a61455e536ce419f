//! The keyring crate's two interfaces: the store, and an entry in it.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring_core::{Entry, Error as KeyringError, Result as KeyringResult};
use zeroize::Zeroizing;

use crate::client::Client;
use crate::{Error, State};

/// The Secret Service of this user's session, on one connection. Made without touching the bus: that is for
/// the first call.
///
/// Every call blocks for as long as the daemon takes, up to two minutes. Not for a worker of an async
/// runtime.
pub struct Store {
    client: Arc<Mutex<Client>>,
}

impl Store {
    /// A store with a connection of its own.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { client: Arc::default() })
    }

    /// What people call the daemon, such as `GNOME Keyring`; `None` before the first call, or for one we do
    /// not know.
    #[must_use]
    pub fn daemon(&self) -> Option<&'static str> {
        lock(&self.client).daemon()
    }

    /// How the default collection and the items of `service` are.
    ///
    /// # Errors
    /// When the daemon cannot be reached, or refuses to say.
    pub fn state(&self, service: &str) -> Result<State, Error> {
        lock(&self.client).state(service)
    }

    /// The user of every item of `service`, in any collection, as often as it is there. While the collection
    /// is locked it answers only where the daemon shows the names then, too (GNOME Keyring, once it was
    /// unlocked).
    ///
    /// # Errors
    /// [`Error::Locked`] when some names cannot be seen; when the daemon cannot be reached, or refuses.
    pub fn users(&self, service: &str) -> Result<Vec<String>, Error> {
        lock(&self.client).names(service)
    }

    /// Asks the user to unlock the default collection, or to make one; then what holds items of `service`,
    /// and the items. Waits for the user up to `limit`, and leaves the dialog open then. How it ended is for
    /// [`Store::state`] to say.
    ///
    /// # Errors
    /// When the daemon cannot be reached, or refuses.
    pub fn unlock(&self, service: &str, limit: Duration) -> Result<(), Error> {
        lock(&self.client).unlock(service, limit)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl CredentialStoreApi for Store {
    fn vendor(&self) -> String {
        "Secret Service, without dialogs".to_owned()
    }

    fn id(&self) -> String {
        format!("{} {:p}", env!("CARGO_PKG_VERSION"), Arc::as_ptr(&self.client))
    }

    /// The only modifier is `label`: what the keyring's own app shows.
    fn build(
        &self,
        service: &str,
        user: &str,
        modifiers: Option<&HashMap<&str, &str>>,
    ) -> KeyringResult<Entry> {
        let modifiers = keyring_core::attributes::parse_attributes(&["label"], modifiers)?;
        Ok(Entry::new_with_credential(Arc::new(Item {
            client: Arc::clone(&self.client),
            label: modifiers.get("label").cloned().unwrap_or_else(|| format!("{user} ({service})")),
            service: service.to_owned(),
            user: user.to_owned(),
        })))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// All items of one service and user: twins are one entry here, so no call answers with `Ambiguous`.
struct Item {
    client: Arc<Mutex<Client>>,
    label: String,
    service: String,
    user: String,
}

impl Item {
    fn attributes(&self) -> [(&str, &str); 2] {
        [("service", &self.service), ("username", &self.user)]
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("service", &self.service)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl CredentialApi for Item {
    /// Replaces every item of this service and user by one.
    fn set_secret(&self, secret: &[u8]) -> KeyringResult<()> {
        Ok(lock(&self.client).set(&self.label, &self.attributes(), secret)?)
    }

    /// Of several, an item with these two attributes alone comes before one that another program has made
    /// with more, and then the newest. `NoEntry` is a fact: seen behind the search, the collection was
    /// unlocked.
    fn get_secret(&self) -> KeyringResult<Vec<u8>> {
        let secret: Option<Zeroizing<Vec<u8>>> = lock(&self.client).get(&self.attributes())?;
        secret.map(|mut secret| std::mem::take(&mut *secret)).ok_or(KeyringError::NoEntry)
    }

    /// Deletes every item of this service and user. What the daemon says it deleted may be there still: look.
    fn delete_credential(&self) -> KeyringResult<()> {
        match lock(&self.client).delete(&self.attributes())? {
            0 => Err(KeyringError::NoEntry),
            _ => Ok(()),
        }
    }

    fn get_credential(&self) -> KeyringResult<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        Some((self.service.clone(), self.user.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A panic in a call leaves a connection and a session behind, both of which are checked before they are
/// used.
fn lock(client: &Mutex<Client>) -> MutexGuard<'_, Client> {
    client.lock().unwrap_or_else(PoisonError::into_inner)
}
