//! What is true of this process only, and on no disk.

use std::collections::HashMap;
use std::sync::Arc;

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

/// What is not on disk: it is true of this process only.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) store: StoreStatus,
    pub(crate) in_progress: Vec<Work>,
    pub(crate) registry_problem: Option<RegistryError>,
    pub(crate) failed_writes: u64,
    /// Accounts that are logged out although the registry, which could not be written, still lists them.
    pub(crate) hidden: Vec<Hidden>,
    /// Logged out, and then found alive where that could not be written: what is known instead, and when it ends by itself.
    pub(crate) found_alive: HashMap<AccountId, (SessionOutcome, Timestamp)>,
    /// Accounts without tokens, with their generation: the registry may not take it.
    pub(crate) without_tokens: Vec<(AccountId, u64)>,
    /// The link that was asked for, until it has come.
    pub(crate) asked_for: Option<AskedFor>,
    /// Refreshes of accounts by this process.
    pub(crate) refreshes_in_flight: HashMap<AccountId, Arc<SingleFlight>>,
    /// Refreshes that were tried in vain.
    pub(crate) refresh_retries: HashMap<AccountId, Retry>,
    /// Names of the accounts whose interrupted log-in this start has undone, until the user has read of it.
    pub(crate) rollback: Vec<String>,
    /// A log-in of an earlier run whose answer was lost, until the user has read of it.
    pub(crate) unanswered: Option<Line>,
    /// How many log-outs of all accounts are under way.
    pub(crate) log_outs_of_all: usize,
    /// What the keyring holds beyond this list.
    pub(crate) foreign: Foreign,
    /// What it holds under the services that this data folder had before.
    pub(crate) elsewhere: Vec<EntryElsewhere>,
    /// What of the foreign a log-in may replace.
    pub(crate) replaceable: Replaceable,
}

/// An account that is logged out, and that the registry, which could not be written, still lists.
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

/// A refresh that was tried in vain: how often, and when to try again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retry {
    pub(crate) tries: u32,
    pub(crate) wait: Wait,
}

impl Retry {
    /// The server wants to be left alone for now. What lies too far ahead was said under another clock.
    pub(crate) fn is_asked_to_wait(&self, now: Timestamp) -> bool {
        self.wait.asked_to_wait_until.is_some_and(|until| until > now && until.0 - now.0 <= backoff::LONGEST)
    }
}

/// Which foreign entries a log-in may replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Replaceable {
    /// Those of these accounts, each with the time at which the user has said so.
    Of(Vec<(AccountId, Timestamp)>),
    /// All.
    Any,
}

impl Default for Replaceable {
    fn default() -> Self {
        Self::Of(Vec::new())
    }
}
