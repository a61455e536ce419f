//! The time by which tokens are issued and expire.
//!
//! A [`Clock`] is the system's by default. Tests give it a fixed start, or share one counter of Unix
//! seconds with the code under test; on top of either comes an offset, which
//! `PUT /_sandbox/clock` sets from outside the process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Unix time in whole seconds. Clones share the same offset.
#[derive(Clone, Debug)]
pub struct Clock {
    source: Source,
    offset: Arc<AtomicI64>,
}

#[derive(Clone, Debug)]
enum Source {
    System,
    Counter(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of this machine.
    #[must_use]
    pub fn system() -> Self {
        Self::new(Source::System)
    }

    /// A clock that stands still at `seconds` until it is moved by [`Clock::advance`].
    #[must_use]
    pub fn fixed(seconds: i64) -> Self {
        Self::shared(Arc::new(AtomicI64::new(seconds)))
    }

    /// A clock that reads a counter of Unix seconds which somebody else sets.
    #[must_use]
    pub fn shared(counter: Arc<AtomicI64>) -> Self {
        Self::new(Source::Counter(counter))
    }

    fn new(source: Source) -> Self {
        Self { source, offset: Arc::new(AtomicI64::new(0)) }
    }

    /// Now, in Unix seconds, the offset included.
    #[must_use]
    pub fn now(&self) -> i64 {
        let base = match &self.source {
            Source::System => system_seconds(),
            Source::Counter(counter) => counter.load(Ordering::SeqCst),
        };
        base.saturating_add(self.offset())
    }

    /// Moves the clock by `seconds`; a negative number sets it back.
    pub fn advance(&self, seconds: i64) {
        self.set_offset(self.offset().saturating_add(seconds));
    }

    /// Sets the distance to the source, in seconds. `0` is the time of the source itself.
    pub fn set_offset(&self, seconds: i64) {
        self.offset.store(seconds, Ordering::SeqCst);
    }

    /// The distance to the source, in seconds.
    #[must_use]
    pub fn offset(&self) -> i64 {
        self.offset.load(Ordering::SeqCst)
    }

    /// Now as an HTTP `Date`. A time that HTTP cannot write becomes the nearest that it can.
    pub(crate) fn http_date(&self) -> String {
        /// The last second of the year 9999, where HTTP dates end.
        const LAST: u64 = 253_402_300_799;
        let seconds = u64::try_from(self.now()).unwrap_or(0).min(LAST);
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

/// A machine whose clock stands before 1970 is taken to be at 0.
fn system_seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_shared_by_clones_and_added_to_the_source() {
        let counter = Arc::new(AtomicI64::new(1_000));
        let clock = Clock::shared(Arc::clone(&counter));
        let twin = clock.clone();
        twin.advance(-30);
        counter.store(2_000, Ordering::SeqCst);
        assert_eq!(clock.now(), 1_970);
        clock.set_offset(0);
        assert_eq!(twin.now(), 2_000);
    }

    #[test]
    fn a_date_beyond_what_http_can_write_does_not_panic() {
        assert_eq!(Clock::fixed(0).http_date(), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(Clock::fixed(i64::MIN).http_date(), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(Clock::fixed(i64::MAX).http_date(), "Fri, 31 Dec 9999 23:59:59 GMT");
    }
}
