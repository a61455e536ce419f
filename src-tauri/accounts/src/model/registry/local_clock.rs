//! What goes by this machine's clock, which may be wrong.
//!
//! Tokens name their ends by the server's clock. What counts here is how long they live, from the moment when
//! they arrived: a clock that is wrong by the same amount all the time does not matter, in this run or a
//! later one. A clock that was set back since shows by a moment that lies further ahead than anything lives:
//! then the server's word counts. One that was set ahead makes a token seem to have expired too early, which
//! a refresh mends. Of a session it is said that it has ended when both clocks say so.

use crate::model::registry::{Account, Phase, Registry};
use crate::model::timestamp::Timestamp;

/// A clock may differ from the server's by this much before anybody is told, in seconds.
const CLOCKS_AGREE: i64 = 120;

impl Account {
    /// When its session ends by itself, for this machine's clock.
    #[must_use]
    pub fn ends_by_itself_at(&self) -> Timestamp {
        self.session_ends_at.max(self.session_ends_here_at)
    }

    /// When its access token expires, by the clock that says `now`.
    #[must_use]
    pub fn access_expires(&self, now: Timestamp) -> Timestamp {
        if self.goes_by_life(now) { self.access_expires_here_at } else { self.access_expires_at }
    }

    /// Whether its access token arrived under another clock than the one that says `now`.
    pub(crate) fn is_of_another_clock(&self, now: Timestamp) -> bool {
        self.access_expires_here_at != Timestamp::default() && !self.goes_by_life(now)
    }

    /// Whether the end of its access token was written down, under the clock that says `now`: it comes after
    /// a whole life at the latest.
    fn goes_by_life(&self, now: Timestamp) -> bool {
        let end = self.access_expires_here_at;
        end != Timestamp::default() && end.0.saturating_sub(now.0) <= self.access_life
    }
}

impl Registry {
    /// How many seconds this machine's clock, which says `now`, was ahead of the server's when tokens last
    /// arrived, if it was more than two minutes off.
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
