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

    /// A clock that reads a counter of Unix seconds that the caller sets.
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

    /// Now, clamped between 1970 and the end of the year 9999, where HTTP dates end: for formats that end
    /// there.
    pub(crate) fn bounded(&self) -> u64 {
        const LAST: u64 = 253_402_300_799;
        u64::try_from(self.now()).unwrap_or(0).min(LAST)
    }

    /// Now as an HTTP `Date`. A time that HTTP cannot write becomes the nearest that it can.
    pub(crate) fn http_date(&self) -> String {
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(self.bounded()))
    }

    /// Now as Userfront writes times in claims: `2024-03-01T08:30:00.000Z`. Bounded like
    /// [`Clock::http_date`].
    pub(crate) fn iso_date(&self) -> String {
        let seconds = self.bounded();
        let (year, month, day) = civil_date(seconds / 86_400);
        let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z")
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

/// Year, month and day of the Gregorian calendar, by the days since 1970-01-01. Years are counted from March,
/// so that a leap day is the last of its year (H. Hinnant, "chrono-compatible low-level date algorithms").
fn civil_date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_shared_by_clones_and_added_to_the_source() {
        let counter = Arc::new(AtomicI64::new(1_000));
        let clock = Clock::shared(Arc::clone(&counter));
        let clone = clock.clone();
        clone.advance(-30);
        counter.store(2_000, Ordering::SeqCst);
        assert_eq!(clock.now(), 1_970);
        clock.set_offset(0);
        assert_eq!(clone.now(), 2_000);
    }

    #[test]
    fn a_date_beyond_what_http_can_write_does_not_panic() {
        assert_eq!(Clock::fixed(0).http_date(), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(Clock::fixed(i64::MIN).http_date(), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(Clock::fixed(i64::MAX).http_date(), "Fri, 31 Dec 9999 23:59:59 GMT");
    }

    #[test]
    fn claims_write_times_with_milliseconds_in_utc() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_709_281_800, "2024-03-01T08:30:00.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
            (i64::MAX, "9999-12-31T23:59:59.000Z"),
        ] {
            assert_eq!(Clock::fixed(seconds).iso_date(), text);
        }
    }
}
