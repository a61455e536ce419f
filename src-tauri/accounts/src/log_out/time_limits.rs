//! How long a log-out waits.

use std::time::Duration;

/// How long the user waits for the server's answer.
pub(crate) const PATIENCE: Duration = Duration::from_millis(1_500);

/// In seconds; no call takes longer.
pub(crate) const LONGEST_CALL: i64 = 20;
