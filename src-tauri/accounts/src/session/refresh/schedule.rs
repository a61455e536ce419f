//! When to refresh: ahead of expiry, again after a failure, and when the network is back.
//!
//! At 80 % of an access token's life, a little earlier or later so that not all accounts come at once.
//! The moment is fixed when the tokens arrive, from their life alone and by this machine's clock: a clock that is set wrong does
//! not matter, and one that is set right later makes it now at worst. The one timer is [`run_scheduler`](Accounts::run_scheduler)'s, which also serves what is owed; a program that has slept looks at
//! the clock again ([`woke`](Accounts::woke)). What fails is tried again by the [`backoff`]. Never for an
//! account that is logged out, and never while the keyring is locked.

use crate::base::state::Retry;
use std::time::Duration;

use crate::base::Accounts;
use crate::base::refresh_outcome::RefreshFailure;
use crate::model::account::AccountId;
use crate::model::backoff;
use crate::model::claims::Claims;
use crate::model::registry::{Account, Phase};
use crate::model::timestamp::Timestamp;

/// Tokens that live shorter than this, in seconds, are refreshed when they are needed and not by the timer: it would poll.
const SHORTEST_LIFE: i64 = 5;

impl Accounts {
    /// When to try again by ourselves, after a failure.
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

    /// When the timer is to refresh an account; nothing, if it is not.
    pub(crate) fn refresh_due(&self, account: &Account) -> Option<Timestamp> {
        let can = account.phase == Phase::Active && !account.signed_out_by_server && !account.tokens_missing;
        let due = account.refresh_at.filter(|_| can && !self.holds_tokens(&account.id))?;
        let now = self.ports.clock.now();
        // Moments further ahead than a token lives, or than anybody waits, were written under another clock.
        let is_astray = account.access_life > 0 && due.0.saturating_sub(now.0) > account.access_life;
        let due = if is_astray { now } else { due };
        let retry = self.state().refresh_retries.get(&account.id).map(|retry| retry.wait.next_try);
        let retry = retry.filter(|next| next.0 <= now.0 + backoff::LONGEST);
        Some(retry.map_or(due, |retry| retry.max(due)))
    }

    /// Whether the server wants to be left alone with refreshes of this account.
    pub(crate) fn is_asked_to_wait(&self, id: &AccountId) -> bool {
        let now = self.ports.clock.now();
        self.state().refresh_retries.get(id).is_some_and(|retry| retry.is_asked_to_wait(now))
    }

    /// How long until the next account is to be refreshed.
    pub(crate) fn until_next_refresh(&self, accounts: &[Account]) -> Option<Duration> {
        let now = self.ports.clock.now();
        let due = accounts.iter().filter_map(|account| self.refresh_due(account)).min()?;
        Some(Duration::from_secs((due.0 - now.0).max(0).unsigned_abs()))
    }

    /// When to refresh tokens that have arrived just now; nothing if they hardly live, or do not say how long.
    pub(crate) fn refresh_at(&self, claims: &Claims) -> Option<Timestamp> {
        let life = claims.access_life()?;
        if life < SHORTEST_LIFE {
            return None;
        }
        let wait = life.saturating_mul(fastrand::i64(75..=85)) / 100;
        Some(Timestamp(self.ports.clock.now().0.saturating_add(wait)))
    }
}
