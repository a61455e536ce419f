//! The life of a Userfront account on this machine: the domain, without window, HTTP or keyring.
//!
//! ```text
//!                 log_in                                        log_out
//!   (nobody) ───────────► arriving ───────► active ───────────► leaving ───────► (nobody)
//!                            │  tokens stored  │  ▲ refresh        │  session dead, entries deleted
//!                            │                 └──┘                │
//!                            └──── found at a start ───────────────┴──► finished: logged out
//! ```
//!
//! An account is one user signed in to one tenant at one host in one mode ([`AccountId`]). Its access and
//! refresh tokens lie in the OS keyring; the [`registry`] lists it and holds no secret. Each verb is a room:
//! [`log_in`] (by any of the [`ways_in`]), [`log_out`], [`refresh`], [`restore`], [`erase`], and what a
//! [`user`] does with their own details. A session that the server has not confirmed to be dead is owed:
//! [`revocation`] says when, [`pending`] pays it, [`backoff`] decides how often to ask. What counts as over,
//! [`evidence`] says; [`verification`] looks once more. A refresh may give an account another session; the
//! one before is [`superseded`]. What was cut off is finished by [`interrupted`]; what the keyring holds and
//! no account lists is [`foreign`], or found by [`reconcile`].
//!
//! **The invariant.** *Sessions alive at the server whose tokens this machine received whole* ⊆ *accounts ∪
//! pending revocations ∪ superseded sessions ∪ sessions named as lost ∪ foreign entries that are named ∪ what
//! the user discarded, forgot or left*; and *entries in the keyring under our service = those that the
//! registry accounts for ∪ the foreign ones named*. No action of one list lowers what another list holds,
//! unless the user chose it by name. It holds after any crash and the next start; `tests/life/crash.rs` shows
//! it for every single effect of a log-in and a log-out.
//!
//! The domain decides; the shell and the command line only pass on. Whatever it needs from outside is a port
//! ([`ports`]), so that it runs in tests without any of it. It prints no secret: tokens have no way into text
//! but one.

pub mod account;
pub mod activity;
pub mod api_base;
mod background;
pub mod backoff;
pub mod browser_pages;
pub mod claims;
pub mod clock;
pub mod custom_data;
pub mod destination;
pub mod environment;
pub mod erase;
mod evidence;
pub mod factor;
mod files;
pub mod foreign;
mod held;
mod interrupted;
pub mod link;
pub mod log_in;
pub mod log_out;
mod overview;
mod parallel;
pub mod password_rule;
pub mod pasted;
pub mod pending;
pub mod ports;
mod reconcile;
pub mod refresh;
pub mod registry;
mod remnant;
mod restore;
pub mod revocation;
pub mod service_name;
pub mod settings;
mod strays;
pub mod superseded;
pub mod tenant;
pub mod text;
pub mod token;
mod unanswered;
mod unwritten;
pub mod user;
mod verification;
pub mod view;
pub mod ways_in;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

pub use account::{AccountId, EntryName, Profile, TenantRoles};
pub use api_base::ApiBase;
pub use overview::{Health, Overview, Unread, Work};
pub use ports::Timestamp;
pub use tenant::{Domain, Malformed, Mode, SessionId, Tenant, TenantId, UserUuid};
pub use token::{AccessToken, IdToken, Password, RefreshToken, SessionToken, Tokens};

use background::Background;
use overview::InProgress;
use ports::{Ports, StoreStatus};
use registry::{Account, Registry, RegistryError};

/// Every account on this machine, and what can be done with them. One a process; a clone is the same one.
#[derive(Clone)]
pub struct Accounts {
    ports: Ports,
    program: activity::Program,
    state: Arc<Mutex<State>>,
    restoring: Arc<tokio::sync::Mutex<()>>,
    /// The registry has changed: what is owed, and when it is to be tried, may be something else.
    owed_anew: Arc<Notify>,
    /// The keyring is usable again.
    store_is_back: Arc<Notify>,
    background: Background,
    /// Whether the program is about to end.
    interrupt: Arc<watch::Sender<bool>>,
}

/// What is not on disk: it is true of this process only.
#[derive(Debug)]
struct State {
    store: StoreStatus,
    in_progress: Vec<Work>,
    registry_problem: Option<RegistryError>,
    failed_writes: u64,
    /// Accounts that are logged out although the registry, which could not be written, still lists them.
    hidden: Vec<unwritten::Hidden>,
    /// Logged out, and then found alive where that could not be written: what is known instead.
    found_alive: HashMap<AccountId, log_out::Revocation>,
    /// Accounts without tokens, with their generation: the registry may not take it.
    without_tokens: Vec<(AccountId, u64)>,
    /// The link that was asked for, until it has come.
    asked_for: Option<link::AskedFor>,
    /// Refreshes of accounts by this process.
    flights: HashMap<AccountId, Arc<refresh::Flight>>,
    /// Refreshes that were tried in vain.
    refresh_retries: HashMap<AccountId, refresh::Retry>,
    /// Names of the accounts whose interrupted log-in this start has undone, until the user has read of it.
    undone: Vec<String>,
    /// A log-in of an earlier run whose answer was lost, until the user has read of it.
    unanswered: Option<activity::Line>,
    /// How many log-outs of all accounts are under way.
    log_outs_of_all: usize,
    /// What the keyring holds beyond this list.
    foreign: foreign::Foreign,
    /// What it holds under the services that this data folder had before.
    elsewhere: Vec<ports::EntryElsewhere>,
    /// What of the foreign a log-in may replace.
    replaceable: foreign::Replaceable,
}

