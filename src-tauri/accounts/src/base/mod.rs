//! Every account on this machine: the state and the functions that all layers above use.

pub mod activity;
pub(crate) mod background;
pub mod foreign_entries;
pub(crate) mod listing;
pub(crate) mod parallel;
pub mod refresh_outcome;
pub mod rollback_outcome;
pub(crate) mod single_flight;
pub(crate) mod state;
pub(crate) mod stored_tokens;
mod unanswered;
pub mod work;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use crate::base::background::Background;
use crate::base::state::State;
use crate::base::work::{InProgress, Unread, Work};
use crate::model::account::AccountId;
use crate::model::activity::Program;
use crate::model::registry::{Account, Phase, Registry};
use crate::model::registry_error::{Action, RegistryError};
use crate::model::settings::Settings;
use crate::ports::{FileError, Ports, StoreStatus};

/// Every account on this machine, and the operations on them. One per process; clones share the state.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) ports: Ports,
    pub(crate) program: Program,
    pub(crate) state: Arc<Mutex<State>>,
    pub(crate) restoring: Arc<tokio::sync::Mutex<()>>,
    changing_settings: Arc<tokio::sync::Mutex<()>>,
    /// The registry has changed: pending revocations and the times of their next tries may differ.
    pub(crate) schedule_changed: Arc<Notify>,
    pub(crate) store_is_back: Arc<Notify>,
    pub(crate) background: Background,
    pub(crate) interrupt: Arc<watch::Sender<bool>>,
}

impl Accounts {
    /// Makes the accounts behind these ports. Calls none of them yet.
    #[must_use]
    pub fn new(ports: Ports, program: Program) -> Self {
        Self {
            ports,
            program,
            state: Arc::default(),
            restoring: Arc::default(),
            changing_settings: Arc::default(),
            schedule_changed: Arc::default(),
            store_is_back: Arc::default(),
            background: Background::default(),
            interrupt: Arc::default(),
        }
    }

    /// Shows another account. Returns false, and changes nothing, if that account is not logged in.
    ///
    /// # Errors
    /// When the registry cannot be written.
    pub async fn switch(&self, id: &AccountId) -> Result<bool, RegistryError> {
        let id = id.clone();
        self.update_with(move |registry| {
            let is_in = registry.account(&id).is_some_and(|account| account.phase == Phase::Active);
            if is_in {
                registry.active = Some(id);
            }
            is_in
        })
        .await
    }

    /// Moves an account to the top of the list, or back to its tenant.
    ///
    /// # Errors
    /// When the registry cannot be written.
    pub async fn set_pinned(&self, id: &AccountId, pinned: bool) -> Result<(), RegistryError> {
        let id = id.clone();
        self.update_with(move |registry| {
            if !pinned {
                registry.pinned.retain(|other| *other != id);
            } else if !registry.pinned.contains(&id) && registry.account(&id).is_some() {
                registry.pinned.push(id);
            }
        })
        .await
    }

    /// Asks the user to unlock the keyring. Returns the status afterwards.
    pub async fn unlock(&self) -> StoreStatus {
        let _at_work = self.begin(Work::UnlockingKeyring);
        let status = self.ports.store.unlock().await;
        self.note_store(&status);
        status
    }

    /// The user has asked for something: from now on the keyring may ask before it deletes. A start opens no
    /// dialog by itself.
    pub fn allow_keyring_questions(&self) {
        self.ports.store.allow_questions();
    }

    /// To be called when another data folder has taken the place of the one before.
    pub fn folder_replaced(&self) {
        self.ports.store.folder_replaced();
        self.registry_changed();
    }

    /// Asks the keyring for its status, without touching anything in it.
    pub async fn look_at_store(&self) -> StoreStatus {
        let status = self.ports.store.status().await;
        self.note_store(&status);
        status
    }

    /// Notifies even if the status is the same: the first answer also makes the keyring's name known.
    fn note_store(&self, status: &StoreStatus) {
        let before = std::mem::replace(&mut self.state().store, status.clone());
        if *status == StoreStatus::Ok && before != StoreStatus::Ok {
            self.store_is_back.notify_waiters();
        }
        self.ports.observer.changed();
    }

