//! When to refresh: ahead of expiry, again after a failure, and when the network is back.
//!
//! A refresh is due at 80 % of an access token's life, a little earlier or later so that accounts spread. The
//! moment is fixed when the tokens arrive, from their life and this machine's clock: a wrong clock does not
//! matter, and one that is corrected later makes the refresh due at once at worst.
//! [`run_scheduler`](Accounts::run_scheduler) has the timer; after the machine has slept it checks the clock
//! again ([`woke`](Accounts::woke)). A failed refresh is retried by the [`backoff`]. No refresh for an
//! account that is logged out, and none while the keyring is locked.

use crate::base::state::Retry;
use std::time::Duration;

use crate::base::Accounts;
use crate::base::refresh_outcome::RefreshFailure;
use crate::model::account::AccountId;
use crate::model::backoff;
use crate::model::claims::Claims;
use crate::model::registry::{Account, Phase};
use crate::model::timestamp::Timestamp;

/// In seconds. Tokens with a shorter life are refreshed when they are needed and not by the timer, which
/// would poll.
const SHORTEST_LIFE: i64 = 5;

impl Accounts {
    pub(crate) fn plan_retry(&self, id: &AccountId, failure: Option<&RefreshFailure>) {
        let now = self.ports.clock.now();
        let mut state = self.state();
        let Some(failure) = failure else {
            state.refresh_retries.remove(id);
            return;
        };
        let retry_after = match failure {
            RefreshFailure::Server(failure) => failure.retry_after(),
            _ => None,
        };
        let tries = state.refresh_retries.get(id).map_or(0, |retry| retry.tries).saturating_add(1);
        let wait = backoff::after(now, tries, retry_after);
        state.refresh_retries.insert(id.clone(), Retry { tries, wait });
    }

    pub(crate) fn refresh_due(&self, account: &Account) -> Option<Timestamp> {
        let can = account.phase == Phase::Active && !account.signed_out_by_server && !account.tokens_missing;
        let due = account.refresh_at.filter(|_| can && !self.holds_tokens(&account.id))?;
        let now = self.ports.clock.now();
        // A moment further ahead than the token's life or the longest back-off was written under another
        // clock.
        let is_of_another_clock =
            account.access_life > 0 && due.0.saturating_sub(now.0) > account.access_life;
        let due = if is_of_another_clock { now } else { due };
        let retry = self.state().refresh_retries.get(&account.id).map(|retry| retry.wait.next_try);
        let retry = retry.filter(|next| next.0 <= now.0 + backoff::LONGEST);
        Some(retry.map_or(due, |retry| retry.max(due)))
    }

    pub(crate) fn is_asked_to_wait(&self, id: &AccountId) -> bool {
        let now = self.ports.clock.now();
        self.state().refresh_retries.get(id).is_some_and(|retry| retry.is_asked_to_wait(now))
    }

    pub(crate) fn until_next_refresh(&self, accounts: &[Account]) -> Option<Duration> {
        let now = self.ports.clock.now();
        let due = accounts.iter().filter_map(|account| self.refresh_due(account)).min()?;
        Some(Duration::from_secs((due.0 - now.0).max(0).unsigned_abs()))
    }

    /// When to refresh tokens that have just arrived; none if their life is too short or unknown.
    pub(crate) fn refresh_at(&self, claims: &Claims) -> Option<Timestamp> {
        let life = claims.access_life()?;
        if life < SHORTEST_LIFE {
            return None;
        }
        let wait = life.saturating_mul(fastrand::i64(75..=85)) / 100;
        Some(Timestamp(self.ports.clock.now().0.saturating_add(wait)))
    }
}
