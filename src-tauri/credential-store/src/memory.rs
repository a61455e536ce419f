//! A fake keyring for tests. Its content outlives the processes that use it.
//!
//! [`Items`] is the keyring of a machine: shared, and scripted (locked, unavailable, hung, the user's answer
//! to the dialog). [`MemoryKeyring`] is one process's access to it. Its writes and deletes go through the
//! process's [`Effects`], one step for each entry, so that any of them can fail or be the last one before a
//! crash.
//!
//! It keeps the port's promises as the real adapter does, and passes the same tests: it touches nothing while
//! locked, verifies deletes, and deletes all duplicates. It does not split secrets.

use std::collections::BTreeMap;
use std::iter::repeat_n;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounts::EntryName;
use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{CredentialStore, StoreError, StoreStatus};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};

use crate::effects::{Effects, Fate};

/// How the user answers the unlock dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answer {
    /// With the right password.
    #[default]
    Password,
    /// With *Cancel*, or not at all.
    Dismissed,
}

#[derive(Debug)]
struct State {
    // By service and name. More than one secret: duplicates.
    items: BTreeMap<(String, String), Vec<SecretString>>,
    status: StoreStatus,
    answer: Answer,
    dialogs: u32,
}

/// The content and the state of a machine's keyring. A clone is the same keyring.
#[derive(Debug, Clone)]
pub struct Items(Arc<Mutex<State>>);

impl Default for Items {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State {
            items: BTreeMap::new(),
            status: StoreStatus::Ok,
            answer: Answer::default(),
            dialogs: 0,
        })))
    }
}

impl Items {
    /// An empty keyring, unlocked.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the status for all processes. `Hung` ends with the next call of this.
    pub fn set_status(&self, status: StoreStatus) {
        self.lock().status = status;
    }

    /// The status that was set.
    #[must_use]
    pub fn status(&self) -> StoreStatus {
        self.lock().status.clone()
    }

    /// Sets how the user will answer the dialog.
    pub fn set_answer(&self, answer: Answer) {
        self.lock().answer = answer;
    }

    /// How often a dialog was opened.
    #[must_use]
    pub fn dialogs(&self) -> u32 {
        self.lock().dialogs
    }

    /// Adds an item beside those under this name, as another program would.
    pub fn add(&self, service: &str, name: &str, secret: impl Into<String>) {
        let key = (service.to_owned(), name.to_owned());
        self.lock().items.entry(key).or_default().push(SecretString::from(secret.into()));
    }

    /// Adds an item that is listed and holds no secret, like parts of a split secret whose head is gone.
    pub fn add_leftover(&self, service: &str, name: &str) {
        self.lock().items.entry((service.to_owned(), name.to_owned())).or_default();
    }

    /// Removes all items of this name, as another program would.
    pub fn remove(&self, service: &str, name: &str) {
        self.lock().items.remove(&(service.to_owned(), name.to_owned()));
    }

    /// Service and name of every item, locked or not; duplicates are repeated.
    #[must_use]
    pub fn names(&self) -> Vec<(String, String)> {
        let state = self.lock();
        let times = |(key, fakes): (&(String, String), &Vec<_>)| repeat_n(key.clone(), fakes.len().max(1));
        state.items.iter().flat_map(times).collect()
    }

    /// The secrets under a name, locked or not, the oldest first.
    #[must_use]
    pub fn secrets(&self, service: &str, name: &str) -> Vec<SecretString> {
        self.lock().items.get(&(service.to_owned(), name.to_owned())).cloned().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn reach(&self) -> Result<(), StoreError> {
        match &self.status {
            StoreStatus::Ok => Ok(()),
            StoreStatus::Locked => Err(StoreError::Locked),
            StoreStatus::NotAllowed => Err(StoreError::NotAllowed),
            StoreStatus::NoKeyring => Err(StoreError::NoKeyring),
            StoreStatus::Unavailable(reason) => Err(StoreError::Unavailable(reason.clone())),
            StoreStatus::Hung => Err(StoreError::Hung),
        }
    }

    fn answer(&mut self, fate: Fate) -> Result<(), StoreError> {
        match fate {
            Fate::Happen | Fate::Lie => Ok(()),
            Fate::Fail => Err(StoreError::Refused("planned by a test".to_owned())),
            Fate::Hang | Fate::HangAndHappen => {
                self.status = StoreStatus::Hung;
                Err(StoreError::Hung)
            }
        }
    }
}

/// One process's access to [`Items`].
#[derive(Debug, Clone)]
pub struct MemoryKeyring {
    service: String,
    items: Items,
    effects: Effects,
}

impl MemoryKeyring {
    /// Accesses `items` under `service`; `effects` counts the process's effects.
    #[must_use]
    pub fn new(service: impl Into<String>, items: Items, effects: Effects) -> Self {
        Self { service: service.into(), items, effects }
    }

