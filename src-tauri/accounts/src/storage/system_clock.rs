//! The system's clock, for both programs; tests have clocks of their own.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::timestamp::Timestamp;
use crate::ports::Clock;

/// The system's clock.
#[derive(Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}
