//! The time by a server's clock. One answer must not move it far, since pending revocations expire by it.
//!
//! A `Date` is believed if it is at most 24 h after the last believed one plus the time passed here since. A
//! later one, or the first of all, needs a second at least 60 s later that agrees with it to 5 minutes. The
//! clock never goes back. This machine's clock only measures the time passed; if set back, none has passed.

use serde::{Deserialize, Serialize};

use crate::model::registry::Registry;
use crate::model::timestamp::Timestamp;

/// In seconds, like the next two.
const EXPECTED_WITHIN: i64 = 24 * 60 * 60;
const APART: i64 = 60;
const AGREE: i64 = 5 * 60;

/// One server's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerClock {
    /// The host of its API, with the port unless it is the default one.
    pub host: String,
    #[serde(default)]
    believed: Option<Reading>,
    #[serde(default)]
    unconfirmed: Option<Reading>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reading {
    server: Timestamp,
    here: Timestamp,
}

impl Reading {
    fn by(&self, here: Timestamp) -> i64 {
        self.server.0.saturating_add(here.0.saturating_sub(self.here.0).max(0))
    }
}

impl ServerClock {
    pub(crate) fn new(host: &str) -> Self {
        Self { host: host.to_owned(), believed: None, unconfirmed: None }
    }

    /// Takes note of a `Date` in an answer of this server. Returns whether it is believed.
    pub(crate) fn hear(&mut self, server: Timestamp, here: Timestamp) -> bool {
        let heard = Reading { server, here };
        let is_expected =
            self.believed.is_some_and(|last| server.0 <= last.by(here).saturating_add(EXPECTED_WITHIN));
        let is_confirmed = self.unconfirmed.is_some_and(|first| {
            server.0.saturating_sub(first.server.0) >= APART
                && server.0.saturating_sub(first.by(here)).saturating_abs() <= AGREE
        });
        if is_expected || is_confirmed {
            if self.believed.is_none_or(|last| server >= last.server) {
                self.believed = Some(heard);
            }
            self.unconfirmed = None;
            return true;
        }
        // The first of two dates is kept while a second may still confirm it.
        let still_waits = self.unconfirmed.is_some_and(|first| {
            server >= first.server && server.0.saturating_sub(first.by(here)).saturating_abs() <= AGREE
        });
        if !still_waits {
            self.unconfirmed = Some(heard);
        }
        false
    }

    /// Never later than the server's time, unless this machine's clock was set ahead.
    pub(crate) fn now(&self, here: Timestamp) -> Option<Timestamp> {
        self.believed.map(|last| Timestamp(last.by(here)))
    }
}

impl Registry {
    /// Takes note of a server's time. Returns whether it is believed.
    pub fn hear_clock(&mut self, host: &str, server: Timestamp, here: Timestamp) -> bool {
        let place = self.server_clocks.iter().position(|clock| clock.host == host);
        let clock = match place {
            Some(place) => &mut self.server_clocks[place],
            None => self.server_clocks.push_mut(ServerClock::new(host)),
        };
        clock.hear(server, here)
    }

    /// The server's time now, if known.
    #[must_use]
    pub fn server_now(&self, host: &str, here: Timestamp) -> Option<Timestamp> {
        self.server_clocks.iter().find(|clock| clock.host == host)?.now(here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60;
    const NOW: i64 = 1_800_000_000;
    const IN_2099: i64 = 4_080_000_000;

    fn set_at(here: i64) -> ServerClock {
        let mut clock = ServerClock::new("api.userfront.com");
        assert!(!clock.hear(Timestamp(NOW - 60), Timestamp(here - 60)), "the first one waits for a second");
        assert!(clock.hear(Timestamp(NOW), Timestamp(here)));
        clock
    }

    fn hear(clock: &mut ServerClock, server: i64, here: i64) -> bool {
        clock.hear(Timestamp(server), Timestamp(here))
    }

    #[test]
    fn one_date_far_ahead_is_not_believed_and_two_that_agree_are() {
        let mut clock = set_at(NOW);
        assert!(!hear(&mut clock, IN_2099, NOW + 10));
        assert_eq!(clock.now(Timestamp(NOW + 10)), Some(Timestamp(NOW + 10)));
        assert!(!hear(&mut clock, IN_2099 + 30, NOW + 40), "too soon");
        assert!(hear(&mut clock, IN_2099 + 65, NOW + 75), "a minute later, and the same clock");

        let mut clock = set_at(NOW);
        assert!(!hear(&mut clock, IN_2099, NOW + 10));
        assert!(hear(&mut clock, NOW + 100, NOW + 100), "the server itself");
        assert!(
            !hear(&mut clock, IN_2099 + 200, NOW + 210),
            "what was heard before it does not count any more"
        );
        assert!(!hear(&mut clock, IN_2099 + DAY, NOW + 300), "two that do not agree");
    }

    #[test]
    fn the_server_clock_may_advance_by_local_time_and_one_day() {
        let mut clock = set_at(NOW);
        assert!(hear(&mut clock, NOW + 41 * DAY, NOW + 40 * DAY), "off for forty days");
        assert!(!hear(&mut clock, NOW + 43 * DAY, NOW + 40 * DAY));
    }

    #[test]
    fn the_server_clock_never_goes_back() {
        let mut clock = set_at(NOW);
        assert!(hear(&mut clock, NOW - DAY, NOW + 10));
        assert_eq!(clock.now(Timestamp(NOW + 10)), Some(Timestamp(NOW + 10)));
    }

    #[test]
    fn a_reset_local_clock_measures_no_passed_time() {
        for here in [0, NOW - 40 * DAY, NOW + 40 * DAY] {
            let mut clock = set_at(here);
            assert!(hear(&mut clock, NOW + 100, here + 100));
            // Reset to 1970, while the server has gone on for less than a day.
            assert!(hear(&mut clock, NOW + DAY, 50));
            assert_eq!(clock.now(Timestamp(60)), Some(Timestamp(NOW + DAY + 10)));
        }
        let mut clock = set_at(NOW);
        assert!(!hear(&mut clock, NOW + 40 * DAY, 50), "for all that is known here no time has passed");
        assert!(hear(&mut clock, NOW + 40 * DAY + 100, 150), "and then two agree");
    }
}
