//! Allows one refresh of an account at a time in this process, and keeps the last one's outcome.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use crate::base::Accounts;
use crate::base::refresh_outcome::Outcome;
use crate::model::account::AccountId;

/// As long as for another program's refresh.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

#[derive(Debug, Default)]
pub(crate) struct SingleFlight {
    pub(crate) one_at_a_time: Arc<tokio::sync::Mutex<()>>,
    /// The number of finished refreshes, and the outcome of the last.
    pub(crate) finished: Mutex<(u64, Option<Outcome>)>,
    /// A refresh has received tokens and cannot store them yet.
    pub(crate) holds_tokens: AtomicBool,
}

impl SingleFlight {
    pub(crate) fn finished(&self) -> (u64, Option<Outcome>) {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn finish(&self, outcome: Outcome) {
        let mut finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        *finished = (finished.0 + 1, Some(outcome));
        self.holds_tokens.store(false, Ordering::SeqCst);
    }

    pub(crate) async fn turn(&self) -> Option<OwnedMutexGuard<()>> {
        timeout(LONGEST_WAIT, self.one_at_a_time.clone().lock_owned()).await.ok()
    }
}

impl Accounts {
    pub(crate) fn single_flight(&self, id: &AccountId) -> Arc<SingleFlight> {
        self.state().refreshes_in_flight.entry(id.clone()).or_default().clone()
    }

    pub(crate) fn holds_tokens(&self, id: &AccountId) -> bool {
        let state = self.state();
        state
            .refreshes_in_flight
            .get(id)
            .is_some_and(|single_flight| single_flight.holds_tokens.load(Ordering::SeqCst))
    }
}