    /// The user has read this notice. A newer notice stays.
    ///
    /// # Errors
    /// When the registry cannot be read or written.
    pub async fn dismiss(&self, read: &Unread) -> Result<(), RegistryError> {
        match read.clone() {
            Unread::Mended(mended) => self.update(move |registry| registry.mending_is_read(&mended)).await,
            Unread::Lost(lost) => self.update(move |registry| registry.loss_is_read(&lost)).await,
            Unread::Unanswered(line) => {
                self.unanswered_is_read(&line).await;
                Ok(())
            }
            Unread::Rollback(name) => {
                let mut state = self.state();
                if let Some(place) = state.rollback.iter().position(|other| *other == name) {
                    state.rollback.remove(place);
                }
                drop(state);
                self.ports.observer.changed();
                Ok(())
            }
        }
    }

    pub(crate) fn say_rolled_back(&self, account: &Account) {
        self.state().rollback.push(account.called());
        self.ports.observer.changed();
    }

    /// Changes the registry durably and notifies the observer.
    pub(crate) async fn update(
        &self,
        change: impl FnOnce(&mut Registry) + Send + 'static,
    ) -> Result<(), RegistryError> {
        self.update_and_read(change).await.map(|_| ())
    }

    pub(crate) async fn update_and_read(
        &self,
        change: impl FnOnce(&mut Registry) + Send + 'static,
    ) -> Result<Arc<Registry>, RegistryError> {
        let failures_before = self.state().failed_writes;
        let now = self.ports.clock.now();
        let change = move |registry: &mut Registry| {
            change(registry);
            registry.drop_old_log_outs(now);
        };
        let done = self.ports.registry.update(Box::new(change)).await;
        let mut state = self.state();
        match &done {
            Err(error) => {
                state.failed_writes += 1;
                state.registry_problem = Some(error.clone());
            }
            // If another write has failed meanwhile, that is the later news.
            Ok(_) if state.failed_writes == failures_before => state.registry_problem = None,
            Ok(_) => {}
        }
        drop(state);
        self.registry_changed();
        done
    }

    /// Like [`update`](Self::update), and returns the result of the change.
    pub(crate) async fn update_with<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Registry) -> T + Send + 'static,
    ) -> Result<T, RegistryError> {
        let (tell, told) = tokio::sync::oneshot::channel();
        self.update(move |registry| {
            // The caller may be gone; the change counts all the same.
            drop(tell.send(change(registry)));
        })
        .await?;
        told.await.map_err(|_| RegistryError::Io {
            action: Action::Written,
            detail: "the change did not run".to_owned(),
        })
    }

    /// To be called when this process, or another one, has changed the registry.
    pub fn registry_changed(&self) {
        self.schedule_changed.notify_one();
        self.ports.observer.changed();
    }

    /// The settings; the defaults, which are the careful ones, if they cannot be read.
    pub async fn settings(&self) -> Settings {
        self.ports.settings.read().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the settings cannot be read");
            Settings::unreadable()
        })
    }

    /// Changes the settings.
    ///
    /// # Errors
    /// When the settings cannot be read or written. A file that cannot be read, or that a newer version
    /// wrote, is not replaced; a damaged one is.
    pub async fn change_settings(&self, change: impl FnOnce(&mut Settings)) -> Result<(), FileError> {
        let _one_at_a_time = self.changing_settings.lock().await;
        let mut settings = self.ports.settings.read().await?;
        change(&mut settings);
        self.ports.settings.write(settings).await?;
        self.ports.observer.changed();
        Ok(())
    }

    pub(crate) fn store_status(&self) -> StoreStatus {
        self.state().store.clone()
    }

    pub(crate) fn begin(&self, work: Work) -> InProgress<'_> {
        InProgress::begin(self, work)
    }

    /// A panic under the lock leaves plain values behind, all of them valid.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
