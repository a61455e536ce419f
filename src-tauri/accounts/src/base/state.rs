//! State of this process only; none of it is on disk.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::Accounts;
use crate::base::foreign_entries::Foreign;
use crate::base::single_flight::SingleFlight;
use crate::base::work::Work;
use crate::model::account::AccountId;
use crate::model::activity::Line;
use crate::model::backoff;
use crate::model::backoff::Wait;
use crate::model::link::AskedFor;
use crate::model::registry::Account;
use crate::model::registry_error::RegistryError;
use crate::model::session_outcome::SessionOutcome;
use crate::model::timestamp::Timestamp;
use crate::ports::{EntryElsewhere, StoreStatus};

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) store: StoreStatus,
    pub(crate) in_progress: Vec<Work>,
    pub(crate) registry_problem: Option<RegistryError>,
    pub(crate) failed_writes: u64,
    /// Accounts that are logged out although the registry, which could not be written, still lists them.
    pub(crate) hidden: Vec<Hidden>,
    /// Logged out, then found alive while the registry could not be written: the outcome, and the expiry.
    pub(crate) found_alive: HashMap<AccountId, (SessionOutcome, Timestamp)>,
    /// Accounts without tokens, with their generation: the registry may fail to note it.
    pub(crate) without_tokens: Vec<(AccountId, u64)>,
    pub(crate) asked_for: Option<AskedFor>,
    pub(crate) refreshes_in_flight: HashMap<AccountId, Arc<SingleFlight>>,
    pub(crate) refresh_retries: HashMap<AccountId, Retry>,
    /// Names of the accounts whose log-in this start has rolled back, until the user has read of it.
    pub(crate) rollback: Vec<String>,
    pub(crate) unanswered: Vec<Line>,
    pub(crate) log_outs_of_all: usize,
    /// Of those, the accounts whose turn has not come yet.
    pub(crate) queued_log_outs: usize,
    pub(crate) foreign: Foreign,
    /// Entries under the services that this data folder had before.
    pub(crate) elsewhere: Vec<EntryElsewhere>,
    pub(crate) replaceable: Replaceable,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hidden {
    pub(crate) id: AccountId,
    pub(crate) generation: u64,
    pub(crate) session: SessionOutcome,
}

impl Hidden {
    pub(crate) fn is(&self, account: &Account) -> bool {
        account.id == self.id && account.generation == self.generation
    }
}

impl Accounts {
    pub(crate) fn is_hidden(&self, account: &Account) -> bool {
        let hidden = &self.state().hidden;
        hidden.iter().any(|one| one.id == account.id && one.generation >= account.generation)
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Retry {
    pub(crate) tries: u32,
    pub(crate) wait: Wait,
}

impl Retry {
    /// Whether the server has asked us to wait. A time too far ahead was written under another clock.
    pub(crate) fn is_asked_to_wait(&self, now: Timestamp) -> bool {
        self.wait.asked_to_wait_until.is_some_and(|until| until > now && until.0 - now.0 <= backoff::LONGEST)
    }
}

/// The foreign entries that a log-in may replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Replaceable {
    /// The entries of these accounts, each with the time at which the user allowed it.
    Of(Vec<(AccountId, Timestamp)>),
    Any,
}

impl Default for Replaceable {
    fn default() -> Self {
        Self::Of(Vec::new())
    }
}
