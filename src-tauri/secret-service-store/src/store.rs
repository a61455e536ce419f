//! The keyring crate's interfaces: the store, and an entry in it.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring_core::{Entry, Error as KeyringError, Result as KeyringResult};
use zeroize::Zeroizing;

use crate::client::Client;
use crate::{Error, State};

/// The Secret Service of this user's session, on one connection. Does not contact the bus before the first
/// call.
///
/// Every call blocks for as long as the daemon takes, up to two minutes. Do not call it on a worker of an
/// async runtime.
pub struct Store {
    client: Arc<Mutex<Client>>,
}

impl Store {
    /// A store with a connection of its own.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { client: Arc::default() })
    }

    /// The daemon's usual name, such as `GNOME Keyring`; `None` before the first call, or when unknown.
    #[must_use]
    pub fn daemon(&self) -> Option<&'static str> {
        lock(&self.client).daemon()
    }

    /// From now on a delete may open the daemon's own question: call it once the user has asked for
    /// something. Before, a delete for which the daemon wants to show a prompt is
    /// [`Error::WouldAsk`](crate::Error::WouldAsk).
    pub fn allow_questions(&self) {
        lock(&self.client).may_ask = true;
    }

    /// The state of the default collection and of the items of `service`.
    ///
    /// # Errors
    /// When the daemon cannot be reached, or refuses.
    pub fn state(&self, service: &str) -> Result<State, Error> {
        lock(&self.client).call(|client| client.state(service))
    }

    /// The user of every item of `service`, in any collection, with duplicates. While the collection is
    /// locked it answers only where the daemon still shows the names (GNOME Keyring, once it was unlocked).
    ///
    /// # Errors
    /// [`Error::Locked`] when some names cannot be seen; when the daemon cannot be reached, or refuses.
    pub fn users(&self, service: &str) -> Result<Vec<String>, Error> {
        lock(&self.client).call(|client| client.names(service))
    }

    /// Those of `users` that have an item of `service`. The number of calls does not grow with other items.
    ///
    /// # Errors
    /// [`Error::Locked`] when an absence is not certain; when the daemon cannot be reached, or refuses.
    pub fn present(&self, service: &str, users: &[&str]) -> Result<Vec<String>, Error> {
        lock(&self.client).call(|client| client.present(service, users))
    }

    /// Asks the user to unlock the default collection, or to create one; then the other collections with
    /// items of `service`, and the items. Waits for the user up to `limit`, and leaves the dialog open then.
    /// [`Store::state`] tells the result.
    ///
    /// # Errors
    /// When the daemon cannot be reached, or refuses.
    pub fn unlock(&self, service: &str, limit: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + limit;
        lock(&self.client).call(|client| client.unlock(service, deadline))
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

    /// The only modifier is `label`: the text in the keyring's own app.
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

/// All items of one service and user: duplicates are one entry here, so no call answers with `Ambiguous`.
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
    fn set_secret(&self, secret: &[u8]) -> KeyringResult<()> {
        Ok(lock(&self.client).call(|client| client.set(&self.label, &self.attributes(), secret))?)
    }

    /// Of several, an item with only these two attributes comes before another program's item with more, and
    /// then the newest. `NoEntry` is certain: the collection was seen unlocked after the search.
    fn get_secret(&self) -> KeyringResult<Vec<u8>> {
        let secret: Option<Zeroizing<Vec<u8>>> =
            lock(&self.client).call(|client| client.get(&self.attributes()))?;
        secret.map(|mut secret| std::mem::take(&mut *secret)).ok_or(KeyringError::NoEntry)
    }

    /// Deletes every item of this service and user. Neither the daemon's answer nor `NoEntry` is verified:
    /// look again ([`Store::present`]).
    fn delete_credential(&self) -> KeyringResult<()> {
        match lock(&self.client).call(|client| client.delete(&self.attributes()))? {
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

/// A panic in a call leaves a connection and a session behind; both are checked before use.
fn lock(client: &Mutex<Client>) -> MutexGuard<'_, Client> {
    client.lock().unwrap_or_else(PoisonError::into_inner)
}
