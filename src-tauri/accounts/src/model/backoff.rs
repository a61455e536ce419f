//! When to ask a server again: exponential back-off with full jitter. Pure, except for random numbers.
//!
//! After the n-th failed try the next one comes at a random moment within a window of 5 s · 2ⁿ, at most 15
//! min, so that clients that failed together do not return together. A `Retry-After` (at most 1 h) is waited
//! for first; the random part is added to it, in a window as long as that wait (at least a minute), so that
//! not all clients return at its end. `tests/life/storm.rs` runs 100,000 clients on this.

use std::time::Duration;

use crate::model::timestamp::Timestamp;

/// In seconds, like the next three.
const FIRST: u64 = 5;
const LAST: u64 = 15 * 60;
const BEHIND_RETRY_AFTER: u64 = 60;
/// The longest possible wait: a time further ahead was written under another clock.
pub(crate) const LONGEST: i64 = 60 * 60 + 15 * 60;

/// When the next tries are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The next automatic try.
    pub next_try: Timestamp,
    /// The server has asked us to wait until then: only the user may start a try.
    pub asked_to_wait_until: Option<Timestamp>,
}

/// When to ask again after `tries` failed tries, at least one.
#[must_use]
pub fn after(now: Timestamp, tries: u32, retry_after: Option<Duration>) -> Wait {
    let doubled = FIRST.saturating_mul(1_u64.checked_shl(tries.saturating_sub(1)).unwrap_or(u64::MAX));
    let mut window = doubled.min(LAST);
    let asked = retry_after.map(|wait| wait.as_secs());
    if let Some(asked) = asked {
        window = window.max(asked.clamp(BEHIND_RETRY_AFTER, LAST));
    }
    let later = |seconds: u64| Timestamp(now.0 + i64::try_from(seconds).unwrap_or(LONGEST));
    // At least a second: a server that is down is not asked without a pause.
    let jitter = fastrand::u64(1..=window);
    Wait { next_try: later(asked.unwrap_or(0) + jitter), asked_to_wait_until: asked.map(later) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000);

    fn waits(tries: u32, retry_after: Option<u64>) -> (i64, i64) {
        let after = |_| after(NOW, tries, retry_after.map(Duration::from_secs)).next_try.0 - NOW.0;
        let waits: Vec<i64> = (0..2_000).map(after).collect();
        (*waits.iter().min().unwrap(), *waits.iter().max().unwrap())
    }

    #[test]
    fn the_backoff_window_doubles_up_to_a_quarter_of_an_hour() {
        for (tries, window) in [(1, 5), (2, 10), (3, 20), (8, 640), (9, 900), (10, 900), (u32::MAX, 900)] {
            let (shortest, longest) = waits(tries, None);
            assert!(shortest >= 1 && shortest <= 1 + window / 50, "{tries}: {shortest}");
            assert!(longest <= window && longest >= window - window / 50 - 1, "{tries}: {longest}");
        }
    }

    #[test]
    fn retry_after_comes_first_and_clients_return_in_different_seconds() {
        let (shortest, longest) = waits(1, Some(120));
        assert!((121..125).contains(&shortest) && (236..=240).contains(&longest), "{shortest} {longest}");
        assert_eq!(after(NOW, 1, Some(Duration::from_secs(2))).asked_to_wait_until, Some(Timestamp(1_002)));
        assert!(waits(20, Some(3_600)).1 <= LONGEST);
    }
}
