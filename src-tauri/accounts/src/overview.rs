//! The snapshot of everything that is shown, and the account that a view shows.

use std::sync::Arc;

use crate::base::Accounts;
use crate::base::foreign_entries::ForeignEntry;
use crate::base::work::Work;
use crate::model::account::EntryName;
use crate::model::activity::Line;
use crate::model::registry::{Account, Phase, Registry};
use crate::model::registry_error::{Action, RegistryError};
use crate::model::settings::Settings;
use crate::model::timestamp::Timestamp;
use crate::ports::{EntryElsewhere, StoreStatus};

/// Accounts, keyring and work in progress at one moment. Holds no secret.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The registry, without the accounts that are logged out and cannot be removed from it yet.
    pub registry: Arc<Registry>,
    /// Whether the registry was read: one that could not be shows as empty.
    pub registry_is_read: bool,
    /// The keyring's usual name.
    pub store_name: String,
    /// The service of our entries in the keyring.
    pub service: String,
    /// The state of the keyring when it was last asked.
    pub store: StoreStatus,
    /// The work in progress.
    pub in_progress: Vec<Work>,
    /// Accounts of a log-out of several whose turn has not come yet.
    pub queued_log_outs: usize,
    /// Why the last read or write of the registry failed.
    pub registry_problem: Option<RegistryError>,
    /// The user's settings.
    pub settings: Settings,
    /// How many seconds this machine's clock was ahead of the server's when tokens last arrived, if that was
    /// more than two minutes.
    pub clock_ahead: Option<i64>,
    /// Names of the accounts whose interrupted log-in was rolled back.
    pub rollback: Vec<String>,
    /// A log-in of an earlier run whose answer was lost.
    pub unanswered: Option<Line>,
    /// The foreign entries when the keyring was last listed.
    pub foreign: Vec<ForeignEntry>,
    /// Our entries under the earlier services of this data folder, when they were last listed.
    pub elsewhere: Vec<EntryElsewhere>,
    /// Entries of dead sessions that are being deleted.
    pub deleting: Vec<EntryName>,
    /// The time of the snapshot.
    pub now: Timestamp,
}

impl Overview {
    /// The leftover entries, except those that are being deleted.
    pub fn leftover_entries(&self) -> impl Iterator<Item = EntryName> {
        self.registry.leftover_entries().filter(|entry| !self.deleting.contains(entry))
    }
}

/// The state of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Logged in.
    Ok,
    /// Logged in; the access token has expired and could not be refreshed yet.
    Expired,
    /// The server ended the session.
    SignedOutByServer,
    /// Neither of its tokens is in the keyring.
    TokensMissing,
    /// The session has expired, by this machine's clock.
    Ended,
    /// A log-in is storing its tokens, or was interrupted and is being rolled back.
    LoggingIn,
    /// Being logged out.
    LoggingOut,
}

impl Overview {
    /// Whether the keyring keeps deleted entries, with their secrets, in a recycle bin.
    #[must_use]
    pub fn store_keeps_deleted(&self) -> bool {
        self.store_name == "KeePassXC"
    }
}

impl Health {
    /// Whether the user has to log in again first.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::SignedOutByServer | Self::TokensMissing | Self::Ended)
    }

    /// The state of `account` at `now`.
    #[must_use]
    pub fn of(account: &Account, now: Timestamp) -> Self {
        match account.phase {
            Phase::LoggingIn => Self::LoggingIn,
            Phase::LoggingOut | Phase::Abandoned => Self::LoggingOut,
            Phase::Active if account.signed_out_by_server => Self::SignedOutByServer,
            Phase::Active if account.tokens_missing => Self::TokensMissing,
            Phase::Active if account.ends_by_itself_at() <= now => Self::Ended,
            Phase::Active if account.access_expires(now) <= now => Self::Expired,
            Phase::Active => Self::Ok,
        }
    }
}

