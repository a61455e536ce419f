//! One refresh of an account at a time in this process, and what the last one came to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use crate::base::refresh_outcome::Outcome;

/// How long to wait for a refresh that has begun in this process. As long as for another one's.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// The refreshes of one account in this process.
#[derive(Debug, Default)]
pub(crate) struct SingleFlight {
    pub(crate) one_at_a_time: Arc<tokio::sync::Mutex<()>>,
    /// How many have landed, and what the last of them came to.
    pub(crate) finished: Mutex<(u64, Option<Outcome>)>,
    /// One has received tokens and cannot store them yet.
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