    fn key(&self, entry: &EntryName) -> (String, String) {
        (self.service.clone(), entry.as_str().to_owned())
    }
}

#[async_trait]
impl CredentialStore for MemoryKeyring {
    fn name(&self) -> String {
        "Memory".to_owned()
    }

    fn service(&self) -> String {
        self.service.clone()
    }

    async fn status(&self) -> StoreStatus {
        self.effects.alive().await;
        self.items.lock().status.clone()
    }

    async fn read(&self, entry: &EntryName) -> Result<Option<SecretString>, StoreError> {
        self.effects.alive().await;
        let state = self.items.lock();
        state.reach()?;
        Ok(state.items.get(&self.key(entry)).and_then(|fakes| fakes.last()).cloned())
    }

    async fn write(&self, entry: &EntryName, secret: &SecretString) -> Result<(), StoreError> {
        self.effects.alive().await;
        self.items.lock().reach()?;
        #[expect(clippy::disallowed_methods, reason = "looked at, and kept nowhere")]
        let fit = !secret.expose_secret().is_empty() && secret.expose_secret().is_ascii();
        if !fit {
            return Err(StoreError::Refused("a secret must be ASCII and not empty".to_owned()));
        }
        let write = |fate: Fate| {
            let mut state = self.items.lock();
            state.reach()?;
            if fate.happens() {
                state.items.insert(self.key(entry), vec![secret.clone()]);
            }
            state.answer(fate)
        };
        self.effects.effect(format!("keyring: write {entry}"), write).await
    }

    async fn delete(&self, entries: &[EntryName]) -> Result<Deletion, StoreError> {
        self.effects.alive().await;
        let mut found = false;
        for entry in entries {
            {
                let state = self.items.lock();
                state.reach()?;
                if !state.items.contains_key(&self.key(entry)) {
                    continue;
                }
            }
            found = true;
            let delete = |fate: Fate| {
                let mut state = self.items.lock();
                state.reach()?;
                if fate.happens() {
                    state.items.remove(&self.key(entry));
                }
                state.answer(fate)
            };
            match self.effects.effect(format!("keyring: delete {entry}"), delete).await {
                Ok(()) | Err(StoreError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let state = self.items.lock();
        state.reach()?;
        let still: Vec<_> =
            entries.iter().filter(|entry| state.items.contains_key(&self.key(entry))).cloned().collect();
        Ok(match (still.is_empty(), found) {
            (false, _) => Deletion::StillPresent(still),
            (true, true) => Deletion::Deleted,
            (true, false) => Deletion::AlreadyAbsent,
        })
    }

    async fn entries(&self) -> Result<Vec<EntryName>, StoreError> {
        self.effects.alive().await;
        let state = self.items.lock();
        match state.reach() {
            Ok(()) | Err(StoreError::Locked) => {}
            Err(error) => return Err(error),
        }
        Ok(state
            .items
            .keys()
            .filter(|(service, _)| *service == self.service)
            .map(|(_, name)| EntryName::listed(name))
            .collect())
    }

    async fn unlock(&self) -> StoreStatus {
        self.effects.alive().await;
        let mut state = self.items.lock();
        if state.status == StoreStatus::Locked {
            state.dialogs += 1;
            if state.answer == Answer::Password {
                state.status = StoreStatus::Ok;
            }
        }
        state.status.clone()
    }
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