impl Accounts {
    /// The snapshot of now. A registry that cannot be read shows as empty, with the reason beside it.
    pub async fn overview(&self) -> Overview {
        // Work that begins or ends while the registry is read counts as in progress: an account that is
        // logging out must at no moment look like one whose log-out was interrupted.
        let mut in_progress = self.state().in_progress.clone();
        let (read, settings) = tokio::join!(self.ports.registry.read(), self.settings());
        let registry_is_read = read.is_ok();
        let elsewhere = self.at_work_elsewhere(read.as_deref().ok()).await;
        let deleting = self.deleting(read.as_deref().ok()).await;
        let mut state = self.state();
        let begun = state.in_progress.iter().filter(|work| !in_progress.contains(work)).cloned();
        in_progress.extend(begun.chain(elsewhere).collect::<Vec<_>>());
        let mut registry = match read {
            Ok(registry) => {
                // A successful read clears a failed read; it does not prove that the registry can be written.
                let is_written = |problem: &RegistryError| {
                    matches!(problem, RegistryError::Io { action: Action::Written, .. })
                };
                state.registry_problem = state.registry_problem.take().filter(is_written);
                registry
            }
            Err(error) => {
                state.registry_problem = Some(error);
                Arc::default()
            }
        };
        let foreign = state.foreign.still(&registry);
        for hidden in &state.hidden {
            if registry.account(&hidden.id).is_some_and(|account| account.generation <= hidden.generation) {
                Arc::make_mut(&mut registry).remove(&hidden.id);
            }
        }
        for (id, generation) in &state.without_tokens {
            Arc::make_mut(&mut registry).tokens_are_missing(id, *generation, true);
        }
        let now = self.ports.clock.now();
        Overview {
            clock_ahead: registry.clock_ahead(now),
            registry,
            registry_is_read,
            store_name: self.ports.store.name(),
            service: self.ports.store.service(),
            store: state.store.clone(),
            in_progress,
            queued_log_outs: state.queued_log_outs,
            registry_problem: state.registry_problem.clone(),
            settings,
            rollback: state.rollback.clone(),
            unanswered: state.unanswered.first().cloned(),
            foreign,
            elsewhere: state.elsewhere.clone(),
            deleting,
            now,
        }
    }
}

/// The account to show: the active one. After a log-out no other takes its place: the user sees the login
/// screen, and chooses. The account stays in view while it is being logged out; one whose log-out was
/// interrupted does not come back.
#[must_use]
pub fn shown_account(overview: &Overview) -> Option<&Account> {
    let active = overview.registry.account(overview.registry.active.as_ref()?)?;
    match active.phase {
        Phase::Active => Some(active),
        Phase::LoggingOut => {
            overview.in_progress.contains(&Work::LoggingOut(active.id.clone())).then_some(active)
        }
        Phase::LoggingIn | Phase::Abandoned => None,
    }
}

impl Accounts {
    /// Entries of dead sessions while another task is at work on their account and deletes them, or has just
    /// finished.
    async fn deleting(&self, registry: Option<&Registry>) -> Vec<EntryName> {
        let mut deleting = Vec::new();
        for row in registry.into_iter().flat_map(|registry| &registry.pending).filter(|row| row.is_dead) {
            let is_at_work = self.ports.registry.is_at_work(&row.account).await;
            let gone = |now: Arc<Registry>| now.pending_row(&row.entry).is_none();
            if is_at_work || self.ports.registry.read().await.is_ok_and(gone) {
                deleting.push(row.entry.clone());
            }
        }
        deleting
    }

    /// The work of our other processes: an account that looks interrupted may be in progress there.
    async fn at_work_elsewhere(&self, registry: Option<&Registry>) -> Vec<Work> {
        let here = self.state().in_progress.clone();
        let mut elsewhere = Vec::new();
        for account in registry.into_iter().flat_map(|registry| &registry.accounts) {
            let work = match account.phase {
                Phase::LoggingOut => Work::LoggingOut(account.id.clone()),
                Phase::LoggingIn => Work::LoggingIn,
                Phase::Active | Phase::Abandoned => continue,
            };
            if !here.contains(&work) && self.ports.registry.is_at_work(&account.id).await {
                elsewhere.push(work);
            }
        }
        elsewhere
    }
}
