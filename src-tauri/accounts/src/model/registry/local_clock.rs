//! Times by this machine's clock, which may be wrong.
//!
//! Tokens name their expiry by the server's clock. Here the expiry is the time of arrival plus the token's
//! life: a constant error of the clock does not matter, in this run or a later one. A clock that was set back
//! shows by a time further ahead than any life: then the server's expiry counts. One set ahead makes a token
//! seem to expire early, which a refresh corrects. A session counts as expired only when both clocks say so.

use crate::model::registry::{Account, Phase, Registry};
use crate::model::timestamp::Timestamp;

/// The difference from the server's clock that is not reported, in seconds.
const CLOCKS_AGREE: i64 = 120;

impl Account {
    /// When its session expires: the later of the times by the two clocks.
    #[must_use]
    pub fn ends_by_itself_at(&self) -> Timestamp {
        self.session_ends_at.max(self.session_ends_here_at)
    }

    /// When its access token expires, by the clock that says `now`.
    #[must_use]
    pub fn access_expires(&self, now: Timestamp) -> Timestamp {
        if self.goes_by_life(now) { self.access_expires_here_at } else { self.access_expires_at }
    }

    pub(crate) fn is_of_another_clock(&self, now: Timestamp) -> bool {
        self.access_expires_here_at != Timestamp::default() && !self.goes_by_life(now)
    }

    /// Under the clock that says `now`, the recorded expiry is at most one full life ahead.
    fn goes_by_life(&self, now: Timestamp) -> bool {
        let end = self.access_expires_here_at;
        end != Timestamp::default() && end.0.saturating_sub(now.0) <= self.access_life
    }
}

impl Registry {
    /// By how many seconds the clock, which says `now`, was ahead of the server's at the last arrival of
    /// tokens, if it was more than two minutes off.
    #[must_use]
    pub fn clock_ahead(&self, now: Timestamp) -> Option<i64> {
        let is_known = |account: &&Account| account.phase == Phase::Active && account.goes_by_life(now);
        let arrived =
            |account: &&Account| account.access_expires_here_at.0.saturating_sub(account.access_life);
        let last = self.accounts.iter().filter(is_known).max_by_key(arrived)?;
        let ahead = last.access_expires_here_at.0.saturating_sub(last.access_expires_at.0);
        (ahead.saturating_abs() > CLOCKS_AGREE).then_some(ahead)
    }
}
