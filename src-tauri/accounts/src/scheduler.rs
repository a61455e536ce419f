//! The scheduler: one timer that refreshes accounts and retries pending revocations when they are due.

use std::time::Duration;

use tokio::time::sleep;

use crate::base::Accounts;
use crate::log_out::pending_revocations::{Occasion, is_due};
use crate::model::registry_error::RegistryError;

/// How long the timer waits when a due row could not be tried: the keyring is locked, or the registry cannot
/// be read or written.
const CANNOT_TRY: Duration = Duration::from_mins(1);

impl Accounts {
    /// Retries pending revocations and refreshes accounts when they are due, as long as the program runs. No
    /// timer runs while nothing is pending and no account is logged in.
    pub async fn run_scheduler(&self) {
        loop {
            let Some(wait) = self.until_next_try().await else {
                self.schedule_changed.notified().await;
                continue;
            };
            tokio::select! {
                () = sleep(wait) => {}
                () = self.schedule_changed.notified() => continue,
            }
            let tried = self.retry_pending(Occasion::Due).await.and(self.refresh_those_due().await);
            if let Err(error) = &tried {
                tracing::warn!(%error, "due refreshes and revocations could not be tried");
            }
            if tried.is_err() || self.store_status().usable().is_err() {
                tokio::select! {
                    () = sleep(CANNOT_TRY) => {}
                    () = self.schedule_changed.notified() => {}
                }
            }
        }
    }

    /// None while nothing is pending and no account is logged in.
    async fn until_next_try(&self) -> Option<Duration> {
        let now = self.ports.clock.now();
        let registry = match self.ports.registry.read().await {
            Ok(registry) => registry,
            Err(error) => {
                // No notice comes when the registry can be read again, so it is tried by the clock.
                tracing::warn!(%error, "refreshes and revocations cannot be scheduled");
                return Some(CANNOT_TRY);
            }
        };
        let seconds =
            registry.pending.iter().map(|row| if is_due(row, now) { 0 } else { row.next_try.0 - now.0 });
        let queued = seconds.min().map(|seconds| Duration::from_secs(seconds.max(1).unsigned_abs()));
        queued.into_iter().chain(self.until_next_refresh(&registry.accounts)).min()
    }

    /// The machine has slept, or its clock was set: plans anew.
    pub fn woke(&self) {
        self.schedule_changed.notify_one();
    }

    /// The network has returned: retries what failed, except where the server asked to wait.
    ///
    /// # Errors
    /// When the registry cannot be read or written.
    pub async fn network_returned(&self) -> Result<(), RegistryError> {
        let now = self.ports.clock.now();
        self.state().refresh_retries.retain(|_, retry| retry.is_asked_to_wait(now));
        self.schedule_changed.notify_one();
        self.retry_pending(Occasion::Opportunity).await
    }
}