impl Accounts {
    /// The accounts behind these ports, for a program. Touches none of them yet.
    #[must_use]
    pub fn new(ports: Ports, program: activity::Program) -> Self {
        let state = State {
            store: StoreStatus::Ok,
            in_progress: Vec::new(),
            registry_problem: None,
            failed_writes: 0,
            hidden: Vec::new(),
            found_alive: HashMap::new(),
            without_tokens: Vec::new(),
            asked_for: None,
            flights: HashMap::new(),
            refresh_retries: HashMap::new(),
            undone: Vec::new(),
            unanswered: None,
            log_outs_of_all: 0,
            foreign: foreign::Foreign::default(),
            elsewhere: Vec::new(),
            replaceable: foreign::Replaceable::default(),
        };
        Self {
            ports,
            program,
            state: Arc::new(Mutex::new(state)),
            restoring: Arc::default(),
            owed_anew: Arc::default(),
            store_is_back: Arc::default(),
            background: Background::default(),
            interrupt: Arc::default(),
        }
    }

    /// Shows another account. Whether it does: one that is not logged in (any more, or yet) is not shown.
    ///
    /// # Errors
    /// When the registry cannot be written.
    pub async fn switch(&self, id: &AccountId) -> Result<bool, RegistryError> {
        let id = id.clone();
        self.update_with(move |registry| {
            let is_in = registry.account(&id).is_some_and(|account| account.phase == registry::Phase::Active);
            if is_in {
                registry.active = Some(id);
            }
            is_in
        })
        .await
    }

    /// Asks the user to unlock the keyring. The status afterwards.
    pub async fn unlock(&self) -> StoreStatus {
        let _at_work = self.begin(Work::UnlockingKeyring);
        let status = self.ports.store.unlock().await;
        self.note_store(&status);
        status
    }

    /// Asks the keyring how it is, without touching anything in it.
    pub async fn look_at_store(&self) -> StoreStatus {
        let status = self.ports.store.status().await;
        self.note_store(&status);
        status
    }

    /// Told even when the status is the same: what the keyring is called becomes known with the first answer.
    fn note_store(&self, status: &StoreStatus) {
        let before = std::mem::replace(&mut self.state().store, status.clone());
        if *status == StoreStatus::Ok && before != StoreStatus::Ok {
            self.store_is_back.notify_waiters();
        }
        self.ports.observer.changed();
    }

    /// The user has read this. What has come to be said meanwhile stays, since nobody has read that yet.
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
            Unread::Undone(name) => {
                let mut state = self.state();
                if let Some(place) = state.undone.iter().position(|other| *other == name) {
                    state.undone.remove(place);
                }
                drop(state);
                self.ports.observer.changed();
                Ok(())
            }
        }
    }

    pub(crate) fn say_undone(&self, account: &Account) {
        self.state().undone.push(account.called());
        self.ports.observer.changed();
    }

    /// A durable change, told to the observer.
    pub(crate) async fn update(
        &self,
        change: impl FnOnce(&mut Registry) + Send + 'static,
    ) -> Result<(), RegistryError> {
        self.update_and_read(change).await.map(|_| ())
    }

    pub(crate) async fn update_and_read(
        &self,
        change: impl FnOnce(&mut Registry) + Send + 'static,
    ) -> Result<Registry, RegistryError> {
        let failures_before = self.state().failed_writes;
        let done = self.ports.registry.update(Box::new(change)).await;
        let mut state = self.state();
        match &done {
            Err(error) => {
                state.failed_writes += 1;
                state.registry_problem = Some(error.clone());
            }
            // A write that failed while this one succeeded is the later news.
            Ok(_) if state.failed_writes == failures_before => state.registry_problem = None,
            Ok(_) => {}
        }
        drop(state);
        self.registry_changed();
        done
    }

    /// A durable change, and what came of it.
    pub(crate) async fn update_with<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Registry) -> T + Send + 'static,
    ) -> Result<T, RegistryError> {
        let (tell, told) = tokio::sync::oneshot::channel();
        self.update(move |registry| {
            // Whoever asked may have gone; the change counts all the same.
            drop(tell.send(change(registry)));
        })
        .await?;
        told.await
            .map_err(|_| RegistryError::Io { action: "written", detail: "the change did not run".to_owned() })
    }

    /// This process, or another one, has changed the registry.
    pub fn registry_changed(&self) {
        self.owed_anew.notify_one();
        self.ports.observer.changed();
    }

    /// How the keyring was when it was last asked.
    fn store_status(&self) -> StoreStatus {
        self.state().store.clone()
    }

    fn begin(&self, work: Work) -> InProgress<'_> {
        InProgress::begin(self, work)
    }

    /// A panic while it was held leaves plain values behind, all of them valid.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
